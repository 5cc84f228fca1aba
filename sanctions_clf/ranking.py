"""What reading articles in the order of their decision values brings."""

from dataclasses import dataclass

import numpy as np

from sanctions_clf.metrics import BoolArray, FloatArray

# The level at which Cohen et al. (2006) tell the work saved.
WORK_SAVED_RECALL = 0.95
WORK_SAVED = "work saved over random at 95 % recall"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles read from the highest decision value down, one step for each distinct value.

    Attributes
    ----------
    read : share of articles read so far, 0 to 1, rising; all arrays are of shape (n_steps,).
    recall : share of relevant articles among them.
    precision : share of them that is relevant.
    """

    read: FloatArray
    recall: FloatArray
    precision: FloatArray


def ranking(values: FloatArray, relevant: BoolArray, weights: FloatArray | None = None) -> Ranking:
    """Return how recall and precision go along as articles are read.

    Articles of equal decision value are read together, since nothing tells them apart.

    Parameters
    ----------
    values, relevant : decision values and labels, shape (n_articles,), one relevant at least.
    weights : numbers of copies; each article once for None.
    """
    weights = np.ones(len(values)) if weights is None else weights
    order = np.argsort(-values, kind="stable")
    order = order[weights[order] > 0]
    last_of_equals = np.append(np.diff(values[order]) != 0, [True])
    read = np.cumsum(weights[order])[last_of_equals]
    found = np.cumsum((weights * relevant)[order])[last_of_equals]
    return Ranking(read / read[-1], found / found[-1], found / read)


def read_until(found: Ranking, recall: float) -> float:
    """Return the share of articles that must be read for a recall."""
    # Recall is a quotient of whole numbers: 19 of 20 must count as 95 %.
    return float(found.read[np.argmax(found.recall >= recall - 1e-9)])


def work_saved(values: FloatArray, relevant: BoolArray, weights: FloatArray | None = None) -> float:
    """Return the work saved over random at 95 % recall, WSS@95.

    The share of articles that need not be read once 95 % of the relevant ones are found, less the
    5 % that a random order would spare as well: -.05 to .95, and 0 where nothing is relevant.
    Cohen, Hersh, Peterson and Yen (2006), Reducing workload in systematic review preparation using
    automated citation classification.
    """
    weights = np.ones(len(values)) if weights is None else weights
    if not (weights * relevant).any():
        return 0.0
    read = read_until(ranking(values, relevant, weights), WORK_SAVED_RECALL)
    return 1 - read - (1 - WORK_SAVED_RECALL)
