"""`sanctions-clf hits`: the hits of a run as a page."""

import os

import click

from sanctions_clf.reports.hits import STORIES_SHOWN, hits_page
from sanctions_clf.reports.page import write_page


@click.command(name="hits")
@click.argument("run")
@click.option("-o", "--output", required=True, metavar="FILE", help="The HTML page to write.")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=1),
    default=STORIES_SHOWN,
    help="Show so many stories, the most probable.",
)
def command(run: str, output: str, limit: int) -> None:
    """Write the hits of a run as a page to read in a browser.

    RUN is what `score -o` wrote: JSONL, CSV, Parquet or a directory of Parquet parts. The page
    lists the hits by probability, each with its evidence, near-copies of a story under one head,
    and filters by regime, language and month. It loads nothing. Scored with `--carry text`, it
    shows the evidence between the sentences around it.

    \b
    sanctions-clf score news.jsonl.gz -o hits.jsonl --carry text
    sanctions-clf hits hits.jsonl -o hits.html
    """
    if os.path.realpath(output) == os.path.realpath(run):
        raise click.BadParameter("the page would replace the run", param_hint="--output")
    write_page(output, hits_page(run, limit=limit))
