"""The dates that a sentence states, in eighteen languages."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from sanctions_clf.text.fold import fold

_YEAR = r"(?<![\d.,/$€£])(?:19|20)\d\d(?!\d|[.,]\d|%)"
# A year in brackets after a number belongs to a resolution, and so does a number near that word:
# 1970 (2011) bans arms for Libya.
_RESOLUTION = re.compile(
    r"\d{3,4} ?\((?:19|20)\d\d\)"
    r"|(?:resol|rezol|резол|قرار|قطعنامه|nghị quyết|karar|決議|决议|결의)[^\d]{0,20}"
    r"\d{4}(?:(?:,| and|/| и| et| y| e| und)? ?\(?\d{4}\)?)*"
)
# What has gone on *since 2006* is told in the present.
_SINCE = re.compile(
    r"\b(?:since|depuis|seit|desde|dal|dall|din|dès|с|з|із|від|منذ|از|sejak|từ|beri)"
    r" (?:[^\W\d]{1,8} ){0,2}$"
)
_STILL = re.compile(r" ?年? ?(?:以来|以來|から|이후|부터|den beri|'den beri)")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d) (\d\d) (\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)(?!\d)")
# Chinese, Japanese and Korean number the months.
_CJK_SIGN = re.compile(r"[年년月월去昨지작]")
_CJK = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d) ?[年년]|(?P<last>去年|昨年|지난해|작년))? ?"
    r"(?:(?<!\d)(?P<month>\d{1,2}) ?[月월](?: ?(?P<day>\d{1,2}) ?[日일])?)?"
)
# A month without a year that is at most so many ahead may be the coming one, and is left out.
_MONTHS, _SOON = 12, 2
# Months of so few letters are other words too (*may*, *mart*, *dec*) unless a day or year is told.
_SHORT_NAME = 5
# The Solar Hijri year begins in March (its tenth month in December), 621 years behind.
_HIJRI_LAG, _HIJRI_SPRING, _HIJRI_WINTER = 621, 2, 10
# *March of last year*: so many characters may stand between the two.
_LAST_YEAR_REACH, _LONGEST_PHRASE = 4, 30
_IN = re.compile(r"\b(?:in|en|em|im|au|a|în|в|у|في|فی|در|pada|bulan) $")


class _Found(NamedTuple):
    start: int
    end: int
    date: str


def stated_dates(sentence: str, lang: str | None, written: str | None) -> list[str]:
    """Return the dates of a sentence, ISO 8601 to the precision they have, in order.

    Parameters
    ----------
    sentence : as it stands in the text.
    lang : its language in the lexicon's codes; None tries the months of all.
    written : ISO date of the article, from which *last year* and a month without a year are
        reckoned; None leaves these out.

    Examples
    --------
    >>> stated_dates("Shells left in May 2023, fuel in June and last year.", "en", "2024-02-03")
    ['2023-05', '2023-06', '2023']
    """
    text = fold(sentence)
    text = _RESOLUTION.sub(lambda found: "#" * len(found.group()), text)
    taken: list[_Found] = []
    for reader in (_numeric, _cjk, _named, _bare):
        for found in reader(text, lang, written):
            if all(found.end <= other.start or other.end <= found.start for other in taken):
                taken.append(found)
    return [found.date for found in sorted(taken)]


def _numeric(text: str, lang: str | None, written: str | None) -> Iterator[_Found]:
    for found in _ISO.finditer(text):
        year, month, day = found.groups()
        yield _Found(*found.span(), _iso(year, month, day))
    for found in _NUMERIC.finditer(text):
        day, month, year = found.groups()
        clear = lang != "en" or int(month) > _MONTHS  # 5/6/2020 is May or June in English
        if int(month) > _MONTHS:
            day, month = month, day
        yield _Found(*found.span(), _iso(year, month, day) if clear else year)


def _cjk(text: str, lang: str | None, written: str | None) -> Iterator[_Found]:
    if not _CJK_SIGN.search(text):
        return
    for found in _CJK.finditer(text):
        year, month = found["year"], found["month"]
        if not (year or found["last"] or month) or _is_since(text, *found.span()):
            continue
        if year is None:
            year = _year_before(written) if found["last"] else _latest_year(written, month)
        if year:
            yield _Found(*found.span(), _iso(year, month, found["day"]))


def _named(text: str, lang: str | None, written: str | None) -> Iterator[_Found]:
    months, hijri = _months(lang), _calendar()["solar_hijri"]
    for found in _month_pattern(lang).finditer(text):
        name, year, day = found["name"], found["year"], found["day"] or found["day_after"]
        if name in hijri and lang in ("fa", None) and year and not year.startswith(("19", "20")):
            yield _Found(*found.span(), _from_hijri(int(year), hijri[name]))
            continue
        month = months.get(name)
        if month is None or (year and not year.startswith(("19", "20"))):
            continue
        end = found.end()
        if not year:
            following = _last_year(lang).search(text, end, end + _LONGEST_PHRASE)
            if following and following.start() - end <= _LAST_YEAR_REACH:
                year, end = _year_before(written), following.end()
            elif day or len(name) >= _SHORT_NAME or _IN.search(text[: found.start()]):
                year = _latest_year(written, str(month))
        if year and not _is_since(text, found.start(), end):
            yield _Found(found.start(), end, _iso(year, str(month), day))


def _bare(text: str, lang: str | None, written: str | None) -> Iterator[_Found]:
    for found in _expression(_YEAR).finditer(text):
        if not _is_since(text, *found.span()):
            yield _Found(*found.span(), found.group())
    before = _year_before(written)
    for found in _last_year(lang).finditer(text) if before else ():
        yield _Found(*found.span(), before or "")


def _is_since(text: str, start: int, end: int) -> bool:
    return bool(_SINCE.search(text[max(0, start - 24) : start]) or _STILL.match(text, end))


def _iso(year: str, month: str | None, day: str | None) -> str:
    if not month or not 1 <= int(month) <= _MONTHS:
        return year
    if not day or not 1 <= int(day) <= 31:  # noqa: PLR2004
        return f"{year}-{int(month):02d}"
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _from_hijri(year: int, month: int) -> str:
    if month < _HIJRI_WINTER:
        return f"{year + _HIJRI_LAG}-{month + _HIJRI_SPRING:02d}"
    return f"{year + _HIJRI_LAG + 1}-{month + _HIJRI_SPRING - _MONTHS:02d}"


def _year_before(written: str | None) -> str | None:
    return str(int(written[:4]) - 1) if written else None


def _latest_year(written: str | None, month: str) -> str | None:
    """The year in which a month without one came round last, seen from the article's date."""
    if not written:
        return None
    ahead = int(month) - int(written[5:7]) if len(written) > len("2024-") else 0
    if 0 < ahead <= _SOON:
        return None
    return _year_before(written) if ahead > 0 else written[:4]


_expression = cache(re.compile)


@cache
def _calendar() -> dict[str, Any]:
    content = files(__package__).joinpath("calendar.json").read_text(encoding="utf-8")
    calendar: dict[str, Any] = json.loads(content)
    calendar["solar_hijri"] = {fold(k): v for k, v in calendar["solar_hijri"].items()}
    return calendar


@cache
def _months(lang: str | None) -> dict[str, int]:
    by_lang = _calendar()["months"]
    chosen = [by_lang[lang]] if lang in by_lang else by_lang.values()
    return {fold(name): month for names in chosen for name, month in names.items()}


@cache
def _month_pattern(lang: str | None) -> re.Pattern[str]:
    names = sorted({*_months(lang), *_calendar()["solar_hijri"]}, key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?\.?(?: (?:of|de|de la))?,? )?"
        rf"(?P<name>{'|'.join(map(re.escape, names))})(?!\w)\.?"
        r"(?:,? (?P<day_after>\d{1,2})(?:st|nd|rd|th)?(?!\d))?"
        r"(?:[ ,./]*(?:[^\W\d_]{1,6}[ ,./]+){0,2}(?P<year>[12]\d{3})(?!\d))?"
    )


@cache
def _last_year(lang: str | None) -> re.Pattern[str]:
    by_lang = _calendar()["last_year"]
    chosen = [by_lang[lang]] if lang in by_lang else by_lang.values()
    phrases = [re.escape(fold(phrase)) for phrases in chosen for phrase in phrases]
    return re.compile("|".join(phrases))
