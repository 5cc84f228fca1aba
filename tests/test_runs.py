"""Runs that are killed, repeated, changed, and run side by side give the rows of a plain one."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import joblib
import pytest

import sanctions_clf as sc
from sanctions_clf import parts, runs, shards, workers
from sanctions_clf.classifier import linear_model
from sanctions_clf.errors import ArchiveError, OutputError

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."


@pytest.fixture
def small_parts(monkeypatch):
    """Parts and shards small enough that a short archive has many."""
    monkeypatch.setattr(parts, "PART_RECORDS", 50)
    monkeypatch.setattr(shards, "SHARD_BYTES", 20_000)


def lines(count):
    texts = (f"{ACT} Case {n}." if n % 7 == 0 else f"It rained on day {n}." for n in range(count))
    rows = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)]
    return "".join(f"{'broken' if n % 31 == 5 else row}\n" for n, row in enumerate(rows)).encode()


@pytest.fixture
def archives(tmp_path):
    """A plain archive, which is cut into shards, and a packed one, which is not."""
    plain, packed = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"
    plain.write_bytes(lines(1500))
    packed.write_bytes(gzip.compress(lines(700)))
    return [plain, packed]


def everything(out):
    """What a run leaves, with the partial directory if there is one."""
    return {
        path.name: path.read_bytes() if path.is_file() else None
        for path in sorted(out.parent.iterdir())
    }


@pytest.fixture
def undisturbed(archives, tmp_path, model, small_parts):
    out = tmp_path / "undisturbed" / "out.jsonl"
    out.parent.mkdir()
    sc.score_archive(archives, out, model=model, at="triage", keep="all")
    return everything(out)


def test_a_run_leaves_its_output_rejects_and_summary_and_nothing_else(undisturbed):
    assert set(undisturbed) == {"out.jsonl", "out.jsonl.rejects.jsonl", "out.jsonl.summary.json"}
    summary = json.loads(undisturbed["out.jsonl.summary.json"])
    assert (summary["archives"], summary["records"]) == (2, 2200)
    assert summary["records"] == summary["scored"] + summary["rejected"]
    assert undisturbed["out.jsonl"].count(b"\n") == summary["scored"]
    assert undisturbed["out.jsonl.rejects.jsonl"].count(b"\n") == summary["rejected"]


def test_parallel_runs_give_the_same_bytes(archives, tmp_path, model, undisturbed):
    out = tmp_path / "parallel" / "out.jsonl"
    out.parent.mkdir()
    sc.score_archive(archives, out, model=model, at="triage", keep="all", jobs=2)
    assert everything(out) == undisturbed


def test_a_repeated_run_does_only_what_is_missing(archives, tmp_path, model, undisturbed):
    """Interrupted after some parts, it goes on after them."""
    out = tmp_path / "repeated" / "out.jsonl"
    out.parent.mkdir()
    seen = []

    def interrupt(progress):
        seen.append(progress.summary.records)
        if len(seen) == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sc.score_archive(archives, out, model=model, at="triage", keep="all", on_progress=interrupt)
    assert not out.exists()
    assert (out.parent / "out.jsonl.partial").is_dir()
    again = []
    sc.score_archive(
        archives,
        out,
        model=model,
        at="triage",
        keep="all",
        on_progress=lambda progress: again.append(progress.summary.records),
    )
    assert again[0] > seen[-1]
    assert everything(out) == undisturbed


RUN = """
import sys
import sanctions_clf as sc
from sanctions_clf import parts, shards

parts.PART_RECORDS, shards.SHARD_BYTES = 50, 4_000
*archives, out = sys.argv[2:]
sc.score_archive(archives, out, at="triage", keep="all", jobs=int(sys.argv[1]))
"""


def start(archives, out, jobs):
    arguments = [sys.executable, "-c", RUN, str(jobs), *map(str, archives), str(out)]
    return subprocess.Popen(arguments, start_new_session=True, stderr=subprocess.DEVNULL)


def finished_parts(out):
    manifest = out.parent / f"{out.name}.partial" / "manifest.jsonl"
    return manifest.read_bytes().count(b"\n") if manifest.exists() else 0


def kill_once_it_has(parts, process, out):
    while finished_parts(out) < parts and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_run_killed_three_times_ends_with_the_same_bytes(archives, tmp_path, undisturbed):
    out = tmp_path / "killed" / "out.jsonl"
    out.parent.mkdir()
    for fewest in (3, 12, 25):
        kill_once_it_has(fewest, start(archives, out, 1), out)
        assert not out.exists()
        assert finished_parts(out) >= fewest
    assert start(archives, out, 1).wait() == 0
    assert everything(out) == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_killed_twenty_times_ends_with_the_same_bytes(archives, tmp_path, undisturbed, jobs):
    out = tmp_path / "killed" / "out.jsonl"
    out.parent.mkdir()
    for _ in range(20):
        kill_once_it_has(finished_parts(out) + 1, start(archives, out, jobs), out)
    process = start(archives, out, jobs)
    assert process.wait() == 0
    assert everything(out) == undisturbed


@pytest.mark.parametrize("change", ["input", "options", "model"])
def test_another_run_is_not_mixed_with_an_unfinished_one(
    archives, tmp_path, model, small_parts, change, small_classifier
):
    out = tmp_path / "out.jsonl"

    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sc.score_archive(archives, out, model=model, on_progress=interrupt)
    other = {"model": model}
    if change == "input":
        archives[0].write_bytes(lines(1501))
    elif change == "options":
        other["at"] = "strict"
    else:
        other["model"] = replace(model, linear=linear_model(small_classifier.pipeline_))
    with pytest.raises(OutputError, match=rf"another {change}.*; repeat that command"):
        sc.score_archive(archives, out, **other)


def test_a_line_of_the_manifest_that_was_cut_counts_for_nothing(archives, tmp_path, model):
    runs.add_to_manifest(tmp_path, {"shard": 0, "part": 0, "n": 1})
    with (tmp_path / "manifest.jsonl").open("ab") as stream:
        stream.write(b'{"shard": 0, "pa')
    runs.add_to_manifest(tmp_path, {"shard": 0, "part": 1, "n": 2})
    assert [entry["n"] for entry in runs.read_manifest(tmp_path)] == [1, 2]


def test_a_part_that_two_workers_finished_counts_once(tmp_path):
    """Workers of a killed run may go on for a moment beside those of the next."""
    for _ in range(2):
        runs.add_to_manifest(tmp_path, {"shard": 0, "part": 0})
    assert len(runs.read_manifest(tmp_path)) == 1


@pytest.mark.parametrize("target", ["a.jsonl", "b.jsonl"])
def test_an_output_is_never_written_over_an_input(archives, tmp_path, model, target):
    before = archives[0].read_bytes()
    (tmp_path / "b.jsonl").mkdir()
    with pytest.raises(OutputError, match=r"lies in the input|is no file"):
        sc.score_archive(archives, tmp_path / target, model=model)
    assert archives[0].read_bytes() == before


def test_a_directory_that_no_run_wrote_is_not_removed(archives, tmp_path, model):
    (tmp_path / "out.jsonl.partial").mkdir()
    (tmp_path / "out.jsonl.partial" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"holds notes\.txt, which no run wrote"):
        sc.score_archive(archives, tmp_path / "out.jsonl", model=model)
    assert (tmp_path / "out.jsonl.partial" / "notes.txt").exists()


def test_workers_of_an_earlier_run_do_not_keep_its_model(archives, tmp_path, model, small_parts):
    other = replace(model, linear=replace(model.linear, intercept=model.linear.intercept + 5))
    out = tmp_path / "out.jsonl"
    values = []
    for used in (model, other):
        sc.score_archive(archives, out, model=used, keep="all", jobs=2)
        values.append(json.loads(out.read_text().partition("\n")[0])["decision_value"])
    assert values[1] == pytest.approx(values[0] + 5)


def test_hits_that_lie_at_one_place_keep_their_own_stories(tmp_path, model, write_jsonl):
    source = write_jsonl([{"id": "1", "text": ACT, "signature": "own"}, {"id": "2", "text": COPY}])
    out = tmp_path / "out.jsonl"
    reading = sc.Reading(carry=("signature",))
    sc.score_archive([source, source], out, model=model, at="triage", reading=reading, unique=True)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(rows) == len({row["story"] for row in rows}) == 2
    assert rows[0]["signature"] == "own"


COPY = (
    f"{ACT} The containers were loaded at Rajin in August and left again after a night. "
    "A ship of that name is not on any list, and its owner could not be reached by telephone. "
    "Its crew came from four countries, a harbour clerk said, and were paid in cash. "
)


def test_near_copies_among_hits_share_the_story_of_the_earliest(write_jsonl, tmp_path, model):
    other = (
        "Two tonnes of gold from mines held by the M23 rebels were smuggled into Rwanda, experts \
of the UN said on Friday; the Council forbids it. Traders in Goma pay the group a tax."
    )
    source = write_jsonl(
        [
            {"id": "late", "text": COPY + "It was read again.", "date": "2024-10-23"},
            {"id": "first", "text": COPY, "date": "2024-10-21"},
            {"id": "other", "text": other, "date": "2024-10-20"},
            {"id": "rain", "text": "It rained.", "date": "2024-10-20"},
        ]
    )
    out = tmp_path / "out.jsonl"
    sc.score_archive([source], out, model=model, at="triage", keep="all")
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert {row["id"]: row["story"] for row in rows} == {
        "late": "first", "first": "first", "other": "other", "rain": None,
    }  # fmt: skip
    sc.score_archive([source], out, model=model, at="triage", unique=True)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert sorted(row["story"] for row in rows) == ["first", "other"]


def test_standard_input_begins_anew_each_time(tmp_path, small_parts):
    command = [sys.executable, "-m", "sanctions_clf", "score", "-o", str(tmp_path / "o.jsonl"), "-"]
    for _ in range(2):
        done = subprocess.run(command, input=lines(300), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "o.jsonl.summary.json").read_text())["records"] == 300


def test_standard_input_beside_files_is_read_where_it_comes_in(archives, tmp_path, small_parts):
    out = tmp_path / "out.jsonl"
    done = subprocess.run(
        [sys.executable, "-m", "sanctions_clf", "score", "-", archives[0], "-j", "2", "-o", out],
        input=lines(100),
        capture_output=True,
        check=True,
    )
    assert done.stderr.startswith(b"1,600 records in 2 archives")


def test_a_second_run_is_kept_off_the_output_of_one_that_goes_on(archives, tmp_path, model):
    out = tmp_path / "out.jsonl"
    with (
        runs.locked(tmp_path / "out.jsonl.partial"),
        pytest.raises(OutputError, match="another run is writing there"),
    ):
        sc.score_archive(archives, out, model=model)
    assert sc.score_archive(archives, out, model=model).records == 2200


def test_a_killed_run_does_not_lock_its_output(archives, tmp_path, undisturbed):
    out = tmp_path / "killed" / "out.jsonl"
    out.parent.mkdir()
    kill_once_it_has(1, start(archives, out, 1), out)
    with runs.locked(out.parent / "out.jsonl.partial"):
        pass


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_archive_that_is_changed_meanwhile_is_told(archives, tmp_path, model, small_parts, jobs):
    """Rows of two states of a file are no output."""

    def change(progress):
        with archives[0].open("ab") as stream:
            stream.write(b'{"id": "new", "text": "Rain."}\n')

    with pytest.raises(ArchiveError, match=r"a\.jsonl: was changed while it was read; delete "):
        sc.score_archive(
            archives, tmp_path / "out.jsonl", model=model, jobs=jobs, on_progress=change
        )
    assert not (tmp_path / "out.jsonl").exists()


def test_a_run_that_lost_a_line_of_its_manifest_scores_that_part_again(
    archives, tmp_path, model, undisturbed
):
    """As shared storage may lose the line of one of two machines."""
    out = tmp_path / "lost" / "out.jsonl"
    out.parent.mkdir()

    def lose_first_line(progress):
        path = out.parent / "out.jsonl.partial" / "manifest.jsonl"
        entries = runs.read_manifest(path.parent)
        if len(entries) == 5:
            path.unlink()
            for entry in entries[1:]:
                runs.add_to_manifest(path.parent, entry)

    arguments = {"model": model, "at": "triage", "keep": "all"}
    with pytest.raises(OutputError, match="lost a part; the same command makes it again"):
        sc.score_archive(archives, out, on_progress=lose_first_line, **arguments)
    sc.score_archive(archives, out, **arguments)
    assert everything(out) == undisturbed


def test_an_audit_sample_is_of_unflagged_articles_and_the_same_in_every_run(
    archives, tmp_path, model, small_parts
):
    found = []
    for jobs in (1, 2):
        out = tmp_path / f"{jobs}.jsonl"
        sc.score_archive(archives, out, model=model, at="triage", jobs=jobs, audit_sample=40)
        lines = (tmp_path / f"{jobs}.jsonl.audit.jsonl").read_text().splitlines()
        found.append([json.loads(line) for line in lines])
    assert found[0] == found[1]
    assert len({(row["archive"], row["position"]) for row in found[0]}) == 40
    assert all("rained" in row["text"] and row["label"] == "" for row in found[0])
    first_half = sum(int(row["position"].split()[1]) <= 750 for row in found[0])
    assert 8 <= first_half <= 36


def test_an_audit_sample_larger_than_the_archive_is_all_that_is_unflagged(tmp_path, write_jsonl):
    source = write_jsonl([{"text": ACT}, {"text": "Rain."}, {"text": "Snow."}])
    out = tmp_path / "out.jsonl"
    sc.score_archive([source], out, at="triage", audit_sample=10)
    lines = (tmp_path / "out.jsonl.audit.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["text"] for line in lines) == ["Rain.", "Snow."]


def test_progress_counts_bytes_up_to_those_of_the_input(archives, tmp_path, model, small_parts):
    seen = []
    sc.score_archive(archives, tmp_path / "out.jsonl", model=model, on_progress=seen.append)
    size = sum(path.stat().st_size for path in archives)
    assert {progress.bytes_all for progress in seen} == {size}
    assert seen[-1].bytes_here == seen[-1].summary.bytes_read == size


def test_an_audit_sample_that_was_labelled_is_never_replaced(tmp_path, write_jsonl):
    source = write_jsonl([{"text": ACT}, {"text": "Rain."}])
    out, audit = tmp_path / "out.jsonl", tmp_path / "out.jsonl.audit.jsonl"
    sc.score_archive([source], out, audit_sample=10)
    sc.score_archive([source], out, audit_sample=10)
    audit.write_text(audit.read_text().replace('"label":""', '"label":"relevant"'))
    for audit_sample in (0, 10):
        with pytest.raises(OutputError, match="holds labels; move it away"):
            sc.score_archive([source], out, audit_sample=audit_sample)
    assert "relevant" in audit.read_text()


def test_a_run_that_lost_a_file_of_a_part_scores_that_part_again(
    archives, tmp_path, model, undisturbed
):
    out = tmp_path / "lost" / "out.jsonl"
    out.parent.mkdir()

    def lose_rows(progress):
        for path in out.parent.glob("out.jsonl.partial/000000-000000.rows.jsonl"):
            path.unlink()

    arguments = {"model": model, "at": "triage", "keep": "all"}
    with pytest.raises(OutputError, match="lost a part; the same command makes it again"):
        sc.score_archive(archives, out, on_progress=lose_rows, **arguments)
    sc.score_archive(archives, out, **arguments)
    assert everything(out) == undisturbed


def test_what_a_run_killed_while_writing_its_output_left_is_removed(archives, tmp_path, model):
    out = tmp_path / "out.jsonl"
    left = [
        tmp_path / f"{name}.0123456789ab.writing" for name in (out.name, "out.jsonl.rejects.jsonl")
    ]
    other = tmp_path / "other.jsonl.0123456789ab.writing"
    for path in (*left, other):
        path.write_text("{")
    sc.score_archive(archives, out, model=model)
    assert not any(path.exists() for path in left)
    assert other.exists()


@pytest.mark.parametrize("beside", ["rejects.jsonl", "audit.jsonl", "summary.json"])
def test_what_a_run_writes_beside_its_output_is_never_written_over_an_input(
    tmp_path, model, write_jsonl, beside
):
    source = write_jsonl([{"text": ACT}], f"out.jsonl.{beside}")
    with pytest.raises(OutputError, match="lies in the input"):
        sc.score_archive([source], tmp_path / "out.jsonl", model=model)
    assert ACT in source.read_text()


def test_a_link_to_a_directory_is_written_to_where_it_leads(archives, tmp_path, model):
    (tmp_path / "disk").mkdir()
    (tmp_path / "hits").symlink_to("disk")
    sc.score_archive(archives, tmp_path / "hits", model=model)
    assert (tmp_path / "hits").is_symlink()
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["part-00000.parquet"]


def plan_of(archives, directory, model):
    directory.mkdir()
    cut = tuple(shards.cut_shards(map(str, archives), sc.Columns()))
    return runs.Plan(directory, cut, model.operating_point("balanced"), sc.Reading(), "hits")


def test_a_worker_whose_run_was_killed_writes_no_part_into_the_next(archives, tmp_path, model):
    """The next may be another run in the same directory."""
    plan = plan_of(archives, tmp_path / "run", model)
    path = tmp_path / "model.zip"
    sc.save_model(model, path)
    with pytest.raises(SystemExit):
        parts.score_whole_shard(plan, runs.remainders(plan)[0], str(path), parent=-1)
    assert list(plan.directory.iterdir()) == []


def test_a_task_takes_along_its_own_shard_alone(
    archives, tmp_path, model, small_parts, monkeypatch
):
    """The pieces of all shards with each would be the square of a large archive."""
    tasks = []

    class Parallel:
        def __init__(self, **options):
            pass

        def __call__(self, work):
            tasks.extend(work)
            return []

    monkeypatch.setattr(joblib, "Parallel", Parallel)
    plan = plan_of(archives, tmp_path / "run", model)
    list(workers.score_in_processes(plan, runs.remainders(plan), model, jobs=2))
    sent = [[argument for argument in task[1] if hasattr(argument, "pieces")] for task in tasks]
    assert [left.pieces for (left,) in sent] == list(plan.shards)
    assert {len(task[1][0].shards) for task in tasks} == {0}


def test_a_line_of_the_manifest_that_does_not_fit_on_the_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "write", lambda descriptor, data: 3)
    with pytest.raises(OutputError, match=r"manifest\.jsonl: No space left on device"):
        runs.add_to_manifest(tmp_path, {"shard": 0, "part": 0})
