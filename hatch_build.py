"""Build rule: the default model and the compressed corpus go into the wheel."""

import gzip
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ResourcesHook(BuildHookInterface):
    """Adds `models/default.zip` and `data/corpus/*.jsonl` as `sanctions_clf/resources/`.

    An editable install finds both beside the package instead.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to include; called by hatchling before it builds a wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        corpus = root / "build" / "corpus.jsonl.gz"
        corpus.parent.mkdir(exist_ok=True)
        rows = b"".join(path.read_bytes() for path in sorted(root.glob("data/corpus/*.jsonl")))
        corpus.write_bytes(gzip.compress(rows, mtime=0))
        build_data["force_include"] |= {
            str(root / "models" / "default.zip"): "sanctions_clf/resources/default.zip",
            str(corpus): "sanctions_clf/resources/corpus.jsonl.gz",
        }
