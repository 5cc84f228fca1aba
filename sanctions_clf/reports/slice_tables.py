"""Slices of evaluations as tables: those that can be measured, and the counts of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_clf.evaluation import Evaluation
from sanctions_clf.metrics import Figure
from sanctions_clf.reports.names import language_name


@dataclass(frozen=True, slots=True)
class SliceRow:
    """A slice with the figure of each model, in their order."""

    name: str
    figures: tuple[Figure, ...]

    @property
    def relevant(self) -> int:
        """How many of its articles are relevant."""
        return self.figures[0].relevant

    @property
    def articles(self) -> int:
        """How many articles it has."""
        return self.figures[0].articles

    @property
    def measured(self) -> bool:
        """Whether it has relevant articles enough for a figure."""
        return self.figures[0].value is not None


@dataclass(frozen=True, slots=True)
class SliceTable:
    """The slices of one kind.

    Attributes
    ----------
    measured : with figures, in the order of their names.
    counted : with too few relevant articles for a figure.
    """

    kind: str
    measured: tuple[SliceRow, ...]
    counted: tuple[SliceRow, ...]


def slice_tables(evaluations: Sequence[Evaluation]) -> list[SliceTable]:
    """Return a table for each kind of slice that tells more than the whole test does."""
    tables = []
    for kind, slices in evaluations[0].slices.items():
        label = language_name if kind == "language" else str
        rows = [
            SliceRow(label(name), tuple(other.slices[kind][name] for other in evaluations))
            for name in slices
        ]
        if len(rows) > 1:
            measured = tuple(row for row in rows if row.measured)
            counted = tuple(row for row in rows if not row.measured)
            tables.append(SliceTable(kind, measured, counted))
    return tables
