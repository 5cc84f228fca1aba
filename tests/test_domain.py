"""The tables of regimes and measures."""

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
        ("somalia-751", "2023-12", True),
        ("somalia-751", "2024", False),
    ],
)
def test_a_regime_is_in_force_within_its_windows(regime, date, in_force):
    """A month or year counts when any of its days does."""
    assert load_regimes()[regime].in_force(date) is in_force
