"""One article in a plain text file: an optional `date YYYY-MM`, then caption, lead, paragraphs."""

import re
from collections.abc import Iterator

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.records import WHOLE_FILE, Record, Rejected
from sanctions_clf.archives.streams import OpenArchive
from sanctions_clf.articles import Article

_DATE = re.compile(r"\s*date (\d{4}(?:-\d{2}){0,2})\s")


def read_plain_text(
    archive: OpenArchive, columns: Columns, encoding: str
) -> Iterator[Record | Rejected]:
    """Yield the one article of a text file; a leading date is taken off its text."""
    content = archive.stream.read()
    try:
        text = content.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        yield Rejected(archive.name, WHOLE_FILE, not_decodable(error))
        return
    dated = _DATE.match(text)
    body = (text[dated.end() :] if dated else text).strip()
    if not body:
        yield Rejected(archive.name, WHOLE_FILE, "empty")
        return
    article = Article(text=body, id=archive.name, date=dated.group(1) if dated else None)
    yield Record(archive.name, WHOLE_FILE, article)


def not_decodable(error: UnicodeDecodeError) -> str:
    """Say which byte is not of the encoding, and the mend."""
    return (
        f"not {error.encoding.upper()} (byte 0x{error.object[error.start]:02x} at offset "
        f"{error.start}); name its encoding: --encoding cp1252"
    )
