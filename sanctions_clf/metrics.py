"""Figures of merit from decision values and labels, with bootstrap intervals.

Every function takes plain arrays of shape (n_articles,). `weights` are numbers of copies: the
bootstrap counts how often each article was drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

RESAMPLES = 200
# Fewer relevant articles than this give counts, no figure: one article more or less moves average
# precision by more than any change that is worth measuring.
FEWEST_RELEVANT = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval.

    Attributes
    ----------
    value : 0 to 1, None where there are too few relevant articles to tell.
    low, high : 95 % bootstrap interval.
    relevant, articles : what it was measured on.
    """

    value: float | None
    low: float | None
    high: float | None
    relevant: int
    articles: int


def average_precision(values: FloatArray, relevant: BoolArray, weights: FloatArray) -> float:
    """Return the average precision, 0 where nothing is relevant."""
    if not (weights * relevant).any():
        return 0.0
    return float(average_precision_score(relevant, values, sample_weight=weights))


def language_weights(relevant: BoolArray, languages: Sequence[str], share: float) -> FloatArray:
    """Return weights that give every language the same share of relevant articles.

    Without them a scorer that knows nothing but the language looks good, since languages differ in
    their share. A language keeps the weight of its number of articles; one with a single label has
    weight 0. Shape (n_articles,).
    """
    langs = np.asarray(languages)
    weights = np.zeros(len(relevant))
    for lang in np.unique(langs):
        here = langs == lang
        total, hits = int(here.sum()), int((here & relevant).sum())
        if 0 < hits < total:
            weights[here & relevant] = share * total / hits
            weights[here & ~relevant] = (1 - share) * total / (total - hits)
    return weights


def threshold_at(values: FloatArray, allowed: float) -> float:
    """Return the threshold above which at most the share `allowed` of `values` lies.

    An article counts as flagged when its decision value is greater.
    """
    highest = np.sort(values)[::-1]
    return float(highest[min(int(allowed * len(highest)), len(highest) - 1)])


def measure(
    figure: Callable[[FloatArray], float],
    relevant: BoolArray,
    groups: Sequence[str],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Figure:
    """Return a figure with its interval by a bootstrap over groups.

    Parameters
    ----------
    figure : its value for an array of weights (n_articles,).
    relevant : labels.
    groups : event or outlet of each article: articles of one group are drawn together, since they
        succeed and fail together (Field and Welsh 2007, cluster bootstrap).
    """
    hits = int(relevant.sum())
    if hits < FEWEST_RELEVANT:
        return Figure(None, None, None, hits, len(relevant))
    _, member = np.unique(np.asarray(groups), return_inverse=True)
    count = int(member.max()) + 1
    random = np.random.default_rng(seed)
    draws = random.multinomial(count, np.full(count, 1 / count), size=resamples)
    sampled = [figure(draw[member].astype(np.float64)) for draw in draws]
    low, high = np.quantile(sampled, [0.025, 0.975])
    return Figure(figure(np.ones(len(relevant))), float(low), float(high), hits, len(relevant))


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927)."""
    z = 1.959964
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))
