"""How a flagged article is filed: regime, measures, status, date, and without launches."""

import dataclasses

import pytest

import sanctions_clf as sc
from sanctions_clf.filing import Filing
from sanctions_clf.filing_evaluation import filing_figures, filing_lines

LAUNCH = sc.Article(
    text="North Korea fired a ballistic missile into the sea on Monday, Seoul said.",
    lang="en",
    date="2023-07-12",
)
COAL = sc.Article(
    text="A North Korean ship moved coal to another vessel off Nampo in May 2019, experts said. "
    "Pyongyang denied it.",
    lang="en",
    date="2020-03-01",
)


def filed(model, article):
    return model.predict(article, threshold=0.001)


def test_a_hit_says_regime_measures_status_and_date(model):
    prediction = filed(model, COAL)
    assert (prediction.regimes, prediction.regime_by) == (("dprk-1718",), "rule")
    assert {*prediction.measures} == {"maritime", "natural_resources"}
    assert prediction.status
    assert prediction.denied
    assert (prediction.act_date, prediction.act_date_from) == ("2019-05", "text")
    assert {"coal", "north_korea"} <= {party.name for party in prediction.parties}


def test_what_is_not_flagged_is_not_filed(model):
    prediction = model.predict(sc.Article(text="The council opened a swimming pool."))
    row = prediction.to_row()
    assert all(row[part.name] in (None, []) for part in dataclasses.fields(Filing))


@pytest.mark.parametrize(
    ("act", "regimes", "contested"),
    [
        ("in May 2014", ("iran-1737",), False),
        ("in September 2022", ("iran-2231",), False),
        ("in May 2024", (), False),
        ("in November 2025", ("iran-1737",), True),
    ],
)
def test_the_windows_of_iran(model, act, regimes, contested):
    """Between October 2023 and September 2025 no measure forbade Iran to export arms."""
    article = sc.Article(
        text=f"Iran shipped attack drones to Russia {act}, officials said.",
        lang="en",
        date="2026-02-01",
    )
    prediction = filed(model, article)
    assert (prediction.regimes, prediction.contested) == (regimes, contested)


def test_a_court_judges_the_breach_of_an_embargo_that_has_ended(model):
    text = "The court convicted a trader who had sold rifles to Liberia{}."
    told = sc.Article(text=text.format(" in 2002"), lang="en", date="2017-04-21")
    untold = sc.Article(text=text.format(""), lang="en", date="2017-04-21")
    prediction = filed(model, told)
    assert (prediction.regimes, prediction.act_date) == (("liberia-1521",), "2002")
    assert prediction.status == "prosecuted"
    assert filed(model, untold).regimes == ()


def test_whom_the_passage_leaves_unsaid_the_rest_of_the_article_names(model):
    filler = "Rain fell on the town. " * 12
    text = f"North Korea held a parade. {filler} Coal was moved between ships at sea by night."
    article = sc.Article(text=text, lang="en", date="2020-03-01")
    assert filed(model, article).regimes == ("dprk-1718",)


def test_launches_can_be_left_out_and_their_decision_value_stays(model):
    prediction = filed(model, LAUNCH)
    assert (prediction.flagged, prediction.subtype) == (True, "launch_or_test")
    left_out = prediction.without("launch_or_test")
    assert (left_out.flagged, left_out.regimes, left_out.evidence) == (False, (), ())
    assert left_out.subtype == "launch_or_test"
    assert left_out.decision_value == prediction.decision_value
    assert filed(model, COAL).without("launch_or_test") == filed(model, COAL)


def test_a_launch_is_one_only_where_missiles_are_forbidden(model):
    article = sc.Article(
        text="Hezbollah fired rockets from Lebanon into Israel.", lang="en", date="2024-11-27"
    )
    assert filed(model, article).subtype != "launch_or_test"


def test_figures_are_counted_by_hand():
    told = [
        sc.LabelledArticle(text="", label="relevant", act_date="2020-05", **labels)
        for labels in (
            {"regimes": ("a", "b"), "measures": ("x",), "status": "reported"},
            {"regimes": ("a",), "measures": ("x", "y"), "status": "alleged"},
        )
    ]
    found = [
        Filing(regimes=("a",), measures=("x", "y"), status="reported", act_date="2020"),
        Filing(regimes=("c", "d", "a"), measures=("y",), status="reported", act_date="2021"),
    ]
    figures = filing_figures(told, found)
    assert figures.micro_f1("regimes") == pytest.approx(2 * 2 / (3 + 4))
    assert figures.micro_f1("measures") == pytest.approx(2 * 2 / (3 + 3))
    assert (figures.micro_f1("status"), figures.macro_f1("status")) == (0.5, 0.0)
    assert (figures.first_two, figures.year, figures.dated) == (0.5, 0.5, 2)
    assert " 0.571  regimes, micro-F1" in filing_lines(figures)
