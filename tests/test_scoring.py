"""Scoring archives: one record in, one row out, nothing lost, whole files or none."""

import csv
import json

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.errors import ArchiveError, OutputError
from sanctions_clf.filters import Filters
from sanctions_clf.scoring import score_records

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_record_has_one_row_in_order(write_jsonl, tmp_path, model):
    source = write_jsonl([{"id": str(n), "text": f"Text {n}."} for n in range(50)])
    summary = sc.score_archive([source], tmp_path / "out.jsonl", model=model, keep="all")
    assert [row["id"] for row in rows_of(tmp_path / "out.jsonl")] == [str(n) for n in range(50)]
    assert (summary.records, summary.scored, summary.rejected) == (50, 50, 0)


def test_hits_alone_are_kept_unless_all_are_asked_for(write_jsonl, tmp_path, model):
    source = write_jsonl([{"id": "hit", "text": ACT}, {"id": "not", "text": "Rain fell."}])
    summary = sc.score_archive([source], tmp_path / "out.jsonl", model=model, at="triage")
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["id"], row["flagged"], row["regimes"]) == ("hit", True, ["dprk-1718"])
    assert row["evidence"][0]["text"] == ACT
    assert summary.flagged == 1


def test_rows_have_the_columns_of_the_contract(write_jsonl, tmp_path, model):
    source = write_jsonl([{"id": "1", "text": ACT, "section": {"name": "world"}}])
    reading = sc.Reading(carry=("section.name", "text", "missing"))
    sc.score_archive([source], tmp_path / "out.jsonl", model=model, keep="all", reading=reading)
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert list(row) == [
        "id", "url", "date", "lang", "lang_from", "title", "archive", "position", "flagged",
        "probability", "decision_value", "operating_point", "regimes", "regime_by", "measures",
        "status", "denied", "contested", "subtype", "parties", "act_date", "act_date_from",
        "evidence", "terms", "story", "section.name", "text", "missing",
    ]  # fmt: skip
    assert (row["section.name"], row["text"], row["missing"]) == ("world", ACT, None)
    assert (row["archive"], row["position"]) == (str(source), "line 1")


def test_csv_holds_the_same_rows_with_lists_as_json(write_jsonl, tmp_path, model):
    source = write_jsonl([{"id": "1", "title": 'a "b", c', "text": ACT}, {"text": "Rain."}])
    sc.score_archive([source], tmp_path / "out.jsonl", model=model, keep="all")
    sc.score_archive([source], tmp_path / "out.csv", model=model, keep="all")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream))
    for cells, row in zip(table, rows_of(tmp_path / "out.jsonl"), strict=True):
        assert list(cells) == list(row)
        assert json.loads(cells["evidence"]) == row["evidence"]
        assert float(cells["decision_value"]) == row["decision_value"]
        assert cells["title"] == (row["title"] or "")


def test_rejects_are_kept_with_place_and_reason(tmp_path, model):
    source = tmp_path / "news.jsonl"
    source.write_text('{"text": "good"}\nbroken\n{"text": "good"}\n')
    out = tmp_path / "out.jsonl"
    summary = sc.score_archive([source], out, model=model, keep="all")
    (reject,) = rows_of(tmp_path / "out.jsonl.rejects.jsonl")
    assert (reject["archive"], reject["position"]) == (str(source), "line 2")
    assert "not JSON" in reject["reason"]
    assert (summary.records, summary.scored, summary.rejected) == (3, 2, 1)
    source.write_text('{"text": "good"}\n')
    sc.score_archive([source], out, model=model)
    assert not (tmp_path / "out.jsonl.rejects.jsonl").exists()


def test_strict_stops_at_the_first_bad_record_and_writes_nothing(tmp_path, model):
    source = tmp_path / "news.jsonl"
    source.write_text('{"text": "good"}\nbroken\n')
    with pytest.raises(ArchiveError, match=r"news\.jsonl, line 2: not JSON"):
        sc.score_archive(
            [source], tmp_path / "out.jsonl", model=model, reading=sc.Reading(strict=True)
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.jsonl"]


def test_a_failed_run_leaves_an_earlier_output_as_it_was(write_jsonl, tmp_path, model):
    out = tmp_path / "out.jsonl"
    out.write_text("earlier\n")
    good = write_jsonl([{"text": "good"}])
    with pytest.raises(ArchiveError, match="no such file"):
        sc.score_archive([good, tmp_path / "none.jsonl"], out, model=model)
    assert out.read_text() == "earlier\n"
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_the_limit_counts_records_over_all_archives(write_jsonl, tmp_path, model):
    sources = [
        write_jsonl([{"text": f"{name} {n}"} for n in range(4)], f"{name}.jsonl") for name in "ab"
    ]
    summary = sc.score_archive(
        sources, tmp_path / "out.jsonl", model=model, reading=sc.Reading(limit=6)
    )
    assert (summary.records, summary.archives) == (6, 2)


def test_an_output_of_unknown_format_is_refused_before_work(write_jsonl, tmp_path, model):
    source = write_jsonl([{"text": "good"}])
    with pytest.raises(OutputError, match=r"ends in \.jsonl, \.csv, \.parquet"):
        sc.score_archive([source], tmp_path / "out.xlsx", model=model)
    with pytest.raises(OutputError, match="No such file or directory"):
        sc.score_archive([source], tmp_path / "none" / "out.csv", model=model)


def test_ids_may_repeat(write_jsonl, tmp_path, model):
    source = write_jsonl([{"id": "same", "text": "one"}, {"id": "same", "text": "two"}])
    sc.score_archive([source], tmp_path / "out.jsonl", model=model, keep="all")
    assert [row["position"] for row in rows_of(tmp_path / "out.jsonl")] == ["line 1", "line 2"]


def test_an_archive_is_a_stream(tmp_path, model):
    """Memory does not grow with the archive: predictions come while it is being read."""
    source = tmp_path / "news.jsonl"
    filler = "Nothing happened in the harbour. " * 5
    source.write_text("".join(f'{{"text": "{n} {filler}"}}\n' for n in range(20_000)))
    point = model.operating_point()
    summary = sc.Summary()
    results = score_records([str(source)], model, point, summary=summary)
    next(results)
    assert summary.records == 1
    results.close()


LINES = st.lists(
    st.sampled_from([b'{"text": "good"}', b"bad", b'{"title": 1}', b'{"text": ""}', b"[]", b"\xff"])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(LINES)
def test_records_are_scored_or_rejected_and_the_counts_add_up(tmp_path, model, lines):
    source, out = tmp_path / "news.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b'{"text": "first"}\n' + b"\n".join(lines))
    summary = sc.score_archive([source], out, model=model, keep="all")
    rejects = tmp_path / "out.jsonl.rejects.jsonl"
    assert summary.records == len(lines) + 1 == summary.scored + summary.rejected
    assert len(rows_of(out)) == summary.scored
    assert (len(rows_of(rejects)) if rejects.exists() else 0) == summary.rejected


def test_csv_opens_in_a_spreadsheet_without_running_anything(write_jsonl, tmp_path, model):
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "fine"]
    source = write_jsonl([{"title": title, "text": "Rain."} for title in titles])
    sc.score_archive([source], tmp_path / "out.csv", model=model, keep="all")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        written = list(csv.DictReader(stream))
    assert [row["title"] for row in written] == [*(f"'{title}" for title in titles[:-1]), "fine"]
    assert all(float(row["decision_value"]) for row in written)


@pytest.mark.parametrize(
    ("filters", "kept", "reason"),
    [
        (Filters(since="2024"), ["new", "undated"], "before 2024"),
        (Filters(until="2023-12"), ["old", "undated"], "after 2023-12"),
        (Filters(since="2024-01-16"), ["new", "undated"], "before 2024-01-16"),
        (Filters(langs=frozenset({"fr"})), ["old", "undated"], "language en"),
        (Filters(min_chars=10), ["old", "new"], "shorter than 10 characters"),
    ],
    ids=["since", "until", "day", "lang", "length"],
)
def test_articles_that_are_not_wanted_are_skipped_and_counted(
    write_jsonl, tmp_path, model, filters, kept, reason
):
    rows = [
        {"id": "old", "text": "Il a plu hier.", "date": "2023-12-31", "lang": "fr"},
        {"id": "new", "text": "It rained again.", "date": "2024-01-17", "lang": "en"},
        {"id": "undated", "text": "Rain.", "date": "soon"},
    ]
    out = tmp_path / "out.jsonl"
    reading = sc.Reading(filters=filters)
    summary = sc.score_archive([write_jsonl(rows)], out, model=model, keep="all", reading=reading)
    assert [row["id"] for row in rows_of(out)] == kept
    assert summary.skipped == {reason: 1}
    assert summary.records == summary.scored + 1


def test_the_summary_adds_up(tmp_path, model):
    source = tmp_path / "news.jsonl"
    hit = {"text": ACT, "date": "2024-05-06", "lang": "en"}
    source.write_text(json.dumps(hit) + '\nbroken\n{"text": "Rain."}\n{"text": "x"}\n')
    reading = sc.Reading(filters=Filters(min_chars=3))
    out = tmp_path / "out.jsonl"
    sc.score_archive([source], out, model=model, at="triage", reading=reading)
    summary = json.loads((tmp_path / "out.jsonl.summary.json").read_text())
    assert summary.pop("run")["operating_point"] == "triage"
    assert summary == {
        "archives": 1,
        "bytes": source.stat().st_size,
        "records": 4,
        "scored": 2,
        "skipped": {"shorter than 3 characters": 1},
        "rejected": 1,
        "hits": 1,
        "hits_by_regime": {"dprk-1718": 1},
        "hits_by_language": {"en": 1},
        "hits_by_month": {"2024-05": 1},
    }


def test_languages_are_identified_where_nothing_else_tells_them(write_jsonl, tmp_path, model):
    french = "Le navire a quitté le port hier soir, selon les autorités de la ville."
    rows = [{"text": french}, {"text": french, "lang": "es"}, {"text": "船は昨夜出港した。"}]
    out = tmp_path / "out.jsonl"
    reading = sc.Reading(identify=True)
    sc.score_archive([write_jsonl(rows)], out, model=model, keep="all", reading=reading)
    assert [(row["lang"], row["lang_from"]) for row in rows_of(out)] == [
        ("fr", "identified"),
        ("es", "given"),
        ("ja", "script"),
    ]


@pytest.mark.parametrize("keep", ["hits", "scores"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ""])
def test_a_run_without_a_row_has_the_columns_of_one_with_rows(
    write_jsonl, tmp_path, model, keep, suffix
):
    read = pd.read_csv if suffix == ".csv" else pd.read_parquet
    some, none = write_jsonl([{"text": ACT}]), write_jsonl([], "none.jsonl")
    reading = sc.Reading(carry=("section",))
    columns = []
    for source in (some, none):
        out = tmp_path / f"out-{source.stem}{suffix}"
        sc.score_archive([source], out, model=model, keep=keep, reading=reading)
        columns.append(list(read(out).columns))
    assert columns[0] == columns[1]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
@pytest.mark.parametrize("value", ['"a\\ud800b"', '["\\ud800"]', "[" * 300 + "1" + "]" * 300])
def test_a_carried_field_that_no_json_can_hold_is_carried_as_text(tmp_path, model, value, suffix):
    source, out = tmp_path / "news.jsonl", tmp_path / f"out{suffix}"
    source.write_text(f'{{"text": "Rain.", "section": {value}}}\n')
    reading = sc.Reading(carry=("section",))
    sc.score_archive([source], out, model=model, keep="all", reading=reading)
    (prediction,) = sc.read_run(out)
    assert isinstance(prediction.fields["section"], str)


def test_a_carried_field_never_replaces_a_verdict(write_jsonl, tmp_path, model):
    source = write_jsonl([{"text": ACT, "flagged": "no", "regimes": 7}])
    reading = sc.Reading(carry=("flagged", "regimes"))
    sc.score_archive([source], tmp_path / "out.jsonl", model=model, reading=reading)
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["flagged"], row["regimes"]) == (True, ["dprk-1718"])


def test_a_table_in_a_directory_whose_header_is_not_utf_8_is_rejected(tmp_path, model):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "news.csv").write_bytes("títol;cos\na;b\n".encode("latin-1"))
    summary = sc.score_archive([tmp_path / "in"], tmp_path / "out.jsonl", model=model)
    (reject,) = rows_of(tmp_path / "out.jsonl.rejects.jsonl")
    assert summary.rejected == 1
    assert reject["reason"].startswith("row 1 is not in the encoding of the file; name it")
