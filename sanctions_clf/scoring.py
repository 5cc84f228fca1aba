"""Score archives: every record in order, one at a time, none lost."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sanctions_clf.archives import (
    Columns,
    Record,
    Rejected,
    check_archives,
    open_archive,
    read_archive,
)
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import ArchiveError
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.predictions import Prediction
from sanctions_clf.shipped import load_model
from sanctions_clf.writers import WRITERS, format_of, whole_file, write_json_lines

KEEP = ("hits", "all")


@dataclass(slots=True)
class Summary:
    """Counts of a run: `records == scored + rejected`, and `flagged` of the scored ones.

    Attributes
    ----------
    archives : opened so far.
    bytes_read : of the current archive as stored; `archive_size` of it, None if unknown.
    """

    archives: int = 0
    records: int = 0
    scored: int = 0
    flagged: int = 0
    rejected: int = 0
    bytes_read: int = 0
    archive_size: int | None = None

    def count(self, result: Prediction | Rejected) -> None:
        """Count one record."""
        self.records += 1
        if isinstance(result, Rejected):
            self.rejected += 1
            return
        self.scored += 1
        self.flagged += result.flagged


@dataclass(frozen=True, slots=True)
class Reading:
    """How archives are read.

    Attributes
    ----------
    columns : names of the fields to take instead of the usual ones.
    encoding : of text, JSONL and CSV files.
    carry : names of the records' own fields to keep in predictions.
    limit : most records to read, over all archives; None for all.
    strict : stop at the first record that cannot be read.
    """

    columns: Columns = field(default_factory=Columns)
    encoding: str = "utf-8"
    carry: tuple[str, ...] = ()
    limit: int | None = None
    strict: bool = False


def score_records(
    archives: Sequence[str],
    model: Model,
    point: OperatingPoint,
    *,
    reading: Reading | None = None,
    summary: Summary | None = None,
) -> Iterator[Prediction | Rejected]:
    """Yield a prediction for each record of the archives, or why it was rejected.

    Records are read once, lazily and in order; one is in memory at a time.

    Raises
    ------
    ArchiveError
        If an archive as a whole cannot be read; with `reading.strict` also at the first rejected
        record.
    """
    reading = reading or Reading()
    summary = summary or Summary()
    for name in archives:
        if reading.limit is not None and summary.records >= reading.limit:
            return
        with open_archive(name) as archive:
            summary.archives += 1
            summary.archive_size = archive.size
            for record in read_archive(archive, columns=reading.columns, encoding=reading.encoding):
                if isinstance(record, Rejected) and reading.strict:
                    raise ArchiveError(str(record))
                result = (
                    model.predict_record(record, point, reading.carry)
                    if isinstance(record, Record)
                    else record
                )
                summary.count(result)
                summary.bytes_read = archive.raw.tell() if archive.size else 0
                yield result
                if reading.limit is not None and summary.records >= reading.limit:
                    return


def score_archive(
    archives: Iterable[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    model: Model | None = None,
    at: str = DEFAULT_OPERATING_POINT,
    threshold: float | None = None,
    keep: str = "hits",
    format: str | None = None,
    reading: Reading | None = None,
    on_progress: Callable[[Summary], None] | None = None,
    on_reject: Callable[[Rejected], None] | None = None,
) -> Summary:
    """Score archives into one JSONL or CSV file, which appears whole or not at all.

    Parameters
    ----------
    archives : files of articles, `-` for standard input.
    output : the file to write; records that cannot be read go to `OUTPUT.rejects.jsonl` beside
        it, which exists only if there are any.
    model : None for the one that ships with the package.
    at, threshold : operating point, or probability, from which an article is flagged.
    keep : `hits` writes flagged articles, `all` every article.
    format : `jsonl` or `csv`; None to go by the suffix of `output`.
    on_progress : called after each record with the counts so far.
    on_reject : called with each record that cannot be read, as it comes.

    Returns
    -------
    The counts of the run.

    Raises
    ------
    ArchiveError, OutputError
        If an archive or the output cannot be used; nothing is written then.
    """
    names = [os.fspath(name) for name in archives]
    reading = reading or Reading()
    model = model or load_model()
    point = model.operating_point(at, threshold)
    make_writer = WRITERS[format or format_of(output)]
    check_archives(names, reading.columns)
    summary = Summary()
    rejects = Path(f"{os.fspath(output)}.rejects.jsonl")
    with ExitStack() as files:
        stream = files.enter_context(whole_file(output))
        write = make_writer(stream)
        write_reject = _reject_writer(files, rejects)
        for result in score_records(names, model, point, reading=reading, summary=summary):
            if isinstance(result, Rejected):
                write_reject(result)
                if on_reject:
                    on_reject(result)
            elif result.flagged or keep == "all":
                write(result.to_row())
            if on_progress:
                on_progress(summary)
    if not summary.rejected:
        rejects.unlink(missing_ok=True)
    return summary


def _reject_writer(files: ExitStack, path: Path) -> Callable[[Rejected], None]:
    """A function that writes rejected records to a file that it opens with the first one."""
    opened: list[IO[bytes]] = []

    def write(rejected: Rejected) -> None:
        if not opened:
            opened.append(files.enter_context(whole_file(path)))
        row = {
            "archive": rejected.archive,
            "position": rejected.position,
            "reason": rejected.reason,
        }
        write_json_lines(opened[0])(row)

    return write
