"""`sanctions-clf tune`: probabilities and operating points from a labelled sample."""

from typing import TYPE_CHECKING, Any

import click

from sanctions_clf.cli.options import (
    labelled_from,
    labelled_options,
    model_option,
    naming,
    quiet_option,
    tell_warnings,
    warn_of_corpus,
)

if TYPE_CHECKING:
    from sanctions_clf.tuning import Tuned


@click.command(name="tune")
@click.argument("sample", nargs=-1, required=True, metavar="SAMPLE...")
@model_option
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="The tuned model file, NAME.zip; its card goes beside it as NAME.md and NAME.json.",
)
@click.option(
    "--recall",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.95,
    help="Share of relevant articles that `triage` shall flag.",
)
@click.option(
    "--false-alarms",
    type=click.FloatRange(0, 10_000, min_open=True),
    default=10.0,
    help="Articles in 10,000 not relevant ones that `strict` may flag.",
)
@click.option(
    "--random-sample",
    is_flag=True,
    help="SAMPLE was drawn at random from the archive that you want to know about: state bounds.",
)
@labelled_options
@quiet_option
def command(
    sample: tuple[str, ...],
    model_path: str | None,
    output: str,
    recall: float,
    false_alarms: float,
    random_sample: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Fit a model's probabilities and operating points to a labelled sample of yours.

    SAMPLE is labelled as for `train`, at least 20 articles of each label. The weights stay as they
    are, so nothing is learned but where to draw the lines. No article that the model was trained on
    may be in it: a model knows these too well. A file that `train` read is warned of; of single
    articles a model file does not tell which they were.

    A sample that was picked by a search or a model says nothing of the archive it came from. With
    --random-sample an exact bound tells which recall it vouches for (95 % confidence).

    \b
    sanctions-clf tune sample.csv -o tuned.zip
    sanctions-clf tune sample.jsonl -m my-model.zip -o tuned.zip --recall 0.9 --random-sample
    """
    from sanctions_clf.model_output import check_output, save_model_with_card
    from sanctions_clf.shipped import load_model
    from sanctions_clf.tuning import tune

    model = load_model(model_path)
    check_output(output, sample)
    found = labelled_from(sample, options)
    warn_of_corpus(found.articles)
    with naming(sample):
        tuned = tune(
            model, found, recall=recall, false_alarms=false_alarms, random_sample=random_sample
        )
    save_model_with_card(tuned.model, output)
    if not quiet:
        _tell(tuned, recall)
        click.echo(f"Wrote {output} and its card", err=True)


def _tell(tuned: "Tuned", recall: float) -> None:
    from sanctions_clf.tuning import TIGHTER

    tell_warnings(tuned.warnings)
    click.echo(
        f"On {tuned.relevant} relevant and {tuned.others} not relevant articles:\n"
        f"{'':10}probability  recall  precision  false alarms in 10,000",
        err=True,
    )
    for found in tuned.points:
        click.echo(
            f"{found.point.name:10}{found.probability:11.2f}  {found.point.recall:6.2f}  "
            f"{found.point.precision:9.2f}  {found.false_alarms:22.0f}",
            err=True,
        )
    if tuned.least_recall is None or tuned.most_false_alarms is None:
        click.echo(
            "No bound is stated: nothing says that the sample was drawn at random "
            "(--random-sample).",
            err=True,
        )
        return
    click.echo(
        f"With 95 % confidence each, in the archive of the sample: `triage` flags at least "
        f"{tuned.least_recall:.1%} of relevant articles, `strict` at most "
        f"{tuned.most_false_alarms:.0f} of 10,000 not relevant ones.",
        err=True,
    )
    if tuned.relevant_needed:
        click.echo(
            f"To vouch for {recall - TIGHTER:.0%} takes {tuned.relevant_needed:,} relevant ones.",
            err=True,
        )
