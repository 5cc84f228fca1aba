"""`sanctions-clf train`: make a model from labelled articles."""

from typing import Any

import click

from sanctions_clf.cli.options import column_options, columns_from, quiet_option


@click.command(name="train")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option("-o", "--output", required=True, metavar="FILE", help="The model file to write.")
@click.option("--label-column", default="label", metavar="NAME", help="Field of the label.")
@click.option("--seed", default=0, help="Of the folds that measure the model.")
@click.option("--C", "c", type=click.FloatRange(0, min_open=True), help="Inverse regularisation.")
@column_options
@quiet_option
def command(
    labelled: tuple[str, ...],
    output: str,
    label_column: str,
    seed: int,
    c: float | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Make a model from labelled articles.

    LABELLED is JSONL or CSV, one article a row, with a label: relevant or not_relevant (also 1, 0,
    true, false). Rows that list their evidence sentences teach most.

    \b
    sanctions-clf train labelled.jsonl -o my-model.zip
    sanctions-clf predict article.txt -m my-model.zip
    """
    from sanctions_clf.classifier import Settings
    from sanctions_clf.corpus import read_labelled
    from sanctions_clf.model_file import save_model
    from sanctions_clf.training import train

    columns = columns_from(options)
    rows = read_labelled(labelled, columns=columns, label_column=label_column)
    settings = Settings() if c is None else Settings(C=c)
    model = train([row.article for row in rows], settings=settings, seed=seed)
    save_model(model, output)
    if not quiet:
        from sanctions_clf.model_card import card_text

        click.echo(card_text(model), err=True)
