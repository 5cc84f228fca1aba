"""`sanctions-clf data suspects`: labels that a model which has not seen them contradicts."""

import sys
from typing import Any

import click

from sanctions_clf.cli.options import column_options, columns_from
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
@click.option("--label-column", default="label", metavar="NAME", help="Field of the label.")
@click.option("--seed", default=0, help="Of the folds.")
@column_options
def suspects(
    labelled: tuple[str, ...],
    limit: int,
    format_: str | None,
    label_column: str,
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
    from sanctions_clf.corpus import read_labelled
    from sanctions_clf.label_check import suspects as contradicted

    rows = read_labelled(
        labelled, columns=columns_from(options), label_column=label_column, unlabelled=True
    )
    found = contradicted([row.article for row in rows], seed=seed)
    click.echo(f"{len(found):,} of {len(rows):,} rows have a label that is contradicted.", err=True)
    if (format_ or ("table" if sys.stdout.isatty() else "jsonl")) == "table":
        from sanctions_clf.cli.tables import console, suspect_table

        places = [rows[suspect.index].place for suspect in found[:limit]]
        console().print(suspect_table(found[:limit], places))
        return
    for suspect in found[:limit]:
        click.echo(json_line(suspect.to_row(rows[suspect.index].place)), nl=False)
