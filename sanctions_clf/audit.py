"""What a run has missed at most: a bound from a random sample of what it did not flag."""

import math
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import orjson

from sanctions_clf.bounds import CONFIDENCE, exact_upper_bound, sample_size_for
from sanctions_clf.corpus import BORDERLINE, NOT_RELEVANT, RELEVANT, canonical_label
from sanctions_clf.errors import CorpusError
from sanctions_clf.label_files import Row, read_rows
from sanctions_clf.run_files import audit_file, summary_file

_TRUE = (True, "true")


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """How many rows have which label."""

    relevant: int
    not_relevant: int
    borderline: int
    unlabelled: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.relevant + self.not_relevant + self.borderline + self.unlabelled

    @property
    def labelled(self) -> int:
        """Those with a label."""
        return self.rows - self.unlabelled


@dataclass(frozen=True, slots=True)
class Audit:
    """A run against the labels of a random sample of what it did not flag.

    What is in doubt counts against the run: sampled articles that are borderline or without a label
    count as relevant, so that the bounds hold however these turn out.

    Attributes
    ----------
    scored, hits : of the run.
    sample : labels of the sample of unflagged articles.
    hit_labels : labels of the hits, where the run's own rows have any.
    precision : share of the hits that is taken to be relevant where they have no labels.
    confidence : of the bounds.
    """

    scored: int
    hits: int
    sample: LabelCounts
    hit_labels: LabelCounts | None
    precision: float
    confidence: float = CONFIDENCE

    @property
    def unflagged(self) -> int:
        """Number of articles that were scored and not flagged."""
        return self.scored - self.hits

    @property
    def missed_share(self) -> float:
        """Upper bound on the share of unflagged articles that is relevant, 0 to 1.

        Exact for a sample drawn with replacement; this one was drawn without, which can only make
        it tell more. A sample of all unflagged articles leaves nothing to bound.
        """
        return self._bound(self._doubtful, self.sample.rows)

    @property
    def missed_share_of_labelled(self) -> float:
        """The same bound were all that has no label left out; holds if chance left it so."""
        return self._bound(self._doubtful - self.sample.unlabelled, self.sample.labelled)

    @property
    def missed(self) -> int:
        """Upper bound on the number of relevant articles among the unflagged ones."""
        return math.floor(self.missed_share * self.unflagged + 1e-9)

    @property
    def found(self) -> float:
        """Relevant articles among the hits: as labelled, else as `precision` says.

        A hit that is borderline or without a label, where others have one, is not counted.
        """
        return self.hit_labels.relevant if self.hit_labels else self.precision * self.hits

    @property
    def recall(self) -> float | None:
        """Lower bound on the share of relevant articles that was flagged; None if there are none.

        It is as sure as `missed` where the hits are labelled, and rests on `precision` elsewhere.
        """
        relevant = self.found + self.missed
        return self.found / relevant if relevant else None

    @property
    def half_as_wide(self) -> float:
        """The bound that lies half as far above the share that was seen."""
        seen = self._doubtful / self.sample.rows
        return (seen + self.missed_share) / 2

    def sample_size(self, bound: float) -> int | None:
        """Return how large a sample brings `missed_share` to `bound`, if its labels turn out alike.

        None where no sample does, as the share that was seen in this one is not below. Never more
        than the unflagged articles there are.
        """
        seen = self._doubtful / self.sample.rows
        size = sample_size_for(bound, expected=seen, confidence=self.confidence)
        if size is None:
            return self.unflagged if seen <= bound else None
        return min(size, self.unflagged)

    @property
    def _doubtful(self) -> int:
        return self.sample.rows - self.sample.not_relevant

    def _bound(self, relevant: int, count: int) -> float:
        if count == self.unflagged:
            return relevant / max(1, count)
        return exact_upper_bound(relevant, count, self.confidence)


def audit_run(run: str | os.PathLike[str], *, precision: float = 1.0) -> Audit:
    """Return what a run has missed at most, from `RUN.audit.jsonl` that a person has labelled.

    Parameters
    ----------
    run : output of a run that was scored with `--audit-sample`. Where it is JSONL or CSV and its
        hits have labels, in a field `label`, these tell how many are relevant.
    precision : share of the hits that is relevant, 0 to 1, where their labels do not tell it.

    Raises
    ------
    CorpusError
        If a file of the run is missing or broken, or nothing is labelled yet.
    """
    output = Path(run)
    scored, hits = _read_counts(summary_file(output))
    sampled = audit_file(output)
    if not sampled.exists():
        raise CorpusError(f"{sampled}: missing; score again with --audit-sample 300")
    sample = _count(sampled, read_rows(sampled))
    if not sample.labelled:
        raise CorpusError(f"{sampled}: nothing is labelled yet: sanctions-clf label {sampled}")
    if sample.rows > scored - hits:
        raise CorpusError(
            f"{sampled}: {sample.rows} rows, but the run left {scored - hits} unflagged; they are "
            "of different runs"
        )
    return Audit(scored, hits, sample, _hit_labels(output), precision)


def _read_counts(path: Path) -> tuple[int, int]:
    try:
        summary = orjson.loads(path.read_bytes())
        return int(summary["scored"]), int(summary["hits"])
    except FileNotFoundError:
        raise CorpusError(f"{path}: missing; name the output of a run of `score -o`") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: not the counts of a run ({error})") from None


def _hit_labels(output: Path) -> LabelCounts | None:
    """The labels of the hits, None where they have none or the output is Parquet."""
    if output.suffix not in (".jsonl", ".csv") or not output.is_file():
        return None
    hits = (row for row in read_rows(output) if (row.fields or {}).get("flagged") in _TRUE)
    counts = _count(output, hits)
    return counts if counts.labelled else None


def _count(path: Path, rows: Iterable[Row]) -> LabelCounts:
    counts: Counter[str] = Counter()
    for row in rows:
        if row.fields is None:
            continue
        found = row.label()
        label = canonical_label(found) if found else ""
        if label is None:
            raise CorpusError(
                f"{path}, {row.position}: no label is called {found!r}; write relevant, "
                "not_relevant or borderline"
            )
        counts[label] += 1
    return LabelCounts(counts[RELEVANT], counts[NOT_RELEVANT], counts[BORDERLINE], counts[""])
