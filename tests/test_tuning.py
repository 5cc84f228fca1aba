"""Tuning: thresholds and probabilities of a sample, with what the sample can vouch for."""

import dataclasses

import numpy as np
import pytest

import sanctions_clf as sc
from sanctions_clf.bounds import exact_lower_bound
from sanctions_clf.errors import CorpusError
from sanctions_clf.own_rows import OwnArticles
from sanctions_clf.tuning import tune


@pytest.fixture(scope="module")
def sample(corpus):
    """Forty relevant and sixty other articles in English."""
    english = [article for article in corpus if article.lang == "en"]
    relevant = [article for article in english if article.label == "relevant"]
    others = [article for article in english if article.label == "not_relevant"]
    return OwnArticles([*relevant[:40], *others[:60]], files={"sample.csv": "0" * 64})


@pytest.fixture(scope="module")
def tuned(model, sample):
    """The shipped model tuned on them, drawn at random or so we say."""
    return tune(model, sample, recall=0.9, random_sample=True)


def test_weights_stay_and_lines_move(tuned, model):
    assert tuned.model.linear is model.linear
    assert tuned.model.calibration.share_relevant == pytest.approx(0.4)
    assert tuned.model.operating_points != model.operating_points
    assert "a random sample of 100 labelled articles, 40 relevant" in (
        tuned.model.card.calibration_sample
    )


def test_triage_misses_as_many_as_the_recall_allows(tuned):
    """By hand: .9 of 40 lets four go."""
    triage = tuned.points[0]
    assert triage.hits >= 36
    assert triage.point.recall == triage.hits / 40
    assert tuned.least_recall == pytest.approx(exact_lower_bound(36, 40))


def test_nothing_is_said_of_an_archive_without_a_random_sample(model, sample):
    plain = tune(model, sample)
    assert plain.least_recall is None
    assert plain.most_false_alarms is None


def test_few_others_cannot_tell_ten_in_ten_thousand(tuned):
    (warning,) = tuned.warnings
    assert "above all 60 not relevant articles" in warning
    assert "1,000 of them or more" in warning


def test_bounds_that_leave_out_what_is_undecided_say_so(model, sample):
    some = dataclasses.replace(sample, undecided=7)
    assert any(
        "7 of the random sample" in w for w in tune(model, some, random_sample=True).warnings
    )
    assert not any("undecided" in warning for warning in tune(model, some).warnings)


def test_the_sample_size_for_a_tighter_bound_is_told(tuned):
    """With a tenth missed, so many relevant articles vouch for .88."""
    needed = tuned.relevant_needed
    assert exact_lower_bound(0.9 * needed, needed) >= 0.88
    assert exact_lower_bound(0.9 * (needed - 1), needed - 1) < 0.88


def test_the_bound_holds_in_nineteen_of_twenty_samples():
    """Though the threshold is chosen on the sample: many samples of a known distribution."""
    from sanctions_clf.calibration import ScoredSample, choose_operating_points

    random = np.random.default_rng(0)
    bound = exact_lower_bound(57, 60)
    relevant = np.array([True] * 60 + [False] * 60)
    held = 0
    for _ in range(400):
        values = np.concatenate([random.uniform(0, 1, 60), random.uniform(-3, -2, 60)])
        points = choose_operating_points(ScoredSample(values, relevant, relevant, np.empty(0)))
        held += 1 - max(0.0, points["triage"].threshold) >= bound
    assert held / 400 >= 0.93


def test_a_sample_with_too_few_relevant_articles_is_refused(model, sample):
    few = dataclasses.replace(sample, articles=sample.articles[30:])
    with pytest.raises(CorpusError, match="only 10 articles of the sample are relevant"):
        tune(model, few)


def test_a_file_that_trained_the_model_is_told(tuned, sample, small_corpus):
    from sanctions_clf.own_training import train_own

    trained = train_own(OwnArticles(small_corpus[:120], files=sample.files), search=False)
    assert any("sample.csv trained this very model" in w for w in tune(trained, sample).warnings)


def test_a_tuned_model_is_read_back(tuned, tmp_path):
    sc.save_model(tuned.model, tmp_path / "tuned.zip")
    again = sc.read_model(tmp_path / "tuned.zip")
    assert again.operating_points == tuned.model.operating_points
