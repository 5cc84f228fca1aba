"""Which regimes a flagged passage is about."""

import pytest

from sanctions_clf.regimes import passage_regimes


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


def test_an_ended_regime_is_named_where_no_other_is_pointed_to():
    """Courts still judge breaches of old embargoes."""
    assert passage_regimes({"liberia": 0.2}, {"liberia"}, "2017-04") == ("liberia-1521",)


def test_a_date_that_cannot_be_read_counts_as_none():
    assert passage_regimes({"al_shabaab": 0.2}, {"al_shabaab"}, "yesterday") == ("alshabaab-2713",)


def test_no_actor_of_a_regime_gives_no_regime():
    assert passage_regimes({"russia": 0.5}, {"russia", "vessel"}, "2024") == ()
