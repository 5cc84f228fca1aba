"""The one record that comes out: a prediction with its evidence, and its explanation."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from sanctions_clf.filing import NOT_FILED
from sanctions_clf.parties import Party
from sanctions_clf.terms import Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that carries the decision.

    Attributes
    ----------
    text : the sentence as it stands in the article.
    start, end : code-point offsets into title + line break + text, or into the text where there
        is no title.
    """

    text: str
    start: int
    end: int


def evidence_of(sentences: Iterable[Sentence], text: str) -> tuple[Evidence, ...]:
    """Return sentences of a text as evidence, in their order."""
    return tuple(Evidence(text[s.start : s.end], s.start, s.end) for s in sentences)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the decision value, in log-odds."""

    term: str
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the model says of one article. A flagged one is a lead for a person, never a finding.

    Attributes
    ----------
    id, url, date, title : as the article has them.
    lang, lang_from : language used, and how it is known: `given`, `script`,
        `identified` or `unknown`.
    archive, position : where the record lies (`line 17`, `row 3`).
    flagged : whether the decision value reaches the threshold of the operating point.
    probability : calibrated, 0 to 1, at the share of relevant articles that the model card names.
    decision_value : log-odds of the most relevant passage before calibration.
    operating_point : name of the threshold, or the probability asked for.
    regimes : ids of the UN regimes that a flagged article is about, the likeliest first; all were
        in force on the date of the act. This and what follows as far as `evidence` is empty where
        an article is not flagged.
    regime_by : how the regimes were told: `rule`, from concepts and the table of regimes.
    measures : ids of the measures of these regimes, the likeliest first.
    status : how firmly the act is stated: `alleged`, `reported`, `confirmed`, `investigated`,
        `interdicted`, `prosecuted` or `planned`.
    denied : whether someone denies it.
    contested : whether the regime's force is disputed on that date.
    subtype : kind of act: `transfer`, `procurement`, `finance`, `shipping`, `labour`, `travel`,
        `launch_or_test`, `training_or_troops`, `resource_trade` or `cyber`.
    parties : actors, goods and vessels that the evidence names.
    act_date, act_date_from : date of the act, ISO 8601, and whence: stated in the `text`, that of
        the `article`, or `today`.
    evidence : sentences of a flagged article that carry the decision, in the order of the text.
    terms : the largest contributions to the decision value.
    story : in a run over archives, the id of the earliest of the near-copies among the hits.
    fields : the input's own fields that were asked for.
    """

    id: str | None
    url: str | None
    date: str | None
    lang: str | None
    lang_from: str
    title: str | None
    archive: str | None
    position: str | None
    flagged: bool
    probability: float
    decision_value: float
    operating_point: str
    regimes: tuple[str, ...]
    regime_by: str | None = None
    measures: tuple[str, ...] = ()
    status: str | None = None
    denied: bool | None = None
    contested: bool | None = None
    subtype: str | None = None
    parties: tuple[Party, ...] = ()
    act_date: str | None = None
    act_date_from: str | None = None
    evidence: tuple[Evidence, ...]
    terms: tuple[Contribution, ...]
    story: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def without(self, subtype: str) -> "Prediction":
        """Return the prediction, not flagged if it is of that subtype.

        Decision value, probability and subtype are kept; evidence and filing are emptied.
        """
        if not self.flagged or self.subtype != subtype:
            return self
        emptied = NOT_FILED | {"flagged": False, "evidence": (), "subtype": subtype}
        return replace(self, **emptied)

    def to_row(self) -> dict[str, Any]:
        """Return the row that writers write: plain values, lists and dicts.

        A field of the input never takes the place of a column of ours.
        """
        own = {
            "id": self.id,
            "url": self.url,
            "date": self.date,
            "lang": self.lang,
            "lang_from": self.lang_from,
            "title": self.title,
            "archive": self.archive,
            "position": self.position,
            "flagged": self.flagged,
            "probability": self.probability,
            "decision_value": self.decision_value,
            "operating_point": self.operating_point,
            "regimes": list(self.regimes),
            "regime_by": self.regime_by,
            "measures": list(self.measures),
            "status": self.status,
            "denied": self.denied,
            "contested": self.contested,
            "subtype": self.subtype,
            "parties": [asdict(party) for party in self.parties],
            "act_date": self.act_date,
            "act_date_from": self.act_date_from,
            "evidence": [
                {"text": part.text, "start": part.start, "end": part.end} for part in self.evidence
            ],
            "terms": [
                {"term": part.term, "contribution": part.contribution} for part in self.terms
            ],
            "story": self.story,
        }
        return {**own, **{name: self.fields[name] for name in self.fields if name not in own}}

    def to_score_row(self) -> dict[str, Any]:
        """Return the small row that `--keep scores` writes: which article, where, and its value."""
        return {name: getattr(self, name) for name in SCORE_COLUMNS}


PREDICTION_COLUMNS = tuple(column.name for column in fields(Prediction) if column.name != "fields")
SCORE_COLUMNS = ("id", "archive", "position", "decision_value")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an article has its decision value: every term of its most relevant passage.

    Attributes
    ----------
    prediction : of the article.
    passage : its most relevant passage, as it stands in the article.
    intercept : of the model, log-odds.
    contributions : all terms, the largest first; with the intercept they add up to
        `prediction.decision_value`.
    """

    prediction: Prediction
    passage: str
    intercept: float
    contributions: tuple[Contribution, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each term, and one for the intercept, the largest first.

        Columns are `term`; `kind`: `concept`, `pair`, `word`, `length` (of the passage) or
        `intercept`; `contribution`, which adds up to the decision value; and `share`, the
        contribution by the sum of all of them without their signs, -1 to 1.

        Examples
        --------
        >>> import sanctions_clf as sc
        >>> table = sc.load_model().explain(sc.Article(text="Shells for Russia.")).to_frame()
        >>> table.kind.tolist()[:2]
        ['intercept', 'length']
        """
        import pandas as pd

        from sanctions_clf.term_words import INTERCEPT, term_kind

        rows = [(part.term, term_kind(part.term), part.contribution) for part in self.contributions]
        rows.append((INTERCEPT, INTERCEPT, self.intercept))
        frame = pd.DataFrame(rows, columns=["term", "kind", "contribution"])
        frame["share"] = frame["contribution"] / frame["contribution"].abs().sum()
        return frame.sort_values("contribution", key=abs, ascending=False, ignore_index=True)
