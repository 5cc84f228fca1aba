"""The yardstick: figures against independent recomputation on small tables."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.calibration_bins import calibration_bins
from sanctions_clf.cli import main
from sanctions_clf.evaluated import Evaluated
from sanctions_clf.evaluation import evaluate
from sanctions_clf.evaluation_text import evaluation_text
from sanctions_clf.headline import headline_figures
from sanctions_clf.left_out import KINDS, grouped_folds, left_out_folds
from sanctions_clf.metrics import (
    average_precision,
    language_weights,
    measure,
    threshold_at,
    wilson_interval,
)
from sanctions_clf.slices import slice_figures

# value, relevant, language
TABLE = [
    (0.9, 1, "en"), (0.8, 0, "en"), (0.7, 1, "en"), (0.6, 0, "en"), (0.55, 1, "fr"),
    (0.5, 0, "fr"), (0.4, 0, "fr"), (0.3, 1, "fr"), (0.2, 0, "fr"), (0.1, 0, "de"),
]  # fmt: skip
VALUES = np.array([row[0] for row in TABLE])
RELEVANT = np.array([bool(row[1]) for row in TABLE])
LANGUAGES = [row[2] for row in TABLE]


def plain_average_precision(values, relevant, weights):
    """Sum over thresholds of the gain in recall times precision there, in plain Python."""
    rows = sorted(zip(values, relevant, weights, strict=True), key=lambda row: -row[0])
    total = sum(weight for _, hit, weight in rows if hit)
    found = flagged = area = 0.0
    index = 0
    while index < len(rows):
        value, gained = rows[index][0], 0.0
        while index < len(rows) and rows[index][0] == value:
            flagged += rows[index][2]
            gained += rows[index][2] * rows[index][1]
            index += 1
        found += gained
        area += (gained / total) * (found / flagged) if flagged and total else 0
    return area


def test_average_precision_by_hand():
    """Hits at ranks 1, 3, 5 and 8: (1/1 + 2/3 + 3/5 + 4/8) / 4."""
    expected = (1 + 2 / 3 + 3 / 5 + 4 / 8) / 4
    assert average_precision(VALUES, RELEVANT, np.ones(10)) == pytest.approx(expected)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
    )
)
def test_average_precision_agrees_with_a_recomputation(rows):
    values, relevant, weights = (np.array(part) for part in zip(*rows, strict=True))
    expected = plain_average_precision(values, relevant, weights)
    found = average_precision(values.astype(float), relevant, weights.astype(float))
    assert found == pytest.approx(expected, abs=1e-12)


def test_language_weights_by_hand():
    """English has 2 of 4 relevant, French 2 of 5, German none of 1; 40 % are wanted."""
    weights = language_weights(RELEVANT, LANGUAGES, 0.4)
    english = [0.4 * 4 / 2, 0.6 * 4 / 2, 0.4 * 4 / 2, 0.6 * 4 / 2]
    french = [0.4 * 5 / 2, 0.6 * 5 / 3, 0.6 * 5 / 3, 0.4 * 5 / 2, 0.6 * 5 / 3]
    np.testing.assert_allclose(weights, [*english, *french, 0])


def test_language_weights_give_each_language_the_same_share():
    weights = language_weights(RELEVANT, LANGUAGES, 0.4)
    for lang in ("en", "fr"):
        here = np.array(LANGUAGES) == lang
        assert weights[here & RELEVANT].sum() / weights[here].sum() == pytest.approx(0.4)


def test_a_scorer_that_knows_the_language_alone_gains_nothing_when_weighted():
    relevant = np.array([True] * 8 + [False] * 2 + [True] * 2 + [False] * 8)
    languages = ["pt"] * 10 + ["zh"] * 10
    knows_language = np.array([1.0] * 10 + [0.0] * 10)
    assert average_precision(knows_language, relevant, np.ones(20)) > 0.7
    weights = language_weights(relevant, languages, 0.5)
    assert average_precision(knows_language, relevant, weights) == pytest.approx(0.5)


def test_the_threshold_lets_through_what_is_allowed():
    values = np.arange(1000.0)
    assert (values > threshold_at(values, 0.01)).sum() == 10
    assert (values > threshold_at(values, 0.001)).sum() == 1
    assert (values > threshold_at(values, 0.0)).sum() == 0


def test_intervals_are_those_of_a_bootstrap_over_groups():
    """Recomputed in plain Python from the same draws."""
    relevant = np.arange(40) % 2 == 0
    values = np.random.default_rng(3).normal(size=40) + relevant
    groups = [f"event {i // 2}" for i in range(40)]

    def share(weights):
        return average_precision(values, relevant, weights)

    figure = measure(share, relevant, groups, seed=5, resamples=50)
    draws = np.random.default_rng(5).multinomial(20, np.full(20, 1 / 20), size=50)
    names = sorted(set(groups))
    sampled = []
    for draw in draws:
        copies = [draw[names.index(group)] for group in groups]
        rows = [(v, r) for v, r, n in zip(values, relevant, copies, strict=True) for _ in range(n)]
        sampled.append(
            plain_average_precision([v for v, _ in rows], [r for _, r in rows], [1] * len(rows))
        )
    low, high = np.quantile(sampled, [0.025, 0.975])
    assert (figure.low, figure.high) == (pytest.approx(low), pytest.approx(high))
    assert figure.value == pytest.approx(plain_average_precision(values, relevant, [1] * 40))


@pytest.mark.parametrize(("outlets", "grouped"), [(1, False), (9, False), (10, True)])
def test_articles_of_few_outlets_are_drawn_one_by_one(outlets, grouped):
    """All of one outlet, no resample would differ, and the interval be the figure itself."""
    articles = [
        sc.LabelledArticle(text="a", id=str(i), source=f"outlet {i % outlets}", label="relevant")
        for i in range(40)
    ]
    groups = Evaluated(articles, np.zeros(40), np.empty(0), np.empty(0)).groups
    assert len(set(groups)) == (outlets if grouped else 40)


def test_too_few_relevant_articles_give_counts_and_no_figure():
    figure = measure(lambda weights: 0.5, np.array([True] * 14 + [False] * 9), ["g"] * 23)
    assert (figure.value, figure.relevant, figure.articles) == (None, 14, 23)


def test_figures_reproduce_to_the_last_digit(evaluated):
    assert headline_figures(evaluated) == headline_figures(evaluated)


@pytest.fixture
def evaluated():
    """Eighty articles in two languages with values that help, and a background."""
    random = np.random.default_rng(1)
    articles, values = [], []
    for i in range(80):
        relevant = i % 2 == 0
        articles.append(
            sc.LabelledArticle(
                text="x" * (i * 100), lang="en" if i < 40 else "fr", date=f"20{10 + i % 3}-01",
                label="relevant" if relevant else "not_relevant", source=f"outlet {i // 4}",
                regimes=("dprk-1718",) if relevant else (), prominence="body" if relevant else None,
                subtype="launch_or_test" if i % 8 == 0 else "transfer", genre="news agency",
            )
        )  # fmt: skip
        values.append(random.normal() + 1.5 * relevant)
    articles.append(sc.LabelledArticle(text="b", lang="en", label="borderline"))
    return Evaluated(
        articles, np.array([*values, 9.0]), random.normal(size=200), random.normal(size=2000)
    )


def test_headline_figures_by_an_independent_way(evaluated):
    figures = headline_figures(evaluated)
    values, articles = evaluated.values[:-1], evaluated.articles[:-1]
    relevant = np.array([a.relevant for a in articles])
    launches = np.array([a.subtype == "launch_or_test" for a in articles])
    english = np.array([a.lang == "en" for a in articles])
    ones = np.ones(80)
    assert figures["AP all"].value == pytest.approx(plain_average_precision(values, relevant, ones))
    kept = english & ~launches
    assert figures["AP without launches, English"].value == pytest.approx(
        plain_average_precision(values[kept], relevant[kept], ones[kept])
    )
    third = np.sort(evaluated.archive)[-3]
    recall = (values[relevant & ~launches] > third).mean()
    name = "recall at 10 false alarms per 10,000, without launches"
    assert figures[name].value == pytest.approx(recall)


def test_borderline_articles_count_nowhere(evaluated):
    without = Evaluated(
        evaluated.articles[:-1], evaluated.values[:-1], evaluated.general, evaluated.archive
    )
    assert headline_figures(evaluated) == headline_figures(without)


def test_slices_cover_every_article_once(evaluated):
    for name, figures in slice_figures(evaluated).items():
        if name != "regime":
            assert sum(figure.articles for figure in figures.values()) == 80, name


def test_calibration_bins_hold_every_article(evaluated, model):
    bins = calibration_bins(evaluated, model)
    assert sum(part.articles for part in bins) == 80
    assert all(a.expected <= b.expected for a, b in pairwise(bins))
    assert all(part.low <= part.observed <= part.high for part in bins)


def test_wilson_interval_by_hand():
    """2 of 10, as in Newcombe (1998), two-sided confidence intervals for the single proportion."""
    assert wilson_interval(2, 10) == (
        pytest.approx(0.0567, abs=1e-4),
        pytest.approx(0.5098, abs=1e-4),
    )


def test_folds_never_show_what_they_hold_out(small_corpus):
    for kind in KINDS:
        for seen, held_out in left_out_folds(small_corpus, kind):
            keys = {KINDS[kind](small_corpus[i]) for i in held_out}
            assert len(keys) == 1
            assert not keys & {KINDS[kind](small_corpus[i]) for i in seen}
    for folds in (grouped_folds(small_corpus, 0), left_out_folds(small_corpus, "language")):
        held = []
        for seen, held_out in folds:
            held += held_out
            events = {small_corpus[i].event for i in held_out}
            assert not events & {small_corpus[i].event for i in seen}
        assert sorted(held) == list(range(len(small_corpus)))


def test_evaluate_leaves_known_relevant_articles_out_of_the_archive(model, write_jsonl):
    rows = [
        {"id": "a", "text": "North Korea shipped shells to Russia.", "label": "relevant"},
        {"id": "b", "text": "Rain.", "label": "not_relevant"},
    ]
    archive = write_jsonl([*rows, {"id": "c", "text": "Snow."}], "archive.jsonl")
    articles = [row.article for row in sc.read_labelled([str(write_jsonl(rows))])]
    found = evaluate(model, articles, archives=[str(archive)])
    alarms = found.operating_points["triage"]["false alarms per 10,000"]
    assert alarms == 0
    assert "2 articles, 1 relevant" in evaluation_text(found)


def test_the_command_prints_json(write_jsonl, tmp_path):
    rows = [{"text": "Shells for Russia.", "label": 1}, {"text": "Rain.", "label": 0}]
    result = CliRunner().invoke(main, ["evaluate", str(write_jsonl(rows)), "--format", "json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["articles"], found["relevant"]) == (2, 1)
    assert found["headline"]["AP all"]["value"] is None


def test_weights_stand_beside_those_of_other_labels(write_jsonl, small_corpus):
    rows = [
        {"text": a.text, "lang": a.lang, "label": int(a.relevant), "evidence": a.evidence}
        for a in small_corpus
    ]
    result = CliRunner().invoke(
        main, ["model", "weights", "--against", str(write_jsonl(rows)), "-n", "5"]
    )
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["weight", "elsewhere", "term"]
    assert len(lines) == 11
    weights = [float(line.split()[0]) for line in lines[1:]]
    assert weights == sorted(weights, reverse=True)


def test_filing_is_measured_where_relevant_articles_have_regimes(model):
    act = "North Korea launched a ballistic missile over Japan on Tuesday."
    common = {"text": act, "label": "relevant", "measures": ("wmd_and_missile",)}
    articles = [
        sc.LabelledArticle(id="1", regimes=("dprk-1718",), subtype="launch_or_test", **common),
        sc.LabelledArticle(id="2", regimes=("libya-1970",), subtype="launch_or_test", **common),
        sc.LabelledArticle(id="3", text="Rain.", label="not_relevant"),
    ]
    found = evaluate(model, articles)
    assert found.filing.articles == 2
    assert found.filing.by_name()["regimes, micro-F1"] == 0.5
    frame = found.to_frame()
    assert set(frame[frame.part == "filing"].figure) == set(found.filing.by_name())
    assert found.to_dict()["filing"] == found.filing.by_name()
    unfiled = [replace(article, regimes=()) for article in articles]
    assert evaluate(model, unfiled).filing is None


def test_articles_that_the_shipped_model_has_read_are_told(write_jsonl, corpus, command_result):
    """Figures on them say nothing."""
    known = [next(a for a in corpus if a.label == label) for label in ("relevant", "not_relevant")]
    rows = [{"id": a.id, "text": a.text, "title": a.title, "label": a.label} for a in known]
    rows.append({"id": "new", "text": "It rained.", "label": "not_relevant"})
    result = command_result("evaluate", write_jsonl(rows))
    assert result.exit_code == 0
    assert "2 articles are of the corpus that ships with the package" in result.stderr
