"""`make eval`: the shipped model on the challenge set, left-out folds, and real articles.

Real articles lie in `../shared/real` and are not ours to publish; without them the rest is printed.
"""

import argparse
import json
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np
from real_articles import (
    ABSENT,
    HALVES,
    REAL,
    ROOT,
    RealScores,
    load_real_articles,
    score_real_articles,
)

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import Settings
from sanctions_clf.corpus import BORDERLINE, load_corpus, read_labelled
from sanctions_clf.evaluated import Evaluated
from sanctions_clf.evaluation import decision_values, summarise
from sanctions_clf.evaluation_text import evaluation_text, figure_lines, weight_lines
from sanctions_clf.headline import headline_figures
from sanctions_clf.left_out import KINDS, grouped_folds, held_out_values, left_out_folds
from sanctions_clf.metrics import Figure, FloatArray
from sanctions_clf.shipped import load_model
from sanctions_clf.weights import term_weights

CHALLENGE = ROOT / "data" / "challenge"
SHOWN_WEIGHTS = 25


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", metavar="FILE", help="also write the figures as JSON")
    where = parser.parse_args().json
    started = time.perf_counter()
    with ProcessPoolExecutor(2) as pool:
        waiting = {kind: pool.submit(_fold_values, kind) for kind in ("event", *KINDS)}
        real_waiting = pool.submit(_real_scores) if REAL.is_dir() else None
        report: dict[str, object] = {"challenge": _print_challenge()}
        folds = _print_folds({kind: done.result() for kind, done in waiting.items()})
        report["folds"] = _plain(folds)
        if real_waiting is None:
            print(f"\n{ABSENT}")
        else:
            report["real"] = _print_real(real_waiting.result(), folds)
            _print_weights()
    print(f"\n{time.perf_counter() - started:.0f} s")
    if where:
        Path(where).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _plain(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, object]:
    return {
        name: {key: asdict(figure) for key, figure in part.items()}
        for name, part in figures.items()
    }


def _heading(text: str) -> None:
    print(f"\n{text}\n{'=' * len(text)}\n")


def _print_challenge() -> dict[str, float]:
    _heading("Challenge set: share right by kind, at balanced")
    model = load_model()
    shares = {}
    right, total = 0, 0
    for path in sorted(CHALLENGE.glob("*.jsonl")):
        rows = read_labelled([str(path)])
        good = sum(model.predict(row.article).flagged == row.article.relevant for row in rows)
        shares[path.stem] = good / len(rows)
        right, total = right + good, total + len(rows)
        print(f"{good:4d} of {len(rows):4d}  {path.stem.replace('_', ' ')}")
    print(f"{right:4d} of {total:4d}  all")
    return shares | {"all": right / max(1, total)}


def _decided_corpus() -> list[LabelledArticle]:
    return [article for article in load_corpus() if article.label != BORDERLINE]


def _fold_values(kind: str) -> FloatArray:
    articles = _decided_corpus()
    folds = grouped_folds(articles, 0) if kind == "event" else left_out_folds(articles, kind)
    return held_out_values(articles, folds, Settings())


def _print_folds(values: dict[str, FloatArray]) -> dict[str, dict[str, Figure]]:
    articles = _decided_corpus()
    found = {}
    for kind, held_out in values.items():
        what = "events and pairs kept together" if kind == "event" else f"leaving out each {kind}"
        _heading(f"Folds of the corpus, {what}")
        evaluated = Evaluated(articles, held_out, np.empty(0), np.empty(0))
        found[kind] = headline_figures(evaluated)
        print("\n".join(figure_lines(found[kind])))
    return found


def _real_scores() -> RealScores:
    model = load_model()
    return score_real_articles(
        load_real_articles(), lambda articles: decision_values(model, articles)
    )


def _print_real(real: RealScores, folds: dict[str, dict[str, Figure]]) -> dict[str, object]:
    halves = {}
    for half in HALVES:
        _heading(f"Real articles, {half} half")
        halves[half] = headline_figures(real.part(half))
        print("\n".join(figure_lines(halves[half])))
    _print_mean(folds, halves["closed"])
    _heading("Real articles, both halves")
    evaluation = summarise(real.part(None), load_model())
    print(evaluation_text(evaluation), end="")
    return _plain(halves) | {"both": evaluation.to_dict()}


def _print_mean(folds: dict[str, dict[str, Figure]], closed: dict[str, Figure]) -> None:
    _heading("Mean of the closed half and the folds that leave out a language, a genre, an origin")
    for name, figure in closed.items():
        values = [figure.value, *(folds[kind][name].value for kind in KINDS if name in folds[kind])]
        known = [value for value in values if value is not None]
        if len(values) > 1 and len(known) == len(values):
            print(f"{sum(known) / len(known):.3f}  {name}")


def _print_weights() -> None:
    _heading("Strongest weights, and those that the real articles alone would give")
    against = [row.article for row in read_labelled([str(REAL / "labelled.jsonl")])]
    weights = term_weights(load_model(), [a for a in against if a.label != BORDERLINE])
    print("\n".join(weight_lines(weights, SHOWN_WEIGHTS)))


if __name__ == "__main__":
    main()
