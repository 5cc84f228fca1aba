"""The wheel holds all it needs: model and corpus lie outside the package in the repository."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this repository, built without network."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_holds_model_and_corpus_and_no_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "sanctions_clf/resources/default.zip" in names
    assert "sanctions_clf/resources/corpus.jsonl.gz" in names
    assert "sanctions_clf/domain/concepts.json" in names
    assert "sanctions_clf/reports/templates/base.html" in names
    assert not [name for name in names if name.startswith(("tests/", "data/", "build/"))]


def test_the_wheel_predicts_outside_the_repository(wheel, tmp_path, samples, model, corpus):
    """Unpacked elsewhere it finds its own model, and decides as the repository does."""
    home = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(home)
    article = samples / "armes_coree_du_nord.txt"
    code = (
        "import json, sys, sanctions_clf as sc\n"
        "article = sc.read_article(sys.argv[1])\n"
        "value = sc.load_model().predict(article).decision_value\n"
        "print(json.dumps([sc.__file__, value, len(sc.load_corpus())]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, article],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(home)},
        check=True,
        capture_output=True,
        text=True,
    )
    where, value, size = json.loads(done.stdout)
    import sanctions_clf as sc

    assert where.startswith(str(home))
    assert value == model.predict(sc.read_article(str(article))).decision_value
    assert size == len(corpus)
