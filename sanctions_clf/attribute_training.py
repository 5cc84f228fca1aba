"""Train the models of measures, status and subtype from labelled articles."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.attributes import (
    ATTRIBUTES,
    MEASURES,
    AttributeModel,
    FloatArray,
    attribute_terms,
)
from sanctions_clf.corpus import fold_groups
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.linear import LinearModel
from sanctions_clf.text.languages import resolve_language

# A value of fewer articles cannot be learned, and a corpus of fewer teaches nothing.
FEWEST_OF_A_VALUE = 8
FEWEST_ARTICLES = 200

# Strength of the penalty and size of the counts, chosen on folds of the corpus that keep events
# together; `docs/model-selection.md` has the figures. Pairs of concepts added .01 there and nothing
# on real articles, for a hundred times the weights.
_C = 3.0
_COUNT = 0.4
_FOLDS = 5
# Thresholds of rare measures are drawn towards 0, which weighs as much as so many articles.
_PRIOR_ARTICLES = 10
_THRESHOLDS = np.linspace(-2.5, 2.5, 51)
# How far the rare values of status and subtype are preferred, from 0 (as they occur) to 1 (all
# equally likely beforehand): macro-F1 of status on folds .60 with a half, .54 with none.
_EVENNESS = 0.5
_DIGITS = 4
_NEVER = 10.0

BoolArray = npt.NDArray[np.bool_]
Values = dict[str, tuple[str, ...]]


def fit_attributes(
    linear: LinearModel, articles: Sequence[LabelledArticle]
) -> AttributeModel | None:
    """Return the models, None where too few relevant articles have all attributes.

    Each article teaches by its most relevant passage and the evidence that the model shows of it,
    as it will be looked at when it is scored.

    Parameters
    ----------
    linear : the classifier that chooses passage and evidence.
    articles : labelled; those that lack an attribute are left out.
    """
    chosen = [a for a in articles if a.relevant and a.measures and a.status and a.subtype]
    if len(chosen) < FEWEST_ARTICLES:
        return None
    values = {attribute: _values(chosen, attribute) for attribute in ATTRIBUTES}
    labels = np.hstack([_labels(chosen, name, known) for name, known in values.items()])
    terms = [_article_terms(linear, article) for article in chosen]
    weights = np.array([1 / 2 if article.pair else 1.0 for article in chosen])

    held_out = np.zeros(labels.shape)
    for seen, left in GroupKFold(_FOLDS).split(labels, groups=fold_groups(chosen)):
        model = _fit(values, [terms[i] for i in seen], labels[seen], weights[seen])
        held_out[left] = [_row(model, terms[i]) for i in left]
    model = _fit(values, terms, labels, weights)
    shifted = model.intercepts - _shifts(values, held_out, labels)
    return replace(model, intercepts=shifted.round(_DIGITS))


def _article_terms(linear: LinearModel, article: LabelledArticle) -> set[str]:
    text = article.full_text
    lang, _ = resolve_language(article.lang, text)
    decision = linear.decide(text, lang)
    return attribute_terms(decision.passage, carrying_sentences(decision, linear.concepts))


def _values(articles: Sequence[LabelledArticle], attribute: str) -> tuple[str, ...]:
    """The values of an attribute that enough articles have."""
    counts: dict[str, int] = {}
    for article in articles:
        for value in _of(article, attribute):
            counts[value] = counts.get(value, 0) + 1
    return tuple(sorted(value for value, count in counts.items() if count >= FEWEST_OF_A_VALUE))


def _labels(
    articles: Sequence[LabelledArticle], attribute: str, values: Sequence[str]
) -> BoolArray:
    return np.array([[v in _of(article, attribute) for v in values] for article in articles])


def _of(article: LabelledArticle, attribute: str) -> tuple[str, ...]:
    found = getattr(article, attribute)
    return found if isinstance(found, tuple) else (found,)


def _fit(
    values: Values, terms: Sequence[set[str]], labels: BoolArray, weights: FloatArray
) -> AttributeModel:
    vectorizer = CountVectorizer(analyzer=sorted, binary=True, min_df=2)
    matrix = _COUNT * vectorizer.fit_transform(terms)
    fitted = [_fit_one(matrix, of_value, weights) for of_value in labels.T]
    return AttributeModel(
        values=values,
        terms=tuple(vectorizer.get_feature_names_out()),
        coefficients=np.column_stack([_COUNT * row for row, _ in fitted]).round(_DIGITS),
        intercepts=np.array([intercept for _, intercept in fitted]),
    )


def _fit_one(matrix: csr_array, labels: BoolArray, weights: FloatArray) -> tuple[FloatArray, float]:
    """Coefficients and intercept; a value that no article of a fold has is never named."""
    if not labels.any():
        return np.zeros(matrix.shape[1]), -_NEVER
    fitted = LogisticRegression(C=_C, max_iter=1000).fit(matrix, labels, sample_weight=weights)
    return fitted.coef_[0], float(fitted.intercept_[0])


def _row(model: AttributeModel, terms: set[str]) -> list[float]:
    return [margin for margins in model.margins(terms).values() for margin in margins.values()]


def _shifts(values: Values, held_out: FloatArray, labels: BoolArray) -> FloatArray:
    """What is taken off each intercept: thresholds of measures, a share of the others' log-odds."""
    measures = len(values[MEASURES])
    thresholds = [
        _threshold(found, named)
        for found, named in zip(held_out.T[:measures], labels.T[:measures], strict=True)
    ]
    shares = labels[:, measures:].mean(axis=0)
    return np.concatenate([thresholds, _EVENNESS * np.log(shares / (1 - shares))])


def _threshold(margins: FloatArray, named: BoolArray) -> float:
    """The threshold of the best F1, the nearest to 0 of equals, drawn towards it."""

    def quality(threshold: float) -> tuple[float, float]:
        found = margins >= threshold
        right = 2 * int((found & named).sum())
        return right / (int(found.sum()) + int(named.sum())), -abs(threshold)

    count = int(named.sum())
    best: float = max(_THRESHOLDS.tolist(), key=quality)
    return best * count / (count + _PRIOR_ARTICLES)
