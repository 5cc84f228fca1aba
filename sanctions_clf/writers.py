"""Write predictions as JSONL or CSV; a file appears whole or not at all."""

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from sanctions_clf.errors import OutputError

Row = Mapping[str, Any]
Write = Callable[[Row], None]


def write_json_lines(stream: IO[bytes]) -> Write:
    """Return a function that writes a row as a line of JSON."""

    def write(row: Row) -> None:
        stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE, default=str))

    return write


def write_csv(stream: IO[bytes]) -> Write:
    """Return a function that writes a row as a line of CSV under a header; lists become JSON."""
    header: list[str] = []

    def write(row: Row) -> None:
        line = io.StringIO(newline="")
        table = csv.writer(line)
        if not header:
            header.extend(row)
            table.writerow(header)
        table.writerow([_cell(row[name]) for name in header])
        stream.write(line.getvalue().encode())

    return write


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


WRITERS: dict[str, Callable[[IO[bytes]], Write]] = {"jsonl": write_json_lines, "csv": write_csv}


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


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a file that takes its name only when it is complete.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    partial = Path(f"{os.fspath(path)}.partial")
    try:
        stream = partial.open("wb")
    except OSError as error:
        raise OutputError(f"{os.fspath(path)}: {error.strerror}") from None
    try:
        with stream:
            yield stream
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
