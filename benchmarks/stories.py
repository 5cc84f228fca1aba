"""Whether edited copies of an article share its story, and others do not, at several thresholds.

Originals are the articles of the corpus with at least six paragraphs and no twin. Edits of one kind
at a time are made of each and grouped together with the whole corpus, all on random days. A cell is
recall / precision of pairs, by least containment or, for comparison, by Jaccard similarity alone.
Twins of a minimal pair differ by a fact or two: pairs of them and of their copies count neither
way, and the last table tells how many are in one story.

    python benchmarks/stories.py
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from unittest.mock import patch

import numpy as np

from sanctions_clf import stories
from sanctions_clf.articles import LabelledArticle
from sanctions_clf.corpus import load_corpus
from sanctions_clf.text.scripts import UNSPACED
from sanctions_clf.text.sentences import split_sentences

THRESHOLDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.8)
JACCARD = (0.2, 0.3, 0.5)
FEWEST_PARAGRAPHS = 6
BOILERPLATED_THIRD = "first third, byline and boilerplate"
BYLINE = (
    "By our correspondent, with agency reports. Updated on Tuesday at 18:04, reading time 3 min."
)
BOILERPLATE = (
    "Follow us on our channels for the latest news. This article was produced by a news agency and "
    "published without changes to its text. All rights reserved; no part of it may be reproduced "
    "without written permission of the publisher. Subscribe to our newsletter."
)

_PIECE = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """A text to group: `original` is the id of what it was made from, `twins` of its pair."""

    text: str
    original: str
    twins: str


Edit = Callable[[list[str], list[str], np.random.Generator], list[str]]
"""Makes the paragraphs of a copy from those of the original and of another in its language."""


def main() -> None:
    """Print recall and precision by kind of edit, and the share of minimal pairs grouped."""
    corpus = load_corpus()
    own = [Text(a.text, a.id or "", a.pair or a.id or "") for a in corpus]
    made = {name: list(_edited(corpus, edit)) for name, edit in EDITS.items()}
    # Short texts with one long boilerplate are the hard kind, and would hide the rest.
    others = [texts for name, texts in made.items() if name != BOILERPLATED_THIRD]
    made["all but boilerplated thirds"] = [text for texts in others for text in texts]
    made["round-up of three, beside halves"] = [*made["first half"], *_round_ups(corpus)]
    names = [f"{share}" for share in THRESHOLDS] + [f"Jaccard {share}" for share in JACCARD]
    print("| edit | copies |", " | ".join(names), "|")
    print("|---|---|" + "---|" * len(names))
    for name, texts in made.items():
        found = [_grouped([*own, *texts], share, plain=False) for share in THRESHOLDS]
        # Of sets of one size, Jaccard j is containment 2j / (1 + j).
        found += [_grouped([*own, *texts], 2 * j / (1 + j), plain=True) for j in JACCARD]
        cells = [_recall_and_precision([*own, *texts], groups) for groups in found]
        print(f"| {name} | {len(texts)} |", " | ".join(cells), "|")
    print("\n| minimal pairs |", " | ".join(names[: len(THRESHOLDS)]), "|")
    print("|---|" + "---|" * len(THRESHOLDS))
    cells = [_twins_grouped(own, _grouped(own, share, plain=False)) for share in THRESHOLDS]
    print("| in one story |", " | ".join(cells), "|")


def _halved(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return own[: len(own) // 2]


def _third(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return own[: len(own) // 3]


def _headed(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return [_first_sentence(other[0]), *own]


def _spliced(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    middle = len(own) // 2
    return [*own[:middle], other[rng.integers(len(other))], *own[middle:]]


def _surrounded(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return [*other[:1], *own, *other[-1:]]


def _framed(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return [BYLINE, *own, BOILERPLATE]


def _framed_third(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    return [BYLINE, *_third(own, other, rng), BOILERPLATE]


def _reworded(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    """Of one sentence in five, every fourth word (or character) is another text's."""
    theirs = _PIECE.findall(" ".join(other))
    made, sentence = [], 0
    for paragraph in own:
        parts = []
        for start, end in split_sentences(paragraph):
            pieces = _PIECE.findall(paragraph[start:end])
            if sentence % 5 == 0:
                pieces[::4] = (theirs[i] for i in rng.integers(len(theirs), size=len(pieces[::4])))
            sentence += 1
            parts.append("".join(pieces))
        made.append(" ".join(parts))
    return made


def _restyled(own: list[str], other: list[str], rng: np.random.Generator) -> list[str]:
    """Capitals, and no punctuation."""
    return [
        "".join(" " if unicodedata.category(c)[0] == "P" else c for c in paragraph.upper())
        for paragraph in own
    ]


EDITS: dict[str, Edit] = {
    "first half": _halved,
    "first third": _third,
    "new headline": _headed,
    "a paragraph spliced in": _spliced,
    "between two others' paragraphs": _surrounded,
    "byline and boilerplate": _framed,
    BOILERPLATED_THIRD: _framed_third,
    "one sentence in five reworded": _reworded,
    "capitals, no punctuation": _restyled,
}


def _first_sentence(paragraph: str) -> str:
    """The first sentence of a paragraph."""
    start, end = split_sentences(paragraph)[0]
    return paragraph[start:end]


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.splitlines() if split_sentences(line)]


def _originals(corpus: Sequence[LabelledArticle]) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield id and paragraphs of each original, and those of the next in its language."""
    by_language = defaultdict(list)
    for article in corpus:
        paragraphs = _paragraphs(article.text)
        if not article.pair and len(paragraphs) >= FEWEST_PARAGRAPHS:
            by_language[article.lang].append((article.id or "", paragraphs))
    for found in by_language.values():
        for (name, own), (_, other) in zip(found, found[1:] + found[:1], strict=True):
            yield name, own, other


def _edited(corpus: Sequence[LabelledArticle], edit: Edit) -> Iterator[Text]:
    rng = np.random.default_rng(1)
    for name, own, other in _originals(corpus):
        yield Text("\n".join(edit(own, other, rng)), name, name)


def _round_ups(corpus: Sequence[LabelledArticle]) -> Iterator[Text]:
    """Yield texts of the first thirds of three originals, which are copies of none."""
    found = [own for _, own, _ in _originals(corpus)]
    for i in range(0, len(found) - 2, 3):
        lines = [line for own in found[i : i + 3] for line in own[: len(own) // 3]]
        yield Text("\n".join(lines), "", "")


def _grouped(texts: Sequence[Text], share: float, *, plain: bool) -> list[str]:
    rng = np.random.default_rng(2)
    days = [f"2024-01-{day:02}" for day in rng.integers(1, 32, size=len(texts))]
    signatures = [_signature(text.text, plain=plain) for text in texts]
    with patch.object(stories, "SAME_STORY", share):
        return stories.group_stories([str(i) for i in range(len(texts))], signatures, days)


_made: dict[str, bytes] = {}


def _signature(text: str, *, plain: bool) -> bytes:
    """The signature, with a plain one's set said to be of the size of all others."""
    if text not in _made:
        _made[text] = stories.signature(text)
    made = _made[text]
    return np.uint32(1000).tobytes() + made[4:] if plain else made


def _recall_and_precision(texts: Sequence[Text], groups: Sequence[str]) -> str:
    right = wrong = 0
    members = defaultdict(list)
    for text, group in zip(texts, groups, strict=True):
        # A round-up is a copy in part of three, and neither right nor wrong with any of them.
        if text.original:
            members[group].append(text)
    for found in members.values():
        same = _pairs(Counter(text.original for text in found))
        twins = _pairs(Counter(text.twins for text in found))
        right += same
        wrong += len(found) * (len(found) - 1) // 2 - twins
    true = _pairs(Counter(text.original for text in texts if text.original))
    return f"{right / true:.3f} / {right / max(1, right + wrong):.3f}"


def _pairs(counts: Counter[str]) -> int:
    return sum(count * (count - 1) // 2 for count in counts.values())


def _twins_grouped(texts: Sequence[Text], groups: Sequence[str]) -> str:
    together = _pairs(Counter(zip((t.twins for t in texts), groups, strict=True)))  # type: ignore[arg-type]
    return f"{together / _pairs(Counter(text.twins for text in texts)):.2f}"


if __name__ == "__main__":
    main()
