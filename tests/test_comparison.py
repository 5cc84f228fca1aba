"""Reading in order of decision values, and two models on one test."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.evaluated import Evaluated
from sanctions_clf.evaluation import summarise
from sanctions_clf.evaluation_text import comparison_text
from sanctions_clf.metrics import average_precision
from sanctions_clf.ranking import ranking, work_saved

NAMED = st.lists(
    st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
).filter(lambda rows: any(relevant and copies for _, relevant, copies in rows))


def test_work_saved_by_hand():
    """Of 40 articles the 20 relevant come first: 19 read, 52.5 % spared, less 5 % by chance."""
    relevant = np.arange(40) < 20
    assert work_saved(-np.arange(40.0), relevant) == pytest.approx(21 / 40 - 0.05)


def test_a_constant_scorer_saves_less_than_a_random_order():
    """Nothing tells its articles apart, so all are read."""
    assert work_saved(np.zeros(40), np.arange(40) < 20) == pytest.approx(-0.05)


@given(NAMED)
def test_weights_are_copies(rows):
    values, relevant, copies = (np.array(part) for part in zip(*rows, strict=True))
    weighted = ranking(values.astype(float), relevant, copies.astype(float))
    drawn = np.repeat(np.arange(len(values)), copies)
    plain = ranking(values[drawn].astype(float), relevant[drawn])
    for part in ("read", "recall", "precision"):
        np.testing.assert_allclose(getattr(weighted, part), getattr(plain, part))


@given(NAMED)
def test_the_area_under_the_curve_is_the_average_precision(rows):
    values, relevant, copies = (np.array(part) for part in zip(*rows, strict=True))
    values, copies = values.astype(float), copies.astype(float)
    found = ranking(values, relevant, copies)
    area = (np.diff(found.recall, prepend=0) * found.precision).sum()
    assert area == pytest.approx(average_precision(values, relevant, copies))
    assert found.read[-1] == found.recall[-1] == 1


@pytest.fixture(scope="module")
def labelled():
    """Sixty articles of thirty events, half of them relevant."""
    return [
        sc.LabelledArticle(
            text=str(i), lang="en", label="relevant" if i % 2 else "not_relevant",
            event=f"event {i // 2}",
        )
        for i in range(60)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def evaluate_values(labelled, model):
    """A function from decision values to an evaluation."""

    def evaluate(values):
        return summarise(Evaluated(labelled, values, np.empty(0), np.empty(0)), model)

    return evaluate


@pytest.fixture(scope="module")
def good(evaluate_values):
    """A model that knows the label, with some noise."""
    return evaluate_values(np.random.default_rng(1).normal(size=60) + 3 * (np.arange(60) % 2))


@pytest.fixture(scope="module")
def useless(evaluate_values):
    """A model that knows nothing."""
    return evaluate_values(np.random.default_rng(2).normal(size=60))


def test_a_model_does_not_differ_from_itself(good):
    for name, found in sc.compare(good, good).differences.items():
        assert (found.value, found.low, found.high, found.off_zero) == (0, 0, 0, False), name


def test_a_better_model_is_off_zero_and_signs_turn_with_the_order(good, useless):
    ahead = sc.compare(good, useless).differences["AP all"]
    behind = sc.compare(useless, good).differences["AP all"]
    assert ahead.off_zero
    assert ahead.low > 0
    assert (behind.value, behind.low, behind.high) == pytest.approx(
        (-ahead.value, -ahead.high, -ahead.low)
    )
    assert ahead.value == pytest.approx(ahead.first - ahead.second)


def test_both_models_are_measured_on_the_same_resamples(good, useless):
    """Recomputed from the draws of the seed."""
    found = sc.compare(good, useless).differences["AP all"]
    relevant = good.evaluated.relevant
    names, member = np.unique(good.evaluated.groups, return_inverse=True)
    draws = np.random.default_rng(0).multinomial(30, np.full(30, 1 / 30), size=200)
    assert len(names) == 30
    differences = [
        average_precision(good.evaluated.values, relevant, draw[member].astype(float))
        - average_precision(useless.evaluated.values, relevant, draw[member].astype(float))
        for draw in draws
    ]
    assert (found.low, found.high) == tuple(np.quantile(differences, [0.025, 0.975]))


def test_different_tests_are_not_compared(good, model):
    other = Evaluated(
        good.evaluated.articles[:40], good.evaluated.values[:40], np.empty(0), np.empty(0)
    )
    with pytest.raises(ValueError, match="same test"):
        sc.compare(good, summarise(other, model))


def test_a_comparison_is_a_table_and_a_text(good, useless):
    found = sc.compare(good, useless)
    frame = found.to_frame()
    assert frame.loc["AP all", "off_zero"]
    assert list(frame.columns) == ["first", "second", "value", "low", "high", "off_zero"]
    assert "AP all   off zero" in comparison_text(found)
    assert set(found.to_dict()) == {*good.to_dict(), "against", "differences"}


def test_an_evaluation_is_a_tidy_table(good):
    frame = good.to_frame()
    row = frame[frame["figure"] == "AP all"].iloc[0]
    figure = good.headline["AP all"]
    assert (row["value"], row["low"], row["high"]) == (figure.value, figure.low, figure.high)
    recall = frame[(frame["of"] == "balanced") & (frame["figure"] == "recall")].iloc[0]
    assert recall["low"] <= recall["value"] <= recall["high"]
    assert not frame.duplicated(["part", "of", "figure"]).any()


def test_operating_points_with_few_relevant_articles_have_no_interval(good, model):
    few = Evaluated(
        good.evaluated.articles[:20], good.evaluated.values[:20], np.empty(0), np.zeros(50)
    )
    found = summarise(few, model)
    assert set(found.operating_point_intervals["strict"]) == {"false alarms per 10,000"}
    assert found.operating_points["strict"]["false alarms per 10,000"] == 0


def test_resamples_that_all_agree_are_no_interval(labelled, model):
    """All flagged articles are relevant in any resample: that is no proof of precision 1."""
    perfect = 20.0 * (np.arange(60) % 2) - 10
    found = summarise(Evaluated(labelled, perfect, np.empty(0), np.empty(0)), model)
    assert found.operating_points["strict"]["precision"] == 1
    assert "precision" not in found.operating_point_intervals["strict"]


def test_a_test_needs_both_labels(model, labelled):
    relevant = [article for article in labelled if article.relevant]
    with pytest.raises(
        sc.SanctionsClfError, match="every article of the test is labelled relevant"
    ):
        sc.evaluate(model, relevant)
    borderline = [dataclasses.replace(article, label="borderline") for article in relevant]
    with pytest.raises(sc.SanctionsClfError, match="holds no articles that are labelled"):
        sc.evaluate(model, borderline)
