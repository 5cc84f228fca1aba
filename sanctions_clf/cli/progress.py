"""How far a run has come: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import click

from sanctions_clf.batch import Progress

SECONDS_BETWEEN_LINES = 30.0

Show = Callable[[Progress], None]


@contextmanager
def progress_shown(*, quiet: bool) -> Iterator[Show | None]:
    """A function that shows how far a run has come, None where nothing is to be said."""
    from sanctions_clf.cli.tables import console

    screen = console(stderr=True)
    if quiet:
        yield None
        return
    if not screen.is_terminal:
        yield _lines()
        return
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    with Bar(BarColumn(), TextColumn("{task.description}"), console=screen, transient=True) as bar:
        task = bar.add_task("reading", total=None)
        started = time.monotonic()

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.bytes_all or None,
                completed=progress.summary.bytes_read,
                description=_told(progress, time.monotonic() - started),
            )

        yield show


def _lines() -> Show:
    started = told = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal told
        now = time.monotonic()
        if now - told < SECONDS_BETWEEN_LINES:
            return
        told = now
        share = progress.summary.bytes_read / progress.bytes_all if progress.bytes_all else 0
        read = f"{share:.0%} read, " if share else ""
        click.echo(f"{read}{_told(progress, now - started)}", err=True)

    return show


def _told(progress: Progress, seconds: float) -> str:
    summary = progress.summary
    records, megabytes = progress.records_here / seconds, progress.bytes_here / seconds / 1e6
    told = (
        f"{summary.records:,} records ({records:,.0f}/s, {megabytes:.1f} MB/s), "
        f"{summary.flagged:,} flagged"
    )
    left = progress.bytes_all - summary.bytes_read
    if progress.bytes_here <= 0 or left <= 0:
        return told
    return f"{told}, {time_in_words(left * seconds / progress.bytes_here)} left"


def time_in_words(seconds: float) -> str:
    """Return a time in hours, minutes and seconds.

    Examples
    --------
    >>> time_in_words(42.4), time_in_words(400_000)
    ('0:00:42', '4 days, 15:06:40')
    """
    return str(timedelta(seconds=round(seconds)))
