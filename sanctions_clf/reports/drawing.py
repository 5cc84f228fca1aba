"""Plots as SVG that takes its colours and its type from the page it stands in."""

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sanctions_clf.errors import OutputError

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure as Drawing

# matplotlib knows no CSS: these stand for the colours and the type of the page until the SVG is
# done. The font comes with matplotlib, so that texts take the same room everywhere.
INK, MUTED, RULE, ACCENT, OTHER = ("#010101", "#020202", "#030303", "#040404", "#050505")
_FONT = "DejaVu Sans"
_OF_THE_PAGE = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    ACCENT: "var(--accent)",
    OTHER: "var(--other)",
    f"'{_FONT}'": "var(--sans)",
}
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "sanctions_clf",
    "font.family": [_FONT],
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": RULE,
    "grid.linewidth": 0.4,
    "lines.linewidth": 1.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
}
_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_REFERENCE = re.compile(r"(\bid=\"|\bhref=\"#|url\(#)")


def check_drawing() -> None:
    """Say so where what draws is not installed.

    Raises
    ------
    OutputError
        If there is no matplotlib.
    """
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise OutputError("a report needs matplotlib: pip install 'sanctions-clf[report]'")


def draw(
    plot: Callable[["Drawing"], None], *, name: str, description: str, size: tuple[float, float]
) -> "Markup":
    """Return a plot as SVG to stand in a page; the same plot gives the same bytes.

    Parameters
    ----------
    plot : draws into an empty figure.
    name : of the plot, once on a page.
    description : what it shows, for those who do not see it.
    size : width and height in inches.
    """
    import matplotlib as mpl
    from markupsafe import Markup
    from matplotlib.figure import Figure as Drawing

    stream = io.StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        drawing = Drawing(figsize=size, layout="constrained")
        plot(drawing)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        drawing.savefig(stream, format="svg", metadata=nothing)
    label = Markup('<svg role="img" aria-label="{}"').format(description)
    # Of matplotlib's own making but for texts, which it escapes.
    return Markup(_for_page(stream.getvalue(), name).replace("<svg", label, 1))  # noqa: S704


def _for_page(svg: str, name: str) -> str:
    svg = _STYLE.sub("", svg[svg.index("<svg") :])
    svg = _REFERENCE.sub(rf"\g<1>{name}-", svg)
    for stand_in, meant in _OF_THE_PAGE.items():
        svg = svg.replace(stand_in, meant)
    return svg
