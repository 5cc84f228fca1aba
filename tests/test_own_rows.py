"""A user's own labelled articles: every form of label is read, and nothing is lost unsaid."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sanctions_clf as sc
from sanctions_clf.errors import CorpusError
from sanctions_clf.own_rows import read_own_articles

STORY = (
    "The harbour master said on Monday that the new crane had been ordered from a yard abroad, "
    "that it would be paid for by the province, and that the old one would be sold for scrap."
)


@pytest.mark.parametrize(
    ("yes", "no"),
    [("relevant", "not_relevant"), ("Yes", "NO"), (1, 0), (True, False), (1.0, 0.0), ("1", "0")],
    ids=str,
)
@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_labels_are_read_from_every_format(tmp_path, yes, no, suffix):
    rows = [{"Story": "Coal.", "verdict": yes}, {"Story": "Rain.", "verdict": no}]
    path = tmp_path / f"own.{suffix}"
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    elif suffix == "csv":
        path.write_text("Story,verdict\n" + "".join(f"{r['Story']},{r['verdict']}\n" for r in rows))
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    own = read_own_articles([str(path)], columns=sc.Columns(text="Story"), label_column="verdict")
    assert [article.relevant for article in own.articles] == [True, False]
    assert own.warnings == ()
    assert list(own.files) == [path.name]


def read(write_jsonl, *rows):
    return read_own_articles([str(write_jsonl(rows, "own.jsonl"))])


def row(text, label="no", **fields):
    return {"text": text, "label": label, **fields}


def test_rows_without_label_text_or_decision_are_left_out_and_counted(write_jsonl):
    own = read(write_jsonl, row("a"), row("b", None), row("c", ""), row(""), row("d", "borderline"))
    assert [article.text for article in own.articles] == ["a"]
    assert "line 4: no text in" in own.warnings[0]
    assert own.warnings[1:] == (
        "2 rows have no label and are left out",
        "1 rows are borderline and left out",
    )


def test_an_unknown_label_is_refused_with_all_that_were_seen(write_jsonl):
    with pytest.raises(CorpusError, match=r"line 3: .*it has pertinent 2, no 1\)"):
        read(write_jsonl, row("a"), row("b", ""), row("c", "pertinent"), row("d", "pertinent"))


def test_a_file_without_the_label_field_is_refused_with_its_fields(write_jsonl):
    with pytest.raises(CorpusError, match=r"no label in 'label'.*it has text, verdict"):
        read(write_jsonl, {"text": "a", "verdict": "yes"})


def test_evidence_that_is_not_in_the_text_is_told_and_dropped(write_jsonl):
    own = read(write_jsonl, row("It sank. It rose.", "yes", evidence=["It rose.", "It flew."]))
    assert own.articles[0].evidence == ("It rose.",)
    (warning,) = own.warnings
    assert "line 1: evidence that is not in the text: 'It flew.'" in warning


@pytest.mark.parametrize(
    ("copy", "alike"), [(STORY, "the same text"), (f"{STORY} Rain fell.", "nearly one text")]
)
def test_contradictory_labels_are_told_with_both_places(write_jsonl, copy, alike):
    own = read(write_jsonl, row(STORY, "yes"), row("Rain."), row(copy, "no"))
    assert len(own.articles) == 3
    contradiction, copies = own.warnings
    assert alike in contradiction
    assert "own.jsonl, line 1 (relevant)" in contradiction
    assert "own.jsonl, line 3 (not_relevant)" in contradiction
    assert "2 articles are near-copies of one another, 1 texts" in copies


def test_a_minimal_pair_contradicts_by_design(write_jsonl):
    halves = [row(STORY, "yes", pair="p"), row(f"{STORY} It did not.", "no", pair="p")]
    assert not any("contradict" in warning for warning in read(write_jsonl, *halves).warnings)
