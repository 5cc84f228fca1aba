"""Open an archive as a stream of bytes, compressed or not, and recognise what is in it."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from sanctions_clf.archives.remote import is_remote, open_remote
from sanctions_clf.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STDIN = "-"

_BUFFER = 1 << 20
_PEEK = 8192

# A text that unpacks to more than so many times its size is made to fill the disk or the memory;
# news comes to some 3 to 20. Up to so many bytes any ratio is let through.
_MOST_RATIO, _FREE_BYTES = 250, 256 << 20

# Formats that are not text, by their first bytes, and what to do about each.
_NOT_TEXT = (
    (b"%PDF", "a PDF", "turn it into text first: pdftotext FILE.pdf"),
    (b"\xd0\xcf\x11\xe0", "an office document", "save it as plain text"),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"\x89PNG", "a picture", "it holds no text that can be read"),
    (b"\xff\xd8\xff", "a picture", "it holds no text that can be read"),
    (b"GIF8", "a picture", "it holds no text that can be read"),
    (b"RIFF", "a picture or sound", "it holds no text that can be read"),
    (b"\xff\xfe", "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
    (b"\xfe\xff", "UTF-16", "convert it: iconv -f UTF-16 -t UTF-8 FILE"),
)


class DamagedStreamError(Exception):
    """A compressed stream is damaged, cut short, or unpacks without end."""


class ForeignFormatError(ArchiveError):
    """A file is of a format that is not read.

    Attributes
    ----------
    kind : what it is, in a few words.
    """

    def __init__(self, name: str, kind: str, mend: str) -> None:
        super().__init__(name, kind, mend)  # as they came, so that workers can send it on
        self.kind = kind

    def __str__(self) -> str:
        name, kind, mend = self.args
        return f"{name}: {kind}; {mend}"


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """An archive that is being read, or a member of one.

    Attributes
    ----------
    name : as given, `-` for standard input; of a member, `archive, member`.
    stream : its bytes, unpacked.
    raw : its bytes as stored.
    """

    name: str
    stream: io.BufferedReader
    raw: IO[bytes]

    @property
    def is_plain_file(self) -> bool:
        """Whether the bytes are those of a file as stored, so that one can seek in `raw`."""
        return cast(object, self.stream.raw) is self.raw and self.raw.seekable()

    def peek(self) -> bytes:
        """Return the first bytes, up to 8 KiB, without reading past them."""
        return self.stream.peek(_PEEK)[:_PEEK]

    def bytes_read(self) -> int:
        """Return about how many of the bytes as stored what was read so far takes up.

        0 where that cannot be told, of a pipe.
        """
        try:
            position = self.stream.tell()
        except (OSError, ValueError):
            return 0
        unpacker: object = self.stream.raw
        return unpacker.packed(position) if isinstance(unpacker, _Unpacking) else position


@contextmanager
def open_archive(name: str) -> Iterator[OpenArchive]:
    """Open an archive, a path or a URL, for reading; gz, bz2, xz and zst are unpacked on the way.

    Raises
    ------
    ArchiveError
        If there is no such file, or it cannot be opened.
    RemoteError
        If a URL cannot be read now.
    """
    if name == STDIN:
        stdin = cast(Any, sys.stdin.buffer)
        yield unpacked(name, stdin if _is_file(stdin) else _from_pipe(stdin))
        return
    try:
        path = Path(name)
        raw = open_remote(name) if is_remote(name) else path.open("rb", buffering=0)
    except IsADirectoryError:
        raise ArchiveError(f"{name}: is a directory; name the files in it ({name}/*)") from None
    except (OSError, ValueError) as error:
        reason = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        raise ArchiveError(f"{name}: {reason}") from None
    with raw:
        stream: Any = io.BufferedReader(raw, _BUFFER) if raw.seekable() else _from_pipe(raw)
        yield unpacked(printable(name), stream)


def _is_file(stdin: object) -> bool:
    return isinstance(stdin, io.BufferedReader) and stdin.seekable()


def _from_pipe(pipe: Any) -> io.BufferedReader:
    return io.BufferedReader(cast(Any, _Pipe(pipe)), _BUFFER)


class _Pipe(io.RawIOBase):
    """The bytes of a pipe, the first of them together, however slowly they come.

    A format is told by the first bytes, and a single read of a pipe may give one of them.
    """

    def __init__(self, pipe: Any) -> None:
        # Buffered streams give what has come by `read1`, raw ones by `read`.
        self._read = getattr(pipe, "read1", pipe.read)
        self._started = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        while not self._started and len(data) < _PEEK:
            more = self._read(len(buffer) - len(data))
            if not more:
                break
            data += more
        self._started = True
        buffer[: len(data)] = data
        return len(data)


def printable(name: str) -> str:
    """Return a file name as any writer can write it: bytes that are no UTF-8 become `?`."""
    return name.encode("utf-8", "replace").decode()


def unpacked(name: str, stream: io.BufferedReader) -> OpenArchive:
    """Return the archive in a stream of bytes as stored, which may be compressed."""
    start = stream.peek(_LONGEST_MAGIC)[:_LONGEST_MAGIC]
    raw = stream.raw if isinstance(stream.raw, io.RawIOBase) else stream
    for magic, unpack in _COMPRESSIONS:
        if start.startswith(magic):
            checked = unpacking(unpack(stream), _position_of(stream))
            return OpenArchive(name, checked, cast(IO[bytes], raw))
    return OpenArchive(name, stream, cast(IO[bytes], raw))


_COMPRESSIONS: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", lambda stream: gzip.GzipFile(fileobj=stream)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
    (b"\x28\xb5\x2f\xfd", zstd.ZstdFile),
)
_DAMAGES = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    zipfile.BadZipFile,
    tarfile.TarError,
)
_LONGEST_MAGIC = max(len(magic) for magic, _ in _COMPRESSIONS)


def unpacking(unpacker: Any, packed_bytes: Callable[[], int | None]) -> io.BufferedReader:
    """Return the bytes that a library unpacks as a stream that ends in `DamagedStreamError`.

    Parameters
    ----------
    unpacker : a file object that has `read1`.
    packed_bytes : how many packed bytes were read so far, None if that cannot be told.
    """
    return io.BufferedReader(_Unpacking(unpacker, packed_bytes), _BUFFER)


class _Unpacking(io.RawIOBase):
    """The unpacked bytes of a compressed stream, handed on as they come.

    A buffer straight over `GzipFile` is filled by several reads, and what precedes a damage is
    lost with the read that fails.
    """

    def __init__(self, unpacker: Any, packed_bytes: Callable[[], int | None]) -> None:
        self._unpacker, self._packed_bytes = unpacker, packed_bytes
        self._unpacked_bytes = 0

    def tell(self) -> int:
        return self._unpacked_bytes

    def packed(self, position: int) -> int:
        """The packed bytes of the first so many unpacked ones, at the ratio so far."""
        return (self._packed_bytes() or 0) * position // max(1, self._unpacked_bytes)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._unpacker.read1(len(buffer))
        except _DAMAGES as error:
            raise DamagedStreamError(str(error)) from None
        buffer[: len(data)] = data
        self._unpacked_bytes += len(data)
        self._refuse_endless()
        return len(data)

    def _refuse_endless(self) -> None:
        if self._unpacked_bytes <= _FREE_BYTES:
            return
        packed = self._packed_bytes()
        if packed is not None and self._unpacked_bytes > _MOST_RATIO * max(1, packed):
            raise DamagedStreamError(f"it unpacks to over {_MOST_RATIO} times its size")


def _position_of(stream: io.BufferedReader) -> Callable[[], int | None]:
    def position() -> int | None:
        try:
            return stream.tell()
        except (OSError, ValueError):  # a pipe does not tell
            return None

    return position


def refuse_what_is_no_text(archive: OpenArchive) -> None:
    """Refuse a format that is not text, or not one we read.

    Raises
    ------
    ForeignFormatError
        With what it is and what to do about it.
    """
    start = archive.peek()
    for magic, kind, mend in _NOT_TEXT:
        if start.startswith(magic):
            raise ForeignFormatError(archive.name, f"{kind}, not text", mend)
    if start.startswith(b"<?xml") and b"<html" not in start.lower():
        raise ForeignFormatError(archive.name, "XML, not text", "turn it into JSONL first")
    if start.count(b"\0") > len(start) // 20:
        raise ForeignFormatError(archive.name, "not text", "name a text, JSONL or CSV file")
