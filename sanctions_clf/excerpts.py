"""The evidence of a prediction within the sentences around it."""

import re
from dataclasses import dataclass

from sanctions_clf.predictions import Evidence, Prediction
from sanctions_clf.text.sentences import split_sentences

_CARRIED_TEXT = "text"
# Bad extraction makes sentences of two thousand characters; context is a few lines.
_LONGEST_CONTEXT = 400
_CUT = "…"
_BLANK_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt: evidence, or what stands around it."""

    text: str
    is_evidence: bool


Excerpt = tuple[Piece, ...]


def excerpts(prediction: Prediction) -> tuple[Excerpt, ...]:
    """Return the evidence, each sentence between its neighbours; what meets is one excerpt.

    The neighbours are taken from the text that was scored, which a run has under `text` with
    `--carry text`. Without it, or where the offsets do not fit it, the evidence stands alone. The
    title is left out: `title_is_evidence` tells of it.
    """
    body = _body_start(prediction)
    evidence = [part for part in prediction.evidence if part.start >= body]
    text = prediction.fields.get(_CARRIED_TEXT)
    if not isinstance(text, str) or not all(_fits(text, part) for part in evidence):
        return tuple((Piece(part.text, is_evidence=True),) for part in evidence)
    return tuple(_excerpt(text, stretch) for stretch in _meeting(text, body, evidence))


def title_is_evidence(prediction: Prediction) -> bool:
    """Whether a sentence that carries the decision stands in the title."""
    return any(part.start < _body_start(prediction) for part in prediction.evidence)


def _body_start(prediction: Prediction) -> int:
    """Where the text starts behind title and line break, in the offsets of the evidence."""
    return len(prediction.title) + 1 if prediction.title else 0


def _fits(text: str, part: Evidence) -> bool:
    return text[part.start : part.end] == part.text


# Where a stretch of text starts and ends, and the evidence in it.
_Stretch = tuple[int, int, list[Evidence]]


def _meeting(text: str, body: int, evidence: list[Evidence]) -> list[_Stretch]:
    sentences = [span for span in split_sentences(text) if span.start >= body]
    stretches: list[_Stretch] = []
    for part in sorted(evidence, key=lambda part: part.start):
        start = max((span.start for span in sentences if span.end <= part.start), default=body)
        end = min((span.end for span in sentences if span.start >= part.end), default=len(text))
        if stretches and start <= stretches[-1][1] + 1:
            first, _, known = stretches.pop()
            stretches.append((first, end, [*known, part]))
        else:
            stretches.append((start, end, [part]))
    return stretches


def _excerpt(text: str, stretch: _Stretch) -> Excerpt:
    start, end, evidence = stretch
    pieces: list[Piece] = []
    for part in evidence:
        around = text[start : part.start]
        pieces.append(Piece(around if pieces else _end_of(around), is_evidence=False))
        pieces.append(Piece(part.text, is_evidence=True))
        start = part.end
    pieces.append(Piece(_start_of(text[start:end]), is_evidence=False))
    return tuple(Piece(_on_lines(piece.text), piece.is_evidence) for piece in pieces if piece.text)


def _end_of(text: str) -> str:
    if len(text) <= _LONGEST_CONTEXT:
        return text
    kept = text[-_LONGEST_CONTEXT:]
    return _CUT + (kept.partition(" ")[2] or kept)


def _start_of(text: str) -> str:
    if len(text) <= _LONGEST_CONTEXT:
        return text
    kept = text[:_LONGEST_CONTEXT]
    return (kept.rpartition(" ")[0] or kept) + _CUT


def _on_lines(text: str) -> str:
    """The text without blank lines."""
    return _BLANK_LINES.sub("\n", text)
