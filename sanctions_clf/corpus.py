"""Labelled articles: reading, checking, grouping into folds."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from sanctions_clf.archives import Columns, Record, Rejected, Skipped, open_archive, read_archive
from sanctions_clf.archives.columns import article_from
from sanctions_clf.articles import LabelledArticle
from sanctions_clf.errors import ArchiveError, CorpusError
from sanctions_clf.shipped import corpus_files
from sanctions_clf.stories import group_stories, signature

RELEVANT, NOT_RELEVANT, BORDERLINE = "relevant", "not_relevant", "borderline"

_LABELS = {
    RELEVANT: RELEVANT,
    NOT_RELEVANT: NOT_RELEVANT,
    BORDERLINE: BORDERLINE,
    "not relevant": NOT_RELEVANT,
    "1": RELEVANT,
    "0": NOT_RELEVANT,
    "true": RELEVANT,
    "false": NOT_RELEVANT,
    "yes": RELEVANT,
    "no": NOT_RELEVANT,
    # What spreadsheets and data frames make of 1 and 0 where a label is missing.
    "1.0": RELEVANT,
    "0.0": NOT_RELEVANT,
    "irrelevant": NOT_RELEVANT,
}
_LISTS = ("evidence", "regimes", "measures")
_FLAGS = ("denied", "contested")
_STRINGS = (
    "status", "subtype", "prominence", "act_date", "reason", "genre", "origin", "event", "pair",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A labelled article with its place, for messages, and all its own fields."""

    place: str
    article: LabelledArticle
    fields: Mapping[str, Any]


def canonical_label(label: str) -> str | None:
    """Return `relevant`, `not_relevant` or `borderline` for any way to write it, None for none."""
    return _LABELS.get(label.strip().lower())


def load_corpus() -> list[LabelledArticle]:
    """Return the labelled articles that the shipped model was trained on."""
    return [row.article for row in read_labelled(map(str, corpus_files()))]


def read_labelled(
    names: Iterable[str],
    *,
    columns: Columns | None = None,
    label_column: str = "label",
) -> list[LabelledRow]:
    """Return the labelled articles of JSONL or CSV files, borderline ones among them.

    Labels are `relevant`, `not_relevant` or `borderline`, or 1, 0, true, false, yes, no. All other
    labelled fields may be missing. `read_own_articles` is for files that nobody has checked.

    Raises
    ------
    CorpusError
        At the first row that cannot be read or has no such label.
    """
    rows = []
    for name in names:
        with open_archive(name) as archive:
            for record in read_archive(archive, columns=columns):
                if isinstance(record, Rejected):
                    raise CorpusError(str(record))
                if isinstance(record, Skipped):
                    continue
                rows.append(_labelled_row(record, columns or Columns(), label_column))
    return rows


def corpus_checksum(articles: Iterable[LabelledArticle]) -> str:
    """SHA-256 of labelled articles, whatever files they came from and in whatever order."""
    digests = sorted(
        hashlib.sha256(json.dumps(asdict(article), sort_keys=True).encode()).digest()
        for article in articles
    )
    return hashlib.sha256(b"".join(digests)).hexdigest()


def fold_groups(articles: Sequence[LabelledArticle]) -> list[int]:
    """Return a group number for each article: those that share an event or a pair share one.

    So do near-copies of one text. An article with none of these is a group of its own.
    """
    groups: dict[tuple[str, str], int] = {}
    parents: list[int] = []

    def root(group: int) -> int:
        while parents[group] != group:
            group = parents[group]
        return group

    numbers = []
    for article, story in zip(articles, near_copies(articles), strict=True):
        number = len(parents)
        parents.append(number)
        for key in (("event", article.event), ("pair", article.pair), ("story", story)):
            if key[1]:
                known = groups.setdefault((key[0], key[1]), number)
                parents[root(number)] = root(known)
        numbers.append(number)
    return [root(number) for number in numbers]


def near_copies(articles: Sequence[LabelledArticle]) -> list[str]:
    """Return the same name for articles that are near-copies of one text (`stories`)."""
    return group_stories(
        [str(number) for number in range(len(articles))],
        [signature(article.text or article.full_text) for article in articles],
        [article.date for article in articles],
    )


def count_in_corpus(articles: Iterable[LabelledArticle]) -> int:
    """Return how many articles have a text of the corpus that ships with the package."""
    known = {article.text for article in load_corpus()}
    return sum(article.text in known for article in articles)


def count_by(articles: Iterable[LabelledArticle], part: str) -> dict[str, int]:
    """Return how many articles have each value of a field, the commonest first."""
    counts = Counter(str(getattr(article, part) or "unknown") for article in articles)
    return dict(counts.most_common())


def _labelled_row(record: Record, columns: Columns, label_column: str) -> LabelledRow:
    place = f"{record.archive}, {record.position}"
    label = canonical_label(str(record.fields.get(label_column)))
    if label is None:
        raise CorpusError(
            f"{place}: no label in {label_column!r}; write relevant or not_relevant, or name the "
            "field with --label-column"
        )
    return labelled_row(record, columns, label)


def labelled_row(record: Record, columns: Columns, label: str) -> LabelledRow:
    """Return the record of an archive as a row with this label.

    Raises
    ------
    CorpusError
        If a field that lists strings holds something else.
    """
    place = f"{record.archive}, {record.position}"
    try:
        article = article_from(record.fields, columns, place=place)
    except ArchiveError as error:
        raise CorpusError(str(error)) from None
    found = record.fields
    parts: dict[str, Any] = {
        **{part.name: getattr(article, part.name) for part in fields(article)},
        **{name: _strings(place, name, found.get(name)) for name in _LISTS},
        **{name: found.get(name) in (True, "true", "True", "1") for name in _FLAGS},
        **{name: found.get(name) or None for name in _STRINGS},
    }
    return LabelledRow(place, LabelledArticle(label=label, **parts), found)


def _strings(place: str, name: str, value: Any) -> tuple[str, ...]:
    """A list as JSONL has it, or as JSON in a cell of a CSV file."""
    if value in (None, ""):
        return ()
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.startswith("[") else [value]
        except ValueError:
            value = [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CorpusError(f"{place}: {name} is no list of strings")
    return tuple(value)
