"""Scoring speed beside a peer: scikit-learn's TF-IDF (words, 1-2) with logistic regression.

Both score the articles of the corpus, text in memory, language given, one process; rounds alternate
and the median ratio is told, since other work on the machine slows both.

    python benchmarks/speed.py
"""

import statistics
import time
from collections.abc import Callable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sanctions_clf.corpus import load_corpus
from sanctions_clf.shipped import load_model

ROUNDS = 5
ARTICLES = 1000


def main() -> None:
    """Time both and print articles and megabytes a second, and the ratio."""
    corpus = load_corpus()
    peer = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2), LogisticRegression(max_iter=3000)
    )
    peer.fit([a.full_text for a in corpus], [a.relevant for a in corpus])
    model = load_model()
    articles = corpus[:: max(1, len(corpus) // ARTICLES)]
    texts = [article.full_text for article in articles]
    size = sum(len(text.encode()) for text in texts) / 1e6

    def ours() -> None:
        for article in articles:
            model.predict(article)

    rounds = [(_seconds(ours), _seconds(lambda: peer.predict(texts))) for _ in range(ROUNDS)]
    for name, seconds in zip(
        ("sanctions_clf", "TF-IDF + LR"), zip(*rounds, strict=True), strict=True
    ):
        _tell(name, seconds, len(articles), size)
    ratio = statistics.median(theirs / own for own, theirs in rounds)
    print(f"ratio {ratio:.2f} (above 1 is faster than the peer)")


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _tell(name: str, seconds: Sequence[float], articles: int, size: float) -> None:
    middle = statistics.median(seconds)
    print(f"{name:14} {articles / middle:6.0f} articles/s {size / middle:6.2f} MB/s")


if __name__ == "__main__":
    main()
