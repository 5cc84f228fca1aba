"""The lexicon language by language: inflected news sentences, and words that look like forms."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import wordfreq

from sanctions_clf.domain import load_concepts
from sanctions_clf.text.concepts import concept_matcher
from sanctions_clf.text.fold import fold

SENTENCES = [
    json.loads(line)
    for line in (Path(__file__).parent / "lexicon_sentences.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
LANGUAGES = sorted({sentence["lang"] for sentence in SENTENCES})

# A form counts in texts of every language, so a common word of another one must be gated
# (`ambiguous_forms.json`) unless it means the same there: names, mostly.
MOST_COMMON = 5000
MOST_FREQUENT = 1e-4
SAME_MEANING = {
    ("ja", "日本"), ("ja", "東京"), ("tr", "istanbul"), ("tr", "istanbul'da"), ("tr", "film"),
    ("tr", "filmi"),
    ("uk", "суд"), ("uk", "суду"), ("de", "hamburg"), ("ro", "filme"), ("ro", "roman"),
    ("ro", "putin"), ("pt", "filmes"),
}  # fmt: skip
MOST_GENERAL_TEXTS = 0.1


def test_every_language_of_the_lexicon_has_its_sentences():
    listed = {lang for c in load_concepts().values() for form in c.forms for lang in form.langs}
    assert set(LANGUAGES) == listed
    assert min(Counter(sentence["lang"] for sentence in SENTENCES).values()) >= 25


@pytest.mark.parametrize("lang", LANGUAGES)
def test_inflected_forms_of_the_news_are_found(lang):
    """Cases, plurals, clitics and compounds, in sentences as newspapers print them."""
    missed = []
    for sentence in SENTENCES:
        if sentence["lang"] == lang and not sentence.get("exact"):
            found = concept_matcher().find(sentence["text"], lang)
            missed += [(name, sentence["text"]) for name in {*sentence["concepts"]} - found]
    assert missed == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyday_words_that_look_like_forms_are_not(lang):
    for sentence in SENTENCES:
        if sentence["lang"] == lang and sentence.get("exact"):
            found = concept_matcher().find(sentence["text"], lang)
            assert found == set(sentence["concepts"]), sentence["text"]


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "zh-Hant"])
def test_no_form_of_another_language_is_a_common_word(lang):
    """Of the 5,000 commonest words of a language, as wordfreq counts them."""
    frequencies = wordfreq.get_frequency_dict(lang)
    clashes = {
        (lang, word): sorted(foreign)
        for word in wordfreq.top_n_list(lang, MOST_COMMON)
        if frequencies[word] >= MOST_FREQUENT and (foreign := _foreign_concepts(word, lang))
    }
    assert {key: found for key, found in clashes.items() if key not in SAME_MEANING} == {}


def test_no_form_of_another_language_fires_in_many_general_texts(corpus):
    """General articles of the corpus, by the share in which a concept is found by it alone."""
    general = defaultdict(list)
    for article in corpus:
        if not article.relevant and article.reason is None:
            general[article.lang].append(article.full_text)
    for lang, texts in general.items():
        counts = Counter(name for text in texts for name in _foreign_concepts(text, lang))
        often = {
            name: n for name, n in counts.items() if n > max(2, MOST_GENERAL_TEXTS * len(texts))
        }
        often.pop("japan", None)  # 日本 is the same name in Chinese and Japanese
        assert often == {}, lang


def _foreign_concepts(text, lang):
    """The concepts in a text that no form of its own language accounts for."""
    folded = fold(text)
    family = {lang, "zh", "zh-Hant"} if lang.startswith("zh") else {lang}
    return {
        name
        for name in concept_matcher().find(text, None)
        if not any(
            fold(form.text.split("*")[0]) in folded
            for form in load_concepts()[name].forms
            if form.langs & family
        )
    }
