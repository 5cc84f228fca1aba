"""Codes and ids in words."""

from sanctions_clf.domain import load_measures, load_regimes

_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zh-Hant": "Chinese (traditional)",
}


def language_name(lang: str | None) -> str:
    """Return the English name of a language of the lexicon; any other code as it is."""
    return _LANGUAGES.get(lang, lang) if lang else "unknown"


def regime_name(regime: str) -> str:
    """Return the name of a regime of the domain table; an id that it lacks as it is."""
    known = load_regimes().get(regime)
    return known.name if known else regime


def measure_name(measure: str) -> str:
    """Return a measure in words; an id that the domain table lacks as it is."""
    known = load_measures().get(measure)
    return known.label if known else measure
