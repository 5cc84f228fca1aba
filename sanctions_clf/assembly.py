"""Write the output of a run from its finished parts, in the order of the input."""

import heapq
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from sanctions_clf.errors import OutputError
from sanctions_clf.model import Model
from sanctions_clf.predictions import PREDICTION_COLUMNS, SCORE_COLUMNS
from sanctions_clf.run_files import audit_file, rejects_file, summary_file
from sanctions_clf.runs import Plan, finished_rows, model_checksum, remainders, total
from sanctions_clf.stories import group_stories
from sanctions_clf.summary import Summary
from sanctions_clf.version import __version__
from sanctions_clf.writers import (
    WRITERS,
    Write,
    format_of,
    json_line,
    refuse_foreign_directory,
    whole_directory,
    whole_file,
)


class _Hit(NamedTuple):
    """The story of a hit, and its probability."""

    name: str
    probability: float


def assemble(plan: Plan, model: Model, output: Path, kind: str | None, *, unique: bool) -> Summary:
    """Write output, rejects, audit sample and summary, and return the counts.

    Parameters
    ----------
    kind : format of the output, None for a directory of Parquet parts.
    unique : write only the hit of the highest probability of each story.

    Raises
    ------
    OutputError
        If a part is missing, or a file cannot be written.
    """
    if remainders(plan):
        raise OutputError(f"{plan.directory}: lost a part; the same command makes it again")
    _remove_left_over(output)
    summary = total(plan.directory)
    summary.archives = len({piece.archive for shard in plan.shards for piece in shard})
    with opened_output(output, kind, _columns(plan)) as write:
        for row in _rows(plan, unique=unique):
            write(row)
    rejects, audit = rejects_file(output), audit_file(output)
    rejects.unlink(missing_ok=True)
    audit.unlink(missing_ok=True)
    if summary.rejected:
        with whole_file(rejects) as stream:
            stream.writelines(map(json_line, finished_rows(plan.directory, "rejects")))
    if plan.audit_sample:
        with whole_file(audit) as stream:
            stream.writelines(json_line(found["row"]) for found in _audit_sample(plan))
    write_summary(output, summary.to_row() | {"run": _settings(plan, model)})
    return summary


def _remove_left_over(output: Path) -> None:
    """Remove what a run that was killed in the midst of writing its output left beside it."""
    left_over = re.compile(
        rf"{re.escape(output.name)}(\.(rejects|audit|summary)\.jsonl?)?\.[0-9a-f]{{12}}\.writing"
    )
    for entry in output.parent.iterdir():
        if left_over.fullmatch(entry.name):
            entry.unlink()


def write_summary(output: str | os.PathLike[str], told: Mapping[str, Any]) -> None:
    """Write the counts of a run, and what it was done with, beside its output."""
    with whole_file(summary_file(output)) as stream:
        stream.write(orjson.dumps(told, option=orjson.OPT_INDENT_2))


def output_kind(output: Path, format: str | None) -> str | None:
    """Return the format of the file to write, None for a directory of Parquet parts.

    Raises
    ------
    OutputError
        If something else is in its place, or its suffix names no format.
    """
    if format or output.suffix:
        kind = format or format_of(output)
        if output.exists() and not output.is_file():
            raise OutputError(f"{output}: is no file that can be replaced")
        return kind
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output}: is a file; name a directory, or add -f")
    refuse_foreign_directory(output)
    return None


@contextmanager
def opened_output(output: Path, kind: str | None, columns: Sequence[str]) -> Iterator[Write]:
    """Open a file of a format, or a directory of Parquet parts, that appears when complete.

    Parameters
    ----------
    columns : that it has where no row comes.
    """
    if kind is None:
        with whole_directory(output, columns) as write:
            yield write
        return
    with whole_file(output) as stream, WRITERS[kind](stream, columns) as write:
        yield write


def _columns(plan: Plan) -> tuple[str, ...]:
    if plan.keep == "scores":
        return SCORE_COLUMNS
    return tuple(dict.fromkeys(PREDICTION_COLUMNS + plan.reading.carry))


def _rows(plan: Plan, *, unique: bool) -> Iterator[dict[str, Any]]:
    stories = _stories(plan)
    best = _best_of(stories)
    hit = -1
    for found in finished_rows(plan.directory, "rows"):
        row = found["row"]
        if found["signature"] is not None:
            hit += 1
            row["story"] = stories[hit].name
            if unique and best[row["story"]] != hit:
                continue
        yield row


def _audit_sample(plan: Plan) -> list[dict[str, Any]]:
    return heapq.nsmallest(
        plan.audit_sample, finished_rows(plan.directory, "audit"), key=lambda row: row["order"]
    )


def _settings(plan: Plan, model: Model) -> dict[str, Any]:
    """What is needed to apply another threshold to kept decision values, without the model."""
    return {
        "version": __version__,
        "model": model_checksum(model),
        "keep": plan.keep,
        "operating_point": plan.point.name,
        "threshold": plan.point.threshold,
        "audit_sample": plan.audit_sample,
        "without_launches": plan.reading.without_launches,
        "calibration": asdict(model.calibration),
        "operating_points": {
            name: point.threshold for name, point in model.operating_points.items()
        },
    }


def _stories(plan: Plan) -> list[_Hit]:
    """The story and the probability of each hit, in the order of the input.

    A story goes by the id of its head, or by its place where hits of several archives share ids.
    """
    ids, places, dates, probabilities, signatures = [], [], [], [], []
    for found in finished_rows(plan.directory, "rows"):
        if found["signature"] is None:
            continue
        row = found["row"]
        ids.append(row["id"])
        places.append(f"{row['archive']}, {row['position']}")
        dates.append(row["date"])
        probabilities.append(row["probability"])
        signatures.append(bytes.fromhex(found["signature"]))
    counts = Counter(ids)
    unlike = [one if counts[one] == 1 else place for one, place in zip(ids, places, strict=True)]
    names = group_stories(unlike, signatures, dates)
    return [_Hit(name, value) for name, value in zip(names, probabilities, strict=True)]


def _best_of(hits: Sequence[_Hit]) -> dict[str, int]:
    """The number of the most probable hit of each story, of equals the first."""
    best: dict[str, int] = {}
    for number, hit in enumerate(hits):
        if hit.name not in best or hit.probability > hits[best[hit.name]].probability:
            best[hit.name] = number
    return best
