"""The lexicon and its matcher."""

import gzip
import json
from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.domain import load_concepts
from sanctions_clf.text.concepts import concept_matcher


@pytest.mark.parametrize(
    ("sentence", "lang", "concepts"),
    [
        ("North Korea sent shells", "en", {"north_korea", "artillery_shells"}),
        ("NORTH-KOREAN workers", "en", {"north_korea"}),
        ("the northern Korean border", "en", set()),
        ("des soldats nord-coréens", "fr", {"north_korea"}),
        ("Северной Кореи", "ru", {"north_korea"}),
        ("북한산 석탄", "ko", {"north_korea", "coal"}),
        ("朝鲜煤炭", "zh", {"north_korea", "coal"}),
        ("وللحوثيين", "ar", {"houthi"}),
        ("تقرير للأمم المتحدة", "ar", {"united_nations"}),
        ("کره‌شمالی", "fa", {"north_korea"}),
        ("کرۀ شمالی و کرهٔ شمالی", "fa", {"north_korea"}),
        ("Kuzey Kore'nin", "tr", {"north_korea"}),
    ],
)
def test_forms_of_every_script_are_found(sentence, lang, concepts):
    found = concept_matcher().find(sentence, lang)
    assert concepts <= found
    if not concepts:
        assert "north_korea" not in found


def test_acronyms_count_in_capitals_only():
    """`UN` is the United Nations, `un` an article; `IS` a group, `is` a verb."""
    matcher = concept_matcher()
    assert "united_nations" in matcher.find("The UN said")
    assert "united_nations" not in matcher.find("un homme et un enfant", "fr")
    assert "isil" not in matcher.find("what is it", "en")
    assert "united_nations" not in matcher.find("UNESCO", "en")


def test_a_form_fires_in_a_text_of_any_language():
    """News mixes names of all languages, and no identifier is needed."""
    assert "north_korea" in concept_matcher().find("Der Frachter aus North Korea", "de")
    assert "north_korea" in concept_matcher().find("Der Frachter aus North Korea", None)


@pytest.mark.parametrize(
    ("word", "concept", "home"),
    [
        ("multe", "ctx_domestic_penalty", "it"),
        ("nie", "st_denied", "fr"),
        ("Cuba", "south_sudan", "tr"),
        ("نفت", "st_denied", "ar"),
    ],
)
def test_a_common_word_of_another_language_counts_only_at_home(word, concept, home):
    """Romanian *multe* (many) is no Italian fine, Persian نفت (oil) no Arabic denial."""
    matcher = concept_matcher()
    assert concept in matcher.find(word, home)
    assert concept not in matcher.find(word, "sw")
    assert concept not in matcher.find(word, None)


def test_acronyms_may_hold_digits_and_endings():
    matcher = concept_matcher()
    assert "m23" in matcher.find("Les rebelles du M23", "fr")
    assert "drone" in matcher.find("İHA'lar havalandı", "tr")
    assert "drone" not in matcher.find("ihale yapıldı", "tr")


@pytest.mark.parametrize(
    ("sentence", "lang", "named", "not_named"),
    [
        ("Arms for South Sudan", "en", "south_sudan", "sudan"),
        ("في جنوب السودان", "ar", "south_sudan", "sudan"),
        ("die Hisbollah-Brigaden, also Kataib Hisbollah", "de", "iraqi_militias", None),
        ("Guinea-Bissau voted", "en", "guinea_bissau", "guinea"),
        ("Democratic People's Republic of Korea", "en", "north_korea", "south_korea"),
        ("ساحل العاج", "ar", "ivory_coast", "timber_wildlife"),
    ],
)
def test_a_name_inside_another_name_is_not_named(sentence, lang, named, not_named):
    found = concept_matcher().find(sentence, lang)
    assert named in found
    assert not_named not in found


def test_a_name_beside_the_wider_one_is_named_too():
    found = concept_matcher().find("Troops left Sudan for South Sudan", "en")
    assert {"sudan", "south_sudan"} <= found


def test_traditional_and_simplified_chinese_work_together():
    matcher = concept_matcher()
    assert "north_korea" in matcher.find("北韓貨輪", "zh")
    assert "north_korea" in matcher.find("朝鲜货轮", "zh-Hant")


def test_a_star_inside_a_phrase_closes_that_word_only():
    matcher = concept_matcher()
    assert "north_korea" in matcher.find("Северными Корейскими", "ru")
    assert "north_korea" not in matcher.find("Северный полюс и Корея", "ru")


@pytest.mark.parametrize("lang", ["en", "ru", "ko", "zh", "ja", "ar", "fa", "tr", "vi"])
def test_every_form_finds_its_own_concept(lang):
    """A form that its own matcher misses is a typing error in the lexicon."""
    matcher = concept_matcher()
    missed = [
        (concept.name, form.text)
        for concept in load_concepts().values()
        for form in concept.forms
        if lang in form.langs and concept.name not in matcher.find(form.text.replace("*", ""), lang)
    ]
    assert missed == []


@given(st.text(), st.sampled_from([None, "en", "ar", "zh"]))
def test_matching_takes_any_text(sentence, lang):
    assert concept_matcher().find(sentence, lang) <= set(load_concepts())


def test_kinds_are_of_the_closed_vocabulary():
    kinds = {concept.kind for concept in load_concepts().values()}
    assert kinds == {"actor", "place", "act", "good", "maritime", "finance", "un", "context"}


def test_no_open_form_fires_in_many_texts_of_a_foreign_language(shared):
    """Forms that fire in more than one in twenty texts of another language must be gated.

    The 110 gated forms were found at one in a hundred; proper names above that are wanted.
    """
    matcher = concept_matcher()
    texts = defaultdict(list)
    with gzip.open(shared / "real" / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if len(texts[row["lang"]]) < 100:
                texts[row["lang"]].append(row["text"][:3000])
    own = {
        (name, lang)
        for name, concept in load_concepts().items()
        for form in concept.forms
        for lang in form.langs
    }
    for lang, found in texts.items():
        if lang in {"zh", "zh-Hant"} or len(found) < 100:
            continue
        unknown = Counter(name for text in found for name in matcher.find(text, None))
        known = Counter(name for text in found for name in matcher.find(text, lang))
        for name, count in unknown.items():
            if (name, lang) in own:
                assert count - known[name] <= 0.05 * len(found), (name, lang)
