"""The labelled articles that a model judges worst, each with the passage that misled it."""

from dataclasses import dataclass

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.model import Model
from sanctions_clf.predictions import Explanation

# A prediction has evidence where it is flagged; any article reaches this probability.
_ANY_PROBABILITY = 1e-300


@dataclass(frozen=True, slots=True)
class Misjudged:
    """A labelled article with what the model made of it.

    Attributes
    ----------
    explanation : with evidence, whether it is flagged or not.
    flagged_at : names of the operating points that flag it.
    """

    article: LabelledArticle
    explanation: Explanation
    flagged_at: tuple[str, ...]


def false_alarms(evaluation: Evaluation, count: int) -> list[Misjudged]:
    """Return the not relevant articles of the highest decision values, the worst first."""
    return _worst(evaluation, relevant=False, count=count)


def missed(evaluation: Evaluation, count: int) -> list[Misjudged]:
    """Return the relevant articles of the lowest decision values, the worst first."""
    return _worst(evaluation, relevant=True, count=count)


def _worst(evaluation: Evaluation, *, relevant: bool, count: int) -> list[Misjudged]:
    every = evaluation.evaluated.decided()
    order = np.argsort(every.values if relevant else -every.values, kind="stable")
    chosen = [i for i in order if every.relevant[i] == relevant][:count]
    return [_misjudged(every.articles[i], evaluation.model) for i in chosen]


def _misjudged(article: LabelledArticle, model: Model) -> Misjudged:
    explanation = model.explain(article, threshold=_ANY_PROBABILITY)
    value = explanation.prediction.decision_value
    points = model.operating_points.items()
    flagged_at = tuple(name for name, point in points if value >= point.threshold)
    return Misjudged(article, explanation, flagged_at)
