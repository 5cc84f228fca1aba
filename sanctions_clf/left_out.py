"""Decision values of labelled articles by models that have not seen their kind."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import ArticleClassifier, Settings, make_pipeline
from sanctions_clf.corpus import fold_groups
from sanctions_clf.metrics import FloatArray

FOLDS = 5

# Languages that share script or roots are left out together: a model that has read Spanish knows
# the words of Portuguese.
_FAMILIES = {
    **dict.fromkeys(("fr", "es", "it", "pt", "ro"), "Romance"),
    **dict.fromkeys(("ru", "uk"), "Slavic"),
    **dict.fromkeys(("zh", "zh-Hant", "ja", "ko"), "Chinese, Japanese, Korean"),
    **dict.fromkeys(("ar", "fa"), "Arabic and Persian"),
    **dict.fromkeys(("en", "de"), "Germanic"),
    **dict.fromkeys(("tr", "vi", "id"), "Turkish, Vietnamese, Indonesian"),
}
# Genres are many and small: those of the press, of institutions, of opinion, and the rest.
_GENRES = (
    ("opinion", ("opinion", "editorial", "analysis", "blog", "letter", "interview", "review")),
    ("institutions", ("government", "parliament", "court", "ngo", "expert", "press release")),
    ("press", ("news", "local", "trade", "broadcast", "live", "digest", "magazine", "sport")),
)

KINDS: dict[str, Callable[[LabelledArticle], str]] = {
    "language": lambda article: _FAMILIES.get(article.lang or "", "other"),
    "genre": lambda article: _genre(article.genre or ""),
    "origin": lambda article: article.origin or "unknown",
}


def grouped_folds(
    articles: Sequence[LabelledArticle], seed: int
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield five pairs of seen and held-out indices; an event, or a pair, is never split."""
    labels = [article.relevant for article in articles]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, held_out in folds.split(labels, labels, fold_groups(articles)):
        yield seen.tolist(), held_out.tolist()


def left_out_folds(
    articles: Sequence[LabelledArticle], kind: str
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield seen and held-out indices for each value of a kind of `KINDS`.

    Articles that share an event with a held-out one are not seen either.
    """
    keys = [KINDS[kind](article) for article in articles]
    groups = fold_groups(articles)
    for key in sorted(set(keys)):
        held_out = [i for i, found in enumerate(keys) if found == key]
        known = {groups[i] for i in held_out}
        yield [i for i, group in enumerate(groups) if group not in known], held_out


def held_out_values(
    articles: Sequence[LabelledArticle],
    folds: Iterator[tuple[list[int], list[int]]],
    settings: Settings,
) -> FloatArray:
    """Return the decision value of each article by the model of its fold, shape (n_articles,)."""
    values = np.empty(len(articles))
    for classifier, held_out in fold_classifiers(articles, folds, settings):
        values[held_out] = classifier.decision_function([articles[i] for i in held_out])
    return values


def fold_classifiers(
    articles: Sequence[LabelledArticle],
    folds: Iterator[tuple[list[int], list[int]]],
    settings: Settings,
) -> Iterator[tuple[ArticleClassifier, list[int]]]:
    """Yield for each fold the classifier that has not seen it, and the fold's indices."""
    for seen, held_out in folds:
        classifier = ArticleClassifier(make_pipeline(settings), settings.passage_size)
        yield classifier.fit([articles[i] for i in seen]), held_out


def _genre(genre: str) -> str:
    found = genre.lower()
    return next((name for name, parts in _GENRES if any(part in found for part in parts)), "other")
