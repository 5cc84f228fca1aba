"""`sanctions-clf evaluate`: a model against labelled articles."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from sanctions_clf.archives import STDIN
from sanctions_clf.cli.options import (
    columns_from,
    labelled_from,
    labelled_options,
    model_option,
    naming,
    tell_warnings,
    warn_of_corpus,
)

if TYPE_CHECKING:
    from sanctions_clf.comparison import Comparison
    from sanctions_clf.evaluation import Evaluation

_SHIPPED = "Shipped model"


@click.command(name="evaluate")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@model_option
@click.option(
    "--against",
    metavar="MODEL",
    help="Another model on the same test: tells what differs, with intervals.",
)
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
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Tables to read, or one JSON object.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE.html",
    help="Also write a report: one page with plots and the errors to read, which quotes articles. "
    "Its figures go beside it, to FILE.metrics.json.",
)
@labelled_options
def command(
    labelled: tuple[str, ...],
    model_path: str | None,
    against: str | None,
    archives: tuple[str, ...],
    general: tuple[str, ...],
    format_: str,
    output: str | None,
    **options: Any,
) -> None:
    """Measure a model on labelled articles that it was not trained on.

    LABELLED is labelled as for `train`. Rows without a label are left out, borderline ones count in
    no figure but their own. The language of an article (`lang`) and its `event` or `source` make
    figures by language, and intervals that know which articles succeed and fail together.

    \b
    sanctions-clf evaluate test.jsonl -m my-model.zip --format json
    sanctions-clf evaluate test.jsonl -m my-model.zip -o report.html
    sanctions-clf evaluate test.jsonl -m new.zip --against old.zip --archive sample.jsonl.gz
    """
    from sanctions_clf.comparison import compare
    from sanctions_clf.evaluation import evaluate
    from sanctions_clf.shipped import load_model

    _check(output, against, (*archives, *general))
    models = [load_model(model_path), *([load_model(against)] if against else [])]
    columns = columns_from(dict(options))
    test = labelled_from(labelled, options, borderline=True)
    tell_warnings(test.warnings)
    warn_of_corpus(test.articles)
    with naming(labelled):
        evaluations = [
            evaluate(model, test.articles, archives=archives, general=general, columns=columns)
            for model in models
        ]
    found = compare(*evaluations) if against else evaluations[0]
    if output:
        _write_report(output, found, labelled, (model_path, against))
    _print(found, format_)


def _check(output: str | None, against: str | None, samples: Sequence[str]) -> None:
    if output:
        from sanctions_clf.reports.evaluation import check_report

        check_report(output)
    if against and STDIN in samples:
        raise click.UsageError(
            "with --against a sample is read twice, and standard input comes once; name a file"
        )


def _write_report(
    output: str,
    found: "Evaluation | Comparison",
    labelled: Sequence[str],
    models: tuple[str | None, str | None],
) -> None:
    from sanctions_clf.reports.evaluation import metrics_path, write_report

    names = [Path(path).name if path else _SHIPPED for path in models]
    if names[0] == names[1]:
        names = [path or _SHIPPED for path in models]
    test = Path(labelled[0]).name if len(labelled) == 1 else f"{len(labelled)} files"
    write_report(output, found, title=f"{names[0]} on {test}", names=names)
    click.echo(f"Wrote {output} and {metrics_path(output)}", err=True)


def _print(found: "Evaluation | Comparison", format_: str) -> None:
    from sanctions_clf.comparison import Comparison
    from sanctions_clf.evaluation_text import comparison_text, evaluation_text

    if format_ == "json":
        click.echo(orjson.dumps(found.to_dict(), option=orjson.OPT_INDENT_2).decode())
    elif isinstance(found, Comparison):
        click.echo(comparison_text(found), nl=False)
    else:
        click.echo(evaluation_text(found), nl=False)
