"""Pick from unlabelled archives what is worth labelling next."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sanctions_clf.archives import Record, list_archives, read_listed
from sanctions_clf.articles import Article
from sanctions_clf.model import Model
from sanctions_clf.predictions import Prediction
from sanctions_clf.scoring import Reading, score_record
from sanctions_clf.stories import same_story, signature
from sanctions_clf.summary import Summary

RANDOM, UNCERTAIN = "random", "uncertain"
# Enough that a rate is known to some fifteen points in a hundred articles; the uncertain ones teach
# the model more.
RANDOM_SHARE = 0.25

# Some of the nearest turn out to be copies of what was drawn at random.
_SPARE = 2


@dataclass(frozen=True, slots=True)
class Picked:
    """An article to label.

    Attributes
    ----------
    article : with its text.
    prediction : what the model says of it, and where it lies.
    picked_by : `random`: drawn from all articles that were scored, so that shares among these
        estimate shares in the pool; or `uncertain`: nearest to the threshold.
    """

    article: Article
    prediction: Prediction
    picked_by: str

    def to_row(self) -> dict[str, Any]:
        """Return the row that `sanctions-clf label` asks about; its label is empty."""
        return {
            "id": self.article.id,
            "title": self.article.title,
            "text": self.article.text,
            "date": self.article.date,
            "lang": self.prediction.lang or self.article.lang,
            "url": self.article.url,
            "archive": self.prediction.archive,
            "position": self.prediction.position,
            "decision_value": self.prediction.decision_value,
            "probability": self.prediction.probability,
            "picked_by": self.picked_by,
            "label": "",
        }


def sample_pool(
    pool: Sequence[str],
    model: Model,
    *,
    size: int = 100,
    random_share: float = RANDOM_SHARE,
    seed: int = 0,
    known: Iterable[Article] = (),
    reading: Reading | None = None,
    summary: Summary | None = None,
) -> list[Picked]:
    """Return the articles of a pool that are worth labelling next, in random order.

    A share is drawn uniformly from all articles that are scored, copies and all. The others are
    those whose decision value is nearest to the default operating point (uncertainty sampling:
    Lewis and Gale 1994, A sequential algorithm for training text classifiers); none of them shares
    a story with any other article that is picked. The pool is read once, and only the candidates
    are in memory.

    Parameters
    ----------
    pool : files, directories, `-` for standard input.
    size : most articles to pick; fewer are where the pool has no more stories.
    random_share : share of them that is drawn at random, 0 to 1.
    seed : of the draw. The same pool, model and seed give the same sample.
    known : articles whose stories need no further label: only the random draw may repeat them.
    summary : counts what is read.

    Raises
    ------
    ArchiveError
        If an archive as a whole cannot be read.
    """
    random = np.random.default_rng(seed)
    drawn = _Reservoir(round(size * random_share), random)
    nearest = _Nearest(size * _SPARE, [_signature(article) for article in known])
    for candidate in _candidates(pool, model, reading or Reading(), summary or Summary()):
        drawn.offer(candidate)
        nearest.offer(candidate)
    uncertain = nearest.unlike(drawn.kept)[: size - len(drawn.kept)]
    picked = [candidate.picked_by(RANDOM) for candidate in drawn.kept]
    picked += [candidate.picked_by(UNCERTAIN) for candidate in uncertain]
    return [picked[i] for i in random.permutation(len(picked))]


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """A scored article, in order of its distance from the threshold, then of the pool."""

    distance: float
    number: int
    article: Article = field(compare=False)
    prediction: Prediction = field(compare=False)

    def signature(self) -> bytes:
        return _signature(self.article)

    def picked_by(self, how: str) -> Picked:
        return Picked(self.article, self.prediction, how)


def _signature(article: Article) -> bytes:
    return signature(article.text or article.full_text)


def _candidates(
    pool: Sequence[str], model: Model, reading: Reading, summary: Summary
) -> Iterator[_Candidate]:
    point = model.operating_point()
    for name, found in list_archives(pool):
        summary.archives += 1
        for record in read_listed(name, found, reading.columns, reading.encoding):
            result = score_record(record, model, point, reading)
            summary.count(result)
            if isinstance(record, Record) and isinstance(result, Prediction):
                distance = abs(result.decision_value - point.threshold)
                yield _Candidate(distance, summary.scored, record.article, result)


class _Reservoir:
    """A uniform draw from a stream of unknown length (algorithm R: Vitter 1985)."""

    def __init__(self, size: int, random: np.random.Generator) -> None:
        self.kept: list[_Candidate] = []
        self._size, self._random, self._seen = size, random, 0

    def offer(self, candidate: _Candidate) -> None:
        self._seen += 1
        if len(self.kept) < self._size:
            self.kept.append(candidate)
            return
        place = int(self._random.integers(self._seen))
        if place < self._size:
            self.kept[place] = candidate


class _Nearest:
    """The candidates nearest to the threshold, one of each story that is not known."""

    def __init__(self, size: int, known: Sequence[bytes]) -> None:
        self._size, self._known = size, known
        self._kept: list[tuple[_Candidate, bytes]] = []

    def offer(self, candidate: _Candidate) -> None:
        if len(self._kept) == self._size and candidate > self._kept[-1][0]:
            return
        made = candidate.signature()
        if same_story(made, self._known).any():
            return
        alike = same_story(made, [other for _, other in self._kept])
        if any(self._kept[i][0] < candidate for i in np.flatnonzero(alike)):
            return
        self._kept = [kept for kept, like in zip(self._kept, alike, strict=True) if not like]
        insort(self._kept, (candidate, made))
        del self._kept[self._size :]

    def unlike(self, others: Sequence[_Candidate]) -> list[_Candidate]:
        """Return those that are none of the others, nor share a story with one, nearest first."""
        numbers = {other.number for other in others}
        signatures = [other.signature() for other in others]
        return [
            candidate
            for candidate, made in self._kept
            if candidate.number not in numbers and not same_story(made, signatures).any()
        ]
