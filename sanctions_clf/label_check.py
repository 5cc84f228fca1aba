"""Which labels a model that has not seen them contradicts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.calibration import ScoredSample, calibrate
from sanctions_clf.classifier import Settings, linear_model
from sanctions_clf.corpus import BORDERLINE
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.left_out import fold_classifiers, grouped_folds
from sanctions_clf.linear import LinearModel
from sanctions_clf.predictions import Contribution, Evidence, evidence_of
from sanctions_clf.text.languages import resolve_language
from sanctions_clf.training import require_both_labels

_TERMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that the out-of-fold model contradicts: an error, or what the model cannot tell.

    Attributes
    ----------
    index : of the article among those that were given.
    article : with the label that is in doubt.
    probability : of relevance, 0 to 1, at the share of relevant articles among those given.
    decision_value : log-odds of the most relevant passage, by the model that has not seen it.
    evidence : the sentences that weigh most, in the order of the text.
    terms : what speaks most against the label, the strongest first.
    """

    index: int
    article: LabelledArticle
    probability: float
    decision_value: float
    evidence: tuple[Evidence, ...]
    terms: tuple[Contribution, ...]

    def to_row(self, place: str) -> dict[str, Any]:
        """Return the row that is printed, with where the label is to be mended."""
        return {
            "place": place,
            "id": self.article.id,
            "title": self.article.headline,
            "label": self.article.label,
            "probability": self.probability,
            "decision_value": self.decision_value,
            "evidence": [part.text for part in self.evidence],
            "terms": [
                {"term": part.term, "contribution": part.contribution} for part in self.terms
            ],
        }


def suspects(
    articles: Sequence[LabelledArticle],
    *,
    settings: Settings | None = None,
    seed: int = 0,
) -> list[Suspect]:
    """Return the articles whose label is less probable than the other one, the worst first.

    Each article is judged by a model of four fifths of the others, none of them on its event, and
    the values of all are calibrated together (self-confidence as in Northcutt, Jiang and Chuang
    2021, Confident learning, with 1/2 for the threshold).

    Parameters
    ----------
    articles : labelled articles; borderline ones and those without a label are passed over.
    settings : hyperparameters of the models.
    seed : of the folds.

    Raises
    ------
    CorpusError
        If there are too few articles of a label.
    """
    settings = settings or Settings()
    indices = [i for i, a in enumerate(articles) if a.label not in (BORDERLINE, "")]
    decided = [articles[i] for i in indices]
    relevant = np.array([article.relevant for article in decided], dtype=bool)
    require_both_labels(relevant)
    values, models = np.empty(len(decided)), {}
    for classifier, held_out in fold_classifiers(decided, grouped_folds(decided, seed), settings):
        values[held_out] = classifier.decision_function([decided[i] for i in held_out])
        linear = linear_model(classifier.pipeline_, settings.passage_size)
        models.update(dict.fromkeys(held_out, linear))
    calibration = calibrate(ScoredSample(values, relevant, relevant, np.empty(0)))
    probabilities = np.array([calibration.probability(value) for value in values])
    own = np.where(relevant, probabilities, 1 - probabilities)
    worst = [int(i) for i in np.argsort(own, kind="stable") if own[i] < 1 / 2]
    return [_suspect(indices[i], decided[i], float(probabilities[i]), models[i]) for i in worst]


def _suspect(
    index: int, article: LabelledArticle, probability: float, linear: LinearModel
) -> Suspect:
    text = article.full_text
    decision = linear.decide(text, resolve_language(article.lang, text)[0])
    against = -1 if article.relevant else 1
    ranked = sorted(decision.contributions.items(), key=lambda item: (-against * item[1], item[0]))
    return Suspect(
        index=index,
        article=article,
        probability=probability,
        decision_value=decision.value,
        evidence=evidence_of(carrying_sentences(decision, linear.concepts), text),
        terms=tuple(
            Contribution(term, value)
            for term, value in ranked[:_TERMS_SHOWN]
            if against * value > 0
        ),
    )
