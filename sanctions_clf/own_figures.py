"""Figures and calibration by a user's own articles, and when not to trust them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sklearn.metrics import average_precision_score

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.calibration import (
    Calibration,
    OperatingPoint,
    ScoredSample,
    calibrate,
    choose_operating_points,
)
from sanctions_clf.metrics import BoolArray, Figure, FloatArray, average_precision, measure
from sanctions_clf.model import Model
from sanctions_clf.training import scored_sample

# With fewer, recall .95 is recall 1, and one article moves a threshold by more than it may.
FEWEST_TO_CALIBRATE = 20
# One in a thousand is allowed through; with fewer than this `strict` lies above all of them.
FEWEST_FOR_STRICT = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Own articles with their out-of-fold decision values, all sequences in one order.

    Attributes
    ----------
    articles : those that a fold held out.
    values : decision values, shape (n_articles,).
    groups : of articles that succeed and fail together.
    """

    articles: Sequence[LabelledArticle]
    values: FloatArray
    groups: Sequence[str]

    @property
    def sample(self) -> ScoredSample:
        """The same for calibration and operating points."""
        return scored_sample(self.articles, self.values)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Probabilities and operating points, and where they come from.

    Attributes
    ----------
    sample : what they were measured on, in words.
    average_precision : on that sample.
    warnings : against trusting them too far.
    """

    calibration: Calibration
    points: Mapping[str, OperatingPoint]
    sample: str
    average_precision: float
    warnings: tuple[str, ...] = ()


def calibrated(measured: Measured | None, shipped: Model) -> Calibrated:
    """Return calibration and operating points by own articles, else those of the shipped model."""
    if measured is None or _rarer_label(measured.sample.relevant) < FEWEST_TO_CALIBRATE:
        return _as_shipped(shipped)
    sample = measured.sample
    others = int((~sample.relevant).sum())
    warnings = []
    if others < FEWEST_FOR_STRICT:
        warnings.append(
            f"`strict` lies above all {others} not relevant articles; that it lets through 10 in "
            "10,000 takes thousands to tell"
        )
    return Calibrated(
        calibrate(sample),
        choose_operating_points(sample),
        f"out-of-fold values of {len(sample.values)} of your own articles",
        float(average_precision_score(sample.relevant, sample.values)),
        tuple(warnings),
    )


def own_figures(
    measured: Measured | None, points: Mapping[str, OperatingPoint]
) -> dict[str, Figure]:
    """Return average precision, and recall and precision at each point, with intervals."""
    if measured is None:
        return {}
    relevant, values = measured.sample.relevant, measured.values

    def told(figure: Callable[[FloatArray], float]) -> Figure:
        return measure(figure, relevant, measured.groups)

    figures = {"average_precision": told(lambda w: average_precision(values, relevant, w))}
    for name, point in points.items():
        flagged = values >= point.threshold
        figures[f"recall_{name}"] = told(_share(flagged & relevant, relevant))
        figures[f"precision_{name}"] = told(_share(flagged & relevant, flagged))
    return {name: figure for name, figure in figures.items() if figure.value is not None}


def _share(part: BoolArray, whole: BoolArray) -> Callable[[FloatArray], float]:
    return lambda weights: float((weights * part).sum() / max((weights * whole).sum(), 1e-12))


def _rarer_label(relevant: BoolArray) -> int:
    hits = int(relevant.sum())
    return min(hits, len(relevant) - hits)


def _as_shipped(shipped: Model) -> Calibrated:
    return Calibrated(
        shipped.calibration,
        shipped.operating_points,
        f"{shipped.card.calibration_sample} (by the model that ships, not by this one)",
        shipped.card.sample_average_precision,
        (
            f"fewer than {FEWEST_TO_CALIBRATE} articles of a label were measured: probabilities "
            "and operating points are those of the model that ships; `sanctions-clf tune` takes "
            "them from a labelled sample",
        ),
    )
