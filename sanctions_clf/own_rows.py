"""A user's own labelled articles: read, and looked over before a model is made of them."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from sanctions_clf.archives import (
    Columns,
    Record,
    Rejected,
    list_archives,
    read_listed,
)
from sanctions_clf.archives.columns import USUAL_NAMES
from sanctions_clf.archives.records import lookup
from sanctions_clf.articles import LabelledArticle
from sanctions_clf.corpus import (
    BORDERLINE,
    NOT_RELEVANT,
    RELEVANT,
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
    places : file and row of each article.
    undecided : rows without a label or labelled borderline.
    """

    articles: Sequence[LabelledArticle]
    warnings: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    places: Sequence[str] = ()
    undecided: int = 0


def read_own_articles(
    names: Iterable[str],
    *,
    columns: Columns | None = None,
    label_column: str = "label",
    relevant: Iterable[str] = (),
    not_relevant: Iterable[str] = (),
    encoding: str = "utf-8",
    borderline: bool = False,
) -> OwnArticles:
    """Return the labelled articles of archives of any format with fields: JSONL, CSV, Parquet.

    Rows without a label, borderline ones, and rows that cannot be read, such as empty texts, are
    left out with a warning. So is evidence that is not in its text. Labels that contradict each
    other on near-copies of a text, and near-copies themselves, are told and kept.

    Parameters
    ----------
    relevant, not_relevant : how labels are written beside the usual ways, in any case; the empty
        string for rows that have none.
    borderline : whether to keep borderline articles.

    Raises
    ------
    CorpusError
        If a label is none that is known, or no row has one.
    ArchiveError
        If a file cannot be read as a whole.
    """
    files = list(names)
    named = columns or Columns()
    words = _words(relevant, not_relevant)
    found = [
        record
        for name, in_directory in list_archives(files)
        for record in read_listed(name, in_directory, named, encoding)
    ]
    rejected = [record for record in found if isinstance(record, Rejected)]
    records = [record for record in found if isinstance(record, Record)]
    if not records:
        raise CorpusError(
            str(rejected[0]) if rejected else f"{', '.join(files)}: holds no articles"
        )
    texts = [_label_text(record, label_column) for record in records]
    labels = [words.get(text.lower()) or canonical_label(text) for text in texts]
    _refuse_unknown_labels(records, texts, labels, label_column)
    rows = [
        labelled_row(record, named, label)
        for record, label in zip(records, labels, strict=True)
        if label is not None
    ]
    kept = [row for row in rows if borderline or row.article.label != BORDERLINE]
    warnings = [
        *_listed([f"left out: {record}" for record in rejected], "rows that cannot be read"),
        *_left_out(len(records) - len(rows), "without a label"),
        *_left_out(len(rows) - len(kept), "labelled borderline"),
        *_unfound(records, named, label_column),
        *_listed(list(_lost_evidence(kept)), "rows with evidence that is not in the text"),
        *_copy_warnings(kept),
    ]
    articles = [_with_evidence_found(row.article) for row in kept]
    places = [row.place for row in kept]
    undecided = len(records) - sum(row.article.label != BORDERLINE for row in rows)
    return OwnArticles(articles, tuple(warnings), _checksums(files), places, undecided)


def _words(relevant: Iterable[str], not_relevant: Iterable[str]) -> dict[str, str]:
    yes, no = ({word.strip().lower() for word in words} for words in (relevant, not_relevant))
    if yes & no:
        raise CorpusError(f"the label {min(yes & no)!r} cannot be both relevant and not relevant")
    return dict.fromkeys(yes, RELEVANT) | dict.fromkeys(no, NOT_RELEVANT)


def _label_text(record: Record, label_column: str) -> str:
    value = lookup(record.fields, label_column)
    text = str(value).strip()
    return "" if text.lower() in _NO_LABEL else text


def _refuse_unknown_labels(
    records: Sequence[Record],
    texts: Sequence[str],
    labels: Sequence[str | None],
    label_column: str,
) -> None:
    first = records[0]
    if not any(labels) and not any(texts):
        if label_column in first.fields:
            raise CorpusError(f"{first.archive}: no row has a label in {label_column!r} yet")
        raise CorpusError(
            f"{first.archive}, {first.position}: no label in {label_column!r}; name the field "
            f"with --label-column (it has {', '.join(map(str, first.fields))})"
        )
    for record, text, label in zip(records, texts, labels, strict=True):
        if text and label is None:
            counts = Counter(filter(None, texts)).most_common(_LABELS_SHOWN)
            seen = ", ".join(f"{word} {count}" for word, count in counts)
            raise CorpusError(
                f"{record.archive}, {record.position}: no label that is known in "
                f"{label_column!r} (it has {seen}); say which word means what: --relevant WORD "
                "--not-relevant WORD, '' for rows without one"
            )


def _unfound(records: Sequence[Record], columns: Columns, label_column: str) -> Iterator[str]:
    """A title or date that no field holds by its name, where some field is not known at all."""
    usual = {name for names in USUAL_NAMES.values() for name in names}
    known = {*usual, *(part.name for part in fields(LabelledArticle)), label_column}
    known |= set(columns.given().values())
    others = [name for name in map(str, records[0].fields) if not known & {name, name.lower()}]
    missing = [
        part
        for part in ("title", "date")
        if not any(getattr(record.article, part) for record in records)
    ]
    if others and missing:
        options = " and ".join(f"--{part}-column" for part in missing)
        yield (
            f"no article has a {' or a '.join(missing)}; if it is among {', '.join(others)}, name "
            f"it with {options}"
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
            f"{sum(map(len, copied))} articles are near-copies of one another, of "
            f"{len(copied)} {'text' if len(copied) == 1 else 'texts'}"
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


def _left_out(count: int, which: str) -> Iterator[str]:
    if count:
        yield f"left out: {count} {'row' if count == 1 else 'rows'} {which}"


def _checksums(names: Iterable[str]) -> dict[str, str]:
    return {
        Path(name).name: hashlib.sha256(Path(name).read_bytes()).hexdigest()
        for name in names
        if Path(name).is_file()
    }
