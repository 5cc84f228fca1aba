"""Which measures, status and subtype a flagged passage is about: one linear model a value."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sanctions_clf.terms import Sentence

FloatArray = npt.NDArray[np.float64]

MEASURES, STATUS, SUBTYPE = "measures", "status", "subtype"
ATTRIBUTES = (MEASURES, STATUS, SUBTYPE)
LAUNCH = "launch_or_test"
# Marks a concept of a sentence that is shown as evidence, beside the same of the whole passage.
SHOWN = "shown: "


@dataclass(frozen=True, slots=True, eq=False)
class AttributeModel:
    """One-vs-rest logistic regressions on the concepts of a passage.

    Attributes
    ----------
    values : the values of each attribute of `ATTRIBUTES`, by its name.
    terms : concepts of the passage and, marked, of its evidence.
    coefficients : float64 (n_terms, n_values), the attributes side by side, log-odds.
    intercepts : float64 (n_values,), shifted so that a measure is named from 0 on.
    """

    values: Mapping[str, tuple[str, ...]]
    terms: tuple[str, ...]
    coefficients: FloatArray
    intercepts: FloatArray

    def margins(self, terms: AbstractSet[str]) -> dict[str, dict[str, float]]:
        """Return how far each value of each attribute is from being named, log-odds."""
        known = [row for row, term in enumerate(self.terms) if term in terms]
        found = iter((self.intercepts + self.coefficients[known].sum(axis=0)).tolist())
        return {
            attribute: {value: next(found) for value in self.values[attribute]}
            for attribute in ATTRIBUTES
        }


def attribute_terms(passage: Sequence[Sentence], shown: Iterable[Sentence]) -> set[str]:
    """Return the terms of a passage that attributes are told by."""
    terms = {concept for sentence in passage for concept in sentence.concepts}
    return terms | {SHOWN + concept for sentence in shown for concept in sentence.concepts}


def likeliest(margins: Mapping[str, float]) -> str:
    """Return the value with the largest margin."""
    return max(margins, key=margins.__getitem__)


def named_measures(margins: Mapping[str, float], allowed: AbstractSet[str]) -> tuple[str, ...]:
    """Return the measures among `allowed` that are named, the likeliest first, at least one.

    None where none is allowed.
    """
    ranked = sorted(allowed & margins.keys(), key=lambda name: (-margins[name], name))
    return *ranked[:1], *(name for name in ranked[1:] if margins[name] >= 0)
