"""Train a model from labelled articles: fit, measure out of fold, calibrate, choose thresholds."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.metrics import average_precision_score

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.attribute_training import fit_attributes
from sanctions_clf.calibration import (
    OperatingPoint,
    ScoredSample,
    calibrate,
    choose_operating_points,
)
from sanctions_clf.classifier import ArticleClassifier, Settings, linear_model, make_pipeline
from sanctions_clf.corpus import BORDERLINE, corpus_checksum, count_by
from sanctions_clf.domain import lexicon_checksum
from sanctions_clf.errors import CorpusError
from sanctions_clf.left_out import grouped_folds, held_out_values
from sanctions_clf.linear import LinearModel
from sanctions_clf.metrics import FloatArray
from sanctions_clf.model import GoldenText, Model, ModelCard, OwnLabels
from sanctions_clf.version import __version__

FEWEST_OF_A_LABEL = 10
# Where the act stands in headline or body triage must not miss it; without the field, everywhere.
_PASSING = "passing"


def train(
    articles: Sequence[LabelledArticle],
    *,
    settings: Settings | None = None,
    seed: int = 0,
    sample: ScoredSample | None = None,
    sample_name: str = "",
) -> Model:
    """Train a model.

    Parameters
    ----------
    articles : labelled articles; borderline ones are left out.
    settings : hyperparameters.
    seed : of the folds. The same articles, settings and seed give the same model.
    sample : decision values of this very model on articles that it was not trained on, for
        calibration and operating points; None to take out-of-fold values of `articles`.
    sample_name : what the sample is, for the card.

    Raises
    ------
    CorpusError
        If there are too few articles of a label.
    """
    settings = settings or Settings()
    chosen = [article for article in articles if article.label != BORDERLINE]
    labels = np.array([article.relevant for article in chosen], dtype=bool)
    require_both_labels(labels)
    linear = fit_linear(chosen, settings)
    held_out = held_out_values(chosen, grouped_folds(chosen, seed), settings)
    out_of_fold = scored_sample(chosen, held_out)
    if sample is None:
        sample = out_of_fold
        sample_name = f"out-of-fold values of the {len(chosen)} training articles"
    points = choose_operating_points(sample)
    return Model(
        linear=linear,
        calibration=calibrate(sample),
        operating_points=points,
        card=make_card(
            chosen,
            settings,
            seed,
            figures=_figures(out_of_fold, points),
            calibration_sample=sample_name,
            sample_average_precision=float(average_precision_score(sample.relevant, sample.values)),
        ),
        golden=golden_texts(linear),
        attributes=fit_attributes(linear, chosen),
    )


def scored_sample(articles: Sequence[LabelledArticle], values: FloatArray) -> ScoredSample:
    """Return labelled articles with their decision values, shape (n_articles,), to calibrate by."""
    relevant = np.array([article.relevant for article in articles], dtype=bool)
    prominent = np.array([article.prominence != _PASSING for article in articles], dtype=bool)
    return ScoredSample(values, relevant, relevant & prominent, np.empty(0))


def make_card(
    articles: Sequence[LabelledArticle],
    settings: Settings,
    seed: int,
    *,
    figures: Mapping[str, float],
    calibration_sample: str,
    sample_average_precision: float,
    own: OwnLabels | None = None,
) -> ModelCard:
    """Return the card of a model that was trained on these articles by this installation."""
    return ModelCard(
        package_version=__version__,
        sklearn_version=sklearn.__version__,
        lexicon_checksum=lexicon_checksum(),
        corpus_checksum=corpus_checksum(articles),
        corpus_size=len(articles),
        corpus_relevant=sum(article.relevant for article in articles),
        languages=count_by(articles, "lang"),
        seed=seed,
        settings=asdict(settings),
        figures=figures,
        calibration_sample=calibration_sample,
        sample_average_precision=sample_average_precision,
        own=own,
    )


def fit_linear(articles: Sequence[LabelledArticle], settings: Settings) -> LinearModel:
    """Fit the classifier on all articles and return its weights."""
    classifier = ArticleClassifier(make_pipeline(settings), settings.passage_size).fit(articles)
    return linear_model(classifier.pipeline_, settings.passage_size)


def golden_texts(linear: LinearModel) -> tuple[GoldenText, ...]:
    """Return the package's golden texts with the decision values of this model."""
    data = files("sanctions_clf").joinpath("golden_texts.json").read_text(encoding="utf-8")
    return tuple(
        GoldenText(
            entry["text"],
            entry["lang"],
            linear.decide(entry["text"], entry["lang"] or None).value,
        )
        for entry in json.loads(data)
    )


def require_both_labels(labels: npt.NDArray[np.bool_]) -> None:
    """Refuse labels, shape (n_articles,), too few of one kind to train on.

    Raises
    ------
    CorpusError
        With the label that is short.
    """
    counts = Counter(labels.tolist())
    for label, name in ((True, "relevant"), (False, "not_relevant")):
        if counts[label] < FEWEST_OF_A_LABEL:
            raise CorpusError(
                f"only {counts[label]} articles are {name}; training needs at least "
                f"{FEWEST_OF_A_LABEL} of each label"
            )


def _figures(sample: ScoredSample, points: dict[str, OperatingPoint]) -> dict[str, float]:
    figures = {
        "average_precision": float(average_precision_score(sample.relevant, sample.values)),
    }
    for name, point in points.items():
        flagged = sample.values >= point.threshold
        hits = int((flagged & sample.relevant).sum())
        figures[f"recall_{name}"] = hits / int(sample.relevant.sum())
        figures[f"precision_{name}"] = hits / max(1, int(flagged.sum()))
    return figures
