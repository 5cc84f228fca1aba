"""What a run has missed at most, from a labelled sample of what it did not flag."""

import csv
import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.audit import Audit, LabelCounts, audit_run
from sanctions_clf.bounds import exact_upper_bound
from sanctions_clf.cli import main
from sanctions_clf.errors import CorpusError

COUNTS = st.builds(LabelCounts, *(st.integers(0, 30) for _ in range(4))).filter(
    lambda counts: counts.labelled
)


@pytest.fixture
def make_run(tmp_path):
    """A function that writes the files of a run as `score --audit-sample` does."""

    def make(labels, *, scored=10_000, hits=(), name="hits.jsonl"):
        output = tmp_path / name
        rows = [{"id": f"h{i}", "flagged": True, "label": label} for i, label in enumerate(hits)]
        output.write_text("".join(json.dumps(row) + "\n" for row in rows))
        sample = [{"id": f"s{i}", "text": "Rain.", "label": word} for i, word in enumerate(labels)]
        (tmp_path / f"{name}.audit.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in sample)
        )
        counts = {"scored": scored, "hits": len(hits)}
        (tmp_path / f"{name}.summary.json").write_text(json.dumps(counts))
        return output

    return make


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(main, ["audit", *map(str, arguments)])

    return invoke


def test_the_bound_is_that_of_clopper_and_pearson(make_run):
    audit = audit_run(make_run(["not_relevant"] * 299, hits=[""] * 100))
    assert audit.missed_share == pytest.approx(1 - 0.05 ** (1 / 299))
    assert audit.missed == 98
    assert audit.recall == pytest.approx(100 / 198)


def test_doubtful_articles_count_as_relevant(make_run):
    labels = ["relevant", "borderline", "", "", *["not_relevant"] * 196]
    audit = audit_run(make_run(labels))
    assert audit.sample == LabelCounts(1, 196, 1, 2)
    assert audit.missed_share == pytest.approx(exact_upper_bound(4, 200))
    assert audit.missed_share_of_labelled == pytest.approx(exact_upper_bound(2, 198))


def test_a_sample_of_everything_leaves_nothing_to_bound(make_run):
    audit = audit_run(make_run(["relevant", *["not_relevant"] * 9], scored=12, hits=["", ""]))
    assert (audit.missed_share, audit.missed) == (0.1, 1)
    assert audit.recall == pytest.approx(2 / 3)
    assert audit.sample_size(audit.half_as_wide) == 10


def test_the_hits_own_labels_tell_how_many_are_found(make_run):
    hits = ["relevant", "relevant", "not_relevant", "borderline", ""]
    audit = audit_run(make_run(["not_relevant"] * 100, hits=hits), precision=0.9)
    assert audit.hit_labels == LabelCounts(2, 1, 1, 1)
    assert audit.found == 2


def test_unflagged_rows_of_a_run_that_kept_all_are_no_hits(make_run, tmp_path):
    output = make_run(["not_relevant"] * 100, hits=["", ""], name="all.csv")
    with output.open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [["id", "flagged", "label"], ["a", "true", "relevant"], ["b", "true", "not_relevant"],
             ["c", "false", "relevant"]]
        )  # fmt: skip
    assert audit_run(output).hit_labels == LabelCounts(1, 1, 0, 0)


def test_without_labels_precision_tells_how_many_are_found(make_run):
    output = make_run(["not_relevant"] * 100, hits=[""] * 50)
    assert audit_run(output, precision=0.8).found == pytest.approx(40)
    assert audit_run(output).found == 50


def test_a_run_into_a_directory_is_audited_too(make_run, tmp_path):
    make_run(["not_relevant"] * 100, name="hits").unlink()
    (tmp_path / "hits").mkdir()
    assert audit_run(f"{tmp_path}/hits/").sample.rows == 100


@given(COUNTS, st.integers(0, 1000), st.integers(0, 50))
def test_bounds_hold_for_what_was_seen(sample, unsampled, hits):
    audit = Audit(sample.rows + unsampled + hits, hits, sample, None, 1.0)
    seen = sample.relevant + sample.borderline + sample.unlabelled
    assert seen <= audit.missed <= audit.unflagged
    assert audit.recall is None or 0 <= audit.recall <= hits / max(1, hits + seen)


@given(COUNTS, st.integers(1, 100_000))
def test_a_sample_of_the_size_told_gives_the_bound(sample, unsampled):
    audit = Audit(sample.rows + unsampled, 0, sample, None, 1.0)
    seen = (sample.rows - sample.not_relevant) / sample.rows
    size = audit.sample_size(audit.half_as_wide)
    assert size <= audit.unflagged
    if size < audit.unflagged:
        assert exact_upper_bound(int(seen * size), size) <= audit.half_as_wide


def test_no_sample_shows_less_than_was_seen(make_run, run):
    output = make_run([*["relevant"] * 10, *["not_relevant"] * 90])
    assert audit_run(output).sample_size(0.05) is None
    told = run(output, "--bound", 0.05).stdout
    assert "No sample bounds the share at 5.00%" in told


def test_the_command_says_what_holds_and_what_it_assumes(make_run, run):
    output = make_run(["borderline", "", *["not_relevant"] * 298], hits=[""] * 100)
    assert run(output, "--precision", 0.8).stdout == (
        "Scored: 10,000 articles, 100 of them flagged, 9,900 not.\n"
        "Sample of those not flagged: 300 articles, 0 relevant, 298 not, 1 borderline, "
        "1 without a label.\n"
        "Borderline ones and those without a label count as relevant.\n"
        "Missed: at most 2.08% of those not flagged are relevant, 206 articles (95% confidence; "
        "Clopper and Pearson).\n"
        "Without those that have no label it would be 1.58%, which holds only if chance left "
        "them so.\n"
        "Recall: at least 28.0%, if 80% of the hits are relevant.\n"
        "A bound of 1.38% takes a sample of 784 (score again with --audit-sample 784), if its "
        "labels turn out alike.\n"
    )
    assert "if every hit is relevant (else: --precision, or label the hits)" in run(output).stdout


def test_labels_given_in_the_terminal_are_read(make_run):
    output = make_run([""] * 3, scored=100)
    CliRunner().invoke(main, ["label", f"{output}.audit.jsonl"], input="n\nu\nn\n")
    assert audit_run(output).sample == LabelCounts(0, 2, 1, 0)


def test_nothing_labelled_yet_is_told_with_the_mend(make_run, run):
    output = make_run(["", ""])
    result = run(output)
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {output}.audit.jsonl: nothing is labelled yet: "
        f"sanctions-clf label {output}.audit.jsonl\n"
    )


def test_a_run_without_a_sample_is_told(make_run, tmp_path):
    output = make_run(["relevant"])
    (tmp_path / "hits.jsonl.audit.jsonl").unlink()
    with pytest.raises(CorpusError, match=r"hits\.jsonl\.audit\.jsonl: missing; score again with"):
        audit_run(output)


def test_what_is_no_run_is_told(tmp_path):
    with pytest.raises(CorpusError, match="name the output of a run"):
        audit_run(tmp_path / "hits.jsonl")
    (tmp_path / "hits.jsonl.summary.json").write_text("[]")
    with pytest.raises(CorpusError, match="not the counts of a run"):
        audit_run(tmp_path / "hits.jsonl")


def test_a_sample_of_another_run_is_told(make_run):
    with pytest.raises(CorpusError, match="they are of different runs"):
        audit_run(make_run(["relevant"] * 5, scored=4))


def test_an_unknown_label_is_told_with_its_place(make_run):
    with pytest.raises(CorpusError, match="line 2: no label is called 'maybe'"):
        audit_run(make_run(["relevant", "maybe"]))
