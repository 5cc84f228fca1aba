"""Exact bounds on a counted share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from sanctions_clf.bounds import exact_lower_bound, exact_upper_bound, sample_size_for

SAMPLES = st.integers(1, 400).flatmap(
    lambda count: st.tuples(st.integers(0, count), st.just(count))
)


@given(SAMPLES)
def test_bounds_are_those_of_clopper_and_pearson(sample):
    hits, count = sample
    upper = binomtest(hits, count, alternative="less").proportion_ci(method="exact").high
    lower = binomtest(hits, count, alternative="greater").proportion_ci(method="exact").low
    assert exact_upper_bound(hits, count) == pytest.approx(upper)
    assert exact_lower_bound(hits, count) == pytest.approx(lower)


@given(st.integers(1, 60), st.floats(0, 1))
def test_an_upper_bound_is_wrong_in_at_most_one_sample_of_twenty(count, share):
    missed = sum(
        binom.pmf(hits, count, share)
        for hits in range(count + 1)
        if exact_upper_bound(hits, count) < share
    )
    assert missed <= 0.05 + 1e-9


def test_no_sample_bounds_nothing():
    assert (exact_lower_bound(0, 0), exact_upper_bound(0, 0)) == (0, 1)


@pytest.mark.parametrize(("hits", "count"), [(-1, 5), (6, 5)])
def test_more_hits_than_articles_are_refused(hits, count):
    with pytest.raises(ValueError, match="no share of a sample"):
        exact_upper_bound(hits, count)


@given(st.floats(0.01, 0.9), st.floats(0, 0.8))
def test_a_sample_of_the_size_asked_for_gives_the_bound_and_one_less_does_not(bound, part):
    expected = bound * part
    size = sample_size_for(bound, expected=expected)
    assert exact_upper_bound(int(expected * size), size) <= bound
    assert exact_upper_bound(expected * (size - 1), size - 1) > bound


def test_the_rule_of_three():
    """Hanley and Lippman-Hand (1983): none in n leaves room for about 3 / n."""
    assert sample_size_for(0.01) == 299


def test_no_sample_shows_a_share_to_be_below_itself():
    assert sample_size_for(0.1, expected=0.1) is None
