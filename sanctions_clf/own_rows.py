"""A user's own labelled articles: read, and looked over before a model is made of them."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from sanctions_clf.archives import (
    Columns,
    Record,
    Rejected,
    list_archives,
    read_listed,
)
from sanctions_clf.archives.records import lookup
from sanctions_clf.articles import LabelledArticle
from sanctions_clf.corpus import (
    BORDERLINE,
    LabelledRow,
    canonical_label,
    labelled_row,
    near_copies,
)
from sanctions_clf.errors import CorpusError

_NO_LABEL = ("", "none", "nan")
# Warnings of one kind that are spelt out; the rest are counted.
_LISTED = 20
_LABELS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OwnArticles:
    """Labelled articles that are fit to learn from, or to measure on.

    Attributes
    ----------
    articles : those labelled relevant or not relevant.
    warnings : what was left out or looks wrong, a line each.
    files : SHA-256 of each file by its name; pipes have none.
    """

    articles: Sequence[LabelledArticle]
    warnings: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)


def read_own_articles(
    names: Iterable[str],
    *,
    columns: Columns | None = None,
    label_column: str = "label",
    encoding: str = "utf-8",
) -> OwnArticles:
    """Return the labelled articles of archives of any format with fields: JSONL, CSV, Parquet.

    Rows without a label, borderline ones, and rows that cannot be read, such as empty texts, are
    left out with a warning. So is evidence that is not in its text. Labels that contradict each
    other on near-copies of a text, and near-copies themselves, are told and kept.

    Raises
    ------
    CorpusError
        If a label is none that is known, or no row has one.
    ArchiveError
        If a file cannot be read as a whole.
    """
    files = list(names)
    named = columns or Columns()
    found = [
        record
        for name, in_directory in list_archives(files)
        for record in read_listed(name, in_directory, named, encoding)
    ]
    rejected = [record for record in found if isinstance(record, Rejected)]
    records = [record for record in found if isinstance(record, Record)]
    labels = [_label_text(record, label_column) for record in records]
    _refuse_unknown_labels(records, labels, label_column, rejected)
    rows = [
        labelled_row(record, named, label)
        for record, text in zip(records, labels, strict=True)
        if (label := canonical_label(text)) is not None
    ]
    decided = [row for row in rows if row.article.label != BORDERLINE]
    warnings = [
        *_listed([f"left out: {record}" for record in rejected], "rows that cannot be read"),
        *_counted(len(records) - len(rows), "have no label and are left out"),
        *_counted(len(rows) - len(decided), "are borderline and left out"),
        *_listed(list(_lost_evidence(decided)), "rows with evidence that is not in the text"),
        *_copy_warnings(decided),
    ]
    articles = [_with_evidence_found(row.article) for row in decided]
    return OwnArticles(articles, tuple(warnings), _checksums(files))


def _label_text(record: Record, label_column: str) -> str:
    value = lookup(record.fields, label_column)
    text = str(value).strip()
    return "" if text.lower() in _NO_LABEL else text


def _refuse_unknown_labels(
    records: Sequence[Record],
    labels: Sequence[str],
    label_column: str,
    rejected: Sequence[Rejected],
) -> None:
    if not any(labels):
        if not records and rejected:
            raise CorpusError(str(rejected[0]))
        where = f"{records[0].archive}, {records[0].position}: " if records else ""
        fields = ", ".join(map(str, records[0].fields)) if records else ""
        raise CorpusError(
            f"{where}no label in {label_column!r}; name the field with --label-column"
            + (f" (it has {fields})" if fields else "")
        )
    for record, text in zip(records, labels, strict=True):
        if text and canonical_label(text) is None:
            counts = Counter(filter(None, labels)).most_common(_LABELS_SHOWN)
            seen = ", ".join(f"{label} {count}" for label, count in counts)
            raise CorpusError(
                f"{record.archive}, {record.position}: no label that is known in "
                f"{label_column!r} (it has {seen}); write relevant or not_relevant, yes or no, "
                "1 or 0, or nothing where none was given"
            )


def _lost_evidence(rows: Sequence[LabelledRow]) -> Iterator[str]:
    for row in rows:
        for evidence in row.article.evidence:
            if evidence not in row.article.full_text:
                yield f"{row.place}: evidence that is not in the text: {evidence[:60]!r}"


def _with_evidence_found(article: LabelledArticle) -> LabelledArticle:
    found = tuple(e for e in article.evidence if e in article.full_text)
    return article if found == article.evidence else replace(article, evidence=found)


def _copy_warnings(rows: Sequence[LabelledRow]) -> Iterator[str]:
    stories: dict[str, list[LabelledRow]] = defaultdict(list)
    for row, story in zip(rows, near_copies([row.article for row in rows]), strict=True):
        stories[story].append(row)
    copied = [found for found in stories.values() if len(found) > 1]
    contradictions = [problem for found in copied for problem in _contradictions(found)]
    yield from _listed(contradictions, "pairs of rows with contradictory labels")
    if copied:
        yield (
            f"{sum(map(len, copied))} articles are near-copies of one another, "
            f"{len(copied)} texts in all; no fold splits them"
        )


def _contradictions(copies: Sequence[LabelledRow]) -> Iterator[str]:
    """Each row that differs from the first of the other label; halves of a pair are meant to."""
    first = copies[0]
    for row in copies[1:]:
        if row.article.label == first.article.label:
            continue
        if row.article.pair and row.article.pair == first.article.pair:
            continue
        alike = "the same" if row.article.full_text == first.article.full_text else "nearly one"
        yield (
            f"labels contradict each other on {alike} text: {first.place} "
            f"({first.article.label}) and {row.place} ({row.article.label})"
        )


def _listed(problems: Sequence[str], what: str) -> Iterator[str]:
    yield from problems[:_LISTED]
    if len(problems) > _LISTED:
        yield f"and so on: {len(problems)} {what}"


def _counted(count: int, what: str) -> Iterator[str]:
    if count:
        yield f"{count} rows {what}"


def _checksums(names: Iterable[str]) -> dict[str, str]:
    return {
        Path(name).name: hashlib.sha256(Path(name).read_bytes()).hexdigest()
        for name in names
        if Path(name).is_file()
    }
