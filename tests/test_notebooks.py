"""Notebooks are stored as they were written: no outputs, and cells that keep their names."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_text(encoding="utf-8"))["cells"]


def test_no_cell_holds_what_a_run_left(cells):
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    left = [cell["id"] for cell in code if cell["outputs"] or cell["execution_count"]]
    assert not left, f"clear the outputs of {left}: jupyter nbconvert --clear-output --inplace"


def test_every_cell_has_a_name_of_its_own(cells):
    names = [cell["id"] for cell in cells]
    assert len(names) == len(set(names))


def test_every_notebook_is_in_the_readme():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"`{path.name}`" not in readme] == []
