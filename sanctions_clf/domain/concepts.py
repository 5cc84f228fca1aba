"""The concept lexicon: one language-free name for all forms of a thing in all languages."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_DATA = files(__package__)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a concept.

    Attributes
    ----------
    text : the form; `*` at a word's end stands for any continuation of letters.
    langs : languages that list it.
    gated : whether it is a common word of another language, so that it counts only in a text
        whose language is known to be one of `langs`.
    """

    text: str
    langs: frozenset[str]
    gated: bool


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that news on sanctions speaks of, with its forms.

    Attributes
    ----------
    kind : `actor`, `place`, `act`, `good`, `maritime`, `finance`, `un` or `context`.
    not_within : name of a concept whose forms may hold one of its own (*South Sudan* holds
        *Sudan*), where it does not count; None for most.
    """

    name: str
    kind: str
    not_within: str | None
    forms: tuple[Form, ...]

    @property
    def is_actor(self) -> bool:
        """Whether it can be who acts or is acted upon; ports and cities stand for those there."""
        return self.kind in ("actor", "place")

    @property
    def is_doubt(self) -> bool:
        """Whether it is a reason to doubt an act (`ctx_*`): parades, tariffs, doping, films."""
        return self.name.startswith("ctx_")


@cache
def load_concepts() -> dict[str, Concept]:
    """All concepts of the lexicon by name."""
    entries = json.loads(_DATA.joinpath("concepts.json").read_text(encoding="utf-8"))
    ambiguous = json.loads(_DATA.joinpath("ambiguous_forms.json").read_text(encoding="utf-8"))
    gated = {(entry["concept"], entry["form"]) for entry in ambiguous}
    return {
        name: Concept(
            name, entry["kind"], entry.get("not_within"), _forms(name, entry["forms"], gated)
        )
        for name, entry in entries.items()
    }


def _forms(
    name: str, by_lang: dict[str, list[str]], gated: set[tuple[str, str]]
) -> tuple[Form, ...]:
    langs: dict[str, set[str]] = {}
    for lang, texts in by_lang.items():
        for text in texts:
            langs.setdefault(text, set()).add(lang)
    return tuple(
        Form(text, frozenset(known), (name, text) in gated) for text, known in langs.items()
    )


@cache
def lexicon_checksum() -> str:
    """SHA-256 of what terms are made of: models trained with another lexicon decide otherwise.

    Of regimes and measures that is which concepts point to each; their other facts may be mended.
    """
    digest = hashlib.sha256()
    for name in ("concepts.json", "ambiguous_forms.json"):
        digest.update(_DATA.joinpath(name).read_bytes())
    for kind in ("measures", "regimes"):
        entries = json.loads(_DATA.joinpath(f"{kind}.json").read_text(encoding="utf-8"))[kind]
        digest.update(json.dumps([[e["id"], e["concepts"]] for e in entries]).encode())
    return digest.hexdigest()
