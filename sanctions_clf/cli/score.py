"""`sanctions-clf score`: find the hits in archives larger than memory."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from sanctions_clf.archives import STDIN, Rejected, check_archives
from sanctions_clf.batch import KEEP, Progress, partial_directory, rejects_file, score_archive
from sanctions_clf.cli.options import (
    archive_reading_from,
    filter_options,
    model_option,
    operating_point_of,
    quiet_option,
    reading_options,
    threshold_options,
    verbose_option,
    warn_of_lexicon,
)
from sanctions_clf.cli.output import TABLE, format_option, output_option, prediction_output
from sanctions_clf.model import Model
from sanctions_clf.scoring import Reading, score_records
from sanctions_clf.shipped import load_model
from sanctions_clf.summary import Summary


@click.command(name="score")
@click.argument("archives", nargs=-1, metavar="[ARCHIVE]...")
@model_option
@threshold_options
@output_option
@format_option
@click.option(
    "--keep",
    type=click.Choice(KEEP),
    default=KEEP[0],
    help="Write the flagged articles only, or all.",
)
@click.option(
    "--unique", is_flag=True, help="Write one hit of each story, the most probable; needs -o."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=1, help="Processes that score; needs -o."
)
@filter_options
@reading_options
@quiet_option
@verbose_option
def command(
    archives: tuple[str, ...],
    model_path: str | None,
    at: str,
    threshold: float | None,
    output: str | None,
    format_: str | None,
    keep: str,
    unique: bool,
    jobs: int,
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Find the hits in archives larger than memory.

    ARCHIVE is JSONL, CSV, TSV or Parquet with one article a row, a WARC or WET crawl, a text, HTML
    or JSON file, a ZIP or tar of these, or a directory; gz, bz2, xz and zst are unpacked. URLs of
    object stores and web servers, with `*` for many, take pip install 'sanctions-clf[remote]'. `-`,
    or none, reads standard input. Records that cannot be read are told apart, never lost: with -o
    they go to FILE.rejects.jsonl with place and reason, and the counts to FILE.summary.json. A run
    with -o that was stopped goes on where it was when the same command is given again.

    \b
    sanctions-clf score news.jsonl.gz -o hits.jsonl
    sanctions-clf score crawl/ -o hits --since 2024-01 --lang fr --lang ar
    sanctions-clf score archive.jsonl -o hits.csv -j 2 --unique
    sanctions-clf score 's3://bucket/crawl/*.warc.gz' -o hits -j 2
    sanctions-clf score 2024-*.csv -o hits.csv --at triage --carry section
    """
    reading = archive_reading_from(options)
    names = archives or (STDIN,)
    model = load_model(model_path)
    warn_of_lexicon(model)
    point = operating_point_of(model, at, threshold)
    if verbose:
        click.echo(f"Flagging from decision value {point.threshold:+.3f} ({point.name})", err=True)
    if output is not None:
        if format_ == TABLE:
            raise click.BadParameter("a file takes jsonl, csv or parquet", param_hint="--format")
        with _progress(quiet) as show, _told_how_to_go_on(output):
            summary = score_archive(
                names,
                output,
                model=model,
                at=at,
                threshold=threshold,
                keep=keep,
                format=format_,
                reading=reading,
                jobs=jobs,
                unique=unique,
                on_progress=show,
                on_reject=_tell_rejected if verbose else None,
            )
    elif unique or jobs > 1:
        raise click.UsageError("--unique and --jobs need an output file: -o FILE")
    else:
        summary = _score_to_stdout(names, model, at, threshold, format_, keep, reading, quiet=quiet)
    if not quiet:
        click.echo(closing_line(summary, str(rejects_file(output)) if output else ""), err=True)


@contextmanager
def _told_how_to_go_on(output: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        if partial_directory(output).exists():
            click.echo("Stopped. The same command goes on where it was.", err=True)
        raise


def closing_line(summary: Summary, rejects: str) -> str:
    """Return the counts of a run in words."""
    where = f" (see {rejects})" if summary.rejected and rejects else ""
    skipped = f"{summary.skipped.total():,} skipped, " if summary.skipped else ""
    records = "record" if summary.records == 1 else "records"
    archives = "archive" if summary.archives == 1 else "archives"
    return (
        f"{summary.records:,} {records} in {summary.archives} {archives}: "
        f"{summary.scored:,} scored, {summary.flagged:,} of them flagged; "
        f"{skipped}{summary.rejected:,} rejected{where}"
    )


def _score_to_stdout(
    names: tuple[str, ...],
    model: Model,
    at: str,
    threshold: float | None,
    format_: str | None,
    keep: str,
    reading: Reading,
    *,
    quiet: bool,
) -> Summary:
    check_archives(names, reading.columns)
    summary = Summary()
    point = model.operating_point(at, threshold)
    with prediction_output(None, format_) as write:
        for result in score_records(names, model, point, reading=reading, summary=summary):
            if isinstance(result, Rejected):
                if not quiet:
                    _tell_rejected(result)
            elif result.flagged or keep == "all":
                write(result)
    return summary


def _tell_rejected(rejected: Rejected) -> None:
    click.echo(f"Rejected: {rejected}", err=True)


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on a terminal: how much of the input is read to its end, and the counts."""
    from sanctions_clf.cli.tables import console

    screen = console(stderr=True)
    if quiet or not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Bar(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        started = time.monotonic()

        def show(progress: Progress) -> None:
            summary = progress.summary
            rate = summary.records / max(1e-9, time.monotonic() - started)
            bar.update(
                task,
                total=progress.shards,
                completed=progress.shards_done,
                description=f"{summary.records:,} records ({rate:,.0f}/s), "
                f"{summary.flagged:,} flagged",
            )

        yield show
