"""What a run wrote reads back as the predictions that went in."""

import dataclasses
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.run_rows import read_run_summary
from sanctions_clf.writers import WRITERS

HEADER = "flagged,probability,decision_value\n"
# What every format can hold: CSV knows no empty text, and spreadsheets no apostrophe before "=".
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: not text.startswith("'")
)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
PREDICTIONS = st.builds(
    sc.Prediction,
    **dict.fromkeys(
        ("id", "url", "date", "lang", "title", "archive", "position"), st.none() | TEXT
    ),
    lang_from=TEXT,
    flagged=st.booleans(),
    probability=st.floats(0, 1),
    decision_value=NUMBER,
    operating_point=TEXT,
    regimes=st.lists(TEXT, max_size=2).map(tuple),
    evidence=st.lists(
        st.builds(sc.Evidence, text=TEXT, start=st.just(0), end=st.just(9)), max_size=2
    ).map(tuple),
    terms=st.lists(st.builds(sc.Contribution, term=TEXT, contribution=NUMBER), max_size=2).map(
        tuple
    ),
    story=st.none() | TEXT,
    fields=st.fixed_dictionaries({"text": TEXT, "section": st.none() | TEXT}),
)


def written(predictions, form):
    stream = io.BytesIO()
    with WRITERS[form](stream) as write:
        for prediction in predictions:
            write(prediction.to_row())
    return stream.getvalue()


@pytest.mark.parametrize("form", WRITERS)
@settings(deadline=None)  # pyarrow is loaded in the first example
@given(predictions=st.lists(PREDICTIONS, max_size=3))
def test_every_format_gives_back_what_was_written(form, predictions, tmp_path_factory):
    run = tmp_path_factory.mktemp("run") / f"hits.{form}"
    run.write_bytes(written(predictions, form))
    assert list(sc.read_run(run)) == predictions


@pytest.fixture
def prediction(model, samples):
    return model.predict(sc.read_article(str(samples / "armes_coree_du_nord.txt")))


def test_a_directory_is_read_part_by_part_in_order(prediction, tmp_path):
    for number in (1, 0):
        row = dataclasses.replace(prediction, id=str(number))
        (tmp_path / f"part-0000{number}.parquet").write_bytes(written([row], "parquet"))
    assert [row.id for row in sc.read_run(tmp_path)] == ["0", "1"]


def test_a_compressed_run_is_unpacked(prediction, tmp_path):
    run = tmp_path / "hits.jsonl.gz"
    run.write_bytes(gzip.compress(written([prediction], "jsonl")))
    assert list(sc.read_run(run)) == [prediction]


def test_a_run_lacks_columns_that_later_versions_write(write_jsonl):
    (row,) = sc.read_run(
        write_jsonl([{"flagged": True, "probability": 1, "decision_value": 2, "id": "a"}])
    )
    assert (row.id, row.story, row.evidence) == ("a", None, ())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            '{"id": "a"}\n',
            "line 1: no row of a run, it lacks decision_value, flagged, probability",
        ),
        ('{"id": "a"\n', "line 1: not JSON"),
        ("id,text\n1,2\n", "row 1: no row of a run, it lacks"),
        (HEADER + "true,1\n", "row 2: not as many cells as the header has"),
        (HEADER + "true,1,1,1\n", "row 2: not as many cells as the header has"),
        (
            HEADER + "true,high,1\n",
            "row 2: probability is 'high'",
        ),
        (
            '{"flagged": null, "probability": 1, "decision_value": 1}\n',
            "line 1: flagged is 'None'",
        ),
        (
            '{"flagged": true, "probability": 1, "decision_value": 1, "evidence": ["x"]}\n',
            "line 1: evidence is",
        ),
        (
            '{"flagged": true, "probability": 1, "decision_value": 1, "title": 7}\n',
            "line 1: title is '7'",
        ),
        (
            '{"flagged": true, "probability": 1, "decision_value": 1, "terms": [{"term": "a"}]}\n',
            "line 1: terms is",
        ),
        ("Some words.", "no row of a run"),
    ],
)
def test_what_is_no_run_is_told_in_one_line(content, told, tmp_path):
    run = tmp_path / "notes.txt"
    run.write_text(content, encoding="utf-8")
    with pytest.raises(sc.SanctionsClfError) as caught:
        list(sc.read_run(run))
    assert told in str(caught.value)
    assert str(caught.value).startswith(str(run))
    assert "\n" not in str(caught.value)


def test_a_cut_or_foreign_run_is_told(prediction, tmp_path):
    damaged = {
        "cut.gz": gzip.compress(written([prediction] * 9, "jsonl"))[:-40],
        "cut.parquet": written([prediction], "parquet")[:-40],
        "latin.csv": "flagged\nété\n".encode("latin-1"),
    }
    for name, content in damaged.items():
        run = tmp_path / name
        run.write_bytes(content)
        with pytest.raises(sc.SanctionsClfError, match=name):
            list(sc.read_run(run))


def test_an_unfinished_run_says_how_to_go_on(tmp_path):
    (tmp_path / "hits.jsonl.partial").mkdir()
    with pytest.raises(sc.SanctionsClfError, match="not finished"):
        list(sc.read_run(tmp_path / "hits.jsonl"))
    with pytest.raises(sc.SanctionsClfError, match="holds no part-00000"):
        list(sc.read_run(tmp_path))


def test_the_counts_beside_a_run_are_read(tmp_path):
    run = tmp_path / "hits.jsonl"
    assert read_run_summary(run) is None
    beside = tmp_path / "hits.jsonl.summary.json"
    beside.write_text('{"records": 3}', encoding="utf-8")
    assert read_run_summary(run) == {"records": 3}
    for damaged in ("{", "[]"):
        beside.write_text(damaged, encoding="utf-8")
        with pytest.raises(sc.SanctionsClfError, match="summary"):
            read_run_summary(run)
