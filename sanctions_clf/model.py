"""The model: linear classifier, calibration, operating points and card in one."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sanctions_clf.archives.columns import Columns, article_from
from sanctions_clf.archives.records import Record
from sanctions_clf.articles import Article
from sanctions_clf.attributes import AttributeModel
from sanctions_clf.calibration import Calibration, OperatingPoint
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.filing import NOT_FILED, file_article
from sanctions_clf.linear import Decision, LinearModel
from sanctions_clf.predictions import Contribution, Explanation, Prediction, evidence_of
from sanctions_clf.text.languages import resolve_language

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

DEFAULT_OPERATING_POINT = "balanced"
_TERMS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OwnLabels:
    """What a user's own labelled articles brought to a model; all of it can be written as JSON.

    Attributes
    ----------
    articles, relevant : how many there are.
    without_evidence : relevant ones whose passage a model had to pick.
    languages : number of articles by language.
    dates : the earliest and the latest; empty where none is dated.
    files : SHA-256 by name.
    weight : what one counts against an article of the corpus that ships; None where that did not
        train along.
    split : how figures were measured, in words.
    intervals : of the card's figures, by name: low and high, 95 %; those that could be measured.
    trials : settings that were tried: name, average precision, gain over the first, both with low
        and high, and whether chosen.
    warnings : that came up.
    """

    articles: int
    relevant: int
    without_evidence: int
    languages: Mapping[str, int]
    dates: Sequence[str]
    files: Mapping[str, str]
    weight: float | None
    split: str
    intervals: Mapping[str, Sequence[float]]
    trials: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model was made from and how it measured.

    Attributes
    ----------
    package_version, sklearn_version : that trained it.
    lexicon_checksum : SHA-256 of the concept lexicon whose terms it knows.
    corpus_checksum : SHA-256 of its training rows.
    corpus_size, corpus_relevant : number of training articles, and of relevant ones.
    languages : number of training articles by language.
    seed : of the folds.
    settings : hyperparameters by name.
    figures : name to value, measured out of fold on the training articles.
    calibration_sample : what the probabilities and operating points were measured on, in words.
    sample_average_precision : on that sample.
    own : what a user's own articles brought; None for a model made of nothing else but a corpus.
    """

    package_version: str
    sklearn_version: str
    lexicon_checksum: str
    corpus_checksum: str
    corpus_size: int
    corpus_relevant: int
    languages: Mapping[str, int]
    seed: int
    settings: Mapping[str, Any]
    figures: Mapping[str, float]
    calibration_sample: str
    sample_average_precision: float
    own: OwnLabels | None = None


@dataclass(frozen=True, slots=True)
class GoldenText:
    """A text with the decision value it had when the model was made."""

    text: str
    lang: str
    decision_value: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Flags articles and says why.

    Attributes
    ----------
    linear : the trained weights.
    calibration : from decision values to probabilities.
    operating_points : thresholds by name: `triage`, `balanced`, `strict`.
    card : what it was made from and how it measured.
    golden : texts with known decision values, for `verify`.
    attributes : models of measures, status and subtype; without them these stay empty.
    """

    linear: LinearModel
    calibration: Calibration
    operating_points: Mapping[str, OperatingPoint]
    card: ModelCard
    golden: tuple[GoldenText, ...] = field(default=(), repr=False)
    attributes: AttributeModel | None = field(default=None, repr=False)

    @property
    def pipeline(self) -> "Pipeline":
        """The fitted scikit-learn pipeline, built anew; its X is a list of `Passage`.

        A copy to experiment with: changes to it do not change the model.
        """
        from sanctions_clf.classifier import Settings, fitted_pipeline

        return fitted_pipeline(self.linear, Settings(**self.card.settings))

    def predict(
        self,
        article: Article,
        *,
        at: str = DEFAULT_OPERATING_POINT,
        threshold: float | None = None,
    ) -> Prediction:
        """Return the prediction for one article.

        Parameters
        ----------
        at : name of the operating point that decides whether it is flagged.
        threshold : a probability between 0 and 1 that decides instead.

        Examples
        --------
        >>> import sanctions_clf as sc
        >>> article = sc.Article(text="North Korea shipped shells to Russia, a UN panel says.")
        >>> prediction = sc.load_model().predict(article, at="triage")
        >>> prediction.flagged, prediction.regimes
        (True, ('dprk-1718',))
        """
        return self._predict(article, self.operating_point(at, threshold))[0]

    def predict_articles(
        self,
        articles: Iterable[Article],
        *,
        at: str = DEFAULT_OPERATING_POINT,
        threshold: float | None = None,
    ) -> Iterator[Prediction]:
        """Yield a prediction for each article, in order; articles are read once and lazily."""
        point = self.operating_point(at, threshold)
        for article in articles:
            yield self._predict(article, point)[0]

    def predict_record(
        self, record: Record, point: OperatingPoint, carry: Iterable[str] = ()
    ) -> Prediction:
        """Return the prediction for a record of an archive, with its place and carried fields.

        Parameters
        ----------
        carry : names of the record's own fields to keep; `text` is the text that was scored.
        """
        return self._predict(record.article, point, record, carry)[0]

    def predict_frame(
        self,
        frame: "pd.DataFrame",
        *,
        at: str = DEFAULT_OPERATING_POINT,
        threshold: float | None = None,
        columns: Columns | None = None,
    ) -> "pd.DataFrame":
        """Return the prediction columns for each row of a table, under the same index.

        Parameters
        ----------
        frame : one article a row; columns are found by their usual names.
        columns : which columns to take instead.

        Raises
        ------
        ArchiveError
            If a row has no text.

        Examples
        --------
        >>> import pandas as pd
        >>> import sanctions_clf as sc
        >>> frame = pd.DataFrame({"headline": ["Coal from North Korea changes ships at sea"]})
        >>> sc.load_model().predict_frame(frame).flagged.tolist()
        [True]
        """
        import pandas as pd

        point = self.operating_point(at, threshold)
        named = columns or Columns()
        rows = []
        for label, values in zip(frame.index, frame.to_dict("records"), strict=True):
            fields = {str(name): value for name, value in values.items() if _is_filled(value)}
            article = article_from(fields, named, place=f"row {label!r}")
            rows.append(self._predict(article, point)[0].to_row())
        return pd.DataFrame(rows, index=frame.index)

    def explain(
        self,
        article: Article,
        *,
        at: str = DEFAULT_OPERATING_POINT,
        threshold: float | None = None,
    ) -> Explanation:
        """Return the prediction with every term that it is the sum of."""
        prediction, decision = self._predict(article, self.operating_point(at, threshold))
        passage = decision.passage
        text = article.full_text
        return Explanation(
            prediction=prediction,
            passage=text[passage[0].start : passage[-1].end] if passage else "",
            intercept=self.linear.intercept,
            contributions=_largest(decision.contributions, len(decision.contributions)),
        )

    def operating_point(
        self, at: str = DEFAULT_OPERATING_POINT, threshold: float | None = None
    ) -> OperatingPoint:
        """Return the operating point of that name, or one at the probability `threshold`.

        Raises
        ------
        ValueError
            If there is no such operating point, or the probability is not between 0 and 1.
        """
        if threshold is not None:
            if not 0 < threshold < 1:
                raise ValueError(f"a threshold is a probability between 0 and 1, not {threshold}")
            value = self.calibration.decision_value(threshold)
            return OperatingPoint(f"probability >= {threshold:g}", value)
        if at not in self.operating_points:
            known = ", ".join(self.operating_points)
            raise ValueError(f"no operating point {at!r}; this model has {known}")
        return self.operating_points[at]

    def at_prevalence(self, share_relevant: float) -> "Model":
        """Return this model with probabilities for an archive of which that share is relevant.

        Operating points are decision values and stay; a threshold that is a probability does not.

        Raises
        ------
        ValueError
            If the share is not between 0 and 1.
        """
        return replace(self, calibration=self.calibration.at_prevalence(share_relevant))

    def _predict(
        self,
        article: Article,
        point: OperatingPoint,
        record: Record | None = None,
        carry: Iterable[str] = (),
    ) -> tuple[Prediction, Decision]:
        text = article.full_text
        lang, lang_from = resolve_language(article.lang, text)
        decision = self.linear.decide(text, lang)
        flagged = decision.value >= point.threshold
        shown = carrying_sentences(decision, self.linear.concepts) if flagged else []
        filed = NOT_FILED
        if flagged:
            filing = file_article(decision, shown, text, lang, article.date, self.attributes)
            filed = filing.columns()
        prediction = Prediction(
            id=article.id,
            url=article.url,
            date=article.date,
            lang=lang,
            lang_from=lang_from,
            title=article.title,
            archive=record.archive if record else None,
            position=record.position if record else None,
            flagged=flagged,
            probability=self.calibration.probability(decision.value),
            decision_value=decision.value,
            operating_point=point.name,
            **filed,
            evidence=evidence_of(shown, text),
            terms=_largest(decision.contributions, _TERMS_SHOWN),
            fields=record.carried(carry) if record else {},
        )
        return prediction, decision


def _largest(contributions: Mapping[str, float], limit: int) -> tuple[Contribution, ...]:
    ranked = sorted(contributions.items(), key=lambda item: (-abs(item[1]), item[0]))
    return tuple(Contribution(term, value) for term, value in ranked[:limit])


def _is_filled(value: object) -> bool:
    """Whether a cell of a DataFrame holds something: None and NaN do not."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))
