"""The pipeline and the estimator, and that plain scoring equals them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

import sanctions_clf as sc
from sanctions_clf.classifier import article_passages, fitted_pipeline, linear_model
from sanctions_clf.terms import concept_terms, passage_concept_terms
from sanctions_clf.text.languages import resolve_language

EVERYWHERE = st.text(
    st.sampled_from("North Korea Iran shells ship sanctions UN 北朝鮮 石炭 оружие .!?\n"),
    max_size=300,
)


def labelled(text, *, relevant, evidence=(), lang="en"):
    label = "relevant" if relevant else "not_relevant"
    return sc.LabelledArticle(text=text, lang=lang, label=label, evidence=evidence)


def pairs_of_concepts(sentences):
    return {term for term in concept_terms(sentences) if " + any_" not in term}


def test_concepts_pair_within_two_sentences_and_with_an_actor_only():
    """Worked out by hand: north_korea is an actor, coal and vessel are not."""
    first, second, third = frozenset({"north_korea"}), frozenset({"coal"}), frozenset({"vessel"})
    assert pairs_of_concepts([first, second, third]) == {
        "north_korea",
        "coal",
        "vessel",
        "coal + north_korea",
    }
    assert pairs_of_concepts([first | third]) == {
        "north_korea",
        "vessel",
        "north_korea + vessel",
    }
    assert concept_terms([frozenset()]) == set()


def test_actors_of_a_sentence_back_off_to_classes_and_to_any_subject_of_a_regime():
    """Eritrea is what a regime was about, Kenya is not; coal is a good and a natural resource."""
    together = frozenset({"eritrea", "kenya", "coal"})
    found = concept_terms([together]) - pairs_of_concepts([together])
    assert found == {
        f"{name} + {any_of}"
        for name in ("eritrea", "kenya", "any_regime_subject")
        for any_of in ("any_good", "any_natural_resources")
    }
    apart = [frozenset({"eritrea"}), frozenset({"coal"})]
    assert concept_terms(apart) == pairs_of_concepts(apart)


def test_terms_of_a_passage_leave_out_reasons_to_doubt():
    """Procedure counts (denied, prosecuted), parades and tariffs do not."""
    text = "A court charged a man. North Korea denied it. Soldiers marched in a military parade."
    terms = passage_concept_terms(sc.Passage(text, "en"))
    assert {"north_korea", "st_denied", "st_prosecuted"} <= set(terms)
    assert not any("ctx_" in term for term in terms)


def test_decision_values_are_what_the_formula_says(small_classifier):
    """By hand for one passage: presence x idf x scale x coefficient, words over norm,
    and the bonus of a short passage.
    """
    linear = linear_model(small_classifier.pipeline_)
    passage = sc.Passage("Nordkorea verschiffte Kohle.", "de")
    block = linear.concepts
    known = [term for term in passage_concept_terms(passage) if term in block]
    assert known
    expected = linear.intercept + sum(
        block.scale * block.idf[i] * block.coefficients[i] for i in map(block.terms.index, known)
    )
    words = linear.words
    found = [words.terms.index(w) for w in ("nordkorea", "kohle") if w in words]
    norm = np.sqrt(sum(words.idf[i] ** 2 for i in found))
    expected += sum(words.scale * words.idf[i] * words.coefficients[i] for i in found) / (norm or 1)
    expected += linear.short_passage * 3  # one sentence of eight: three halvings
    value = small_classifier.pipeline_.decision_function([passage])[0]
    assert value == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("source", ["trained", "rebuilt"])
def test_plain_scoring_equals_the_pipeline(source, small_classifier, corpus):
    """Decision values without scikit-learn are the Pipeline's, on real lengths and languages."""
    pipeline = small_classifier.pipeline_
    linear = linear_model(pipeline)
    if source == "rebuilt":
        pipeline = fitted_pipeline(linear, sc.Settings())
    articles = corpus[::9]
    for article in articles:
        text = article.full_text
        lang, _ = resolve_language(article.lang, text)
        expected = pipeline.decision_function(article_passages(article)).max()
        assert linear.decide(text, lang).value == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(EVERYWHERE)
def test_contributions_and_intercept_are_the_decision_value(model, text):
    decision = model.linear.decide(text, "en")
    total = model.linear.intercept + sum(decision.contributions.values())
    assert total == pytest.approx(decision.value, rel=1e-9, abs=1e-9)


@settings(max_examples=20)
@given(st.lists(EVERYWHERE, min_size=1, max_size=6))
def test_batches_never_change_values(small_classifier, texts):
    articles = [sc.Article(text=text, lang="en") for text in texts]
    together = small_classifier.decision_function(articles)
    alone = [small_classifier.decision_function([article])[0] for article in articles]
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-12)


def test_an_article_is_as_relevant_as_its_most_relevant_passage(small_classifier):
    filler = "The council met. " * 40
    act = "Nordkorea verschiffte Kohle auf Frachtern nach China."
    alone = sc.Article(text=act, lang="de")
    hidden = sc.Article(text=filler + act + " " + filler, lang="de")
    empty = sc.Article(text=filler, lang="de")
    values = small_classifier.decision_function([alone, hidden, empty])
    assert values[1] > values[2] + 0.3


def test_only_passages_with_evidence_teach(small_corpus):
    """What else a relevant article holds is left out: its filler gets no weight of relevance."""
    act = "North Korea shipped coal."
    filler = " ".join(f"Banana number {i} is ripe." for i in range(40))
    rows = [
        labelled(f"{filler} {act}", relevant=True, evidence=(act,)),
        *[labelled(f"Apples grow in garden {i}.", relevant=False) for i in range(3)],
    ] * 3
    classifier = sc.ArticleClassifier(
        sc.make_pipeline(sc.Settings(word_min_df=1, word_max_df=1.0))
    ).fit(rows)
    terms = linear_model(classifier.pipeline_).words.terms
    assert "coal" in terms
    assert sum(len(article_passages(row)) for row in rows) > 9 * 2
    passages = article_passages(rows[0])
    values = classifier.pipeline_.decision_function(passages)
    assert np.argmax(values) == len(passages) - 1


def test_the_passage_nearest_to_a_false_alarm_teaches_most_in_a_not_relevant_article():
    """A refusal deep in a long article teaches about as much as one that stands alone."""
    act, refusal = "North Korea shipped coal.", "North Korea never mined coal."
    filler = [f"Banana {i} is ripe. " * 8 for i in range(10)]
    taught = []
    for text in (refusal, "".join([*filler[:5], refusal, *filler[5:]])):
        rows = [
            labelled(act, relevant=True, evidence=(act,)),
            labelled(text, relevant=False),
            *[labelled(part, relevant=False) for part in filler],
        ] * 3
        classifier = sc.ArticleClassifier().fit(rows)
        taught.append(classifier.decision_function([sc.Article(text=refusal, lang="en")])[0])
    alone, within = taught
    assert within == pytest.approx(alone, abs=0.5)


def test_rows_without_evidence_still_teach(small_corpus):
    bare = [
        sc.LabelledArticle(text=a.text, title=a.title, lang=a.lang, label=a.label)
        for a in small_corpus
    ]
    classifier = sc.ArticleClassifier().fit(bare)
    labels = np.array([article.relevant for article in bare])
    values = classifier.decision_function(bare)
    assert values[labels].mean() > values[~labels].mean() + 0.3


def test_the_pipeline_is_a_genuine_scikit_learn_one(small_corpus):
    pipeline = clone(sc.make_pipeline())
    pipeline.set_params(linear__C=2.0, features__concepts__min_df=3)
    assert pipeline.get_params()["linear__C"] == 2.0
    search = GridSearchCV(
        sc.ArticleClassifier(pipeline),
        {"pipeline__linear__C": [0.1, 1.0]},
        scoring="average_precision",
        cv=2,
    )
    labels = np.array([int(article.relevant) for article in small_corpus])
    search.fit(small_corpus, labels)
    assert search.best_params_["pipeline__linear__C"] in (0.1, 1.0)


def test_the_pipeline_names_its_features(small_classifier):
    features = small_classifier.pipeline_.named_steps["features"]
    names = features.get_feature_names_out()
    assert names[-1] == "length__shortness"
    assert len(names) == small_classifier.pipeline_.named_steps["linear"].coef_.shape[1]


def test_a_model_gives_its_pipeline_to_refit(model, small_corpus):
    pipeline = model.pipeline
    passages = [passage for a in small_corpus[:40] for passage in article_passages(a)]
    labels = [i % 2 for i in range(len(passages))]
    refitted = clone(pipeline).fit(passages, labels)
    assert refitted.decision_function(passages).shape == (len(passages),)


def test_no_articles_give_no_values(small_classifier):
    assert small_classifier.decision_function([]).shape == (0,)
