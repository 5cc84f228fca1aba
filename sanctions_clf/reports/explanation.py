"""The page of an explanation: the passage that decides, and what each of its terms adds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_clf.highlights import highlight
from sanctions_clf.predictions import Contribution, Explanation
from sanctions_clf.reports.names import language_name, regime_name
from sanctions_clf.reports.page import render_page
from sanctions_clf.term_words import INTERCEPT, term_in_words, term_kind

_TERMS_SHOWN = 20
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table of contributions.

    Attributes
    ----------
    words : the term in words.
    kind : `concept`, `pair`, `word`, `length` (of the passage) or `intercept`; empty for several.
    contribution : as shown, in log-odds.
    width : of its bar, 0 to 100 of the longest.
    """

    words: str
    kind: str
    contribution: float
    width: float


def explanation_page(explanation: Explanation) -> str:
    """Return an explanation as one HTML page, which loads nothing."""
    prediction = explanation.prediction
    rest = explanation.contributions[_TERMS_SHOWN:]
    return render_page(
        "explanation.html",
        prediction=prediction,
        title=prediction.title or prediction.id or "An article",
        lines=highlight(explanation),
        elsewhere=[
            part.text for part in prediction.evidence if part.text not in explanation.passage
        ],
        rows=_summed_rows(explanation),
        smaller=[
            (term_in_words(part.term), term_kind(part.term), part.contribution) for part in rest
        ],
        language_name=language_name,
        regime_name=regime_name,
    )


def _summed_rows(explanation: Explanation) -> list[Row]:
    """The largest contributions, the smaller ones as one, and the intercept."""
    shown = explanation.contributions[:_TERMS_SHOWN]
    rest = explanation.contributions[_TERMS_SHOWN:]
    named = [(term_in_words(part.term), term_kind(part.term), part.contribution) for part in shown]
    if rest:
        named.append((f"{len(rest)} smaller terms", "", _sum(rest)))
    named.append((INTERCEPT, INTERCEPT, explanation.intercept))
    values = [value for _, _, value in named]
    longest = max(map(abs, values)) or 1.0
    return [
        Row(words, kind, shown_value, 100 * abs(value) / longest)
        for (words, kind, value), shown_value in zip(
            named, round_to_sum(values, explanation.prediction.decision_value), strict=True
        )
    ]


def _sum(contributions: Sequence[Contribution]) -> float:
    return math.fsum(part.contribution for part in contributions)


def round_to_sum(values: Sequence[float], total: float, digits: int = _DIGITS) -> list[float]:
    """Return `values`, which add up to `total`, rounded so that they add up to `total` rounded.

    Each is rounded down or up to `digits`; up those that rounding down takes most from (the method
    of largest remainders, as seats of a parliament are shared out).
    """
    unit = 10**digits
    lowered = [math.floor(value * unit) for value in values]
    missing = round(total * unit) - sum(lowered)
    by_remainder = sorted(range(len(values)), key=lambda i: lowered[i] - values[i] * unit)
    for i in by_remainder[:missing]:
        lowered[i] += 1
    return [value / unit for value in lowered]
