"""What ships with the package: the default model and the corpus it was trained on."""

import os
from functools import cache
from pathlib import Path

from sanctions_clf.errors import CorpusError, ModelFileError
from sanctions_clf.model import Model
from sanctions_clf.model_file import read_model

MODEL_VARIABLE = "SANCTIONS_CLF_MODEL"

_PACKAGE = Path(__file__).parent
# In a wheel both lie inside the package (see `hatch_build.py`), in a checkout beside it.
_MODELS = (_PACKAGE / "resources" / "default.zip", _PACKAGE.parent / "models" / "default.zip")
_CORPORA = (_PACKAGE / "resources" / "corpus.jsonl.gz", _PACKAGE.parent / "data" / "corpus")


def load_model(path: str | os.PathLike[str] | None = None) -> Model:
    """Return the model in a file.

    Parameters
    ----------
    path : model file; None for the one that the environment variable `SANCTIONS_CLF_MODEL` names,
        else the model that ships with the package.

    Raises
    ------
    ModelFileError
        If there is none, or it is damaged.
    """
    named = path or os.environ.get(MODEL_VARIABLE)
    return read_model(named) if named else load_default_model()


def corpus_files() -> list[Path]:
    """Return the files of the labelled corpus that ships with the package.

    Raises
    ------
    CorpusError
        If the installation holds none.
    """
    for path in _CORPORA:
        found = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if found and found[0].exists():
            return found
    raise CorpusError("this installation holds no corpus; install the package again")


@cache
def load_default_model() -> Model:
    """Return the model that ships with the package, whatever the environment names."""
    for path in _MODELS:
        if path.exists():
            return read_model(path)
    raise ModelFileError(
        "this installation holds no default model; run `make model`, or name one with -m"
    )
