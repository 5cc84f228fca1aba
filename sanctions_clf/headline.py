"""The figures that decide between models."""

from collections.abc import Mapping

import numpy as np

from sanctions_clf.evaluated import Evaluated, Measure, precision_measure, recall_measure
from sanctions_clf.metrics import Figure, threshold_at

GENERAL_FLAGGED = 0.01
FALSE_ALARMS = 10 / 10_000


def headline_figures(evaluated: Evaluated) -> dict[str, Figure]:
    """Return the figures that decide between models, with intervals, by name."""
    return _with_intervals(headline_measures(evaluated))


def prominence_figures(evaluated: Evaluated) -> dict[str, Figure]:
    """Return recall at 10 false alarms per 10,000, and AP against all others, by prominence."""
    return _with_intervals(prominence_measures(evaluated))


def headline_measures(evaluated: Evaluated) -> dict[str, Measure]:
    """Return the measures that decide between models, by name.

    Those with a background (general articles, archive sample) are left out where there is none.
    """
    every = evaluated.decided()
    fewer = every.without_launches()
    english = np.array([article.lang == "en" for article in fewer.articles], dtype=bool)
    measures = {
        "AP all": precision_measure(every),
        "AP without launches, English": precision_measure(fewer.where(english)),
        "AP without launches, others": precision_measure(fewer.where(~english)),
        "AP without launches, others, language-weighted": precision_measure(
            fewer.where(~english), share_by_language=float(every.relevant.mean())
        ),
    }
    backgrounds = (
        (every.general, GENERAL_FLAGGED, "recall at 1 % of general flagged"),
        (every.archive, FALSE_ALARMS, "recall at 10 false alarms per 10,000"),
    )
    for background, allowed, name in backgrounds:
        if len(background):
            threshold = threshold_at(background, allowed)
            measures[name] = recall_measure(every, every.values > threshold)
            measures[f"{name}, without launches"] = recall_measure(fewer, fewer.values > threshold)
    return measures


def prominence_measures(evaluated: Evaluated) -> dict[str, Measure]:
    """Return the measures of the relevant articles of each prominence against all others."""
    every = evaluated.decided()
    measures = {}
    for name, kinds in (("headline or body", ("headline", "body")), ("passing", ("passing",))):
        kept = np.array([not a.relevant or a.prominence in kinds for a in every.articles])
        part = every.where(kept)
        measures[f"AP, {name}"] = precision_measure(part)
        if len(part.archive):
            threshold = threshold_at(part.archive, FALSE_ALARMS)
            flagged = part.values > threshold
            measures[f"recall at 10 per 10,000, {name}"] = recall_measure(part, flagged)
    return measures


def _with_intervals(measures: Mapping[str, Measure]) -> dict[str, Figure]:
    return {name: measure.with_interval() for name, measure in measures.items()}
