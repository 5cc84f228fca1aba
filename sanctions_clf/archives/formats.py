"""Recognise what a file holds, by its content with its name as a hint."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

import orjson

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.delimited import looks_delimited, read_delimited
from sanctions_clf.archives.html import read_html
from sanctions_clf.archives.json_document import read_json_document
from sanctions_clf.archives.json_lines import read_json_lines
from sanctions_clf.archives.parquet import read_parquet
from sanctions_clf.archives.plain_text import read_plain_text
from sanctions_clf.archives.records import Record, Rejected, Skipped
from sanctions_clf.archives.streams import OpenArchive, refuse_what_is_no_text
from sanctions_clf.archives.warc import read_warc

Reader = Callable[[OpenArchive, Columns, str], Iterator[Record | Skipped | Rejected]]

_COMPRESSION_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Format:
    """How a kind of archive is recognised and read.

    Attributes
    ----------
    suffixes : file names that hint at it, compression taken off.
    recognises : whether the first bytes look like it.
    read : the reader.
    """

    suffixes: tuple[str, ...]
    recognises: Callable[[bytes, Columns], bool]
    read: Reader


def recognise(archive: OpenArchive, columns: Columns) -> Format:
    """Return the format of an archive that is no container.

    Raises
    ------
    ForeignFormatError
        If it is of a format that is not read.
    """
    start = archive.peek()
    for known in _BINARY:
        if known.recognises(start, columns):
            return known
    refuse_what_is_no_text(archive)
    hint = _hinted(archive.name)
    if hint is _TABLE or (hint is _TEXT and not _is_json_lines(start, columns)):
        return hint
    found = next(known for known in _TEXTUAL if known.recognises(start, columns))
    return hint if hint is not None and found is _TEXT else found


def _hinted(name: str) -> Format | None:
    for suffix in _COMPRESSION_SUFFIXES:
        name = name.removesuffix(suffix)
    suffix = PurePath(name).suffix.lower()
    return next((known for known in _TEXTUAL if suffix in known.suffixes), None)


def _is_json_lines(start: bytes, columns: Columns) -> bool:
    """Whether the first line is an object by itself."""
    try:
        return isinstance(orjson.loads(_head(start).split(b"\n", 1)[0]), dict)
    except orjson.JSONDecodeError:
        return False


def _is_json_document(start: bytes, columns: Columns) -> bool:
    """Whether it opens like an object that goes over several lines, or an array of objects."""
    head = _head(start)
    if head.startswith(b"["):
        return head[1:].lstrip().startswith((b"{", b"]"))
    return head.startswith(b"{") and head[1:].lstrip(b" \t").startswith((b"\n", b"\r"))


def _opens_an_object(start: bytes, columns: Columns) -> bool:
    return _head(start).startswith(b"{")


def _is_html(start: bytes, columns: Columns) -> bool:
    head = _head(start).lower()
    return head.startswith((b"<!doctype html", b"<html", b"<head")) or (
        head.startswith((b"<?xml", b"<!--")) and b"<html" in head
    )


def _head(start: bytes) -> bytes:
    return start.removeprefix(_BOM).lstrip()


_TABLE = Format((".csv", ".tsv", ".tab"), looks_delimited, read_delimited)
_TEXT = Format((".txt", ".text", ".md"), lambda start, columns: True, read_plain_text)
JSON_LINES = Format((".jsonl", ".ndjson", ".json"), _opens_an_object, read_json_lines)
PARQUET = Format((".parquet",), lambda start, columns: start.startswith(b"PAR1"), read_parquet)
_BINARY = (
    PARQUET,
    Format((".warc", ".wet"), lambda start, columns: start.startswith(b"WARC/"), read_warc),
)
# In the order in which they are tried; the last one takes what no other recognises.
_TEXTUAL = (
    Format((".html", ".htm", ".xhtml"), _is_html, read_html),
    Format((), _is_json_document, read_json_document),
    JSON_LINES,
    _TABLE,
    _TEXT,
)
