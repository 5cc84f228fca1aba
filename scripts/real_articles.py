"""The real articles of `../shared/real`, which are not ours to publish: only measured on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sanctions_clf.archives import Record, Rejected, open_archive, read_archive
from sanctions_clf.articles import Article, LabelledArticle
from sanctions_clf.corpus import BORDERLINE, read_labelled
from sanctions_clf.errors import ArchiveError
from sanctions_clf.evaluated import Evaluated
from sanctions_clf.linear import LinearModel
from sanctions_clf.metrics import FloatArray
from sanctions_clf.text.languages import resolve_language

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "real"
ABSENT = f"{REAL} is not present: no figures on real articles."
HALVES = ("open", "closed")

Score = Callable[[Sequence[Article]], FloatArray]


@dataclass(frozen=True)
class RealArticles:
    """Labelled articles, general ones, and a random archive sample.

    Attributes
    ----------
    labelled, half : with `open` or `closed` for each. Errors of the open half may be read.
    general : articles of which next to none is relevant.
    archive, archive_half : unread, next to none is relevant; those that are labelled relevant or
        borderline are left out, and the other labelled ones are not.
    """

    labelled: list[LabelledArticle]
    half: list[str]
    general: list[Article]
    archive: list[Article]
    archive_half: list[str]


@dataclass(frozen=True)
class RealScores:
    """Decision values of the real articles."""

    articles: RealArticles
    labelled: FloatArray
    general: FloatArray
    archive: FloatArray

    def part(self, half: str | None) -> Evaluated:
        """Return one half, or both for None; general articles belong to both."""
        kept = np.array([half in (None, found) for found in self.articles.half])
        background = np.array([half in (None, found) for found in self.articles.archive_half])
        both = Evaluated(
            self.articles.labelled, self.labelled, self.general, self.archive[background]
        )
        return both.where(kept)


def load_real_articles() -> RealArticles:
    """Read them all."""
    rows = read_labelled([str(REAL / "labelled.jsonl")])
    labelled = [row.article for row in rows]
    interesting = {a.id for a in labelled if a.relevant or a.label == BORDERLINE}
    archive = [r for r in _records("archive.jsonl.gz") if r.article.id not in interesting]
    return RealArticles(
        labelled=labelled,
        half=[row.fields["half"] for row in rows],
        general=[record.article for record in _records("general.jsonl")],
        archive=[record.article for record in archive],
        archive_half=[record.fields["half"] for record in archive],
    )


def score_real_articles(articles: RealArticles, score: Score) -> RealScores:
    """Give every article its decision value."""
    return RealScores(
        articles, score(articles.labelled), score(articles.general), score(articles.archive)
    )


def linear_score(linear: LinearModel) -> Score:
    """Return the scorer of bare weights, which need no calibration to rank articles."""

    def value(article: Article) -> float:
        text = article.full_text
        lang, _ = resolve_language(article.lang, text)
        return linear.decide(text, lang).value

    return lambda articles: np.array([value(article) for article in articles])


def _records(name: str) -> Iterator[Record]:
    with open_archive(str(REAL / name)) as archive:
        for record in read_archive(archive):
            if isinstance(record, Rejected):
                raise ArchiveError(str(record))
            yield record
