"""Other thresholds for a run that kept its decision values, without scoring again."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.errors import OutputError, RunError
from sanctions_clf.reflagging import budget_threshold

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."
TEXTS = [ACT, "It rained.", "A vessel of North Korea met another at sea.", f"Rain. {ACT}", "Snow."]


@pytest.fixture(params=["scores", "all"])
def keep(request):
    return request.param


@pytest.fixture
def source(write_jsonl):
    return write_jsonl([{"id": str(n), "text": text} for n, text in enumerate(TEXTS * 40)])


def rows_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ""])
def test_a_run_gives_the_hits_of_another_operating_point(source, tmp_path, model, keep, suffix):
    """Whatever the format it was kept in, the same as scoring again would."""
    run, out, again = tmp_path / f"run{suffix}", tmp_path / "hits.jsonl", tmp_path / "again.jsonl"
    sc.score_archive([source], run, model=model, at="triage", keep=keep)
    found = sc.reflag(run, out, at="strict")
    sc.score_archive([source], again, model=model, at="strict")
    kept, expected = rows_of(out), rows_of(again)
    assert [(r["id"], r["position"]) for r in kept] == [(r["id"], r["position"]) for r in expected]
    assert found.flagged == len(expected) > 0
    assert found.scored == 200
    assert found.without_evidence == 0
    if keep == "all":
        assert [row["evidence"] for row in kept] == [row["evidence"] for row in expected]
    told = json.loads((tmp_path / "hits.jsonl.summary.json").read_text())
    assert (told["hits"], told["run"]["operating_point"]) == (len(expected), "strict")
    assert told["records"] == told["scored"] == 200


def test_kept_scores_are_small_and_of_every_record(source, tmp_path, model):
    run = tmp_path / "run"
    sc.score_archive([source], run, model=model, keep="scores")
    table = pd.read_parquet(run)
    assert list(table) == ["id", "archive", "position", "decision_value"]
    assert len(table) == 200


def test_a_threshold_is_a_probability_at_the_prevalence(source, tmp_path, model, keep):
    run, out, again = tmp_path / "run.jsonl", tmp_path / "hits.jsonl", tmp_path / "again.jsonl"
    sc.score_archive([source], run, model=model, keep=keep)
    sc.reflag(run, out, threshold=0.05, prevalence=0.01)
    sc.score_archive([source], again, model=model.at_prevalence(0.01), threshold=0.05)
    kept, expected = rows_of(out), rows_of(again)
    assert [row["id"] for row in kept] == [row["id"] for row in expected]
    assert [row["probability"] for row in kept] == [row["probability"] for row in expected]
    assert expected


def test_a_budget_is_never_overrun(source, tmp_path, model, keep):
    """Forty copies of each text have equal values, of which all are flagged or none."""
    run, out = tmp_path / "run.jsonl", tmp_path / "hits.jsonl"
    sc.score_archive([source], run, model=model, keep=keep)
    for budget, flagged in ((0.5, 0), (3999, 40), (4000, 80), (10_000, 200)):
        assert sc.reflag(run, out, budget=budget).flagged == flagged
        assert len(rows_of(out)) == flagged


@given(st.lists(st.integers(-5, 5).map(float), min_size=1), st.floats(0, 10_000))
def test_a_budget_threshold_is_the_lowest_within_the_budget(values, budget):
    values = np.array(values)
    allowed = budget * len(values) / 10_000
    threshold = budget_threshold(values, budget)
    assert (values >= threshold).sum() <= allowed
    lower = values[values < threshold]
    if len(lower):
        assert (values >= lower.max()).sum() > allowed


def test_hits_that_the_run_had_not_flagged_are_told(source, tmp_path, model, command_result):
    run = tmp_path / "run.jsonl"
    sc.score_archive([source], run, model=model, at="strict", keep="all")
    before = sum(row["flagged"] for row in rows_of(run))
    found = sc.reflag(run, tmp_path / "hits.jsonl", budget=10_000)
    assert found.without_evidence == 200 - before
    done = command_result("reflag", run, "--at", "triage", "-o", tmp_path / "hits.csv")
    assert done.exit_code == 0
    assert "200 articles flagged, from decision value" in done.stderr


def test_a_run_of_hits_alone_is_refused(source, tmp_path, model, command_result):
    run = tmp_path / "run.jsonl"
    sc.score_archive([source], run, model=model)
    done = command_result("reflag", run, "--budget", "5", "-o", tmp_path / "hits.csv")
    assert done.exit_code == 1
    assert "kept its hits alone; score with --keep scores" in done.stderr
    (tmp_path / "run.jsonl.summary.json").unlink()
    with pytest.raises(RunError, match=r"summary\.json: is missing"):
        sc.reflag(run, tmp_path / "hits.jsonl", at="strict")


def test_launches_that_a_run_left_out_stay_out(write_jsonl, tmp_path, model):
    launch = "North Korea launched a ballistic missile over Japan on Tuesday."
    source = write_jsonl([{"id": "act", "text": ACT}, {"id": "launch", "text": launch}])
    reading = sc.Reading(without_launches=True)
    run, out = tmp_path / "run.jsonl", tmp_path / "hits.jsonl"
    sc.score_archive([source], run, model=model, keep="all", reading=reading)
    sc.reflag(run, out, at="triage")
    assert [row["id"] for row in rows_of(out)] == ["act"]
    with pytest.raises(OutputError, match="scores alone do not tell launches"):
        sc.score_archive([source], run, model=model, keep="scores", reading=reading)


@pytest.mark.parametrize("asked", [[], ["--at", "nowhere"], ["--at", "strict", "--budget", "5"]])
def test_one_threshold_must_be_named(source, tmp_path, model, command_result, asked):
    run = tmp_path / "run.jsonl"
    sc.score_archive([source], run, model=model, keep="scores")
    done = command_result("reflag", run, "-o", tmp_path / "hits.csv", *asked)
    assert done.exit_code == 2
    assert not (tmp_path / "hits.csv").exists()


@pytest.mark.parametrize("told", [{}, {"keep": "scores"}, 7, {"keep": "scores", "calibration": {}}])
def test_a_summary_that_lacks_what_is_needed_is_told(source, tmp_path, model, told):
    run = tmp_path / "run.jsonl"
    sc.score_archive([source], run, model=model, keep="scores")
    (tmp_path / "run.jsonl.summary.json").write_text(json.dumps({"scored": 200, "run": told}))
    with pytest.raises(RunError, match=r"run\.jsonl\.summary\.json: is missing or of an older"):
        sc.reflag(run, tmp_path / "hits.jsonl", at="strict")


def test_a_decision_value_that_is_no_number_is_told(source, tmp_path, model):
    run = tmp_path / "run.csv"
    sc.score_archive([source], run, model=model, keep="scores")
    run.write_text("id,archive,position,decision_value\na,b,line 1,nan\n")
    with pytest.raises(RunError, match=r"run\.csv, row 2: decision_value is 'nan'"):
        sc.reflag(run, tmp_path / "hits.jsonl", budget=10)
