"""Predictions, explanations, and the file that holds a model."""

import dataclasses
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.calibration import Calibration
from sanctions_clf.errors import ModelFileError
from sanctions_clf.verification import verify_model


def test_a_prediction_says_what_was_flagged_and_where(model, samples):
    article = sc.read_article(str(samples / "armes_coree_du_nord.txt"))
    prediction = model.predict(article, at="triage")
    assert prediction.flagged
    assert prediction.regimes[0] == "dprk-1718"
    for evidence in prediction.evidence:
        assert article.full_text[evidence.start : evidence.end] == evidence.text
    assert 0 < prediction.probability < 1
    assert prediction.terms[0].contribution > 0


def test_evidence_offsets_count_title_and_line_break(model):
    article = sc.Article(
        title="Ship held", text="North Korea shipped coal to China in breach of UN sanctions."
    )
    prediction = model.predict(article, threshold=0.01)
    for evidence in prediction.evidence:
        assert f"{article.title}\n{article.text}"[evidence.start : evidence.end] == evidence.text


def test_what_is_not_flagged_has_no_evidence_and_no_regime(model):
    prediction = model.predict(sc.Article(text="The council opened a swimming pool."))
    assert not prediction.flagged
    assert (prediction.evidence, prediction.regimes) == ((), ())


def test_operating_points_rise_from_triage_to_strict(model):
    triage, balanced, strict = (
        model.operating_points[name].threshold for name in ("triage", "balanced", "strict")
    )
    assert triage <= balanced <= strict


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_higher_threshold_never_flags_more(model, one, other):
    low, high = sorted((one, other))
    article = sc.Article(text="North Korea sent shells to Russia by ship.", lang="en")
    assert (
        model.predict(article, threshold=low).flagged
        >= model.predict(article, threshold=high).flagged
    )


@given(st.floats(0.001, 0.999))
def test_a_probability_leads_back_to_its_decision_value(model, probability):
    value = model.calibration.decision_value(probability)
    assert model.calibration.probability(value) == pytest.approx(probability)


def test_unknown_operating_points_and_impossible_thresholds_are_refused(model):
    with pytest.raises(ValueError, match="this model has triage, balanced, strict"):
        model.operating_point("lenient")
    with pytest.raises(ValueError, match="between 0 and 1"):
        model.operating_point(threshold=1.0)


@given(st.text(max_size=200), st.none() | st.text(max_size=20), st.none() | st.text(max_size=8))
def test_any_text_gets_a_prediction(model, text, title, lang):
    prediction = model.predict(sc.Article(text=text, title=title, lang=lang))
    assert np.isfinite(prediction.decision_value)


def test_an_explanation_adds_up(model, corpus):
    for article in corpus[::40]:
        explanation = model.explain(article)
        total = explanation.intercept + sum(c.contribution for c in explanation.contributions)
        assert total == pytest.approx(explanation.prediction.decision_value, rel=1e-9, abs=1e-9)
        assert explanation.passage in article.full_text


def test_a_frame_gives_the_rows_that_articles_give(model, corpus):
    articles = corpus[:6]
    frame = pd.DataFrame(
        [{"headline": a.title, "body": a.text, "lang": a.lang, "date": a.date} for a in articles],
        index=list("uvwxyz"),
    )
    found = model.predict_frame(frame)
    assert list(found.index) == list("uvwxyz")
    expected = [model.predict(article).decision_value for article in articles]
    assert found["decision_value"].tolist() == expected


def test_a_frame_with_missing_cells(model):
    frame = pd.DataFrame({"text": ["A text.", "Another."], "title": [np.nan, None]})
    assert model.predict_frame(frame)["title"].isna().all()


def test_predict_articles_is_lazy_and_keeps_order(model):
    texts = (sc.Article(text=f"Text {n}.", id=str(n)) for n in range(5))
    predictions = model.predict_articles(texts)
    assert next(predictions).id == "0"
    assert [p.id for p in predictions] == ["1", "2", "3", "4"]


def test_a_model_file_gives_the_model_back(model, tmp_path, corpus):
    path = tmp_path / "model.zip"
    sc.save_model(model, path)
    again = sc.read_model(path)
    assert again.card == model.card
    assert again.golden == model.golden
    for article in corpus[::50]:
        assert again.predict(article) == model.predict(article)
    assert verify_model(again) == []


def test_equal_models_are_equal_bytes(model, tmp_path):
    sc.save_model(model, tmp_path / "a.zip")
    sc.save_model(sc.read_model(tmp_path / "a.zip"), tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_verify_tells_a_model_that_decides_otherwise(model):
    shifted = dataclasses.replace(
        model, linear=dataclasses.replace(model.linear, intercept=model.linear.intercept + 0.1)
    )
    assert len(verify_model(shifted)) == len(model.golden)


def rewritten(path, **members):
    """The model file at `path` with members replaced, and checksums made to fit again."""
    import hashlib

    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    content |= {name.replace("__", "."): data for name, data in members.items()}
    head = json.loads(content["model.json"])
    for name in head["checksums"]:
        head["checksums"][name] = hashlib.sha256(content[name]).hexdigest()
    content["model.json"] = json.dumps(head).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


HUGE_HEADER = npy(np.zeros(1)).replace(b"(1,)", b"(1000000000000,)")


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-500]),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a zip"),
        lambda path: path.write_bytes(path.read_bytes().replace(b"PK\x01\x02", b"PK\x01\x03", 1)),
        lambda path: path.write_bytes(
            b"".join([(data := path.read_bytes())[:3000], b"\xff" * 40, data[3040:]])
        ),
        lambda path: rewritten(path, concepts__idf__npy=npy(np.zeros(3))),
        lambda path: rewritten(path, concepts__idf__npy=HUGE_HEADER),
        lambda path: rewritten(path, words__idf__npy=npy(np.array([{}]), allow_pickle=True)),
        lambda path: rewritten(path, golden__json=b"[{}]"),
        lambda path: zipfile.ZipFile(path, "a").writestr("extra.py", "print(1)"),
    ],
    ids=[
        "cut at the end", "cut early", "empty", "foreign", "directory altered", "content altered",
        "wrong size", "huge header", "pickled objects", "golden texts altered", "extra member",
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_or_foreign_model_file_is_one_clear_line(model, tmp_path, harm):
    path = tmp_path / "model.zip"
    sc.save_model(model, path)
    harm(path)
    with pytest.raises(ModelFileError, match=r"model\.zip: ") as caught:
        sc.read_model(path)
    assert "\n" not in str(caught.value)


def test_a_missing_model_file_is_one_clear_line(tmp_path):
    with pytest.raises(ModelFileError, match=r"none\.zip: no such file; .*leave out -m"):
        sc.load_model(tmp_path / "none.zip")


def test_the_environment_names_the_model(model, tmp_path, monkeypatch):
    path = tmp_path / "own.zip"
    sc.save_model(dataclasses.replace(model, golden=()), path)
    monkeypatch.setenv("SANCTIONS_CLF_MODEL", str(path))
    assert sc.load_model().golden == ()


@given(st.floats(-20, 20), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_odds_at_another_prevalence_change_as_the_odds_of_the_share(value, before, after):
    """Bayes' rule: the evidence of an article, its likelihood ratio, stays the same."""
    calibration = Calibration(slope=1.2, intercept=-3.0, share_relevant=before)
    rebased = calibration.at_prevalence(after)

    def odds(share):
        return share / (1 - share)

    expected = odds(calibration.probability(value)) * odds(after) / odds(before)
    assert rebased.probability(value) == pytest.approx(expected / (1 + expected), abs=1e-9)
    assert rebased.share_relevant == after


def test_a_prevalence_changes_probabilities_and_not_what_an_operating_point_flags(model):
    article = sc.Article(text="North Korea shipped artillery shells to Russia.")
    rare = model.at_prevalence(0.001)
    assert rare.predict(article).probability < model.predict(article).probability
    assert rare.predict(article).flagged
    assert not rare.predict(article, threshold=0.5).flagged
    with pytest.raises(ValueError, match="between 0 and 1"):
        model.at_prevalence(0)
