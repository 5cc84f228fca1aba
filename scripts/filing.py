"""Part of `make eval`: how well relevant articles are filed under regimes, measures and status.

On folds of the corpus that keep events together, passages chosen and attributes told by models that
have not seen the article; and on the real articles of `../shared/real` whose act stands in headline
or body, where these are present.
"""

from concurrent.futures import ProcessPoolExecutor

from real_articles import ABSENT, HALVES, REAL, load_real_articles

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.attribute_training import fit_attributes
from sanctions_clf.classifier import Settings
from sanctions_clf.corpus import BORDERLINE, load_corpus
from sanctions_clf.filing import Filing
from sanctions_clf.filing_evaluation import file_unflagged, filing_figures, filing_lines
from sanctions_clf.left_out import grouped_folds
from sanctions_clf.shipped import load_model
from sanctions_clf.training import fit_linear


def main() -> None:
    """Print all figures."""
    articles = [article for article in load_corpus() if article.label != BORDERLINE]
    folds = [(seen, left) for seen, left in grouped_folds(articles, 0)]
    filed: dict[int, Filing] = {}
    with ProcessPoolExecutor(2) as pool:
        for found in pool.map(_file_fold, folds):
            filed |= found
    relevant = sorted(filed)
    _print(
        "Folds of the corpus, events and pairs kept together",
        [articles[i] for i in relevant],
        [filed[i] for i in relevant],
    )
    if not REAL.is_dir():
        print(f"\n{ABSENT}")
        return
    model = load_model()
    real = load_real_articles()
    for half in HALVES:
        chosen = [
            article
            for article, of_half in zip(real.labelled, real.half, strict=True)
            if article.relevant and article.prominence != "passing" and of_half == half
        ]
        filings = [file_unflagged(model.linear, model.attributes, a) for a in chosen]
        _print(f"Real articles, {half} half, headline or body", chosen, filings)


def _file_fold(fold: tuple[list[int], list[int]]) -> dict[int, Filing]:
    articles = [article for article in load_corpus() if article.label != BORDERLINE]
    seen, left = ([articles[i] for i in part] for part in fold)
    linear = fit_linear(seen, Settings())
    attributes = fit_attributes(linear, seen)
    return {
        i: file_unflagged(linear, attributes, article)
        for i, article in zip(fold[1], left, strict=True)
        if article.relevant
    }


def _print(heading: str, articles: list[LabelledArticle], filings: list[Filing]) -> None:
    print(f"\n{heading}\n{'=' * len(heading)}\n")
    print("\n".join(filing_lines(filing_figures(articles, filings))))


if __name__ == "__main__":
    main()
