"""Reading articles from archives, and telling what cannot be read."""

import contextlib
import gzip
import io
import json
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.archives import Columns, Record, Rejected, open_archive, read_archive
from sanctions_clf.errors import ArchiveError


def read(path, **options):
    with open_archive(str(path)) as archive:
        return list(read_archive(archive, **options))


def save(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_text_file_is_one_article(tmp_path):
    path = save(tmp_path, "a.txt", "A first line.\n\nA second paragraph.\n")
    (record,) = read(path)
    assert record.article.text == "A first line.\n\nA second paragraph."
    assert (record.article.title, record.article.date) == (None, None)
    assert record.position == "whole file"


@pytest.mark.parametrize("date", ["2024-10", "2024", "2024-10-21"])
def test_a_leading_date_is_taken_off_the_text(tmp_path, date):
    path = save(tmp_path, "a.txt", f" date {date} Une légende. ( Photo )\n\nLe texte.")
    article = sc.read_article(str(path))
    assert article.date == date
    assert article.text.startswith("Une légende.")


@pytest.mark.parametrize(
    "names",
    [
        {"title": "T", "text": "B", "date": "2020", "url": "u", "lang": "fr", "id": "1"},
        {"headline": "T", "body": "B", "published": "2020", "link": "u", "language": "fr", "id": 1},
        {"title": "T", "maintext": "B", "date_publish": "2020", "url": "u", "language": "fr",
         "id": "1"},
        {"Title": "T", "Content": "B", "DATE": "2020", "URL": "u", "Lang": "fr", "ID": "1"},
    ],
    ids=["plain", "synonyms", "news-please", "capitals"],
)  # fmt: skip
def test_usual_column_names_are_found(write_jsonl, names):
    (record,) = read(write_jsonl([names]))
    article = record.article
    found = (article.title, article.text, article.date, article.url, article.lang, article.id)
    assert found == ("T", "B", "2020", "u", "fr", "1")


def test_other_columns_can_be_named_and_dots_lead_into_objects(write_jsonl):
    path = write_jsonl([{"meta": {"says": "B"}, "text": "not this", "h": "T"}])
    (record,) = read(path, columns=Columns(text="meta.says", title="h"))
    assert (record.article.text, record.article.title) == ("B", "T")


def test_a_record_without_id_is_known_by_its_place(write_jsonl):
    path = write_jsonl([{"text": "one"}, {"text": "two"}])
    assert [record.article.id for record in read(path)] == [f"{path}, line 1", f"{path}, line 2"]


def test_bad_lines_are_rejected_with_place_and_reason_and_the_rest_is_read(tmp_path):
    lines = [
        b'{"text": "good"}',
        b"not json",
        b"",
        b'["a list"]',
        b'{"title": null}',
        b'{"text": 7}',
        b'{"text": "caf\xe9"}',
        b'{"text": "' + b"[" * 10 + b'"',
        b"[" * 100_000,
        b'{"text": "last"}',
    ]
    path = save(tmp_path, "news.jsonl", b"\n".join(lines))
    records = read(path)
    good = [record for record in records if isinstance(record, Record)]
    bad = [record for record in records if isinstance(record, Rejected)]
    assert [record.position for record in good] == ["line 1", "line 10"]
    assert [record.position for record in bad] == [f"line {n}" for n in (2, 4, 5, 6, 7, 8, 9)]
    reasons = [record.reason for record in bad]
    for reason, part in zip(
        reasons,
        [
            "not JSON",
            "not a JSON object",
            "no text in",
            "no string but int",
            "not UTF-8 (byte 0xe9",
        ],
        strict=False,
    ):
        assert part in reason


@pytest.mark.parametrize(
    "content",
    [
        b'\xef\xbb\xbf{"text": "with a BOM"}\n',
        b'{"text": "a NUL \x00 byte"}\n',
        b'{"text": "half a pair \\ud800"}\n',
        b'{"text": "fine", "score": NaN}\n',
        b'{"text": "no newline at the end"}',
        b'{"text": "windows"}\r\n',
    ],
    ids=["bom", "nul", "surrogate", "nan", "no newline", "crlf"],
)
def test_awkward_lines_are_read(tmp_path, content):
    (record,) = read(save(tmp_path, "news.jsonl", content))
    assert isinstance(record, Record)
    record.article.text.encode()


def test_a_line_of_fifty_megabytes_is_read(tmp_path):
    path = save(tmp_path, "news.jsonl", json.dumps({"text": "word " * 10_000_000}))
    (record,) = read(path)
    assert len(record.article.text) == 50_000_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_tables_of_any_usual_delimiter(tmp_path, delimiter):
    rows = [["title", "text", "id"], ["T", f'a "{delimiter}" b\nsecond line', "7"]]
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    path = save(tmp_path, "news.csv", "\n".join(quoted) + "\n")
    (record,) = read(path)
    assert record.article.text == f'a "{delimiter}" b\nsecond line'
    assert (record.article.id, record.position) == ("7", "row 2")


def test_rows_that_do_not_fit_the_header_are_rejected(tmp_path):
    path = save(tmp_path, "news.csv", "id,text\n1,good\n2,too,many\n3,\xe9\n4\n5,good\n")
    path.write_bytes(path.read_bytes().replace("\xe9".encode(), b"\xe9"))
    records = read(path)
    assert [(r.position, isinstance(r, Record)) for r in records] == [
        ("row 2", True),
        ("row 3", False),
        ("row 4", False),
        ("row 5", False),
        ("row 6", True),
    ]


def test_a_table_without_a_text_column_is_refused_with_the_mend(tmp_path):
    path = save(tmp_path, "news.csv", "a,b\n1,2\n")
    with pytest.raises(ArchiveError, match=r"news\.csv: no column .* among a, b; .*--text-column"):
        read(path)


def test_other_encodings_can_be_named(tmp_path):
    path = save(tmp_path, "a.txt", "Une légende.".encode("latin-1"))
    (rejected,) = read(path)
    assert "not UTF-8 (byte 0xe9 at offset 5)" in rejected.reason
    (record,) = read(path, encoding="latin-1")
    assert record.article.text == "Une légende."


def test_gz_is_unpacked_whatever_the_name(tmp_path):
    path = save(tmp_path, "news.bin", gzip.compress(b'{"text": "packed"}\n'))
    (record,) = read(path)
    assert record.article.text == "packed"


def test_a_truncated_gz_gives_what_precedes_the_cut_and_one_reject(tmp_path):
    rows = b"".join(b'{"text": "row %d of many, %d"}\n' % (n, n * n) for n in range(20_000))
    packed = gzip.compress(rows)
    path = save(tmp_path, "news.jsonl.gz", packed[: len(packed) // 2])
    *records, last = read(path)
    good = [record for record in records if isinstance(record, Record)]
    assert len(good) > 5000
    assert isinstance(last, Rejected)
    assert "damaged or cut short" in last.reason


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF, not text; .*pdftotext"),
        (b"PK\x03\x04\x14\x00", "a damaged ZIP archive"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xfeh\x00i\x00", "UTF-16, not text; .*iconv"),
        (b"<?xml version='1.0'?><rss></rss>", "XML, not text"),
        (b"\x00\x01\x02\x03" * 100, "not text; name a text, JSONL or CSV file"),
    ],
    ids=["pdf", "zip", "png", "utf-16", "xml", "binary"],
)
def test_what_is_not_text_is_refused_with_the_mend(tmp_path, content, mend):
    with pytest.raises(ArchiveError, match=mend):
        read(save(tmp_path, "article.txt", content))


def test_what_is_missing_is_refused(tmp_path):
    with pytest.raises(ArchiveError, match="no such file"):
        read(tmp_path / "none.txt")
    with pytest.raises(ArchiveError, match="is a directory"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a"])
def test_an_empty_file_is_no_crash(tmp_path, name):
    path = save(tmp_path, name, b"")
    if name == "a.csv":
        with pytest.raises(ArchiveError, match="its first line names no columns"):
            read(path)
    else:
        assert all(isinstance(record, Rejected) for record in read(path))


def test_a_text_that_starts_like_a_table_stays_a_text(tmp_path):
    path = save(tmp_path, "a", "Text, body and soul, a novel; and a title.\nIt is long.")
    (record,) = read(path)
    assert record.position == "whole file"


def test_standard_input_is_recognised_as_files_are(monkeypatch):
    stream = io.BufferedReader(io.BytesIO(gzip.compress(b'{"text": "piped"}\n')))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    (record,) = read("-")
    assert record.article.text == "piped"


ARTICLES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text("abc123", min_size=1, max_size=5),
            "title": st.text(max_size=20),
            "text": st.text(min_size=1, max_size=60).filter(str.strip),
        }
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ARTICLES)
def test_what_is_written_as_jsonl_is_read_back(tmp_path, rows):
    """Rows out are records in, and every field arrives as it was."""
    path = save(tmp_path, "rows.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    records = read(path)
    assert len(records) == len(rows) or not rows
    for record, row in zip(records if rows else [], rows, strict=True):
        assert record.article.text == row["text"]
        assert record.article.title == (row["title"] or None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["a.jsonl", "a.csv", "a.txt", "a", "a.gz"]))
def test_no_bytes_crash_a_reader(tmp_path, content, name):
    """Whatever a file holds, it is read, rejected or refused."""
    path = save(tmp_path, name, content)
    with contextlib.suppress(ArchiveError):
        assert all(isinstance(record, Record | Rejected) for record in read(path))


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_that_begins_slowly_is_recognised(packed, command):
    """A real pipe, of which the first read gives a single byte."""
    data = b'{"id": "a", "text": "It rained."}\n{"id": "b", "text": "It snowed."}\n'
    data = gzip.compress(data) if packed else data
    process = subprocess.Popen(
        [*command, "score", "--keep", "all", "-q", "-f", "jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    for part in (data[:1], data[1:9], data[9:]):
        process.stdin.write(part)
        process.stdin.flush()
        time.sleep(0.3)
    out, _ = process.communicate()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["a", "b"]
