"""Measure decision values against labels: headline figures, thresholds, calibration, slices."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sanctions_clf.archives import Columns, read_articles
from sanctions_clf.articles import Article, LabelledArticle
from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.evaluated import Evaluated, precision_figure, recall_figure
from sanctions_clf.metrics import Figure, FloatArray, threshold_at

if TYPE_CHECKING:
    from sanctions_clf.model import Model

GENERAL_FLAGGED = 0.01
FALSE_ALARMS = 10 / 10_000
_LENGTHS = ((1_000, "under 1,000 characters"), (4_000, "1,000 to 4,000"), (10**9, "4,000 and more"))
_BINS = 10


def headline_figures(evaluated: Evaluated) -> dict[str, Figure]:
    """Return the figures that decide between models, by name.

    Those with a background (general articles, archive sample) are left out where there is none.
    """
    every = evaluated.decided()
    fewer = every.without_launches()
    english = np.array([article.lang == "en" for article in fewer.articles], dtype=bool)
    figures = {
        "AP all": precision_figure(every),
        "AP without launches, English": precision_figure(fewer.where(english)),
        "AP without launches, others": precision_figure(fewer.where(~english)),
        "AP without launches, others, language-weighted": precision_figure(
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
            figures[name] = recall_figure(every, threshold)
            figures[f"{name}, without launches"] = recall_figure(fewer, threshold)
    return figures


def prominence_figures(evaluated: Evaluated) -> dict[str, Figure]:
    """Return recall at 10 false alarms per 10,000, and AP against all others, by prominence."""
    every = evaluated.decided()
    figures = {}
    for name, kinds in (("headline or body", ("headline", "body")), ("passing", ("passing",))):
        kept = np.array([not a.relevant or a.prominence in kinds for a in every.articles])
        part = every.where(kept)
        figures[f"AP, {name}"] = precision_figure(part)
        if len(part.archive):
            threshold = threshold_at(part.archive, FALSE_ALARMS)
            figures[f"recall at 10 per 10,000, {name}"] = recall_figure(part, threshold)
    return figures


def operating_point_figures(evaluated: Evaluated, model: "Model") -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and false alarms per 10,000 at each operating point."""
    every = evaluated.decided()
    relevant = every.relevant
    table = {}
    for name, point in model.operating_points.items():
        flagged = every.values >= point.threshold
        hits = int((flagged & relevant).sum())
        precision = hits / max(1, int(flagged.sum()))
        recall = hits / max(1, int(relevant.sum()))
        table[name] = {
            "precision": precision,
            "recall": recall,
            "F1": 2 * precision * recall / max(precision + recall, 1e-12),
        }
        if len(every.archive):
            alarms = float((every.archive >= point.threshold).mean())
            table[name]["false alarms per 10,000"] = 10_000 * alarms
    return table


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Articles of like probability: the share expected to be relevant, and the share that is.

    Attributes
    ----------
    low, high : 95 % interval of the observed share (Wilson 1927).
    """

    articles: int
    expected: float
    observed: float
    low: float
    high: float


def calibration_bins(evaluated: Evaluated, model: "Model") -> list[CalibrationBin]:
    """Return ten bins of equal size, lowest probabilities first."""
    every = evaluated.decided()
    probabilities = np.array([model.calibration.probability(value) for value in every.values])
    order = np.argsort(probabilities, kind="stable")
    bins = []
    for chosen in np.array_split(order, min(_BINS, max(1, len(order)))):
        hits, count = int(every.relevant[chosen].sum()), len(chosen)
        if count:
            low, high = wilson_interval(hits, count)
            expected = float(probabilities[chosen].mean())
            bins.append(CalibrationBin(count, expected, hits / count, low, high))
    return bins


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927)."""
    z = 1.959964
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count**2)) / (1 + z * z / count)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def slice_figures(evaluated: Evaluated) -> dict[str, dict[str, Figure]]:
    """Return AP by language, regime, genre, year and length.

    Of a regime: its relevant articles against all not relevant ones. Slices with fewer than 15
    relevant articles have their counts alone.
    """
    every = evaluated.decided()
    slices: dict[str, dict[str, Figure]] = {}
    for name, of in (
        ("language", lambda a: a.lang or "unknown"),
        ("genre", lambda a: a.genre or "unknown"),
        ("year", lambda a: (a.date or "")[:4] or "unknown"),
        ("length", _length),
    ):
        keys = [of(article) for article in every.articles]
        slices[name] = {
            key: precision_figure(every.where(np.array([k == key for k in keys])))
            for key in sorted(set(keys))
        }
    slices["regime"] = dict(_regime_slices(every))
    return slices


def _regime_slices(every: Evaluated) -> Iterator[tuple[str, Figure]]:
    for regime in sorted({regime for a in every.articles for regime in a.regimes}):
        kept = np.array([not a.relevant or regime in a.regimes for a in every.articles])
        yield regime, precision_figure(every.where(kept))


def _length(article: LabelledArticle) -> str:
    return next(name for most, name in _LENGTHS if len(article.full_text) < most)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of a model on labelled articles.

    Attributes
    ----------
    articles, relevant, borderline : numbers of labelled articles; borderline ones count nowhere
        else.
    headline, prominence : figures with intervals, by name.
    operating_points : precision, recall, F1 and false alarms per 10,000, by name.
    borderline_flagged : share of borderline articles flagged, by operating point.
    calibration : expected against observed shares in ten bins.
    slices : AP by language, genre, year, length and regime.
    """

    articles: int
    relevant: int
    borderline: int
    headline: Mapping[str, Figure]
    prominence: Mapping[str, Figure]
    operating_points: Mapping[str, Mapping[str, float]]
    borderline_flagged: Mapping[str, float]
    calibration: Sequence[CalibrationBin]
    slices: Mapping[str, Mapping[str, Figure]]


def evaluate(
    model: "Model",
    articles: Sequence[LabelledArticle],
    *,
    archives: Iterable[str] = (),
    general: Iterable[str] = (),
    columns: Columns | None = None,
) -> Evaluation:
    """Measure a model on labelled articles that it was not trained on.

    Parameters
    ----------
    articles : labelled ones.
    archives : files of a random archive sample. Articles that are labelled relevant or borderline,
        known by their id, are left out of it; the others count as false alarms when flagged.
    general : files of general articles, next to none of them relevant.
    columns : names of fields in these files.
    """
    interesting = {a.id for a in articles if a.relevant or a.label == BORDERLINE}
    return summarise(
        Evaluated(
            articles,
            decision_values(model, articles),
            decision_values(model, _read(general, columns)),
            decision_values(
                model, (a for a in _read(archives, columns) if a.id not in interesting)
            ),
        ),
        model,
    )


def summarise(evaluated: Evaluated, model: "Model") -> Evaluation:
    """Return all figures of articles whose decision values are known."""
    decided = evaluated.decided()
    return Evaluation(
        articles=len(decided.articles),
        relevant=int(decided.relevant.sum()),
        borderline=len(evaluated.articles) - len(decided.articles),
        headline=headline_figures(evaluated),
        prominence=prominence_figures(evaluated),
        operating_points=operating_point_figures(evaluated, model),
        borderline_flagged=borderline_share(evaluated, model),
        calibration=calibration_bins(evaluated, model),
        slices=slice_figures(evaluated),
    )


def decision_values(model: "Model", articles: Iterable[Article]) -> FloatArray:
    """Return the decision value of each article, shape (n_articles,)."""
    return np.array([model.predict(article).decision_value for article in articles])


def _read(names: Iterable[str], columns: Columns | None) -> Iterator[Article]:
    for name in names:
        yield from read_articles(name, columns=columns)


def borderline_share(evaluated: Evaluated, model: "Model") -> Mapping[str, float]:
    """Return the share of borderline articles that each operating point flags."""
    kept = np.array([a.label == BORDERLINE for a in evaluated.articles], dtype=bool)
    values = evaluated.values[kept]
    if not len(values):
        return {}
    return {
        name: float((values >= point.threshold).mean())
        for name, point in model.operating_points.items()
    }
