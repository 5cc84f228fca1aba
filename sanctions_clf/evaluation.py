"""A model against labelled articles: all figures in one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sanctions_clf.archives import Columns, read_articles
from sanctions_clf.articles import Article, LabelledArticle
from sanctions_clf.calibration_bins import CalibrationBin, calibration_bins
from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.errors import CorpusError
from sanctions_clf.evaluated import Evaluated, work_saved_measure
from sanctions_clf.filing_evaluation import FilingFigures, file_unflagged, filing_figures
from sanctions_clf.headline import headline_figures, prominence_figures
from sanctions_clf.metrics import Figure, FloatArray
from sanctions_clf.model import Model
from sanctions_clf.operating_points import (
    borderline_share,
    operating_point_figures,
    operating_point_intervals,
)
from sanctions_clf.ranking import WORK_SAVED
from sanctions_clf.slices import slice_figures

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of a model on labelled articles.

    Attributes
    ----------
    articles, relevant, borderline : numbers of labelled articles; borderline ones count nowhere
        else.
    headline, prominence : figures with intervals, by name.
    work_saved : WSS@95, see `ranking.work_saved`.
    operating_points : precision, recall, F1 and false alarms per 10,000, by name.
    operating_point_intervals : their 95 % intervals, where they are known.
    borderline_flagged : share of borderline articles flagged, by operating point.
    calibration : expected against observed shares in ten bins.
    slices : AP by language, genre, year, length and regime.
    filing : how well relevant articles are filed under regimes, measures and the rest, flagged or
        not; None where none is labelled with a regime.
    model, evaluated : what was measured, with the decision value of every article.
    """

    articles: int
    relevant: int
    borderline: int
    headline: Mapping[str, Figure]
    prominence: Mapping[str, Figure]
    work_saved: Figure
    operating_points: Mapping[str, Mapping[str, float]]
    operating_point_intervals: Mapping[str, Mapping[str, tuple[float, float]]]
    borderline_flagged: Mapping[str, float]
    calibration: Sequence[CalibrationBin]
    slices: Mapping[str, Mapping[str, Figure]]
    filing: FilingFigures | None
    model: Model = field(repr=False)
    evaluated: Evaluated = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return all figures as plain dicts, lists and numbers, without model and articles."""
        own = [part.name for part in fields(self) if part.name not in {"model", "evaluated"}]
        filing = self.filing.by_name() if self.filing else {}
        return {name: _plain(getattr(self, name)) for name in own} | {"filing": filing}

    def to_frame(self) -> "pd.DataFrame":
        """Return all figures as a tidy table, one a row.

        Columns: `part` (headline, prominence, operating point, calibration, language, genre, year,
        length, regime, filing), `of` (which operating point, bin, language ...), `figure`, `value`,
        `low` and `high` (95 % interval), `relevant` and `articles` (what it was measured on). What
        is not known is missing.
        """
        import pandas as pd

        return pd.DataFrame(
            _rows(self),
            columns=["part", "of", "figure", "value", "low", "high", "relevant", "articles"],
        )


def evaluate(
    model: Model,
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

    Raises
    ------
    CorpusError
        If there are no articles, or not both relevant and not relevant ones.
    """
    _check_labels(articles)
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


def summarise(evaluated: Evaluated, model: Model) -> Evaluation:
    """Return all figures of articles whose decision values are known."""
    decided = evaluated.decided()
    return Evaluation(
        articles=len(decided.articles),
        relevant=int(decided.relevant.sum()),
        borderline=len(evaluated.articles) - len(decided.articles),
        headline=headline_figures(evaluated),
        prominence=prominence_figures(evaluated),
        work_saved=work_saved_measure(decided).with_interval(),
        operating_points=operating_point_figures(evaluated, model),
        operating_point_intervals=operating_point_intervals(evaluated, model),
        borderline_flagged=borderline_share(evaluated, model),
        calibration=calibration_bins(evaluated, model),
        slices=slice_figures(evaluated),
        filing=_filing(decided.articles, model),
        model=model,
        evaluated=evaluated,
    )


def _filing(articles: Sequence[LabelledArticle], model: Model) -> FilingFigures | None:
    filed = [article for article in articles if article.regimes]
    if not filed:
        return None
    filings = [file_unflagged(model.linear, model.attributes, article) for article in filed]
    return filing_figures(filed, filings)


def decision_values(model: Model, articles: Iterable[Article]) -> FloatArray:
    """Return the decision value of each article, shape (n_articles,)."""
    return np.array([model.predict(article).decision_value for article in articles])


def _read(names: Iterable[str], columns: Columns | None) -> Iterator[Article]:
    for name in names:
        yield from read_articles(name, columns=columns)


def _check_labels(articles: Sequence[LabelledArticle]) -> None:
    labels = {article.label for article in articles} - {BORDERLINE}
    if not labels:
        raise CorpusError("the test holds no articles that are labelled relevant or not_relevant")
    if len(labels) == 1:
        raise CorpusError(
            f"every article of the test is labelled {labels.pop()}; a test needs relevant and "
            "not_relevant ones"
        )


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _rows(evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    whole = (
        ("headline", evaluation.headline),
        ("headline", {WORK_SAVED: evaluation.work_saved}),
        ("prominence", evaluation.prominence),
    )
    for part, figures in whole:
        for name, found in figures.items():
            yield {"part": part, "figure": name, **asdict(found)}
    for of, values in evaluation.operating_points.items():
        for name, value in values.items():
            low, high = evaluation.operating_point_intervals[of].get(name, (None, None))
            at = {"part": "operating point", "of": of, "figure": name}
            yield {**at, "value": value, "low": low, "high": high}
    for of, value in evaluation.borderline_flagged.items():
        name = "share of borderline flagged"
        yield {"part": "operating point", "of": of, "figure": name, "value": value}
    for number, found_bin in enumerate(evaluation.calibration, 1):
        row = {"part": "calibration", "of": f"bin {number}", "articles": found_bin.articles}
        yield {**row, "figure": "expected share", "value": found_bin.expected}
        observed = {"value": found_bin.observed, "low": found_bin.low, "high": found_bin.high}
        yield {**row, "figure": "observed share", **observed}
    for part, slices in evaluation.slices.items():
        for of, found in slices.items():
            yield {"part": part, "of": of, "figure": "AP", **asdict(found)}
    yield from _filing_rows(evaluation.filing)


def _filing_rows(filing: FilingFigures | None) -> Iterator[dict[str, Any]]:
    if filing is None:
        return
    for name, value in filing.by_name().items():
        yield {"part": "filing", "figure": name, "value": value, "articles": filing.articles}
