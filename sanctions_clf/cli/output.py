"""Where rows go: a table on a terminal, JSONL into a pipe, a file with -o."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from sanctions_clf.predictions import Prediction
from sanctions_clf.writers import WRITERS, format_of, refuse_remote, whole_file

TABLE = "table"
FORMATS = (TABLE, *WRITERS)

output_option = click.option(
    "-o", "--output", metavar="FILE", help="Write to a file, which appears whole or not at all."
)
format_option = click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Format of the output; without it a table on a terminal, JSONL into a pipe, or as the "
    "suffix of -o says.",
)


@contextmanager
def prediction_output(
    output: str | None, format_: str | None
) -> Iterator[Callable[[Prediction], None]]:
    """Open the output that a user asked for, as a function that takes one prediction."""
    if output is not None:
        refuse_remote(output)
        make = WRITERS[format_ or format_of(output)]
        with whole_file(output) as stream, make(stream) as write:
            yield lambda prediction: write(prediction.to_row())
        return
    chosen = format_ or (TABLE if sys.stdout.isatty() else "jsonl")
    if chosen == TABLE:
        with _table() as collect:
            yield collect
        return
    with WRITERS[chosen](sys.stdout.buffer) as write:
        yield lambda prediction: write(prediction.to_row())
    sys.stdout.flush()


@contextmanager
def _table() -> Iterator[Callable[[Prediction], None]]:
    from sanctions_clf.cli.tables import console, prediction_table

    predictions: list[Prediction] = []
    yield predictions.append
    if predictions:
        console().print(prediction_table(predictions))
