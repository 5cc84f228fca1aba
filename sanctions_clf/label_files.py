"""Files of rows with a label each: JSONL or CSV, in which nothing but labels is ever changed."""

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sanctions_clf.archives.delimited import LONGEST_CELL, delimiter_of
from sanctions_clf.errors import CorpusError, OutputError
from sanctions_clf.writers import whole_file

LABEL = "label"
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Row:
    """A row as it stands in its file.

    Attributes
    ----------
    position : where it stands: `line 17`, `row 3`.
    raw : its bytes, line end included.
    fields : by name; None for a blank line or the header.
    """

    position: str
    raw: bytes
    fields: dict[str, Any] | None

    @property
    def is_header(self) -> bool:
        """Whether it is the first line of a table."""
        return self.fields is None and bool(self.raw.strip())

    @property
    def label(self) -> str:
        """The label, empty where there is none yet."""
        found = (self.fields or {}).get(LABEL)
        return "" if found is None else str(found).strip()


def read_rows(path: str | os.PathLike[str]) -> Iterator[Row]:
    """Yield every row of a JSONL or CSV file, one at a time; joined they are the file.

    Raises
    ------
    CorpusError
        If the file, or a row, cannot be read.
    """
    name = os.fspath(path)
    try:
        with Path(path).open("rb") as stream:
            read = _read_json_lines if _is_json(stream.peek(1024)) else _read_table
            yield from read(name, stream)
    except OSError as error:
        raise CorpusError(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CorpusError(f"{name}: no UTF-8 text; labels go into plain JSONL or CSV") from None


class LabelFile:
    """A file that is being labelled: every label is on disk as soon as it is given.

    Rows that get no label stay as they are to the byte. A table without a column `label` gets one.

    Raises
    ------
    CorpusError
        If the file or a row of it cannot be read, or there are none.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        # A link stays one: what it leads to is replaced.
        self.path = Path(path).resolve()
        self._name = os.fspath(path)
        self._all = list(read_rows(path))
        self.rows = [row for row in self._all if row.fields is not None]
        if not self.rows:
            raise CorpusError(f"{self._name}: no rows to label")
        self._header = next((row for row in self._all if row.is_header), None)
        self._stamp = self._state()

    def set_label(self, row: Row, label: str) -> None:
        """Write the label of one of `rows`, empty to take it back.

        Raises
        ------
        OutputError
            If the file cannot be written, or someone else wrote it since it was read.
        """
        if self._state() != self._stamp:
            raise OutputError(
                f"{self._name}: another program changed it since it was read; this answer is not "
                "saved, start again to go on with what it holds now"
            )
        if self._header and LABEL not in (self.rows[0].fields or {}):
            self._add_column(self._header)
        if row.fields is not None:
            row.fields[LABEL] = label
            row.raw = self._written(row.fields)
        with whole_file(self.path) as stream:
            stream.writelines(row.raw for row in self._all)
        self._stamp = self._state()

    def _add_column(self, header: Row) -> None:
        names = [*(self.rows[0].fields or {}), LABEL]
        bom = _BOM if header.raw.startswith(_BOM) else b""
        header.raw = bom + _table_line(header.raw, names)
        for row in self.rows:
            row.fields = {**(row.fields or {}), LABEL: ""}
            row.raw = self._written(row.fields)

    def _written(self, fields: dict[str, Any]) -> bytes:
        if self._header:
            return _table_line(self._header.raw, list(fields.values()))
        # A lone surrogate becomes the escape that JSON has for it.
        line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return line.encode("utf-8", errors="backslashreplace") + b"\n"

    def _state(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size


def _is_json(start: bytes) -> bool:
    return start.removeprefix(_BOM).lstrip().startswith(b"{")


def _read_json_lines(name: str, stream: io.BufferedReader) -> Iterator[Row]:
    for number, line in enumerate(stream, 1):
        position = f"line {number}"
        yield Row(position, line, _json_fields(f"{name}, {position}", line))


def _json_fields(place: str, line: bytes) -> dict[str, Any] | None:
    text = line.decode("utf-8-sig").strip()
    if not text:
        return None
    try:
        fields = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{place}: not JSON ({error})") from None
    if not isinstance(fields, dict):
        raise CorpusError(f"{place}: not a JSON object")
    return fields


def _read_table(name: str, stream: io.BufferedReader) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        yield from _table_rows(name, text)
    finally:
        text.detach()  # the stream is the caller's to close


def _table_rows(name: str, text: io.TextIOWrapper) -> Iterator[Row]:
    """The rows of a table, header first; a row may go over several lines."""
    first = text.readline()
    header = next(csv.reader([first.removeprefix("\ufeff")], delimiter=delimiter_of(first)), [])
    if len(set(header)) < len(header):
        raise CorpusError(f"{name}: two columns have one name; rename one")
    yield Row("row 1", first.encode(), None)
    taken: list[str] = []
    cells = csv.reader(_tapped(text, taken), delimiter=delimiter_of(first))
    for number, found in enumerate(_told(name, cells), 2):
        position = f"row {number}"
        if found and len(found) != len(header):
            raise CorpusError(
                f"{name}, {position}: {len(found)} cells, the header has {len(header)} (a stray "
                "quotation mark?)"
            )
        fields = dict(zip(header, found, strict=True)) if found else None
        yield Row(position, "".join(taken).encode(), fields)
        taken.clear()


def _tapped(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _told(name: str, cells: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from cells
    except csv.Error as error:
        raise CorpusError(f"{name}: not CSV ({error})") from None


def _table_line(header: bytes, cells: list[Any]) -> bytes:
    """A line in the manner of the header: its delimiter, its line end, all quoted or as needed."""
    first = header.decode("utf-8-sig")
    line = io.StringIO(newline="")
    csv.writer(
        line,
        delimiter=delimiter_of(first),
        lineterminator="\r\n" if first.endswith("\r\n") else "\n",
        quoting=csv.QUOTE_ALL if first.startswith('"') else csv.QUOTE_MINIMAL,
    ).writerow(cells)
    return line.getvalue().encode()
