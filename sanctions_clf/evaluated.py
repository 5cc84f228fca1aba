"""Labelled articles with decision values, and the figures that everything is told in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.attributes import LAUNCH
from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.metrics import (
    BoolArray,
    Figure,
    FloatArray,
    average_precision,
    language_weights,
    measure,
)
from sanctions_clf.ranking import work_saved

FEWEST_OUTLETS = 10

CountArray = npt.NDArray[np.bool_] | npt.NDArray[np.int_]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Labelled articles with their decision values; all sequences in one order.

    Attributes
    ----------
    articles : labelled, borderline ones among them.
    values : decision values, shape (n_articles,).
    general : of general articles, next to none of them relevant; may be empty.
    archive : of a random archive sample, those labelled relevant or borderline left out; may be
        empty.
    """

    articles: Sequence[LabelledArticle]
    values: FloatArray
    general: FloatArray
    archive: FloatArray

    @property
    def relevant(self) -> BoolArray:
        """Labels, shape (n_articles,)."""
        return np.array([article.relevant for article in self.articles], dtype=bool)

    @property
    def groups(self) -> list[str]:
        """Event, else outlet, else id: what the bootstrap draws together.

        Outlets count where there are ten or more: resamples of a few groups differ too little, and
        those of one not at all (Cameron, Gelbach and Miller 2008, Bootstrap-based improvements for
        inference with clustered errors).
        """
        outlets = {a.source for a in self.articles if a.source and not a.event}
        by_outlet = len(outlets) >= FEWEST_OUTLETS
        return [
            a.event or (a.source if by_outlet else None) or a.id or str(i)
            for i, a in enumerate(self.articles)
        ]

    def where(self, kept: BoolArray) -> "Evaluated":
        """Return a part of the labelled articles against the same background."""
        articles = [article for article, keep in zip(self.articles, kept, strict=True) if keep]
        return Evaluated(articles, self.values[kept], self.general, self.archive)

    def decided(self) -> "Evaluated":
        """Return it without borderline articles, which count in no figure."""
        return self.where(np.array([a.label != BORDERLINE for a in self.articles], dtype=bool))

    def without_launches(self) -> "Evaluated":
        """Return it without North Korean launches and tests, easy and half of what is relevant."""
        return self.where(np.array([a.subtype != LAUNCH for a in self.articles], dtype=bool))


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of merit that can be taken again on any resample of its articles.

    Attributes
    ----------
    figure : its value for numbers of copies, shape (n_articles,).
    relevant : labels, shape (n_articles,).
    groups : what the bootstrap draws together, (n_articles,).
    """

    figure: Callable[[FloatArray], float]
    relevant: BoolArray
    groups: Sequence[str]

    def value(self) -> float:
        """Return the figure of the articles as they are."""
        return self.figure(np.ones(len(self.relevant)))

    def with_interval(self) -> Figure:
        """Return the figure with its bootstrap interval."""
        return measure(self.figure, self.relevant, self.groups)


def precision_measure(part: Evaluated, *, share_by_language: float | None = None) -> Measure:
    """Return the average precision, its languages weighed to one share of relevant articles."""
    relevant = part.relevant
    languages = [article.lang or "unknown" for article in part.articles]

    def figure(weights: FloatArray) -> float:
        if share_by_language is None:
            return average_precision(part.values, relevant, weights)
        # Weights are taken anew in each resample, since its languages have other shares.
        drawn = np.repeat(np.arange(len(weights)), weights.astype(int))
        balanced = language_weights(
            relevant[drawn], [languages[i] for i in drawn], share_by_language
        )
        return average_precision(part.values[drawn], relevant[drawn], balanced)

    return Measure(figure, relevant, part.groups)


def recall_measure(part: Evaluated, flagged: BoolArray) -> Measure:
    """Return the share of relevant articles that are flagged; `flagged` is (n_articles,)."""
    return _share_measure(part, flagged & part.relevant, part.relevant)


def flagged_precision_measure(part: Evaluated, flagged: BoolArray) -> Measure:
    """Return the share of flagged articles that are relevant; `flagged` is (n_articles,)."""
    return _share_measure(part, flagged & part.relevant, flagged)


def f1_measure(part: Evaluated, flagged: BoolArray) -> Measure:
    """Return F1 of what is flagged, the harmonic mean of precision and recall."""
    hits, size = flagged & part.relevant, flagged.astype(int) + part.relevant
    return _share_measure(part, 2 * hits.astype(int), size)


def work_saved_measure(part: Evaluated) -> Measure:
    """Return the work saved over random at 95 % recall."""
    relevant = part.relevant
    return Measure(
        lambda weights: work_saved(part.values, relevant, weights), relevant, part.groups
    )


def _share_measure(part: Evaluated, counted: CountArray, of: CountArray) -> Measure:
    def figure(weights: FloatArray) -> float:
        return float((weights * counted).sum() / max((weights * of).sum(), 1e-12))

    return Measure(figure, part.relevant, part.groups)
