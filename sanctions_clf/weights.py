"""The strongest weights of a model, beside those that other labelled articles would give."""

from collections.abc import Sequence
from dataclasses import dataclass

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import ArticleClassifier, Settings, linear_model, make_pipeline
from sanctions_clf.linear import LinearModel
from sanctions_clf.model import Model


@dataclass(frozen=True, slots=True)
class TermWeight:
    """What the presence of a concept term adds to the decision value, in log-odds.

    Attributes
    ----------
    weight : in the model.
    elsewhere : in a model of other articles alone; None where these do not know the term.
    """

    term: str
    weight: float
    elsewhere: float | None


def term_weights(
    model: Model, against: Sequence[LabelledArticle] | None = None
) -> list[TermWeight]:
    """Return the weights of all concept terms, the highest first.

    Where a weight has another sign or size elsewhere, the term may be a habit of those who wrote
    the training texts.

    Parameters
    ----------
    against : other labelled articles, on which a model with the same settings is trained for the
        comparison.
    """
    own = _weights(model.linear)
    others: dict[str, float] = {}
    if against is not None:
        settings = Settings(**model.card.settings)
        classifier = ArticleClassifier(make_pipeline(settings), settings.passage_size)
        others = _weights(linear_model(classifier.fit(against).pipeline_, settings.passage_size))
    return [
        TermWeight(term, weight, others.get(term))
        for term, weight in sorted(own.items(), key=lambda item: (-item[1], item[0]))
    ]


def _weights(linear: LinearModel) -> dict[str, float]:
    return linear.concepts.contributions(frozenset(linear.concepts.terms))
