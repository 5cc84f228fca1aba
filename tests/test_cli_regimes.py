"""The table of regimes, and hits without launches, on the command line."""

import dataclasses
import json
import os
import re
import subprocess

import pytest
from click.testing import CliRunner

import sanctions_clf as sc
from sanctions_clf.cli import main
from sanctions_clf.domain import load_regimes

LAUNCH = "North Korea fired a ballistic missile into the sea on Monday, Seoul said."
COAL = "A North Korean ship moved coal to another vessel off Nampo, UN experts said."


@pytest.fixture
def run():
    """A function that runs the command in this process."""

    def invoke(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


def test_regimes_lists_all_and_tells_one(run):
    rows = [json.loads(line) for line in run("regimes").stdout.splitlines()]
    assert [row["id"] for row in rows] == list(load_regimes())
    (iran,) = map(json.loads, run("regimes", "iran-1737").stdout.splitlines())
    assert iran["windows"] == [["2006-12-23", "2016-01-15"], ["2025-09-28", None]]
    assert run("regimes", "-f", "table").stdout.count("│ dprk-1718") == 1


def test_one_regime_tells_since_when_resolutions_measures_and_what_it_leaves_out(run):
    told = run("regimes", "iran-2231", "-f", "table").stdout
    for part in (
        "2016-01-16 to 2025-09-27", "2231 (2015)", "Arms embargo (2016-01-16 to 2023-10-18)",
        "Not covered:",
    ):  # fmt: skip
        assert part in told


def test_an_unknown_regime_is_wrong_usage(run):
    result = run("regimes", "atlantis-1")
    assert result.exit_code == 2
    assert "no regime 'atlantis-1'; `sanctions-clf regimes` lists all" in result.stderr


@pytest.mark.parametrize("command", ["predict", "score"])
def test_launches_are_left_out_on_demand(run, write_jsonl, command):
    source = write_jsonl(
        [{"id": "1", "text": LAUNCH, "date": "2023"}, {"id": "2", "text": COAL, "date": "2020"}]
    )
    keep = ["--keep", "all"] if command == "score" else []
    every, some = (
        [
            json.loads(line)
            for line in run(command, source, "-t", "0.01", *keep, *asked).stdout.splitlines()
        ]
        for asked in ([], ["--without", "launches"])
    )
    assert [row["flagged"] for row in every] == [True, True]
    assert [row["flagged"] for row in some] == [False, True]
    assert [row["decision_value"] for row in some] == [row["decision_value"] for row in every]
    assert some[0]["subtype"] == "launch_or_test"


def test_a_model_that_tells_no_launches_says_so(run, write_jsonl, tmp_path, model):
    old = tmp_path / "old.zip"
    sc.save_model(dataclasses.replace(model, attributes=None), old)
    source = write_jsonl([{"id": "1", "text": LAUNCH}])
    result = run("score", source, "-m", old, "--without", "launches")
    assert result.exit_code == 1
    assert "this model cannot tell launches; train it again" in result.stderr


def test_a_run_in_several_processes_leaves_them_out_too(run, write_jsonl, tmp_path):
    rows = [{"id": str(n), "text": (LAUNCH, COAL)[n % 2], "date": "2023"} for n in range(20)]
    out = tmp_path / "hits.jsonl"
    options = ("-o", out, "-t", "0.01", "-j", "2", "--without", "launches")
    assert run("score", write_jsonl(rows), *options).exit_code == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 10


def test_tables_tell_measures_and_status(command, write_jsonl):
    source = write_jsonl([{"id": "1", "text": COAL, "date": "2020-03"}])
    done = subprocess.run(
        [*command, "predict", str(source), "-t", "0.01", "-f", "table"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "120"},
    )
    assert re.search(r"dprk-1718.*\n.*maritime", done.stdout)
    assert "2020-03 (article)" in done.stdout


def test_parquet_keeps_measures_and_parties_as_lists(run, write_jsonl, tmp_path):
    import pyarrow.parquet as pq

    out = tmp_path / "hits.parquet"
    source = write_jsonl([{"id": "1", "text": COAL, "date": "2020-03"}])
    assert run("score", source, "-o", out, "-t", "0.01").exit_code == 0
    (row,) = pq.read_table(out).to_pylist()
    assert "maritime" in row["measures"]
    assert {"kind", "name", "text", "start", "end"} == set(row["parties"][0])
    assert row["denied"] is False
