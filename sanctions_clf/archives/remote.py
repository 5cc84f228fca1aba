"""Archives on a web server or in an object store, read through fsspec and never stored here.

fsspec and the package of each protocol come with the extra `remote`; local paths do without.
"""

import io
import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sanctions_clf.errors import ArchiveError, RemoteError

# RFC 3986, section 3.1
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HTTP = ("http://", "https://")
_EXTRA = "pip install 'sanctions-clf[remote]'"

# Bytes asked for beyond what is read: a request then takes longer than its answer is waited for,
# and a look at the start of a file stays cheap.
_READ_AHEAD = 4 << 20
_SECONDS_TO_CONNECT, _SECONDS_OF_SILENCE = 30, 60

# These log what they raise, too, which Python shows to whoever has set up no logging.
_TALKATIVE, _SILENCE = ("fsspec", "gcsfs", "google", "s3fs"), logging.NullHandler()

# What stores call the version of a file, the surest first.
_VERSIONS = (
    "generation", "ETag", "etag", "md5Hash", "content_md5", "Content-MD5", "Digest", "mtime",
    "LastModified", "last_modified", "Last-Modified", "updated", "modified", "created",
)  # fmt: skip
_MISSING = (404, 410)


def is_remote(name: str) -> bool:
    """Whether the name of an archive is a URL rather than a path."""
    return _URL.match(name) is not None


def open_remote(url: str) -> io.RawIOBase:
    """Open a remote file for reading; one can seek in it if its server sends parts of files.

    Raises
    ------
    ArchiveError
        If there is no such file, or no package for its protocol.
    IsADirectoryError
        If it is one.
    RemoteError
        If it cannot be read now; reading may raise it later, too.
    """
    filesystem, path = _located(url)
    with _failures_of(url):
        file = (_open_http if url.startswith(_HTTP) else _open)(filesystem, path)
    if getattr(file, "details", {}).get("type") == "directory":  # S3 opens it as an empty file
        raise IsADirectoryError
    return _RemoteFile(url, file)


def is_remote_directory(url: str) -> bool:
    """Whether a URL stands for many files: a pattern with `*`, or a directory of a store.

    On the web it takes the pattern, since any page with links would pass for a directory.
    """
    filesystem, path = _located(url)
    with _failures_of(url):
        return "*" in path or (not url.startswith(_HTTP) and bool(filesystem.isdir(path)))


def remote_files_under(url: str) -> Iterator[str]:
    """Yield the files of a directory, or those that a pattern matches, in the order of their names.

    Directories are read to any depth, patterns as `**` says; names that start with `.` are left
    out.

    Raises
    ------
    ArchiveError
        If a pattern matches nothing.
    RemoteError
        If they cannot be listed now.
    """
    filesystem, path = _located(url)
    pattern = "*" in path
    with _failures_of(url, ValueError):
        found = (filesystem.glob if pattern else filesystem.find)(path, detail=True)
    root = path.partition("*")[0].rpartition("/")[0] if pattern else path
    files = [
        name
        for name, info in sorted(found.items())
        if info["type"] == "file" and not name.endswith("/") and "/." not in name[len(root) :]
    ]
    if pattern and not files:
        raise ArchiveError(f"{url}: matches no file")
    given = url if url.endswith("://") else url.rstrip("/")
    before = given.removesuffix(path) if given.endswith(path) else None
    for name in files:
        yield filesystem.unstrip_protocol(name) if before is None else before + name


def forget_remote(names: Iterable[str]) -> None:
    """Have the stores of these archives asked anew for what is in them.

    What they told is kept, by fsspec and here, as long as the process lives.
    """
    remote_stamp.cache_clear()
    for name in names:
        if is_remote(name):
            _located(name)[0].invalidate_cache()


def remote_size(url: str) -> int | None:
    """Bytes of a remote file as stored; None if its server does not say."""
    return remote_stamp(url)[0]


@cache
def remote_stamp(url: str) -> tuple[int | None, str]:
    """Size and version of a remote file, by which a change shows; the version may be empty."""
    filesystem, path = _located(url)
    with _failures_of(url):
        info = filesystem.info(path)
    return info.get("size"), next((str(info[name]) for name in _VERSIONS if info.get(name)), "")


class _RemoteFile(io.RawIOBase):
    """A file of fsspec as a stream that `io.BufferedReader` takes, with its failures told.

    `RemoteError` is no OSError, so that no unpacker takes a failure for a damaged stream.
    """

    def __init__(self, url: str, file: Any) -> None:
        self._url, self._file = url, file
        self._seekable = _can_seek(file)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._seekable

    def readinto(self, buffer: Any) -> int:
        with _failures_of(self._url):
            data = self._file.read(len(buffer))
            size = getattr(self._file, "size", None)
            if len(buffer) and not data and size is not None and self.tell() < size:
                raise EOFError(f"it ends after {self.tell():,} of its {size:,} bytes")
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if not self._seekable:
            raise io.UnsupportedOperation("seek")
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _can_seek(file: Any) -> bool:
    """Whether a file can be sought in, which those that stream over HTTP only pretend."""
    try:
        file.seek(1)
        file.seek(0)
    except (OSError, ValueError):
        return False
    return True


def _located(url: str) -> tuple[Any, str]:
    """The filesystem of a URL and the path in it."""
    try:
        from fsspec.core import url_to_fs

        for talkative in _TALKATIVE:
            logging.getLogger(talkative).addHandler(_SILENCE)
        with _failures_of(url, ValueError):
            filesystem, path = url_to_fs(url, **(_http_options() if url.startswith(_HTTP) else {}))
    except ImportError as error:
        raise ArchiveError(
            f"{url}: a package is missing ({_line(error)}); for S3, Google Cloud Storage and HTTP: "
            f"{_EXTRA}"
        ) from None
    return filesystem, str(path)


def _http_options() -> dict[str, Any]:
    """Bytes as they are stored, by the user's proxy, for as long as they come.

    aiohttp would unpack what a server declares packed, part by part, and give up any stream after
    five minutes. What the user has configured for fsspec counts instead.
    """
    from aiohttp import ClientTimeout
    from fsspec.config import conf

    timeout = ClientTimeout(
        total=None, sock_connect=_SECONDS_TO_CONNECT, sock_read=_SECONDS_OF_SILENCE
    )
    ours = {
        "headers": {"Accept-Encoding": "identity"},
        "client_kwargs": {"auto_decompress": False, "trust_env": True, "timeout": timeout},
    }
    return {name: value for name, value in ours.items() if name not in conf.get("http", {})}


def _open(filesystem: Any, path: str) -> Any:
    return filesystem.open(path, "rb", block_size=_READ_AHEAD, cache_type="readahead")


def _open_http(filesystem: Any, path: str) -> Any:
    """Open a file of a web server: by parts if it sends such, else as one stream."""
    size = filesystem.info(path)["size"]
    if size and _sends_parts(filesystem, path, size):
        return _open(filesystem, path)
    return filesystem.open(path, "rb", block_size=0, size=size)


def _sends_parts(filesystem: Any, path: str, size: int) -> bool:
    """Whether a server answers for the second byte of a file with that byte alone.

    Many that do not announce it do, and some that announce it do not.
    """
    try:
        with filesystem.open(path, "rb", block_size=1, cache_type="none", size=size) as file:
            file.seek(1)
            file.read(1)
    except ValueError:
        return False
    return True


@contextmanager
def _failures_of(url: str, mistake: type[Exception] | tuple[()] = ()) -> Iterator[None]:
    """Tell whatever goes wrong in fsspec and the packages under it with the URL and the mend.

    A `mistake` is one that no repetition mends.
    """
    try:
        yield
    except ImportError:
        raise
    except mistake as error:
        raise ArchiveError(f"{url}: {_line(error)}") from error
    except Exception as error:
        raise _told(url, error) from error


def _told(url: str, error: Exception) -> ArchiveError | RemoteError:
    if isinstance(error, FileNotFoundError) and url.startswith(_HTTP):
        # fsspec calls a web file missing for any reason why it cannot be measured.
        error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    status = getattr(error, "status", None)
    if isinstance(error, FileNotFoundError) or status in _MISSING:
        return ArchiveError(f"{url}: no such file")
    return RemoteError(
        f"{url}: cannot be read now ({_line(error)}); once that is mended, the same command with "
        "-o goes on where it was"
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
