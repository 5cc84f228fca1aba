"""The report of an evaluation: one HTML file to read, and its figures as JSON beside it."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sanctions_clf.comparison import Comparison
from sanctions_clf.errors import OutputError
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.highlights import highlight
from sanctions_clf.misjudged import false_alarms, missed
from sanctions_clf.operating_points import FALSE_ALARMS_NAME
from sanctions_clf.ranking import WORK_SAVED
from sanctions_clf.reports.drawing import check_drawing
from sanctions_clf.reports.names import language_name
from sanctions_clf.reports.page import render_page, write_page
from sanctions_clf.reports.plots import (
    calibration_plot,
    histogram_plot,
    precision_recall_plot,
    reading_plot,
)
from sanctions_clf.reports.slice_tables import slice_tables
from sanctions_clf.term_words import term_in_words
from sanctions_clf.version import __version__
from sanctions_clf.writers import whole_file

METRICS_SUFFIX = ".metrics.json"
_ERRORS_SHOWN = 10
_TERMS_SHOWN = 8
_SUFFIXES = (".html", ".htm")


def write_report(
    path: str | os.PathLike[str],
    found: Evaluation | Comparison,
    *,
    title: str = "A model against labelled articles",
    names: Sequence[str] = ("this model", "the other model"),
) -> None:
    """Write what an evaluation found as a page, and its figures as JSON beside it.

    Of `report.html` the figures are in `report.metrics.json`. The page loads nothing; it quotes
    the articles that the model judges worst. The same evaluation gives the same bytes.

    Parameters
    ----------
    path : of the page; ends in `.html`.
    found : of one model, or of two on the same test.
    title : headline of the page.
    names : of the model, or of the two.

    Raises
    ------
    OutputError
        If a file cannot be written, or matplotlib is not installed.
    """
    check_report(path)
    names = names[: 2 if isinstance(found, Comparison) else 1]
    page = _page(found, title, names)
    metrics = {"title": title, "models": list(names), "version": __version__, **found.to_dict()}
    with whole_file(metrics_path(path)) as stream:
        stream.write(json.dumps(metrics, indent=1).encode() + b"\n")
    write_page(path, page)


def metrics_path(path: str | os.PathLike[str]) -> Path:
    """Return where the figures of a report are: beside it, under its name."""
    return Path(path).with_suffix(METRICS_SUFFIX)


def check_report(path: str | os.PathLike[str]) -> None:
    """Check what a report needs, before the work is done.

    Raises
    ------
    OutputError
        If the name is that of another format, its folder is missing, or matplotlib is.
    """
    named = Path(path)
    if named.suffix.lower() not in _SUFFIXES:
        raise OutputError(f"{named}: a report is a page; give it a name that ends in .html")
    if not named.parent.is_dir():
        raise OutputError(f"{named}: there is no folder {named.parent}")
    check_drawing()


def _page(found: Evaluation | Comparison, title: str, names: Sequence[str]) -> str:
    evaluations = [found.first, found.second] if isinstance(found, Comparison) else [found]
    evaluation = evaluations[0]
    return render_page(
        "evaluation.html",
        title=title,
        names=names,
        evaluation=evaluation,
        other=evaluations[-1] if len(evaluations) > 1 else None,
        cards=[each.model.card for each in evaluations],
        differences=found.differences if isinstance(found, Comparison) else {},
        language_name=language_name,
        highlight=highlight,
        term_in_words=term_in_words,
        terms_shown=_TERMS_SHOWN,
        languages=_languages(evaluation),
        false_alarms_name=FALSE_ALARMS_NAME,
        work_saved_name=WORK_SAVED,
        plots=_plots(evaluations),
        bins_within=[_bins_within(each) for each in evaluations],
        slices=slice_tables(evaluations),
        false_alarms=false_alarms(evaluation, _ERRORS_SHOWN),
        missed=missed(evaluation, _ERRORS_SHOWN),
    )


def _languages(evaluation: Evaluation) -> list[tuple[str, int, int]]:
    """Languages with their numbers of articles and of relevant ones, the commonest first."""
    counts = evaluation.slices["language"].items()
    found = [(name, figure.articles, figure.relevant) for name, figure in counts]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _bins_within(evaluation: Evaluation) -> str:
    """How many calibration bins are right: the expected share lies in the observed interval."""
    bins = evaluation.calibration
    return f"{sum(part.low <= part.expected <= part.high for part in bins)} of {len(bins)}"


def _plots(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    return {
        "precision_recall": precision_recall_plot(evaluations),
        "reading": reading_plot(evaluations),
        "calibration": calibration_plot(evaluations),
        "histograms": [
            histogram_plot(evaluation, f"histogram-{number}")
            for number, evaluation in enumerate(evaluations)
        ],
    }
