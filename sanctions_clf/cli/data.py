"""`sanctions-clf data`: check, doubt and gather labelled articles."""

import click

from sanctions_clf.cli.data_sample import sample
from sanctions_clf.cli.data_suspects import suspects


@click.group(name="data")
def command() -> None:
    """Check labelled articles, doubt them, and pick what to label next."""


command.add_command(sample)
command.add_command(suspects)


@command.command()
@click.argument("labelled", nargs=-1, metavar="[LABELLED]...")
def check(labelled: tuple[str, ...]) -> None:
    """Hold labelled articles against the contract of the corpus.

    Checks fields, ids, that evidence is an exact part of the text, languages, pairs, balance, and
    that no text repeats another; prints what breaks it, then the counts, and how well style alone
    tells the labels apart. Without LABELLED the corpus of the package.

    \b
    sanctions-clf data check data/corpus/*.jsonl
    """
    from sanctions_clf.corpus import BORDERLINE, count_by, read_labelled
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
    relevant = [article for article in articles if article.relevant]
    click.echo(f"{len(articles)} articles, {len(relevant)} relevant")
    for part in ("lang", "label", "origin", "reason", "subtype", "status", "prominence"):
        of_relevant = part in ("subtype", "status", "prominence")
        counted = relevant if of_relevant else articles
        if part == "reason":
            counted = [article for article in articles if not article.relevant]
        counts = ", ".join(f"{name} {count}" for name, count in count_by(counted, part).items())
        click.echo(f"{part}: {counts}")
    for leak in style_leaks([article for article in articles if article.label != BORDERLINE]):
        click.echo(
            f"style alone, {leak.lang}: ROC-AUC {leak.auc:.2f} (at least {leak.low:.2f}; above "
            f"{MOST_LEAK} style gives the label away)"
        )
    if problems:
        raise CorpusError(f"{len(problems)} problems, listed above")
