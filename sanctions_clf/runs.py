"""A run that survives being killed: parts that appear whole, and a manifest of those that did.

While a run goes on, `OUTPUT.partial/` holds its plan (`run.json`), a manifest of finished parts,
and for each part its rows and its rejects. The same command run again reads past finished parts
without scoring them.
"""

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from typing import Any

import orjson

from sanctions_clf.archives import STDIN, Record, Rejected, Skipped
from sanctions_clf.archives.remote import is_remote, remote_stamp
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import OutputError
from sanctions_clf.model import Model
from sanctions_clf.model_file import read_model
from sanctions_clf.predictions import Prediction
from sanctions_clf.scoring import Reading, score_record
from sanctions_clf.shards import Shard, read_piece
from sanctions_clf.stories import signature
from sanctions_clf.summary import Summary
from sanctions_clf.version import __version__
from sanctions_clf.writers import json_line, whole_file

# What is lost when a run is killed: some seconds of work.
PART_RECORDS = 5000

_OWN_NAME = re.compile(r"run\.json.*|manifest\.jsonl|model-\w+\.zip.*|\d+-\d+\.\w+\.jsonl.*")
Result = Prediction | Skipped | Rejected


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does, small enough to be sent to every worker.

    Attributes
    ----------
    directory : where its parts go.
    keep : `hits` or `all`.
    """

    directory: Path
    shards: tuple[Shard, ...]
    point: OperatingPoint
    reading: Reading
    keep: str


def open_run(plan: Plan, model: Model) -> None:
    """Make the directory of a run, or go on with the one that is there.

    What comes by a pipe comes only once, so that such a run always begins anew.

    Raises
    ------
    OutputError
        If what is there is another run, with what differs and the way out.
    """
    told = _told(plan, model)
    path = plan.directory / "run.json"
    only_once = any(not _stamp(piece.archive) for shard in plan.shards for piece in shard)
    if only_once or not path.exists():
        _clear(plan.directory)
        _make_directory(plan.directory)
        with whole_file(path) as stream:
            stream.write(orjson.dumps(told, option=orjson.OPT_INDENT_2))
        return
    known = orjson.loads(path.read_bytes())
    changed = [name for name, value in told.items() if known.get(name) != value]
    if changed:
        raise OutputError(
            f"{plan.directory}: holds an unfinished run with another {', '.join(changed)}; "
            "repeat that command to finish it, or delete the directory"
        )


@dataclass(frozen=True, slots=True)
class Remainder:
    """A shard that is not scored to its end: its number, and the parts and records that are."""

    shard: int
    parts: int
    records: int


def remainders(plan: Plan) -> list[Remainder]:
    """Return what is left to do, in the order of the input."""
    parts, records, complete = Counter[int](), Counter[int](), set()
    for entry in read_manifest(plan.directory):
        parts[entry["shard"]] += 1
        records[entry["shard"]] += entry["records"]
        if entry["last"]:
            complete.add(entry["shard"])
    return [
        Remainder(number, parts[number], records[number])
        for number in range(len(plan.shards))
        if number not in complete
    ]


def score_shard(
    plan: Plan, left: Remainder, model: Model
) -> Iterator[tuple[list[Rejected], Summary, bool]]:
    """Score what is left of a shard, a part at a time.

    Yields the rejects and counts of each part once it stands, and whether it is the last.

    Raises
    ------
    ArchiveError
        With `reading.strict`, at the first record that cannot be read.
    """
    results = _results(plan, left, model)
    for part in count(left.parts):
        records = list(islice(results, PART_RECORDS))
        last = len(records) < PART_RECORDS
        yield *_write_part(plan, left.shard, part, records, last=last), last
        if last:
            return


def score_whole_shard(
    plan: Plan, left: Remainder, model_path: str, parent: int
) -> list[tuple[list[Rejected], Summary, bool]]:
    """`score_shard` in a worker, which loads the model once for all its shards.

    It stops after a part when its parent process was killed: the run may have begun anew.
    """
    parts = []
    for part in score_shard(plan, left, _model(model_path)):
        parts.append(part)
        if os.getppid() != parent:
            raise SystemExit
    return parts


def read_manifest(directory: Path) -> list[dict[str, Any]]:
    """Return the finished parts of a run, each once; a line that was cut counts for nothing."""
    path = directory / "manifest.jsonl"
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for line in path.read_bytes().split(b"\n") if path.exists() else ():
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue
        found[entry["shard"], entry["part"]] = entry
    return [found[place] for place in sorted(found)]


def finished_rows(directory: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the rows, or the `rejects`, of all finished parts in the order of the input."""
    for entry in read_manifest(directory):
        with (directory / _name(entry["shard"], entry["part"], kind)).open("rb") as stream:
            yield from map(orjson.loads, stream)


def total(directory: Path) -> Summary:
    """Return the counts of all finished parts."""
    summary = Summary()
    for entry in read_manifest(directory):
        summary.add(entry["summary"])
    return summary


def _results(plan: Plan, left: Remainder, model: Model) -> Iterator[tuple[Result, Record | None]]:
    """What came of each record that is not to be read past, and the record of a hit."""
    seen = 0
    if left.records and left.records == plan.reading.limit:
        return
    for piece in plan.shards[left.shard]:
        for record in read_piece(piece, plan.reading.columns, plan.reading.encoding):
            seen += 1
            if seen > left.records:
                yield _scored(record, plan, model)
            if seen == plan.reading.limit:
                return


def _scored(
    record: Record | Skipped | Rejected, plan: Plan, model: Model
) -> tuple[Result, Record | None]:
    result = score_record(record, model, plan.point, plan.reading)
    flagged = isinstance(result, Prediction) and result.flagged
    return result, record if flagged and isinstance(record, Record) else None


def _write_part(
    plan: Plan,
    number: int,
    part: int,
    records: list[tuple[Result, Record | None]],
    *,
    last: bool,
) -> tuple[list[Rejected], Summary]:
    summary, rejects = Summary(), [r for r, _ in records if isinstance(r, Rejected)]
    with whole_file(plan.directory / _name(number, part, "rows")) as stream:
        for result, hit in records:
            summary.count(result)
            if not isinstance(result, Prediction) or not (hit or plan.keep == "all"):
                continue
            signed = signature(hit.article.text).hex() if hit else None
            stream.write(json_line({"row": result.to_row(), "signature": signed}))
    with whole_file(plan.directory / _name(number, part, "rejects")) as stream:
        stream.writelines(map(json_line, map(asdict, rejects)))
    entry = {
        "shard": number,
        "part": part,
        "last": last,
        "records": summary.records,
        "summary": summary.to_row(),
    }
    append_line(plan.directory / "manifest.jsonl", json_line(entry))
    return rejects, summary


def append_line(path: Path, line: bytes) -> None:
    """Add a line in one write, so that no two workers mix theirs, after one that may be cut."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, b"\n" + line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name(number: int, part: int, kind: str) -> str:
    return f"{number:06d}-{part:06d}.{kind}.jsonl"


@lru_cache(maxsize=1)
def _model(path: str) -> Model:
    return read_model(path)


def _clear(directory: Path) -> None:
    """Remove what is left of a run that cannot go on, and nothing else."""
    for entry in directory.iterdir() if directory.is_dir() else ():
        if not _OWN_NAME.fullmatch(entry.name):
            raise OutputError(f"{directory}: holds {entry.name}, which no run wrote; move it away")
    shutil.rmtree(directory, ignore_errors=True)


def _make_directory(directory: Path) -> None:
    try:
        directory.mkdir()
    except OSError as error:
        raise OutputError(f"{directory}: {error.strerror}") from None


def model_checksum(model: Model) -> str:
    """SHA-256 of what decides: weights, calibration."""
    linear = model.linear
    digest = hashlib.sha256(
        repr(
            (linear.intercept, linear.short_passage, linear.passage_size, model.calibration)
        ).encode()
    )
    for block in (linear.concepts, linear.words):
        digest.update("\n".join(block.terms).encode())
        digest.update(block.idf.tobytes() + block.coefficients.tobytes())
    return digest.hexdigest()


def _told(plan: Plan, model: Model) -> Mapping[str, Any]:
    """What must be the same for a run to go on, as JSON gives it back."""
    reading = asdict(plan.reading)
    reading["filters"]["langs"] = sorted(reading["filters"]["langs"])
    inputs = [
        [os.fsencode(piece.archive).hex(), piece.start, piece.end, *_stamp(piece.archive)]
        for shard in plan.shards
        for piece in shard
    ]
    told = {
        "version": __version__,
        "model": model_checksum(model),
        "options": [asdict(plan.point), plan.keep, reading],
        "input": hashlib.sha256(orjson.dumps(inputs)).hexdigest(),
    }
    return dict(orjson.loads(orjson.dumps(told)))


def _stamp(name: str) -> tuple[int | str | None, ...]:
    if is_remote(name):
        return remote_stamp(name)
    if name == STDIN or not Path(name).is_file():
        return ()
    known = Path(name).stat()
    return known.st_size, known.st_mtime_ns
