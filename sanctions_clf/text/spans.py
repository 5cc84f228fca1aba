"""Where in a sentence the forms of its concepts stand, none over another."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sanctions_clf.text.concepts import concept_matcher


class ConceptSpan(NamedTuple):
    """A form of a concept: code-point offsets in the sentence, end excluded."""

    start: int
    end: int
    concept: str


def concept_spans(sentence: str, lang: str | None, concepts: Collection[str]) -> list[ConceptSpan]:
    """Return where concepts stand in a sentence, in order; of overlapping ones the longest.

    A form that goes on as its word does (a star at its end) takes in the word.

    Parameters
    ----------
    sentence : as it stands in the text.
    lang : its language in the lexicon's codes.
    concepts : names of those to look for.

    Examples
    --------
    >>> sentence = "North-Korean troops, North  Korea said"
    >>> [sentence[s.start : s.end] for s in concept_spans(sentence, "en", ["north_korea"])]
    ['North-Korean', 'North  Korea']
    """
    located = concept_matcher().locate(sentence, lang, only=concepts)
    return _longest(ConceptSpan(start, end, name) for name, (start, end) in located)


def _longest(spans: Iterable[ConceptSpan]) -> list[ConceptSpan]:
    kept: list[ConceptSpan] = []
    for span in sorted(set(spans), key=lambda s: (s.start - s.end, s)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)
