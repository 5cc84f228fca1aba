"""Average precision by language, genre, year, length and regime."""

import re
from collections.abc import Iterator

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.evaluated import Evaluated, precision_measure
from sanctions_clf.metrics import Figure

_LENGTHS = ((1_000, "under 1,000 characters"), (4_000, "1,000 to 4,000"), (10**9, "4,000 and more"))
_YEAR = re.compile(r"\d{4}")


def slice_figures(evaluated: Evaluated) -> dict[str, dict[str, Figure]]:
    """Return AP by language, regime, genre, year and length.

    Of a regime: its relevant articles against all not relevant ones. Slices with fewer than 15
    relevant articles have their counts alone.
    """
    every = evaluated.decided()
    slices: dict[str, dict[str, Figure]] = {}
    for name, of in (
        ("language", lambda a: a.lang or "unknown"),
        ("genre", lambda a: a.genre or "unknown"),
        ("year", _year),
        ("length", _length),
    ):
        keys = [of(article) for article in every.articles]
        slices[name] = {
            key: precision_measure(every.where(np.array([k == key for k in keys]))).with_interval()
            for key in sorted(set(keys))
        }
    slices["regime"] = dict(_regime_slices(every))
    return slices


def _regime_slices(every: Evaluated) -> Iterator[tuple[str, Figure]]:
    for regime in sorted({regime for a in every.articles for regime in a.regimes}):
        kept = np.array([not a.relevant or regime in a.regimes for a in every.articles])
        yield regime, precision_measure(every.where(kept)).with_interval()


def _length(article: LabelledArticle) -> str:
    return next(name for most, name in _LENGTHS if len(article.full_text) < most)


def _year(article: LabelledArticle) -> str:
    found = _YEAR.match(article.date or "")
    return found[0] if found else "unknown"
