"""Writing systems: which put no spaces between words, and which settle the language."""

import re

# Ranges of The Unicode Standard's code charts. Korean has spaces, but its particles attach to
# nouns, so that forms are found inside words as in Chinese and Japanese.
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
KANA = "\u3040-\u30ff\u31f0-\u31ff"
HANGUL = "\uac00-\ud7a3"
UNSPACED = HAN + KANA + HANGUL

# A letter, digit or underscore of a script that puts spaces between words.
SPACED_LETTER = rf"[^\W{UNSPACED}]"

# Scripts that one language of the news almost alone uses. Kana stands before Han: Japanese mixes
# both. Cyrillic, Arabic and Latin letters settle nothing.
_SETTLED_BY_SCRIPT = (
    ("ja", re.compile(f"[{KANA}]")),
    ("ko", re.compile(f"[{HANGUL}]")),
    ("zh", re.compile(f"[{HAN}]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0531-\u0587]")),
)
_SAMPLE = 2000
_SHARE = 0.2


def language_by_script(text: str) -> str | None:
    """The language that the script of `text` settles, or None.

    Looks at the first 2,000 characters; a script counts where it writes a fifth of the letters,
    so that a foreign name or quotation decides nothing.

    Examples
    --------
    >>> language_by_script("북한 화물선이 석탄을 옮겨 실었다"), language_by_script("Le navire")
    ('ko', None)
    """
    sample = text[:_SAMPLE]
    if sample.isascii():
        return None
    letters = sum(map(str.isalpha, sample))
    for lang, script in _SETTLED_BY_SCRIPT:
        if len(script.findall(sample)) > _SHARE * letters:
            return lang
    return None
