"""Probabilities and operating points from decision values and labels."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TRIAGE_RECALL = 0.95
STRICT_FALSE_ALARMS = 10 / 10_000
# F1 is flat about its peak, and a missed article costs more than one read in vain: the lowest
# threshold within a fraction of the standard error is taken, as Breiman et al. (1984) choose trees.
F1_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """Sigmoid from decision values to probabilities (Platt 1999).

    Attributes
    ----------
    slope, intercept : of the log-odds as a function of the decision value.
    share_relevant : share of relevant articles at which probabilities hold.
    """

    slope: float
    intercept: float
    share_relevant: float

    def probability(self, decision_value: float) -> float:
        """Return the probability of relevance, 0 to 1."""
        log_odds = self.slope * decision_value + self.intercept
        # exp overflows beyond 709; far before, the probability is 0 or 1 to double precision.
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, log_odds))))

    def decision_value(self, probability: float) -> float:
        """Return the decision value that has this probability, which lies between 0 and 1."""
        return (_log_odds(probability) - self.intercept) / self.slope

    def at_prevalence(self, share_relevant: float) -> "Calibration":
        """Return the calibration for an archive of which another share is relevant.

        Log-odds shift by those of the two shares (Saerens, Latinne and Decaestecker 2002,
        Adjusting the outputs of a classifier to new a priori probabilities). It holds as far as
        relevant articles there look like those of the calibration sample, and the others too; a
        sample of hard cases leaves the probabilities too low.

        Raises
        ------
        ValueError
            If the share is not between 0 and 1.
        """
        if not 0 < share_relevant < 1:
            raise ValueError(f"a prevalence is a share between 0 and 1, not {share_relevant}")
        shift = _log_odds(share_relevant) - _log_odds(self.share_relevant)
        return Calibration(self.slope, self.intercept + shift, share_relevant)


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A named threshold.

    Attributes
    ----------
    name : `triage`, `balanced` or `strict`.
    threshold : decision value from which an article is flagged.
    recall, precision : on the calibration sample; None for a threshold of the user's own.
    """

    name: str
    threshold: float
    recall: float | None = None
    precision: float | None = None


@dataclass(frozen=True, slots=True)
class ScoredSample:
    """Articles with their decision values and labels, all arrays of shape (n_articles,).

    Attributes
    ----------
    values : decision values.
    relevant : labels.
    prominent : whether the act stands in headline or body, so that triage must not miss it.
    archive_values : decision values of a general archive in which next to nothing is relevant;
        empty where there is none, and then the not relevant articles stand for it.
    """

    values: FloatArray
    relevant: BoolArray
    prominent: BoolArray
    archive_values: FloatArray


def calibrate(sample: ScoredSample) -> Calibration:
    """Fit the sigmoid; its slope is never negative, so that the order of articles stays."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=np.inf).fit(sample.values[:, None], sample.relevant)
    return Calibration(
        slope=max(float(fitted.coef_[0, 0]), 1e-6),
        intercept=float(fitted.intercept_[0]),
        share_relevant=float(sample.relevant.mean()),
    )


def choose_operating_points(
    sample: ScoredSample,
    *,
    recall: float = TRIAGE_RECALL,
    false_alarms: float = STRICT_FALSE_ALARMS,
) -> dict[str, OperatingPoint]:
    """Return the three operating points by name, thresholds rising from triage to strict.

    `triage` reaches 95 % recall of articles whose act stands in headline or body, `balanced` has
    the highest F1 (of thresholds as good to .01, the lowest), `strict` gives 10 false alarms per
    10,000 articles of a general archive. Each lies midway between two values of its sample, so
    that rounding does not change which articles it flags.

    Parameters
    ----------
    recall : that `triage` reaches instead, 0 to 1.
    false_alarms : share of the general archive that `strict` lets through instead, 0 to 1.
    """
    balanced = _below(_highest_f1(sample), sample.values)
    prominent = sample.values[sample.prominent]
    triage = min(_below(_threshold_of_recall(prominent, recall), prominent), balanced)
    background = (
        sample.archive_values if len(sample.archive_values) else sample.values[~sample.relevant]
    )
    strict = max(_threshold_of_false_alarms(background, false_alarms), balanced)
    thresholds = {"triage": triage, "balanced": balanced, "strict": strict}
    return {
        name: _operating_point(name, threshold, sample) for name, threshold in thresholds.items()
    }


def allowed_among(count: int, share: float) -> int:
    """Return how many of `count` articles may go wrong where at most the share `share` may."""
    # 1 - .9 is a little less than .1.
    return math.floor(round(share * count, 9))


def _threshold_of_recall(values: FloatArray, recall: float) -> float:
    return float(np.sort(values)[min(allowed_among(len(values), 1 - recall), len(values) - 1)])


def _threshold_of_false_alarms(values: FloatArray, share: float) -> float:
    allowed = allowed_among(len(values), share)
    highest = np.sort(values)[::-1]
    first_out = highest[min(allowed, len(highest) - 1)]
    above = values[values > first_out]
    return float((first_out + above.min()) / 2) if len(above) else float(first_out) + 1.0


def _below(value: float, values: FloatArray) -> float:
    """Midway between a value and the next lower one, so that the value itself is flagged."""
    lower = values[values < value]
    return float((value + lower.max()) / 2) if len(lower) else value - 1.0


def _highest_f1(sample: ScoredSample) -> float:
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(sample.relevant, sample.values)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[np.argmax(f1[:-1] >= f1[:-1].max() - F1_TOLERANCE)])


def _operating_point(name: str, threshold: float, sample: ScoredSample) -> OperatingPoint:
    flagged = sample.values >= threshold
    hits = int((flagged & sample.relevant).sum())
    return OperatingPoint(
        name=name,
        threshold=threshold,
        recall=hits / max(1, int(sample.relevant.sum())),
        precision=hits / max(1, int(flagged.sum())),
    )
