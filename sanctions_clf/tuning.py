"""Calibration and operating points of a model by a user's labelled sample; its weights stay."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from sklearn.metrics import average_precision_score

from sanctions_clf.bounds import exact_lower_bound, exact_upper_bound, sample_size_for
from sanctions_clf.calibration import (
    STRICT_FALSE_ALARMS,
    TRIAGE_RECALL,
    OperatingPoint,
    ScoredSample,
    allowed_among,
    calibrate,
    choose_operating_points,
)
from sanctions_clf.errors import CorpusError
from sanctions_clf.model import Model
from sanctions_clf.own_figures import FEWEST_TO_CALIBRATE
from sanctions_clf.own_rows import OwnArticles

# The bound on recall that a user is told the sample size for: this far below what she aims at.
TIGHTER = 0.02


@dataclass(frozen=True, slots=True)
class TunedPoint:
    """How a tuned operating point does on its sample.

    Attributes
    ----------
    point : with its recall and precision there.
    probability : calibrated, at its threshold.
    flagged, hits : articles of the sample from the threshold on, and relevant ones of them.
    false_alarms : in 10,000 not relevant articles.
    """

    point: OperatingPoint
    probability: float
    flagged: int
    hits: int
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """A tuned model and what its sample can say.

    Attributes
    ----------
    model : the same weights with the new calibration and operating points.
    points : as they do on the sample.
    relevant, others : articles of the sample by label.
    least_recall : of `triage`, exact lower bound at 95 % confidence; None unless the sample is
        declared random.
    most_false_alarms : of `strict` in 10,000 not relevant articles, exact upper bound, likewise.
    relevant_needed : relevant articles in a random sample for a bound two points below the aim.
    warnings : against trusting it too far.
    """

    model: Model
    points: tuple[TunedPoint, ...]
    relevant: int
    others: int
    least_recall: float | None
    most_false_alarms: float | None
    relevant_needed: int | None
    warnings: tuple[str, ...]


def tune(
    model: Model,
    sample: OwnArticles,
    *,
    recall: float = TRIAGE_RECALL,
    false_alarms: float = STRICT_FALSE_ALARMS * 10_000,
    random_sample: bool = False,
) -> Tuned:
    """Take probabilities and operating points from a labelled sample that trained nothing.

    Bounds hold though the thresholds are chosen on the sample: that so many of its relevant
    articles lie below the threshold is settled beforehand, and the share of all that do has the
    same beta distribution (Wilks, Determination of sample sizes for setting tolerance limits,
    1941). `balanced` is chosen by its figures, so no bound is stated for it.

    Parameters
    ----------
    sample : by `read_own_articles`; none of it may be among the model's training articles.
    recall : of relevant articles that `triage` aims at, between 0 and 1.
    false_alarms : that `strict` lets through in 10,000 not relevant articles.
    random_sample : whether the sample was drawn at random from the archive that it speaks of; only
        then is anything said of the archive.

    Raises
    ------
    CorpusError
        If there are too few articles of a label.
    """
    articles = sample.articles
    relevant = np.array([article.relevant for article in articles], dtype=bool)
    hits, others = int(relevant.sum()), int((~relevant).sum())
    _require_enough(hits, others)
    values = np.array([p.decision_value for p in model.predict_articles(articles)])
    scored = ScoredSample(values, relevant, relevant, np.empty(0))
    points = choose_operating_points(scored, recall=recall, false_alarms=false_alarms / 10_000)
    allowed = allowed_among(others, false_alarms / 10_000)
    missed = allowed_among(hits, 1 - recall)
    tuned = replace(
        model,
        calibration=calibrate(scored),
        operating_points=points,
        card=replace(
            model.card,
            calibration_sample=_in_words(sample, hits, random_sample=random_sample),
            sample_average_precision=float(average_precision_score(relevant, values)),
        ),
    )
    return Tuned(
        model=tuned,
        points=tuple(_on_sample(tuned, point, scored) for point in points.values()),
        relevant=hits,
        others=others,
        least_recall=exact_lower_bound(hits - missed, hits) if random_sample else None,
        most_false_alarms=(10_000 * exact_upper_bound(allowed, others) if random_sample else None),
        relevant_needed=sample_size_for(1 - recall + TIGHTER, expected=1 - recall),
        warnings=(
            *sample.warnings,
            *_known_files(model, sample),
            *_few_others(others, false_alarms),
            *(_undecided(sample) if random_sample else ()),
        ),
    )


def _require_enough(hits: int, others: int) -> None:
    for count, name in ((hits, "relevant"), (others, "not_relevant")):
        if count < FEWEST_TO_CALIBRATE:
            raise CorpusError(
                f"only {count} articles of the sample are {name}; tuning needs at least "
                f"{FEWEST_TO_CALIBRATE} of each label, and two hundred tell far more"
            )


def _on_sample(model: Model, point: OperatingPoint, sample: ScoredSample) -> TunedPoint:
    flagged = sample.values >= point.threshold
    hits = int((flagged & sample.relevant).sum())
    others = int((~sample.relevant).sum())
    return TunedPoint(
        point=point,
        probability=model.calibration.probability(point.threshold),
        flagged=int(flagged.sum()),
        hits=hits,
        false_alarms=10_000 * (int(flagged.sum()) - hits) / others,
    )


def _in_words(sample: OwnArticles, hits: int, *, random_sample: bool) -> str:
    kind = "a random sample" if random_sample else "a sample"
    files = ", ".join(f"{name} (SHA-256 {sha[:16]})" for name, sha in sample.files.items())
    of = f" in {files}" if files else ""
    return f"{kind} of {len(sample.articles)} labelled articles, {hits} relevant{of}"


def _known_files(model: Model, sample: OwnArticles) -> Iterator[str]:
    trained = set(model.card.own.files.values()) if model.card.own else set()
    for name, checksum in sample.files.items():
        if checksum in trained:
            yield f"{name} trained this very model, which knows it too well: tune on other articles"


def _undecided(sample: OwnArticles) -> Iterator[str]:
    if sample.undecided:
        yield (
            f"the bounds leave out what is undecided, {sample.undecided} of the random sample; "
            "they hold only if chance left it so"
        )


def _few_others(others: int, false_alarms: float) -> Iterator[str]:
    if allowed_among(others, false_alarms / 10_000) == 0:
        yield (
            f"`strict` lies above all {others} not relevant articles: to let {false_alarms:g} in "
            f"10,000 through takes {int(np.ceil(10_000 / false_alarms)):,} of them or more"
        )
