"""Find the concepts of the lexicon in a sentence."""

import gc
import re
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import NamedTuple

import ahocorasick_rs

from sanctions_clf.domain import load_concepts
from sanctions_clf.domain.concepts import Form
from sanctions_clf.text.fold import compose, fold
from sanctions_clf.text.scripts import SPACED_LETTER
from sanctions_clf.text.sentences import Span
from sanctions_clf.text.unfold import unfold_spans

_LETTER = re.compile(SPACED_LETTER)
_WORD_REST = re.compile(f"{SPACED_LETTER}*")
_LONGEST_ACRONYM = 4
_FIRST_OF_CJK = "\u2e80"
# What Arabic writes together with a noun: wa- or fa-, then bi-, ka- or li-, then al-, with li- and
# al- drawn together (here in folded letters).
_ARABIC_CLITICS = re.compile(rf"(?<!{SPACED_LETTER})[وف]?(?:[بکل]?(?:ال)?|لل)$")
_LONGEST_CLITICS = 5


class _Pattern(NamedTuple):
    """What is checked once the literal head of a form has been found."""

    concept: str
    langs: frozenset[str] | None  # the only languages it counts in, None for any
    whole_start: bool
    whole_end: bool
    clitics: bool
    rest: str  # regular expression of what follows the head, where the form has a star inside
    tail: str  # the form's last literal part, empty where it has no star inside


class _Forms:
    """Finds many forms in one pass over a text."""

    def __init__(self, by_head: dict[str, list[_Pattern]]) -> None:
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_head), store_patterns=False)
        self._patterns = list(by_head.values())
        # Most matches lie inside longer words, and are seen to by these two before anything else.
        self._at_start = [
            all(pattern.whole_start and not pattern.clitics for pattern in patterns)
            for patterns in self._patterns
        ]
        self._at_end = [
            all(pattern.whole_end and not pattern.rest for pattern in patterns)
            for patterns in self._patterns
        ]

    def find(self, text: str, lang: str | None) -> set[str]:
        found: set[str] = set()
        at_start, at_end, length = self._at_start, self._at_end, len(text)
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if start and at_start[index] and _is_plain_letter(text[start - 1]):
                continue
            if end < length and at_end[index] and _is_plain_letter(text[end]):
                continue
            for pattern in self._patterns[index]:
                if (
                    pattern.concept not in found
                    and pattern.tail in text  # rules out most, at a tenth of the price
                    and _holds(pattern, text, start, end, lang)
                ):
                    found.add(pattern.concept)
        return found

    def spans(self, text: str, lang: str | None, concept: str) -> list[tuple[int, int]]:
        """Where a concept's forms begin, and where their literal heads end."""
        return [
            (start, end)
            for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
            for pattern in self._patterns[index]
            if pattern.concept == concept and _holds(pattern, text, start, end, lang)
        ]

    def whole_spans(
        self, text: str, lang: str | None, names: Collection[str]
    ) -> Iterator[tuple[str, int, int]]:
        """Each of these concepts with where one of its forms begins and ends, stars filled in."""
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for pattern in self._patterns[index]:
                if (
                    pattern.concept in names
                    and pattern.tail in text
                    and _holds(pattern, text, start, end, lang)
                ):
                    yield pattern.concept, start, _whole_end(pattern, text, end)


class ConceptMatcher:
    """Finds all forms of all languages at once.

    A form counts in any text, whatever its language, unless it is gated. It starts and ends at a
    word's edge in scripts with spaces, save after Arabic clitics and before a star. Acronyms of
    up to four capitals are looked up in the text as written, since *un*, *car* or *is* are words.
    """

    def __init__(self) -> None:
        folded: dict[str, list[_Pattern]] = {}
        acronyms: dict[str, list[_Pattern]] = {}
        for concept in load_concepts().values():
            for form in concept.forms:
                written = _is_acronym(form)
                head, pattern = _compile(concept.name, form, compose if written else fold)
                for spelled in _with_li(head) if pattern.clitics else [head]:
                    (acronyms if written else folded).setdefault(spelled, []).append(pattern)
        self._folded = _Forms(folded)
        self._acronyms = _Forms(acronyms)
        self._not_within = [
            (concept.name, concept.not_within)
            for concept in load_concepts().values()
            if concept.not_within
        ]

    def find(self, sentence: str, lang: str | None = None) -> frozenset[str]:
        """Return the names of the concepts in a sentence.

        Parameters
        ----------
        sentence : as it stands in the text, not folded.
        lang : its language in the lexicon's codes, None if unknown.
        """
        return self.find_folded(fold(sentence), sentence, lang)

    def find_folded(self, folded: str, sentence: str, lang: str | None) -> frozenset[str]:
        """`find` for a sentence that the caller has folded already."""
        found = self._folded.find(folded, lang) | self._acronyms.find(compose(sentence), lang)
        for name, wider in self._not_within:
            if name in found and wider in found and self._is_within(folded, lang, name, wider):
                found.discard(name)
        return frozenset(found)

    def locate(
        self, sentence: str, lang: str | None = None, *, only: Collection[str] | None = None
    ) -> list[tuple[str, Span]]:
        """Return the concepts that `find` finds, each with every place where it stands.

        Parameters
        ----------
        only : names of those to look for; None for all.
        """
        wanted = self.find(sentence, lang)
        wanted = wanted if only is None else wanted.intersection(only)
        located = []
        for forms, spelling in ((self._folded, fold), (self._acronyms, compose)):
            spans = [
                (name, (start, end))
                for name, start, end in forms.whole_spans(spelling(sentence), lang, wanted)
            ]
            places = unfold_spans(sentence, spelling, [span for _, span in spans])
            located += [(name, place) for (name, _), place in zip(spans, places, strict=True)]
        return located

    def _is_within(self, folded: str, lang: str | None, name: str, wider: str) -> bool:
        """Whether every form of a concept stands inside one of the wider concept."""
        wider_spans = self._folded.spans(folded, lang, wider)
        return all(
            any(a <= start and end <= b and (a, b) != (start, end) for a, b in wider_spans)
            for start, end in self._folded.spans(folded, lang, name)
        )


# Compiled when first needed: thousands of forms have a star inside, and a text meets few of them.
_expression = cache(re.compile)


@cache
def concept_matcher() -> ConceptMatcher:
    """The matcher of the shipped lexicon, made on first use."""
    collecting = gc.isenabled()
    gc.disable()  # of two hundred thousand objects none is garbage, and looking takes a tenth
    try:
        return ConceptMatcher()
    finally:
        if collecting:
            gc.enable()


def _gate(form: Form) -> frozenset[str] | None:
    if not form.gated:
        return None
    chinese = {"zh", "zh-Hant"}
    return form.langs | chinese if form.langs & chinese else form.langs


def _is_acronym(form: Form) -> bool:
    letters = form.text.rstrip("*")
    return letters.isupper() and len(letters) <= _LONGEST_ACRONYM


def _compile(concept: str, form: Form, spelling: Callable[[str], str]) -> tuple[str, _Pattern]:
    head, *inner = spelling(form.text.rstrip("*")).split("*")
    rest = "".join([rf"\w*{re.escape(part)}" for part in inner]) if inner else ""
    last = inner[-1] if inner else head
    return head, _Pattern(
        concept=concept,
        langs=_gate(form),
        whole_start=_LETTER.match(head[0]) is not None,
        whole_end=not form.text.endswith("*") and _LETTER.match(last[-1]) is not None,
        clitics="ar" in form.langs,
        rest=rest,
        tail=inner[-1] if inner else "",
    )


def _is_plain_letter(character: str) -> bool:
    """Whether it is a letter or digit of the scripts before CJK, all of which have spaces."""
    return character < _FIRST_OF_CJK and character.isalnum()


def _with_li(head: str) -> list[str]:
    """The head, and how it is written after li- where it begins with al-: the alif is dropped."""
    return [head, f"لل{head[2:]}"] if head.startswith("ال") else [head]


def _holds(pattern: _Pattern, text: str, start: int, end: int, lang: str | None) -> bool:
    if pattern.langs is not None and lang not in pattern.langs:
        return False
    if pattern.whole_start and start and _LETTER.match(text, start - 1):
        before = text[max(0, start - _LONGEST_CLITICS) : start]
        if not (pattern.clitics and _ARABIC_CLITICS.search(before)):
            return False
    if pattern.rest:
        rest = _expression(pattern.rest).match(text, end)
        if rest is None:
            return False
        end = rest.end()
    return not (pattern.whole_end and _LETTER.match(text, end))


def _whole_end(pattern: _Pattern, text: str, end: int) -> int:
    """Where a form that holds ends, given where its literal head does."""
    if pattern.rest and (rest := _expression(pattern.rest).match(text, end)):
        end = rest.end()
    if pattern.whole_end or not _LETTER.match(text, end - 1):
        return end
    word = _WORD_REST.match(text, end)
    return word.end() if word else end
