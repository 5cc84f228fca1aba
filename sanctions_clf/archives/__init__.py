"""Read articles from archives, whatever their format."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import orjson

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.delimited import looks_delimited, read_delimited
from sanctions_clf.archives.json_lines import read_json_lines
from sanctions_clf.archives.plain_text import read_plain_text
from sanctions_clf.archives.records import Record, Rejected
from sanctions_clf.archives.streams import (
    DAMAGED,
    STDIN,
    OpenArchive,
    open_archive,
    refuse_what_is_no_text,
)
from sanctions_clf.articles import Article
from sanctions_clf.errors import ArchiveError

__all__ = [
    "STDIN",
    "Columns",
    "Record",
    "Rejected",
    "check_archives",
    "open_archive",
    "read_archive",
    "read_article",
    "read_articles",
]

Reader = Callable[[OpenArchive, Columns, str], Iterator[Record | Rejected]]


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


def _is_json_lines(start: bytes, columns: Columns) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


# In the order in which they are tried; the last one takes what no other recognises.
FORMATS = {
    "jsonl": Format((".jsonl", ".ndjson", ".json"), _is_json_lines, read_json_lines),
    "csv": Format((".csv", ".tsv", ".tab"), looks_delimited, read_delimited),
    "text": Format((".txt", ".text", ".md"), lambda start, columns: True, read_plain_text),
}


def read_archive(
    archive: OpenArchive, *, columns: Columns | None = None, encoding: str = "utf-8"
) -> Iterator[Record | Rejected]:
    """Yield every record of an open archive in order, as read or as rejected.

    Where a compressed stream is damaged or cut short, what precedes the damage is read and the
    rest is one rejected record.

    Raises
    ------
    ArchiveError
        If the archive as a whole is of no readable format.
    """
    position = "start"
    try:
        named = columns or Columns()
        for record in recognise(archive, named).read(archive, named, encoding):
            position = record.position
            yield record
    except DAMAGED as error:
        reason = f"the compressed stream is damaged or cut short ({error})"
        yield Rejected(archive.name, f"after {position}", reason)


def recognise(archive: OpenArchive, columns: Columns) -> Format:
    """Return the format of an archive, by its content with the name as a hint.

    Raises
    ------
    ArchiveError
        If it is not text, or an array where lines are wanted.
    """
    refuse_what_is_no_text(archive)
    start = archive.peek()
    suffix = PurePath(archive.name.removesuffix(".gz")).suffix.lower()
    hint = next((name for name, known in FORMATS.items() if suffix in known.suffixes), None)
    if _is_json_array(start):
        raise ArchiveError(
            f"{archive.name}: one JSON array; write one object a line: jq -c '.[]' FILE"
        )
    if hint == "csv" or (hint == "text" and not _first_line_is_json(start)):
        return FORMATS[hint]
    found = next(name for name, known in FORMATS.items() if known.recognises(start, columns))
    return FORMATS[hint or found if found == "text" else found]


def check_archives(names: Iterable[str], columns: Columns | None = None) -> None:
    """Open each archive and look at its first bytes, so that a run fails before it starts.

    Pipes are passed over: what is read of them once does not come again.

    Raises
    ------
    ArchiveError
        For the first that is missing or of no readable format.
    """
    for name in names:
        if name == STDIN or Path(name).is_fifo():
            continue
        with open_archive(name) as archive:
            try:
                recognise(archive, columns or Columns())
            except DAMAGED as error:
                raise ArchiveError(f"{name}: not a gzip stream ({error})") from None


def read_articles(
    name: str, *, columns: Columns | None = None, encoding: str = "utf-8"
) -> Iterator[Article]:
    """Yield the articles of an archive: a text file, JSONL or CSV, plain or gz.

    Raises
    ------
    ArchiveError
        At the first record that cannot be read. `score_archive` goes on past these.
    """
    with open_archive(str(name)) as archive:
        for record in read_archive(archive, columns=columns, encoding=encoding):
            if isinstance(record, Rejected):
                raise ArchiveError(str(record))
            yield record.article


def read_article(name: str, *, columns: Columns | None = None, encoding: str = "utf-8") -> Article:
    """Return the first article of a file, which for plain text is the only one.

    Raises
    ------
    ArchiveError
        If it cannot be read, or there is none.
    """
    for article in read_articles(name, columns=columns, encoding=encoding):
        return article
    raise ArchiveError(f"{name}: holds no article")


def _is_json_array(start: bytes) -> bool:
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"[") and head[1:].lstrip().startswith(b"{")


def _first_line_is_json(start: bytes) -> bool:
    try:
        return isinstance(orjson.loads(start.split(b"\n", 1)[0]), dict)
    except orjson.JSONDecodeError:
        return False
