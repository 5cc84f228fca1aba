"""Hold labelled articles against the contract of the corpus."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.corpus import BORDERLINE, NOT_RELEVANT, RELEVANT, LabelledRow
from sanctions_clf.corpus_style import repetition_problems
from sanctions_clf.domain import load_concepts, load_measures, load_regimes
from sanctions_clf.regimes import iso_date
from sanctions_clf.text.identify import identifier_is_installed, identify_language

STATUSES = (
    "alleged", "reported", "confirmed", "investigated", "interdicted", "prosecuted", "planned",
)  # fmt: skip
SUBTYPES = (
    "transfer", "procurement", "finance", "shipping", "labour", "travel", "launch_or_test",
    "training_or_troops", "resource_trade", "cyber",
)  # fmt: skip
PROMINENCES = ("headline", "body", "passing")
REASONS = (
    "no_act", "no_un_measure", "exempt", "ended_or_out_of_window", "no_link", "other_sense",
)  # fmt: skip
ORIGINS = ("real_event", "invented")

# The corpus's plan (data/README.md) has 30 in 100 relevant, in every language.
_SHARE_RELEVANT = (0.15, 0.5)
_FEWEST_FOR_BALANCE = 20
_ID = re.compile(r"[\w.:-]+")


def check_corpus(rows: Sequence[LabelledRow]) -> list[str]:
    """Return what breaks the contract, one line a problem, naming the row; empty for nothing.

    Texts are held against their language where py3langid is installed.
    """
    problems = [f"{row.place}: {problem}" for row in rows for problem in _row_problems(row.article)]
    problems += _repeated(rows)
    articles = [row.article for row in rows]
    problems += [*_pair_problems(articles), *_balance_problems(articles)]
    return problems + list(repetition_problems(articles))


def _row_problems(article: LabelledArticle) -> Iterator[str]:
    if not _ID.fullmatch(article.id or ""):
        yield f"id {article.id!r} is no plain name"
    if article.lang not in _languages():
        yield f"language {article.lang!r} is not in the lexicon"
    elif identifier_is_installed():
        yield from _language_problems(article)
    if not iso_date(article.date):
        yield f"date {article.date!r} is not ISO 8601"
    for name, known in (("genre", None), ("event", None), ("origin", ORIGINS)):
        value = getattr(article, name)
        if not value or (known and value not in known):
            yield f"{name} {value!r} is {'not of ' + ', '.join(known) if known else 'missing'}"
    for evidence in article.evidence:
        if evidence not in (article.title or "") and evidence not in article.text:
            yield f"evidence is no exact part of title or text: {evidence[:60]!r}"
    if article.label == BORDERLINE:
        return
    yield from _relevant_problems(article) if article.relevant else _other_problems(article)


def _language_problems(article: LabelledArticle) -> Iterator[str]:
    given = (article.lang or "").partition("-")[0]
    among = {lang.partition("-")[0] for lang in _languages()}
    found = identify_language(article.full_text, among)
    if found != given:
        yield f"language is given as {article.lang}, and reads as {found}"


def _relevant_problems(article: LabelledArticle) -> Iterator[str]:
    if not article.evidence:
        yield "relevant, but no evidence is marked"
    closed = (("status", STATUSES), ("subtype", SUBTYPES), ("prominence", PROMINENCES))
    for name, known in closed:
        if getattr(article, name) not in known:
            yield f"{name} {getattr(article, name)!r} is not of {', '.join(known)}"
    for name, table in (("regimes", load_regimes()), ("measures", load_measures())):
        values: tuple[str, ...] = getattr(article, name)
        if not values:
            yield f"relevant, but no {name}"
        for value in values:
            if value not in table:
                yield f"{name}: {value!r} is not in the domain table"


def _other_problems(article: LabelledArticle) -> Iterator[str]:
    if article.evidence or article.regimes or article.measures:
        yield "not relevant, but has evidence, regimes or measures"
    if article.reason is not None and article.reason not in REASONS:
        yield f"reason {article.reason!r} is not of {', '.join(REASONS)}"


def _repeated(rows: Sequence[LabelledRow]) -> Iterator[str]:
    for name in ("id", "full_text"):
        first: dict[str, str] = {}
        for row in rows:
            known = first.setdefault(getattr(row.article, name), row.place)
            if known != row.place:
                yield f"{row.place}: same {name.removeprefix('full_')} as {known}"


def _pair_problems(articles: Sequence[LabelledArticle]) -> Iterator[str]:
    pairs: dict[str, list[LabelledArticle]] = defaultdict(list)
    for article in articles:
        if article.pair:
            pairs[article.pair].append(article)
    for name, halves in pairs.items():
        if sorted(half.label for half in halves) != [NOT_RELEVANT, RELEVANT]:
            yield f"pair {name}: not one relevant and one not relevant article"


def _balance_problems(articles: Sequence[LabelledArticle]) -> Iterator[str]:
    totals = Counter(article.lang for article in articles)
    relevant = Counter(article.lang for article in articles if article.relevant)
    least, most = _SHARE_RELEVANT
    for lang, total in totals.items():
        share = relevant[lang] / total
        if total >= _FEWEST_FOR_BALANCE and not least <= share <= most:
            yield f"language {lang}: {share:.0%} relevant, not between {least:.0%} and {most:.0%}"


@cache
def _languages() -> frozenset[str]:
    return frozenset(
        lang
        for concept in load_concepts().values()
        for form in concept.forms
        for lang in form.langs
    )
