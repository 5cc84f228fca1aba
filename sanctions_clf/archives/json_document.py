"""A file that is one JSON document: an article over several lines, or an array of articles."""

from collections.abc import Iterator

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.json_lines import LONGEST_LINE, parse_json, record_from
from sanctions_clf.archives.plain_text import POSITION, not_decodable
from sanctions_clf.archives.records import Record, Rejected
from sanctions_clf.archives.streams import OpenArchive


def read_json_document(
    archive: OpenArchive, columns: Columns, encoding: str
) -> Iterator[Record | Rejected]:
    """Yield the one article of an object, or those of an array, as `item 1` and so on.

    Crawlers such as news-please write a file of this kind for each article.
    """
    content = archive.stream.read(LONGEST_LINE)
    if archive.stream.peek(1):
        reason = f"longer than {LONGEST_LINE >> 20} MB; write one object a line: jq -c '.[]' FILE"
        yield Rejected(archive.name, POSITION, reason)
        return
    try:
        document = parse_json(content, encoding)
    except UnicodeDecodeError as error:
        yield Rejected(archive.name, POSITION, not_decodable(error))
        return
    except (ValueError, RecursionError) as error:
        yield Rejected(archive.name, POSITION, f"not JSON ({error})")
        return
    if isinstance(document, dict):
        yield record_from(archive.name, POSITION, document, columns)
        return
    for number, item in enumerate(document, 1):
        yield record_from(archive.name, f"item {number}", item, columns)
