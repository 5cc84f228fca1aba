"""Whether probabilities hold: shares expected against shares observed."""

from dataclasses import dataclass

import numpy as np

from sanctions_clf.evaluated import Evaluated
from sanctions_clf.metrics import wilson_interval
from sanctions_clf.model import Model

_BINS = 10


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Articles of like probability: the share expected to be relevant, and the share that is.

    Attributes
    ----------
    low, high : 95 % interval of the observed share (Wilson 1927).
    """

    articles: int
    expected: float
    observed: float
    low: float
    high: float


def calibration_bins(evaluated: Evaluated, model: Model) -> list[CalibrationBin]:
    """Return ten bins of equal size, lowest probabilities first."""
    every = evaluated.decided()
    probabilities = np.array([model.calibration.probability(value) for value in every.values])
    order = np.argsort(probabilities, kind="stable")
    bins = []
    for chosen in np.array_split(order, min(_BINS, max(1, len(order)))):
        hits, count = int(every.relevant[chosen].sum()), len(chosen)
        if count:
            low, high = wilson_interval(hits, count)
            expected = float(probabilities[chosen].mean())
            bins.append(CalibrationBin(count, expected, hits / count, low, high))
    return bins
