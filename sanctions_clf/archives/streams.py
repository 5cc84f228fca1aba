"""Open an archive as a stream of bytes, compressed or not, and recognise what is in it."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sanctions_clf.errors import ArchiveError

STDIN = "-"
# What a damaged or cut compressed stream raises while it is read.
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)

_BUFFER = 1 << 20
_PEEK = 8192
_GZIP = b"\x1f\x8b"

# Formats that are not text, by their first bytes, and what to do about each.
_NOT_TEXT = (
    (b"%PDF", "a PDF", "turn it into text first: pdftotext FILE.pdf"),
    (b"PK\x03\x04", "a ZIP archive or office document", "unpack it, or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an office document", "save it as plain text"),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"PAR1", "a Parquet file", "write it as JSONL or CSV"),
    (b"BZh", "compressed with bzip2", "unpack it: bzip2 -d FILE"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it: xz -d FILE"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it: zstd -d FILE"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"\x89PNG", "a picture", "it holds no text that can be read"),
    (b"\xff\xd8\xff", "a picture", "it holds no text that can be read"),
    (b"GIF8", "a picture", "it holds no text that can be read"),
    (b"WARC/", "a WARC archive", "extract its texts to JSONL"),
    (b"\xff\xfe", "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
    (b"\xfe\xff", "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
)
_HTML = (b"<!doctype html", b"<html", b"<?xml")


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """An archive that is being read.

    Attributes
    ----------
    name : as given, `-` for standard input.
    stream : its bytes, unpacked.
    raw : its bytes as stored; `raw.tell()` shows how far reading has come.
    size : in bytes as stored, None if unknown.
    """

    name: str
    stream: io.BufferedReader
    raw: IO[bytes]
    size: int | None

    def peek(self) -> bytes:
        """Return the first bytes, up to 8 KiB, without reading past them."""
        return self.stream.peek(_PEEK)[:_PEEK]


@contextmanager
def open_archive(name: str) -> Iterator[OpenArchive]:
    """Open an archive for reading; gzip is unpacked on the way.

    Raises
    ------
    ArchiveError
        If there is no such file, or it cannot be opened.
    """
    if name == STDIN:
        stdin = sys.stdin.buffer
        stream = (
            stdin if isinstance(stdin, io.BufferedReader) else io.BufferedReader(cast(Any, stdin))
        )
        yield _unpacked(name, stream, stdin, None)
        return
    try:
        path = Path(name)
        raw = path.open("rb", buffering=0)
    except IsADirectoryError:
        raise ArchiveError(f"{name}: is a directory; name the files in it ({name}/*)") from None
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        raise ArchiveError(f"{name}: {reason}") from None
    with raw:
        size = path.stat().st_size
        yield _unpacked(name, io.BufferedReader(raw, _BUFFER), raw, size)


def _unpacked(
    name: str, stream: io.BufferedReader, raw: IO[bytes], size: int | None
) -> OpenArchive:
    if stream.peek(2)[:2] != _GZIP:
        return OpenArchive(name, stream, raw, size)
    return OpenArchive(name, io.BufferedReader(_Gunzipped(stream), _BUFFER), raw, size)


class _Gunzipped(io.RawIOBase):
    """The unpacked bytes of a gzip stream, handed on as they come.

    A buffer straight over `GzipFile` is filled by several reads, and what precedes a damage is
    lost with the read that fails.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._gzip = gzip.GzipFile(fileobj=stream)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._gzip.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def refuse_what_is_no_text(archive: OpenArchive) -> None:
    """Refuse a format that is not text, or not one we read.

    Raises
    ------
    ArchiveError
        With what it is and what to do about it.
    """
    start = archive.peek()
    for magic, kind, mend in _NOT_TEXT:
        if start.startswith(magic):
            raise ArchiveError(f"{archive.name}: {kind}, not text; {mend}")
    if start.lstrip().lower().startswith(_HTML):
        raise ArchiveError(
            f"{archive.name}: HTML; save the page as text first: html2text FILE.html"
        )
    if start.count(b"\0") > len(start) // 20:
        raise ArchiveError(f"{archive.name}: not text; name a text, JSONL or CSV file")
