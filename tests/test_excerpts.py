"""The evidence of a prediction within the sentences around it."""

from dataclasses import replace

import pytest

import sanctions_clf as sc
from sanctions_clf.excerpts import excerpts, title_is_evidence

TEXT = "Title\nOne here. Two here. Three here. Four here. Five here. Six here. Seven here."


@pytest.fixture
def marked(model):
    """A function that returns the excerpts of some evidence, which stands in brackets."""
    prediction = model.predict(sc.Article(text="Words."))

    def make(*sentences, text=TEXT, title=None):
        starts = [TEXT.index(sentence) for sentence in sentences]
        evidence = tuple(
            sc.Evidence(sentence, start, start + len(sentence))
            for sentence, start in zip(sentences, starts, strict=True)
        )
        fields = {"text": text} if text else {}
        return [
            "".join(f"[{piece.text}]" if piece.is_evidence else piece.text for piece in excerpt)
            for excerpt in excerpts(
                replace(prediction, title=title, evidence=evidence, fields=fields)
            )
        ]

    return make


def test_evidence_stands_between_its_neighbours(marked):
    assert marked("Three here.") == ["Two here. [Three here.] Four here."]


def test_excerpts_that_meet_are_one(marked):
    assert marked("Two here.", "Four here.") == [
        "One here. [Two here.] Three here. [Four here.] Five here."
    ]
    assert marked("Two here.", "Seven here.") == [
        "One here. [Two here.] Three here.",
        "Six here. [Seven here.]",
    ]


def test_evidence_may_be_the_first_line(marked):
    assert marked("Title") == ["[Title]\nOne here."]


def test_a_title_is_told_apart_since_it_is_shown_as_one(marked, model):
    assert marked("Title", "One here.", title="Title") == ["[One here.] Two here."]
    assert marked("Title", title="Title") == []
    in_title = replace(
        model.predict(sc.Article(text="Words.", title="Title")),
        evidence=(sc.Evidence("Title", 0, 5),),
    )
    assert title_is_evidence(in_title)
    assert not title_is_evidence(replace(in_title, evidence=(sc.Evidence("Words.", 6, 12),)))
    assert not title_is_evidence(replace(in_title, title=None))


@pytest.mark.parametrize("text", [None, "Another text that offsets do not fit."])
def test_without_its_text_evidence_stands_alone(marked, text):
    assert marked("Two here.", "Four here.", text=text) == ["[Two here.]", "[Four here.]"]


def test_long_neighbours_are_cut_at_words(marked):
    long = " ".join(["word"] * 300)
    (after,) = marked("Six here.", text=TEXT.replace("Seven", f"{long} seven"))
    assert after.startswith("Five here. [Six here.] word")
    assert after.endswith("word word…")
    assert len(after) < 450
