"""A run that survives being killed: what it does, and a manifest of the parts that are finished.

While a run goes on, `OUTPUT.partial/` holds its plan (`run.json`), a manifest of finished parts,
and the files of each part. The same command run again reads past finished parts without scoring
them.
"""

import errno
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import OutputError
from sanctions_clf.model import Model
from sanctions_clf.scoring import Reading
from sanctions_clf.shards import Shard
from sanctions_clf.summary import Summary
from sanctions_clf.version import __version__
from sanctions_clf.writers import whole_file

KEEP = ("hits", "all", "scores")

_LOCK = "lock"
_OWN_NAME = re.compile(
    rf"{_LOCK}|run\.json.*|manifest\.jsonl|model-\w+\.zip.*|\d+-\d+\.\w+\.jsonl.*"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does, small enough to be sent to every worker.

    Attributes
    ----------
    directory : where its parts go.
    keep : `hits`, `all`, or `scores`: which rows it writes, the last of place and decision value.
    audit_sample : how many random unflagged articles it keeps with their text.
    """

    directory: Path
    shards: tuple[Shard, ...]
    point: OperatingPoint
    reading: Reading
    keep: str
    audit_sample: int = 0


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Make the directory of a run and keep every other run out of it; a killed one lets go.

    Raises
    ------
    OutputError
        If another run is at work there, or it cannot be made.
    """
    from filelock import FileLock, Timeout

    try:
        directory.mkdir(exist_ok=True)
        lock = FileLock(directory / _LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        raise OutputError(
            f"{directory}: another run is writing there; wait for it, or name another output"
        ) from None
    except OSError as error:
        raise OutputError(f"{directory}: {error.strerror}") from None
    try:
        yield
    finally:
        lock.release()


def open_run(plan: Plan, model: Model) -> None:
    """Begin a run in its directory, or go on with the one that is there.

    What comes by a pipe comes only once, so that such a run always begins anew.

    Raises
    ------
    OutputError
        If what is there is another run, with what differs and the way out.
    """
    told = _told(plan, model)
    path = plan.directory / "run.json"
    only_once = any(not piece.stamp for shard in plan.shards for piece in shard)
    if only_once or not path.exists():
        _clear(plan.directory)
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
    """A shard that is not scored to its end: its number, its pieces, and what of it is.

    Attributes
    ----------
    parts, records, bytes_read : of it that are finished.
    """

    shard: int
    pieces: Shard
    parts: int
    records: int
    bytes_read: int


def remainders(plan: Plan) -> list[Remainder]:
    """Return what is left to do, in the order of the input."""
    parts, records, bytes_read = Counter[int](), Counter[int](), Counter[int]()
    complete = set()
    for entry in read_manifest(plan.directory):
        number = entry["shard"]
        # The line of one before it, or a file of its own, was lost.
        if entry["part"] != parts[number] or not _stands(plan, number, entry["part"]):
            continue
        parts[number] += 1
        records[number] += entry["summary"]["records"]
        bytes_read[number] += entry["summary"]["bytes"]
        if entry["last"]:
            complete.add(number)
    return [
        Remainder(number, pieces, parts[number], records[number], bytes_read[number])
        for number, pieces in enumerate(plan.shards)
        if number not in complete
    ]


def _stands(plan: Plan, shard: int, part: int) -> bool:
    kinds = ("rows", "rejects", "audit") if plan.audit_sample else ("rows", "rejects")
    return all(part_file(plan.directory, shard, part, kind).exists() for kind in kinds)


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


def add_to_manifest(directory: Path, entry: Mapping[str, Any]) -> None:
    """Add a part in one write, so that no two workers mix theirs, after a line that may be cut.

    Raises
    ------
    OutputError
        If it cannot be written whole.
    """
    path = directory / "manifest.jsonl"
    line = b"\n" + orjson.dumps(entry) + b"\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if os.write(descriptor, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None


def finished_rows(directory: Path, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of one kind of all finished parts, in the order of the input."""
    for entry in read_manifest(directory):
        with part_file(directory, entry["shard"], entry["part"], kind).open("rb") as stream:
            yield from map(orjson.loads, stream)


def part_file(directory: Path, shard: int, part: int, kind: str) -> Path:
    """Where a part has its `rows`, `rejects` or `audit`."""
    return directory / f"{shard:06d}-{part:06d}.{kind}.jsonl"


def total(directory: Path) -> Summary:
    """Return the counts of all finished parts."""
    summary = Summary()
    for entry in read_manifest(directory):
        summary.add(entry["summary"])
    return summary


def _clear(directory: Path) -> None:
    """Remove what is left of a run that cannot go on, and nothing else."""
    for entry in directory.iterdir():
        if not _OWN_NAME.fullmatch(entry.name):
            raise OutputError(f"{directory}: holds {entry.name}, which no run wrote; move it away")
    for entry in directory.iterdir():
        if entry.name != _LOCK:
            entry.unlink()


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
        [os.fsencode(piece.archive).hex(), piece.start, piece.end, *piece.stamp]
        for shard in plan.shards
        for piece in shard
    ]
    told = {
        "version": __version__,
        "model": model_checksum(model),
        "options": [asdict(plan.point), plan.keep, plan.audit_sample, reading],
        "input": hashlib.sha256(orjson.dumps(inputs)).hexdigest(),
    }
    return dict(orjson.loads(orjson.dumps(told)))
