"""Imports go one way, and heavy ones wait."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sanctions_clf

PACKAGE = Path(sanctions_clf.__file__).parent

# A module imports what stands above it, or beside it on its line, never what stands below.
LAYERS = [
    {"errors", "version", "articles"},
    {"archives"},
    {"domain"},
    {"text"},
    {"terms"},
    {"linear"},
    {"features", "evidence", "regimes", "attributes", "parties"},
    {"calibration", "metrics", "bounds", "ranking"},
    {"acts"},
    {"filing"},
    {"term_words"},
    {"classifier", "predictions", "filters", "stories"},
    {"excerpts", "highlights"},
    {"model", "summary"},
    {"model_file", "model_card", "verification"},
    {"shipped"},
    {"writers"},
    {"run_files"},
    {"run_rows"},
    {"corpus", "scoring", "shards", "model_output"},
    {"sampling", "label_files"},
    {"audit"},
    {"runs"},
    {"parts", "assembly"},
    {"workers"},
    {"batch", "estimate", "reflagging"},
    {"left_out", "weights", "evaluated", "own_rows"},
    {"attribute_training", "filing_evaluation"},
    {"headline", "operating_points", "calibration_bins", "slices"},
    {"corpus_style", "training", "evaluation", "own_folds", "own_figures"},
    {"own_search"},
    {"own_training", "tuning"},
    {"label_check"},
    {"corpus_check", "comparison", "misjudged"},
    {"evaluation_text"},
    {"reports"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def part(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sanctions_clf."):
            yield node.module.split(".")[1]


SOURCES = [path for path in PACKAGE.rglob("*.py") if part(path) != "__init__"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_lower_imports_anything_higher(path):
    own = part(path)
    for imported in imports(path):
        assert LEVEL[imported] <= LEVEL[own], f"{own} imports {imported}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["predict", "{article}"],
        ["predict", "{article}", "-f", "table"],
        ["score", "{article}"],
        ["explain", "{article}", "-f", "json"],
        ["model", "show"],
        ["model", "verify"],
        ["data", "sample", "{article}", "-o", "{output}"],
        ["label", "{rows}"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_scoring_loads_neither_scikit_learn_nor_pandas(arguments, samples, tmp_path, write_jsonl):
    paths = {
        "article": samples / "football.txt",
        "output": tmp_path / "picked.jsonl",
        "rows": write_jsonl([{"text": "Rain."}]),
    }
    arguments = [argument.format(**paths) for argument in arguments]
    code = (
        "import sys\n"
        "from sanctions_clf.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\n"
        "heavy = {'sklearn', 'pandas', 'scipy', 'matplotlib', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input="", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_help_does_not_load_numpy():
    code = "import sys, sanctions_clf.cli\nsys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
