"""The UN sanctions regimes and measures: when each was in force and what it forbids."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files(__package__)


@dataclass(frozen=True, slots=True)
class Regime:
    """A sanctions regime of the Security Council.

    Attributes
    ----------
    id : country or group, and the founding resolution (`dprk-1718`).
    windows : first and last day in force (ISO 8601, both included; None for no end).
    measures : ids of the measures it imposed.
    concepts : names of the concepts that point to it.
    resolutions : `number (year)`, oldest first.
    """

    id: str
    name: str
    windows: tuple[tuple[str, str | None], ...]
    measures: tuple[str, ...]
    concepts: frozenset[str]
    scope: str
    resolutions: tuple[str, ...]
    not_covered: tuple[str, ...]

    def in_force(self, date: str) -> bool:
        """Whether it was in force at any time in `date` (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`).

        Examples
        --------
        >>> iran = load_regimes()["iran-1737"]
        >>> iran.in_force("2010"), iran.in_force("2020-05"), iran.in_force("2026-11-01")
        (True, False, True)
        """
        return any(
            start[: len(date)] <= date and (end is None or date <= end[: len(date)])
            for start, end in self.windows
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """What a regime forbids, from a closed vocabulary.

    Attributes
    ----------
    id : `arms_embargo`, `maritime` ...
    label : the same in words.
    definition : what falls under it.
    concepts : names of the concepts that point to it.
    """

    id: str
    label: str
    definition: str
    concepts: frozenset[str]


@cache
def load_regimes() -> dict[str, Regime]:
    """All regimes by id, those in force first."""
    entries = json.loads(_DATA.joinpath("regimes.json").read_text(encoding="utf-8"))["regimes"]
    return {entry["id"]: _regime(entry) for entry in entries}


def _regime(entry: dict[str, Any]) -> Regime:
    return Regime(
        id=entry["id"],
        name=entry["name"],
        windows=tuple((start, end) for start, end in entry["windows"]),
        measures=tuple(entry["measures"]),
        concepts=frozenset(entry["concepts"]),
        scope=entry["scope"],
        resolutions=tuple(f"{part['number']} ({part['year']})" for part in entry["resolutions"]),
        not_covered=tuple(entry["not_covered"]),
    )


@cache
def load_measures() -> dict[str, Measure]:
    """All measures by id."""
    entries = json.loads(_DATA.joinpath("measures.json").read_text(encoding="utf-8"))["measures"]
    return {
        entry["id"]: Measure(
            entry["id"], entry["label"], entry["definition"], frozenset(entry["concepts"])
        )
        for entry in entries
    }
