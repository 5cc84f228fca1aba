"""Members of directories, ZIP and tar archives, as archives of their own. Nothing is unpacked to
disk, so no member's name can reach outside.
"""

import os
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from sanctions_clf.archives.records import Rejected, Skipped
from sanctions_clf.archives.streams import (
    DamagedStreamError,
    ForeignFormatError,
    OpenArchive,
    unpacked,
    unpacking,
)
from sanctions_clf.errors import ArchiveError

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MAGIC, _TAR_OFFSET = b"ustar", 257
_ENCRYPTED = 0x1
# Office Open XML and OpenDocument files are ZIP archives that hold one of these.
_OFFICE_PARTS = {"[Content_Types].xml", "mimetype"}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a container.

    Attributes
    ----------
    name : its name in the container, with control characters escaped.
    archive : its bytes, open until the next member is asked for.
    """

    name: str
    archive: OpenArchive


def is_container(start: bytes) -> bool:
    """Whether a file that starts so is a ZIP or tar archive (POSIX 1003.1-1988 and later)."""
    return start.startswith(_ZIP) or start[_TAR_OFFSET:].startswith(_TAR_MAGIC)


def members(archive: OpenArchive) -> Iterator[Member | Skipped | Rejected]:
    """Yield the files of a ZIP archive in the order of its directory, or of a tar in their own.

    Raises
    ------
    ArchiveError
        If a ZIP archive cannot be sought in, or its directory cannot be read.
    """
    is_zip = archive.peek().startswith(_ZIP)
    return _zip_members(archive) if is_zip else _tar_members(archive)


def files_under(directory: str) -> Iterator[str]:
    """Yield the files of a directory and of those below it, by name; links and `.*` are left out.

    Raises
    ------
    ArchiveError
        If a directory cannot be listed.
    """
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except OSError as error:
        raise ArchiveError(f"{directory}: {(error.strerror or str(error)).lower()}") from None
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files_under(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry.path


def _zip_members(archive: OpenArchive) -> Iterator[Member | Skipped | Rejected]:
    if not archive.is_plain_file:
        raise ArchiveError(
            f"{archive.name}: a ZIP archive must be a file of its own that can be read from its "
            "end; download or unpack it"
        )
    try:
        container = zipfile.ZipFile(archive.raw)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise ArchiveError(f"{archive.name}: a damaged ZIP archive ({error})") from None
    with container:
        if not _OFFICE_PARTS.isdisjoint(container.namelist()):
            raise ForeignFormatError(archive.name, "an office document", "save it as plain text")
        for entry in container.infolist():
            if entry.is_dir():
                continue
            name = _printable(entry.filename)
            if entry.flag_bits & _ENCRYPTED:
                yield Rejected(archive.name, name, "encrypted")
                continue
            try:
                stream = container.open(entry)
            except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
                yield Rejected(archive.name, name, f"cannot be unpacked ({error})")
                continue
            with stream:
                yield _member(archive, name, stream, entry.compress_size)


def _tar_members(archive: OpenArchive) -> Iterator[Member | Skipped | Rejected]:
    name = "start"
    try:
        with cast(Any, tarfile.open(fileobj=archive.stream, mode="r|")) as container:
            while entry := container.next():
                container.members.clear()  # a tar may have millions, and tarfile keeps each
                name = _printable(entry.name)
                if entry.isdir():
                    continue
                if not entry.isfile():
                    yield Skipped(archive.name, name, "a link or device")
                    continue
                yield _member(archive, name, _tar_stream(container, entry), entry.size)
    except tarfile.TarError as error:
        reason = f"the tar archive is damaged or cut short ({error})"
        yield Rejected(archive.name, f"after {name}", reason)


def _tar_stream(container: Any, entry: tarfile.TarInfo) -> Any:
    if entry.issparse():
        return container.extractfile(entry)
    return _TarStream(container.fileobj, entry.size)


class _TarStream:
    """The bytes of a tar's member, handed on up to where the tar is cut.

    tarfile's own streams lose what precedes the cut with the read that fails.
    """

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self._left = stream, left

    def read1(self, most: int) -> bytes:
        if not self._left:
            return b""
        data = self._stream.read(min(most, self._left, tarfile.RECORDSIZE))
        if not data:
            raise EOFError("unexpected end of data")
        self._left -= len(data)
        return data


def _member(archive: OpenArchive, name: str, stream: Any, size: int) -> Member | Rejected:
    """A member with its stored size, against which an endless one is known."""
    try:
        inner = unpacked(f"{archive.name}, {name}", unpacking(stream, lambda: size))
        inner.peek()  # damage that shows at once is told here
    except DamagedStreamError as error:
        return Rejected(archive.name, name, f"damaged or cut short ({error})")
    return Member(name, inner)


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in name)
