"""`sanctions-clf explain`: every term that a decision is the sum of."""

import dataclasses
import io
import sys
from pathlib import Path
from typing import IO, Any

import click
import orjson

from sanctions_clf.archives import STDIN, check_archives, read_article
from sanctions_clf.cli.options import (
    column_options,
    columns_from,
    encoding_option,
    model_option,
    operating_point_of,
    scoring_model,
    threshold_options,
)
from sanctions_clf.cli.output import output_option
from sanctions_clf.predictions import Explanation
from sanctions_clf.reports.page import write_page


@click.command(name="explain")
@click.argument("article", default=STDIN, metavar="[ARTICLE]")
@model_option
@threshold_options
@output_option
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "json", "html"]),
    help="Without it a table on a terminal, JSON into a pipe, or as the suffix of -o says.",
)
@column_options
@encoding_option
def command(
    article: str,
    model_path: str | None,
    at: str,
    threshold: float | None,
    prevalence: float | None,
    output: str | None,
    format_: str | None,
    encoding: str,
    **options: Any,
) -> None:
    """Show the passage that decides and what each of its terms adds.

    ARTICLE is a text file (of JSONL or CSV the first record); `-`, or none, reads standard input.

    \b
    sanctions-clf explain article.txt
    sanctions-clf explain article.txt -o why.html
    """
    chosen = _format_of(output, format_)
    columns = columns_from(options)
    check_archives([article], columns)
    model = scoring_model(model_path, prevalence)
    operating_point_of(model, at, threshold)
    found = read_article(article, columns=columns, encoding=encoding)
    explanation = model.explain(found, at=at, threshold=threshold)
    if chosen == "table" and output is None:
        _print_table(explanation)
        return
    content = _FORMATS[chosen](explanation)
    if output is None:
        click.echo(content)
    else:
        write_page(output, content)
        click.echo(f"Wrote {output}", err=True)


def _format_of(output: str | None, format_: str | None) -> str:
    """The format asked for, by the suffix of the output where it is not named."""
    if format_:
        return format_
    if output is None:
        return "table" if sys.stdout.isatty() else "json"
    suffix = Path(output).suffix.lower()
    if suffix not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise click.BadParameter(
            f"write to a file that ends in {known}, or name -f", param_hint="--output"
        )
    return _SUFFIXES[suffix]


def _print_table(explanation: Explanation, stream: IO[str] | None = None) -> None:
    from sanctions_clf.cli.tables import console, print_explanation

    print_explanation(explanation, console(stream))


def _as_table(explanation: Explanation) -> str:
    stream = io.StringIO()
    _print_table(explanation, stream)
    return stream.getvalue()


def _as_json(explanation: Explanation) -> str:
    row = dataclasses.asdict(explanation) | {"prediction": explanation.prediction.to_row()}
    return orjson.dumps(row, option=orjson.OPT_INDENT_2).decode()


def _as_html(explanation: Explanation) -> str:
    from sanctions_clf.reports.explanation import explanation_page

    return explanation_page(explanation)


_FORMATS = {"table": _as_table, "json": _as_json, "html": _as_html}
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json", ".txt": "table"}
