"""`sanctions-clf data sample`: pick what is worth labelling next."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from sanctions_clf.archives import check_archives, read_articles
from sanctions_clf.cli.options import (
    column_options,
    columns_from,
    model_option,
    quiet_option,
    scoring_model,
)
from sanctions_clf.errors import ArchiveError, OutputError
from sanctions_clf.sampling import RANDOM, RANDOM_SHARE, sample_pool
from sanctions_clf.scoring import Reading
from sanctions_clf.summary import Summary
from sanctions_clf.writers import WRITERS, format_of, whole_file


@click.command()
@click.argument("pool", nargs=-1, required=True, metavar="POOL...")
@model_option
@click.option("-n", "--size", type=click.IntRange(min=1), default=100, help="Articles to pick.")
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="The JSONL or CSV file to write."
)
@click.option(
    "--random-share",
    type=click.FloatRange(0, 1),
    default=RANDOM_SHARE,
    help="Share of them that is drawn from all articles alike.",
)
@click.option(
    "--known",
    multiple=True,
    metavar="FILE",
    help="Articles that have a label already: their stories come up again only at random.",
)
@click.option("--seed", default=0, help="Of the draw; the same seed draws the same articles.")
@column_options
@quiet_option
def sample(
    pool: tuple[str, ...],
    model_path: str | None,
    size: int,
    output: str,
    random_share: float,
    known: tuple[str, ...],
    seed: int,
    quiet: bool,
    **options: Any,
) -> None:
    """Pick from unlabelled articles those that are worth labelling next.

    POOL is anything that `score` reads, however large. Picked are the articles that the model is
    least sure of, no two of one story, and a share drawn at random from all: among these alone
    (picked_by random), shares estimate shares in POOL. They come in random order, so that whoever
    stops half-way has labelled some of both.

    \b
    sanctions-clf data sample news/*.jsonl.gz -n 200 -o to_label.jsonl
    sanctions-clf label to_label.jsonl
    sanctions-clf data sample news/*.jsonl.gz --known to_label.jsonl -o next.jsonl
    """
    if Path(output).suffix.lower() not in (".jsonl", ".csv"):
        raise OutputError(f"{output}: name a .jsonl or .csv file, which `label` can work on")
    if Path(output).exists():
        raise OutputError(f"{output}: exists, and may hold labels; name another file")
    columns = columns_from(options)
    check_archives(pool, columns)
    model = scoring_model(model_path)
    summary = Summary()
    picked = sample_pool(
        pool,
        model,
        size=size,
        random_share=random_share,
        seed=seed,
        known=(article for name in known for article in read_articles(name)),
        reading=Reading(columns=columns),
        summary=summary,
    )
    if not picked:
        raise ArchiveError(f"{', '.join(pool)}: no article could be read")
    with whole_file(output) as stream, WRITERS[format_of(output)](stream) as write:
        for article in picked:
            write(article.to_row())
    if not quiet:
        ways = Counter(article.picked_by for article in picked)
        click.echo(
            f"Picked {len(picked):,} of {summary.scored:,} articles: {ways[RANDOM]:,} at random, "
            f"{len(picked) - ways[RANDOM]:,} near the threshold; {summary.rejected:,} rejected. "
            f"Next: sanctions-clf label {output}",
            err=True,
        )
