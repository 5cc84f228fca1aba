"""Which UN regimes a flagged passage is about: by rule from its concepts and the domain table."""

import datetime
import math
import re
from collections.abc import Iterable, Mapping

from sanctions_clf.domain import load_regimes
from sanctions_clf.domain.regimes import Regime
from sanctions_clf.terms import PAIR

# A second regime is named where its concepts carry at least this share of what the first one's
# carry: receiver and supplier may be under different regimes (Iran to the Houthis).
_SHARE_OF_FIRST = 0.4
_ISO_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


def passage_regimes(
    contributions: Mapping[str, float], concepts: Iterable[str], date: str | None
) -> tuple[str, ...]:
    """Return the ids of the regimes that a passage points to, the likeliest first.

    A regime is weighed by the contributions of the terms that name one of its concepts. Those in
    force on the date come first; ended ones are named only where none of these is pointed to
    (courts still judge breaches of old embargoes).

    Parameters
    ----------
    contributions : of the passage's terms, log-odds.
    concepts : names of the concepts in the passage.
    date : the article's, ISO 8601 or its beginning; otherwise today counts.
    """
    found = frozenset(concepts)
    day = iso_date(date) or datetime.datetime.now(datetime.UTC).date().isoformat()
    pointed_to = [regime for regime in load_regimes().values() if regime.concepts & found]
    in_force = [regime for regime in pointed_to if regime.in_force(day)]
    weights = {
        regime.id: _weight(regime, contributions)
        for regime in in_force or _latest_of_same_country(pointed_to)
    }
    if not weights:
        return ()
    ranked = sorted(weights, key=lambda name: -weights[name])
    least = max(0.0, _SHARE_OF_FIRST * weights[ranked[0]])
    return ranked[0], *(name for name in ranked[1:] if weights[name] > least)


def iso_date(date: str | None) -> str | None:
    """Return the ISO 8601 date at the start of `date`, to the precision it has, or None.

    Examples
    --------
    >>> iso_date("2024-10-21T08:00:00Z"), iso_date("2024-10"), iso_date("last week")
    ('2024-10-21', '2024-10', None)
    """
    found = _ISO_DATE.match(date or "")
    return found.group() if found else None


def _weight(regime: Regime, contributions: Mapping[str, float]) -> float:
    return math.fsum(
        value
        for term, value in contributions.items()
        if not regime.concepts.isdisjoint(term.split(PAIR))
    )


def _latest_of_same_country(regimes: list[Regime]) -> list[Regime]:
    """Of ended regimes with the same concepts, the one that ended last."""
    latest: dict[frozenset[str], Regime] = {}
    for regime in regimes:
        known = latest.get(regime.concepts)
        if known is None or (regime.windows[-1][1] or "9") > (known.windows[-1][1] or "9"):
            latest[regime.concepts] = regime
    return list(latest.values())
