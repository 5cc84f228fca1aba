"""Who and what the evidence names: actors, goods, vessels."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sanctions_clf.domain import load_concepts
from sanctions_clf.terms import Sentence
from sanctions_clf.text.spans import concept_spans

ACTOR, GOOD, VESSEL = "actor", "good", "vessel"

_IMO = re.compile(r"\bIMO\b\W{0,3}(?:(?:No|number|nummer|número|numéro|номер)\b\W{0,3})?(\d{7})\b")
# Ship prefixes stand before a name: M/V and M/T (motor vessel, motor tanker), F/V, S/S.
_NAMED_SHIP = re.compile(
    r"\b(?:M/?V|M/?T|F/V|S/S)\.?\s+[\"“«']?"
    r"((?:[A-Z][\w'’-]*|\d{1,3})(?:\s(?:[A-Z][\w'’-]*|\d{1,3}\b)){0,3})"
)


@dataclass(frozen=True, slots=True)
class Party:
    """One that the evidence names.

    Attributes
    ----------
    kind : `actor`, `good` or `vessel`.
    name : of the concept (`north_korea`, `coal`), the ship's name, or `IMO 9074729`.
    text : as it stands in the article.
    start, end : code-point offsets, as those of evidence.
    """

    kind: str
    name: str
    text: str
    start: int
    end: int


def find_parties(sentences: Iterable[Sentence], text: str, lang: str | None) -> tuple[Party, ...]:
    """Return the parties in sentences of a text, in order."""
    found = [
        Party(kind, name, text[start:end], start, end)
        for sentence in sentences
        for kind, name, start, end in _in_sentence(sentence, text, lang)
    ]
    return tuple(sorted(found, key=lambda party: (party.start, party.end)))


def is_imo_number(number: str) -> bool:
    """Whether seven digits are the number of a ship.

    The last digit is the sum of the others times 7, 6, ... 2, modulo 10 (IMO resolution A.1117).

    Examples
    --------
    >>> is_imo_number("9074729"), is_imo_number("9074728")
    (True, False)
    """
    weighted = sum(
        int(digit) * weight for digit, weight in zip(number, range(7, 1, -1), strict=False)
    )
    return weighted % 10 == int(number[-1])


def _in_sentence(
    sentence: Sentence, text: str, lang: str | None
) -> Iterator[tuple[str, str, int, int]]:
    written = text[sentence.start : sentence.end]
    kinds = {name: load_concepts()[name].kind for name in sentence.concepts}
    wanted = sorted(name for name, kind in kinds.items() if kind in (ACTOR, GOOD))
    for span in concept_spans(written, lang, wanted):
        start, end = sentence.start + span.start, sentence.start + span.end
        yield kinds[span.concept], span.concept, start, end
    for ship in _NAMED_SHIP.finditer(written):
        yield VESSEL, ship[1], sentence.start + ship.start(1), sentence.start + ship.end(1)
    for number in _IMO.finditer(written):
        if is_imo_number(number[1]):
            start, end = sentence.start + number.start(), sentence.start + number.end()
            yield VESSEL, f"IMO {number[1]}", start, end
