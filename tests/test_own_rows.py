"""A user's own labelled articles: every form of label is read, and nothing is lost unsaid."""

import csv
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
    assert own.undecided == 3
    assert "line 4: no text in" in own.warnings[0]
    assert own.warnings[1:] == (
        "left out: 2 rows without a label",
        "left out: 1 row labelled borderline",
    )


def test_an_unknown_label_is_refused_with_all_that_were_seen(write_jsonl):
    with pytest.raises(CorpusError, match=r"line 3: .*it has pertinent 2, no 1\)"):
        read(write_jsonl, row("a"), row("b", ""), row("c", "pertinent"), row("d", "pertinent"))


def test_a_file_without_the_label_field_is_refused_with_its_fields(write_jsonl):
    with pytest.raises(CorpusError, match=r"no label in 'label'.*it has text, verdict"):
        read(write_jsonl, {"text": "a", "verdict": "yes"})


@pytest.mark.parametrize(
    ("yes", "no", "words"),
    [
        ("Ja", "nein", {"relevant": ["ja"], "not_relevant": ["nein"]}),
        ("x", "", {"relevant": ["X"], "not_relevant": [""]}),
        ("0", "1", {"relevant": ["0"], "not_relevant": ["1"]}),
    ],
)
def test_labels_may_be_written_in_words_of_the_users_own(write_jsonl, yes, no, words):
    path = write_jsonl([row("a", yes), row("b", no)])
    own = read_own_articles([str(path)], **words)
    assert [article.label for article in own.articles] == ["relevant", "not_relevant"]


def test_a_word_for_both_labels_is_refused(write_jsonl):
    with pytest.raises(CorpusError, match="'x' cannot be both"):
        read_own_articles([str(write_jsonl([row("a")]))], relevant=["x"], not_relevant=["X"])


def test_every_article_has_its_place(write_jsonl):
    own = read(write_jsonl, row("a", ""), row("b"), row("c", "yes"))
    assert [place.rpartition(", ")[2] for place in own.places] == ["line 2", "line 3"]


def test_borderline_articles_stay_where_they_are_asked_for(write_jsonl):
    path = write_jsonl([row("a"), row("b", "borderline")])
    own = read_own_articles([str(path)], borderline=True)
    assert [article.label for article in own.articles] == ["not_relevant", "borderline"]
    assert own.warnings == ()


def test_a_file_without_any_label_yet_says_so(write_jsonl):
    with pytest.raises(CorpusError, match=r"own\.jsonl: no row has a label in 'label' yet"):
        read(write_jsonl, row("a", ""), row("b", None))


def test_a_title_that_may_stand_in_a_field_of_another_name_is_asked_for(write_jsonl):
    own = read(write_jsonl, row("a", Titel="A", Datum="2020-01-01"))
    assert own.warnings == (
        "no article has a title or a date; if it is among Titel, Datum, name it with "
        "--title-column and --date-column",
    )


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
    assert copies == "2 articles are near-copies of one another, of 1 text"


def test_a_minimal_pair_contradicts_by_design(write_jsonl):
    halves = [row(STORY, "yes", pair="p"), row(f"{STORY} It did not.", "no", pair="p")]
    assert not any("contradict" in warning for warning in read(write_jsonl, *halves).warnings)


EXCEL_OPTIONS = (
    "--encoding", "cp1252", "--title-column", "Überschrift", "--text-column", "Inhalt",
    "--label-column", "Einschlägig", "--relevant", "ja", "--not-relevant", "nein",
)  # fmt: skip


@pytest.fixture(scope="module")
def excel(tmp_path_factory, small_corpus):
    """Semicolons, Windows-1252, foreign names and words, and a row that no one has labelled."""
    path = tmp_path_factory.mktemp("excel") / "excel.csv"
    words = {"relevant": "Ja", "not_relevant": "nein"}
    articles = [article for article in small_corpus if article.lang == "de"][:80]
    with path.open("w", encoding="cp1252", errors="replace", newline="") as stream:
        table = csv.writer(stream, delimiter=";")
        table.writerow(["Überschrift", "Inhalt", "Einschlägig"])
        table.writerows([a.title, a.text, words[a.label]] for a in articles)
        table.writerow(["–", "Noch nicht gelesen.", ""])
    return path


@pytest.mark.parametrize(
    "command",
    [
        ("data", "check"),
        ("data", "suspects"),
        ("model", "weights", "--against"),
        ("train", "--no-search", "-o", "own.zip"),
        ("tune", "-o", "tuned.zip"),
        ("evaluate",),
    ],
    ids=" ".join,
)
def test_every_command_reads_a_half_labelled_table(
    command_result, excel, tmp_path, monkeypatch, command
):
    monkeypatch.chdir(tmp_path)
    result = command_result(*command, excel, *EXCEL_OPTIONS)
    assert result.exit_code == 0, result.output
    assert "left out: 1 row without a label" in result.stderr


@pytest.mark.parametrize(
    "command",
    [("train", "-o", "own.zip"), ("tune", "-o", "tuned.zip"), ("evaluate",), ("data", "suspects")],
    ids=" ".join,
)
def test_too_few_labels_are_told_with_the_file(command_result, write_jsonl, command):
    result = command_result(*command, write_jsonl([row("a"), row("b")], "one.jsonl"))
    assert result.exit_code == 1
    assert "one.jsonl: " in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_encoding_that_there_is_not_is_wrong_usage(command_result, excel):
    result = command_result("evaluate", excel, "--encoding", "ansi-de")
    assert result.exit_code == 2
    assert "no encoding 'ansi-de'" in result.stderr


def test_a_header_in_another_encoding_is_told_with_the_mend(command_result, excel):
    result = command_result("evaluate", excel)
    assert result.exit_code == 1
    assert "excel.csv: row 1 is not in the encoding of the file" in result.stderr
