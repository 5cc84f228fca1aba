"""Where in a text stands what was found in its folded form."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from sanctions_clf.text.sentences import Span

# Marks and joiners that folding joins to the letter before them, or drops.
_BELONGS_TO_LETTER = {"Mn", "Me", "Cf"}


def unfold_spans(
    text: str, folding: Callable[[str], str], spans: Iterable[tuple[int, int]]
) -> Iterator[Span]:
    """Yield the span in `text` of each span of `folding(text)`.

    Folding keeps no map, which scoring has no use for. So beginnings of the text are folded to see
    how long they become, those alone between which a span must begin or end.

    Examples
    --------
    >>> from sanctions_clf.text.fold import fold
    >>> list(unfold_spans("Aus Nord-  Korea", fold, [(4, 14)]))
    [Span(start=4, end=16)]
    """
    ends = range(len(text) + 1)
    length = cache(lambda end: len(folding(text[:end])))
    for start, end in spans:
        last = bisect_right(ends, end - 1, key=length)
        while last < len(text) and unicodedata.category(text[last]) in _BELONGS_TO_LETTER:
            last += 1
        yield Span(bisect_right(ends, start, key=length) - 1, last)
