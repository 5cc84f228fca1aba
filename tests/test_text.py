"""What a token is: folding, sentences, passages, words, languages."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.text.fold import fold
from sanctions_clf.text.languages import normalise_language, resolve_language
from sanctions_clf.text.passages import split_passages, windows
from sanctions_clf.text.sentences import split_sentences
from sanctions_clf.text.words import split_words

# Text as news has it, with what troubles a splitter: stops, quotes, breaks, scripts, marks.
NEWSLIKE = st.text(
    st.sampled_from(" .!?。！؟…\n\t\"'’»)-aAéÉß北朝鮮キ한كي٣12٪\u200c\u0301\ud800"), max_size=400
)


def cut(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("North-Korean", "north korean"),
        ("nord‑coréens", "nord coréens"),
        ("İstanbul ISPARTA ısı", "istanbul isparta isi"),
        ("ВОЁННЫЙ", "военный"),
        ("أسلحة إيران", "اسلحه ایران"),
        ("کره\u200cشمالی", "کره شمالی"),
        ("ｓａｎｃｔｉｏｎｓ", "sanctions"),
        ("l’arme", "l'arme"),
        ("e\u0301", "é"),
        ("a\ud800b", "a\ufffdb"),
        ("a \u00a0\n b", "a b"),
    ],
)
def test_spelling_variants_fold_to_one_form(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_takes_any_text(text):
    """Whatever Unicode comes, the result is composed enough to encode and has no runs of space."""
    folded = fold(text)
    folded.encode()
    assert "  " not in folded


@given(st.text(st.characters(codec="ascii")))
def test_folding_ascii_by_the_short_way_is_folding_it(text):
    assert f"é {fold(text)}".strip() == fold(f"é {text}")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It sailed. It sank.", ["It sailed.", "It sank."]),
        ("Mr. Smith left on Jan. 5. He lied.", ["Mr. Smith left on Jan. 5.", "He lied."]),
        ("The U.S. Navy came.", ["The U.S. Navy came."]),
        ("Am 18. Oktober kam er.", ["Am 18. Oktober kam er."]),
        ("He said no. and left", ["He said no. and left"]),
        ('"Stop!" he said. "Why?"', ['"Stop!"', "he said.", '"Why?"']),
        ("船は出港した。港は静か。", ["船は出港した。", "港は静か。"]),
        ("「行く。」と言った", ["「行く。」", "と言った"]),
        ("ماذا حدث؟ لا شيء.", ["ماذا حدث؟", "لا شيء."]),
        ("one line\nanother line", ["one line", "another line"]),
        ("* * *\n—\nWord", ["Word"]),
        ("", []),
        ("3.5 million", ["3.5 million"]),
    ],
)
def test_sentences(text, sentences):
    assert cut(text) == sentences


def test_a_text_without_stops_is_cut_at_gaps():
    """Tables and bad extraction give pieces of bounded length, and lose no word."""
    text = "word " * 5000
    pieces = cut(text)
    assert max(map(len, pieces)) <= 2000
    assert " ".join(pieces).split() == text.split()


def test_a_run_without_gaps_is_cut_too():
    assert [len(piece) for piece in cut("x" * 4500)] == [2000, 2000, 500]


@given(NEWSLIKE)
def test_sentences_stand_in_order_and_hold_every_word(text):
    spans = split_sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    kept = "".join(char for a, b in spans for char in text[a:b])
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


@given(NEWSLIKE, st.integers(2, 6))
def test_a_passage_is_cut_as_the_article_is(text, size):
    """The pipeline, which sees passages alone, finds the sentences that the whole article has."""
    runs = windows(split_sentences(text), size)
    for passage, run in zip(split_passages(text, size=size), runs, strict=True):
        inside = [(a + passage.start, b + passage.start) for a, b in split_sentences(passage.text)]
        assert inside == [tuple(span) for span in run]


@given(st.integers(0, 60), st.integers(2, 9))
def test_passages_overlap_by_half_and_leave_nothing_out(count, size):
    runs = windows(range(count), size)
    assert {item for run in runs for item in run} == set(range(count))
    assert all(len(run) <= size for run in runs)
    for run, following in pairwise(runs):
        assert following[0] - run[0] == max(1, size // 2)


def test_a_passage_knows_where_it_stands():
    text = " ".join(f"Sentence number {i}." for i in range(30))
    for passage in split_passages(text, "en"):
        assert text[passage.start : passage.end] == passage.text
        assert passage.lang == "en"


def test_an_empty_text_is_one_empty_passage():
    assert [passage.text for passage in split_passages("")] == [""]


@pytest.mark.parametrize(
    ("folded", "words"),
    [
        ("the port of 12 rason", ["the", "port", "of", "rason"]),
        ("北朝鮮の船", ["北朝", "朝鮮", "鮮の", "の船"]),
        ("북한 화물선", ["북한", "화물", "물선"]),
        ("kn23 x", ["kn23"]),
        ("船", []),
    ],
)
def test_words(folded, words):
    assert split_words(folded) == words


@pytest.mark.parametrize(
    ("given_code", "code"),
    [
        ("en", "en"),
        ("en-US", "en"),
        ("ENG", "en"),
        ("English", "en"),
        ("zh-CN", "zh"),
        ("zh-TW", "zh-Hant"),
        ("zh_Hant_HK", "zh-Hant"),
        ("per", "fa"),
        ("sw", "sw"),
        ("und", None),
        ("", None),
        (None, None),
    ],
)
def test_language_codes_come_to_one_form(given_code, code):
    assert normalise_language(given_code) == code


@pytest.mark.parametrize(
    ("given_code", "text", "expected"),
    [
        ("fra", "Le port", ("fr", "given")),
        (None, "북한의 배가 떠났다", ("ko", "script")),
        (None, "北朝鮮の船が出た", ("ja", "script")),
        (None, "朝鲜船只离开港口", ("zh", "script")),
        (None, "The ship left (船)", (None, "unknown")),
        (None, "Корабль ушёл", (None, "unknown")),
        (None, "", (None, "unknown")),
    ],
)
def test_the_script_settles_what_the_source_leaves_open(given_code, text, expected):
    assert resolve_language(given_code, text) == expected


@given(st.text())
def test_words_are_folded_words(text):
    """No word holds white space or capitals, so that one vocabulary serves all spellings."""
    for word in split_words(fold(text)):
        assert not any(char.isspace() for char in word)
        assert unicodedata.category(word[0]) != "Lu" or word == word.lower()
