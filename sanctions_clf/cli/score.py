"""`sanctions-clf score`: find the hits in archives larger than memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from sanctions_clf.archives import STDIN, Rejected, check_archives
from sanctions_clf.batch import score_archive
from sanctions_clf.cli.options import (
    archive_reading_from,
    filter_options,
    model_option,
    operating_point_of,
    quiet_option,
    reading_options,
    scoring_model,
    threshold_options,
    verbose_option,
)
from sanctions_clf.cli.output import TABLE, format_option, output_option, prediction_output
from sanctions_clf.cli.progress import progress_shown, time_in_words
from sanctions_clf.estimate import Estimate, estimate_run
from sanctions_clf.model import Model
from sanctions_clf.run_files import partial_directory, rejects_file
from sanctions_clf.runs import KEEP
from sanctions_clf.scoring import Reading, score_records
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
    help="Write the flagged articles, all, or place and decision value of all, to which `reflag` "
    "applies other thresholds.",
)
@click.option(
    "--unique", is_flag=True, help="Write one hit of each story, the most probable; needs -o."
)
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=1, help="Processes that score; needs -o."
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Dask scheduler (tcp://host:8786) whose workers score; needs -o, and storage that all "
    "of them share (pip install 'sanctions-clf[cluster]').",
)
@click.option(
    "--audit-sample",
    type=click.IntRange(min=1),
    default=None,
    metavar="N",
    help="Write N random articles that are not flagged to FILE.audit.jsonl, for `label` and "
    "`audit`; needs -o.",
)
@click.option(
    "--dry-run", is_flag=True, help="Score a sample and say how long all would take; write nothing."
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
    prevalence: float | None,
    output: str | None,
    format_: str | None,
    keep: str,
    unique: bool,
    jobs: int,
    dask: str | None,
    audit_sample: int | None,
    dry_run: bool,
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
    sanctions-clf score crawl/ --dry-run -j 8
    sanctions-clf score crawl/ -o scores --keep scores && sanctions-clf reflag scores --budget 20
    """
    if unique and keep == "scores":
        raise click.UsageError("--unique needs the stories of hits, which --keep scores leaves out")
    reading = archive_reading_from(options)
    names = archives or (STDIN,)
    model = scoring_model(model_path, prevalence)
    point = operating_point_of(model, at, threshold)
    if verbose:
        click.echo(f"Flagging from decision value {point.threshold:+.3f} ({point.name})", err=True)
    if dry_run:
        estimate = estimate_run(
            names, model=model, at=at, threshold=threshold, keep=keep, reading=reading, jobs=jobs
        )
        click.echo(estimate_in_words(estimate))
        return
    if output is not None:
        if format_ == TABLE:
            raise click.BadParameter("a file takes jsonl, csv or parquet", param_hint="--format")
        with progress_shown(quiet=quiet) as show, _told_how_to_go_on(output):
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
                dask=dask,
                audit_sample=audit_sample or 0,
                on_progress=show,
                on_reject=_tell_rejected if verbose else None,
            )
    elif unique or dask or audit_sample or jobs > 1 or keep == "scores":
        raise click.UsageError(
            "--unique, --jobs, --dask, --audit-sample and --keep scores need an output file: -o"
        )
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


def estimate_in_words(estimate: Estimate) -> str:
    """Return what a run will take, in lines to read."""
    from rich.filesize import decimal

    sample = estimate.sample
    about = "" if estimate.complete else "about "
    rate = estimate.records / estimate.seconds if estimate.seconds else 0
    records = "record" if estimate.records == 1 else "records"
    return "\n".join(
        (
            f"Input: {about}{estimate.records:,} {records} in {estimate.archives:,} "
            f"{'archive' if estimate.archives == 1 else 'archives'} "
            f"({decimal(estimate.bytes_all)}); {sample.records:,} of them were read for this",
            f"Time: about {time_in_words(estimate.seconds)} in {estimate.processes} "
            f"{'process' if estimate.processes == 1 else 'processes'} ({rate:,.0f} records/s)",
            f"Hits: {about}{estimate.hits:,} ({sample.flagged:,} in the sample, which rejected "
            f"{sample.rejected:,} and skipped {sample.skipped.total():,})",
            f"Disk: about {decimal(estimate.output_bytes)} of JSONL, and as much again "
            "while the run goes on",
        )
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
