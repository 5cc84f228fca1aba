"""Read back what a run wrote, in whatever format, as the predictions that went in."""

import csv
import io
import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from sanctions_clf.archives import open_archive
from sanctions_clf.archives.json_lines import LONGEST_LINE
from sanctions_clf.archives.parquet import open_table
from sanctions_clf.archives.streams import DamagedStreamError, OpenArchive
from sanctions_clf.errors import RunError
from sanctions_clf.predictions import Prediction
from sanctions_clf.run_files import partial_directory, summary_file
from sanctions_clf.writers import FORMULA_STARTS

Row = Mapping[str, Any]
_Convert = Callable[[Any], Any]
# Where a row lies (`line 3`), and the row.
_Placed = Iterator[tuple[str, Row]]
# A row without these is none of a run.
_NEEDED = frozenset(("flagged", "probability", "decision_value"))
_NEEDED_OF_SCORES = frozenset(("id", "archive", "position", "decision_value"))


def read_run(run: str | os.PathLike[str]) -> Iterator[Prediction]:
    """Yield the predictions of a run, in order, lazily; the input's own fields are in `fields`.

    CSV keeps less than was written: an empty text comes back as None, carried fields as text, and
    an apostrophe that the input itself had before one of `=+-@` is lost.

    Parameters
    ----------
    run : what `score -o` or `predict -o` wrote: JSONL, CSV or Parquet, told by content, compressed
        or not, or a directory of Parquet parts.

    Raises
    ------
    RunError, ArchiveError
        If it cannot be read, or holds something else.
    """
    for place, row in _placed_rows(Path(run), _NEEDED):
        yield _prediction(place, row)


@dataclass(frozen=True, slots=True)
class ScoredRecord:
    """A record of a run that kept all decision values: which, where, and its value."""

    id: str | None
    archive: str | None
    position: str | None
    decision_value: float


def read_scores(run: str | os.PathLike[str]) -> Iterator[ScoredRecord]:
    """Yield the scored records of a run with `--keep scores` or `all`, in order, lazily.

    Parameters, raised errors : as of `read_run`.
    """
    for place, row in _placed_rows(Path(run), _NEEDED_OF_SCORES):
        value = _decision_value(place, row)
        yield ScoredRecord(row["id"], row["archive"], row["position"], value)


def read_decision_values(run: str | os.PathLike[str]) -> Iterator[float]:
    """Yield the decision values of a run, in order, lazily.

    Parameters, raised errors : as of `read_run`.
    """
    for place, row in _placed_rows(Path(run), frozenset({"decision_value"})):
        yield _decision_value(place, row)


def read_run_summary(run: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return the counts in `RUN.summary.json`, None where there is no such file.

    Raises
    ------
    RunError
        If it is damaged.
    """
    path = summary_file(run)
    if not path.exists():
        return None
    try:
        summary = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise RunError(f"{path}: not JSON ({error}); delete it, or score again") from None
    if not isinstance(summary, dict):
        raise RunError(f"{path}: no summary of a run; delete it, or score again")
    return summary


def _placed_rows(run: Path, needed: frozenset[str]) -> _Placed:
    """The rows of a run, which have these columns at least, each with its file and place."""
    for path in _files_of(run):
        name = os.fspath(path)
        with open_archive(name) as archive:
            for place, row in _read(archive, needed):
                if not needed <= row.keys():
                    _refuse_foreign(f"{name}, {place}", row, needed)
                yield f"{name}, {place}", row


def _decision_value(place: str, row: Row) -> float:
    try:
        value = float(row["decision_value"])
    except (ValueError, TypeError):
        value = math.nan
    if math.isnan(value):
        raise RunError(f"{place}: decision_value is {row['decision_value']!r}")
    return value


def _files_of(run: Path) -> list[Path]:
    if not run.is_dir():
        if not run.exists() and partial_directory(run).is_dir():
            raise RunError(f"{run}: the run is not finished; give its command again")
        return [run]
    parts = sorted(run.glob("part-*.parquet"))
    if not parts:
        raise RunError(f"{run}: holds no part-00000.parquet; name what `score -o` wrote")
    return parts


def _read(archive: OpenArchive, needed: frozenset[str]) -> _Placed:
    try:
        start = archive.peek()
        if start.startswith(b"PAR1"):
            yield from _read_parquet(archive, needed)
        elif start.startswith(b"{"):
            yield from _read_json_lines(archive)
        else:
            yield from _read_csv(archive, needed)
    except DamagedStreamError as error:
        raise RunError(f"{archive.name}: a damaged or cut stream ({error})") from None
    except UnicodeDecodeError:
        raise RunError(f"{archive.name}: not UTF-8; name what `score -o` wrote") from None


def _read_json_lines(archive: OpenArchive) -> _Placed:
    for number, line in enumerate(archive.stream, 1):
        place = f"line {number}"
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise RunError(f"{archive.name}, {place}: not JSON ({error})") from None
        if not isinstance(row, dict):
            raise RunError(f"{archive.name}, {place}: not a JSON object")
        yield place, row


def _read_csv(archive: OpenArchive, needed: frozenset[str]) -> _Placed:
    csv.field_size_limit(LONGEST_LINE)
    text = io.TextIOWrapper(archive.stream, encoding="utf-8-sig", newline="")
    try:
        table = csv.DictReader(text, restkey="", strict=True)
        if table.fieldnames:  # a run without a row has no header either
            _refuse_foreign(f"{archive.name}, row 1", table.fieldnames, needed)
        for number, row in enumerate(table, 2):
            if None in row.values() or "" in row:
                raise RunError(f"{archive.name}, row {number}: not as many cells as the header has")
            yield f"row {number}", {name: _written(cell) for name, cell in row.items()}
    except csv.Error as error:
        raise RunError(f"{archive.name}: not CSV ({error})") from None
    finally:
        text.detach()


def _written(cell: str) -> str | None:
    """What was written as a cell."""
    guarded = cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS)
    return (cell[1:] if guarded else cell) or None


def _read_parquet(archive: OpenArchive, needed: frozenset[str]) -> _Placed:
    import pyarrow as pa

    number = 0
    try:
        table = open_table(archive)
        _refuse_foreign(archive.name, table.schema_arrow.names, needed)
        columns = None if needed == _NEEDED else sorted(needed)
        for batch in table.iter_batches(columns=columns, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise RunError(f"{archive.name}, after row {number}: damaged ({reason})") from None


def _prediction(place: str, row: Row) -> Prediction:
    own = {}
    for name, convert in _columns().items():
        try:
            own[name] = convert(row.get(name))
        except (ValueError, TypeError, KeyError):
            raise RunError(f"{place}: {name} is {str(row[name])[:40]!r}") from None
    carried = {name: value for name, value in row.items() if name not in own}
    return Prediction(**own, fields=carried)


def _refuse_foreign(place: str, names: Collection[str], needed: frozenset[str]) -> None:
    missing = ", ".join(sorted(needed.difference(names)))
    if missing:
        raise RunError(f"{place}: no row of a run, it lacks {missing}; name what `score -o` wrote")


@cache
def _columns() -> dict[str, _Convert]:
    """What makes a value of each column of a prediction from what was written.

    CSV has text alone, and Parquet may have JSON as text. A column that an older run lacks comes
    as None and is empty.
    """
    kinds = get_type_hints(Prediction)
    del kinds["fields"]
    return {name: _converter(kind) for name, kind in kinds.items()}


def _converter(kind: Any) -> _Convert:
    parts = (kind, *get_args(kind))
    if get_origin(kind) is tuple:
        return partial(_items, _converter(parts[1]))
    if is_dataclass(kind):
        return partial(_record, kind, {n: _converter(k) for n, k in get_type_hints(kind).items()})
    convert = next((_CONVERTERS[part] for part in parts if part in _CONVERTERS), _as_it_is)
    if NoneType in parts:
        return lambda value: None if value is None else convert(value)
    return convert


def _items(convert: _Convert, values: Any) -> tuple[Any, ...]:
    found = orjson.loads(values) if isinstance(values, str) else values or ()
    return tuple(map(convert, found))


def _record(kind: Any, converters: Mapping[str, _Convert], values: Row) -> Any:
    return kind(**{name: convert(values[name]) for name, convert in converters.items()})


def _text(value: Any) -> str:
    if not isinstance(value, str | None):
        raise TypeError(value)
    return value or ""


def _as_it_is(value: Any) -> Any:
    return value


_CONVERTERS: dict[Any, _Convert] = {
    bool: {True: True, False: False, "true": True, "false": False}.__getitem__,
    int: int,
    float: float,
    str: _text,
}
