"""The command line: exit codes, what goes to stdout and what to stderr."""

import csv
import json
import os
import pty
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from sanctions_clf.cli import main

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."


@pytest.fixture
def run(command_result):
    """A function that runs the command in this process."""
    return command_result


def commands(group=main, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        else:
            yield (*path, name), found


ALL = dict(commands())


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example(run, path):
    """And every option says what it does."""
    result = run(*path, "--help")
    assert result.exit_code == 0
    assert f"sanctions-clf {' '.join(path)}" in result.stdout
    for parameter in ALL[path].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    assert run(*path, "-h").stdout == result.stdout


def test_predict_writes_a_row_for_each_article(run, samples):
    result = run("predict", samples / "football.txt", samples / "necrologie.txt")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["flagged"] for row in rows] == [False, False]
    assert (result.exit_code, result.stderr) == (0, "")


def test_predict_reads_a_pipe(run):
    result = run("predict", "--at", "triage", stdin=ACT)
    (row,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert row["flagged"]
    assert row["archive"] == "-"


def test_predict_shows_a_table_on_a_terminal(command, samples):
    """A real process on a real pseudo-terminal."""
    leader, follower = pty.openpty()
    article = str(samples / "armes_coree_du_nord.txt")
    process = subprocess.Popen(
        [*command, "predict", article, "--at", "triage"],
        stdout=follower,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(follower)
    shown = b""
    while chunk := _read(leader):
        shown += chunk
    os.close(leader)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, b"")
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode())
    assert "FLAG" in text
    assert "dprk-1718" in text


def _read(descriptor):
    """What comes next from a pseudo-terminal, nothing at its end."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""


def test_score_writes_hits_and_a_closing_line(run, write_jsonl, tmp_path):
    source = write_jsonl([{"text": ACT}, {"text": "Rain."}, {"title": 5}])
    out = tmp_path / "hits.jsonl"
    result = run("score", source, "-o", out, "--at", "triage")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == (
        "3 records in 1 archive: 2 scored, 1 of them flagged; "
        f"1 rejected (see {out}.rejects.jsonl)\n"
    )
    assert len(out.read_text().splitlines()) == 1
    assert run("score", source, "-o", out, "-q").stderr == ""
    told = run("score", source, "-o", out, "-v").stderr
    assert told.startswith("Flagging from decision value ")
    assert f"Rejected: {source}, line 3: " in told


def test_score_without_output_writes_jsonl_into_a_pipe(run, write_jsonl):
    source = write_jsonl([{"text": ACT}, {"text": "Rain."}, {"title": 5}])
    result = run("score", source, "--keep", "all")
    assert [json.loads(line)["position"] for line in result.stdout.splitlines()] == [
        "line 1",
        "line 2",
    ]
    assert f"Rejected: {source}, line 3: the title is no string" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["predict", "none.txt"], 1, "Error: none.txt: no such file or directory"),
        (["predict", "{pdf}"], 1, "pdftotext"),
        (["predict", "{empty}"], 1, "empty.txt, whole file: empty"),
        (["predict", "{article}", "-m", "{article}"], 1, "no model file, or a damaged one"),
        (["predict", "{article}", "-m", "none.zip"], 1, "none.zip: no such file"),
        (["predict", "{article}", "--at", "lenient"], 2, "no operating point 'lenient'"),
        (["predict", "{article}", "-t", "1.5"], 2, "1.5 is not in the range 0<x<1"),
        (["predict", "{article}", "--encoding", "klingon"], 2, "no encoding 'klingon'"),
        (["predict", "{article}", "-o", "out.xlsx"], 1, "ends in .jsonl, .csv"),
        (["score", "{article}", "-o", "out.xlsx"], 1, "ends in .jsonl, .csv"),
        (
            ["score", "{article}", "-o", "out.csv", "-f", "table"],
            2,
            "a file takes jsonl, csv or parquet",
        ),
        (["score", "{article}", "--carry", "flagged"], 2, "has a column 'flagged' of its own"),
        (["score", "{article}", "--carry", "\udcff"], 2, "is not UTF-8"),
        (["score", "{article}", "--keep", "scores", "--unique", "-o", "out.csv"], 2, "--unique"),
        (["score", "a" * 300], 1, "aaa: File name too long"),
        (["score", "{article}", "-o", f"{'a' * 250}.csv"], 1, "File name too long"),
        (["score", "{bad}", "--strict"], 1, "bad.jsonl, line 1: not JSON"),
        (["explain", "{empty}"], 1, "empty.txt, whole file: empty"),
        (["train", "{article}", "-o", "m.zip"], 1, "no label in 'label'"),
        (["train", "{own}", "-o", "own.zip"], 1, "its card would replace own.json; name another"),
        (["train", "{own}", "-o", "m.zip", "--own-weight", "2"], 2, "--with-default-corpus"),
        (["train", "{own}", "-o", "m.zip"], 1, "only 1 articles are relevant; training needs"),
        (["tune", "{own}", "-o", "m.zip"], 1, "only 1 articles of the sample are relevant"),
        (["train"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_errors_are_one_line_with_the_mend(run, tmp_path, arguments, code, message, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = {
        "pdf": b"%PDF-1.7", "empty": b"", "article": b"A text.", "bad": b"{bad\n",
        "own": b'{"text": "A ship.", "label": "yes"}\n',
    }  # fmt: skip
    names = {
        "pdf": "a.pdf", "empty": "empty.txt", "article": "a.txt", "bad": "bad.jsonl",
        "own": "own.json",
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / names[name]).write_bytes(content)
    result = run(*(argument.format(**names) for argument in arguments))
    assert (result.exit_code, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    if code == 1:
        assert result.stderr.count("\n") == 1
    assert not list(tmp_path.glob("out*"))


def test_explain_prints_terms_that_add_up(run, samples):
    result = run("explain", samples / "armes_coree_du_nord.txt", "-f", "json")
    found = json.loads(result.stdout)
    total = found["intercept"] + sum(part["contribution"] for part in found["contributions"])
    assert total == pytest.approx(found["prediction"]["decision_value"])
    table = run("explain", samples / "armes_coree_du_nord.txt", "-f", "table").stdout
    assert "north korea" in table
    assert "decision value" in table


def test_train_then_predict_with_the_new_model(run, tmp_path, small_corpus):
    labelled = tmp_path / "own.jsonl"
    rows = [
        {"text": a.text, "title": a.title, "lang": a.lang, "label": int(a.relevant),
         "evidence": a.evidence}
        for a in small_corpus
    ]  # fmt: skip
    labelled.write_text("".join(json.dumps(row) + "\n" for row in rows))
    own = tmp_path / "own.zip"
    result = run("train", labelled, "-o", own)
    assert result.exit_code == 0
    assert "average precision" in result.stderr
    assert run("model", "verify", "-m", own).exit_code == 0
    assert f"Training articles: {len(rows)}" in run("model", "show", "-m", own).stdout
    predicted = run("predict", "-m", own, stdin=ACT)
    assert json.loads(predicted.stdout)["operating_point"] == "balanced"


def test_train_and_tune_take_a_table_as_a_user_has_it(run, tmp_path, small_corpus):
    """CSV with its own column names, yes and no, and nothing else."""
    short = sorted(small_corpus, key=lambda article: len(article.text))[:120]
    table = tmp_path / "mine.csv"
    with table.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["Story", "Verdict"])
        rows.writerows((a.text, "Yes" if a.relevant else "No") for a in short)
    named = ("--text-column", "Story", "--label-column", "Verdict")
    own = tmp_path / "own.zip"
    result = run("train", table, "-o", own, "-j", 1, "--no-search", *named)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Trained 5 of 5 models that measure" in result.stderr
    assert {"own.md", "own.json"} < {path.name for path in tmp_path.iterdir()}
    told = run("tune", table, "-m", own, "-o", tmp_path / "tuned.zip", "--random-sample", *named)
    assert told.exit_code == 0
    assert "mine.csv trained this very model" in told.stderr
    assert "`triage` flags at least" in told.stderr


def test_model_export_writes_a_pipeline_that_decides_the_same(run, tmp_path, model):
    import joblib

    from sanctions_clf.text.passages import Passage

    out = tmp_path / "pipeline.joblib"
    assert run("model", "export", "-o", out).exit_code == 0
    pipeline = joblib.load(out)
    value = pipeline.decision_function([Passage(ACT, "en")])[0]
    assert value == pytest.approx(model.linear.decide(ACT, "en").value, rel=1e-9)


def test_data_check_names_problems_and_counts(run, write_jsonl):
    assert run("data", "check").exit_code == 0
    result = run("data", "check", write_jsonl([{"text": "a", "label": "relevant"}]))
    assert result.exit_code == 1
    assert "relevant, but no evidence is marked" in result.stderr
    assert "1 articles, 1 relevant" in result.stdout


def test_a_reader_that_has_enough_is_no_error(command, write_jsonl):
    """`sanctions-clf score ... | head -1` ends quietly."""
    source = write_jsonl([{"text": f"{ACT} {n}"} for n in range(3000)])
    script = f"{' '.join(command)} score {source} --keep all -q | head -1"
    bash = shutil.which("bash")
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_a_named_pipe_is_read_once(command, write_jsonl):
    """`sanctions-clf score <(zcat news.jsonl.gz)` loses nothing to a look at its first bytes."""
    source = write_jsonl([{"text": f"Text {n}."} for n in range(200)])
    script = f"{' '.join(command)} score <(cat {source}) --keep all -q | wc -l"
    bash = shutil.which("bash")
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "200"


def test_the_module_runs_as_the_script_does(command):
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "sanctions_clf", "--version"], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.startswith("sanctions-clf, version ")


def test_a_dry_run_says_what_a_run_takes_and_writes_nothing(run, samples, tmp_path):
    result = run("score", samples / "archive.jsonl.gz", "--dry-run", "-o", tmp_path / "hits")
    assert (result.exit_code, list(tmp_path.iterdir())) == (0, [])
    assert re.search(r"Input: \d+ records in 1 archive \(\d", result.stdout)
    for name in ("Time: about 0:00:0", "Hits: ", "Disk: about "):
        assert name in result.stdout
    assert result.stderr == ""


def test_a_run_without_a_terminal_tells_its_progress_in_lines(
    run, write_jsonl, tmp_path, monkeypatch
):
    monkeypatch.setattr("sanctions_clf.cli.progress.SECONDS_BETWEEN_LINES", 0)
    monkeypatch.setattr("sanctions_clf.parts.PART_RECORDS", 20)
    source = write_jsonl([{"text": f"{ACT} {n}"} for n in range(100)])
    result = run("score", source, "-o", tmp_path / "hits.jsonl")
    lines = result.stderr.splitlines()
    assert re.fullmatch(
        r"[1-9]\d?% read, 20 records \([\d,]+/s, [\d.]+ MB/s\), 20 flagged, 0:00:\d\d left",
        lines[0],
    )
    assert lines[-2].startswith("100% read, 100 records")
    assert "records (" not in run("score", source, "-q", "-o", tmp_path / "hits.jsonl").stderr


def test_a_prevalence_lowers_probabilities(run, samples):
    article = samples / "armes_coree_du_nord.txt"
    usual, rare = (
        json.loads(run("predict", article, *options).stdout)["probability"]
        for options in ([], ["--prevalence", "0.001"])
    )
    assert rare < usual


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without room")
def test_a_full_disk_is_told_in_one_line(command, write_jsonl):
    source = write_jsonl([{"text": ACT}] * 500)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*command, "score", source], check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert (done.returncode, done.stderr) == (1, b"Error: No space left on device\n")
