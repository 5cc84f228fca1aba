"""The hits of a run by story, the most probable first, without holding more than is shown."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path

from sanctions_clf.archives import STDIN
from sanctions_clf.errors import RunError
from sanctions_clf.predictions import Prediction
from sanctions_clf.run_rows import read_run

_COPIES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Story:
    """Hits that are near-copies of one another.

    Attributes
    ----------
    head : the most probable hit, of equals the first.
    copies : the first others, up to twenty.
    hits : how many tell the story.
    """

    head: Prediction
    copies: tuple[Prediction, ...]
    hits: int


@dataclass(frozen=True, slots=True)
class HitList:
    """The most probable stories of a run, and what is told of all its hits.

    Attributes
    ----------
    stories : by the probability of their heads.
    story_count, hit_count : of the run.
    hits_by_regime : of the run; a hit that is about two regimes counts for both.
    operating_points : from which hits are flagged, in most runs one.
    """

    stories: tuple[Story, ...]
    story_count: int
    hit_count: int
    hits_by_regime: Counter[str]
    operating_points: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """What is known of a story before its hits are kept."""

    head: int  # number of the most probable hit, in the order of the run
    probability: float
    hits: int = 0


def read_stories(run: str | os.PathLike[str], limit: int) -> HitList:
    """Return the `limit` most probable stories of a run, which is read twice.

    Raises
    ------
    RunError, ArchiveError
        If it cannot be read, cannot be read twice, or holds something else.
    """
    if os.fspath(run) == STDIN or Path(run).is_fifo():
        raise RunError(f"{run}: a run is read twice; write it to a file first")
    tallies: dict[str | int, _Tally] = {}
    regimes: Counter[str] = Counter()
    points: dict[str, None] = {}
    for number, name, hit in _hits(run):
        tally = tallies.setdefault(name, _Tally(number, hit.probability))
        tally.hits += 1
        if hit.probability > tally.probability:
            tally.head, tally.probability = number, hit.probability
        regimes.update(hit.regimes)
        if hit.operating_point:
            points.setdefault(hit.operating_point)
    shown = nlargest(limit, tallies.items(), key=lambda item: item[1].probability)
    return HitList(
        stories=_gather(run, dict(shown)),
        story_count=len(tallies),
        hit_count=sum(tally.hits for tally in tallies.values()),
        hits_by_regime=regimes,
        operating_points=tuple(points),
    )


def _hits(run: str | os.PathLike[str]) -> Iterator[tuple[int, str | int, Prediction]]:
    """The number, the story and the prediction of each hit; what has no story is one of its own."""
    hits = (prediction for prediction in read_run(run) if prediction.flagged)
    for number, hit in enumerate(hits):
        yield number, hit.story or number, hit


def _gather(run: str | os.PathLike[str], tallies: dict[str | int, _Tally]) -> tuple[Story, ...]:
    """The stories of the tallies, in their order."""
    heads: dict[str | int, Prediction] = {}
    copies: dict[str | int, list[Prediction]] = {name: [] for name in tallies}
    for number, name, hit in _hits(run):
        if name not in tallies:
            continue
        if number == tallies[name].head:
            heads[name] = hit
        elif len(copies[name]) < _COPIES_KEPT:
            copies[name].append(hit)
    return tuple(
        Story(heads[name], tuple(copies[name]), tally.hits) for name, tally in tallies.items()
    )
