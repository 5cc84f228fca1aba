"""A file that is one JSON document: an article over several lines, or an array of articles."""

from collections.abc import Iterator

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.json_lines import LONGEST_LINE, json_record, parse_json
from sanctions_clf.archives.plain_text import not_decodable
from sanctions_clf.archives.records import WHOLE_FILE, Record, Rejected
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
        yield Rejected(archive.name, WHOLE_FILE, reason)
        return
    try:
        document = parse_json(content, encoding)
    except UnicodeDecodeError as error:
        yield Rejected(archive.name, WHOLE_FILE, not_decodable(error))
        return
    except (ValueError, RecursionError) as error:
        yield Rejected(archive.name, WHOLE_FILE, f"not JSON ({error})")
        return
    if isinstance(document, dict):
        yield json_record(archive.name, WHOLE_FILE, document, columns)
        return
    for number, item in enumerate(document, 1):
        yield json_record(archive.name, f"item {number}", item, columns)
