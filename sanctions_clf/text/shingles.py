"""What texts are compared by: runs of words, or of characters where there are no words."""

import re
from collections.abc import Sequence

from sanctions_clf.text.fold import fold
from sanctions_clf.text.scripts import UNSPACED

# As long as a turn of phrase that many use.
SHINGLE_WORDS, SHINGLE_CHARACTERS = 5, 8

_TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def split_tokens(text: str) -> list[str]:
    """Return the words of a text, folded; of scripts without spaces each character is one."""
    return _TOKEN.findall(fold(text))


def is_unspaced(token: str) -> bool:
    """Whether a token is a character of a script without spaces."""
    return _UNSPACED.match(token) is not None


def shingle_size(tokens: Sequence[str]) -> int:
    """Return how many tokens a shingle of this text has: five, or eight of most characters."""
    unspaced = sum(map(is_unspaced, tokens))
    return SHINGLE_CHARACTERS if unspaced > len(tokens) / 2 else SHINGLE_WORDS
