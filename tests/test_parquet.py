"""Parquet in and out."""

import gzip
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sanctions_clf as sc
from sanctions_clf import writers
from sanctions_clf.archives import Columns, Record, Rejected, open_archive, read_archive
from sanctions_clf.errors import ArchiveError, OutputError


def read(path, columns=None):
    with open_archive(str(path)) as archive:
        return list(read_archive(archive, columns=columns))


def save(path, rows, **options):
    pq.write_table(pa.Table.from_pylist(rows), path, **options)
    return path


def test_every_row_of_every_row_group_is_a_record(tmp_path):
    rows = [{"id": n, "body": f"Text {n}.", "published": "2020-01-01"} for n in range(1000)]
    records = read(save(tmp_path / "news.bin", rows, row_group_size=300))
    assert [record.position for record in records] == [f"row {n}" for n in range(1, 1001)]
    assert records[7].article == sc.Article(text="Text 7.", id="7", date="2020-01-01")


def test_rows_without_text_are_rejected_and_nested_columns_are_reached(tmp_path):
    rows = [{"meta": {"says": "Text."}}, {"meta": {"says": None}}]
    good, bad = read(save(tmp_path / "a.parquet", rows), Columns(text="meta.says"))
    assert good.article.text == "Text."
    assert (bad.position, bad.reason[:7]) == ("row 2", "no text")


def test_a_table_without_text_is_refused_with_the_mend(tmp_path):
    with pytest.raises(ArchiveError, match=r"no column for the text among a; .*--text-column"):
        read(save(tmp_path / "a.parquet", [{"a": 1}]))


def test_a_packed_table_is_read(tmp_path):
    plain = save(tmp_path / "a.parquet", [{"text": "Text."}]).read_bytes()
    (tmp_path / "a.gz").write_bytes(gzip.compress(plain))
    (record,) = read(tmp_path / "a.gz")
    assert record.article.text == "Text."


def test_a_truncated_table_is_refused(tmp_path):
    path = save(tmp_path / "a.parquet", [{"text": "Text."}])
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ArchiveError, match="a damaged Parquet file"):
        read(path)


def test_a_damaged_row_group_costs_only_its_rows(tmp_path):
    rows = [{"text": f"{n} " + "word " * 50} for n in range(900)]
    path = save(tmp_path / "a.parquet", rows, row_group_size=300, compression="snappy")
    group = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = group.dictionary_page_offset or group.data_page_offset
    content[start : start + 200] = b"\xff" * 200
    path.write_bytes(bytes(content))
    records = read(path)
    kept = [record.position for record in records if isinstance(record, Record)]
    assert kept == [f"row {n}" for n in (*range(1, 301), *range(601, 901))]
    (lost,) = [record for record in records if isinstance(record, Rejected)]
    assert lost.position == "rows 301 to 600"


def test_a_value_that_cannot_be_read_costs_its_row(tmp_path):
    dates = pa.array([0, 10**14, 0], pa.int64()).cast(pa.timestamp("s"))
    table = pa.table({"text": ["one", "two", "three"], "date": dates})
    pq.write_table(table, tmp_path / "a.parquet")
    records = read(tmp_path / "a.parquet")
    assert [isinstance(record, Record) for record in records] == [True, False, True]
    assert "cannot be read" in records[1].reason


ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."


def test_hits_as_parquet_are_the_rows_of_jsonl(write_jsonl, tmp_path, model):
    rows = [{"id": "1", "text": ACT, "n": 1, "tags": ["x"]}, {"id": "2", "text": "Rain.", "n": 2}]
    source = write_jsonl(rows)
    reading = sc.Reading(carry=("n", "tags"))
    for name in ("out.parquet", "out.jsonl"):
        sc.score_archive([source], tmp_path / name, model=model, keep="all", reading=reading)
    written = pq.read_table(tmp_path / "out.parquet").to_pylist()
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    for row, line in zip(written, lines, strict=True):
        expected = json.loads(line)
        assert list(row) == list(expected)
        assert (row.pop("n"), row.pop("tags")) == (
            str(expected.pop("n")),
            '["x"]' if expected.pop("tags") else None,
        )
        assert row == expected


def test_no_hits_make_a_table_with_the_columns(write_jsonl, tmp_path, model):
    source = write_jsonl([{"text": "Rain."}])
    sc.score_archive([source], tmp_path / "out.parquet", model=model)
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.num_rows == 0
    assert {"id", "probability", "evidence"} <= set(table.column_names)


def test_a_directory_of_parts_is_one_table(write_jsonl, tmp_path, model, monkeypatch):
    monkeypatch.setattr(writers, "_PART_ROWS", 40)
    source = write_jsonl([{"id": str(n), "text": f"Text {n}."} for n in range(100)])
    for _ in range(2):  # the second run takes the place of the first
        sc.score_archive([source], f"{tmp_path}/hits/", model=model, keep="all")
    assert sorted(path.name for path in (tmp_path / "hits").iterdir()) == [
        f"part-0000{n}.parquet" for n in range(3)
    ]
    frame = pd.read_parquet(tmp_path / "hits")
    assert frame["id"].tolist() == [str(n) for n in range(100)]
    assert (tmp_path / "hits.summary.json").exists()


def test_a_directory_of_something_else_is_not_replaced(write_jsonl, tmp_path, model):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"x")
    source = write_jsonl([{"text": "Rain."}])
    with pytest.raises(OutputError, match=r"holds a\.png, which no run wrote"):
        sc.score_archive([source], tmp_path / "photos", model=model)
    assert (tmp_path / "photos" / "a.png").exists()
