"""Score a shard part by part; a part's files appear whole, and then its line in the manifest."""

import hashlib
import heapq
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import count, islice
from typing import Any

from sanctions_clf.archives import Meter, Record, Rejected, Skipped
from sanctions_clf.archives.remote import forget_remote
from sanctions_clf.errors import ArchiveError
from sanctions_clf.model import Model
from sanctions_clf.model_file import read_model
from sanctions_clf.predictions import Prediction
from sanctions_clf.runs import Plan, Remainder, add_to_manifest, part_file
from sanctions_clf.scoring import score_record
from sanctions_clf.shards import Piece, read_piece, stamp_of
from sanctions_clf.stories import signature
from sanctions_clf.summary import Summary
from sanctions_clf.writers import json_line, whole_file

# What is lost when a run is killed: some seconds of work.
PART_RECORDS = 5000

Result = Prediction | Skipped | Rejected
Read = Record | Skipped | Rejected


@dataclass(frozen=True, slots=True)
class Part:
    """A finished part: what it rejected, its counts, and whether it ends its shard."""

    rejects: tuple[Rejected, ...]
    summary: Summary
    last: bool


def score_shard(
    plan: Plan, left: Remainder, model: Model, parent: int | None = None
) -> Iterator[Part]:
    """Score what is left of a shard and yield its parts, each once it stands.

    Parameters
    ----------
    parent : process without which nothing more is written, None for none.

    Raises
    ------
    ArchiveError
        If a file was changed since the run began; with `reading.strict`, at the first record that
        cannot be read.
    """
    meter = Meter()
    results = _results(plan, left, model, meter, parent)
    bytes_before = left.bytes_read
    for number in count(left.parts):
        summary = Summary()
        rejects = _write_files(plan, left.shard, number, results, summary)
        last = summary.records < PART_RECORDS
        summary.bytes_read = meter.bytes_read() - bytes_before
        bytes_before += summary.bytes_read
        entry = {"shard": left.shard, "part": number, "last": last, "summary": summary.to_row()}
        add_to_manifest(plan.directory, entry)
        yield Part(rejects, summary, last)
        if last:
            return


def score_whole_shard(
    plan: Plan, left: Remainder, model_path: str, parent: int | None = None
) -> list[Part]:
    """`score_shard` in a worker, which loads the model once for all its shards.

    It stops once its parent process, if given, was killed: the run may have begun anew, and as
    another one.
    """
    return list(score_shard(plan, left, _model(model_path), parent))


def _results(
    plan: Plan, left: Remainder, model: Model, meter: Meter, parent: int | None
) -> Iterator[tuple[Result, Read]]:
    """What came of each record that is not to be read past, and the record."""
    seen = 0
    if left.records and left.records == plan.reading.limit:
        return
    for piece in left.pieces:
        for record in read_piece(piece, plan.reading.columns, plan.reading.encoding, meter):
            seen += 1
            if parent is not None and os.getppid() != parent:
                raise SystemExit
            if seen > left.records:
                yield score_record(record, model, plan.point, plan.reading), record
            if seen == plan.reading.limit:
                return
        _refuse_changed(piece, plan)


def _refuse_changed(piece: Piece, plan: Plan) -> None:
    forget_remote([piece.archive])
    if stamp_of(piece.archive) != piece.stamp:
        raise ArchiveError(
            f"{piece.archive}: was changed while it was read; delete {plan.directory} and run again"
        )


def _write_files(
    plan: Plan,
    shard: int,
    part: int,
    results: Iterator[tuple[Result, Read]],
    summary: Summary,
) -> tuple[Rejected, ...]:
    rejects: list[Rejected] = []
    audit = _Lowest(plan.audit_sample)
    with whole_file(part_file(plan.directory, shard, part, "rows")) as stream:
        for result, record in islice(results, PART_RECORDS):
            summary.count(result)
            if isinstance(result, Rejected):
                rejects.append(result)
            if not isinstance(result, Prediction) or not isinstance(record, Record):
                continue
            if result.flagged or plan.keep != "hits":
                in_story = result.flagged and plan.keep != "scores"
                signed = signature(record.article.text).hex() if in_story else None
                row = row_of(result, plan.keep)
                stream.write(json_line({"row": row, "signature": signed}))
            if plan.audit_sample and not result.flagged:
                audit.add(_audit_order(record), _audit_row(result, record))
    lines: dict[str, list[dict[str, Any]]] = {"rejects": list(map(asdict, rejects))}
    if plan.audit_sample:
        lines["audit"] = audit.rows()
    for kind, rows in lines.items():
        with whole_file(part_file(plan.directory, shard, part, kind)) as stream:
            stream.writelines(map(json_line, rows))
    return tuple(rejects)


def row_of(result: Prediction, keep: str) -> dict[str, Any]:
    """Return the row that is written of an article, which is small where scores are kept."""
    return result.to_score_row() if keep == "scores" else result.to_row()


def _audit_order(record: Record) -> int:
    """A number as good as random, the same in every run over the same files."""
    place = f"{record.archive}\n{record.position}".encode()
    return int.from_bytes(hashlib.blake2b(place, digest_size=8).digest(), "big")


def _audit_row(result: Prediction, record: Record) -> dict[str, Any]:
    article = record.article
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "date": article.date,
        "lang": result.lang,
        "url": article.url,
        "archive": result.archive,
        "position": result.position,
        "decision_value": result.decision_value,
        "probability": result.probability,
        "label": "",
    }


@dataclass(slots=True)
class _Lowest:
    """The rows of the lowest numbers among many, few of them in memory."""

    most: int
    _heap: list[tuple[int, int, dict[str, Any]]] = field(default_factory=list)
    _added: int = 0

    def add(self, order: int, row: dict[str, Any]) -> None:
        self._added += 1  # no two entries are equal, so that rows are never compared
        entry = (-order, self._added, row)
        (heapq.heappush if len(self._heap) < self.most else heapq.heappushpop)(self._heap, entry)

    def rows(self) -> list[dict[str, Any]]:
        return [{"order": -entry[0], "row": entry[2]} for entry in sorted(self._heap, reverse=True)]


@lru_cache(maxsize=1)
def _model(path: str) -> Model:
    return read_model(path)
