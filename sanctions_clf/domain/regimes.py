"""The UN sanctions regimes and measures: when each was in force and what it forbids."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_DATA = files(__package__)

Window = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Regime:
    """A sanctions regime of the Security Council.

    Attributes
    ----------
    id : country or group, and the founding resolution (`dprk-1718`).
    windows : first and last day in force (ISO 8601, both included; None for no end).
    contested_since : day from which its force is disputed, None for most.
    split_from : the regime that held its targets before it was made, None for most.
    measures : ids of the measures it imposed.
    measure_windows : first and last day of the measures that it did not impose all along.
    concepts : names of the concepts that point to it.
    resolutions : `number (year)`, oldest first.
    not_covered : what is mistaken for a breach of it.
    note : what else to know.
    """

    id: str
    name: str
    windows: tuple[Window, ...]
    contested_since: str | None
    split_from: str | None
    measures: tuple[str, ...]
    measure_windows: Mapping[str, Window]
    concepts: frozenset[str]
    scope: str
    resolutions: tuple[str, ...]
    not_covered: tuple[str, ...]
    note: str

    def in_force(self, date: str) -> bool:
        """Whether it was in force at any time in `date` (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`).

        Examples
        --------
        >>> iran = load_regimes()["iran-1737"]
        >>> iran.in_force("2010"), iran.in_force("2020-05"), iran.in_force("2026-11-01")
        (True, False, True)
        """
        return self.began(date) is not None

    def began(self, date: str) -> str | None:
        """Return since when it was in force at `date`, None where it was not."""
        return next((w[0] for w in self.windows if _is_within(date, w)), None)

    def measures_on(self, date: str) -> tuple[str, ...]:
        """Return the ids of the measures in force at any time in `date`."""
        if not self.in_force(date):
            return ()
        windows = self.measure_windows
        return tuple(m for m in self.measures if m not in windows or _is_within(date, windows[m]))

    def contested(self, date: str) -> bool:
        """Whether its force is disputed at any time in `date`."""
        since = self.contested_since
        return since is not None and since[: len(date)] <= date


def _is_within(date: str, window: Window) -> bool:
    start, end = window
    return start[: len(date)] <= date and (end is None or date <= end[: len(date)])


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
        contested_since=entry.get("contested_since"),
        split_from=entry.get("split_from"),
        measures=tuple(entry["measures"]),
        measure_windows={m: (a, b) for m, (a, b) in entry.get("measure_windows", {}).items()},
        concepts=frozenset(entry["concepts"]),
        scope=entry["scope"],
        resolutions=tuple(f"{part['number']} ({part['year']})" for part in entry["resolutions"]),
        not_covered=tuple(entry["not_covered"]),
        note=entry["note"],
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
