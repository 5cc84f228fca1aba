"""The plots of an evaluation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sanctions_clf.calibration_bins import CalibrationBin
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.metrics import BoolArray, FloatArray
from sanctions_clf.ranking import WORK_SAVED_RECALL, Ranking, ranking, read_until
from sanctions_clf.reports.drawing import ACCENT, INK, MUTED, OTHER, draw

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

_SIZE = (4.1, 3.3)
_COLOURS = (ACCENT, OTHER)
_BINS = 40
# So that the few articles at rare probabilities can be told apart: near zero, where most lie.
_SHARE_TICKS = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1)
_LEFT, _LOW = 0.4, 0.1
_NAME_LENGTH = 16
_DASHES = (0, (3, 3))


def precision_recall_plot(evaluations: Sequence[Evaluation]) -> "Markup":
    """Return precision against recall, with the operating points of the first model by name."""

    def plot(drawing: "Drawing") -> None:
        axes = _share_axes(drawing, "recall", "precision")
        for evaluation, colour in _with_colours(evaluations):
            found = _ranking(evaluation)
            axes.plot(found.recall, found.precision, color=colour, drawstyle="steps-pre")
            for place, names in _places(evaluation.operating_points).items():
                axes.plot(*place, "o", color=colour, markersize=4.5, clip_on=False)
                if evaluation is evaluations[0]:
                    _name_point(axes, place, ", ".join(map(_short, names)))
        share = evaluations[0].relevant / evaluations[0].articles
        axes.axhline(share, color=MUTED, linewidth=0.8, linestyle=_DASHES)
        axes.annotate(
            "in random order", (0, share), (3, 3), textcoords="offset points",
            color=MUTED, fontsize=7.5,
        )  # fmt: skip

    return draw(
        plot, name="precision-recall", size=_SIZE,
        description="Precision against recall, operating points marked",
    )  # fmt: skip


def reading_plot(evaluations: Sequence[Evaluation]) -> "Markup":
    """Return recall against articles read in order of decision value, and the work it saves."""
    from matplotlib.ticker import MaxNLocator

    def plot(drawing: "Drawing") -> None:
        axes = _share_axes(drawing, "articles read, in order of decision value", "recall")
        count = evaluations[0].articles
        axes.set_xlim(0, count)
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.plot((0, count), (0, 1), color=MUTED, linewidth=0.8, linestyle=_DASHES)
        for evaluation, colour in _with_colours(evaluations):
            found = _ranking(evaluation)
            read, recall = np.append(0, found.read * count), np.append(0, found.recall)
            axes.plot(read, recall, color=colour)
        _mark_work_saved(axes, evaluations[0])

    return draw(
        plot, name="reading", size=_SIZE,
        description="Recall against articles read, with the diagonal of a random order",
    )  # fmt: skip


def calibration_plot(evaluations: Sequence[Evaluation]) -> "Markup":
    """Return observed against expected shares, on scales that spread what is near zero."""

    def plot(drawing: "Drawing") -> None:
        axes = drawing.add_subplot()
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xscale("function", functions=(_root, np.square))
        axes.set_yscale("function", functions=(_root, np.square))
        labels = [f"{tick:g}" for tick in _SHARE_TICKS]
        axes.set_xticks(_SHARE_TICKS, labels)
        axes.set_yticks(_SHARE_TICKS, labels)
        axes.set(xlabel="expected share of relevant", ylabel="observed, with 95 % interval")
        axes.plot((0, 1), (0, 1), color=MUTED, linewidth=0.8, linestyle=_DASHES)
        for evaluation, colour in _with_colours(evaluations):
            _draw_bins(axes, evaluation.calibration, colour)

    return draw(
        plot, name="calibration", size=_SIZE,
        description="Calibration: observed against expected shares of relevant articles",
    )  # fmt: skip


def histogram_plot(evaluation: Evaluation, name: str = "histogram") -> "Markup":
    """Return how many articles of each label have which decision value, with the thresholds."""
    decided = evaluation.evaluated.decided()
    archive = evaluation.evaluated.archive
    edges = np.histogram_bin_edges(np.concatenate([decided.values, archive]), _BINS)

    def plot(drawing: "Drawing") -> None:
        rows = drawing.subplots(2 if len(archive) else 1, squeeze=False, sharex=True)[:, 0]
        _draw_labels(rows[0], decided.values, decided.relevant, edges)
        if len(archive):
            _draw_archive(rows[1], archive, edges)
        rows[-1].set_xlabel("decision value")
        _draw_thresholds(list(rows), evaluation)

    return draw(
        plot, name=name, size=_SIZE,
        description="Histogram of decision values by label, with thresholds",
    )  # fmt: skip


def _with_colours(evaluations: Sequence[Evaluation]) -> list[tuple[Evaluation, str]]:
    """The first model last, so that it lies on top."""
    return list(zip(evaluations, _COLOURS, strict=False))[::-1]


def _ranking(evaluation: Evaluation) -> Ranking:
    decided = evaluation.evaluated.decided()
    return ranking(decided.values, decided.relevant)


def _share_axes(drawing: "Drawing", xlabel: str, ylabel: str) -> "Axes":
    axes = drawing.add_subplot()
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel=xlabel, ylabel=ylabel)
    return axes


def _places(
    points: Mapping[str, Mapping[str, float]],
) -> dict[tuple[float, float], list[str]]:
    """Names of operating points by recall and precision: those of one place share a label."""
    places: dict[tuple[float, float], list[str]] = {}
    for name, figures in points.items():
        places.setdefault((figures["recall"], figures["precision"]), []).append(name)
    return places


def _short(name: str) -> str:
    """A name that leaves room for the plot."""
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def _name_point(axes: "Axes", place: tuple[float, float], name: str) -> None:
    # Below the curve, on the side that lies within the plot.
    left, below = place[0] > _LEFT, place[1] > _LOW
    axes.annotate(
        name, place, (-6 if left else 6, -9 if below else 9), textcoords="offset points", color=INK,
        ha="right" if left else "left", va="center", parse_math=False,
    )  # fmt: skip


def _mark_work_saved(axes: "Axes", evaluation: Evaluation) -> None:
    start = read_until(_ranking(evaluation), WORK_SAVED_RECALL) * evaluation.articles
    end = WORK_SAVED_RECALL * evaluation.articles
    if start >= end:
        return
    axes.plot((start, end), (WORK_SAVED_RECALL, WORK_SAVED_RECALL), color=INK, linewidth=0.8)
    axes.annotate(
        f"{end - start:,.0f} articles\nnot to be read", ((start + end) / 2, WORK_SAVED_RECALL),
        (0, -5), textcoords="offset points", ha="center", va="top", fontsize=7.5,
    )  # fmt: skip


def _root(shares: FloatArray) -> FloatArray:
    roots: FloatArray = np.sqrt(np.clip(shares, 0, None))
    return roots


def _draw_bins(axes: "Axes", bins: Sequence[CalibrationBin], colour: str) -> None:
    observed = np.array([found.observed for found in bins])
    low = np.array([found.low for found in bins])
    high = np.array([found.high for found in bins])
    axes.errorbar(
        [found.expected for found in bins], observed,
        np.clip([observed - low, high - observed], 0, None),
        fmt="o", color=colour, markersize=4, linewidth=1, clip_on=False,
    )  # fmt: skip


def _draw_labels(axes: "Axes", values: FloatArray, relevant: BoolArray, edges: FloatArray) -> None:
    from matplotlib.ticker import MaxNLocator

    for chosen, sign, colour in ((relevant, 1, ACCENT), (~relevant, -1, MUTED)):
        counts, _ = np.histogram(values[chosen], edges)
        axes.bar(
            edges[:-1], sign * counts, np.diff(edges), align="edge", color=colour, alpha=0.75,
        )  # fmt: skip
    axes.axhline(0, color=MUTED, linewidth=0.6)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    axes.set_ylabel("labelled")
    corner: dict[str, Any] = {"transform": axes.transAxes, "ha": "right", "fontsize": 7.5}
    axes.text(0.99, 0.97, "relevant", color=ACCENT, va="top", **corner)
    axes.text(0.99, 0.04, "not relevant", color=MUTED, va="bottom", **corner)


def _draw_archive(axes: "Axes", values: FloatArray, edges: FloatArray) -> None:
    axes.hist(values, edges.tolist(), color=MUTED, alpha=0.5, log=True)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.minorticks_off()
    axes.set_ylabel("archive sample")


def _draw_thresholds(rows: Sequence["Axes"], evaluation: Evaluation) -> None:
    for number, (name, point) in enumerate(evaluation.model.operating_points.items()):
        for axes in rows:
            axes.axvline(point.threshold, color=INK, linewidth=0.8, linestyle=_DASHES)
        rows[0].annotate(
            _short(name), (point.threshold, 1), (0, 3 + 9 * number),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
            fontsize=7.5, parse_math=False,
        )  # fmt: skip
