"""Files that are labelled: nothing but labels changes, and each is on disk at once."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.errors import CorpusError, OutputError
from sanctions_clf.label_files import LabelFile, read_rows

VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
JSON_ROWS = st.lists(
    st.dictionaries(st.text(min_size=1), VALUES, min_size=1).map(lambda row: row | {"label": ""}),
    min_size=1,
    max_size=5,
)
# csv.reader takes a lone carriage return for a line end, NUL for nothing at all.
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"))
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)

DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t"]),
        "quoting": st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
        "lineterminator": st.sampled_from(["\n", "\r\n"]),
    }
)


@given(JSON_ROWS, st.data())
def test_of_jsonl_one_label_changes_and_every_other_byte_stays(rows, data):
    chosen = data.draw(st.integers(0, len(rows) - 1))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "rows.jsonl"
        path.write_bytes(b"\n".join(json.dumps(row).encode() for row in rows) + b"\n\n")
        before = path.read_bytes().split(b"\n")
        labels = LabelFile(path)
        labels.set_label(labels.rows[chosen], "relevant")
        after = path.read_bytes().split(b"\n")
    assert [a == b for a, b in zip(before, after, strict=True)] == [
        line != chosen for line in range(len(before))
    ]
    assert json.loads(after[chosen]) == rows[chosen] | {"label": "relevant"}


@given(TABLES, DIALECTS, st.sampled_from(["", "\ufeff"]), st.data())
def test_a_table_keeps_its_dialect(table, dialect, bom, data):
    chosen = data.draw(st.integers(0, len(table) - 1))
    rows = [["text", "label", "note"], *([text, "", note] for text, note in table)]
    content = bom + written(rows, dialect)
    rows[chosen + 1][1] = "borderline"
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "rows.csv"
        path.write_bytes(content.encode())
        labels = LabelFile(path)
        labels.set_label(labels.rows[chosen], "borderline")
        assert path.read_bytes().decode() == bom + written(rows, dialect)


def written(rows, dialect):
    stream = io.StringIO(newline="")
    csv.writer(stream, **dialect).writerows(rows)
    return stream.getvalue()


def test_a_table_without_a_label_column_gets_one(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b'\xef\xbb\xbfid;text\r\n1;"a;b"\r\n2;c')
    labels = LabelFile(path)
    labels.set_label(labels.rows[1], "relevant")
    assert path.read_bytes() == b'\xef\xbb\xbfid;text;label\r\n1;"a;b";\r\n2;c;relevant\r\n'


def test_a_row_of_jsonl_without_a_label_gets_one(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n{"text": "\\ud800é", "n": 123456789012345678901}')
    labels = LabelFile(path)
    labels.set_label(labels.rows[1], "relevant")
    first, second = path.read_text().splitlines()
    assert first == '{"text": "a"}'
    assert json.loads(second) == {
        "text": "\ud800é",
        "n": 123456789012345678901,
        "label": "relevant",
    }


def test_rows_joined_are_the_file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_bytes(b'text,label\n"two\nlines",\n\nb,relevant')
    rows = list(read_rows(path))
    assert b"".join(row.raw for row in rows) == path.read_bytes()
    assert [(row.position, row.label) for row in rows if row.fields] == [
        ("row 2", ""),
        ("row 4", "relevant"),
    ]


def test_what_another_program_wrote_meanwhile_is_kept(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a"}\n')
    labels = LabelFile(path)
    path.write_text('{"text": "a", "label": "relevant"}\n')
    with pytest.raises(OutputError, match="another program changed it"):
        labels.set_label(labels.rows[0], "not_relevant")
    path.unlink()
    with pytest.raises(OutputError, match="another program changed it"):
        labels.set_label(labels.rows[0], "not_relevant")


def test_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "rows.jsonl", tmp_path / "link.jsonl"
    path.write_text('{"text": "a"}\n')
    link.symlink_to(path)
    labels = LabelFile(link)
    labels.set_label(labels.rows[0], "relevant")
    assert link.is_symlink()
    assert "relevant" in path.read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no rows to label"),
        (b"text,label\n", "no rows to label"),
        (b'{"text": "a"}\nnot JSON\n', "line 2: not JSON"),
        (b'{"text": "a"}\n[]\n', "line 2: not a JSON object"),
        (b"text,label\na,,\n", "row 2: 3 cells, the header has 2"),
        (b"text,a,a\nb,,\n", "two columns have one name"),
        (b"text,label\n\xe9,\n", "no UTF-8 text"),
        (b"\x1f\x8b\x08\x00", "no UTF-8 text; labels go into plain JSONL or CSV"),
    ],
    ids=str,
)
def test_a_file_that_cannot_be_labelled_is_told(tmp_path, content, message):
    path = tmp_path / "rows"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=message) as error:
        LabelFile(path)
    assert str(error.value).startswith(str(path))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CorpusError, match="No such file"):
        LabelFile(tmp_path / "missing.jsonl")
