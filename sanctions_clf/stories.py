"""Which hits are one story: near-copies of a text, as papers print what an agency sent them."""

import hashlib
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sanctions_clf.regimes import iso_date
from sanctions_clf.text.shingles import SHINGLE_CHARACTERS, shingle_size, split_tokens

# The share of the shorter text's shingles that the two have in common. At .5 boilerplate makes
# stories of unlike press releases, at .7 a copy with one sentence in five reworded is lost one time
# in five: `benchmarks/stories.py` prints what each would do.
SAME_STORY = 0.65
# Eight equal minima of 128. Two or three are an accident from which a note would be held to be part
# of a report forty times its length: without this, three in a hundred of a million unlike hits.
LEAST_JACCARD = 0.06

_PERMUTATIONS = 128
# Sixteen bits of a minimum are enough: unlike ones agree once in 65,536 (Li and König 2010,
# b-bit minwise hashing).
_SIGNATURE = np.dtype([("size", "<u4"), ("minima", "<u2", _PERMUTATIONS)])
# Random numbers from a hash, which no release of NumPy will change.
_RUN_FACTORS = np.frombuffer(hashlib.shake_128(b"runs").digest(8 * SHINGLE_CHARACTERS), "<u8")
_FACTORS, _OFFSETS = np.frombuffer(
    hashlib.shake_128(b"permutations").digest(8 * _PERMUTATIONS), "<u4"
).reshape(2, _PERMUTATIONS, 1)
_CHUNK = 1 << 12

_UNDATED = "9999-99-99"


def signature(text: str) -> bytes:
    """Return 260 bytes that tell how much of its text an article shares with another.

    They are the number of distinct shingles, five words or eight characters of the folded text,
    and for each of 128 permutations the least shingle under it (MinHash: Broder 1997, On the
    resemblance and containment of documents), little-endian, the same on every machine. Best made
    of the body alone, since a headline is what papers change first.
    """
    shingles = _shingles(text)
    minima = np.full(_PERMUTATIONS, 0xFFFFFFFF, np.uint32)
    for start in range(0, len(shingles), _CHUNK):
        # An odd factor permutes the numbers of 32 bits.
        permuted = (_FACTORS | 1) * shingles[start : start + _CHUNK] + _OFFSETS
        minima = np.minimum(minima, permuted.min(axis=1))
    made = np.zeros(1, _SIGNATURE)
    made["size"], made["minima"] = len(shingles), minima & 0xFFFF
    return made.tobytes()


def same_story(made: bytes, others: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    """Return whether a text shares a story with each of the others, by their signatures.

    For a text against few: `group_stories` tells the stories of many. Shape (n_others,).
    """
    rows = np.frombuffer(b"".join((made, *others)), _SIGNATURE)
    sizes, minima = rows["size"].astype(float), rows["minima"]
    jaccard = (minima[1:] == minima[0]).mean(axis=1)
    return _alike(jaccard, sizes[1:], sizes[0])


def group_stories(
    ids: Sequence[str], signatures: Sequence[bytes], dates: Sequence[str | None]
) -> list[str]:
    """Return the story of each hit: the id of the earliest hit that tells it.

    Each hit follows the one before it that it is most like, if it is like one at all, and a story
    is a hit that follows none with all that follow it, directly or through others. A round-up of
    two stories so joins one of them and does not make them one, as it would if all that are alike
    were joined.

    Parameters
    ----------
    ids : of the hits, in the order of the archive.
    signatures : of their texts, by `signature`.
    dates : as articles have them. Earlier is by ISO 8601 date, then by the order of the archive;
        hits without such a date come last.
    """
    days = [iso_date(date) or _UNDATED for date in dates]
    # By signature within a day, so that who follows whom does not depend on the archive's order.
    order = sorted(range(len(ids)), key=lambda hit: (days[hit], signatures[hit]))
    stories = list(range(len(ids)))
    for later, earlier in enumerate(_followed([signatures[hit] for hit in order])):
        stories[order[later]] = stories[order[earlier]]
    heads: dict[int, str] = {}
    for hit in sorted(range(len(ids)), key=days.__getitem__):
        heads.setdefault(stories[hit], ids[hit])
    return [heads[story] for story in stories]


def _shingles(text: str) -> npt.NDArray[np.uint32]:
    """The distinct shingles as numbers; a text shorter than a shingle is one.

    A word has its CRC, not its hash(), which differs from process to process, and a run of words
    the upper half of their sum by random factors (multilinear hashing: Lemire and Kaser 2014,
    Strongly universal string hashing is fast).
    """
    tokens = split_tokens(text)
    if not tokens:
        return np.empty(0, np.uint32)
    size = min(len(tokens), shingle_size(tokens))
    words = np.array([zlib.crc32(token.encode()) for token in tokens], np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(words, size)
    return np.unique((runs @ _RUN_FACTORS[:size] >> np.uint64(32)).astype(np.uint32))


def _followed(signatures: Sequence[bytes]) -> list[int]:
    """For each signature the earlier one that it is most like, or itself where it is like none.

    Candidates agree in two neighbouring minima, a band of locality-sensitive hashing (Leskovec,
    Rajaraman and Ullman, Mining of Massive Datasets, chapter 3). Of all that agree in a band, each
    is compared with the first and with the one just before it, so that a story of a thousand
    copies takes two thousand comparisons, not half a million. A band at a time is looked at by
    sorting: tables of all bands, as datasketch's MinHashLSH keeps them, take 19 kB a signature.
    """
    made = np.frombuffer(b"".join(signatures), _SIGNATURE)
    sizes, minima = made["size"].astype(float), np.ascontiguousarray(made["minima"])
    followed, likest = np.arange(len(made)), np.zeros(len(made))
    for band in minima.view("<u4").T:
        by_band = np.argsort(band, kind="stable")
        agreed = np.flatnonzero(band[by_band[1:]] == band[by_band[:-1]])
        later, before = by_band[agreed + 1], by_band[agreed]
        first = by_band[np.searchsorted(band, band[later], sorter=by_band)]
        for earlier in (first, before):
            jaccard = _jaccard(minima, later, earlier)
            like = _alike(jaccard, sizes[later], sizes[earlier])
            better = like & (jaccard > likest[later])
            followed[later[better]] = earlier[better]
            likest[later[better]] = jaccard[better]
    return followed.tolist()


def _alike(
    jaccard: npt.NDArray[np.float64],
    sizes: npt.NDArray[np.float64],
    other_sizes: npt.NDArray[np.float64],
) -> npt.NDArray[np.bool_]:
    """Whether texts of so many shingles are one story, by their Jaccard similarity."""
    contained = jaccard / (1 + jaccard) * (sizes + other_sizes)
    contained /= np.maximum(1, np.minimum(sizes, other_sizes))
    alike: npt.NDArray[np.bool_] = (contained >= SAME_STORY) & (jaccard >= LEAST_JACCARD)
    return alike


def _jaccard(
    minima: npt.NDArray[np.uint16], some: npt.NDArray[np.intp], others: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Estimated Jaccard similarity of rows `some` and `others`: the share of equal minima."""
    shared = np.empty(len(some))
    for start in range(0, len(some), _CHUNK):
        part = slice(start, start + _CHUNK)
        shared[part] = (minima[some[part]] == minima[others[part]]).mean(axis=1)
    return shared
