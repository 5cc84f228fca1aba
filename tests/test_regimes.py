"""Which regimes a flagged passage is about."""

import pytest

from sanctions_clf.regimes import iso_date, passage_regimes


def test_the_regime_of_the_actor_in_the_passage_is_named():
    contributions = {"north_korea": 0.5, "north_korea + russia": 0.3, "russia": -0.1}
    assert passage_regimes(contributions, {"north_korea", "russia"}, "2024-10") == ("dprk-1718",)


@pytest.mark.parametrize(
    ("date", "regime"),
    [("2012-05", "iran-1737"), ("2019-05-01", "iran-2231"), ("2025-11-02", "iran-1737")],
)
def test_the_date_decides_between_regimes_of_one_country(date, regime):
    assert passage_regimes({"iran": 1.0}, {"iran"}, date) == (regime,)


def test_receiver_and_supplier_may_be_under_different_regimes():
    contributions = {"houthi": 0.4, "houthi + iran": 0.5, "iran": 0.1}
    found = passage_regimes(contributions, {"houthi", "iran"}, "2026-01")
    assert found == ("yemen-2140", "iran-1737")


def test_a_bystander_is_not_named():
    contributions = {"north_korea": 1.0, "iran": 0.05}
    assert passage_regimes(contributions, {"north_korea", "iran"}, "2026") == ("dprk-1718",)


def test_a_share_too_small_for_a_bystander_does_in_the_evidence():
    contributions = {"houthi": 1.0, "iran": 0.2}
    found = {"houthi", "iran"}
    assert passage_regimes(contributions, found, "2026-01") == ("yemen-2140",)
    assert passage_regimes(contributions, found, "2026-01", found) == ("yemen-2140", "iran-1737")


@pytest.mark.parametrize(
    ("concept", "date"),
    [("liberia", "2017-04"), ("north_korea", "2005"), ("mali", "2024"), ("south_sudan", "2012")],
)
def test_a_regime_that_was_not_in_force_is_never_named(concept, date):
    assert passage_regimes({concept: 1.0}, {concept}, date) == ()


@pytest.mark.parametrize(
    ("date", "regime"), [("2008-03", "isil-alqaida-1267"), ("2012", "taliban-1988")]
)
def test_before_it_was_split_off_a_regime_is_the_one_it_came_from(date, regime):
    assert passage_regimes({"taliban": 1.0}, {"taliban"}, date) == (regime,)


def test_in_a_year_in_which_one_regime_followed_another_the_later_is_named():
    assert passage_regimes({"iran": 1.0}, {"iran"}, "2016") == ("iran-2231",)


@pytest.mark.parametrize(
    ("found", "date"),
    [
        ("2024-10-21T08:00:00Z", "2024-10-21"), ("2024-10", "2024-10"), ("2024", "2024"),
        ("20241021", "2024"), ("2016-2018", None), ("last week", None), (None, None),
    ],
)  # fmt: skip
def test_dates_are_read_to_the_precision_they_have(found, date):
    """A range of years is no date."""
    assert iso_date(found) == date


def test_no_actor_of_a_regime_gives_no_regime():
    assert passage_regimes({"russia": 0.5}, {"russia", "vessel"}, "2024") == ()
