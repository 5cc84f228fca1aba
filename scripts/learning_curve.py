"""`make learning-curve`: what more texts bring, on random parts of the corpus.

Writes `docs/learning-curve.md`. Needs `../shared/real`.
"""

import sys

import numpy as np
from real_articles import (
    ABSENT,
    REAL,
    ROOT,
    RealArticles,
    linear_score,
    load_real_articles,
    score_real_articles,
)

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import Settings
from sanctions_clf.corpus import BORDERLINE, fold_groups, load_corpus
from sanctions_clf.evaluation_text import markdown_table
from sanctions_clf.headline import headline_figures
from sanctions_clf.training import fit_linear

OUTPUT = ROOT / "docs" / "learning-curve.md"
PARTS = (1 / 16, 1 / 8, 1 / 4, 1 / 2)
SEEDS = (0, 1, 2)


def main() -> None:
    """Train on random parts, doubling, and write the means."""
    if not REAL.is_dir():
        sys.exit(ABSENT)
    corpus = [article for article in load_corpus() if article.label != BORDERLINE]
    real = load_real_articles()
    rows, names = [], []
    for part in (*PARTS, 1.0):
        found = [
            _figures(_part(corpus, part, seed), real) for seed in (SEEDS if part < 1 else (0,))
        ]
        names = list(found[0])
        means = [np.mean([figures[name] for figures in found]) for name in names]
        rows.append([str(round(part * len(corpus))), *(f"{mean:.3f}" for mean in means)])
        print(" | ".join(rows[-1]), flush=True)
    lines = [
        "# Learning curve",
        "",
        f"Models of random parts of the corpus (events and pairs kept whole, mean of {len(SEEDS)} "
        "draws), measured on real articles, both halves. Written by `make learning-curve`.",
        "",
        *markdown_table(["articles", *names], rows),
    ]
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Wrote {OUTPUT.relative_to(ROOT)}.")


def _part(corpus: list[LabelledArticle], share: float, seed: int) -> list[LabelledArticle]:
    if share == 1:
        return corpus
    groups = fold_groups(corpus)
    random = np.random.default_rng(seed)
    order = random.permutation(sorted(set(groups)))
    chosen = set(order[: round(share * len(order))].tolist())
    return [article for article, group in zip(corpus, groups, strict=True) if group in chosen]


def _figures(articles: list[LabelledArticle], real: RealArticles) -> dict[str, float]:
    linear = fit_linear(articles, Settings())

    figures = headline_figures(score_real_articles(real, linear_score(linear)).part(None))
    return {name: figure.value for name, figure in figures.items() if figure.value is not None}


if __name__ == "__main__":
    main()
