"""The dates that a sentence states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.text.dates import stated_dates

WRITTEN = "2024-02-03"


@pytest.mark.parametrize(
    ("lang", "sentence", "dates"),
    [
        ("en", "Shells left on May 12, 2023 and fuel on 3 June.", ["2023-05-12", "2023-06-03"]),
        ("en", "The ship sailed in Sept. 2021 and in 2022.", ["2021-09", "2022"]),
        ("fr", "le 1er août 2017, puis en mai", ["2017-08-01", "2023-05"]),
        ("de", "am 18. Oktober 2019, im Dezember des letzten Jahres", ["2019-10-18", "2023-12"]),
        ("es", "el 5 de marzo de 2016 y el año pasado", ["2016-03-05", "2023"]),
        ("it", "il 12/3/2018 e nel 2019", ["2018-03-12", "2019"]),
        ("pt", "12 de março de 2016; em 2014", ["2016-03-12", "2014"]),
        ("ro", "în martie 2020", ["2020-03"]),
        ("ru", "В марте прошлого года и 12 мая 2019 года", ["2023-03", "2019-05-12"]),
        ("uk", "у вересні 2023 року, торік", ["2023-09", "2023"]),
        ("ar", "في 12 مارس/آذار 2016", ["2016-03-12"]),
        ("fa", "در ۲۸ اسفند ۱۳۹۴ و مارس ۲۰۱۷", ["2016-02", "2017-03"]),
        ("tr", "Mart 2016'da, geçen yıl", ["2016-03", "2023"]),
        ("vi", "tháng 3/2016, ngày 5 tháng 12 năm 2017", ["2016-03", "2017-12-05"]),
        ("id", "pada 3 Juli 2018", ["2018-07-03"]),
        ("ja", "2016年3月5日、昨年5月、1月", ["2016-03-05", "2023-05", "2024-01"]),
        ("ko", "지난해 3월, 2016년", ["2023-03", "2016"]),
        ("zh", "去年6月和2017年10月", ["2023-06", "2017-10"]),
        (None, "El 5 de marzo de 2016", ["2016-03-05"]),
    ],
)  # fmt: skip
def test_dates_are_read_in_every_language(lang, sentence, dates):
    assert stated_dates(sentence, lang, WRITTEN) == dates


@pytest.mark.parametrize(
    "sentence",
    [
        "Resolution 1929 (2010) and resolutions 1970 and 1973 forbid it.",
        "It has been under sanctions since 2006 and since late October 2017.",
        "They may march; 2,016 soldiers and $2016 were counted.",
        "It will be launched in March.",
    ],
)
def test_what_is_no_date_of_an_act_is_left_out(sentence):
    """Years of resolutions, since when something goes on, numbers, months to come."""
    assert stated_dates(sentence, "en", WRITTEN) == []


def test_without_the_articles_date_nothing_is_reckoned_from_it():
    assert stated_dates("In May and last year, then in 2019.", "en", None) == ["2019"]


@pytest.mark.parametrize(("lang", "date"), [("en", "2020"), ("fr", "2020-06-05")])
def test_day_and_month_in_figures_are_ambiguous_in_english_alone(lang, date):
    assert stated_dates("5/6/2020", lang, WRITTEN) == [date]


@given(st.text(max_size=300), st.sampled_from(["en", "fa", "ja", "vi", None]))
def test_any_text_can_be_read(text, lang):
    for date in stated_dates(text, lang, WRITTEN):
        assert date[:4].isdigit()
