"""`sanctions-clf model`: show, verify, weigh and export model files."""

from pathlib import Path
from typing import Any

import click

from sanctions_clf.cli.options import labelled_from, labelled_options, model_option, tell_warnings
from sanctions_clf.shipped import load_model


@click.group(name="model")
def command() -> None:
    """Show, verify and export model files."""


@command.command()
@model_option
def show(model_path: str | None) -> None:
    """Print the model card.

    \b
    sanctions-clf model show -m my-model.zip
    """
    from sanctions_clf.model_card import card_text

    name = Path(model_path).stem if model_path else "Model"
    click.echo(card_text(load_model(model_path), name), nl=False)


@command.command()
@model_option
def verify(model_path: str | None) -> None:
    """Check that the model still decides as when it was made.

    Its checksums are checked whenever it is read; this scores its golden texts again.

    \b
    sanctions-clf model verify
    """
    from sanctions_clf.verification import verify_model

    model = load_model(model_path)
    problems = verify_model(model)
    if problems:
        raise click.ClickException("; ".join(problems))
    click.echo(f"The model decides {len(model.golden)} golden texts as when it was made.")


@command.command()
@model_option
@click.option(
    "--against",
    multiple=True,
    metavar="LABELLED",
    help="Other labelled articles: shows the weights that these alone would give beside.",
)
@click.option("-n", "--limit", default=30, help="Terms of either sign.")
@labelled_options
def weights(model_path: str | None, against: tuple[str, ...], limit: int, **options: Any) -> None:
    """Print the strongest terms of either sign.

    A weight with another sign in other labelled articles may be a habit of those who wrote the
    training texts.

    \b
    sanctions-clf model weights --against my-labels.jsonl
    """
    from sanctions_clf.evaluation_text import weight_lines
    from sanctions_clf.weights import term_weights

    others = labelled_from(against, options) if against else None
    tell_warnings(others.warnings if others else ())
    found = term_weights(load_model(model_path), others.articles if others else None)
    click.echo("\n".join(weight_lines(found, limit)))


@command.command()
@model_option
@click.option("-o", "--output", required=True, metavar="FILE", help="The joblib file to write.")
def export(model_path: str | None, output: str) -> None:
    """Write the scikit-learn pipeline as a joblib file.

    For programs that want the pipeline itself; nothing in this package reads such a file, since
    reading one runs code from it.

    \b
    sanctions-clf model export -o pipeline.joblib
    """
    import joblib

    from sanctions_clf.writers import whole_file

    with whole_file(output) as stream:
        joblib.dump(load_model(model_path).pipeline, stream)
    click.echo(f"Wrote {output}", err=True)
