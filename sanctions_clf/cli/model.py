"""`sanctions-clf model`: show, verify and export model files."""

import click

from sanctions_clf.cli.options import model_option
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

    click.echo(card_text(load_model(model_path)), nl=False)


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
    click.echo(f"Wrote {output}.", err=True)
