"""Cut the input of a run into shards of like size, so that runs go in parallel and resume."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from sanctions_clf.archives import (
    STDIN,
    Columns,
    Meter,
    Record,
    Rejected,
    Skipped,
    list_archives,
    open_archive,
    read_listed,
)
from sanctions_clf.archives.containers import is_container
from sanctions_clf.archives.formats import JSON_LINES, PARQUET, recognise
from sanctions_clf.archives.json_lines import read_json_lines
from sanctions_clf.archives.parquet import open_table, read_row_groups
from sanctions_clf.archives.remote import is_remote, remote_stamp
from sanctions_clf.archives.streams import DamagedStreamError, OpenArchive
from sanctions_clf.errors import ArchiveError

SHARD_BYTES = 64 << 20

# Bytes of a file, None if its server does not say, and its time of change or version; empty for a
# pipe, of which neither can be told.
Stamp = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """An archive, or a part of one that can be read by itself.

    Attributes
    ----------
    archive, found : as `list_archives` gives them.
    start, end : bytes of a JSONL file or row groups of a Parquet file; None for all of it.
    first_line : number of the JSONL line at `start`.
    size : bytes as stored, 0 where they are not known.
    stamp : of the whole file when the shards were cut; another one tells that it was changed.
    """

    archive: str
    found: bool
    start: int | None = None
    end: int | None = None
    first_line: int = 1
    size: int = 0
    stamp: Stamp = ()


Shard = tuple[Piece, ...]


def cut_shards(
    names: Iterable[str], columns: Columns, shard_bytes: int | None = None
) -> list[Shard]:
    """Return the shards of the input in its order.

    Files are put together up to the size of a shard. Larger ones are cut if they are plain JSONL
    (at line ends) or Parquet (at row groups); any other is a shard by itself.
    """
    shard_bytes = shard_bytes or SHARD_BYTES
    shards: list[Shard] = []
    together: list[Piece] = []
    size_together = 0
    for name, found in list_archives(names):
        stamp = stamp_of(name)
        known = bool(stamp) and isinstance(stamp[0], int)
        whole = Piece(name, found, size=cast(int, stamp[0]) if known else 0, stamp=stamp)
        if known and whole.size + size_together <= shard_bytes:
            together.append(whole)
            size_together += whole.size
            continue
        shards += [tuple(together)] if together else []
        together, size_together = [], 0
        if known and whole.size <= shard_bytes:
            together, size_together = [whole], whole.size
            continue
        shards += [(piece,) for piece in _pieces(whole, columns, shard_bytes)]
    return [*shards, *([tuple(together)] if together else [])]


def read_piece(
    piece: Piece, columns: Columns, encoding: str, meter: Meter | None = None
) -> Iterator[Record | Skipped | Rejected]:
    """Yield the records of a piece, with the positions they have in the whole archive.

    Parameters
    ----------
    meter : counts the bytes that are read.
    """
    meter = meter or Meter()
    if piece.start is None or piece.end is None:
        yield from read_listed(piece.archive, piece.found, columns, encoding, meter)
    else:
        yield from _read_between(piece, piece.start, piece.end, columns, encoding, meter)
    meter.finish(piece.size)


def _read_between(
    piece: Piece, start: int, end: int, columns: Columns, encoding: str, meter: Meter
) -> Iterator[Record | Skipped | Rejected]:
    with open_archive(piece.archive) as archive:
        if recognise(archive, columns) is PARQUET:
            yield from read_row_groups(archive, columns, range(start, end))
            return
        with _bytes_between(archive, start, end) as part:
            meter.watch(part, start)
            yield from read_json_lines(part, columns, encoding, first_line=piece.first_line)


def rows_in(piece: Piece, columns: Columns) -> int | None:
    """Return how many rows a piece of a Parquet file has; None for other formats."""
    with open_archive(piece.archive) as archive:
        try:
            if is_container(archive.peek()) or recognise(archive, columns) is not PARQUET:
                return None
            metadata = open_table(archive).metadata
        except (ArchiveError, DamagedStreamError):
            return None
    start, end = piece.start or 0, piece.end or metadata.num_row_groups
    return int(sum(metadata.row_group(group).num_rows for group in range(start, end)))


def stamp_of(name: str) -> Stamp:
    """Return by what a changed file is known: its bytes and the time of its last change."""
    if is_remote(name):
        return remote_stamp(name)
    path = Path(name)
    if name == STDIN or not path.is_file():
        return ()
    known = path.stat()
    return known.st_size, known.st_mtime_ns


def _pieces(whole: Piece, columns: Columns, shard_bytes: int) -> Iterator[Piece]:
    if not whole.size:
        yield whole
        return
    with open_archive(whole.archive) as archive:
        try:
            known = None if is_container(archive.peek()) else recognise(archive, columns)
        except (ArchiveError, DamagedStreamError):  # told when it is read
            known = None
        if not archive.is_plain_file or known not in (JSON_LINES, PARQUET):
            yield whole
        elif known is PARQUET:
            yield from _row_group_pieces(archive, whole, shard_bytes)
        else:
            yield from _line_pieces(archive, whole, shard_bytes)


def _row_group_pieces(archive: OpenArchive, whole: Piece, shard_bytes: int) -> Iterator[Piece]:
    try:
        metadata = open_table(archive).metadata
    except ArchiveError:
        yield whole
        return
    start = size = 0
    for group in range(metadata.num_row_groups):
        size += metadata.row_group(group).total_byte_size
        if size >= shard_bytes or group == metadata.num_row_groups - 1:
            # What the groups take up as stored: like their share of the rows.
            rows = sum(metadata.row_group(part).num_rows for part in range(start, group + 1))
            stored = whole.size * rows // max(1, metadata.num_rows)
            yield replace(whole, start=start, end=group + 1, size=stored)
            start, size = group + 1, 0


def _line_pieces(archive: OpenArchive, whole: Piece, shard_bytes: int) -> Iterator[Piece]:
    archive.raw.seek(0)
    start, first_line, length = 0, 1, 0
    while block := archive.raw.read(shard_bytes):
        last_end = block.rfind(b"\n") + 1
        if not last_end:
            length += len(block)
            continue
        end = start + length + last_end
        yield replace(whole, start=start, end=end, first_line=first_line, size=end - start)
        first_line += block.count(b"\n")
        start, length = end, len(block) - last_end
    if length:
        end = start + length
        yield replace(whole, start=start, end=end, first_line=first_line, size=length)


@contextmanager
def _bytes_between(archive: OpenArchive, start: int, end: int) -> Iterator[OpenArchive]:
    archive.raw.seek(start)
    stream = io.BufferedReader(cast(Any, _Limited(archive.raw, end - start)), 1 << 20)
    yield OpenArchive(archive.name, stream, archive.raw)


class _Limited(io.RawIOBase):
    """No more than so many of the bytes that follow in a file."""

    def __init__(self, raw: Any, left: int) -> None:
        self._raw, self._left = raw, left

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return int(self._raw.tell())

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(min(len(buffer), self._left))
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)
