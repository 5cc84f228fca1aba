"""Bring spelling variants of a text to one form before anything is looked up in it."""

import re
import unicodedata

# Arabic letter forms and the Persian ones beside them, as Arabic normalisation in search engines
# has it (Lucene's ArabicNormalizer and PersianNormalizer), here to the Persian letters.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىي", "ی"),
        **dict.fromkeys("ةۀ", "ه"),
        "ك": "ک",
        "ё": "е",
        "Ё": "Е",
        "İ": "i",
        "ı": "i",
        **dict.fromkeys("’‘ʼʹ", "'"),
        **dict.fromkeys("‐‑", "-"),
        "\u200c": " ",  # ZWNJ joins the parts of a Persian word that others write apart
        **dict.fromkeys("\u200b\u200d\u200e\u200f\u2060\ufeff\u00ad\u0640"),
        **dict.fromkeys(map(chr, range(0x064B, 0x0656))),  # Arabic vowel signs, madda and hamza
        **{chr(zero + digit): str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)},
    }
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Most texts hold none of the letters above, and looking is faster than translating.
_ANY_LETTER = re.compile(f"[{''.join(map(chr, _LETTERS))}]")


def compose(text: str) -> str:
    """Return the NFKC form, with lone surrogates as U+FFFD; case is kept."""
    if text.isascii():
        return text
    text = _SURROGATE.sub("\ufffd", text)
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """Return `text` in the one form that forms and words are looked up in.

    Composed (NFKC), case-folded, letter variants unified, runs of white space and hyphens as one
    space, none at the ends; accents stay. Lengths change, so offsets into the result do not hold
    for `text`.

    Examples
    --------
    >>> fold("Nord-Koreas  ВООРУЖЁННЫЕ силы")
    'nord koreas вооруженные силы'
    """
    if text.isascii():
        return _closed_up(text.lower())
    composed = compose(text)
    if _ANY_LETTER.search(composed):
        composed = composed.translate(_LETTERS)
    return _closed_up(composed.casefold())


def _closed_up(text: str) -> str:
    return " ".join(text.replace("-", " ").split())
