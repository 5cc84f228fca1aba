"""Where in a sentence the forms of its concepts stand."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sanctions_clf.text.concepts import concept_matcher
from sanctions_clf.text.fold import compose, fold
from sanctions_clf.text.scripts import SPACED_LETTER

_PIECE = re.compile(r"[^\s\-‐‑]+")
_REST_OF_WORD = re.compile(rf"{SPACED_LETTER}*")


class ConceptSpan(NamedTuple):
    """A form of a concept: code-point offsets in the sentence, end excluded."""

    start: int
    end: int
    concept: str


def concept_spans(sentence: str, lang: str | None, concepts: Iterable[str]) -> list[ConceptSpan]:
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
    folded = fold(sentence)
    origins = _origins(sentence, folded)
    same_length = len(compose(sentence)) == len(sentence)
    matcher = concept_matcher()
    spans = []
    for concept in concepts:
        in_folded, in_capitals = matcher.spans(folded, sentence, lang, concept)
        for start, end in in_folded if origins else ():
            last = origins[end - 1] + 1
            word = _REST_OF_WORD.match(sentence, last)
            spans.append(ConceptSpan(origins[start], word.end() if word else last, concept))
        if same_length:
            spans += [ConceptSpan(start, end, concept) for start, end in in_capitals]
    return _longest(spans)


def _origins(sentence: str, folded: str) -> list[int]:
    """For each character of the folded sentence the offset it came from; empty where unknown.

    Folding changes lengths, so each word is folded alone.
    """
    origins: list[int] = []
    pieces: list[str] = []
    for piece in _PIECE.finditer(sentence):
        text = fold(piece.group())
        if not text:
            continue
        if pieces:
            origins.append(piece.start() - 1)
        pieces.append(text)
        origins += [piece.start() + offset for offset in _within(piece.group(), text)]
    return origins if " ".join(pieces) == folded else []


def _within(piece: str, folded: str) -> list[int]:
    if len(piece) == len(folded):
        return list(range(len(piece)))
    reached = [len(fold(piece[: end + 1])) for end in range(len(piece))]
    return [
        next((i for i, length in enumerate(reached) if length > offset), len(piece) - 1)
        for offset in range(len(folded))
    ]


def _longest(spans: Iterable[ConceptSpan]) -> list[ConceptSpan]:
    kept: list[ConceptSpan] = []
    for span in sorted(set(spans), key=lambda s: (s.start - s.end, s)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)
