"""Labelled articles with decision values, and the two figures that everything is told in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.metrics import (
    BoolArray,
    Figure,
    FloatArray,
    average_precision,
    language_weights,
    measure,
)

LAUNCHES = "launch_or_test"


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
        """Event, else outlet, else id: what the bootstrap draws together."""
        return [a.event or a.source or a.id or str(i) for i, a in enumerate(self.articles)]

    def where(self, kept: BoolArray) -> "Evaluated":
        """Return a part of the labelled articles against the same background."""
        articles = [article for article, keep in zip(self.articles, kept, strict=True) if keep]
        return Evaluated(articles, self.values[kept], self.general, self.archive)

    def decided(self) -> "Evaluated":
        """Return it without borderline articles, which count in no figure."""
        return self.where(np.array([a.label != BORDERLINE for a in self.articles], dtype=bool))

    def without_launches(self) -> "Evaluated":
        """Return it without North Korean launches and tests, easy and half of what is relevant."""
        return self.where(np.array([a.subtype != LAUNCHES for a in self.articles], dtype=bool))


def precision_figure(part: Evaluated, *, share_by_language: float | None = None) -> Figure:
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

    return measure(figure, relevant, part.groups)


def recall_figure(part: Evaluated, threshold: float) -> Figure:
    """Return the share of relevant articles whose decision value is above the threshold."""
    relevant = part.relevant
    found = part.values > threshold

    def figure(weights: FloatArray) -> float:
        return float((weights * (found & relevant)).sum() / max((weights * relevant).sum(), 1e-12))

    return measure(figure, relevant, part.groups)
