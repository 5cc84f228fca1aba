"""Whether labelled articles are each their own text, and style does not give the label away."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.text.sentences import split_sentences
from sanctions_clf.text.shingles import is_unspaced, shingle_size, split_tokens

# Of shingles: three in ten in common mean that one text was made from the other.
MOST_SHARED = 0.3
OPENING_WORDS, OPENING_CHARACTERS = 4, 8
MOST_OPENINGS = 5
# A style that tells the labels apart no better than this leaves the classifier little to learn
# from it but the content.
MOST_LEAK = 0.65
FEWEST_FOR_LEAK = 100

_PUNCTUATION = ".,;:!?\"'()[]-–—«»“”„…/%*•、。「」（）：；？！،؛؟"
_FUNCTION_WORDS = 60


def repetition_problems(articles: Sequence[LabelledArticle]) -> Iterator[str]:
    """Yield where two articles of a language share too much text, or too many open alike.

    The two halves of a minimal pair share their text by design, and are passed over.
    """
    for lang, found in _by_language(articles).items():
        tokens = [split_tokens(article.text) for article in found]
        yield from _shared_text(found, tokens)
        openings = Counter(tuple(part[: _opening_size(part)]) for part in tokens)
        for opening, count in openings.items():
            pairs = sum(
                bool(article.pair) and tuple(part[: _opening_size(part)]) == opening
                for article, part in zip(found, tokens, strict=True)
            )
            if count - pairs / 2 > MOST_OPENINGS:
                yield f"language {lang}: {count} articles open with {' '.join(opening)!r}"


@dataclass(frozen=True, slots=True)
class StyleLeak:
    """How well style alone tells the labels of a language apart.

    Attributes
    ----------
    auc : area under the ROC curve of a classifier on length, punctuation and function words,
        by folds that keep events and pairs together; .5 is chance.
    low : lower bound of its 95 % interval (Hanley and McNeil 1982).
    """

    lang: str
    articles: int
    auc: float
    low: float


def style_leaks(articles: Sequence[LabelledArticle]) -> list[StyleLeak]:
    """Return the leak of every language with at least 100 articles; minimal pairs left out.

    The halves of a pair have one style by design and would hide a leak in the others.
    """
    alone = [article for article in articles if not article.pair]
    return [
        _style_leak(lang, found)
        for lang, found in _by_language(alone).items()
        if len(found) >= FEWEST_FOR_LEAK
    ]


def _by_language(articles: Sequence[LabelledArticle]) -> dict[str, list[LabelledArticle]]:
    found: dict[str, list[LabelledArticle]] = defaultdict(list)
    for article in articles:
        found[article.lang or "unknown"].append(article)
    return found


def _opening_size(tokens: Sequence[str]) -> int:
    unspaced = bool(tokens) and is_unspaced(tokens[0])
    return OPENING_CHARACTERS if unspaced else OPENING_WORDS


def _shingles(tokens: Sequence[str]) -> set[int]:
    size = shingle_size(tokens)
    return {hash(tuple(tokens[i : i + size])) for i in range(len(tokens) - size + 1)}


def _shared_text(
    articles: Sequence[LabelledArticle], tokens: Sequence[Sequence[str]]
) -> Iterator[str]:
    shingles = [_shingles(part) for part in tokens]
    owners: dict[int, list[int]] = defaultdict(list)
    for i, found in enumerate(shingles):
        for shingle in found:
            owners[shingle].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for holders in owners.values():
        shared.update(combinations(holders, 2))
    for (i, j), count in shared.items():
        pair = articles[i].pair
        if pair and pair == articles[j].pair:
            continue
        share = count / max(1, min(len(shingles[i]), len(shingles[j])))
        if share > MOST_SHARED:
            yield f"{articles[i].id} and {articles[j].id} share {share:.0%} of their text"


def _style_leak(lang: str, articles: Sequence[LabelledArticle]) -> StyleLeak:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from sanctions_clf.left_out import grouped_folds

    features = np.array(_style_features(articles))
    labels = np.array([article.relevant for article in articles])
    values = np.empty(len(labels))
    for seen, held_out in grouped_folds(articles, 0):
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))
        values[held_out] = model.fit(features[seen], labels[seen]).decision_function(
            features[held_out]
        )
    auc = float(roc_auc_score(labels, values))
    hits = int(labels.sum())
    error = _standard_error(auc, hits, len(labels) - hits)
    return StyleLeak(lang, len(labels), auc, auc - 1.96 * error)


def _standard_error(auc: float, hits: int, others: int) -> float:
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (hits - 1) * (q1 - auc**2) + (others - 1) * (q2 - auc**2)
    return math.sqrt(variance / (hits * others))


def _style_features(articles: Sequence[LabelledArticle]) -> list[list[float]]:
    tokens = [split_tokens(article.text) for article in articles]
    # The commonest words of everyday news are function words; those of all texts name the matter.
    spread = Counter(
        token
        for article, part in zip(articles, tokens, strict=True)
        if not article.relevant and article.reason is None
        for token in dict.fromkeys(part)  # in their order, which a set does not keep
    )
    common = [token for token, _ in spread.most_common(_FUNCTION_WORDS)]
    rows = []
    for article, part in zip(articles, tokens, strict=True):
        counts, size = Counter(part), max(1, len(part))
        text = article.text
        rows.append(
            [
                math.log(size),
                size / max(1, len(split_sentences(text))),
                float(article.title is None),
                *(text.count(mark) / len(text) for mark in _PUNCTUATION),
                *(counts[token] / size for token in common),
            ]
        )
    return rows
