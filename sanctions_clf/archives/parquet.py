"""Parquet: a table whose rows are articles, read a batch at a time."""

import io
from collections.abc import Iterator
from typing import Any

from sanctions_clf.archives.columns import Columns, record_from, refuse_without_text
from sanctions_clf.archives.records import Record, Rejected
from sanctions_clf.archives.streams import OpenArchive
from sanctions_clf.errors import ArchiveError

_BATCH_ROWS = 256
# A Parquet file in a container or a compressed stream cannot be sought in, so it is held whole.
_LARGEST_HELD = 1 << 30


def read_parquet(
    archive: OpenArchive, columns: Columns, encoding: str
) -> Iterator[Record | Rejected]:
    """Yield a record for each row, counted from 1.

    Raises
    ------
    ArchiveError
        If it is damaged as a whole, or no column holds the text.
    """
    yield from read_row_groups(archive, columns, None)


def read_row_groups(
    archive: OpenArchive, columns: Columns, groups: range | None
) -> Iterator[Record | Rejected]:
    """`read_parquet` for some row groups only, None for all; positions stay those of the file."""
    table = open_table(archive)
    refuse_without_text(archive.name, list(_names(table.schema_arrow)), columns)
    wanted = groups if groups is not None else range(table.num_row_groups)
    row = sum(table.metadata.row_group(i).num_rows for i in range(wanted.start))
    for group in wanted:
        yield from _rows_of(archive.name, table, group, columns, row)
        row += table.metadata.row_group(group).num_rows


def open_table(archive: OpenArchive) -> Any:
    """Return the `pyarrow.parquet.ParquetFile` in an archive.

    Raises
    ------
    ArchiveError
        If it is none, or too large to hold where it cannot be sought in.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    source: Any = archive.raw
    if not archive.is_plain_file:
        content = archive.stream.read(_LARGEST_HELD)
        if archive.stream.peek(1):
            raise ArchiveError(
                f"{archive.name}: over {_LARGEST_HELD >> 30} GB; download or unpack it"
            )
        source = io.BytesIO(content)
    else:
        source.seek(0)
    try:
        return pq.ParquetFile(source)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ArchiveError(f"{archive.name}: a damaged Parquet file ({_line(error)})") from None


def _rows_of(
    name: str, table: Any, group: int, columns: Columns, before: int
) -> Iterator[Record | Rejected]:
    import pyarrow as pa

    number = before
    try:
        batches = table.iter_batches(_BATCH_ROWS, row_groups=[group], use_threads=False)
        for batch in batches:
            for fields in _values(batch):
                number += 1
                position = f"row {number}"
                yield (
                    record_from(name, position, fields, columns)
                    if isinstance(fields, dict)
                    else Rejected(name, position, f"a value that cannot be read ({fields})")
                )
    except (pa.ArrowException, OSError) as error:
        lost = before + table.metadata.row_group(group).num_rows
        place = f"rows {number + 1} to {lost}"
        yield Rejected(name, place, f"a damaged part of the Parquet file ({_line(error)})")


def _values(batch: Any) -> Iterator[dict[str, Any] | str]:
    """The rows of a batch, or in words what is wrong with one."""
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError):  # of a date out of range, or bytes that are no text
        for row in range(batch.num_rows):
            try:
                yield batch.slice(row, 1).to_pylist()[0]
            except (ValueError, OverflowError) as error:
                yield _line(error)


def _names(schema: Any) -> Iterator[str]:
    """The names of the columns, and of those that dots reach one level down."""
    import pyarrow as pa

    for column in schema:
        yield column.name
        if pa.types.is_struct(column.type):
            yield from (f"{column.name}.{inner.name}" for inner in column.type)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
