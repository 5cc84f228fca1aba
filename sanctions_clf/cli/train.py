"""`sanctions-clf train`: make a model from labelled articles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sanctions_clf.cli.options import labelled_from, labelled_options, naming, quiet_option

if TYPE_CHECKING:
    from sanctions_clf.model import Model


@click.command(name="train")
@click.argument("labelled", nargs=-1, required=True, metavar="LABELLED...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="The model file to write, NAME.zip; its card goes beside it as NAME.md and NAME.json.",
)
@click.option(
    "--with-default-corpus",
    is_flag=True,
    help="Train on top of the corpus that ships. Best unless you have thousands of articles. "
    "Figures are still of your own.",
)
@click.option(
    "--own-weight",
    type=click.FloatRange(0, min_open=True),
    help="What one of your articles counts against one of that corpus; without it 3, or 1 or 10 "
    "where that proves better.",
)
@click.option(
    "--split",
    type=click.Choice(["groups", "time"]),
    default="groups",
    help="How figures are measured: by five folds that keep events and near-copies together, or "
    "on later articles by models of earlier ones.",
)
@click.option(
    "--C",
    "c",
    type=click.FloatRange(0, min_open=True),
    help="Inverse regularisation of the logistic regression; given, nothing else is tried.",
)
@click.option(
    "--search/--no-search",
    default=True,
    help="Try a few other settings, and take one that is surely better.",
)
@click.option("--seed", default=0, help="Of the folds that measure the model.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Processes; without it one for each core."
)
@labelled_options
@quiet_option
def command(
    labelled: tuple[str, ...],
    output: str,
    with_default_corpus: bool,
    own_weight: float | None,
    split: str,
    c: float | None,
    search: bool,
    seed: int,
    jobs: int | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Make a model from labelled articles.

    LABELLED is JSONL, CSV, TSV or Parquet, one article a row, with a label: relevant or
    not_relevant (also yes and no, 1 and 0, true and false, or the words of --relevant and
    --not-relevant). Rows without a label are left out. A field `evidence` that lists the sentences
    which state the act teaches most; without it the model that ships picks the passage. `event` may
    name what articles are about, `lang` and `date` help where they are known.

    Needs 10 articles of each label, or any number on top of the corpus that ships; with 20 of each
    the probabilities and operating points are your own. The card says how far to trust it.

    \b
    sanctions-clf train labelled.csv -o my-model.zip --with-default-corpus
    sanctions-clf train labelled.csv -o my-model.zip --text-column Inhalt --encoding cp1252
    sanctions-clf train labelled.csv -o my-model.zip --relevant ja --not-relevant nein
    sanctions-clf predict article.txt -m my-model.zip
    """
    from sanctions_clf.classifier import Settings
    from sanctions_clf.corpus import load_corpus
    from sanctions_clf.model_output import check_output, save_model_with_card
    from sanctions_clf.own_training import train_own

    if own_weight is not None and not with_default_corpus:
        raise click.UsageError("--own-weight weighs against a corpus: --with-default-corpus")
    check_output(output, labelled)
    own = labelled_from(labelled, options)
    with naming(labelled), _progress(quiet) as show:
        model = train_own(
            own,
            base=load_corpus() if with_default_corpus else (),
            settings=Settings() if c is None else Settings(C=c),
            own_weight=own_weight,
            search=search and c is None,
            split=split,
            seed=seed,
            jobs=jobs or _cores(),
            progress=show,
        )
    save_model_with_card(model, output)
    if not quiet:
        _tell(model, output)


def _tell(model: "Model", output: str) -> None:
    from sanctions_clf.model_card import card_text
    from sanctions_clf.model_output import card_paths

    click.echo(f"\n{card_text(model, Path(output).stem)}", err=True)
    cards = " and ".join(map(str, card_paths(output)))
    click.echo(f"Wrote {output}; its card is {cards}", err=True)


def _cores() -> int:
    from joblib import cpu_count

    count: int = cpu_count()
    return count


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, else a line for each fifth of the fits."""
    from sanctions_clf.cli.tables import console

    if quiet:
        yield None
        return
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _tell_fits
        return
    from rich.progress import Progress

    with Progress(console=screen, transient=True) as bar:
        task = bar.add_task("reading and training", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, total=total, completed=done)

        yield show


def _tell_fits(done: int, total: int) -> None:
    if done * 5 // total > (done - 1) * 5 // total:
        click.echo(f"Trained {done} of {total} models that measure", err=True)
