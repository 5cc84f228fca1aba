"""Make the model that ships with the package, and the real scores that calibrate it.

`make real-scores` trains on the corpus, scores the real articles of `../shared/real`, which are
not ours to publish, and keeps the numbers alone in `data/real_scores.csv`: the decision value,
label, prominence, subtype, language and sample of each. `make model` trains again, without these
articles, and takes calibration and operating points from the numbers as long as they belong to the
same corpus, lexicon and settings.
"""

import argparse
import csv
import datetime
import hashlib
import json
import re
import sys
from dataclasses import asdict

import numpy as np
from real_articles import ABSENT, REAL, ROOT, linear_score, load_real_articles, score_real_articles

from sanctions_clf.calibration import ScoredSample
from sanctions_clf.classifier import Settings
from sanctions_clf.corpus import BORDERLINE, corpus_checksum, load_corpus
from sanctions_clf.domain import lexicon_checksum
from sanctions_clf.model_card import card_text
from sanctions_clf.model_file import save_model
from sanctions_clf.training import fit_linear, train

SCORES = ROOT / "data" / "real_scores.csv"
MODEL = ROOT / "models" / "default.zip"
HEADER = re.compile(r"# measured (?P<measured>[\d-]+), training (?P<training>\w+)")
COLUMNS = ("decision_value", "label", "prominence", "subtype", "lang", "sample")


def main() -> None:
    """Write the real scores, or the model with its card."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["real-scores", "model"])
    {"real-scores": write_real_scores, "model": write_model}[parser.parse_args().what]()


def write_model() -> None:
    """Train the shipped model and write it with its card."""
    articles = load_corpus()
    found = read_real_scores(training_checksum())
    sample, name = None, ""
    if found is None:
        print(
            "Warning: data/real_scores.csv is missing or of another training; operating points "
            "and probabilities come from out-of-fold values. Run `make real-scores` where "
            "../shared is present.",
            file=sys.stderr,
        )
    else:
        measured, sample = found
        name = (
            f"real articles that the model was not trained on, on {measured}: "
            f"{len(sample.values)} labelled ones, picked for the most part because keywords or a "
            "model took them for relevant, so that they are harder than an archive, and "
            f"{len(sample.archive_values)} drawn at random from a general archive for `strict`"
        )
    model = train(articles, sample=sample, sample_name=name)
    save_model(model, MODEL)
    MODEL.with_suffix(".md").write_text(card_text(model, "The default model"), encoding="utf-8")
    print(f"Wrote {MODEL.relative_to(ROOT)} and its card.")


def training_checksum() -> str:
    """SHA-256 of everything that decides the trained weights."""
    parts = [corpus_checksum(load_corpus()), lexicon_checksum(), asdict(Settings())]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_real_scores() -> None:
    """Score the real articles with the model as trained now, and keep the numbers."""
    if not REAL.is_dir():
        sys.exit(f"{ABSENT} Nothing was written.")
    corpus = [article for article in load_corpus() if article.label != BORDERLINE]
    linear = fit_linear(corpus, Settings())

    scores = score_real_articles(load_real_articles(), linear_score(linear))
    with SCORES.open("w", encoding="utf-8", newline="") as stream:
        today = datetime.datetime.now(datetime.UTC).date()
        stream.write(f"# measured {today}, training {training_checksum()}\n")
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        articles = scores.articles
        for article, value in zip(articles.labelled, scores.labelled, strict=True):
            labels = (article.label, article.prominence or "", article.subtype or "")
            table.writerow((f"{value:.6f}", *labels, article.lang, "labelled"))
        for sample in ("general", "archive"):
            for article, value in zip(
                getattr(articles, sample), getattr(scores, sample), strict=True
            ):
                table.writerow((f"{value:.6f}", "", "", "", article.lang, sample))
    print(f"Wrote {SCORES.relative_to(ROOT)}.")


def read_real_scores(checksum: str) -> tuple[str, ScoredSample] | None:
    """Return when the kept scores were made, and them; None where none are of this training."""
    if not SCORES.exists():
        return None
    with SCORES.open(encoding="utf-8", newline="") as stream:
        told = HEADER.fullmatch(stream.readline().strip())
        if not told or told["training"] != checksum:
            return None
        rows = list(csv.DictReader(stream))
    labelled = [r for r in rows if r["sample"] == "labelled" and r["label"] != BORDERLINE]
    relevant = np.array([row["label"] == "relevant" for row in labelled])
    prominent = np.array([row["prominence"] in ("headline", "body") for row in labelled])
    sample = ScoredSample(
        values=np.array([float(row["decision_value"]) for row in labelled]),
        relevant=relevant,
        prominent=relevant & prominent,
        archive_values=np.array(
            [float(row["decision_value"]) for row in rows if row["sample"] == "archive"]
        ),
    )
    return told["measured"], sample


if __name__ == "__main__":
    main()
