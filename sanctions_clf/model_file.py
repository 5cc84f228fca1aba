"""A model as one plain zip file that runs no code when it is read.

Members: `model.json` (settings, calibration, operating points, card, and a SHA-256 of every other
member), `golden.json`, for each block of terms its vocabulary as text and its two arrays as `.npy`,
and the same for the models of attributes, which older files lack. Names, sizes and checksums are
checked before anything is made of the content.
"""

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sanctions_clf.attributes import ATTRIBUTES, AttributeModel
from sanctions_clf.calibration import Calibration, OperatingPoint
from sanctions_clf.errors import ModelFileError, OutputError
from sanctions_clf.linear import LinearModel, TermBlock
from sanctions_clf.model import GoldenText, Model, ModelCard, OwnLabels

FORMAT = 1
_HEAD = "model.json"
_GOLDEN = "golden.json"
_BLOCKS = ("concepts", "words")
_MEMBERS = (
    _GOLDEN,
    *(f"{block}.{part}" for block in _BLOCKS for part in ("txt", "idf.npy", "coefficients.npy")),
)
# Beside these, in files since attributes were told.
_ATTRIBUTES = "attributes"
_OPTIONAL = tuple(f"{_ATTRIBUTES}.{part}" for part in ("txt", "coefficients.npy", "intercepts.npy"))
# Hundreds of times what the shipped model holds, and no danger to any memory.
_LARGEST_MEMBER = 256 << 20
_LARGEST_HEAD = 4 << 20
# Members carry one date, the earliest that ZIP knows, so that equal models are equal bytes.
_NO_DATE = (1980, 1, 1, 0, 0, 0)

# What an altered file makes zipfile, zlib, json, numpy or our own classes raise.
_ALTERED = (KeyError, TypeError, ValueError, NotImplementedError, RuntimeError, zlib.error)

FloatArray = npt.NDArray[np.float64]


def save_model(model: Model, path: str | os.PathLike[str]) -> None:
    """Write a model; the file appears whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    members = _members(model)
    head = {
        "format": FORMAT,
        "intercept": model.linear.intercept,
        "passage_size": model.linear.passage_size,
        "short_passage": model.linear.short_passage,
        "blocks": {name: _block_head(getattr(model.linear, name)) for name in _BLOCKS},
        "calibration": asdict(model.calibration),
        "operating_points": {name: asdict(p) for name, p in model.operating_points.items()},
        _ATTRIBUTES: model.attributes.values if model.attributes else None,
        "card": card_fields(model.card),
        "checksums": {name: hashlib.sha256(data).hexdigest() for name, data in members.items()},
    }
    partial = Path(f"{os.fspath(path)}.partial")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            for name, data in {_HEAD: _json(head), **members}.items():
                info = zipfile.ZipInfo(name, _NO_DATE)
                archive.writestr(info, data, zipfile.ZIP_DEFLATED, compresslevel=9)
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"{os.fspath(path)}: {error.strerror}") from None


def read_model(path: str | os.PathLike[str]) -> Model:
    """Return the model in a file.

    Raises
    ------
    ModelFileError
        If the file is missing, truncated, altered, or no model of this format.
    """
    name = os.fspath(path)
    try:
        with zipfile.ZipFile(path) as archive:
            head, members = _read_members(archive)
        return _model(head, members)
    except FileNotFoundError:
        raise ModelFileError(f"{name}: no such file; train a model or leave out -m") from None
    except OSError as error:
        raise ModelFileError(f"{name}: {error.strerror or error}") from None
    except zipfile.BadZipFile as error:
        raise ModelFileError(f"{name}: no model file, or a damaged one ({error})") from None
    except _ALTERED as error:
        raise ModelFileError(f"{name}: altered or not a model of ours ({error})") from None


def card_fields(card: ModelCard) -> dict[str, Any]:
    """Return a card as JSON has it; what came later than the format is left out where empty."""
    fields = asdict(card)
    return fields if card.own else {k: v for k, v in fields.items() if k != "own"}


def _card(fields: Mapping[str, Any]) -> ModelCard:
    own = fields.get("own")
    return ModelCard(**{**fields, "own": OwnLabels(**own) if own else None})


def _members(model: Model) -> dict[str, bytes]:
    members = {_GOLDEN: _json([asdict(text) for text in model.golden])}
    for name in _BLOCKS:
        block: TermBlock = getattr(model.linear, name)
        members[f"{name}.txt"] = "\n".join(block.terms).encode()
        members[f"{name}.idf.npy"] = _npy(block.idf)
        members[f"{name}.coefficients.npy"] = _npy(block.coefficients)
    if model.attributes:
        parts = model.attributes.terms, model.attributes.coefficients, model.attributes.intercepts
        data = ("\n".join(parts[0]).encode(), _npy(parts[1].ravel()), _npy(parts[2]))
        members |= dict(zip(_OPTIONAL, data, strict=True))
    return members


def _block_head(block: TermBlock) -> dict[str, Any]:
    return {"scale": block.scale, "normalised": block.normalised, "terms": len(block.terms)}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _npy(array: FloatArray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array, dtype="<f8"), allow_pickle=False)
    return buffer.getvalue()


def _read_members(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, bytes]]:
    names = archive.namelist()
    known = (*_MEMBERS, *_OPTIONAL) if _OPTIONAL[0] in names else _MEMBERS
    if sorted(names) != sorted((_HEAD, *known)):
        raise ValueError("its members are not those of a model")
    for info in archive.infolist():
        limit = _LARGEST_HEAD if info.filename == _HEAD else _LARGEST_MEMBER
        if info.file_size > limit:
            raise ValueError(f"{info.filename} is larger than {limit >> 20} MB")
    head = json.loads(archive.read(_HEAD))
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ValueError(f"not of format {FORMAT}; train it again with this version")
    members = {name: archive.read(name) for name in known}
    for name, data in members.items():
        if hashlib.sha256(data).hexdigest() != head["checksums"][name]:
            raise ValueError(f"the checksum of {name} does not hold")
    return head, members


def _model(head: Mapping[str, Any], members: Mapping[str, bytes]) -> Model:
    blocks = {name: _block(name, head["blocks"][name], members) for name in _BLOCKS}
    return Model(
        linear=LinearModel(
            intercept=float(head["intercept"]),
            concepts=blocks["concepts"],
            words=blocks["words"],
            short_passage=float(head["short_passage"]),
            passage_size=int(head["passage_size"]),
        ),
        calibration=Calibration(**head["calibration"]),
        operating_points={
            name: OperatingPoint(**point) for name, point in head["operating_points"].items()
        },
        card=_card(head["card"]),
        golden=tuple(GoldenText(**text) for text in json.loads(members[_GOLDEN])),
        attributes=_attributes(head[_ATTRIBUTES], members) if _OPTIONAL[0] in members else None,
    )


def _attributes(head: Mapping[str, Any], members: Mapping[str, bytes]) -> AttributeModel:
    values = {attribute: tuple(map(str, head[attribute])) for attribute in ATTRIBUTES}
    names, coefficients, intercepts = (members[name] for name in _OPTIONAL)
    terms = _terms(names)
    count = sum(map(len, values.values()))
    return AttributeModel(
        values=values,
        terms=terms,
        coefficients=_array(coefficients, len(terms) * count).reshape(len(terms), count),
        intercepts=_array(intercepts, count),
    )


def _block(name: str, head: Mapping[str, Any], members: Mapping[str, bytes]) -> TermBlock:
    terms = _terms(members[f"{name}.txt"])
    return TermBlock(
        terms=terms,
        idf=_array(members[f"{name}.idf.npy"], len(terms)),
        coefficients=_array(members[f"{name}.coefficients.npy"], len(terms)),
        scale=float(head["scale"]),
        normalised=bool(head["normalised"]),
    )


def _terms(data: bytes) -> tuple[str, ...]:
    return tuple(filter(None, data.decode().split("\n")))


def _array(data: bytes, size: int) -> FloatArray:
    """The array in an `.npy` member, its header held against the size that it must have."""
    buffer = io.BytesIO(data)
    if np.lib.format.read_magic(buffer) != (1, 0):
        raise ValueError("an array is of another version of the npy format")
    shape, _, dtype = np.lib.format.read_array_header_1_0(buffer)
    start = buffer.tell()
    if shape != (size,) or dtype != np.dtype("<f8") or len(data) != start + 8 * size:
        raise ValueError("an array is not of the vocabulary's size")
    array = np.frombuffer(data, dtype="<f8", offset=start)
    if not np.isfinite(array).all():
        raise ValueError("an array holds no finite numbers")
    return array
