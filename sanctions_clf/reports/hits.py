"""The page of hits: what a run flagged, the most probable first, for a person to look into."""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import shorten
from typing import Any

from sanctions_clf.excerpts import excerpts, title_is_evidence
from sanctions_clf.predictions import Prediction
from sanctions_clf.reports.names import language_name, measure_name, regime_name
from sanctions_clf.reports.page import render_page
from sanctions_clf.reports.stories import read_stories
from sanctions_clf.run_rows import read_run_summary
from sanctions_clf.term_words import term_in_words

STORIES_SHOWN = 2_000
_TERMS_SHOWN = 5
_HEADLINE_LENGTH = 140
_UNKNOWN = "unknown"
_WEB_ADDRESS = re.compile(r"https?://[^\s]", re.IGNORECASE)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?!\d)")
# The filters of the page, and what their values are called.
_FACET_NAMES: dict[str, Callable[[str], str]] = {
    "regime": regime_name,
    "language": language_name,
    "month": str,
}
# Columns shown where a run has them, in words.
_MORE_COLUMNS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("status", "stated as", str),
    ("denied", "denied", str),
    ("contested", "contested", str),
    ("subtype", "kind of act", lambda name: name.replace("_", " ")),
    ("measures", "measures", measure_name),
    ("parties", "parties", str),
    ("act_date", "date of the act", str),
    ("source", "source", str),
    ("section", "section", str),
)


def hits_page(run: str | os.PathLike[str], *, limit: int = STORIES_SHOWN) -> str:
    """Return the hits of a run as one HTML page, which loads nothing.

    Stories are sorted by the probability of their most probable hit, which stands for them. The
    run is read twice, so that no more of it is in memory than is shown.

    Parameters
    ----------
    run : what `score -o` wrote; the counts are taken from `RUN.summary.json` where it is there.
    limit : stories to show.

    Raises
    ------
    RunError, ArchiveError
        If it cannot be read, or holds something else.
    """
    hits = read_stories(run, limit)
    return render_page(
        "hits.html",
        script="hits.js",
        name=Path(run).absolute().name,
        summary=read_run_summary(run),
        hits=hits,
        choices=_choices(story.head for story in hits.stories),
        facets=_facets,
        excerpts=excerpts,
        title_is_evidence=title_is_evidence,
        terms=_terms,
        more=_more,
        address=_address,
        headline=_headline,
        language_name=language_name,
        regime_name=regime_name,
    )


def _facets(hit: Prediction) -> dict[str, list[str]]:
    """What the page filters by. A value is one word, since the page lists several in one."""
    month = _MONTH.match(hit.date or "")
    return {
        "regime": [_word(name) for name in hit.regimes] or [_UNKNOWN],
        "language": [_word(hit.lang or _UNKNOWN)],
        "month": [month.group() if month else _UNKNOWN],
    }


def _word(value: str) -> str:
    return "-".join(value.split())


def _choices(hits: Iterable[Prediction]) -> dict[str, list[tuple[str, str, int]]]:
    """Value, name and number of hits of each choice of each filter."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in _FACET_NAMES}
    for hit in hits:
        for facet, values in _facets(hit).items():
            counts[facet].update(values)
    return {
        facet: [(value, name(value), count) for value, count in _in_order(facet, counts[facet])]
        for facet, name in _FACET_NAMES.items()
    }


def _in_order(facet: str, counts: Counter[str]) -> list[tuple[str, int]]:
    """Months from the latest on, the others from the most frequent on."""
    if facet != "month":
        return counts.most_common()
    return sorted(counts.items(), key=lambda item: (item[0] != _UNKNOWN, item), reverse=True)


def _terms(hit: Prediction) -> list[tuple[str, float]]:
    """The strongest terms in words, and what each adds to the decision value."""
    return [(term_in_words(part.term), part.contribution) for part in hit.terms[:_TERMS_SHOWN]]


def _more(hit: Prediction) -> list[tuple[str, str]]:
    """Label and value of each further column that says something."""
    values = [
        (label, _in_words(getattr(hit, name, None) or hit.fields.get(name), form))
        for name, label, form in _MORE_COLUMNS
    ]
    return [(label, value) for label, value in values if value]


def _in_words(value: Any, form: Callable[[str], str]) -> str:
    if not value:
        return ""
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(item, form) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    return form(str(value))


def _headline(hit: Prediction) -> str:
    """The title, or the first line of the text where the run carries it."""
    first = str(hit.fields.get("text") or "").strip().partition("\n")[0]
    return hit.title or shorten(first, _HEADLINE_LENGTH, placeholder=" …") or hit.id or "Untitled"


def _address(hit: Prediction) -> str | None:
    """The address of an article where a browser may follow it: no script, no file."""
    return hit.url if hit.url and _WEB_ADDRESS.match(hit.url) else None
