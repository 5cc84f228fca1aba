"""Labelled data: reading, checking, grouping; and what ships is in order."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

import sanctions_clf as sc
from sanctions_clf.corpus import LabelledRow, corpus_checksum, fold_groups
from sanctions_clf.corpus_check import STATUSES, check_corpus
from sanctions_clf.corpus_style import MOST_LEAK, repetition_problems, style_leaks
from sanctions_clf.domain import load_measures, load_regimes
from sanctions_clf.errors import CorpusError
from sanctions_clf.shipped import corpus_files

GOOD = {
    "id": "en-1", "lang": "en", "title": "A ship", "text": "It carried coal. It left.",
    "date": "2020-01", "label": "relevant", "evidence": ["It carried coal."],
    "regimes": ["dprk-1718"], "measures": ["natural_resources"], "status": "reported",
    "subtype": "resource_trade", "prominence": "headline", "genre": "news agency",
    "origin": "invented", "event": "a-ship",
}  # fmt: skip


def check(write_jsonl, *rows):
    return check_corpus(sc.read_labelled([str(write_jsonl(rows))]))


def test_the_shipped_corpus_keeps_its_contract():
    assert check_corpus(sc.read_labelled(map(str, corpus_files()))) == []


def test_the_shipped_corpus_is_what_its_datasheet_promises(corpus):
    counts = Counter(article.lang for article in corpus)
    assert len(corpus) >= 3000
    assert counts["en"] >= 900
    small = {lang for lang, count in counts.items() if count < 120}
    assert small == {"vi", "id", "ro"}
    assert all(counts[lang] >= 60 for lang in small)
    assert sum(bool(article.pair) for article in corpus) >= 2 * 400


@pytest.mark.parametrize(
    ("field", "known"),
    [("regimes", load_regimes()), ("measures", load_measures()), ("status", STATUSES)],
    ids=["regimes", "measures", "status"],
)
def test_the_shipped_corpus_has_every_regime_measure_and_status(corpus, field, known):
    found = set()
    for article in corpus:
        value = getattr(article, field)
        found |= set(value) if isinstance(value, tuple) else {value}
    assert set(known) - found == set()


def test_a_good_row_has_no_problems(write_jsonl):
    assert check(write_jsonl, GOOD) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lang": "tlh"}, "language 'tlh' is not in the lexicon"),
        (
            {"text": "Elle transportait du charbon.", "evidence": ["A ship"]},
            "language is given as en, and reads as fr",
        ),
        ({"date": "May"}, "date 'May' is not ISO 8601"),
        ({"evidence": ["It carried gold."]}, "evidence is no exact part"),
        ({"evidence": []}, "no evidence is marked"),
        ({"regimes": ["mars-1"]}, "'mars-1' is not in the domain table"),
        ({"measures": []}, "relevant, but no measures"),
        ({"status": "rumoured"}, "status 'rumoured' is not of alleged"),
        ({"prominence": None}, "prominence None is not of headline"),
        ({"label": "not_relevant"}, "not relevant, but has evidence"),
        ({"origin": "real"}, "origin 'real' is not of real_event, invented"),
        ({"event": ""}, "event None is missing"),
        ({"id": "a b/c"}, "is no plain name"),
        ({"pair": "p"}, "pair p: not one relevant and one not relevant article"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_each_breach_is_named_with_its_place(write_jsonl, change, problem):
    problems = check(write_jsonl, {**GOOD, **change})
    assert any(problem in line for line in problems), problems


def test_repeated_ids_and_texts_are_named(write_jsonl):
    problems = check(write_jsonl, GOOD, GOOD)
    assert any("same id as" in line for line in problems)
    assert any("same text as" in line for line in problems)


def article(text, lang="en", **fields):
    return sc.LabelledArticle(text=text, lang=lang, label="not_relevant", id=text[:9], **fields)


STORY = "The harbour master said on Monday that the new crane had been ordered from a yard abroad"


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        (f"{STORY} and was late.", f"Yesterday {STORY.lower()} and cost too much.", "en"),
        ("港湾局は月曜日に新しいクレーンを発注した。", "新しいクレーンを発注した市は", "ja"),
    ],
    ids=["words", "characters"],
)  # fmt: skip
def test_texts_made_from_one_another_are_named(one, other, lang):
    assert list(repetition_problems([article(one, lang), article(other, lang)]))
    halves = [article(one, lang, pair="p"), article(other, lang, pair="p")]
    assert list(repetition_problems(halves)) == []
    assert list(repetition_problems([article(one, "fr"), article(other, "de")])) == []


def test_an_opening_that_many_texts_have_is_named():
    rows = [
        article("A spokesman said that " + " ".join(f"word{i}{j}" for j in range(9)))
        for i in range(6)
    ]
    assert list(repetition_problems(rows[:5])) == []
    (problem,) = repetition_problems(rows)
    assert "6 articles open with 'a spokesman said that'" in problem


def test_a_style_that_gives_the_label_away_shows():
    """Relevant texts that shout are told by their style; equal ones are not."""
    random = np.random.default_rng(0)
    words = [f"w{i}" for i in range(50)]

    def texts(mark):
        return [
            dataclasses.replace(
                article(" ".join(random.choice(words, 30)) + (mark if i % 2 else ".")),
                label="relevant" if i % 2 else "not_relevant",
                event=str(i),
            )
            for i in range(120)
        ]

    (shouted,) = style_leaks(texts("!!!"))
    (plain,) = style_leaks(texts("."))
    assert shouted.auc > 0.9
    assert plain.low < 0.6


@pytest.fixture(scope="module")
def leaks(corpus):
    """How well style alone tells the labels of the corpus, by language."""
    decided = [article for article in corpus if article.label != "borderline"]
    return {leak.lang: leak for leak in style_leaks(decided)}


def test_style_does_not_give_the_labels_away(leaks):
    assert len(leaks) >= 15
    assert [leak for leak in leaks.values() if leak.low > MOST_LEAK] == []


def test_a_language_out_of_balance_is_named(write_jsonl):
    rows = [{**GOOD, "id": f"en-{n}", "text": f"It carried coal. {n}"} for n in range(20)]
    assert any("100% relevant" in line for line in check(write_jsonl, *rows))


@pytest.mark.parametrize(
    ("label", "relevant"),
    [("relevant", True), (1, True), ("1", True), (True, True), ("TRUE", True),
     ("not_relevant", False), (0, False), (False, False), ("no", False)],
)  # fmt: skip
def test_labels_come_in_many_spellings(write_jsonl, label, relevant):
    (row,) = sc.read_labelled([str(write_jsonl([{"text": "a", "label": label}]))])
    assert row.article.relevant is relevant


def test_a_row_without_label_is_refused_with_its_place(write_jsonl):
    with pytest.raises(CorpusError, match=r"line 1: no label in 'label'; .*--label-column"):
        sc.read_labelled([str(write_jsonl([{"text": "a", "label": "maybe"}]))])


def test_labelled_csv_with_lists_as_json(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text('text,y,evidence\n"One. Two.",1,"[""One.""]"\n"Three.",0,\n')
    rows = sc.read_labelled([str(path)], label_column="y")
    assert [row.article.evidence for row in rows] == [("One.",), ()]


def test_articles_of_an_event_or_pair_and_near_copies_stay_in_one_fold():
    articles = [
        article("one", event="a"), article("two", event="b", pair="p"),
        article("three", event="a", pair="p"), article("four", event="c"), article("five"),
        article(f"{STORY}."), article(f"{STORY}, and rain fell."),
    ]  # fmt: skip
    groups = fold_groups(articles)
    assert len({groups[0], groups[1], groups[2]}) == 1
    assert groups[5] == groups[6]
    assert len(set(groups)) == 4


def test_the_checksum_does_not_depend_on_order_but_on_every_field(corpus):
    few = corpus[:5]
    assert corpus_checksum(few) == corpus_checksum(few[::-1])
    changed = [dataclasses.replace(few[0], evidence=("other",)), *few[1:]]
    assert corpus_checksum(few) != corpus_checksum(changed)


def test_rows_know_their_place(write_jsonl):
    path = write_jsonl([GOOD])
    (row,) = sc.read_labelled([str(path)])
    assert isinstance(row, LabelledRow)
    assert row.place == f"{path}, line 1"
