"""Score archives larger than memory into one file: in parallel, and resumable where killed."""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import orjson

from sanctions_clf.archives import Rejected, check_archives
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import OutputError, SanctionsClfError
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.model_file import save_model
from sanctions_clf.runs import (
    Plan,
    Remainder,
    finished_rows,
    model_checksum,
    open_run,
    read_manifest,
    remainders,
    score_shard,
    score_whole_shard,
    total,
)
from sanctions_clf.scoring import Reading
from sanctions_clf.shards import cut_shards
from sanctions_clf.shipped import load_model
from sanctions_clf.stories import group_stories
from sanctions_clf.summary import Summary
from sanctions_clf.writers import (
    WRITERS,
    Write,
    format_of,
    json_line,
    refuse_foreign_directory,
    refuse_remote,
    whole_directory,
    whole_file,
)

KEEP = ("hits", "all")


class _Hit(NamedTuple):
    """The story of a hit, and its probability."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    summary : counts so far.
    shards_done, shards : parts of the input that are read to their end, and all of them.
    """

    summary: Summary
    shards_done: int
    shards: int


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
    keep : `hits` writes flagged articles, `all` every article.
    format : `jsonl`, `csv` or `parquet`; None to go by the suffix of `output`.
    jobs : processes that score at a time.
    unique : keep only the hit of the highest probability of each story.
    on_progress : called after each part of the run.
    on_reject : called with each record that cannot be read, part by part.

    Returns
    -------
    The counts of the run.

    Raises
    ------
    ArchiveError, OutputError
        If an archive or the output cannot be used, or `OUTPUT.partial/` is of another run; no
        output is written then.
    RemoteError
        If a remote archive cannot be read now; the same call later goes on where this one was.
    """
    refuse_remote(output)
    names = [os.fspath(name) for name in archives]
    reading = reading or Reading()
    model = model or load_model()
    point = model.operating_point(at, threshold)
    output = Path(output)
    kind = _kind_of(output, format)
    check_archives(names, reading.columns)
    _refuse_output_among_input(output, names)
    plan = _plan(output, names, point, reading, keep)
    open_run(plan, model)
    try:
        for progress in _score(plan, model, jobs, on_reject):
            if on_progress:
                on_progress(progress)
    except SanctionsClfError:
        if not read_manifest(plan.directory):
            shutil.rmtree(plan.directory)
        raise
    summary = _assemble(plan, output, kind, unique=unique)
    shutil.rmtree(plan.directory)
    return summary


def partial_directory(output: str | os.PathLike[str]) -> Path:
    """Where the parts of an unfinished run are kept."""
    return Path(f"{Path(output)}.partial")


def rejects_file(output: str | os.PathLike[str]) -> Path:
    """Where the records that could not be read are told."""
    return Path(f"{Path(output)}.rejects.jsonl")


def _plan(
    output: Path,
    names: list[str],
    point: OperatingPoint,
    reading: Reading,
    keep: str,
) -> Plan:
    shards = cut_shards(names, reading.columns)
    if reading.limit is not None:  # counts over all archives, so one worker reads them in order
        shards = [tuple(piece for shard in shards for piece in shard)]
    return Plan(partial_directory(output), tuple(shards), point, reading, keep)


def _score(
    plan: Plan, model: Model, jobs: int, on_reject: Callable[[Rejected], None] | None
) -> Iterator[Progress]:
    summary = total(plan.directory)
    left = remainders(plan)
    done = len(plan.shards) - len(left)
    for rejects, part, last in _parts(plan, left, model, jobs):
        summary.add(part.to_row())
        done += last
        if on_reject:
            for rejected in rejects:
                on_reject(rejected)
        yield Progress(summary, done, len(plan.shards))


def _parts(
    plan: Plan, left: Sequence[Remainder], model: Model, jobs: int
) -> Iterator[tuple[list[Rejected], Summary, bool]]:
    if jobs == 1 or len(left) <= 1:
        for shard in left:
            yield from score_shard(plan, shard, model)
        return
    from joblib import Parallel, delayed

    # Workers outlive a run and keep the model of a path, so that the path must be of this model.
    model_path = plan.directory / f"model-{model_checksum(model)[:16]}.zip"
    save_model(model, model_path)
    work = (delayed(score_whole_shard)(plan, shard, str(model_path), os.getpid()) for shard in left)
    for parts in Parallel(n_jobs=jobs, return_as="generator_unordered")(work):
        yield from parts


def _assemble(
    plan: Plan,
    output: Path,
    kind: str | None,
    *,
    unique: bool,
) -> Summary:
    """Write the output from the finished parts, in the order of the input."""
    summary = total(plan.directory)
    summary.archives = len({piece.archive for shard in plan.shards for piece in shard})
    stories = _stories(plan)
    best = _best_of(stories)
    hit = -1
    with _opened(output, kind) as write:
        for found in finished_rows(plan.directory, "rows"):
            row = found["row"]
            if found["signature"] is not None:
                hit += 1
                row["story"] = stories[hit].name
                if unique and best[row["story"]] != hit:
                    continue
            write(row)
    rejects = rejects_file(output)
    rejects.unlink(missing_ok=True)
    if summary.rejected:
        with whole_file(rejects) as stream:
            stream.writelines(map(json_line, finished_rows(plan.directory, "rejects")))
    with whole_file(f"{output}.summary.json") as stream:
        stream.write(orjson.dumps(summary.to_row(), option=orjson.OPT_INDENT_2))
    return summary


def _kind_of(output: Path, format: str | None) -> str | None:
    """The format of the file to write, None for a directory."""
    if format or output.suffix:
        kind = format or format_of(output)
        if output.exists() and not output.is_file():
            raise OutputError(f"{output}: is no file that can be replaced")
        return kind
    if output.exists() and not output.is_dir():
        raise OutputError(f"{output}: is a file; name a directory, or add -f")
    refuse_foreign_directory(output)
    return None


@contextmanager
def _opened(output: Path, kind: str | None) -> Iterator[Write]:
    if kind is None:
        with whole_directory(output) as write:
            yield write
        return
    with whole_file(output) as stream, WRITERS[kind](stream) as write:
        yield write


def _stories(plan: Plan) -> list[_Hit]:
    """The story and the probability of each hit, in the order of the input.

    A story goes by the id of its head, or by its place where hits of several archives share ids.
    """
    found = [row for row in finished_rows(plan.directory, "rows") if row["signature"] is not None]
    hits = [row["row"] for row in found]
    counts = Counter(row["id"] for row in hits)
    ids = [
        row["id"] if counts[row["id"]] == 1 else f"{row['archive']}, {row['position']}"
        for row in hits
    ]
    signatures = [bytes.fromhex(row["signature"]) for row in found]
    names = group_stories(ids, signatures, [row["date"] for row in hits])
    return [_Hit(name, row["probability"]) for name, row in zip(names, hits, strict=True)]


def _best_of(hits: Sequence[_Hit]) -> dict[str, int]:
    """The number of the most probable hit of each story, of equals the first."""
    best: dict[str, int] = {}
    for number, hit in enumerate(hits):
        if hit.name not in best or hit.probability > hits[best[hit.name]].probability:
            best[hit.name] = number
    return best


def _refuse_output_among_input(output: Path, names: Iterable[str]) -> None:
    """A run would lose what it writes over, and score what it writes into a directory it reads."""
    target = output.resolve()
    for name in names:
        source = Path(name).resolve()
        if (
            target == source
            or target in source.parents
            or (source.is_dir() and target.is_relative_to(source))
        ):
            raise OutputError(f"{output}: lies in the input {name}; write it elsewhere")
