"""Read back what a run wrote, in whatever format, as the predictions that went in."""

import csv
import io
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import orjson

from sanctions_clf.archives import open_archive
from sanctions_clf.archives.json_lines import LONGEST_LINE
from sanctions_clf.archives.parquet import open_table
from sanctions_clf.archives.streams import DamagedStreamError, OpenArchive
from sanctions_clf.errors import RunError
from sanctions_clf.predictions import Prediction
from sanctions_clf.writers import FORMULA_STARTS

Row = Mapping[str, Any]
_TRUTH = {True: True, False: False, "true": True, "false": False}
# Where a row lies (`line 3`), and the row.
_Placed = Iterator[tuple[str, Row]]


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
    for place, row in _placed_rows(Path(run), _columns()[1]):
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
    needed = frozenset(part.name for part in fields(ScoredRecord))
    for place, row in _placed_rows(Path(run), needed):
        value = _typed(place, "decision_value", float, row["decision_value"])
        yield ScoredRecord(row["id"], row["archive"], row["position"], value)


def read_decision_values(run: str | os.PathLike[str]) -> Iterator[float]:
    """Yield the decision values of a run, in order, lazily.

    Parameters, raised errors : as of `read_run`.
    """
    for place, row in _placed_rows(Path(run), frozenset({"decision_value"})):
        yield _typed(place, "decision_value", float, row["decision_value"])


def read_run_summary(run: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Return the counts in `RUN.summary.json`, None where there is no such file.

    Raises
    ------
    RunError
        If it is damaged.
    """
    path = Path(f"{Path(run)}.summary.json")
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
    """The rows of a run that has these columns at least, each with its file and place."""
    for path in _files_of(run):
        name = os.fspath(path)
        with open_archive(name) as archive:
            for place, row in _read(archive, needed):
                if not needed <= row.keys():
                    _refuse_foreign(f"{name}, {place}", row, needed)
                yield f"{name}, {place}", row


def _files_of(run: Path) -> list[Path]:
    if not run.is_dir():
        if not run.exists() and Path(f"{run}.partial").is_dir():
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
        columns = None if needed == _columns()[1] else sorted(needed)
        for batch in table.iter_batches(columns=columns, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                yield f"row {number}", row
    except (pa.ArrowException, OSError) as error:
        reason = " ".join(str(error).split())
        raise RunError(f"{archive.name}, after row {number}: damaged ({reason})") from None


def _prediction(place: str, row: Row) -> Prediction:
    kinds, _ = _columns()
    own = {name: _typed(place, name, kind, row.get(name)) for name, kind in kinds.items()}
    carried = {name: value for name, value in row.items() if name not in kinds}
    return Prediction(**own, fields=carried)


def _refuse_foreign(place: str, names: Collection[str], needed: frozenset[str]) -> None:
    missing = sorted(needed.difference(names))
    if missing:
        raise RunError(f"{place}: no row of a run, it lacks {', '.join(missing)}")


@cache
def _columns() -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a prediction's columns, and the columns without which a row is none."""
    kinds = get_type_hints(Prediction)
    kinds.pop("fields")
    return kinds, frozenset(name for name, kind in kinds.items() if kind in (bool, float))


def _typed(place: str, name: str, kind: Any, value: Any) -> Any:
    """A value as its column has it: CSV has text alone, and Parquet may have JSON as text.

    Columns that an older run lacks are empty.
    """
    if type(value) is kind:
        return value
    if value is None and kind not in (bool, float):
        return () if _is_list(kind) else None
    try:
        if _is_list(kind):
            return _items(kind, orjson.loads(value) if isinstance(value, str) else value)
        if bool in (kind, *get_args(kind)):
            return _TRUTH[value]
        return float(value) if float in (kind, *get_args(kind)) else value
    except (ValueError, TypeError, KeyError):
        raise RunError(f"{place}: {name} is {str(value)[:40]!r}") from None


def _items(kind: Any, values: list[Any]) -> tuple[Any, ...]:
    made: Any = get_args(kind)[0]
    is_record = is_dataclass(made)
    return tuple(made(**value) if is_record else value for value in values)


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple
