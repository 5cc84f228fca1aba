"""Actors, goods and vessels that evidence names, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.parties import find_parties, is_imo_number
from sanctions_clf.terms import read_sentences
from sanctions_clf.text.spans import concept_spans


def parties(text, lang=None):
    return find_parties(read_sentences(text, lang), text, lang)


def test_parties_are_told_with_their_place():
    text = "The coal, said Seoul, left North  Korea aboard the MV Hope Star 7 (IMO 9074729)."
    found = parties(text, "en")
    assert [(party.kind, party.name, party.text) for party in found] == [
        ("good", "coal", "coal"),
        ("actor", "south_korea", "Seoul"),
        ("actor", "north_korea", "North  Korea"),
        ("vessel", "Hope Star 7", "Hope Star 7"),
        ("vessel", "IMO 9074729", "IMO 9074729"),
    ]
    assert all(text[party.start : party.end] == party.text for party in found)


@pytest.mark.parametrize(
    ("text", "lang", "word"),
    [
        ("Грузы северокорейской армии ушли морем.", "ru", "северокорейской"),
        ("北朝鮮が石炭を運んだ。", "ja", "北朝鮮"),
        ("وصلت الشحنة من كوريا الشمالية أمس.", "ar", "كوريا الشمالية"),
        ("محموله‌ای از کره‌ی شمالی رسید؛ کره شمالی تکذیب کرد.", "fa", "کره شمالی"),
        ("Les missiles nord-coréens", "fr", "nord-coréens"),
    ],
)
def test_a_party_is_the_word_as_the_article_has_it(text, lang, word):
    assert word in [party.text for party in parties(text, lang) if party.name == "north_korea"]


def test_the_longest_of_overlapping_names_counts():
    names = [party.name for party in parties("Troops crossed into South Sudan.", "en")]
    assert "south_sudan" in names
    assert "sudan" not in names


def test_a_number_with_another_check_digit_is_no_ship():
    """The example of IMO resolution A.1117 is 9074729."""
    assert is_imo_number("9074729")
    assert not any(is_imo_number(f"907472{digit}") for digit in "012345678")
    assert [party.kind for party in parties("Its number is IMO 9074728.", "en")] == []


@given(st.text(max_size=120))
def test_spans_lie_within_any_sentence(text):
    for span in concept_spans(text, None, ["north_korea", "drone", "iran"]):
        assert 0 <= span.start < span.end <= len(text)
