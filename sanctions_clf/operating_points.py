"""What a model's operating points flag among labelled articles and in an archive sample."""

from collections.abc import Mapping

import numpy as np

from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.evaluated import (
    Evaluated,
    Measure,
    f1_measure,
    flagged_precision_measure,
    recall_measure,
)
from sanctions_clf.metrics import wilson_interval
from sanctions_clf.model import Model

FALSE_ALARMS_NAME = "false alarms per 10,000"


def operating_point_measures(evaluated: Evaluated, model: Model) -> dict[str, dict[str, Measure]]:
    """Return precision, recall and F1 at each operating point, by name."""
    every = evaluated.decided()
    table = {}
    for name, point in model.operating_points.items():
        flagged = every.values >= point.threshold
        table[name] = {
            "precision": flagged_precision_measure(every, flagged),
            "recall": recall_measure(every, flagged),
            "F1": f1_measure(every, flagged),
        }
    return table


def operating_point_figures(evaluated: Evaluated, model: Model) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and false alarms per 10,000 at each operating point."""
    table = {
        name: {figure: measure.value() for figure, measure in measures.items()}
        for name, measures in operating_point_measures(evaluated, model).items()
    }
    if len(evaluated.archive):
        for name, point in model.operating_points.items():
            alarms = float((evaluated.archive >= point.threshold).mean())
            table[name][FALSE_ALARMS_NAME] = 10_000 * alarms
    return table


def operating_point_intervals(
    evaluated: Evaluated, model: Model
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return the 95 % intervals of the same figures, where they are known.

    Of false alarms it is Wilson's, of the others the bootstrap's: these have none with too few
    relevant articles, nor where all resamples agree, which says nothing of chance.
    """
    table: dict[str, dict[str, tuple[float, float]]] = {}
    for name, measures in operating_point_measures(evaluated, model).items():
        figures = {figure: measure.with_interval() for figure, measure in measures.items()}
        table[name] = {
            figure: (found.low, found.high)
            for figure, found in figures.items()
            if found.low is not None and found.high is not None and found.low < found.high
        }
        if len(evaluated.archive):
            alarms = int((evaluated.archive >= model.operating_points[name].threshold).sum())
            low, high = wilson_interval(alarms, len(evaluated.archive))
            table[name][FALSE_ALARMS_NAME] = (10_000 * low, 10_000 * high)
    return table


def borderline_share(evaluated: Evaluated, model: Model) -> Mapping[str, float]:
    """Return the share of borderline articles that each operating point flags."""
    kept = np.array([a.label == BORDERLINE for a in evaluated.articles], dtype=bool)
    values = evaluated.values[kept]
    if not len(values):
        return {}
    return {
        name: float((values >= point.threshold).mean())
        for name, point in model.operating_points.items()
    }
