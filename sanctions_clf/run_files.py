"""What a run keeps beside its output, under the output's name."""

import os
from pathlib import Path


def partial_directory(output: str | os.PathLike[str]) -> Path:
    """Where the parts of an unfinished run are kept."""
    return _beside(output, "partial")


def rejects_file(output: str | os.PathLike[str]) -> Path:
    """Where the records that could not be read are told."""
    return _beside(output, "rejects.jsonl")


def audit_file(output: str | os.PathLike[str]) -> Path:
    """Where the random unflagged articles are kept, to be labelled."""
    return _beside(output, "audit.jsonl")


def summary_file(output: str | os.PathLike[str]) -> Path:
    """Where the counts of a run are told, and what it was done with."""
    return _beside(output, "summary.json")


def _beside(output: str | os.PathLike[str], suffix: str) -> Path:
    return Path(f"{Path(output)}.{suffix}")
