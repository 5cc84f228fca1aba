"""How a flagged article is filed: regimes, measures, status, date of the act and parties."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from typing import Any

from sanctions_clf.acts import TEXT, TODAY, ActDate, act_date, dates_told, today, written_on
from sanctions_clf.attributes import (
    LAUNCH,
    MEASURES,
    STATUS,
    SUBTYPE,
    AttributeModel,
    attribute_terms,
    likeliest,
    named_measures,
)
from sanctions_clf.domain import load_measures, load_regimes
from sanctions_clf.linear import Decision
from sanctions_clf.parties import Party, find_parties
from sanctions_clf.regimes import mentions, passage_regimes
from sanctions_clf.terms import Sentence

BY_RULE = "rule"
# By ship or by plane is how any regime is breached; they are told beside the act (labelling guide).
_CHANNELS = frozenset(("maritime", "aviation"))
_DENIED, _MISSILES = "st_denied", "wmd_and_missile"


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a flagged article belongs; empty for one that is not flagged.

    Attributes are those of `Prediction`.
    """

    regimes: tuple[str, ...] = ()
    regime_by: str | None = None
    measures: tuple[str, ...] = ()
    status: str | None = None
    denied: bool | None = None
    contested: bool | None = None
    subtype: str | None = None
    parties: tuple[Party, ...] = ()
    act_date: str | None = None
    act_date_from: str | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values by name, as `Prediction` takes them."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


NOT_FILED = Filing().columns()


def file_article(
    decision: Decision,
    shown: Sequence[Sentence],
    text: str,
    lang: str | None,
    published: str | None,
    attributes: AttributeModel | None,
) -> Filing:
    """Return where a flagged article belongs.

    Parameters
    ----------
    decision : on the article.
    shown : the sentences of its evidence.
    text : what their offsets refer to.
    published : the article's date as found.
    attributes : models of measures, status and subtype, which stay empty without them.
    """
    found = _Found(decision, shown, attributes)
    dated = act_date(shown, decision.sentences, text, lang, published)
    # A date told as a year of which months are still to come is over when the article appears.
    written = written_on(published) or ""
    day = written if written.startswith(dated.date) else dated.date
    regimes = found.regimes_on(day)
    if not regimes and not written:  # an article that states only dates of history
        dated, day = ActDate(today(), TODAY), today()
        regimes = found.regimes_on(day)
    if not regimes:
        earlier = dates_told(decision.sentences, text, lang, published)
        day, regimes = found.regimes_elsewhere(day, earlier)
        dated = dated if day.startswith(dated.date) else ActDate(day, TEXT)
    return Filing(
        regimes=regimes,
        regime_by=BY_RULE if regimes else None,
        measures=found.measures_of(regimes, day),
        status=found.status,
        denied=_DENIED in found.concepts,
        contested=any(load_regimes()[name].contested(day) for name in regimes),
        subtype=found.subtype_of(regimes, day),
        parties=find_parties(shown, text, lang),
        act_date=dated.date,
        act_date_from=dated.origin,
    )


class _Found:
    """What the models make of a passage, before the table of regimes has its say."""

    def __init__(
        self, decision: Decision, shown: Sequence[Sentence], attributes: AttributeModel | None
    ) -> None:
        self.concepts = _concepts(decision.passage)
        self._shown = _concepts(shown)
        self._sentences = decision.sentences
        self._contributions = decision.contributions
        self._margins = (
            attributes.margins(attribute_terms(decision.passage, shown)) if attributes else None
        )

    @property
    def status(self) -> str | None:
        return likeliest(self._margins[STATUS]) if self._margins else None

    def subtype_of(self, regimes: Sequence[str], date: str) -> str | None:
        """The subtype; a launch only where one of the regimes forbids missiles on that date."""
        if not self._margins:
            return None
        margins = dict(self._margins[SUBTYPE])
        if regimes and not any(_MISSILES in load_regimes()[r].measures_on(date) for r in regimes):
            margins.pop(LAUNCH, None)
        return likeliest(margins)

    def measures_of(self, regimes: Sequence[str], date: str) -> tuple[str, ...]:
        """The measures that these regimes have on a date; where there is no regime, any."""
        known = load_regimes()
        in_force = _CHANNELS.union(*(known[name].measures_on(date) for name in regimes))
        return self._measures(in_force if regimes else load_measures().keys())

    def regimes_on(self, date: str) -> tuple[str, ...]:
        """The regimes pointed to and in force, unless the very measure was not.

        Beside the first, only those that have one of the measures at all.
        """
        pointed_to = self._pointed_to(date)
        return tuple(
            name for name in pointed_to if self._holds(name, date, first=name == pointed_to[0])
        )

    def regimes_elsewhere(self, day: str, earlier: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """A day and the regimes on it, where the passage points to none in force on the act's.

        Either the passage leaves unsaid whom the rest of the article names, or a court judges the
        breach of an embargo that has ended: whichever more sentences speak of.
        """
        if self._pointed_to(day):  # to one that is in force, though not the very measure
            return day, ()
        told = next((date for date in earlier if self.regimes_on(date)), day)
        ended = self.regimes_on(told)
        speaking = [sentence.concepts for sentence in self._sentences]
        named = mentions(speaking, day).most_common(1)
        if ended and (not named or mentions(speaking, told)[ended[0]] >= named[0][1]):
            return told, ended
        return day, tuple(name for name, _ in named if self._holds(name, day))

    def _pointed_to(self, date: str) -> tuple[str, ...]:
        return passage_regimes(self._contributions, self.concepts, date, self._shown)

    def _holds(self, name: str, date: str, *, first: bool = True) -> bool:
        """Whether the likeliest of the regime's measures was in force; none does for the first.

        Between October 2023 and September 2025 resolution 2231 forbade Iran no arms.
        """
        regime = load_regimes()[name]
        named = self._measures(load_measures().keys() - _CHANNELS)
        imposed = next((measure for measure in named if measure in regime.measures), None)
        if imposed is None:
            return first or not named
        return imposed in regime.measures_on(date)

    def _measures(self, allowed: AbstractSet[str]) -> tuple[str, ...]:
        return named_measures(self._margins[MEASURES], allowed) if self._margins else ()


def _concepts(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset().union(*(sentence.concepts for sentence in sentences))
