"""The labelled articles that a model judges worst, with the passages that misled it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.evaluation import Evaluation
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.excerpts import Piece
from sanctions_clf.linear import Decision
from sanctions_clf.model import Model
from sanctions_clf.predictions import Contribution
from sanctions_clf.text.languages import resolve_language

_TERMS = 8


@dataclass(frozen=True, slots=True)
class Misjudged:
    """A labelled article with what the model made of it.

    Attributes
    ----------
    probability : calibrated, 0 to 1.
    flagged_at : names of the operating points that flag it.
    passage : its most relevant passage without blank lines; what carries the decision is evidence.
    terms : the largest contributions to the decision value.
    """

    article: LabelledArticle
    decision_value: float
    probability: float
    flagged_at: tuple[str, ...]
    passage: tuple[Piece, ...]
    terms: tuple[Contribution, ...]


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
    text = article.full_text
    decision = model.linear.decide(text, resolve_language(article.lang, text)[0])
    largest = sorted(decision.contributions.items(), key=lambda item: (-abs(item[1]), item[0]))
    points = model.operating_points.items()
    return Misjudged(
        article=article,
        decision_value=decision.value,
        probability=model.calibration.probability(decision.value),
        flagged_at=tuple(name for name, point in points if decision.value >= point.threshold),
        passage=tuple(_pieces(text, decision, model)),
        terms=tuple(Contribution(term, value) for term, value in largest[:_TERMS]),
    )


def _pieces(text: str, decision: Decision, model: Model) -> Iterator[Piece]:
    carrying = {part.start for part in carrying_sentences(decision, model.linear.concepts)}
    end = 0
    for sentence in decision.passage:
        if end:
            between = text[end : sentence.start]
            yield Piece("\n" if "\n" in between else between, is_evidence=False)
        end = sentence.end
        yield Piece(text[sentence.start : end], is_evidence=sentence.start in carrying)
