"""Find title, text, date and the rest among the fields of a record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sanctions_clf.archives.records import Record, Rejected, lookup, without_surrogates
from sanctions_clf.articles import Article
from sanctions_clf.errors import ArchiveError

# The usual names, the first that is filled counts: those of JSONL and CSV dumps, of news-please
# (`maintext`, `date_publish`) and of newspaper crawls.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "maintext", "article"),
    "title": ("title", "headline"),
    "date": ("date", "published", "date_publish"),
    "lang": ("lang", "language"),
    "url": ("url", "link"),
    "id": ("id",),
    "source": ("source", "outlet"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the fields to take instead of the usual ones; dots lead into nested objects."""

    text: str | None = None
    title: str | None = None
    date: str | None = None
    lang: str | None = None
    url: str | None = None
    id: str | None = None
    source: str | None = None

    def names(self, part: str) -> tuple[str, ...]:
        """Return the field names to try for a part of the article, in order."""
        own = getattr(self, part)
        return (own,) if own else USUAL_NAMES[part]

    def given(self) -> dict[str, str]:
        """Return the names that were given, by part of the article."""
        return {part: name for part, name in asdict(self).items() if name}


def has_text_column(names: Iterable[str], columns: Columns) -> bool:
    """Whether a table with these column names has one for the text or the title."""
    known = set(names) | {name.lower() for name in names}
    return bool(known.intersection(columns.names("text") + columns.names("title")))


def refuse_without_text(archive: str, names: Sequence[str], columns: Columns) -> None:
    """Refuse a table that has no column for the text.

    Raises
    ------
    ArchiveError
        With the columns that it has, and the mend.
    """
    if not has_text_column(names, columns):
        known = without_surrogates(", ".join(names))  # of a header that is not UTF-8
        raise ArchiveError(
            f"{archive}: no column for the text among {known}; name it with --text-column"
        )


def record_from(
    archive: str, position: str, fields: Mapping[str, Any], columns: Columns
) -> Record | Rejected:
    """Return the record that fields make, or why they make none."""
    place = f"{archive}, {position}"
    try:
        return Record(archive, position, article_from(fields, columns, place=place), fields)
    except ArchiveError as error:
        return Rejected(archive, position, str(error).removeprefix(f"{place}: "))


def article_from(fields: Mapping[str, Any], columns: Columns, *, place: str) -> Article:
    """Return the article that a record's fields hold.

    Parameters
    ----------
    fields : as found. Names count in any case.
    columns : names to take instead of the usual ones.
    place : `archive, position`, for the message; its id where the record has none of its own.

    Raises
    ------
    ArchiveError
        If it has neither text nor title, or one that is not a string.
    """
    parts = {part: _find(fields, columns, part) for part in USUAL_NAMES}
    for part in ("text", "title"):
        if parts[part] is not None and not isinstance(parts[part], str):
            kind = type(parts[part]).__name__
            raise ArchiveError(
                f"{place}: the {part} is no string but {kind}; name another field with "
                f"--{part}-column"
            )
    if not any((parts[part] or "").strip() for part in ("text", "title")):
        raise ArchiveError(
            f"{place}: no text in {', '.join(columns.names('text'))}; name the field with "
            "--text-column"
        )
    text, article_id = _string(parts.pop("text")), _string(parts.pop("id"))
    others = {part: _string(value) for part, value in parts.items()}
    return Article(text=text or "", id=article_id or place, **others)


def _find(fields: Mapping[str, Any], columns: Columns, part: str) -> Any:
    names = columns.names(part)
    for name in names:
        value = lookup(fields, name)
        if value not in (None, ""):
            return value
    lower = {key.lower(): key for key in fields if not key.islower()}
    for name in names:
        if name in lower and fields[lower[name]] not in (None, ""):
            return fields[lower[name]]
    return None


def _string(value: Any) -> str | None:
    """The value as text that any writer can write."""
    if value is None:
        return None
    return without_surrogates(value if isinstance(value, str) else str(value))
