"""What a reader yields: a record with its article, or a skipped or rejected one with the reason."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sanctions_clf.articles import Article

# The position of the one record of a file that holds nothing else.
WHOLE_FILE = "whole file"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of an archive that could be read.

    Attributes
    ----------
    archive : the archive's name as given.
    position : where it lies in there, as text: `line 17`, `row 3`, `whole file`.
    article : what it says.
    fields : its own fields, as found.
    """

    archive: str
    position: str
    article: Article
    fields: Mapping[str, Any] = field(default_factory=dict)

    def carried(self, names: Iterable[str]) -> dict[str, Any]:
        """Return its own fields of these names, None for one it lacks; `text` is as scored.

        What JSON has no form for, such as lists nested hundreds deep, becomes text.
        """
        return {
            name: self.article.full_text if name == "text" else _writable(lookup(self.fields, name))
            for name in names
        }


@dataclass(frozen=True, slots=True)
class Rejected:
    """One entry of an archive that could not be read, and why."""

    archive: str
    position: str
    reason: str

    def __str__(self) -> str:
        return f"{self.archive}, {self.position}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """One entry of an archive that is sound but no article: a picture in a web crawl.

    Attributes
    ----------
    reason : one of few short phrases, so that it can be counted: `not a web page`.
    """

    archive: str
    position: str
    reason: str


def lookup(fields: Mapping[str, Any], name: str) -> Any:
    """Return the field of that name, or the nested one that dots lead to; None for none."""
    if name in fields:
        return fields[name]
    head, _, rest = name.partition(".")
    inner = fields.get(head)
    return lookup(inner, rest) if rest and isinstance(inner, Mapping) else None


def without_surrogates(text: str) -> str:
    """Return text as any writer can write it: lone surrogates become U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _writable(value: Any) -> Any:
    try:
        orjson.dumps(value, default=str)
    except TypeError:  # lone surrogates, or nested deeper than orjson goes
        return without_surrogates(_as_text(value))
    return value


def _as_text(value: Any) -> str:
    try:
        return str(value)
    except RecursionError:
        return "nested too deeply"
