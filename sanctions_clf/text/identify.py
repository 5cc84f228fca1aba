"""Identify the language of a text by its letters, with py3langid (the extra `language`)."""

from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from typing import Any


def identifier_is_installed() -> bool:
    """Whether the optional library is there."""
    return find_spec("py3langid") is not None


def identify_language(text: str, among: Iterable[str] | None = None) -> str:
    """Return the likeliest language of a text.

    Naive Bayes over byte n-grams (Lui and Baldwin 2012), some .2 ms for an article. It does not
    tell variants of Chinese apart.

    Parameters
    ----------
    text : a sentence or more.
    among : ISO 639-1 codes to choose from; None for the 97 that the identifier knows.

    Raises
    ------
    ModuleNotFoundError
        If py3langid is not installed.
    """
    lang: str = _identifier(frozenset(among or ())).classify(text)[0]
    return lang


@cache
def _identifier(among: frozenset[str]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    if among:
        identifier.set_languages(sorted(among))
    return identifier
