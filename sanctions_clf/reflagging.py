"""Apply another threshold to the decision values that a run kept, without scoring again."""

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sanctions_clf.assembly import opened_output, output_kind, write_summary
from sanctions_clf.attributes import LAUNCH
from sanctions_clf.calibration import Calibration, FloatArray, OperatingPoint
from sanctions_clf.errors import RunError
from sanctions_clf.predictions import PREDICTION_COLUMNS, SCORE_COLUMNS, Prediction
from sanctions_clf.run_files import summary_file
from sanctions_clf.run_rows import read_decision_values, read_run, read_run_summary, read_scores
from sanctions_clf.summary import Summary


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that kept the decision value of every record.

    Attributes
    ----------
    path : of its output.
    keep : `all` or `scores`.
    counts : as in its summary.
    calibration : of its model.
    operating_points : decision values by name.
    """

    path: Path
    keep: str
    counts: dict[str, Any]
    calibration: Calibration
    operating_points: dict[str, float]


@dataclass(frozen=True, slots=True)
class Reflagged:
    """What another threshold came to.

    Attributes
    ----------
    scored, flagged : records of the run, and those that are flagged now.
    point : the threshold.
    probability : at the threshold.
    without_evidence : of the flagged, those that the run itself had not flagged: they have neither
        evidence nor regimes nor story.
    """

    scored: int
    flagged: int
    point: OperatingPoint
    probability: float
    without_evidence: int


def reflag(
    run: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    at: str | None = None,
    threshold: float | None = None,
    budget: float | None = None,
    prevalence: float | None = None,
    format: str | None = None,
) -> Reflagged:
    """Write the hits of a run at another threshold: one of `at`, `threshold` and `budget`.

    Of a run with `--keep all` these are its rows, of one with `--keep scores` id, archive,
    position, decision value and probability. The counts go to `OUTPUT.summary.json`.

    Parameters
    ----------
    run : output of the run.
    at : name of an operating point of the model that the run was done with.
    threshold : probability, at the prevalence if one is given.
    budget : articles to flag per 10,000 scored, at most; of equal values at the threshold, none.
    prevalence : share of relevant articles in the archive, between 0 and 1.
    format : of the output; None to go by its suffix.

    Raises
    ------
    RunError, ArchiveError
        If the run cannot be read, or kept its hits alone.
    OutputError
        If the output cannot be written.
    ValueError
        If the threshold asked for is none.
    """
    kept = open_kept_run(run, prevalence)
    point = _point(kept, at, threshold, budget)
    kind = output_kind(Path(output), format)
    if os.path.realpath(output) == os.path.realpath(kept.path):
        raise RunError(f"{output}: the hits would replace the run; name another output")
    summary = Summary()
    without_evidence = 0
    columns = (*SCORE_COLUMNS, "probability") if kept.keep == "scores" else PREDICTION_COLUMNS
    with opened_output(Path(output), kind, columns) as write:
        for row, prediction in _flagged(kept, point):
            summary.flagged += prediction is None
            if prediction:
                summary.count(prediction)
                without_evidence += not prediction.evidence
            write(row)
    write_summary(output, _told(kept, point, summary))
    return Reflagged(
        scored=kept.counts["scored"],
        flagged=summary.flagged,
        point=point,
        probability=kept.calibration.probability(point.threshold),
        without_evidence=without_evidence,
    )


def open_kept_run(run: str | os.PathLike[str], prevalence: float | None = None) -> KeptRun:
    """Return what the summary of a run says of it.

    Raises
    ------
    RunError
        If it has none, or the run kept its hits alone.
    """
    counts = read_run_summary(run) or {}
    try:
        told = counts["run"]
        calibration = Calibration(**told["calibration"])
        kept = KeptRun(
            path=Path(run),
            keep=told["keep"],
            counts=counts | {"scored": int(counts["scored"])},
            calibration=calibration,
            operating_points=dict(told["operating_points"]),
        )
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{summary_file(run)}: is missing or of an older version; it "
                       "tells what the run was done with, so score again") from None  # fmt: skip
    if kept.keep == "hits":
        raise RunError(
            f"{os.fspath(run)}: kept its hits alone; score with --keep scores, or --keep all"
        )
    if prevalence is None:
        return kept
    return replace(kept, calibration=calibration.at_prevalence(prevalence))


def _point(
    kept: KeptRun, at: str | None, threshold: float | None, budget: float | None
) -> OperatingPoint:
    if sum(asked is not None for asked in (at, threshold, budget)) != 1:
        raise ValueError("name one of an operating point, a probability and a budget")
    if threshold is not None:
        value = kept.calibration.decision_value(threshold)
        return OperatingPoint(f"probability >= {threshold:g}", value)
    if budget is not None:
        values = np.fromiter(read_decision_values(kept.path), float)
        return OperatingPoint(f"budget {budget:g} per 10,000", budget_threshold(values, budget))
    if at not in kept.operating_points:
        known = ", ".join(kept.operating_points)
        raise ValueError(f"no operating point {at!r}; the run's model has {known}")
    return OperatingPoint(str(at), kept.operating_points[at])


def budget_threshold(values: FloatArray, budget: float) -> float:
    """Return the lowest threshold from which at most `budget` in 10,000 values are flagged.

    Values that are equal at the threshold are flagged all or none.
    """
    allowed = math.floor(budget * len(values) / 10_000)
    if allowed >= len(values):
        return float(values.min()) if len(values) else 0.0
    first_out = np.partition(values, len(values) - 1 - allowed)[len(values) - 1 - allowed]
    return float(np.nextafter(first_out, np.inf))


def _flagged(
    kept: KeptRun, point: OperatingPoint
) -> Iterator[tuple[dict[str, Any], Prediction | None]]:
    """The rows that are flagged now, with their predictions where the run kept these."""
    if kept.keep == "scores":
        for record in read_scores(kept.path):
            if record.decision_value >= point.threshold:
                probability = kept.calibration.probability(record.decision_value)
                yield asdict(record) | {"probability": probability}, None
        return
    for prediction in _predictions(read_run(kept.path), kept, point):
        yield prediction.to_row(), prediction


def _predictions(
    found: Iterable[Prediction], kept: KeptRun, point: OperatingPoint
) -> Iterator[Prediction]:
    launches_out = kept.counts["run"].get("without_launches", False)
    for prediction in found:
        if launches_out and prediction.subtype == LAUNCH:
            continue
        if prediction.decision_value >= point.threshold:
            yield replace(
                prediction,
                flagged=True,
                probability=kept.calibration.probability(prediction.decision_value),
                operating_point=point.name,
            )


def _told(kept: KeptRun, point: OperatingPoint, summary: Summary) -> dict[str, Any]:
    """The counts of the run, with the hits of now."""
    hits = {name: value for name, value in summary.to_row().items() if name.startswith("hits")}
    settings = {
        "keep": "hits",
        "operating_point": point.name,
        "threshold": point.threshold,
        "calibration": asdict(kept.calibration),
    }
    return kept.counts | hits | {"run": kept.counts["run"] | settings}
