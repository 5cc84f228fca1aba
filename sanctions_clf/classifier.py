"""The pipeline on passages, and the estimator that trains it from labelled articles."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from sanctions_clf.articles import Article, LabelledArticle
from sanctions_clf.features import make_features
from sanctions_clf.linear import LinearModel, TermBlock
from sanctions_clf.text.languages import resolve_language
from sanctions_clf.text.passages import PASSAGE_SIZE, Passage, split_passages

FloatArray = npt.NDArray[np.float64]

# Rounds of weighing the passages of an article by the decision values of the round before.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Settings:
    """Hyperparameters, under scikit-learn's names; `docs/model-selection.md` tells how chosen.

    Attributes
    ----------
    C : inverse strength of the l2 penalty of the logistic regression.
    concept_scale, word_scale : weight of the two blocks of terms.
    concept_min_df, word_min_df : terms in fewer training passages are left out.
    word_max_df : words in a larger share of training passages are left out.
    short_passage : log-odds added for each halving of a passage's length below `passage_size`
        sentences. Weights are learned from full passages, in which many terms add up; with .7 the
        same share of not relevant texts of one to four sentences is above a threshold as of whole
        passages (99th percentile of out-of-fold values, some 3,000 texts).
    passage_size : sentences in a passage.
    """

    C: float = 0.5
    concept_scale: float = 0.1
    concept_min_df: int = 2
    word_scale: float = 2.5
    word_min_df: int = 3
    word_max_df: float = 0.35
    short_passage: float = 0.7
    passage_size: int = PASSAGE_SIZE


class OffsetLogisticRegression(LogisticRegression):
    """Logistic regression whose last column is no feature but added to the decision value.

    Its coefficient is 1. The regression itself is fitted without it: whoever writes texts to teach
    a classifier makes the short ones simple, and a learned coefficient picks that habit up.
    """

    def fit(
        self, X: csr_array, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None
    ) -> "OffsetLogisticRegression":
        """Fit all columns but the last; see `sklearn.linear_model.LogisticRegression`.

        In one thread: on vectors of this size more only wait for each other, three times as long,
        and their sums differ in the last digit with their number.
        """
        with threadpool_limits(1):
            super().fit(X[:, :-1], y, sample_weight)
        self.coef_: FloatArray = np.append(self.coef_, [[1.0]], axis=1)
        self.n_features_in_ += 1
        return self


def make_pipeline(settings: Settings | None = None) -> Pipeline:
    """Return the unfitted pipeline; its X is a list of `Passage`, its y 1 for relevant."""
    parameters = asdict(settings or Settings())
    linear = OffsetLogisticRegression(
        C=parameters.pop("C"), class_weight="balanced", max_iter=3000, tol=1e-6
    )
    return Pipeline([("features", make_features(**parameters)), ("linear", linear)])


def linear_model(pipeline: Pipeline, passage_size: int = PASSAGE_SIZE) -> LinearModel:
    """Return the fitted pipeline as the plain arrays that scoring and model files use."""
    features, linear = pipeline.named_steps["features"], pipeline.named_steps["linear"]
    coefficients = linear.coef_[0]
    blocks = {}
    for name in ("concepts", "words"):
        vectorizer = features.named_transformers[name]
        if vectorizer == "drop":
            blocks[name] = TermBlock((), np.empty(0), np.empty(0), 0.0, normalised=True)
            continue
        size = len(vectorizer.vocabulary_)
        blocks[name] = TermBlock(
            terms=tuple(vectorizer.get_feature_names_out()),
            idf=vectorizer.idf_,
            coefficients=coefficients[:size],
            scale=features.transformer_weights[name],
            normalised=vectorizer.norm == "l2",
        )
        coefficients = coefficients[size:]
    return LinearModel(
        intercept=float(linear.intercept_[0]),
        concepts=blocks["concepts"],
        words=blocks["words"],
        short_passage=float(features.transformer_weights["length"]),
        passage_size=passage_size,
    )


def fitted_pipeline(model: LinearModel, settings: Settings) -> Pipeline:
    """Return the scikit-learn pipeline that a linear model came from, fitted."""
    pipeline = make_pipeline(settings)
    features, linear = pipeline.named_steps["features"], pipeline.named_steps["linear"]
    blocks = [model.concepts, *([model.words] if model.words.terms else [])]
    for (_, vectorizer), block in zip(features.transformer_list[:2], blocks, strict=False):
        vectorizer.vocabulary_ = {term: i for i, term in enumerate(block.terms)}
        vectorizer.idf_ = block.idf
    linear.coef_ = np.concatenate([*(block.coefficients for block in blocks), [1.0]])[None, :]
    linear.intercept_ = np.array([model.intercept])
    linear.classes_ = np.array([0, 1])
    linear.n_features_in_ = linear.coef_.shape[1]
    return pipeline


def article_passages(article: Article, size: int = PASSAGE_SIZE) -> list[Passage]:
    """Return the passages of an article, its language as given or as its script settles it."""
    text = article.full_text
    lang, _ = resolve_language(article.lang, text)
    return split_passages(text, lang, size)


class ArticleClassifier(ClassifierMixin, BaseEstimator):
    """Classifies articles by their most relevant passage.

    Trains the pipeline on passages: those that hold evidence are positive, all of not relevant
    articles are negative, other passages of relevant articles are left out. Each article counts
    once, and the two halves of a minimal pair once together, shared out among its passages: evenly
    among those with evidence; in a not relevant article by the softmax of decision values, so that
    the passage that comes closest to a false alarm teaches most, as the maximum over passages
    decides. The regression is fitted again with these shares, which begin as even ones, in each of
    three further rounds.

    Where a relevant article marks no evidence, its passages are shared out by the softmax of what
    a model that has learned from evidence makes of them, once and for all: a model that picks its
    own examples believes itself (mi-SVM; Andrews, Tsochantaridis, Hofmann 2002). This is weaker
    than evidence; `docs/own-labels.md` says by how much.

    Parameters
    ----------
    pipeline : unfitted pipeline on passages; None for `make_pipeline()`.
    passage_size : sentences in a passage.
    start : model that looks for the passages of relevant articles without evidence; None for this
        very one, round by round.

    Attributes
    ----------
    pipeline_ : the fitted pipeline.
    classes_ : array of shape (2,), 0 and 1.
    """

    def __init__(
        self,
        pipeline: Pipeline | None = None,
        passage_size: int = PASSAGE_SIZE,
        start: LinearModel | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.passage_size = passage_size
        self.start = start

    def fit(
        self,
        X: Sequence[LabelledArticle],
        y: npt.ArrayLike | None = None,
        sample_weight: npt.ArrayLike | None = None,
    ) -> "ArticleClassifier":
        """Train on labelled articles.

        Parameters
        ----------
        X : labelled articles; borderline ones do not belong here.
        y : 1 for relevant, array of shape (n_articles,); None to take the articles' own labels.
        sample_weight : what each article counts, array of shape (n_articles,); None for 1 each.

        Returns
        -------
        The estimator itself.

        Raises
        ------
        ValueError
            If one of the two labels is missing.
        """
        labels = np.asarray([a.relevant for a in X] if y is None else y, dtype=np.int64)
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, float)
        self.classes_ = np.array([0, 1])
        parts = [
            self._part(article, relevant=bool(label), weight=float(weight))
            for article, label, weight in zip(X, labels, weights, strict=True)
        ]
        self.pipeline_ = clone(self.pipeline) if self.pipeline is not None else make_pipeline()
        features, linear = self.pipeline_[:-1], self.pipeline_[-1]
        matrix = features.fit_transform([p for part in parts for p in part.passages])
        counts = [len(part.passages) for part in parts]
        values = np.zeros(sum(counts))
        for _ in range(1 + _ROUNDS):
            each = np.split(values, np.cumsum(counts[:-1]))
            shares = [part.shares(found) for part, found in zip(parts, each, strict=True)]
            linear.fit(matrix, np.repeat(labels, counts), sample_weight=np.concatenate(shares))
            values = linear.decision_function(matrix)
        return self

    def _part(self, article: LabelledArticle, *, relevant: bool, weight: float) -> "_Part":
        passages = article_passages(article, self.passage_size)
        weight = weight / 2 if article.pair else weight
        if not relevant:
            return _Part(passages, weight, None)
        if marked := _evidence_passages(article, passages):
            return _Part(marked, weight, np.zeros(len(marked)))
        if self.start is None:
            return _Part(passages, weight, None)
        found = [self.start.decide(passage.text, passage.lang).value for passage in passages]
        return _Part(passages, weight, np.array(found))

    def decision_function(self, X: Sequence[Article]) -> FloatArray:
        """Return the largest decision value over the passages of each article, (n_articles,)."""
        check_is_fitted(self)
        passages = [article_passages(article, self.passage_size) for article in X]
        if not passages:
            return np.empty(0)
        values = self.pipeline_.decision_function([p for found in passages for p in found])
        starts = np.cumsum([0, *map(len, passages[:-1])])
        return np.maximum.reduceat(values, starts)

    def predict(self, X: Sequence[Article]) -> npt.NDArray[np.int64]:
        """Return 1 for articles whose decision value is positive, (n_articles,)."""
        return (self.decision_function(X) > 0).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Part:
    """The passages with which one article takes part in training."""

    passages: list[Passage]
    weight: float
    fixed: FloatArray | None  # values that share out the weight in every round; None for the last's

    def shares(self, values: FloatArray) -> FloatArray:
        """Return what each passage counts, given the decision values of the round before."""
        found = values if self.fixed is None else self.fixed
        shares = np.exp(found - found.max())
        weighted: FloatArray = self.weight * shares / shares.sum()
        return weighted


def _evidence_passages(article: LabelledArticle, passages: list[Passage]) -> list[Passage]:
    """The passages that hold a whole evidence sentence, else those that touch one."""
    text = article.full_text
    spans = [
        (start, start + len(evidence))
        for evidence in article.evidence
        if (start := text.find(evidence)) >= 0
    ]
    whole = [p for p in passages if any(p.start <= a and b <= p.end for a, b in spans)]
    return whole or [p for p in passages if any(a < p.end and p.start < b for a, b in spans)]
