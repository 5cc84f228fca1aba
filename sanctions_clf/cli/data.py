"""`sanctions-clf data`: check labelled articles."""

import click


@click.group(name="data")
def command() -> None:
    """Check labelled articles."""


@command.command()
@click.argument("labelled", nargs=-1, metavar="[LABELLED]...")
def check(labelled: tuple[str, ...]) -> None:
    """Hold labelled articles against the contract of the corpus.

    Checks fields, ids, that evidence is an exact part of the text, languages, pairs and balance;
    prints what breaks it, then the counts. Without LABELLED the corpus of the package.

    \b
    sanctions-clf data check data/corpus/*.jsonl
    """
    from sanctions_clf.corpus import count_by, read_labelled
    from sanctions_clf.corpus_check import check_corpus
    from sanctions_clf.errors import CorpusError
    from sanctions_clf.shipped import corpus_files

    rows = read_labelled(labelled or map(str, corpus_files()))
    problems = check_corpus(rows)
    for problem in problems:
        click.echo(problem, err=True)
    articles = [row.article for row in rows]
    relevant = [article for article in articles if article.relevant]
    click.echo(f"{len(articles)} articles, {len(relevant)} relevant")
    for part in ("lang", "label", "reason", "subtype", "status", "prominence", "origin"):
        counted = relevant if part in ("subtype", "status", "prominence") else articles
        counts = ", ".join(f"{name} {count}" for name, count in count_by(counted, part).items())
        click.echo(f"{part}: {counts}")
    if problems:
        raise CorpusError(f"{len(problems)} problems, listed above")
