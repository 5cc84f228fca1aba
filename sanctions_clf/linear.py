"""The trained linear model as plain arrays: scores and explains articles without scikit-learn."""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sanctions_clf.terms import Sentence, concept_terms, read_sentences, shortness
from sanctions_clf.text.passages import windows

# Names of contributions that are no concepts. Words are marked, since a word may spell a concept.
WORD = "word: "
SHORT_PASSAGE = "short passage"

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TermBlock:
    """A block of TF-IDF terms with their coefficients.

    Attributes
    ----------
    terms : the vocabulary, in the order of the arrays.
    idf : inverse document frequency of each term, float64 (n_terms,).
    coefficients : of the logistic regression, float64 (n_terms,).
    scale : weight of the block.
    normalised : whether a passage's values are l2-normalised within the block.
    """

    terms: tuple[str, ...]
    idf: FloatArray
    coefficients: FloatArray
    scale: float
    normalised: bool
    _weights: dict[str, tuple[float, float]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        products = (self.idf * self.scale * self.coefficients).tolist()
        weights = zip(self.terms, zip(self.idf.tolist(), products, strict=True), strict=True)
        object.__setattr__(self, "_weights", dict(weights))

    def __contains__(self, term: str) -> bool:
        return term in self._weights

    def contributions(self, terms: AbstractSet[str]) -> dict[str, float]:
        """Return what each known term adds to the decision value of a passage that has `terms`."""
        known = list(terms & self._weights.keys())
        return dict(zip(known, self._added(known), strict=True))

    def values(self, terms: AbstractSet[str]) -> list[float]:
        """Return the values of `contributions`, without their terms."""
        return self._added(list(terms & self._weights.keys()))

    def _added(self, known: Sequence[str]) -> list[float]:
        found = [self._weights[term] for term in known]
        if not self.normalised:
            return [product for _, product in found]
        norm = math.sqrt(math.fsum([idf * idf for idf, _ in found]))
        return [product / norm for _, product in found]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the linear model makes of one article.

    Attributes
    ----------
    value : decision value of the most relevant passage, log-odds.
    sentences : of the article, in order.
    passage : those of its most relevant passage.
    contributions : of that passage's terms; with the intercept they add up to `value`.
    """

    value: float
    sentences: Sequence[Sentence]
    passage: Sequence[Sentence]
    contributions: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Intercept, concept block, word block, and a bonus for short passages: they add up.

    Sums are exactly rounded (`math.fsum`), so that they do not depend on the order of terms.
    """

    intercept: float
    concepts: TermBlock
    words: TermBlock
    short_passage: float
    passage_size: int

    def decide(self, text: str, lang: str | None) -> Decision:
        """Return the decision on a text by its most relevant passage, the first of equals."""
        sentences = read_sentences(text, lang, words=bool(self.words.terms))
        passages = windows(sentences, self.passage_size)
        values = [self._value(passage) for passage in passages]
        best = max(range(len(values)), key=values.__getitem__)
        return Decision(values[best], sentences, passages[best], self.contributions(passages[best]))

    def contributions(self, sentences: Sequence[Sentence]) -> dict[str, float]:
        """Return the contribution of each term of consecutive sentences taken as a passage."""
        found = self.concepts.contributions(_concepts_of(sentences))
        if short := self._short(sentences):
            found[SHORT_PASSAGE] = short
        if self.words.terms:
            words = self.words.contributions(_words_of(sentences))
            found |= {WORD + word: value for word, value in words.items()}
        return found

    def _value(self, sentences: Sequence[Sentence]) -> float:
        """The sum of intercept and contributions, most of which are never looked at."""
        added = self.concepts.values(_concepts_of(sentences))
        if self.words.terms:
            added += self.words.values(_words_of(sentences))
        return math.fsum([self.intercept, self._short(sentences), *added])

    def _short(self, sentences: Sequence[Sentence]) -> float:
        return self.short_passage * shortness(len(sentences), self.passage_size)


def _concepts_of(sentences: Sequence[Sentence]) -> set[str]:
    return concept_terms([sentence.concepts for sentence in sentences])


def _words_of(sentences: Sequence[Sentence]) -> frozenset[str]:
    return frozenset().union(*(sentence.words for sentence in sentences))
