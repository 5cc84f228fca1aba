"""Score archives: every record in order, one at a time, none lost."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson

from sanctions_clf.archives import (
    Columns,
    Record,
    Rejected,
    Skipped,
    check_archives,
    list_archives,
    open_archive,
    read_archive,
    read_found_archive,
)
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import ArchiveError, OutputError
from sanctions_clf.filters import Filters
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.predictions import Prediction
from sanctions_clf.regimes import iso_date
from sanctions_clf.shipped import load_model
from sanctions_clf.writers import WRITERS, format_of, json_line, whole_file

KEEP = ("hits", "all")


@dataclass(slots=True)
class Summary:
    """Counts of a run: `records == scored + skipped + rejected`, and `flagged` of the scored ones.

    Attributes
    ----------
    archives : opened so far.
    skipped : records that are no article, or not wanted, by reason.
    hits_by_regime, hits_by_language, hits_by_month : of flagged articles; one that is about two
        regimes counts for both.
    bytes_read : of the current archive as stored; `archive_size` of it, None if unknown.
    """

    archives: int = 0
    records: int = 0
    scored: int = 0
    flagged: int = 0
    rejected: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    hits_by_regime: Counter[str] = field(default_factory=Counter)
    hits_by_language: Counter[str] = field(default_factory=Counter)
    hits_by_month: Counter[str] = field(default_factory=Counter)
    bytes_read: int = 0
    archive_size: int | None = None

    def count(self, result: Prediction | Skipped | Rejected) -> None:
        """Count one record."""
        self.records += 1
        if isinstance(result, Skipped):
            self.skipped[result.reason] += 1
            return
        if isinstance(result, Rejected):
            self.rejected += 1
            return
        self.scored += 1
        self.flagged += result.flagged
        if result.flagged:
            self.hits_by_regime.update(result.regimes or ("none",))
            self.hits_by_language[result.lang or "unknown"] += 1
            self.hits_by_month[(iso_date(result.date) or "unknown")[:7]] += 1

    def to_row(self) -> dict[str, Any]:
        """Return the counts as plain values: records = scored + skipped + rejected."""
        return {
            "archives": self.archives,
            "records": self.records,
            "scored": self.scored,
            "skipped": dict(sorted(self.skipped.items())),
            "rejected": self.rejected,
            "hits": self.flagged,
            "hits_by_regime": dict(self.hits_by_regime.most_common()),
            "hits_by_language": dict(self.hits_by_language.most_common()),
            "hits_by_month": dict(sorted(self.hits_by_month.items())),
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """How archives are read.

    Attributes
    ----------
    columns : names of the fields to take instead of the usual ones.
    encoding : of text, JSONL and CSV files.
    carry : names of the records' own fields to keep in predictions.
    filters : which articles are scored; the others are skipped.
    limit : most records to read, over all archives; None for all.
    strict : stop at the first record that cannot be read.
    """

    columns: Columns = field(default_factory=Columns)
    encoding: str = "utf-8"
    carry: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
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

    Records are read once, lazily and in order; one is in memory at a time. Those that are skipped
    are counted in `summary`.

    Parameters
    ----------
    archives : files, directories, `-` for standard input.

    Raises
    ------
    ArchiveError
        If an archive as a whole cannot be read; with `reading.strict` also at the first rejected
        record.
    """
    reading = reading or Reading()
    summary = summary or Summary()
    for record in _read_all(archives, reading, summary):
        result = _outcome(record, model, point, reading)
        summary.count(result)
        if not isinstance(result, Skipped):
            yield result
        if reading.limit is not None and summary.records >= reading.limit:
            return


def _read_all(
    archives: Sequence[str], reading: Reading, summary: Summary
) -> Iterator[Record | Skipped | Rejected]:
    for name, found in list_archives(archives):
        read = read_found_archive if found else read_archive
        with open_archive(name) as archive:
            summary.archives += 1
            summary.archive_size = archive.size
            for record in read(archive, columns=reading.columns, encoding=reading.encoding):
                summary.bytes_read = archive.raw.tell() if archive.size else 0
                yield record


def _outcome(
    record: Record | Skipped | Rejected, model: Model, point: OperatingPoint, reading: Reading
) -> Prediction | Skipped | Rejected:
    if isinstance(record, Rejected) and reading.strict:
        raise ArchiveError(str(record))
    if not isinstance(record, Record):
        return record
    reason = reading.filters.reason_to_skip(record.article)
    if reason:
        return Skipped(record.archive, record.position, reason)
    return model.predict_record(record, point, reading.carry)


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
    """Score archives into one JSONL, CSV or Parquet file, which appears whole or not at all.

    Parameters
    ----------
    archives : files of articles, directories of them, `-` for standard input.
    output : the file to write; records that cannot be read go to `OUTPUT.rejects.jsonl` beside
        it, which exists only if there are any, and the counts to `OUTPUT.summary.json`.
    model : None for the one that ships with the package.
    at, threshold : operating point, or probability, from which an article is flagged.
    keep : `hits` writes flagged articles, `all` every article.
    format : `jsonl`, `csv` or `parquet`; None to go by the suffix of `output`.
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
    _refuse_output_among_input(output, names)
    summary = Summary()
    rejects = Path(f"{os.fspath(output)}.rejects.jsonl")
    with ExitStack() as files:
        stream = files.enter_context(whole_file(output))
        write = files.enter_context(make_writer(stream))
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
    with whole_file(f"{os.fspath(output)}.summary.json") as stream:
        stream.write(orjson.dumps(summary.to_row(), option=orjson.OPT_INDENT_2))
    return summary


def _refuse_output_among_input(output: str | os.PathLike[str], names: Iterable[str]) -> None:
    """A run that writes into a directory it reads would score its own output."""
    home = Path(output).resolve().parent
    for name in names:
        if Path(name).is_dir() and home.is_relative_to(Path(name).resolve()):
            raise OutputError(f"{os.fspath(output)}: lies in the input {name}; write it elsewhere")


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
        opened[0].write(json_line(row))

    return write
