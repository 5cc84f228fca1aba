"""What a run over archives will take, from scoring a sample of them."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sanctions_clf.archives import Meter, check_archives
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import ArchiveError
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.parts import row_of
from sanctions_clf.predictions import Prediction
from sanctions_clf.scoring import Reading, score_record
from sanctions_clf.shards import Piece, cut_shards, read_piece, rows_in
from sanctions_clf.shipped import load_model
from sanctions_clf.summary import Summary
from sanctions_clf.writers import json_line

# Places spread over the input, and what is scored at each: some seconds in all.
_PLACES = 16
_SECONDS = 10.0
_FEWEST, _MOST = 20, 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will come to, as far as a sample tells.

    Attributes
    ----------
    archives, bytes_all : of the input, counted.
    records, hits : expected.
    seconds : of time expected, in that many processes.
    processes : as were asked for, at most as many as the machine or the input has work for.
    output_bytes : expected, as JSONL. While the run goes on its parts take as much again.
    sample : counts of the records that were read for this.
    complete : whether the sample is the whole input.
    """

    archives: int
    bytes_all: int
    records: int
    hits: int
    seconds: float
    processes: int
    output_bytes: int
    sample: Summary
    complete: bool


@dataclass(slots=True)
class _Measured:
    summary: Summary
    bytes_read: float = 0.0
    seconds: float = 0.0
    output_bytes: int = 0
    to_the_end: bool = True


def estimate_run(
    archives: Iterable[str | os.PathLike[str]],
    *,
    model: Model | None = None,
    at: str = DEFAULT_OPERATING_POINT,
    threshold: float | None = None,
    keep: str = "hits",
    reading: Reading | None = None,
    jobs: int = 1,
) -> Estimate:
    """Score a sample of archives, some seconds long, and return what all of them will take.

    The sample lies in places spread evenly over the bytes of the input; of a stream that cannot be
    cut, a gz file or a web crawl, only the beginning can be read. Parameters are those of
    `score_archive`.

    Raises
    ------
    ArchiveError
        If an archive cannot be used, or a pipe is among them.
    """
    names = [os.fspath(name) for name in archives]
    reading = reading or Reading()
    model = model or load_model()
    check_archives(names, reading.columns)
    shards = cut_shards(names, reading.columns)
    pieces = [piece for shard in shards for piece in shard]
    if any(not piece.stamp for piece in pieces):
        raise ArchiveError("a pipe cannot be sampled without using it up; name files")
    chosen = _spread(pieces)
    measured = _Measured(Summary())
    # The first text takes long: the lexicon is compiled.
    model.linear.decide("", None)
    point = model.operating_point(at, threshold)
    for piece in chosen:
        _measure(piece, model, point, keep, reading, _SECONDS / len(chosen), measured)
    bytes_all = sum(piece.size for piece in pieces)
    complete = measured.to_the_end and len(chosen) == len(pieces)
    known = bytes_all and measured.bytes_read and not complete
    times = max(1.0, bytes_all / measured.bytes_read) if known else 1.0
    if reading.limit is not None and measured.summary.records:
        times = min(times, reading.limit / measured.summary.records)
    processes = max(1, min(jobs, len(shards), os.cpu_count() or 1))
    return Estimate(
        archives=len({piece.archive for piece in pieces}),
        bytes_all=bytes_all,
        records=round(times * measured.summary.records),
        hits=round(times * measured.summary.flagged),
        seconds=times * measured.seconds / processes,
        processes=processes,
        output_bytes=round(times * measured.output_bytes),
        sample=measured.summary,
        complete=complete,
    )


def _spread(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces at even distances in the bytes of the input, so that large ones come more often."""
    ends = list(accumulate(piece.size for piece in pieces))
    bytes_all = ends[-1] if ends else 0
    if len(pieces) <= _PLACES or not bytes_all:
        return list(pieces[:_PLACES])
    places = [bytes_all * (2 * number + 1) // (2 * _PLACES) for number in range(_PLACES)]
    chosen = {next(n for n, end in enumerate(ends) if end > place) for place in places}
    return [pieces[number] for number in sorted(chosen)]


def _measure(
    piece: Piece,
    model: Model,
    point: OperatingPoint,
    keep: str,
    reading: Reading,
    seconds: float,
    measured: _Measured,
) -> None:
    known = rows_in(piece, reading.columns)
    meter = Meter()
    started = time.perf_counter()
    records = read_piece(piece, reading.columns, reading.encoding, meter)
    for seen, record in enumerate(records, start=1):
        result = score_record(record, model, point, reading)
        measured.summary.count(result)
        if isinstance(result, Prediction) and (result.flagged or keep != "hits"):
            measured.output_bytes += len(json_line(row_of(result, keep)))
        late = time.perf_counter() - started > seconds and seen >= _FEWEST
        if late or seen == _MOST:
            measured.bytes_read += piece.size * seen / known if known else meter.bytes_read()
            measured.to_the_end = False
            break
    else:
        measured.bytes_read += piece.size
    measured.seconds += time.perf_counter() - started
