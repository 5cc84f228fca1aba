"""Decision values of a user's own articles by models that have not seen them, their like, or later.

A base, such as the corpus that ships, may train along in every fold; it is never measured on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import ArticleClassifier, Settings, make_pipeline
from sanctions_clf.corpus import fold_groups
from sanctions_clf.left_out import FOLDS, grouped_folds
from sanctions_clf.linear import LinearModel
from sanctions_clf.metrics import FloatArray
from sanctions_clf.regimes import iso_date

# What each split does, for cards.
SPLITS = {
    "groups": "five folds, stratified by label; articles on one event, halves of a pair and "
    "near-copies of a text are never split",
    "time": "forward chaining: each article by a model of earlier ones alone (of your own); the "
    "first sixth only trains",
}
Fold = tuple[list[int], list[int]]
# How many fits of how many are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Setup:
    """What is varied from one training to the next.

    Attributes
    ----------
    settings : hyperparameters.
    own_weight : what an own article counts against one of the base.
    """

    settings: Settings
    own_weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Material:
    """What models are made of.

    Attributes
    ----------
    own : the user's labelled articles.
    base : those that train along.
    start : model that looks for the passages of relevant articles without evidence.
    """

    own: Sequence[LabelledArticle]
    base: Sequence[LabelledArticle]
    start: LinearModel

    def fit(self, setup: Setup, seen: Sequence[int] | None = None) -> ArticleClassifier:
        """Return a classifier trained on the base and own articles, all or those `seen`."""
        own = self.own if seen is None else [self.own[i] for i in seen]
        weights = np.repeat([1.0, setup.own_weight], [len(self.base), len(own)])
        size = setup.settings.passage_size
        classifier = ArticleClassifier(make_pipeline(setup.settings), size, self.start)
        return classifier.fit([*self.base, *own], sample_weight=weights)


def own_folds(material: Material, split: str, seed: int) -> list[Fold]:
    """Return pairs of seen and held-out indices of own articles, by a split of `SPLITS`."""
    if split == "groups":
        return list(grouped_folds(material.own, seed))
    return list(_time_folds(material))


def out_of_fold(
    material: Material,
    setups: Sequence[Setup],
    folds: Sequence[Fold],
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> FloatArray:
    """Return the decision value of each own article by the model of its fold, for each setup.

    Shape (n_setups, n_own); NaN for articles that no fold holds out. The number of processes
    changes nothing but the time.
    """
    from joblib import Parallel, delayed

    values = np.full((len(setups), len(material.own)), np.nan)
    # Fold by fold, so that what a process has read of the texts serves all setups.
    tasks = [(fold, number) for fold in folds for number in range(len(setups))]
    done = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_held_out)(material, setups[number], fold) for fold, number in tasks
    )
    for count, ((fold, number), found) in enumerate(zip(tasks, done, strict=True), start=1):
        values[number, fold[1]] = found
        if progress:
            progress(count, len(tasks))
    return values


def _held_out(material: Material, setup: Setup, fold: Fold) -> FloatArray:
    seen, held_out = fold
    classifier = material.fit(setup, seen)
    return classifier.decision_function([material.own[i] for i in held_out])


def _time_folds(material: Material) -> Iterator[Fold]:
    """Blocks of like size by date; a day is never split, nor what near-copies have in common."""
    days = [iso_date(article.date) for article in material.own]
    dated = sorted(day for day in days if day)
    starts = sorted({dated[len(dated) * k // (FOLDS + 1)] for k in range(1, FOLDS + 1) if dated})
    groups = fold_groups(material.own)
    for start, end in pairwise([*starts, "9999"]):
        held_out = [i for i, day in enumerate(days) if day and start <= day < end]
        known = {groups[i] for i in held_out}
        seen = [i for i, day in enumerate(days) if day and day < start and groups[i] not in known]
        labels = {article.relevant for article in material.base}
        if labels.union(material.own[i].relevant for i in seen) == {True, False}:
            yield seen, held_out
