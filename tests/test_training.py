"""Training: the same articles give the same model; figures are out of fold."""

import os
import subprocess
import sys

import numpy as np
import pytest

import sanctions_clf as sc
from sanctions_clf.calibration import ScoredSample, calibrate, choose_operating_points
from sanctions_clf.errors import CorpusError
from sanctions_clf.verification import verify_model


@pytest.fixture(scope="session")
def trained(small_corpus):
    """A model that was trained on the small corpus."""
    return sc.train(small_corpus)


def test_training_twice_gives_the_same_bytes(trained, small_corpus, tmp_path):
    sc.save_model(trained, tmp_path / "a.zip")
    sc.save_model(sc.train(small_corpus), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_processes_that_hash_otherwise_train_the_same_model():
    """Nothing hangs on the order of a set, which differs from process to process."""
    code = (
        "import sanctions_clf as sc\n"
        "from sanctions_clf.classifier import linear_model\n"
        "articles = [a for a in sc.load_corpus() if a.lang == 'it' and a.label != 'borderline']\n"
        "linear = linear_model(sc.ArticleClassifier().fit(articles).pipeline_)\n"
        "print(linear.intercept.hex(), linear.concepts.coefficients.tobytes().hex()[:4000])\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_the_card_says_what_it_was_made_from(trained, small_corpus):
    card = trained.card
    assert card.corpus_size == len(small_corpus)
    assert set(card.languages) == {article.lang for article in small_corpus}
    assert 0.4 < card.figures["average_precision"] <= 1
    assert "out-of-fold" in card.calibration_sample
    assert verify_model(trained) == []


def test_too_few_of_a_label_are_refused(small_corpus):
    negatives = [article for article in small_corpus if not article.relevant]
    with pytest.raises(CorpusError, match="only 0 articles are relevant"):
        sc.train(negatives)


def sample(values, relevant, archive=()):
    relevant = np.array(relevant, dtype=bool)
    return ScoredSample(np.array(values, float), relevant, relevant, np.array(archive, float))


def test_balanced_has_the_highest_f1():
    """By hand: at 2 both relevant ones and one other are flagged, F1 .8; at 3, .67; at 1, .67.

    The threshold lies midway to the next value, so that 2 is flagged however it is rounded.
    """
    points = choose_operating_points(sample([4, 3, 2, 1, 0], [1, 0, 1, 0, 0]))
    assert points["balanced"].threshold == 1.5
    assert points["balanced"].recall == 1
    assert points["balanced"].precision == pytest.approx(2 / 3)


def test_strict_gives_ten_false_alarms_in_ten_thousand():
    archive = np.arange(10_000) / 10_000
    points = choose_operating_points(sample([4, 3, 0, -1], [1, 1, 0, 0], archive - 1))
    assert points["strict"].threshold == points["balanced"].threshold == 1.5
    points = choose_operating_points(sample([0.5, 0.4, 0, -1], [1, 1, 0, 0], archive))
    assert (archive >= points["strict"].threshold).sum() == 10


def test_triage_reaches_its_recall():
    values = np.arange(100)
    points = choose_operating_points(sample(values, values >= 20))
    flagged = values >= points["triage"].threshold
    assert flagged[20:].mean() >= 0.95


def test_calibration_is_right_where_odds_are_known():
    """At each of two decision values the share of relevant ones is the probability."""
    values = [0] * 10 + [2] * 10
    relevant = [1] * 2 + [0] * 8 + [1] * 7 + [0] * 3
    fitted = calibrate(sample(values, relevant))
    assert fitted.probability(0) == pytest.approx(0.2, abs=1e-3)
    assert fitted.probability(2) == pytest.approx(0.7, abs=1e-3)
    assert fitted.share_relevant == pytest.approx(0.45)
