"""Cut a text into sentences."""

import re
from typing import NamedTuple

# A stop, its closing quotes, then white space; or a full-width stop, which needs none; or a line
# break. Each looks only at what stands beside it, so that a part of a text that starts and ends
# with a sentence is cut as the whole is: passages rely on it.
_STOP = re.compile(
    r"[.!?…؟۔।]+[\"'”’»›)\]]*(?=\s)"
    r"|[。！？｡]+[」』”’）\"]*"
    r"|\n+"
)
# A full stop ends no sentence after an initial (`N. Korea`, `U.S.`) or one of these abbreviations,
# in a German date (`18. Oktober`), nor before a small letter.
_ABBREVIATIONS = (
    "mr mrs ms dr prof gen col lt sgt capt cmdr adm sen rep gov st jr inc ltd co corp no nos vs art"
    " approx est jan feb mar apr jun jul aug sept sep oct nov dec mm mme mlle sra sr lic ing núm"
    " nr bzw ca bspw abs mio mrd dott avv on sig млн млрд тыс руб гг им ул стр тис грн см"
)
_NO_END = re.compile(
    rf"(?:^|[^\w])(?:[^\W\d_]|{'|'.join(_ABBREVIATIONS.split())})\.$", re.IGNORECASE
)
_GERMAN_DATE = re.compile(r"\d\. (?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
_LOOK_BACK = 12
# Texts without stops (tables, lists, bad extraction) are cut at the first gap after so many
# characters, and inside a run of as many without a gap.
_PIECE = re.compile(r"(?s)\S.{0,999}\S{0,1000}")
_WORD = re.compile(r"\w")


class Span(NamedTuple):
    """Code-point offsets of a part of a text, end excluded."""

    start: int
    end: int


def split_sentences(text: str) -> list[Span]:
    """Return the spans of the sentences of `text`, in order, without surrounding white space.

    What holds no letter or digit is no sentence. None is longer than 2,000 characters.

    Examples
    --------
    >>> text = "The N. Korean ship docked on Jan. 5. It left. 船は出港した。港は静かだ"
    >>> [text[start:end] for start, end in split_sentences(text)]
    ['The N. Korean ship docked on Jan. 5.', 'It left.', '船は出港した。', '港は静かだ']
    """
    spans = []
    start = 0
    for end in _sentence_ends(text):
        for piece in _PIECE.finditer(text, start, end):
            found = piece.group().rstrip()
            if _WORD.search(found):
                spans.append(Span(piece.start(), piece.start() + len(found)))
        start = end
    return spans


def _sentence_ends(text: str) -> list[int]:
    ends = [stop.end() for stop in _STOP.finditer(text) if not _continues(text, stop)]
    ends.append(len(text))
    return ends


def _continues(text: str, stop: re.Match[str]) -> bool:
    if stop.group() != ".":
        return False
    end = stop.end()
    following = text[end : end + 2].strip()
    if (following and following[0].islower()) or _GERMAN_DATE.match(text, max(0, end - 2)):
        return True
    return _NO_END.search(text, max(0, end - _LOOK_BACK), end) is not None
