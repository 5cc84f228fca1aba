"""A model file with its card beside it, for people and for programs."""

import os
from collections.abc import Iterable
from pathlib import Path

from sanctions_clf.errors import OutputError
from sanctions_clf.model import Model
from sanctions_clf.model_card import card_json, card_text
from sanctions_clf.model_file import save_model
from sanctions_clf.writers import whole_file

_SUFFIXES = (".md", ".json")


def card_paths(path: str | os.PathLike[str]) -> list[Path]:
    """Return where the cards of a model file go: the same name, ending in `.md` and `.json`."""
    return [Path(path).with_suffix(suffix) for suffix in _SUFFIXES]


def check_output(path: str | os.PathLike[str], inputs: Iterable[str]) -> None:
    """Refuse an output whose model or cards would take the place of an input, or go nowhere.

    Raises
    ------
    OutputError
        With the file that is in the way.
    """
    if Path(path).suffix.lower() != ".zip":
        raise OutputError(f"{os.fspath(path)}: a model is a .zip file; name it my-model.zip")
    if not Path(path).parent.is_dir():
        raise OutputError(f"{os.fspath(path)}: no such directory")
    written = {found.resolve() for found in (Path(path), *card_paths(path))}
    for name in inputs:
        if Path(name).resolve() in written:
            raise OutputError(f"{os.fspath(path)}: its card would replace {name}; name another")


def save_model_with_card(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model, and its card beside it in Markdown and JSON.

    Raises
    ------
    OutputError
        If one of the three cannot be written.
    """
    save_model(model, path)
    texts = (card_text(model, Path(path).stem), card_json(model))
    for card, text in zip(card_paths(path), texts, strict=True):
        with whole_file(card) as stream:
            stream.write(text.encode())
