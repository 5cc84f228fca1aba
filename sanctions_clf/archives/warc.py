"""WARC and WET: what a web crawl stored, a record for each answer of a server.

The records are told apart here and not by FastWARC, which passes over what lies between them and
over records with a wrong length without a word, and ends at the first header it cannot read. It
parses and decodes what is in them.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.html import (
    NO_TEXT,
    NOT_A_PAGE,
    decoded,
    named_charset,
    page_article,
)
from sanctions_clf.archives.records import Record, Rejected, Skipped
from sanctions_clf.archives.streams import DamagedStreamError, OpenArchive
from sanctions_clf.articles import Article
from sanctions_clf.errors import ArchiveError

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

# Larger than any article; parsed, a page takes thirty times its size in memory. Of a larger record
# only the start is held, to tell what it is.
LARGEST_PAYLOAD = 8 << 20
_LONGEST_HEADER = 1 << 20
_LONGEST_LINE = 1 << 16
_BLOCK = 1 << 20

_VERSION = re.compile(rb"WARC/[01]\.\d\d?[ \t]{0,4}\r?\n")
_LONGEST_VERSION = 16
_NEXT_RECORD = re.compile(_VERSION.pattern + rb"(?=[A-Za-z-]+[ \t]*:)")
_HTML = ("text/html", "application/xhtml+xml")
_PLAIN = "text/plain"
_TOO_LARGE = f"a payload of over {LARGEST_PAYLOAD >> 20} MB"
_OTHER_TYPES = ("warcinfo", "request", "metadata", "revisit", "resource", "continuation")


def read_warc(
    archive: OpenArchive, columns: Columns, encoding: str
) -> Iterator[Record | Skipped | Rejected]:
    """Yield every record of a WARC or WET archive: web pages and texts, and what is passed over.

    Positions are offsets in the unpacked archive. An encoding other than UTF-8 counts for pages
    of which HTTP tells none.
    """
    source = _Source(archive.stream)
    for found in _blocks(source):
        position = f"offset {found.offset}"
        if isinstance(found, _Damage):
            yield Rejected(archive.name, position, found.reason)
        else:
            yield _outcome(archive.name, position, found, encoding)


@dataclass(frozen=True, slots=True)
class _Block:
    """A record as stored.

    Attributes
    ----------
    headers : by their names in small letters.
    content : its bytes, or only the first of them.
    whole : whether it is all of them.
    """

    offset: int
    headers: Mapping[str, str]
    content: bytes
    whole: bool

    def header(self, name: str) -> str | None:
        """Return what a header says, None for nothing."""
        return self.headers.get(name) or None


@dataclass(frozen=True, slots=True)
class _Damage:
    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Payload:
    content: bytes
    content_type: str | None
    charset: str | None = None
    http_status: int | None = None

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return _media_type(self.content_type)


class _DamagedRecordError(Exception):
    """A record that cannot be used; reading goes on where the source stands."""


class _NoArticleError(Exception):
    """A sound record that is no article."""


class _Source:
    """A stream of bytes that takes bytes back, knows its offset, and ends where it is damaged."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._back = io.BytesIO()
        self.offset = 0
        self.ending: str | None = None

    def read(self, size: int) -> bytes:
        data = self._back.read(size)
        if len(data) < size:
            data += self._from_stream(size - len(data), lines=False)
        self.offset += len(data)
        return data

    def readline(self) -> bytes:
        line = self._back.readline(_LONGEST_LINE)
        if not line.endswith(b"\n") and len(line) < _LONGEST_LINE:
            line += self._from_stream(_LONGEST_LINE - len(line), lines=True)
        self.offset += len(line)
        return line

    def skip(self, size: int) -> int:
        """Read past so many bytes; return how many of them are missing."""
        while size and (data := self.read(min(size, _BLOCK))):
            size -= len(data)
        return size

    def skip_to_record(self) -> None:
        """Read on to the next line that starts a record, wherever in a line that begins."""
        while line := self.readline():
            if found := _VERSION.search(line):
                self.unread(line[found.start() :])
                return

    def unread(self, data: bytes) -> None:
        """Take back what was read last."""
        self.offset -= len(data)
        if self._back.tell() >= len(data):
            self._back.seek(-len(data), io.SEEK_CUR)
        else:
            self._back = io.BytesIO(data + self._back.read())

    def _from_stream(self, size: int, *, lines: bool) -> bytes:
        self._back = io.BytesIO()
        if self.ending:
            return b""
        try:
            return self._stream.readline(size) if lines else self._stream.read(size)
        except DamagedStreamError as error:
            self.ending = f"the compressed stream is damaged or cut short ({error})"
            return b""


def _blocks(source: _Source) -> Iterator[_Block | _Damage]:
    """Yield the records of an archive and whatever else is in it, in order."""
    told = None
    while line := source.readline():
        start = source.offset - len(line)
        if not line.strip():
            continue
        if not _VERSION.match(line):
            source.unread(line)
            source.skip_to_record()
            yield _Damage(start, f"{source.offset - start:,} bytes that are no WARC record")
            continue
        try:
            yield _block(source, start)
        except _DamagedRecordError as damage:
            told = str(damage)
            yield _Damage(start, told)
    if source.ending and source.ending != told:
        yield _Damage(source.offset, source.ending)


def _block(source: _Source, start: int) -> _Block:
    headers = _headers(source, start)
    stated = headers.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,18}", stated):
        source.skip_to_record()
        raise _DamagedRecordError("no Content-Length that can be read")
    length = int(stated)
    whole = length <= LARGEST_PAYLOAD + _LONGEST_HEADER
    content = source.read(length if whole else _BLOCK)
    missing = source.skip(length - len(content))
    if not missing and _is_closed(source):
        return _Block(start, headers, content, whole)
    held = len(content) == length - missing
    found = _NEXT_RECORD.search(content) if held else None
    if missing and not found:
        source.ending = source.ending or (
            f"the archive is cut short ({length - missing:,} of the record's {length:,} bytes)"
        )
        raise _DamagedRecordError(source.ending)
    if held:
        # The next record starts in here, or its first line is torn apart by the wrong end.
        source.unread(content[found.start() if found else -_LONGEST_VERSION :])
    if not found:
        source.skip_to_record()
    raise _DamagedRecordError(f"not as long as it says ({length:,} bytes)")


def _headers(source: _Source, start: int) -> dict[str, str]:
    """The named fields of a record's header; the first of a name counts."""
    headers: dict[str, str] = {}
    name = ""
    while (line := source.readline()).strip():
        if _VERSION.match(line):
            source.unread(line)
            raise _DamagedRecordError("cut short in its header")
        if source.offset - start > _LONGEST_HEADER:
            source.skip_to_record()
            raise _DamagedRecordError(f"a header of over {_LONGEST_HEADER >> 20} MB")
        text = line.decode(errors="replace")
        if text[0] in " \t" and name:
            headers[name] += f" {text.strip()}"
            continue
        name, colon, value = text.partition(":")
        name = name.strip().lower() if colon else ""
        if name:
            headers.setdefault(name, value.strip())
    if not line:
        source.ending = source.ending or "the archive is cut short (in the record's header)"
        raise _DamagedRecordError(source.ending)
    return headers


def _is_closed(source: _Source) -> bool:
    """Whether a record ends where it says: two line breaks follow, or the next record.

    If not, the source stays where the record says that it ends.
    """
    breaks = b""
    while not (line := source.readline()).strip() and line:
        breaks += line
        if breaks.count(b"\n") == 2:  # noqa: PLR2004
            return True
    source.unread(line)
    if not line:
        source.ending = source.ending or "the archive is cut short (after its last record)"
        return True
    if _VERSION.match(line):
        return True
    source.unread(breaks)
    return False


def _outcome(name: str, position: str, block: _Block, encoding: str) -> Record | Skipped | Rejected:
    try:
        payload = _payload(block)
        article = _article(block, payload, encoding, place=f"{name}, {position}")
    except _NoArticleError as error:
        return Skipped(name, position, str(error))
    except ArchiveError as error:
        return Rejected(name, position, str(error))
    fields = {
        "url": article.url,
        "warc_date": block.header("warc-date"),
        "http_status": payload.http_status,
        "content_type": payload.content_type,
    }
    return Record(name, position, article, fields)


def _article(block: _Block, payload: _Payload, encoding: str, *, place: str) -> Article:
    url = (block.header("warc-target-uri") or "").strip("<>") or None
    own_id = (block.header("warc-record-id") or "").strip("<>").removeprefix("urn:uuid:") or place
    charset = payload.charset or named_charset(encoding)
    try:
        if payload.media_type == _PLAIN:
            text = decoded(payload.content, charset).strip()
            article = Article(text=text, id=own_id, url=url)
        else:
            article = page_article(payload.content, charset=charset, id=own_id, url=url)
    except ArchiveError as error:
        raise _NoArticleError(str(error)) from None
    if not article.text:
        raise _NoArticleError(NO_TEXT)
    identified = (block.header("warc-identified-content-language") or "").partition(",")[0].strip()
    return replace(
        article,
        date=article.date or block.header("warc-date"),
        lang=article.lang or identified or None,
    )


def _payload(block: _Block) -> _Payload:
    """What a record holds of a page or text, decoded from how HTTP sent it.

    Raises
    ------
    _NoArticleError
        If it is something else.
    ArchiveError
        If it is damaged or too large.
    """
    kind = (block.header("warc-type") or "").lower()
    if kind == "response":
        return _response(block)
    if kind != "conversion":
        raise _NoArticleError(
            f"a {kind} record" if kind in _OTHER_TYPES else "a record of unknown type"
        )
    stated = block.header("content-type")
    if _media_type(stated) != _PLAIN:
        raise _NoArticleError(NOT_A_PAGE)
    if not block.whole or len(block.content) > LARGEST_PAYLOAD:
        raise ArchiveError(_TOO_LARGE)
    return _Payload(block.content, stated)


def _response(block: _Block) -> _Payload:
    if _media_type(block.header("content-type") or "application/http") != "application/http":
        raise _NoArticleError(NOT_A_PAGE)
    try:
        http = _parsed(block.content, "none")
    except OSError as error:
        raise ArchiveError(f"its HTTP header cannot be read ({_brief(error)})") from None
    status = http.http_headers.status_code if http.is_http_parsed else None
    if status is None:
        raise ArchiveError("not an HTTP response")
    if status != HTTPStatus.OK:
        raise _NoArticleError(f"HTTP status {status}")
    stated = http.http_headers.get("Content-Type") or block.header("warc-identified-payload-type")
    if _media_type(stated) not in (*_HTML, _PLAIN):
        raise _NoArticleError(NOT_A_PAGE)
    content = _decoded(block, http) if block.whole else None
    if content is None or len(content) > LARGEST_PAYLOAD:
        raise ArchiveError(_TOO_LARGE)
    return _Payload(content, stated, http.http_charset, status)


def _decoded(block: _Block, http: "WarcRecord") -> bytes:
    """The body of an HTTP response without its transfer and content encodings."""
    try:
        return _parsed(block.content, "all").reader.read(LARGEST_PAYLOAD + 1)
    except OSError as error:
        # Crawlers that store a page decoded often leave the header as it was.
        body = http.reader.read(LARGEST_PAYLOAD + 1)
        if body.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"<"):
            return body
        raise ArchiveError(f"its payload cannot be decoded ({_brief(error)})") from None


def _parsed(content: bytes, decode: Literal["none", "all"]) -> "WarcRecord":
    from fastwarc.warc import WarcRecord

    record = WarcRecord()
    record.set_bytes_content(content)
    record.is_http = True
    record.parse_http(auto_decode=decode, max_header_len=_LONGEST_HEADER, quirks_mode=True)
    return record


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _brief(error: OSError) -> str:
    """A library's message, which may quote the whole payload, as part of one line."""
    return " ".join(str(error)[:60].split())
