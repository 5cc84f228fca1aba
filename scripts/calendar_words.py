"""Write `sanctions_clf/text/calendar.json`, the names of months in fourteen languages.

Chinese, Japanese and Korean number them (`text/dates.py`).

Names come from the Unicode CLDR by way of Babel (`pip install babel`), which nothing else here
needs; what CLDR leaves out stands below. To run again when a language is added.
"""

import json
from pathlib import Path

from babel import Locale, __version__

WHERE = Path(__file__).resolve().parents[1] / "sanctions_clf" / "text" / "calendar.json"
LOCALES = {
    "en": ["en", "en_GB"],
    **{lang: [lang] for lang in ("fr", "de", "es", "it", "pt", "ro", "ru", "uk", "fa")},
    **{lang: [lang] for lang in ("tr", "vi", "id")},
    "ar": ["ar", "ar_EG", "ar_IQ", "ar_LB", "ar_DZ", "ar_TN", "ar_MA", "ar_MR"],
}
# Cases that CLDR does not list: after a preposition.
CASES = {
    "ru": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    "uk": "січні лютому березні квітні травні червні липні серпні вересні жовтні листопаді грудні",
}
SOLAR_HIJRI = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
LAST_YEAR = {
    "en": ["last year"],
    "fr": ["l'an dernier", "l'année dernière", "l'an passé", "l'année passée"],
    "de": ["letztes jahr", "letzten jahres", "letzten jahr", "vergangenen jahr", "im vorjahr",
           "vergangenes jahr", "des vergangenen jahres", "des letzten jahres"],
    "es": ["el año pasado", "del año pasado"],
    "it": ["l'anno scorso", "lo scorso anno", "dello scorso anno", "dell'anno scorso"],
    "pt": ["no ano passado", "do ano passado", "o ano passado"],
    "ro": ["anul trecut", "anului trecut"],
    "ru": ["в прошлом году", "прошлого года", "прошлым летом", "прошлой осенью", "прошлой зимой"],
    "uk": ["торік", "минулого року", "минулоріч", "у минулому році"],
    "ar": ["العام الماضي", "السنة الماضية", "العام المنصرم"],
    "fa": ["سال گذشته", "پارسال", "سال قبل"],
    "tr": ["geçen yıl", "geçtiğimiz yıl", "geçen sene"],
    "vi": ["năm ngoái", "năm trước"],
    "id": ["tahun lalu", "tahun kemarin"],
}  # fmt: skip


def main() -> None:
    """Write the file."""
    months = {lang: _names(locales) for lang, locales in LOCALES.items()}
    for lang, names in CASES.items():
        months[lang] |= {name: month for month, name in enumerate(names.split(), 1)}
    content = {
        "source": f"Unicode CLDR by way of Babel {__version__}; scripts/calendar_words.py",
        "months": months,
        "solar_hijri": {name: month for month, name in enumerate(SOLAR_HIJRI.split(), 1)},
        "last_year": LAST_YEAR,
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    WHERE.write_text(text, encoding="utf-8")


def _names(locales: list[str]) -> dict[str, int]:
    return {
        name.rstrip("."): month
        for locale in locales
        for context in Locale.parse(locale).months.values()
        for width in ("wide", "abbreviated")
        for month, name in context[width].items()
    }


if __name__ == "__main__":
    main()
