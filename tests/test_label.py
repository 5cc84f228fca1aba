"""Labelling in a terminal: what is asked, what is shown, what is kept."""

import csv
import json
import os
import pty
import re
import signal
import subprocess

import pytest
from click.testing import CliRunner

from sanctions_clf.cli import main

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."
QUIET = [f"Rain fell on the village for the {n}th day." for n in range(4, 24)]
ROWS = [
    {"id": "a", "title": "Shells", "text": f"{ACT} More is not known.", "lang": "en", "n": 1},
    {"id": "b", "title": "Rain", "text": "It rained.", "date": "2024-10-01", "n": 2.5},
    {"id": "c", "text": " ".join([*QUIET[:10], ACT, *QUIET[10:]]), "tags": ["x"]},
]


@pytest.fixture
def rows_file(write_jsonl):
    return write_jsonl(ROWS, "to_label.jsonl")


@pytest.fixture
def label():
    """A function that gives answers, in this process, and returns what is printed."""

    def run(path, answers="", *options):
        result = CliRunner().invoke(main, ["label", str(path), *options], input=answers)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def labels_of(path):
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [row.get("label", "") for row in rows]


def test_answers_become_labels_and_all_else_stays(command, rows_file):
    """A real process, answers piped in."""
    done = subprocess.run(
        [*command, "label", str(rows_file)],
        input=b"y\nn\nunsure\n",
        capture_output=True,
        check=True,
    )
    shown = done.stdout.decode()
    assert done.stderr == b""
    assert labels_of(rows_file) == ["relevant", "not_relevant", "borderline"]
    rows = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines()]
    assert [{**row, "label": None} for row in rows] == [{**row, "label": None} for row in ROWS]
    assert "1 of 3  en" in shown
    assert "2 of 3  2024-10-01" in shown
    assert shown.endswith(
        f"Labelled 3. {rows_file} has 1 relevant, 1 not_relevant, 1 borderline.\n"
    )


def test_it_goes_on_where_it_stopped(label, rows_file):
    assert "Labelled 1." in label(rows_file, "y\nq\nn\n")
    shown = label(rows_file, "n\n")
    assert "1 of 3" not in shown
    assert "2 of 3" in shown
    assert labels_of(rows_file) == ["relevant", "not_relevant", ""]
    assert shown.endswith("has 1 relevant, 1 not_relevant, 1 without a label.\n")


def test_what_is_skipped_is_asked_again_next_time(label, rows_file):
    label(rows_file, "s\ny\ns\n")
    assert labels_of(rows_file) == ["", "relevant", ""]
    assert re.findall(r"(\d) of 3", label(rows_file, "s\n")) == ["1", "3"]


def test_back_takes_the_last_label_back(label, rows_file):
    label(rows_file, "y\nn\nb\n")
    assert labels_of(rows_file) == ["relevant", "", ""]
    shown = label(rows_file, "b\ny\nn\nb\nunsure\n")
    assert "This is the first one." in shown
    assert labels_of(rows_file) == ["relevant", "relevant", "borderline"]
    assert "That was the last one." in shown


def test_a_label_of_an_earlier_session_is_not_taken_back(label, rows_file):
    label(rows_file, "y\n")
    label(rows_file, "b\nb\n")
    assert labels_of(rows_file) == ["relevant", "", ""]


def test_a_wrong_key_says_what_the_keys_are(label, rows_file):
    for answers in ("x\n", "\n", "yn\n", b"\xe9\n"):
        assert "The keys are: y relevant, n not relevant" in label(rows_file, answers)
    assert labels_of(rows_file) == ["", "", ""]


@pytest.mark.parametrize("answers", ["", "y", "f\n"], ids=["none", "no line end", "no label"])
def test_the_end_of_input_stops_it_cleanly(label, rows_file, answers):
    assert "Labelled" in label(rows_file, answers).splitlines()[-1]


def test_the_most_relevant_passage_is_shown_and_the_act_marked(label, rows_file):
    shown = label(rows_file, "s\ns\n")
    _, _, last = shown.split(" of 3")[1:]
    marked = [line for line in last.splitlines() if line.startswith("> ")]
    assert [line.strip() for line in marked] == [f"> {ACT}"]
    assert QUIET[0] not in last
    assert "(f: all 21 sentences)" in last


def test_the_full_text_is_shown_on_demand(label, rows_file):
    shown = label(rows_file, "s\ns\nf\n")
    assert QUIET[0] in shown
    assert shown.count("3 of 3") == 1


def test_the_model_keeps_its_opinion_to_itself(label, rows_file):
    assert "probability" not in label(rows_file, "s\n")
    assert re.search(r"probability 0\.\d{3}", label(rows_file, "s\n", "--show-model"))


def test_an_article_does_not_steer_the_terminal(label, write_jsonl):
    path = write_jsonl([{"title": "\x1b[2JA\x07", "text": "Rain\x1b]0;owned\x07 fell.\x9b2J"}])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", label(path, "f\n"))


def test_a_table_of_another_make_is_labelled_too(label, tmp_path):
    path = tmp_path / "news.csv"
    path.write_bytes(f'Body;Note\r\n"{ACT}";"a;b"\r\nRain.;\r\n'.encode())
    label(path, "y\n")
    assert path.read_bytes() == (f'Body;Note;label\r\n{ACT};"a;b";relevant\r\nRain.;;\r\n'.encode())
    with path.open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream, delimiter=";"))["label"] == "relevant"


def test_a_file_with_all_its_labels_asks_nothing(label, write_jsonl):
    path = write_jsonl([{"text": "Rain.", "label": 0}])
    assert label(path, "y\n") == f"Labelled 0. {path} has 1 0.\n"


def test_other_columns_are_named(label, write_jsonl):
    path = write_jsonl([{"story": {"words": "Rain."}}])
    result = CliRunner().invoke(main, ["label", str(path)], input="y\n")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {path}, line 1: no text in text, body")
    label(path, "y\n", "--text-column", "story.words")
    assert labels_of(path) == ["relevant"]


def test_it_works_on_a_terminal(command, rows_file):
    """A real process on a real pseudo-terminal; an interrupt ends it like q."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*command, "label", str(rows_file)],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(follower)
    seen = read_until(leader, b"q quit > ")
    os.write(leader, b"y\n")
    seen += read_until(leader, b"2 of 3", b"q quit > ")
    process.send_signal(signal.SIGINT)
    seen += read_until(leader, b"Labelled 1.")
    assert process.wait() == 0
    os.close(leader)
    assert b"\x1b[1m" in seen
    assert labels_of(rows_file) == ["relevant", "", ""]


def read_until(descriptor, *parts):
    seen = b""
    for part in parts:
        while part not in seen:
            seen += os.read(descriptor, 65536)
    return seen
