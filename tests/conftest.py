"""Fixtures: a small model, the shipped one, articles to read."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from chromium import NAMES, Chromium, find_chromium
from click.testing import CliRunner

import sanctions_clf as sc
from sanctions_clf.cli import main

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def model():
    """The model that ships with the package."""
    return sc.load_model()


@pytest.fixture(scope="session")
def corpus():
    """The labelled articles that ship with the package."""
    return sc.load_corpus()


@pytest.fixture(scope="session")
def small_corpus(corpus):
    """The corpus in four languages, to train on in a second."""
    kept = [article for article in corpus if article.label != "borderline"]
    return [article for article in kept if article.lang in ("it", "de", "zh", "uk")]


@pytest.fixture(scope="session")
def small_classifier(small_corpus):
    """A classifier that was trained on the small corpus."""
    return sc.ArticleClassifier().fit(small_corpus)


@pytest.fixture
def samples():
    """The sample articles and the sample archive of the repository."""
    return ROOT / "samples"


@pytest.fixture
def write_jsonl(tmp_path):
    """A function that writes rows to a JSONL file and returns its path."""

    def write(rows, name="news.jsonl"):
        path = tmp_path / name
        path.write_text(
            "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
        )
        return path

    return write


@pytest.fixture
def command():
    """The console script of this environment, as a list to run."""
    script = shutil.which("sanctions-clf", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-m", "sanctions_clf"]


@pytest.fixture
def command_result():
    """A function that runs the command in this process and returns what came of it."""

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return invoke


@pytest.fixture
def shared():
    """The folder of real articles and domain facts, where it lies beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, the real articles that are not ours to publish")
    return SHARED


@pytest.fixture
def chromium(tmp_path_factory):
    """A headless Chromium that opens pages."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is installed")
    return Chromium(path, tmp_path_factory.mktemp("chromium"))
