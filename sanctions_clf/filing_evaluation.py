"""How well relevant articles are filed: regimes, measures, status, subtype, date of the act."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.attributes import LAUNCH, AttributeModel
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.filing import Filing, file_article
from sanctions_clf.linear import LinearModel
from sanctions_clf.text.languages import resolve_language

# Values of fewer articles are left out of macro figures: one article would weigh an eighth.
FEWEST_IN_MACRO = 8
_YEAR = 4


@dataclass(frozen=True, slots=True)
class ValueFigures:
    """How often a value is labelled, found, and both."""

    labelled: int
    found: int
    right: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0 where nothing is right."""
        return 2 * self.right / max(1, self.labelled + self.found)


@dataclass(frozen=True, slots=True)
class FilingFigures:
    """Figures of filing on relevant articles.

    Attributes
    ----------
    articles : number of them.
    first_two : share in which a right regime is among the first two.
    values : by part (`regimes`, `measures`, `status`, `denied`, `contested`, `subtype`), the
        figures of each value; parts that no article is labelled with are left out.
    year, dated : share of articles with the right year of the act, of how many that tell it.
    """

    articles: int
    first_two: float
    values: dict[str, dict[str, ValueFigures]]
    year: float
    dated: int

    def micro_f1(self, part: str) -> float:
        """F1 over all values of a part; for those with one value an article, the share right."""
        found = self.values[part].values()
        total = ValueFigures(*(sum(getattr(v, n) for v in found) for n in ValueFigures.__slots__))
        return total.f1

    def macro_f1(self, part: str) -> float:
        """Mean F1 over the values that eight or more articles are labelled with."""
        known = [v.f1 for v in self.values[part].values() if v.labelled >= FEWEST_IN_MACRO]
        return sum(known) / max(1, len(known))

    def by_name(self) -> dict[str, float]:
        """Return the figures that matter, 0 to 1, each under a name that says what it is."""
        found = {}
        for part in self.values:
            found[f"{part}, micro-F1"] = self.micro_f1(part)
            found[f"{part}, macro-F1 of values with {FEWEST_IN_MACRO} or more"] = self.macro_f1(
                part
            )
        found["a right regime among the first two"] = self.first_two
        launches = self.values.get("subtype", {}).get(LAUNCH)
        if launches:
            found[f"F1 of {LAUNCH}"] = launches.f1
        if self.dated:
            found[f"year of the act, of {self.dated} that tell it"] = self.year
        return found


def file_unflagged(
    linear: LinearModel, attributes: AttributeModel | None, article: LabelledArticle
) -> Filing:
    """Return where an article would belong, whether or not it is flagged."""
    text = article.full_text
    lang, _ = resolve_language(article.lang, text)
    decision = linear.decide(text, lang)
    shown = carrying_sentences(decision, linear.concepts)
    return file_article(decision, shown, text, lang, article.date, attributes)


def filing_figures(articles: Sequence[LabelledArticle], filings: Sequence[Filing]) -> FilingFigures:
    """Return the figures of filings against labels; all articles are relevant ones."""
    pairs = list(zip(articles, filings, strict=True))
    dated = [(a.act_date, f.act_date or "") for a, f in pairs if a.act_date]
    return FilingFigures(
        articles=len(pairs),
        first_two=_share(bool({*a.regimes} & {*f.regimes[:2]}) for a, f in pairs),
        values={
            part: _values([(_of(a, part), _of(f, part)) for a, f in pairs])
            for part in ("regimes", "measures", "status", "denied", "contested", "subtype")
            if any(getattr(a, part) for a in articles)
        },
        year=_share(told[:_YEAR] == found[:_YEAR] for told, found in dated),
        dated=len(dated),
    )


def filing_lines(figures: FilingFigures) -> list[str]:
    """Return figures as lines of text."""
    lines = [f"{figures.articles:6d}  relevant articles"]
    lines += [f" {value:.3f}  {name}" for name, value in figures.by_name().items()]
    for part in ("regimes", "measures", "status"):
        for name, value in sorted(figures.values.get(part, {}).items(), key=_rarity):
            lines.append(
                f" {value.f1:.2f}   {name}: {value.labelled} labelled, {value.found} found, "
                f"{value.right} right"
            )
    return lines


def _rarity(item: tuple[str, ValueFigures]) -> tuple[int, str]:
    return -item[1].labelled, item[0]


def _of(record: LabelledArticle | Filing, part: str) -> Collection[str]:
    found = getattr(record, part)
    return found if isinstance(found, tuple) else (str(found),)


def _values(pairs: Sequence[tuple[Collection[str], Collection[str]]]) -> dict[str, ValueFigures]:
    labelled = Counter(value for told, _ in pairs for value in told)
    found = Counter(value for _, named in pairs for value in named)
    right = Counter(value for told, named in pairs for value in {*told} & {*named})
    return {
        value: ValueFigures(labelled[value], found[value], right[value])
        for value in sorted({*labelled, *found})
    }


def _share(outcomes: Iterable[bool]) -> float:
    found = list(outcomes)
    return sum(found) / max(1, len(found))
