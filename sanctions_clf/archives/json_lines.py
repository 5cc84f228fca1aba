"""JSONL: one JSON object a line."""

import json
from collections.abc import Iterator
from typing import Any

import orjson

from sanctions_clf.archives.columns import Columns, record_from
from sanctions_clf.archives.plain_text import not_decodable
from sanctions_clf.archives.records import Record, Rejected
from sanctions_clf.archives.streams import OpenArchive

# A line is read into memory as a whole: longer than any article, shorter than any memory.
LONGEST_LINE = 256 << 20


def read_json_lines(
    archive: OpenArchive, columns: Columns, encoding: str, *, first_line: int = 1
) -> Iterator[Record | Rejected]:
    """Yield a record for each line that is not blank; `first_line` is the number of the first."""
    number = first_line - 1
    while line := archive.stream.readline(LONGEST_LINE):
        number += 1
        position = f"line {number}"
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(archive)
            yield Rejected(archive.name, position, f"longer than {LONGEST_LINE >> 20} MB")
        elif line.strip():
            yield _record(archive.name, position, line, columns, encoding)


def _record(
    name: str, position: str, line: bytes, columns: Columns, encoding: str
) -> Record | Rejected:
    try:
        fields = parse_json(line, encoding)
    except UnicodeDecodeError as error:
        return Rejected(name, position, not_decodable(error))
    except (ValueError, RecursionError) as error:
        return Rejected(name, position, f"not JSON ({error})")
    return json_record(name, position, fields, columns)


def json_record(name: str, position: str, value: Any, columns: Columns) -> Record | Rejected:
    """Return the record of a parsed JSON value, which should be an object with a text."""
    if not isinstance(value, dict):
        return Rejected(name, position, "not a JSON object")
    return record_from(name, position, value, columns)


def parse_json(line: bytes, encoding: str) -> Any:
    """Return what a JSON text says.

    Raises
    ------
    ValueError, RecursionError
        If it is not JSON; `UnicodeDecodeError`, which is one, if not of the encoding.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # The standard library takes what orjson does not: other encodings, NaN, lone surrogates,
        # control characters in strings.
        return json.loads(line.decode(encoding).lstrip("\ufeff"), strict=False)


def _skip_line(archive: OpenArchive) -> None:
    while (rest := archive.stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass
