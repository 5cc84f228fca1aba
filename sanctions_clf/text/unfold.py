"""Where in a text stands what was found in its folded form."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from sanctions_clf.text.sentences import Span

# Marks and joiners that folding joins to the letter before them, or drops.
_BELONGS_TO_LETTER = {"Mn", "Me", "Cf"}


def unfold_spans(
    text: str, folding: Callable[[str], str], spans: Iterable[tuple[int, int]]
) -> Iterator[Span]:
    """Yield the span in `text` of each span of `folding(text)`.

    Folding keeps no map, which scoring has no use for. So each beginning of the text is folded to
    see how long it becomes: some two milliseconds for a sentence, for those that a person looks at.

    Examples
    --------
    >>> from sanctions_clf.text.fold import fold
    >>> list(unfold_spans("Aus Nord-  Korea", fold, [(4, 14)]))
    [Span(start=4, end=16)]
    """
    beginnings = (len(folding(text[:end])) for end in range(len(text) + 1))
    lengths = list(accumulate(beginnings, max))
    for start, end in spans:
        last = bisect_right(lengths, end - 1)
        while last < len(text) and unicodedata.category(text[last]) in _BELONGS_TO_LETTER:
            last += 1
        yield Span(bisect_right(lengths, start) - 1, last)
