"""What a run will take, told before it: counted where it can be, else from a sample."""

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sanctions_clf import estimate as module
from sanctions_clf import shards
from sanctions_clf.errors import ArchiveError
from sanctions_clf.estimate import estimate_run
from sanctions_clf.scoring import Reading

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."


def rows(count):
    texts = (f"{ACT} Case {n}." if n % 7 == 0 else f"It rained on day {n}." for n in range(count))
    return [{"id": str(n), "text": text} for n, text in enumerate(texts)]


def lines(count):
    return "".join(f"{json.dumps(row)}\n" for row in rows(count)).encode()


def test_a_small_archive_is_read_whole(write_jsonl, model):
    found = estimate_run([write_jsonl(rows(70))], model=model)
    assert (found.records, found.hits, found.archives, found.complete) == (70, 10, 1, True)
    assert found.sample.scored == 70
    assert found.seconds > 0
    assert found.output_bytes > 10 * len(ACT)


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_one_is_told_from_a_sample(tmp_path, model, monkeypatch, packed):
    """Plain JSONL in places all over it, a packed one from its beginning."""
    monkeypatch.setattr(module, "_MOST", 200)
    monkeypatch.setattr(shards, "SHARD_BYTES", 50_000)
    data = lines(20_000)
    path = tmp_path / "news.jsonl"
    path.write_bytes(gzip.compress(data) if packed else data)
    found = estimate_run([path], model=model)
    assert not found.complete
    assert found.sample.records < 4_000
    assert found.records == pytest.approx(20_000, rel=0.15)
    assert found.hits == pytest.approx(20_000 / 7, rel=0.2)


def test_the_rows_of_parquet_are_counted(tmp_path, model, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 100)
    path = tmp_path / "news.parquet"
    pq.write_table(pa.Table.from_pylist(rows(5_000)), path, row_group_size=500)
    assert estimate_run([path], model=model).records == 5_000


def test_kept_scores_take_less_than_kept_articles(write_jsonl, model):
    source = write_jsonl(rows(200))
    sizes = [
        estimate_run([source], model=model, keep=keep).output_bytes for keep in ("scores", "all")
    ]
    assert sizes[0] < sizes[1] / 3


def test_a_limit_bounds_it(write_jsonl, model):
    found = estimate_run([write_jsonl(rows(400))], model=model, reading=Reading(limit=50))
    assert found.records == 50


def test_a_pipe_is_refused(model):
    with pytest.raises(ArchiveError, match="a pipe cannot be sampled"):
        estimate_run(["-"], model=model)


def test_files_of_no_bytes_are_read_whole(tmp_path, model):
    """An empty text is a rejected record, an empty archive holds none."""
    (tmp_path / "empty.txt").touch()
    (tmp_path / "empty.jsonl").touch()
    found = estimate_run([tmp_path / "empty.txt", tmp_path / "empty.jsonl"], model=model)
    assert (found.records, found.sample.rejected, found.complete) == (1, 1, True)
