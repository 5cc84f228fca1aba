"""A run on a Dask cluster: a real scheduler and two real workers, one of which is killed."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

import sanctions_clf as sc
from sanctions_clf.errors import ArchiveError, WorkerError

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

# A worker in a process of its own, with small parts, so that it is killed in the middle of a shard.
WORKER = """
import asyncio, sys
from distributed import Worker
from sanctions_clf import parts

parts.PART_RECORDS = 20

async def work():
    async with Worker(sys.argv[1], nthreads=1, name=sys.argv[2]) as worker:
        await worker.finished()

asyncio.run(work())
"""


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def cluster():
    """The address of a scheduler, and its two workers."""
    scheduler = start(
        "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
        "--no-dashboard",
    )  # fmt: skip
    processes = [scheduler]
    try:
        address = next(filter(None, (re.search(r"tcp://\S+", line) for line in scheduler.stderr)))
        processes += [start("-c", WORKER, address.group(), name) for name in ("one", "two")]
        yield address.group(), processes[1:]
    finally:
        for process in processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def archive(path, records):
    rows = (
        {"id": str(n), "text": f"{ACT} Case {n}." if n % 7 == 0 else f"It rained on day {n}."}
        for n in range(records)
    )
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


def rows_of(path):
    return [
        {name: value for name, value in json.loads(line).items() if name != "archive"}
        for line in path.read_text().splitlines()
    ]


def test_a_cluster_that_loses_a_worker_gives_the_rows_of_a_plain_run(
    cluster, tmp_path, model, monkeypatch
):
    address, workers = cluster
    monkeypatch.setattr("sanctions_clf.shards.SHARD_BYTES", 40_000)
    archives = [archive(tmp_path / f"{n}.jsonl", 1500) for n in range(2)]
    plain, out = tmp_path / "plain.jsonl", tmp_path / "out.jsonl"
    expected = sc.score_archive(archives, plain, model=model, keep="all")
    seen = []

    def kill_a_worker(progress):
        seen.append(progress.summary.records)
        if len(seen) == 1:
            workers[0].kill()

    found = sc.score_archive(
        archives, out, model=model, keep="all", dask=address, on_progress=kill_a_worker
    )
    assert workers[0].wait() == -signal.SIGKILL
    assert rows_of(out) == rows_of(plain)
    assert found.to_row() == expected.to_row()
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_a_run_whose_cluster_is_lost_goes_on_without_it(cluster, tmp_path, model, monkeypatch):
    address, workers = cluster
    monkeypatch.setattr("sanctions_clf.shards.SHARD_BYTES", 40_000)
    source, out = archive(tmp_path / "a.jsonl", 1500).absolute(), tmp_path / "out.jsonl"

    def stop(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sc.score_archive([source], out, model=model, dask=address, on_progress=stop)
    for worker in workers:
        worker.kill()
        worker.wait()
    sc.score_archive([source], out, model=model)
    assert {row["id"] for row in rows_of(out)} == {str(n) for n in range(0, 1500, 7)}


def test_a_cluster_that_does_not_answer_is_told_in_one_line(tmp_path, model, monkeypatch):
    monkeypatch.setattr("sanctions_clf.workers.CONNECT_SECONDS", 1)
    source = archive(tmp_path / "a.jsonl", 5)
    started = time.monotonic()
    with pytest.raises(WorkerError, match=r"^tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        sc.score_archive([source], tmp_path / "o.jsonl", model=model, dask="tcp://127.0.0.1:9")
    assert time.monotonic() - started < 30
    assert not (tmp_path / "o.jsonl.partial").exists()


def test_standard_input_is_not_sent_to_a_cluster(tmp_path, model):
    with pytest.raises(ArchiveError, match="standard input cannot be sent to a cluster"):
        sc.score_archive(["-"], tmp_path / "o.jsonl", model=model, dask="tcp://127.0.0.1:9")
