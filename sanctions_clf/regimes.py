"""Which UN regimes a flagged passage is about: by rule from its concepts and the domain table."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from sanctions_clf.domain import load_regimes
from sanctions_clf.terms import PAIR

# A second regime is named where its concepts carry at least this share of what the first one's
# carry: receiver and supplier may be under different regimes (Iran to the Houthis). In a sentence
# that is shown as evidence, a smaller share does: measured on folds of the corpus, micro-F1 .944
# against .942, and on the open half of the real articles .937 against .918.
_SHARE_OF_FIRST = 0.4
_SHARE_IN_EVIDENCE = 0.1
_MOST = 3
# A range of years (2016-2018) is no date.
_ISO_DATE = re.compile(r"\d{4}(?:-\d{2}(?!\d)(?:-\d{2})?)?(?!-\d)")


def passage_regimes(
    contributions: Mapping[str, float],
    concepts: Iterable[str],
    date: str,
    shown: AbstractSet[str] = frozenset(),
) -> tuple[str, ...]:
    """Return the ids of the regimes that a passage points to, the likeliest first.

    A regime is weighed by the contributions of the terms that name one of its concepts. One that
    was not in force on the date is never named.

    Parameters
    ----------
    contributions : of the passage's terms, log-odds.
    concepts : names of the concepts in the passage.
    date : of the act, ISO 8601 or its beginning.
    shown : names of the concepts in the sentences that are shown as evidence.
    """
    found = frozenset(concepts)
    pointers = _pointers(found, date)
    weights = {name: _weight(pointing, contributions) for name, pointing in pointers.items()}
    if not weights:
        return ()
    first, *others = sorted(weights, key=lambda name: -weights[name])

    def least(name: str) -> float:
        share = _SHARE_IN_EVIDENCE if pointers[name] & shown else _SHARE_OF_FIRST
        return max(0.0, share * weights[first])

    named = (first, *(name for name in others if weights[name] > least(name)))
    return named[:_MOST]


def mentions(sentences: Iterable[AbstractSet[str]], date: str) -> Counter[str]:
    """Return how many sentences point to each regime in force on a date.

    Parameters
    ----------
    sentences : names of the concepts in each.
    """
    return Counter(name for found in sentences for name in _pointers(found, date))


def iso_date(date: str | None) -> str | None:
    """Return the ISO 8601 date at the start of `date`, to the precision it has, or None.

    Examples
    --------
    >>> iso_date("2024-10-21T08:00:00Z"), iso_date("2024-10"), iso_date("last week")
    ('2024-10-21', '2024-10', None)
    """
    found = _ISO_DATE.match(date or "")
    return found.group() if found else None


def _pointers(found: AbstractSet[str], date: str) -> dict[str, frozenset[str]]:
    """The regimes in force that concepts point to, by id, with the concepts that can."""
    pointers: dict[str, frozenset[str]] = {}
    for concepts, name in _in_force(date):
        if not concepts.isdisjoint(found):
            pointers[name] = pointers.get(name, frozenset()) | concepts
    return pointers


@lru_cache(maxsize=1000)
def _in_force(date: str) -> tuple[tuple[frozenset[str], str], ...]:
    """The regimes in force on a date, each with the concepts that point to it.

    Of two that share concepts, as in a year in which one followed the other, the later.
    """
    regimes = load_regimes()
    found: list[tuple[str, frozenset[str], str]] = []
    for regime in regimes.values():
        split = regime.split_from and not regime.in_force(date)
        held_by = regimes[regime.split_from] if split and regime.split_from else regime
        began = held_by.began(date)
        if began:
            found.append((began, regime.concepts, held_by.id))
    return tuple(
        (concepts, name)
        for began, concepts, name in found
        if not any(concepts & other and began < later for later, other, _ in found)
    )


def _weight(concepts: frozenset[str], contributions: Mapping[str, float]) -> float:
    return math.fsum(
        value for term, value in contributions.items() if not concepts.isdisjoint(term.split(PAIR))
    )
