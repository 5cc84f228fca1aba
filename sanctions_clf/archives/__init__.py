"""Read articles from archives, whatever their format."""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.containers import (
    Member,
    files_under,
    is_container,
    members,
)
from sanctions_clf.archives.formats import recognise
from sanctions_clf.archives.meter import Meter
from sanctions_clf.archives.records import WHOLE_FILE, Record, Rejected, Skipped
from sanctions_clf.archives.remote import (
    forget_remote,
    is_remote,
    is_remote_directory,
    remote_files_under,
)
from sanctions_clf.archives.streams import (
    STDIN,
    DamagedStreamError,
    ForeignFormatError,
    OpenArchive,
    open_archive,
    printable,
)
from sanctions_clf.articles import Article
from sanctions_clf.errors import ArchiveError

__all__ = [
    "STDIN",
    "Columns",
    "Meter",
    "Record",
    "Rejected",
    "Skipped",
    "check_archives",
    "list_archives",
    "open_archive",
    "read_archive",
    "read_article",
    "read_articles",
]


def read_archive(
    archive: OpenArchive, *, columns: Columns | None = None, encoding: str = "utf-8"
) -> Iterator[Record | Skipped | Rejected]:
    """Yield every record of an open archive in order, as read, skipped or rejected.

    Where a compressed stream is damaged or cut short, what precedes the damage is read and the
    rest is one rejected record. In a ZIP or tar archive this holds for each of its members.

    Raises
    ------
    ArchiveError
        If the archive as a whole is of no readable format.
    """
    named = columns or Columns()
    position = "start"
    try:
        if is_container(archive.peek()):
            for member in members(archive):
                position = member.name if isinstance(member, Member) else member.position
                yield from _read_member(archive, member, named, encoding)
            return
        for record in recognise(archive, named).read(archive, named, encoding):
            position = record.position
            yield record
    except DamagedStreamError as error:
        reason = f"the compressed stream is damaged or cut short ({error})"
        yield Rejected(archive.name, f"after {position}", reason)


def read_listed(
    name: str, found: bool, columns: Columns, encoding: str, meter: Meter | None = None
) -> Iterator[Record | Skipped | Rejected]:
    """Open and read an archive that `list_archives` gave.

    Parameters
    ----------
    meter : is told of the archive once it is open.

    Raises
    ------
    ArchiveError
        If one that was named cannot be read; one that was found is rejected.
    """
    read = read_found_archive if found else read_archive
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(open_archive(name))
        except ArchiveError as error:
            if not found:
                raise
            yield Rejected(printable(name), WHOLE_FILE, str(error).removeprefix(f"{name}: "))
            return
        if meter:
            meter.watch(archive)
        yield from read(archive, columns=columns, encoding=encoding)


def read_found_archive(
    archive: OpenArchive, *, columns: Columns | None = None, encoding: str = "utf-8"
) -> Iterator[Record | Skipped | Rejected]:
    """`read_archive` for a file that nobody named, in a directory or a container.

    What is no article by its format is skipped, and what cannot be read is rejected.
    """
    try:
        yield from read_archive(archive, columns=columns, encoding=encoding)
    except ForeignFormatError as error:
        yield Skipped(archive.name, WHOLE_FILE, error.kind)
    except ArchiveError as error:
        reason = str(error).removeprefix(f"{archive.name}: ")
        yield Rejected(archive.name, WHOLE_FILE, reason)


def _read_member(
    outer: OpenArchive, member: Member | Skipped | Rejected, columns: Columns, encoding: str
) -> Iterator[Record | Skipped | Rejected]:
    if not isinstance(member, Member):
        yield member
        return
    inner = member.archive
    if is_container(inner.peek()):
        yield Rejected(outer.name, member.name, "an archive within an archive; unpack it first")
        return
    for found in read_found_archive(inner, columns=columns, encoding=encoding):
        whole = found.position == WHOLE_FILE
        position = member.name if whole else f"{member.name}, {found.position}"
        yield dataclasses.replace(found, archive=outer.name, position=position)


def list_archives(names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield the archives to read, and whether each was found in a directory rather than named.

    What a pattern in a URL matches was found as well.

    Raises
    ------
    ArchiveError
        If a directory cannot be listed, or a pattern matches nothing.
    RemoteError
        If a remote one cannot be listed now.
    """
    names = list(names)
    forget_remote(names)
    for name in names:
        if is_directory(name):
            files = remote_files_under(name) if is_remote(name) else files_under(name)
            yield from ((file, True) for file in files)
        else:
            yield name, False


def is_directory(name: str) -> bool:
    """Whether a name stands for the files in a directory, or for those that a pattern matches."""
    if is_remote(name):
        return is_remote_directory(name)
    return name != STDIN and Path(name).is_dir()


def check_archives(names: Iterable[str], columns: Columns | None = None) -> None:
    """Open each archive and look at its first bytes, so that a run fails before it starts.

    Pipes are passed over: what is read of them once does not come again. So are directories, in
    which what cannot be read is told file by file.

    Raises
    ------
    ArchiveError
        For the first that is missing or of no readable format.
    RemoteError
        If a remote one cannot be read now.
    """
    names = list(names)
    forget_remote(names)
    for name in names:
        if name == STDIN or Path(name).is_fifo() or is_directory(name):
            continue
        with open_archive(name) as archive:
            try:
                if not is_container(archive.peek()):
                    recognise(archive, columns or Columns())
            except DamagedStreamError as error:
                raise ArchiveError(f"{name}: a damaged stream ({error})") from None


def read_articles(
    name: str, *, columns: Columns | None = None, encoding: str = "utf-8"
) -> Iterator[Article]:
    """Yield the articles of an archive, of any format that is read; `-` for standard input.

    Raises
    ------
    ArchiveError
        At the first record that cannot be read. `score_archive` goes on past these.
    """
    with open_archive(str(name)) as archive:
        for record in read_archive(archive, columns=columns, encoding=encoding):
            if isinstance(record, Rejected):
                raise ArchiveError(str(record))
            if isinstance(record, Record):
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
