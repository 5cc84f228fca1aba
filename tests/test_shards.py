"""Cutting the input: pieces together are the whole, each record once and at its own place."""

import gzip
import json
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanctions_clf.archives import Columns, Record, open_archive, read_archive
from sanctions_clf.shards import cut_shards, read_piece

COLUMNS = Columns()


def whole(path):
    with open_archive(str(path)) as archive:
        return list(read_archive(archive))


def in_pieces(paths, size):
    shards = cut_shards([str(path) for path in paths], COLUMNS, size)
    return shards, [
        record
        for shard in shards
        for piece in shard
        for record in read_piece(piece, COLUMNS, "utf-8")
    ]


LINES = st.lists(
    st.one_of(
        st.just(b""),
        st.just(b"broken"),
        st.text(max_size=40).map(lambda text: json.dumps({"text": f"a {text}"}).encode()),
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.integers(1, 200), st.booleans())
def test_a_jsonl_file_in_pieces_is_the_file(tmp_path, lines, size, ends_with_newline):
    """Whatever the size of a shard: less than a line, blank lines at its ends, no last newline."""
    path = tmp_path / "news.jsonl"
    content = b'{"text": "first"}\n' + b"\n".join(lines)
    path.write_bytes(content + b"\n" * ends_with_newline)
    assert in_pieces([path], size)[1] == whole(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.integers(1, 60), st.integers(1, 20), st.integers(1, 4000))
def test_a_parquet_file_in_pieces_is_the_file(tmp_path, rows, group, size):
    path = tmp_path / "news.parquet"
    table = pa.Table.from_pylist([{"text": f"Text {n}."} for n in range(rows)])
    pq.write_table(table, path, row_group_size=group)
    assert in_pieces([path], size)[1] == whole(path)


def test_small_files_share_a_shard_and_large_ones_are_cut(tmp_path):
    small = [tmp_path / f"{n}.txt" for n in range(10)]
    for path in small:
        path.write_text("x" * 100)
    large = tmp_path / "z.jsonl"
    large.write_text('{"text": "y"}\n' * 200)
    shards, records = in_pieces([*small, large], 1000)
    assert [len(shard) for shard in shards] == [10, 1, 1, 1]
    assert len(records) == 210
    assert {record.position for record in records if record.archive == str(large)} == {
        f"line {n}" for n in range(1, 201)
    }


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv", "a.txt"])
def test_what_cannot_be_cut_is_one_piece(tmp_path, name):
    path = tmp_path / name
    content = b"text\n" + b"a line of text\n" * 500
    path.write_bytes(gzip.compress(content, 0) if name.endswith("gz") else content)
    shards, records = in_pieces([path], 1000)
    assert len(shards) == 1
    assert records == whole(path)


def test_a_line_longer_than_a_shard_stays_whole(tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps({"text": "w" * n}) + "\n" for n in (10, 5000, 10)))
    shards, records = in_pieces([path], 500)
    assert len(shards) > 1
    assert [len(record.article.text) for record in records] == [10, 5000, 10]
    assert all(isinstance(record, Record) for record in records)


def test_a_large_file_is_opened_by_the_name_it_has(tmp_path):
    """Records are told with a name that can be written, pieces keep the one on disk."""
    path = tmp_path / os.fsdecode(b"a\xff.jsonl")
    path.write_text('{"text": "y"}\n' * 200)
    shards, records = in_pieces([path], 1000)
    assert len(shards) > 1
    assert {record.archive for record in records} == {f"{tmp_path}/a?.jsonl"}
    assert len(records) == 200
