"""`sanctions-clf evaluate`: a model against labelled articles."""

from typing import Any

import click
import orjson

from sanctions_clf.cli.options import column_options, columns_from, model_option


@click.command(name="evaluate")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@model_option
@click.option(
    "--archive",
    "archives",
    multiple=True,
    metavar="FILE",
    help="Random sample of an archive, unlabelled: tells recall at 10 false alarms per 10,000.",
)
@click.option(
    "--general",
    multiple=True,
    metavar="FILE",
    help="General articles, none of them relevant: tells recall at 1 % of these flagged.",
)
@click.option("--label-column", default="label", metavar="NAME", help="Field of the label.")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Tables to read, or one JSON object.",
)
@column_options
def command(
    labelled: tuple[str, ...],
    model_path: str | None,
    archives: tuple[str, ...],
    general: tuple[str, ...],
    label_column: str,
    format_: str,
    **options: Any,
) -> None:
    """Measure a model on labelled articles that it was not trained on.

    \b
    sanctions-clf evaluate test.jsonl -m my-model.zip --format json
    """
    from sanctions_clf.corpus import read_labelled
    from sanctions_clf.evaluation import evaluate
    from sanctions_clf.evaluation_text import evaluation_text
    from sanctions_clf.shipped import load_model

    model = load_model(model_path)
    columns = columns_from(options)
    rows = read_labelled(labelled, columns=columns, label_column=label_column)
    report = evaluate(
        model, [row.article for row in rows], archives=archives, general=general, columns=columns
    )
    if format_ == "json":
        click.echo(orjson.dumps(report.to_dict(), option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(evaluation_text(report), nl=False)
