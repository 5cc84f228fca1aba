"""Words of a folded text."""

import re

from sanctions_clf.text.scripts import SPACED_LETTER, UNSPACED

_WORD = re.compile(rf"{SPACED_LETTER}+|[{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def split_words(folded: str) -> list[str]:
    """Return the words of a folded text in order, without numbers and single letters.

    Runs of Chinese, Japanese and Korean characters become overlapping pairs of characters, as in
    Lucene's CJKAnalyzer.

    Examples
    --------
    >>> split_words("le port de 2 rason 石炭船")
    ['le', 'port', 'de', 'rason', '石炭', '炭船']
    """
    words: list[str] = []
    for run in _WORD.findall(folded):
        if _UNSPACED.match(run):
            words += (run[i : i + 2] for i in range(len(run) - 1))
        elif len(run) > 1 and not run.isdigit():
            words.append(run)
    return words
