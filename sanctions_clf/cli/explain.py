"""`sanctions-clf explain`: every term that a decision is the sum of."""

import dataclasses
import sys
from typing import Any

import click
import orjson

from sanctions_clf.archives import STDIN, check_archives, read_article
from sanctions_clf.cli.options import (
    column_options,
    columns_from,
    model_option,
    operating_point_of,
    scoring_model,
    threshold_options,
)


@click.command(name="explain")
@click.argument("article", default=STDIN, metavar="[ARTICLE]")
@model_option
@threshold_options
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "json"]),
    help="Without it a table on a terminal, JSON into a pipe.",
)
@click.option("--encoding", default="utf-8", metavar="NAME", help="Encoding of the input.")
@column_options
def command(
    article: str,
    model_path: str | None,
    at: str,
    threshold: float | None,
    prevalence: float | None,
    format_: str | None,
    encoding: str,
    **options: Any,
) -> None:
    """Show the passage that decides and what each of its terms adds.

    ARTICLE is a text file (of JSONL or CSV the first record); `-`, or none, reads standard input.

    \b
    sanctions-clf explain article.txt
    """
    columns = columns_from(options)
    check_archives([article], columns)
    model = scoring_model(model_path, prevalence)
    operating_point_of(model, at, threshold)
    found = read_article(article, columns=columns, encoding=encoding)
    explanation = model.explain(found, at=at, threshold=threshold)
    if (format_ or ("table" if sys.stdout.isatty() else "json")) == "json":
        row = dataclasses.asdict(explanation) | {"prediction": explanation.prediction.to_row()}
        click.echo(orjson.dumps(row, option=orjson.OPT_INDENT_2).decode())
        return
    from sanctions_clf.cli.tables import console, print_explanation

    print_explanation(explanation, console())
