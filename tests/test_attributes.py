"""Models of measures, status and subtype: how they decide, learn and are kept."""

import dataclasses
import io
import json
import zipfile

import numpy as np
import pytest

import sanctions_clf as sc
from sanctions_clf.attribute_training import fit_attributes
from sanctions_clf.attributes import (
    AttributeModel,
    attribute_terms,
    likeliest,
    named_measures,
)
from sanctions_clf.classifier import linear_model
from sanctions_clf.errors import ModelFileError
from sanctions_clf.terms import read_sentences

TINY = AttributeModel(
    values={"measures": ("arms_embargo", "maritime"), "status": ("reported",), "subtype": ("x",)},
    terms=("vessel", "weapons", "shown: weapons"),
    coefficients=np.array([[0.0, 2.0, 0.0, 0.0], [1.0, 0.0, 0.5, 0.0], [0.5, -1.0, 0.0, 0.0]]),
    intercepts=np.array([-1.0, -0.5, 0.25, 0.0]),
)


def test_margins_are_intercept_and_coefficients_of_the_terms_that_are_there():
    assert TINY.margins({"weapons", "shown: weapons", "coal"}) == {
        "measures": {"arms_embargo": 0.5, "maritime": -1.5},
        "status": {"reported": 0.75},
        "subtype": {"x": 0.0},
    }


def test_terms_of_the_evidence_are_told_from_those_of_the_passage():
    sentences = read_sentences("Coal left port. North Korea denied it.", "en")
    terms = attribute_terms(sentences, sentences[1:])
    assert {"coal", "north_korea", "shown: north_korea"} <= terms
    assert "shown: coal" not in terms


def test_measures_are_named_from_zero_on_and_at_least_one():
    margins = {"arms_embargo": 0.2, "maritime": 1.5, "financial": -0.1, "aviation": 3.0}
    allowed = {"arms_embargo", "maritime", "financial"}
    assert named_measures(margins, allowed) == ("maritime", "arms_embargo")
    assert named_measures(margins, {"financial"}) == ("financial",)
    assert named_measures(margins, set()) == ()
    assert likeliest(margins) == "aviation"


def test_too_few_labelled_articles_teach_nothing(model, corpus):
    assert fit_attributes(model.linear, corpus[:100]) is None


def test_what_is_learned_says_what_the_labels_say(small_classifier, small_corpus):
    linear = linear_model(small_classifier.pipeline_)
    attributes = fit_attributes(linear, small_corpus)
    launch = read_sentences("北朝鮮が弾道ミサイルを発射した。", "ja")
    margins = attributes.margins(attribute_terms(launch, launch))
    assert named_measures(margins["measures"], {*margins["measures"]})[0] == "wmd_and_missile"
    assert likeliest(margins["subtype"]) == "launch_or_test"


def test_a_model_file_without_them_is_read_and_leaves_them_empty(model, tmp_path):
    """As files were before there were attributes."""
    path = tmp_path / "old.zip"
    sc.save_model(dataclasses.replace(model, attributes=None), path)
    again = sc.read_model(path)
    article = sc.Article(text="North Korea fired a ballistic missile.", date="2024-01-08")
    prediction = again.predict(article, threshold=0.01)
    assert prediction.regimes == ("dprk-1718",)
    assert (prediction.measures, prediction.status, prediction.subtype) == ((), None, None)


@pytest.mark.parametrize("member", ["attributes.intercepts.npy", "attributes.txt"])
def test_a_file_that_lacks_a_part_of_them_is_refused(model, tmp_path, member):
    path = tmp_path / "model.zip"
    sc.save_model(model, path)
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name != member}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    path.write_bytes(content.getvalue())
    with pytest.raises(ModelFileError):
        sc.read_model(path)


def test_values_that_do_not_fit_the_arrays_are_refused(model, tmp_path):
    path = tmp_path / "model.zip"
    sc.save_model(model, path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    head = json.loads(members["model.json"])
    head["attributes"]["status"].pop()
    members["model.json"] = json.dumps(head).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    with pytest.raises(ModelFileError, match="array"):
        sc.read_model(path)
