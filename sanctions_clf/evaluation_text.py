"""An evaluation as tables that a person reads."""

from collections.abc import Iterable, Mapping, Sequence

from sanctions_clf.comparison import Comparison
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.filing_evaluation import filing_lines
from sanctions_clf.metrics import Figure
from sanctions_clf.ranking import WORK_SAVED
from sanctions_clf.weights import TermWeight


def evaluation_text(evaluation: Evaluation) -> str:
    """Return all figures of an evaluation as text."""
    lines = [
        f"{evaluation.articles} articles, {evaluation.relevant} relevant; "
        f"{evaluation.borderline} borderline ones apart",
        "",
        *figure_lines(evaluation.headline),
        "",
        *figure_lines(evaluation.prominence),
        "",
        *figure_lines({WORK_SAVED: evaluation.work_saved}),
        "",
        *_operating_points(evaluation),
        "",
        "calibration: articles, expected share, observed share with 95 % interval",
        *(
            f"  {part.articles:6d}   {part.expected:.3f}   {part.observed:.3f} "
            f"[{part.low:.3f}, {part.high:.3f}]"
            + ("" if part.low <= part.expected <= part.high else "   outside")
            for part in evaluation.calibration
        ),
    ]
    for name, figures in evaluation.slices.items():
        lines += ["", f"AP by {name}", *slice_lines(figures)]
    if evaluation.filing:
        lines += ["", "filing, whether flagged or not", *filing_lines(evaluation.filing)]
    return "\n".join(lines) + "\n"


def comparison_text(comparison: Comparison) -> str:
    """Return all figures of the first of two models as text, and what differs."""
    lines = ["", "difference to the other model, with 95 % interval"]
    for name, found in comparison.differences.items():
        line = f"  {found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]  {name}"
        lines.append(line + ("   off zero" if found.off_zero else ""))
    if not comparison.differences:
        lines.append("  too few relevant articles to tell")
    return evaluation_text(comparison.first) + "\n".join(lines) + "\n"


def figure_lines(figures: Mapping[str, Figure]) -> list[str]:
    """Return a line for each figure: value, interval, name, what it was measured on."""
    return [f"{_figure(figure)}  {name} ({_counts(figure)})" for name, figure in figures.items()]


def slice_lines(figures: Mapping[str, Figure]) -> list[str]:
    """Return a line for each slice that can be measured, and the counts of the others in one."""
    measured = {name: figure for name, figure in figures.items() if figure.value is not None}
    few = [name for name in figures if name not in measured]
    lines = [f"  {line}" for line in figure_lines(measured)]
    if few:
        counts = ", ".join(
            f"{name} {figures[name].relevant}/{figures[name].articles}" for name in few
        )
        lines.append(f"  too few relevant to measure (relevant/all): {counts}")
    return lines


def weight_lines(weights: Sequence[TermWeight], shown: int) -> list[str]:
    """Return the strongest weights of either sign, each with its weight elsewhere.

    Those with another sign elsewhere are marked.
    """
    compared = any(weight.elsewhere is not None for weight in weights)
    lines = ["weight" + ("  elsewhere" if compared else "") + "  term"]
    for weight in [*weights[:shown], *weights[-shown:]]:
        line = f"{weight.weight:+.2f}"
        if compared:
            line += "          -" if weight.elsewhere is None else f"      {weight.elsewhere:+.2f}"
        line += f"  {weight.term.replace('_', ' ')}"
        if weight.elsewhere is not None and weight.elsewhere * weight.weight < 0:
            line += "   (other sign)"
        lines.append(line)
    return lines


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table as lines."""
    return [
        f"| {' | '.join(header)} |",
        f"|{'---|' * len(header)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def short_figure(figure: Figure) -> str:
    """Return `.81 [.77, .85]`, or a dash where there is too little to measure."""
    if figure.value is None:
        return "-"
    parts = (
        f"{part:.2f}".replace("0.", ".", 1) for part in (figure.value, figure.low, figure.high)
    )
    value, low, high = parts
    return f"{value} [{low}, {high}]"


def _operating_points(evaluation: Evaluation) -> list[str]:
    lines = []
    for name, figures in evaluation.operating_points.items():
        parts = [f"{key} {value:.3f}" for key, value in figures.items() if "alarms" not in key]
        if "false alarms per 10,000" in figures:
            parts.append(f"{figures['false alarms per 10,000']:.1f} false alarms per 10,000")
        if name in evaluation.borderline_flagged:
            parts.append(f"flags {evaluation.borderline_flagged[name]:.0%} of borderline")
        lines.append(f"{name}: {', '.join(parts)}")
    return lines


def _figure(figure: Figure) -> str:
    if figure.value is None:
        return "   -                "
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def _counts(figure: Figure) -> str:
    return f"{figure.relevant} of {figure.articles} relevant"
