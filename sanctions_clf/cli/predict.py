"""`sanctions-clf predict`: say of each article whether it is flagged, and why."""

from typing import Any

import click

from sanctions_clf.archives import STDIN, Rejected, check_archives
from sanctions_clf.archives.records import WHOLE_FILE
from sanctions_clf.cli.options import (
    model_option,
    operating_point_of,
    quiet_option,
    reading_from,
    reading_options,
    scoring_model,
    threshold_options,
)
from sanctions_clf.cli.output import format_option, output_option, prediction_output
from sanctions_clf.errors import ArchiveError
from sanctions_clf.scoring import score_records
from sanctions_clf.summary import Summary


@click.command(name="predict")
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@model_option
@threshold_options
@output_option
@format_option
@reading_options
@quiet_option
def command(
    articles: tuple[str, ...],
    model_path: str | None,
    at: str,
    threshold: float | None,
    prevalence: float | None,
    output: str | None,
    format_: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Say of each article whether it is flagged, and why.

    ARTICLE is a text file, or JSONL or CSV with one article a row; `-`, or none, reads standard
    input.

    \b
    sanctions-clf predict article.txt other.txt
    cat article.txt | sanctions-clf predict
    """
    reading = reading_from(options)
    names = articles or (STDIN,)
    check_archives(names, reading.columns)
    model = scoring_model(model_path, prevalence)
    point = operating_point_of(model, at, threshold)
    summary = Summary()
    with prediction_output(output, format_) as write:
        for result in score_records(names, model, point, reading=reading, summary=summary):
            if not isinstance(result, Rejected):
                write(result)
            elif len(names) == 1 and summary.records == 1 and result.position == WHOLE_FILE:
                raise ArchiveError(str(result))
            elif not quiet:
                click.echo(f"Warning: {result}", err=True)
        if summary.rejected and not summary.scored:
            raise ArchiveError(f"{', '.join(names)}: no record could be read")
