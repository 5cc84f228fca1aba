"""A model of a user's own labels: measured on these alone, and frank about how well."""

import dataclasses
import json

import numpy as np
import pytest

import sanctions_clf as sc
from sanctions_clf.calibration import ScoredSample
from sanctions_clf.classifier import linear_model
from sanctions_clf.errors import CorpusError, OutputError
from sanctions_clf.model_card import card_text
from sanctions_clf.model_output import check_output, save_model_with_card
from sanctions_clf.own_figures import FEWEST_TO_CALIBRATE
from sanctions_clf.own_folds import Material, Setup, out_of_fold, own_folds
from sanctions_clf.own_rows import OwnArticles
from sanctions_clf.own_search import compare, setups_to_try
from sanctions_clf.own_training import SHIPPED, train_own


@pytest.fixture(scope="module")
def labelled(small_corpus):
    """Short articles without evidence, as a user has them."""
    alone = [article for article in small_corpus if not article.pair]
    mixed = sorted(alone, key=lambda article: len(article.text))[:100]
    return [dataclasses.replace(article, evidence=()) for article in mixed]


@pytest.fixture(scope="module")
def others(small_corpus, labelled):
    """The rest, to train along."""
    known = {article.id for article in labelled}
    shared = {article.event for article in labelled} | {None}
    free = [a for a in small_corpus if a.id not in known and a.event not in shared and not a.pair]
    return free[:60]


@pytest.fixture(scope="module")
def alone(labelled):
    """A model of the own articles alone, several settings tried."""
    return train_own(OwnArticles(labelled))


@pytest.fixture(scope="module")
def on_top(labelled, others):
    """A model of few own articles on top of others."""
    return train_own(OwnArticles(labelled[:60]), base=others, search=False)


def test_figures_are_of_the_own_articles_with_intervals(alone, labelled):
    own = alone.card.own
    assert own.articles == len(labelled)
    assert own.without_evidence == own.relevant == sum(a.relevant for a in labelled)
    for name, (low, high) in own.intervals.items():
        assert low <= alone.card.figures[name] <= high
    assert {"average_precision", "recall_triage", "precision_strict"} <= set(own.intervals)
    assert f"out-of-fold values of {len(labelled)} of your own" in alone.card.calibration_sample


def test_the_model_that_ships_is_measured_on_the_same_articles(alone):
    """It has read these very texts, so it does better, and the card says that."""
    trial = alone.card.own.trials[-1]
    assert trial["name"] == SHIPPED
    assert trial["gain"][1] > 0
    assert any(
        "the model that ships orders your articles better" in w for w in alone.card.own.warnings
    )


def test_a_base_trains_along_and_is_not_measured_on(on_top, others):
    card = on_top.card
    assert card.corpus_size == 60 + len(others)
    assert card.own.articles == 60
    assert card.own.weight == 3
    assert "articles of" not in card.own.split


def test_articles_of_the_base_that_stand_among_the_own_ones_are_left_out(labelled, others):
    model = train_own(OwnArticles(labelled[:60]), base=[*others, *labelled[:5]], search=False)
    assert model.card.corpus_size == 60 + len(others)
    assert any("5 articles of the corpus that ships share" in w for w in model.card.own.warnings)


def test_few_own_articles_fall_back_on_the_operating_points_that_ship(labelled, others, model):
    few = [a for a in labelled if a.relevant][: FEWEST_TO_CALIBRATE - 1]
    few += [a for a in labelled if not a.relevant][:40]
    made = train_own(OwnArticles(few), base=others, search=False)
    assert made.operating_points == model.operating_points
    assert made.calibration == model.calibration
    assert any("fewer than 20 articles of a label" in w for w in made.card.own.warnings)
    assert "average_precision" in made.card.figures


def test_false_alarms_alone_may_train_on_top(labelled, others):
    made = train_own(OwnArticles([a for a in labelled if not a.relevant][:12]), base=others)
    assert made.card.figures == {}
    assert any("only 0 articles are relevant" in w for w in made.card.own.warnings)


@pytest.mark.parametrize(
    ("choose", "message"),
    [
        (lambda rows: rows[:0], "only 0 articles are relevant; label some"),
        (lambda rows: [a for a in rows if a.relevant], "only 0 articles are not_relevant"),
        (
            lambda rows: [a for a in rows if a.relevant][:9] + [a for a in rows if not a.relevant],
            "only 9 articles are relevant; training needs at least 10 .*--with-default-corpus",
        ),
        (
            lambda rows: [
                *(next(a for a in rows if a.relevant) for _ in range(12)),
                *(a for a in rows if not a.relevant),
            ],
            "relevant articles are copies or events of only 1",
        ),
    ],
    ids=["none", "one label", "few", "copies"],
)
def test_too_few_to_train_on_are_refused_with_the_mend(labelled, choose, message):
    with pytest.raises(CorpusError, match=message):
        train_own(OwnArticles(choose(labelled)))


def test_the_same_articles_give_the_same_bytes_however_many_processes(labelled, others, tmp_path):
    own = OwnArticles(labelled[:60])
    for name, jobs in (("a", 1), ("b", 2)):
        made = train_own(
            own, base=others[:60], settings=sc.Settings(word_scale=0), search=False, jobs=jobs
        )
        sc.save_model(made, tmp_path / f"{name}.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def dated(articles):
    return [
        dataclasses.replace(article, date=f"2024-{1 + i // 20:02}-{1 + i % 20:02}")
        for i, article in enumerate(articles)
    ]


def test_by_time_each_article_is_measured_by_a_model_of_earlier_ones(labelled, model):
    own = dated(labelled[:96])
    folds = own_folds(Material(own, (), model.linear), "time", 0)
    held_out = [i for _, found in folds for i in found]
    assert len(held_out) == len(set(held_out)) == 80
    for seen, found in folds:
        assert max(own[i].date for i in seen) < min(own[i].date for i in found)


def test_the_card_of_a_split_by_time_says_so(labelled, others):
    own = [*dated(labelled[:90]), *(dataclasses.replace(a, date=None) for a in labelled[90:100])]
    card = train_own(OwnArticles(own), base=others, search=False, split="time").card
    assert "forward chaining" in card.own.split
    assert any("25 articles, the earliest and those without a date" in w for w in card.own.warnings)
    undated = [dataclasses.replace(article, date=None) for article in labelled]
    with pytest.raises(CorpusError, match="--date-column"):
        train_own(OwnArticles(undated), split="time")


def test_hits_of_an_own_model_are_filed_as_those_of_the_shipped_one(alone, model):
    article = sc.Article(text="North Korea shipped artillery shells to Russia in May 2024.")
    prediction = alone.predict(article, threshold=0.01)
    assert prediction.regimes == ("dprk-1718",)
    assert prediction.measures == model.predict(article).measures != ()


def test_own_weight_moves_the_model_towards_the_own_articles(labelled, others, model):
    """An act that only one own article knows counts more with a greater weight."""
    own = [sc.LabelledArticle(text="Zorblax grumbles. " * 3, lang="it", label="relevant")]
    material = Material(own * 3, others, model.linear)
    values = [
        material.fit(Setup(sc.Settings(), weight)).decision_function(own)[0] for weight in (0.1, 10)
    ]
    assert values[0] < values[1]


def test_values_out_of_fold_are_nan_where_no_fold_holds_out(labelled, model):
    material = Material(labelled[:60], (), model.linear)
    fold = (list(range(40)), list(range(40, 50)))
    values = out_of_fold(material, [Setup(sc.Settings())], [fold])
    assert np.isnan(values).sum() == 50
    assert np.isfinite(values[0, 40:50]).all()


def chosen_of(change):
    """Which of two setups is chosen on forty articles, the second with values that differ so."""
    relevant = np.array([True] * 20 + [False] * 20)
    first = relevant + np.random.default_rng(0).normal(0, 1, 40)
    setups = setups_to_try(Setup(sc.Settings()), weighed=False)[:2]
    values = np.array([first, first + change(relevant)])
    return [trial.chosen for trial in compare(setups, values, relevant, list(map(str, range(40))))]


def test_a_setting_is_taken_only_where_it_is_surely_better():
    assert chosen_of(lambda relevant: np.random.default_rng(1).normal(0, 0.1, 40)) == [True, False]
    assert chosen_of(lambda relevant: 2.0 * relevant) == [False, True]
    assert chosen_of(lambda relevant: -2.0 * relevant) == [True, False]


def test_the_card_tells_what_was_tried_and_reads_back(alone, tmp_path):
    save_model_with_card(alone, tmp_path / "own.zip")
    again = sc.read_model(tmp_path / "own.zip")
    assert card_text(again) == card_text(alone)
    assert "| C 0.5 |" in card_text(again)
    assert "| no words |" in (tmp_path / "own.md").read_text()
    card = json.loads((tmp_path / "own.json").read_text())
    assert card["card"]["own"]["articles"] == alone.card.own.articles
    assert set(card["operating_points"]) == {"triage", "balanced", "strict"}


def test_a_card_never_takes_the_place_of_an_input(tmp_path):
    with pytest.raises(OutputError, match=r"would replace .*labels\.json; name another"):
        check_output(tmp_path / "labels.zip", [str(tmp_path / "labels.json")])
    with pytest.raises(OutputError, match=r"a model is a \.zip file"):
        check_output(tmp_path / "labels", [])
    with pytest.raises(OutputError, match="no such directory"):
        check_output(tmp_path / "none" / "own.zip", [])


def test_a_passage_without_evidence_is_looked_for_by_the_start(small_corpus, model):
    """The words beside the act are learned, not those of the song; without a start all alike."""
    song = " ".join(f"Der Chor sang das Lied {word} im alten Saal." for word in "abcdefghijklmnop")
    act = " ".join(f"Nordkorea lieferte Raketen an Russland, so Quorbel {word}." for word in "qrst")
    others = [article for article in small_corpus if article.lang == "it"]
    acts = [sc.LabelledArticle(text=f"{song} {act}", lang="de", label="relevant")] * 3

    def of_act_to_song(start):
        words = linear_model(
            sc.ArticleClassifier(start=start).fit([*others, *acts]).pipeline_
        ).words
        found = words.contributions(frozenset({"quorbel", "chor"}))
        return found["quorbel"] / found["chor"]

    assert of_act_to_song(model.linear) > 1 > of_act_to_song(None)


def test_scored_samples_of_own_articles_leave_passing_mentions_out_of_triage(labelled):
    from sanctions_clf.own_figures import Measured

    articles = [dataclasses.replace(a, prominence="passing") for a in labelled[:4]]
    sample = Measured(articles, np.zeros(4), list("abcd")).sample
    assert isinstance(sample, ScoredSample)
    assert not sample.prominent.any()
