"""`sanctions-clf reflag`: another threshold for a run that kept its decision values."""

import click

from sanctions_clf.writers import WRITERS


@click.command(name="reflag")
@click.argument("run")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where the hits go: JSONL, CSV or Parquet by suffix, without one a directory of Parquet.",
)
@click.option("-f", "--format", "format_", type=click.Choice(list(WRITERS)), help="Of the output.")
@click.option("--at", metavar="NAME", help="Operating point: triage, balanced, strict.")
@click.option(
    "-t",
    "--threshold",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Probability from which an article is flagged.",
)
@click.option(
    "--budget",
    type=click.FloatRange(0, 10_000, min_open=True),
    metavar="N",
    help="Flag at most N of 10,000 articles, the most probable.",
)
@click.option(
    "--prevalence",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Share of relevant articles in the archive, for which probabilities are to hold.",
)
def command(
    run: str,
    output: str,
    format_: str | None,
    at: str | None,
    threshold: float | None,
    budget: float | None,
    prevalence: float | None,
) -> None:
    """Apply another threshold to a run, in seconds.

    RUN is what `score -o` wrote with `--keep scores`, of which this lists id, archive, position
    and decision value, or with `--keep all`, of which it gives the rows. Articles that the run had
    not flagged have no evidence there: keep all `--at triage` and go up from there.

    \b
    sanctions-clf score crawl/ -o scores --keep scores
    sanctions-clf reflag scores --budget 20 -o hits.csv
    sanctions-clf reflag scores --prevalence 0.002 -t 0.5 -o hits.csv
    """
    from sanctions_clf.reflagging import reflag

    try:
        found = reflag(
            run,
            output,
            at=at,
            threshold=threshold,
            budget=budget,
            prevalence=prevalence,
            format=format_,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.echo(
        f"{found.flagged:,} of {found.scored:,} articles flagged, from decision value "
        f"{found.point.threshold:+.3f}, probability {found.probability:.3g} ({found.point.name})",
        err=True,
    )
    if found.without_evidence:
        click.echo(
            f"{found.without_evidence:,} of them have no evidence, for the run had not flagged "
            "them; score with --at triage to have it",
            err=True,
        )
