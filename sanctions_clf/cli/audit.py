"""`sanctions-clf audit`: what a run has missed at most."""

from collections.abc import Iterator

import click

from sanctions_clf.audit import Audit, audit_run


@click.command(name="audit")
@click.argument("run", metavar="RUN")
@click.option(
    "--precision",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    help="Share of the hits that is relevant, where the hits have no labels.",
)
@click.option(
    "--bound",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="SHARE",
    help="Tell the sample size for this bound, instead of one half as wide.",
)
def command(run: str, precision: float, bound: float | None) -> None:
    """Bound what a run has missed, from a labelled random sample of what it did not flag.

    RUN is the output of `score -o RUN --audit-sample N`. Label RUN.audit.jsonl first. Articles of
    the sample that are borderline or without a label count as relevant, so that the bound holds
    however they turn out. Where the rows of RUN have labels too (JSONL or CSV, field `label`),
    these tell how many hits are relevant.

    \b
    sanctions-clf score news.jsonl.gz -o hits.jsonl --audit-sample 300
    sanctions-clf label hits.jsonl.audit.jsonl
    sanctions-clf audit hits.jsonl --precision 0.8
    """
    audit = audit_run(run, precision=precision)
    for line in (*_sample_lines(audit), _recall_line(audit), _size_line(audit, bound)):
        click.echo(line)


def _sample_lines(audit: Audit) -> Iterator[str]:
    sample, sure = audit.sample, f"{audit.confidence:.0%} confidence"
    yield (
        f"Scored: {audit.scored:,} articles, {audit.hits:,} of them flagged, "
        f"{audit.unflagged:,} not."
    )
    yield (
        f"Sample of those not flagged: {sample.rows:,} articles, {sample.relevant:,} relevant, "
        f"{sample.not_relevant:,} not, {sample.borderline:,} borderline, "
        f"{sample.unlabelled:,} without a label."
    )
    if sample.borderline or sample.unlabelled:
        yield "Borderline ones and those without a label count as relevant."
    yield (
        f"Missed: at most {audit.missed_share:.2%} of those not flagged are relevant, "
        f"{audit.missed:,} articles ({sure}; Clopper and Pearson)."
    )
    if sample.unlabelled:
        yield (
            f"Without those that have no label it would be {audit.missed_share_of_labelled:.2%}, "
            "which holds only if chance left them so."
        )


def _recall_line(audit: Audit) -> str:
    if audit.recall is None:
        return "Recall: no article is relevant."
    return f"Recall: at least {audit.recall:.1%}, {_premise(audit)}."


def _premise(audit: Audit) -> str:
    labels = audit.hit_labels
    if labels:
        return f"with the {labels.relevant:,} hits that are labelled relevant of {labels.rows:,}"
    if audit.precision < 1:
        return f"if {audit.precision:.0%} of the hits are relevant"
    return "if every hit is relevant (else: --precision, or label the hits)"


def _size_line(audit: Audit, bound: float | None) -> str:
    wanted = audit.half_as_wide if bound is None else bound
    if audit.sample.rows == audit.unflagged:
        return "All that was not flagged is in the sample: no other tells more."
    size = audit.sample_size(wanted)
    if size is None:
        return f"No sample bounds the share at {wanted:.2%}: more of this one counts as relevant."
    return (
        f"A bound of {wanted:.2%} takes a sample of {size:,} (score again with --audit-sample "
        f"{size}), if its labels turn out alike."
    )
