"""Which terms a passage has: concepts, pairs of them that meet, back-off pairs, and words.

The classifier is trained on these terms through scikit-learn (`features`) and scores articles
with them directly (`linear`); both call the functions here, so that they cannot differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise
from sys import intern

from sanctions_clf.domain import load_concepts, load_measures, load_regimes
from sanctions_clf.text.concepts import concept_matcher
from sanctions_clf.text.fold import fold
from sanctions_clf.text.passages import Passage
from sanctions_clf.text.sentences import split_sentences
from sanctions_clf.text.words import split_words

PAIR = " + "
# Stands for any actor that a regime of the domain table is about.
SUBJECT = "any_regime_subject"
# Training reads the same passages in every fold; of these, some 5,000 articles, it keeps the terms,
# in some 200 MB. Scoring reads sentences and keeps none.
_PASSAGES_KEPT = 30_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text, read once for all passages that it stands in.

    Attributes
    ----------
    start, end : code-point offsets in the text.
    concepts : names of the concepts in it, those of reasons to doubt left out.
    words : its distinct words.
    """

    start: int
    end: int
    concepts: frozenset[str]
    words: frozenset[str]


def read_sentences(text: str, lang: str | None, *, words: bool = True) -> list[Sentence]:
    """Return the sentences of a text with their concepts, and their words unless left out."""
    matcher, doubts = concept_matcher(), _doubts()
    sentences = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        folded = fold(sentence)
        concepts = matcher.find_folded(folded, sentence, lang) - doubts
        found = frozenset(split_words(folded)) if words else frozenset()
        sentences.append(Sentence(start, end, concepts, found))
    return sentences


@lru_cache(maxsize=100_000)
def meeting_terms(concepts: frozenset[str]) -> frozenset[str]:
    """Return the terms of concepts that stand together: each one, and each pair with an actor."""
    actors = _actors()
    names = sorted(concepts)
    pairs = (f"{a}{PAIR}{b}" for a, b in combinations(names, 2) if a in actors or b in actors)
    return frozenset(names).union(pairs)


@lru_cache(maxsize=100_000)
def backoff_terms(concepts: frozenset[str]) -> frozenset[str]:
    """Return the pairs of each actor in a sentence with the classes of what else is in it.

    Classes are the kinds of the lexicon and the measures whose things they are. Such pairs carry
    over what no text has taught about the very two: `eritrea + any_good` knows a good that Eritrea
    was never seen with, `any_regime_subject + any_good` an actor that was never seen with goods.
    Back-off as in language models (Katz 1987).
    """
    actors = concepts & _actors()
    others = concepts - actors
    if not actors or not others:
        return frozenset()
    lexicon = load_concepts()
    classes = {lexicon[name].kind for name in others}
    classes |= {measure.id for measure in load_measures().values() if measure.concepts & concepts}
    names = [*actors, *([SUBJECT] if actors & _regime_subjects() else [])]
    return frozenset(f"{name}{PAIR}any_{found}" for name in names for found in classes)


def concept_terms(sentences: Sequence[frozenset[str]]) -> set[str]:
    """Return the concept terms of consecutive sentences, given the concepts of each.

    Concepts pair within a sentence and with those of the next, and with kinds within a sentence.
    """
    terms = set().union(*map(backoff_terms, sentences))
    if len(sentences) == 1:
        return terms | meeting_terms(sentences[0])
    for this, following in pairwise(sentences):
        terms |= meeting_terms(this | following)
    return terms


def shortness(sentences: int, passage_size: int) -> float:
    """Return how much shorter than a full passage a text is: log2 of the ratio, never negative.

    A text of one sentence has shortness 3 where passages have eight, a full passage has 0.
    """
    return max(0.0, math.log2(passage_size / max(1, sentences)))


@lru_cache(maxsize=_PASSAGES_KEPT)
def passage_concept_terms(passage: Passage) -> tuple[str, ...]:
    """Return the concept terms of a passage; the analyzer of the concept block.

    Sorted, since the order of terms decides the last digits of a fit, and sets have none.
    """
    sentences = read_sentences(passage.text, passage.lang, words=False)
    return tuple(sorted(concept_terms([sentence.concepts for sentence in sentences])))


@lru_cache(maxsize=_PASSAGES_KEPT)
def passage_word_terms(passage: Passage) -> tuple[str, ...]:
    """Return the word terms of a passage, sorted; the analyzer of the word block."""
    text = passage.text
    spans = split_sentences(text)
    words = {word for start, end in spans for word in split_words(fold(text[start:end]))}
    return tuple(sorted(map(intern, words)))


@cache
def _actors() -> frozenset[str]:
    return frozenset(name for name, concept in load_concepts().items() if concept.is_actor)


@cache
def _regime_subjects() -> frozenset[str]:
    subjects = frozenset().union(*(regime.concepts for regime in load_regimes().values()))
    return subjects & _actors()


@cache
def _doubts() -> frozenset[str]:
    """Concepts that speak against an act (`docs/model-selection.md` says why they stay out)."""
    return frozenset(name for name, concept in load_concepts().items() if concept.is_doubt)
