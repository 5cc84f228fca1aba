"""The tables of regimes and measures."""

import json
from importlib.resources import files

import pytest

from sanctions_clf.domain import load_concepts, load_measures, load_regimes


def test_regimes_name_only_known_measures_and_concepts():
    for regime in load_regimes().values():
        assert set(regime.measures) <= set(load_measures()), regime.id
        assert regime.concepts <= set(load_concepts()), regime.id


def test_every_measure_is_known_by_its_concepts():
    for measure in load_measures().values():
        assert measure.concepts, measure.id
        assert measure.concepts <= set(load_concepts()), measure.id


def test_what_a_measure_cites_is_a_regime_that_has_it():
    """The table of measures and that of regimes agree; ended regimes are not cited for all."""
    path = files("sanctions_clf.domain").joinpath("measures.json")
    regimes = load_regimes()
    for entry in json.loads(path.read_text(encoding="utf-8"))["measures"]:
        cited = set(entry["defining_paragraphs"])
        imposing = {r.id for r in regimes.values() if entry["id"] in r.measures}
        assert cited <= imposing, entry["id"]
        assert all(regimes[name].windows[-1][1] for name in imposing - cited), entry["id"]


def test_resolutions_are_told_in_order_and_the_founding_one_is_among_them():
    for regime in load_regimes().values():
        years = [int(resolution[-5:-1]) for resolution in regime.resolutions]
        assert years == sorted(years), regime.id
        numbers = [resolution.split()[0] for resolution in regime.resolutions]
        assert regime.id.rsplit("-")[-1] in numbers, regime.id


def test_measures_have_windows_within_those_of_their_regime():
    for regime in load_regimes().values():
        assert set(regime.measure_windows) <= set(regime.measures), regime.id
        for start, end in regime.measure_windows.values():
            assert regime.in_force(start), regime.id
            assert end is None or (start < end and regime.in_force(end)), regime.id
        assert regime.split_from is None or regime.split_from in load_regimes()


@pytest.mark.parametrize(
    ("regime", "date", "measure", "in_force"),
    [
        ("iran-2231", "2023-10-18", "arms_embargo", True),
        ("iran-2231", "2023-10-19", "arms_embargo", False),
        ("iran-2231", "2024", "wmd_and_missile", True),
        ("iran-1737", "2025-10", "arms_embargo", True),
        ("southsudan-2206", "2018-07-12", "arms_embargo", False),
        ("southsudan-2206", "2018-07", "arms_embargo", True),
        ("dprk-1718", "2016-02", "natural_resources", False),
        ("liberia-1521", "2020", "arms_embargo", False),
    ],
)
def test_a_measure_is_in_force_within_its_own_window(regime, date, measure, in_force):
    assert (measure in load_regimes()[regime].measures_on(date)) is in_force


def test_snapback_is_contested_and_what_it_brought_back_was_not():
    iran = load_regimes()["iran-1737"]
    assert iran.contested("2025-09-28")
    assert not iran.contested("2012-05")


def test_windows_are_dates_in_order():
    for regime in load_regimes().values():
        for start, end in regime.windows:
            assert end is None or start < end, regime.id


@pytest.mark.parametrize(
    ("regime", "date", "in_force"),
    [
        ("dprk-1718", "2006-10-13", False),
        ("dprk-1718", "2006-10-14", True),
        ("dprk-1718", "2006", True),
        ("dprk-1718", "2026-01", True),
        ("iran-1737", "2015-12", True),
        ("iran-1737", "2020-05-01", False),
        ("iran-1737", "2025-09", True),
        ("iran-1737", "2025-09-27", False),
        ("iran-2231", "2020-05-01", True),
        ("mali-2374", "2023-09-01", False),
        ("somalia-751", "2023-11", True),
        ("somalia-751", "2023-12", False),
        ("alshabaab-2713", "2023-12", True),
    ],
)
def test_a_regime_is_in_force_within_its_windows(regime, date, in_force):
    """A month or year counts when any of its days does."""
    assert load_regimes()[regime].in_force(date) is in_force
