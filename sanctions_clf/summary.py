"""The counts of a run over archives."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sanctions_clf.archives import Rejected, Skipped
from sanctions_clf.predictions import Prediction
from sanctions_clf.regimes import iso_date


@dataclass(slots=True)
class Summary:
    """Counts of a run: `records == scored + skipped + rejected`, and `flagged` of the scored ones.

    Attributes
    ----------
    archives : number of them.
    bytes_read : of the archives as stored; 0 of a pipe.
    skipped : records that are no article, or not wanted, by reason.
    hits_by_regime, hits_by_language, hits_by_month : of flagged articles; one that is about two
        regimes counts for both.
    """

    archives: int = 0
    bytes_read: int = 0
    records: int = 0
    scored: int = 0
    flagged: int = 0
    rejected: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    hits_by_regime: Counter[str] = field(default_factory=Counter)
    hits_by_language: Counter[str] = field(default_factory=Counter)
    hits_by_month: Counter[str] = field(default_factory=Counter)

    def count(self, result: Prediction | Skipped | Rejected) -> None:
        """Count one record."""
        self.records += 1
        if isinstance(result, Skipped):
            self.skipped[result.reason] += 1
            return
        if isinstance(result, Rejected):
            self.rejected += 1
            return
        self.scored += 1
        self.flagged += result.flagged
        if result.flagged:
            self.hits_by_regime.update(result.regimes or ("none",))
            self.hits_by_language[result.lang or "unknown"] += 1
            self.hits_by_month[(iso_date(result.date) or "unknown")[:7]] += 1

    def to_row(self) -> dict[str, Any]:
        """Return the counts as plain values: records = scored + skipped + rejected."""
        return {
            "archives": self.archives,
            "bytes": self.bytes_read,
            "records": self.records,
            "scored": self.scored,
            "skipped": dict(sorted(self.skipped.items())),
            "rejected": self.rejected,
            "hits": self.flagged,
            "hits_by_regime": dict(self.hits_by_regime.most_common()),
            "hits_by_language": dict(self.hits_by_language.most_common()),
            "hits_by_month": dict(sorted(self.hits_by_month.items())),
        }

    def add(self, row: Mapping[str, Any]) -> None:
        """Add the counts that `to_row` gave of a part of the run."""
        self.bytes_read += row["bytes"]
        self.records += row["records"]
        self.scored += row["scored"]
        self.flagged += row["hits"]
        self.rejected += row["rejected"]
        for name in ("skipped", "hits_by_regime", "hits_by_language", "hits_by_month"):
            getattr(self, name).update(row[name])
