"""Words of a folded text."""

import re

from sanctions_clf.text.scripts import SPACED_LETTER, UNSPACED

_SPACED = re.compile(rf"{SPACED_LETTER}{{2,}}")
_UNSPACED = re.compile(f"[{UNSPACED}]{{2,}}")


def split_words(folded: str) -> list[str]:
    """Return the words of a folded text, without numbers and single letters.

    Runs of Chinese, Japanese and Korean characters become overlapping pairs of characters, as in
    Lucene's CJKAnalyzer, and stand behind the words of other scripts.

    Examples
    --------
    >>> split_words("le port de 2 rason 石炭船")
    ['le', 'port', 'de', 'rason', '石炭', '炭船']
    """
    words = [word for word in _SPACED.findall(folded) if not word.isdigit()]
    if folded.isascii():
        return words
    for run in _UNSPACED.findall(folded):
        words += (run[i : i + 2] for i in range(len(run) - 1))
    return words
