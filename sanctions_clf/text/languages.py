"""Bring language names and codes to one form."""

from sanctions_clf.text.scripts import language_by_script

# ISO 639-2 codes (terminology and bibliographic) and English names of the lexicon's languages;
# any other code passes as it is.
_OTHER_NAMES = {
    "en": ("eng", "english"),
    "fr": ("fra", "fre", "french"),
    "es": ("spa", "spanish"),
    "de": ("deu", "ger", "german"),
    "it": ("ita", "italian"),
    "pt": ("por", "portuguese"),
    "ru": ("rus", "russian"),
    "uk": ("ukr", "ukrainian"),
    "ko": ("kor", "korean"),
    "zh": ("zho", "chi", "cmn", "chinese", "simplified chinese"),
    "zh-Hant": ("traditional chinese", "zht"),
    "ja": ("jpn", "japanese"),
    "ar": ("ara", "arb", "arabic"),
    "fa": ("fas", "per", "pes", "prs", "persian", "farsi", "dari"),
    "tr": ("tur", "turkish"),
    "vi": ("vie", "vietnamese"),
    "id": ("ind", "in", "indonesian"),
    "ro": ("ron", "rum", "mo", "romanian"),
}
_BY_NAME = {name: lang for lang, names in _OTHER_NAMES.items() for name in (lang.lower(), *names)}
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def normalise_language(code: str | None) -> str | None:
    """Return a language code or name in the form that the lexicon uses, None for none.

    Regions and scripts are dropped, save that Chinese of Taiwan, Hong Kong and Macao is `zh-Hant`.

    Examples
    --------
    >>> [normalise_language(code) for code in ("en-US", "fra", "Farsi", "zh_TW", "sw", "und")]
    ['en', 'fr', 'fa', 'zh-Hant', 'sw', None]
    """
    subtags = (code or "").strip().lower().replace("_", "-").split("-")
    lang = _BY_NAME.get(subtags[0], subtags[0])
    if lang in ("", "und", "unknown", "mul", "zxx"):
        return None
    if lang == "zh" and _TRADITIONAL.intersection(subtags[1:]):
        return "zh-Hant"
    return lang


def resolve_language(given: str | None, text: str) -> tuple[str | None, str]:
    """Return the language of a text and how it is known: `given`, `script` or `unknown`."""
    lang = normalise_language(given)
    if lang:
        return lang, "given"
    lang = language_by_script(text)
    return (lang, "script") if lang else (None, "unknown")
