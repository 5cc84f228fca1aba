"""Two models on the same test: what differs, and whether chance would explain it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from sanctions_clf.evaluated import Measure, work_saved_measure
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.headline import headline_measures, prominence_measures
from sanctions_clf.metrics import measure
from sanctions_clf.operating_points import operating_point_measures
from sanctions_clf.ranking import WORK_SAVED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one model less that of another, on the same articles.

    Attributes
    ----------
    value : the difference, -1 to 1; above zero where the first model is better.
    low, high : its 95 % interval.
    off_zero : whether the interval leaves out zero.
    """

    first: float
    second: float
    value: float
    low: float
    high: float
    off_zero: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same test.

    Attributes
    ----------
    first, second : their evaluations.
    differences : in every figure that has an interval, by name.
    """

    first: Evaluation
    second: Evaluation
    differences: Mapping[str, Difference]

    def to_dict(self) -> dict[str, Any]:
        """Return all figures of the first model, those of the second under `against`."""
        return {
            **self.first.to_dict(),
            "against": self.second.to_dict(),
            "differences": {name: asdict(found) for name, found in self.differences.items()},
        }

    def to_frame(self) -> "pd.DataFrame":
        """Return the differences as a table, under the names of the figures."""
        import pandas as pd

        names = pd.Index(list(self.differences), name="figure")
        rows = [asdict(found) for found in self.differences.values()]
        return pd.DataFrame(rows, index=names, columns=[part.name for part in fields(Difference)])


def compare(first: Evaluation, second: Evaluation) -> Comparison:
    """Return how two models differ, by a paired bootstrap.

    Both are measured on each of the same resamples of events or outlets, so that what makes a test
    easy or hard for both falls out of the difference (Efron and Tibshirani 1993, chapter 8).

    Parameters
    ----------
    first, second : evaluations on the same labelled articles and samples.

    Raises
    ------
    ValueError
        If these are not the same.
    """
    _check_same_test(first, second)
    theirs = _measures(second)
    pairs = ((name, own, theirs[name]) for name, own in _measures(first).items() if name in theirs)
    found = ((name, _difference(own, other)) for name, own, other in pairs)
    return Comparison(first, second, {name: part for name, part in found if part is not None})


def _measures(evaluation: Evaluation) -> dict[str, Measure]:
    evaluated, model = evaluation.evaluated, evaluation.model
    return {
        **headline_measures(evaluated),
        **prominence_measures(evaluated),
        WORK_SAVED: work_saved_measure(evaluated.decided()),
        **{
            f"{figure} at {point}": found
            for point, measures in operating_point_measures(evaluated, model).items()
            for figure, found in measures.items()
        },
    }


def _difference(first: Measure, second: Measure) -> Difference | None:
    paired = measure(
        lambda weights: first.figure(weights) - second.figure(weights),
        first.relevant,
        first.groups,
    )
    if paired.value is None or paired.low is None or paired.high is None:
        return None
    return Difference(
        first=first.value(),
        second=second.value(),
        value=paired.value,
        low=paired.low,
        high=paired.high,
        off_zero=bool(paired.low > 0 or paired.high < 0),
    )


def _check_same_test(first: Evaluation, second: Evaluation) -> None:
    own, other = first.evaluated, second.evaluated
    sizes = [(len(part.general), len(part.archive)) for part in (own, other)]
    if list(own.articles) != list(other.articles) or len(set(sizes)) > 1:
        raise ValueError("two models can be compared on the same test only")
