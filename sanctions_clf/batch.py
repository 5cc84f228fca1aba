"""Score archives larger than memory into one file: in parallel, and resumable where killed."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sanctions_clf.archives import STDIN, Rejected, check_archives
from sanctions_clf.archives.remote import is_remote
from sanctions_clf.assembly import assemble, output_kind
from sanctions_clf.errors import ArchiveError, OutputError, SanctionsClfError
from sanctions_clf.label_files import read_rows
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.parts import Part
from sanctions_clf.run_files import (
    audit_file,
    partial_directory,
    rejects_file,
    summary_file,
)
from sanctions_clf.runs import Plan, locked, open_run, read_manifest, remainders, total
from sanctions_clf.scoring import Reading
from sanctions_clf.shards import Shard, cut_shards
from sanctions_clf.shipped import load_model
from sanctions_clf.summary import Summary
from sanctions_clf.workers import score_here, score_in_processes, score_on_cluster
from sanctions_clf.writers import refuse_remote


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    summary : counts so far.
    records_here, bytes_here : read by this call, without those of a run that it goes on with.
    bytes_all : bytes of the whole input; 0 where a pipe is among it.
    """

    summary: Summary
    records_here: int
    bytes_here: int
    bytes_all: int


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
    jobs: int = 1,
    dask: str | None = None,
    audit_sample: int = 0,
    unique: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    on_reject: Callable[[Rejected], None] | None = None,
) -> Summary:
    """Score archives into one file or a directory, which appears whole or not at all.

    While the run goes on its finished parts are kept in `OUTPUT.partial/`; the same call after a
    run that was killed does only what is missing. Near-copies among the hits share a `story`.

    Parameters
    ----------
    archives : files of articles, directories of them, URLs of either, `-` for standard input.
    output : the JSONL, CSV or Parquet file to write, by its suffix; without one, a directory of
        Parquet parts that pandas, DuckDB and polars read as one table. Records that cannot be
        read go to `OUTPUT.rejects.jsonl` beside it, which exists only if there are any, and the
        counts to `OUTPUT.summary.json`.
    model : None for the one that ships with the package.
    at, threshold : operating point, or probability, from which an article is flagged.
    keep : `hits` writes flagged articles, `all` every article, `scores` the place and decision
        value of every article; `reflag` applies other thresholds to the last two.
    format : `jsonl`, `csv` or `parquet`; None to go by the suffix of `output`.
    jobs : processes that score at a time.
    dask : address of a Dask scheduler whose workers score instead. They read the input and write
        the parts by the paths they have here.
    audit_sample : how many random articles that are not flagged to write, with their text and an
        empty label, to `OUTPUT.audit.jsonl`.
    unique : keep only the hit of the highest probability of each story.
    on_progress : called after each part of the run.
    on_reject : called with each record that cannot be read, part by part.

    Returns
    -------
    The counts of the run.

    Raises
    ------
    ArchiveError, OutputError, WorkerError
        If an archive or the output cannot be used, an archive is changed meanwhile,
        `OUTPUT.partial/` is of another run or in use by one, or the cluster fails; no output is
        written then.
    RemoteError
        If a remote archive cannot be read now; the same call later goes on where this one was.
    """
    refuse_remote(output)
    if keep == "scores" and reading and reading.without_launches:
        raise OutputError(f"{output}: scores alone do not tell launches; keep hits, or all")
    names = [os.fspath(name) for name in archives]
    reading = reading or Reading()
    model = model or load_model()
    output = Path(output)
    kind = output_kind(output, format)
    check_archives(names, reading.columns)
    _refuse_output_among_input(output, names)
    _refuse_labelled_audit(audit_file(output))
    directory = partial_directory(output)
    point = model.operating_point(at, threshold)
    if dask:  # workers have a working directory of their own
        directory, names = directory.absolute(), list(map(_for_workers, names))
    plan = Plan(directory, _cut(names, reading), point, reading, keep, audit_sample)
    with locked(directory):
        open_run(plan, model)
        try:
            for progress in _score(plan, model, jobs, dask, on_reject):
                if on_progress:
                    on_progress(progress)
            summary = assemble(plan, model, output, kind, unique=unique)
        except SanctionsClfError:
            if not read_manifest(plan.directory):
                shutil.rmtree(plan.directory)
            raise
        # Still locked, so that no other run begins in what is being removed.
        shutil.rmtree(directory)
    return summary


def _for_workers(name: str) -> str:
    if name == STDIN:
        raise ArchiveError("standard input cannot be sent to a cluster; name files")
    return name if is_remote(name) else str(Path(name).absolute())


def _cut(names: list[str], reading: Reading) -> tuple[Shard, ...]:
    shards = cut_shards(names, reading.columns)
    if reading.limit is not None:  # counts over all archives, so one worker reads them in order
        shards = [tuple(piece for shard in shards for piece in shard)]
    return tuple(shards)


def _score(
    plan: Plan,
    model: Model,
    jobs: int,
    dask: str | None,
    on_reject: Callable[[Rejected], None] | None,
) -> Iterator[Progress]:
    summary = total(plan.directory)
    records_before, bytes_before = summary.records, summary.bytes_read
    bytes_all = 0 if _has_pipe(plan) else sum(p.size for shard in plan.shards for p in shard)
    for part in _parts(plan, model, jobs, dask):
        summary.add(part.summary.to_row())
        if on_reject:
            for rejected in part.rejects:
                on_reject(rejected)
        records_here = summary.records - records_before
        yield Progress(summary, records_here, summary.bytes_read - bytes_before, bytes_all)


def _parts(plan: Plan, model: Model, jobs: int, dask: str | None) -> Iterator[Part]:
    left = remainders(plan)
    if dask and left:
        return score_on_cluster(plan, left, model, dask)
    if jobs > 1 and len(left) > 1 and not _has_pipe(plan):  # only this process has its pipe
        return score_in_processes(plan, left, model, jobs)
    return score_here(plan, left, model)


def _has_pipe(plan: Plan) -> bool:
    return any(not piece.stamp for shard in plan.shards for piece in shard)


def _refuse_labelled_audit(audit: Path) -> None:
    """Labels cost hours of reading, and every run replaces the audit sample of the one before."""
    if audit.exists() and any(row.label() for row in read_rows(audit)):
        raise OutputError(f"{audit}: holds labels; move it away, or name another output")


def _refuse_output_among_input(output: Path, names: Iterable[str]) -> None:
    """A run would lose what it writes over, and score what it writes into a directory it reads."""
    target = Path(os.path.realpath(output))
    beside = (rejects_file(target), audit_file(target), summary_file(target))
    for name in names:
        source = Path(os.path.realpath(name))
        if (
            source in (target, *beside)
            or target in source.parents
            or (source.is_dir() and target.is_relative_to(source))
        ):
            raise OutputError(f"{output}: lies in the input {name}; write it elsewhere")
