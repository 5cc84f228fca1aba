"""Write predictions as JSONL, CSV or Parquet; a file appears whole or not at all."""

import csv
import io
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from sanctions_clf.archives.remote import is_remote
from sanctions_clf.errors import OutputError
from sanctions_clf.predictions import PREDICTION_COLUMNS

Row = Mapping[str, Any]
Write = Callable[[Row], None]

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# Rows wait for their group as Python objects, which take far more than they do in the file.
_ROW_GROUP = 2_500
_PART_ROWS = 100_000
_PART_NAME = re.compile(r"part-\d{5,}\.parquet")


@contextmanager
def write_json_lines(
    stream: IO[bytes], columns: Sequence[str] = PREDICTION_COLUMNS
) -> Iterator[Write]:
    """A function that writes a row as a line of JSON."""

    def write(row: Row) -> None:
        stream.write(json_line(row))

    yield write


def json_line(row: Row) -> bytes:
    """Return a row as a line of JSON; what JSON has no form for becomes a string."""
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE, default=str)


@contextmanager
def write_csv(stream: IO[bytes], columns: Sequence[str] = PREDICTION_COLUMNS) -> Iterator[Write]:
    """A function that writes a row as a line of CSV under a header; lists become JSON.

    Made to be opened in Excel: UTF-8 with its byte order mark, and an apostrophe before what a
    spreadsheet would take for a formula (OWASP, CSV Injection).

    Parameters
    ----------
    columns : of the header where no row comes.
    """
    header: list[str] = []

    def write_line(cells: Iterable[Any]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(cells)
        stream.write(line.getvalue().encode())

    def begin(names: Iterable[str]) -> None:
        header.extend(names)
        stream.write("\ufeff".encode())
        write_line(header)

    def write(row: Row) -> None:
        if not header:
            begin(row)
        write_line([_cell(row[name]) for name in header])

    yield write
    if not header:
        begin(columns)


@contextmanager
def write_parquet(
    stream: IO[bytes], columns: Sequence[str] = PREDICTION_COLUMNS
) -> Iterator[Write]:
    """A function that writes rows in row groups; lists stay lists, carried fields are strings.

    Parameters
    ----------
    columns : of the table where no row comes.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[Row] = []
    opened: list[Any] = []

    def flush() -> None:
        if not opened:
            opened.append(pq.ParquetWriter(stream, _schema(rows[0] if rows else columns)))
        schema = opened[0].schema
        plain = [{name: _plain(schema, name, row[name]) for name in schema.names} for row in rows]
        opened[0].write_table(pa.Table.from_pylist(plain, schema))
        rows.clear()

    def write(row: Row) -> None:
        rows.append(row)
        if len(rows) == _ROW_GROUP:
            flush()

    yield write
    flush()
    opened[0].close()


def _schema(names: Iterable[str]) -> Any:
    """The columns of these names; those that no prediction has are of text."""
    import pyarrow as pa

    span = pa.struct([("text", pa.string()), ("start", pa.int64()), ("end", pa.int64())])
    party = pa.struct([("kind", pa.string()), ("name", pa.string()), *span])
    term = pa.struct([("term", pa.string()), ("contribution", pa.float64())])
    types = {
        "flagged": pa.bool_(),
        "probability": pa.float64(),
        "decision_value": pa.float64(),
        "regimes": pa.list_(pa.string()),
        "measures": pa.list_(pa.string()),
        "denied": pa.bool_(),
        "contested": pa.bool_(),
        "parties": pa.list_(party),
        "evidence": pa.list_(span),
        "terms": pa.list_(term),
    }
    return pa.schema([(name, types.get(name, pa.string())) for name in names])


def _plain(schema: Any, name: str, value: Any) -> Any:
    """The value as its column takes it: in columns of text what is no text becomes JSON."""
    import pyarrow as pa

    if value is None or isinstance(value, str) or not pa.types.is_string(schema.field(name).type):
        return value
    return _as_json(value)


def _as_json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return _as_json(value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


WRITERS: dict[str, Callable[..., AbstractContextManager[Write]]] = {
    "jsonl": write_json_lines,
    "csv": write_csv,
    "parquet": write_parquet,
}


def format_of(path: str | os.PathLike[str]) -> str:
    """Return the format that a file name asks for.

    Raises
    ------
    OutputError
        If its suffix names none.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in WRITERS:
        known = ", ".join(f".{name}" for name in WRITERS)
        raise OutputError(f"{os.fspath(path)}: write to a file that ends in {known}, or name -f")
    return suffix


def refuse_remote(output: str | os.PathLike[str]) -> None:
    """Refuse to write to a URL.

    Raises
    ------
    OutputError
        With the mend.
    """
    if is_remote(os.fspath(output)):
        raise OutputError(f"{os.fspath(output)}: write to a local file and copy it there")


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when it is complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    # A name of its own: workers on several machines may write the same part, with equal pids.
    partial = Path(f"{os.fspath(path)}.{uuid.uuid4().hex[:12]}.writing")
    try:
        stream = partial.open("wb")
    except OSError as error:
        raise OutputError(f"{os.fspath(path)}: {error.strerror}") from None
    try:
        with stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"{os.fspath(path)}: {error.strerror or error}") from None
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def whole_directory(
    path: str | os.PathLike[str], columns: Sequence[str] = PREDICTION_COLUMNS
) -> Iterator[Write]:
    """A function that writes rows to the Parquet parts of a directory, which appears when complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = os.path.realpath(path)  # where a link leads to, which cannot itself be replaced
    partial = Path(f"{path}.writing")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir()
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror}") from None
    try:
        with ExitStack() as part:
            count, put = 0, _next_part(part, partial, columns)

            def write(row: Row) -> None:
                nonlocal count, put
                if count and count % _PART_ROWS == 0:
                    part.close()
                    put = _next_part(part, partial, columns)
                put(row)
                count += 1

            yield write
        refuse_foreign_directory(path)
        shutil.rmtree(path, ignore_errors=True)
        partial.rename(path)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise OutputError(f"{path}: {error.strerror or error}") from None
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def refuse_foreign_directory(path: str | os.PathLike[str]) -> None:
    """Refuse to write in place of a directory that holds anything but Parquet parts.

    Raises
    ------
    OutputError
        With the first thing that is in the way.
    """
    for entry in Path(path).iterdir() if Path(path).is_dir() else ():
        if not _PART_NAME.fullmatch(entry.name):
            raise OutputError(
                f"{os.fspath(path)}: holds {entry.name}, which no run wrote; name a new directory"
            )


def _next_part(part: ExitStack, directory: Path, columns: Sequence[str]) -> Write:
    number = len(list(directory.iterdir()))
    stream = part.enter_context((directory / f"part-{number:05d}.parquet").open("wb"))
    return part.enter_context(write_parquet(stream, columns))
