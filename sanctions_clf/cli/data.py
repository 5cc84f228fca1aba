"""`sanctions-clf data`: check, doubt and gather labelled articles."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from sanctions_clf.cli.data_sample import sample
from sanctions_clf.cli.data_suspects import suspects
from sanctions_clf.cli.options import labelled_from, labelled_options, tell_warnings

if TYPE_CHECKING:
    from sanctions_clf.articles import LabelledArticle

_PARTS = ("lang", "label", "origin", "reason", "subtype", "status", "prominence")


@click.group(name="data")
def command() -> None:
    """Check labelled articles, doubt them, and pick what to label next."""


command.add_command(sample)
command.add_command(suspects)


@command.command()
@click.argument("labelled", nargs=-1, metavar="[LABELLED]...")
@click.option(
    "--contract",
    is_flag=True,
    help="Hold LABELLED against the contract of the corpus that ships, as without LABELLED.",
)
@labelled_options
def check(labelled: tuple[str, ...], contract: bool, **options: Any) -> None:
    """Look labelled articles over before they train or measure anything.

    LABELLED is labelled as for `train`. Tells what would be left out, labels that contradict each
    other on near-copies of a text, columns that are not found, and the counts.

    Without LABELLED, or with --contract, the corpus that ships is held against its contract
    (data/README.md): fields, ids, that evidence is an exact part of the text, languages, pairs,
    balance, that no text repeats another, and how well style alone tells the labels apart.

    \b
    sanctions-clf data check mine.csv --label-column Treffer --relevant ja --not-relevant nein
    sanctions-clf data check --contract data/corpus/*.jsonl
    """
    if contract or not labelled:
        _check_contract(labelled)
        return
    own = labelled_from(labelled, options, borderline=True)
    tell_warnings(own.warnings)
    _tell_counts(own.articles, ("label", "lang"))


def _check_contract(labelled: Sequence[str]) -> None:
    from sanctions_clf.corpus import BORDERLINE, read_labelled
    from sanctions_clf.corpus_check import check_corpus
    from sanctions_clf.corpus_style import MOST_LEAK, style_leaks
    from sanctions_clf.errors import CorpusError
    from sanctions_clf.shipped import corpus_files
    from sanctions_clf.text.identify import identifier_is_installed

    rows = read_labelled(labelled or map(str, corpus_files()))
    problems = check_corpus(rows)
    for problem in problems:
        click.echo(problem, err=True)
    if not identifier_is_installed():
        click.echo("Languages were not checked: pip install 'sanctions-clf[language]'", err=True)
    articles = [row.article for row in rows]
    _tell_counts(articles, _PARTS)
    for leak in style_leaks([article for article in articles if article.label != BORDERLINE]):
        click.echo(
            f"style alone, {leak.lang}: ROC-AUC {leak.auc:.2f} (at least {leak.low:.2f}; above "
            f"{MOST_LEAK} style gives the label away)"
        )
    if problems:
        raise CorpusError(f"{len(problems)} problems, listed above")


def _tell_counts(articles: Sequence["LabelledArticle"], parts: Sequence[str]) -> None:
    from sanctions_clf.corpus import count_by

    relevant = [article for article in articles if article.relevant]
    others = [article for article in articles if not article.relevant]
    click.echo(f"{len(articles)} articles, {len(relevant)} relevant")
    of = {"reason": others, **dict.fromkeys(("subtype", "status", "prominence"), relevant)}
    for part in parts:
        counts = count_by(of.get(part, articles), part)
        click.echo(f"{part}: {', '.join(f'{name} {count}' for name, count in counts.items())}")
