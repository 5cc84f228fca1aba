"""What the first user tries: the founding kind of article is a hit, everyday news is not."""

import json

import pytest

import sanctions_clf as sc


def test_arms_for_russia_are_a_hit(model, samples):
    """Flagged by default, filed under North Korea, with a sentence on the shells as evidence."""
    prediction = model.predict(sc.read_article(str(samples / "armes_coree_du_nord.txt")))
    assert prediction.flagged
    assert prediction.regimes == ("dprk-1718",)
    assert any("munitions" in evidence.text for evidence in prediction.evidence)


@pytest.mark.parametrize("name", ["football", "sanctions_europeennes", "necrologie"])
def test_everyday_french_news_is_none(model, samples, name):
    article = sc.read_article(str(samples / f"{name}.txt"))
    assert not model.predict(article, at="triage").flagged


def test_the_founding_example_is_a_hit(model, shared):
    """An agency article of October 2024 on North Korean soldiers for Russia."""
    (path,) = (shared / "seed").glob("*.txt")
    prediction = model.predict(sc.read_article(str(path)))
    assert prediction.flagged
    assert prediction.regimes == ("dprk-1718",)
    said = " ".join(evidence.text for evidence in prediction.evidence)
    assert "soldats" in said or "transferts d'armes" in said or "troupes" in said


def test_the_sample_archive_has_hits_in_many_languages(model, samples, tmp_path):
    out = tmp_path / "hits.jsonl"
    summary = sc.score_archive([samples / "archive.jsonl.gz"], out, model=model)
    hits = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert summary.rejected == 0
    assert 0 < summary.flagged < summary.records / 2
    assert len({hit["lang"] for hit in hits}) >= 4
    assert all(hit["evidence"] and hit["regimes"] for hit in hits)
