"""The challenge set: what the model must get right, one file a kind of trap."""

import json
from collections import Counter

import pytest
from conftest import ROOT

import sanctions_clf as sc
from sanctions_clf.domain import load_concepts, load_regimes
from sanctions_clf.filing_evaluation import file_unflagged

FILES = sorted((ROOT / "data" / "challenge").glob("*.jsonl"))
ROWS = [
    (path.stem, json.loads(line))
    for path in FILES
    for line in path.read_text(encoding="utf-8").splitlines()
]
# A coarse floor, far below what `make eval` prints: it tells a broken model, not a worse one.
FLOOR = 0.6
FLOOR_OF_REGIMES = 0.85


def test_the_set_is_large_and_in_many_languages():
    assert len(ROWS) >= 400
    assert len({row["lang"] for _, row in ROWS}) >= 8
    assert len(FILES) >= 14


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_row_says_what_is_expected_and_why(path):
    languages = {
        lang
        for concept in load_concepts().values()
        for form in concept.forms
        for lang in form.langs
    }
    rows = [row for stem, row in ROWS if stem == path.stem]
    for row in rows:
        assert row["label"] in {"relevant", "not_relevant"}
        assert row["why"]
        assert row["text"].strip()
        assert row["lang"] in languages
        assert set(row["regimes"]) <= set(load_regimes())
        assert bool(row["regimes"]) == (row["label"] == "relevant")
    pairs = Counter(row["pair"] for row in rows if row.get("pair"))
    assert all(count == 2 for count in pairs.values())


def test_ids_are_unique_and_no_text_is_in_the_corpus(corpus):
    assert len({row["id"] for _, row in ROWS}) == len(ROWS)
    assert not {row["text"] for _, row in ROWS} & {article.text for article in corpus}


def test_the_model_gets_most_of_it_right(model):
    right = 0
    for _, row in ROWS:
        article = sc.Article(
            text=row["text"], title=row.get("title"), lang=row["lang"], date=row["date"]
        )
        right += model.predict(article).flagged == (row["label"] == "relevant")
    assert right / len(ROWS) >= FLOOR


def test_regimes_and_dates_of_acts_are_told(model):
    rows = [row for stem, row in ROWS if stem == "regimes_and_dates"]
    right = 0
    for row in rows:
        article = sc.LabelledArticle(
            text=row["text"], lang=row["lang"], date=row["date"], label=row["label"]
        )
        filing = file_unflagged(model.linear, model.attributes, article)
        right += ({*filing.regimes}, filing.act_date) == ({*row["regimes"]}, row["act_date"])
    assert right / len(rows) >= FLOOR_OF_REGIMES
