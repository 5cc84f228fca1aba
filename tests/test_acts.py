"""When the act took place that an article tells of."""

import datetime

import pytest

from sanctions_clf.acts import ActDate, act_date, dates_told
from sanctions_clf.terms import read_sentences


def date_of(text, published, shown=slice(None)):
    sentences = read_sentences(text, "en")
    return act_date(sentences[shown], sentences, text, "en", published)


def test_a_date_in_the_evidence_goes_before_the_articles():
    assert date_of("Shells left in May 2022.", "2024-03-01") == ActDate("2022-05", "text")


def test_of_several_dates_the_latest_before_the_articles_counts():
    text = "It shipped coal in 2019 and in March 2021; the next one sails in 2030."
    assert date_of(text, "2024-03-01") == ActDate("2021-03", "text")


def test_dates_outside_the_evidence_do_not_count():
    text = "Shells left the port. The pact was signed in 2001."
    assert date_of(text, "2024-03-01", slice(1)) == ActDate("2024-03-01", "article")


def test_the_date_of_a_resolution_is_not_that_of_the_act():
    text = "The Security Council banned it in December 2017."
    assert date_of(text, "2024-03-01") == ActDate("2024-03-01", "article")


@pytest.mark.parametrize("published", [None, "last week"])
def test_without_a_date_of_its_own_the_article_is_as_old_as_the_latest_that_it_states(published):
    text = "Shells left the port. Updated 4 March 2021, and again in May."
    assert date_of(text, published, slice(1)) == ActDate("2021-03-04", "text")


def test_a_range_of_years_is_as_late_as_its_last():
    assert date_of("Shells left the port.", "2016-2018") == ActDate("2018", "article")
    assert date_of("Shells left in May 2017; more will in 2020.", "2016-2018").date == "2017-05"


def test_with_no_date_at_all_today_counts():
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    assert date_of("Shells left the port.", None) == ActDate(today, "today")


def test_all_dates_are_told_latest_first():
    text = "He sold arms in 2003. In 2005 he fled. The trial began in March 2017."
    assert dates_told(read_sentences(text, "en"), text, "en", "2016") == ["2005", "2003"]
