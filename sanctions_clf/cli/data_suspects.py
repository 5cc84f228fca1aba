"""`sanctions-clf data suspects`: labels that a model which has not seen them contradicts."""

import sys
from typing import Any

import click

from sanctions_clf.cli.options import labelled_from, labelled_options, naming, tell_warnings
from sanctions_clf.writers import json_line


@click.command()
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("-n", "--limit", type=click.IntRange(min=1), default=20, help="Most rows to list.")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "jsonl"]),
    help="Without it a table on a terminal, JSONL into a pipe.",
)
@click.option("--seed", default=0, help="Of the folds.")
@labelled_options
def suspects(
    labelled: tuple[str, ...],
    limit: int,
    format_: str | None,
    seed: int,
    **options: Any,
) -> None:
    """List labels that a model which has not seen them contradicts, the worst first.

    Each row is judged by a model trained on the others, as `train` would make it. What is listed
    is relevant with a low probability, or not relevant with a high one: a slip of whoever labelled
    it, or a kind of article that the model has not understood; the sentences and terms tell which.
    Borderline rows and those without a label are passed over.

    \b
    sanctions-clf data suspects labelled.jsonl
    sanctions-clf data suspects mine.jsonl data/corpus/*.jsonl -n 50 -f jsonl
    """
    from sanctions_clf.label_check import suspects as contradicted

    own = labelled_from(labelled, options)
    tell_warnings(own.warnings)
    with naming(labelled):
        found = contradicted(own.articles, seed=seed)
    click.echo(
        f"{len(found):,} of {len(own.articles):,} labels are contradicted"
        + (f"; these are the first {limit}." if len(found) > limit else "."),
        err=True,
    )
    if (format_ or ("table" if sys.stdout.isatty() else "jsonl")) == "table":
        from sanctions_clf.cli.tables import console, suspect_table

        places = [own.places[suspect.index] for suspect in found[:limit]]
        console().print(suspect_table(found[:limit], places))
        return
    for suspect in found[:limit]:
        click.echo(json_line(suspect.to_row(own.places[suspect.index])), nl=False)
