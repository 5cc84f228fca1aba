"""CSV, TSV and their kin: a header, then one article a row."""

import csv
import io
import re
from collections.abc import Iterator
from typing import TextIO

from sanctions_clf.archives.columns import (
    USUAL_NAMES,
    Columns,
    has_text_column,
    record_from,
    refuse_without_text,
)
from sanctions_clf.archives.records import Record, Rejected
from sanctions_clf.archives.streams import OpenArchive
from sanctions_clf.errors import ArchiveError

DELIMITERS = ",;\t|"
# The csv module's own limit, 128 KiB a cell, is less than a long article.
LONGEST_CELL = 256 << 20
# Excel on Windows writes this one; it holds all that latin-1 does, and dashes and quotation marks.
_OTHER_ENCODING = "not in the encoding of the file; name it: --encoding cp1252"
_UNDECODABLE = re.compile("[\udc80-\udcff]")


def read_delimited(
    archive: OpenArchive, columns: Columns, encoding: str
) -> Iterator[Record | Rejected]:
    """Yield a record for each row under the header, which is row 1.

    Raises
    ------
    ArchiveError
        If no column of the header holds the text, or the header is in another encoding.
    """
    csv.field_size_limit(LONGEST_CELL)
    encoding = "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
    text = io.TextIOWrapper(archive.stream, encoding=encoding, errors="surrogateescape", newline="")
    try:
        yield from _rows(archive.name, text, columns)
    finally:
        text.detach()  # the stream is the archive's to close


def _rows(name: str, text: TextIO, columns: Columns) -> Iterator[Record | Rejected]:
    first = text.readline()
    header = _header(first)
    if _UNDECODABLE.search(first):
        raise ArchiveError(f"{name}: row 1 is {_OTHER_ENCODING}")
    refuse_without_text(name, header, columns)
    rows = csv.reader(text, delimiter=delimiter_of(first))
    number = 1
    while True:
        number += 1
        position = f"row {number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(name, position, f"not CSV ({error})")
            continue
        if cells:
            yield _record(name, position, header, cells, columns)


def looks_delimited(start: bytes, columns: Columns) -> bool:
    """Whether the first line of a file is a header: one names the text, two are usual names."""
    header = _header(start.decode("utf-8-sig", errors="replace").partition("\n")[0])
    usual = {name for names in USUAL_NAMES.values() for name in names}.union(
        columns.given().values()
    )
    known = sum(name.lower() in usual or name in usual for name in header)
    return known > 1 and has_text_column(header, columns)


def _header(line: str) -> list[str]:
    """The cells of a table's first line; none where it is no line of a table."""
    try:
        return next(csv.reader([line.rstrip()], delimiter=delimiter_of(line)), [])
    except csv.Error:
        return []


def delimiter_of(header: str) -> str:
    """Return what stands between the cells of a table's first line."""
    return max(DELIMITERS, key=header.count)


def _record(
    name: str, position: str, header: list[str], cells: list[str], columns: Columns
) -> Record | Rejected:
    if len(cells) != len(header):
        reason = f"{len(cells)} cells, the header has {len(header)} (a stray quotation mark?)"
        return Rejected(name, position, reason)
    if any(_UNDECODABLE.search(cell) for cell in cells):
        return Rejected(name, position, _OTHER_ENCODING)
    fields = dict(zip(header, cells, strict=True))
    return record_from(name, position, fields, columns)
