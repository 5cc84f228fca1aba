"""When the act that an article tells of took place."""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sanctions_clf.regimes import iso_date
from sanctions_clf.terms import Sentence
from sanctions_clf.text.dates import stated_dates

# Dates beside these are of decisions on sanctions, not of acts. Left out, the year is right in 84
# of 100 relevant articles of the corpus (with them in 83; the article's own date alone in 76).
_DECISIONS = frozenset(("security_council", "resolution"))

_YEAR = len("2024")
_YEARS = re.compile(r"\d{4} ?[-–/] ?(\d{4})(?!\d)")

TEXT, ARTICLE, TODAY = "text", "article", "today"


@dataclass(frozen=True, slots=True)
class ActDate:
    """The date of an act.

    Attributes
    ----------
    date : ISO 8601, to the precision it has.
    origin : `text` where the article states it, `article` where it is the article's own date,
        `today` where there is neither.
    """

    date: str
    origin: str


def act_date(
    shown: Iterable[Sentence],
    sentences: Sequence[Sentence],
    text: str,
    lang: str | None,
    published: str | None,
) -> ActDate:
    """Return the date of the act that the shown sentences state.

    It is the latest date in them that lies not after the article's; without one, the article's own.
    An article without a date counts as written on the latest date that it states.

    Parameters
    ----------
    shown : the sentences of the evidence.
    sentences : all of the article.
    text : what the sentences' offsets refer to.
    published : the article's date as found.
    """
    written = written_on(published)
    if written is None:
        # A dateline tells more than a year does, which may be far from the article's own.
        told = [d for d in _dates(sentences, text, lang, None) if not_after(d, today())]
        written = max((d for d in told if len(d) > _YEAR), default=max(told, default=None))
        fallback = ActDate(written, TEXT) if written else ActDate(today(), TODAY)
    else:
        fallback = ActDate(written, ARTICLE)
    of_acts = (sentence for sentence in shown if sentence.concepts.isdisjoint(_DECISIONS))
    known = [d for d in _dates(of_acts, text, lang, written) if not_after(d, fallback.date)]
    others = [date for date in known if date != written]  # which a dateline repeats
    return ActDate(max(others or known), TEXT) if known else fallback


def written_on(published: str | None) -> str | None:
    """Return an article's date as ISO 8601, of a range of years the last one, None for none.

    Examples
    --------
    >>> written_on("2024-10-21T08:00"), written_on("2016-2018"), written_on("last week")
    ('2024-10-21', '2018', None)
    """
    years = _YEARS.match(published or "")
    return years[1] if years else iso_date(published)


def today() -> str:
    """Return the day's date in UTC, ISO 8601."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def dates_told(
    sentences: Iterable[Sentence], text: str, lang: str | None, published: str | None
) -> list[str]:
    """Return all dates that sentences state up to the article's own, the latest first."""
    written = written_on(published)
    dates = set(_dates(sentences, text, lang, written))
    return sorted((d for d in dates if written is None or not_after(d, written)), reverse=True)


def not_after(date: str, other: str) -> bool:
    """Whether an ISO date is not after another, to the precision that both have."""
    length = min(len(date), len(other))
    return date[:length] <= other[:length]


def _dates(
    sentences: Iterable[Sentence], text: str, lang: str | None, written: str | None
) -> Iterator[str]:
    for sentence in sentences:
        yield from stated_dates(text[sentence.start : sentence.end], lang, written)
