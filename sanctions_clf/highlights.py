"""Where the terms of an explanation stand in its passage."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sanctions_clf.predictions import Contribution, Explanation
from sanctions_clf.term_words import term_in_words
from sanctions_clf.terms import PAIR
from sanctions_clf.text.concepts import concept_matcher
from sanctions_clf.text.sentences import Span, split_sentences


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence.

    Attributes
    ----------
    text : as it stands in the passage.
    concepts : what it names, in words; empty for all between.
    contribution : of all terms that these concepts take part in, log-odds.
    """

    text: str
    concepts: tuple[str, ...] = ()
    contribution: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the passage, in pieces, with the white space before it.

    Attributes
    ----------
    before : white space, and what else belongs to no sentence.
    is_evidence : whether it is one of those that carry the decision.
    """

    before: str
    pieces: tuple[Piece, ...]
    is_evidence: bool


def highlight(explanation: Explanation) -> list[Line]:
    """Return the passage of an explanation with what its terms stand for marked.

    Concepts are marked that a term of the explanation names, alone or in a pair. Words are not:
    there are too many, and each adds little.
    """
    carrying = {evidence.text for evidence in explanation.prediction.evidence}
    shares = _by_concept(explanation.contributions)
    lines, last = [], 0
    for start, end in split_sentences(explanation.passage):
        sentence = explanation.passage[start:end]
        pieces = tuple(_pieces(sentence, explanation.prediction.lang, shares))
        lines.append(Line(explanation.passage[last:start], pieces, sentence in carrying))
        last = end
    return lines


def _by_concept(contributions: Iterable[Contribution]) -> dict[str, list[Contribution]]:
    """The terms that name each concept."""
    named: dict[str, list[Contribution]] = {}
    for part in contributions:
        for name in part.term.split(PAIR):
            named.setdefault(name, []).append(part)
    return named


def _pieces(
    sentence: str, lang: str | None, shares: Mapping[str, list[Contribution]]
) -> Iterator[Piece]:
    located = [found for found in concept_matcher().locate(sentence, lang) if found[0] in shares]
    last = 0
    for (start, end), names in _joined(located):
        if start > last:
            yield Piece(sentence[last:start])
        terms = {part.term: part.contribution for name in names for part in shares[name]}
        words = tuple(term_in_words(name) for name in names)
        yield Piece(sentence[start:end], words, math.fsum(terms.values()))
        last = end
    if last < len(sentence):
        yield Piece(sentence[last:])


def _joined(located: Iterable[tuple[str, Span]]) -> list[tuple[Span, list[str]]]:
    """The places in order, those that overlap as one with the names of both."""
    joined: list[tuple[Span, list[str]]] = []
    for name, span in sorted(located, key=lambda found: (found[1].start, -found[1].end)):
        if not joined or span.start >= joined[-1][0].end:
            joined.append((span, [name]))
            continue
        before, names = joined[-1]
        known = names if name in names else [*names, name]
        joined[-1] = (Span(before.start, max(before.end, span.end)), known)
    return joined
