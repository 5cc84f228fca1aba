"""Exact one-sided bounds on a share that was counted in a random sample.

They hold for a sample drawn uniformly, whatever the share: Clopper and Pearson, The use of
confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934).
"""

CONFIDENCE = 0.95
# Asking for more than this is asking for a census.
_LARGEST_SAMPLE = 10**9


def exact_upper_bound(hits: float, count: float, confidence: float = CONFIDENCE) -> float:
    """Return the share, 0 to 1, that `hits` of `count` leave room for.

    Were the true share above it, so few hits would turn up in at most 1 - `confidence` of samples.

    Raises
    ------
    ValueError : `hits` is not between 0 and `count`.

    Examples
    --------
    >>> round(exact_upper_bound(0, 100), 4)
    0.0295
    """
    # betaincinv is the quantile of the beta distribution; scipy.stats loads ten times as long.
    from scipy.special import betaincinv

    _require_part(hits, count)
    return 1.0 if hits == count else float(betaincinv(hits + 1, count - hits, confidence))


def exact_lower_bound(hits: float, count: float, confidence: float = CONFIDENCE) -> float:
    """Return the share, 0 to 1, that `hits` of `count` vouch for.

    Raises
    ------
    ValueError : `hits` is not between 0 and `count`.

    Examples
    --------
    >>> round(exact_lower_bound(100, 100), 4)
    0.9705
    """
    _require_part(hits, count)
    return 1 - exact_upper_bound(count - hits, count, confidence)


def sample_size_for(
    bound: float, *, expected: float = 0.0, confidence: float = CONFIDENCE
) -> int | None:
    """Return how many articles to label so that the upper bound is at most `bound`.

    A lower bound of b on a share of s needs as many as an upper bound of 1 - b on 1 - s.

    Parameters
    ----------
    bound : the share, 0 to 1, that the upper bound shall not exceed.
    expected : the share of hits that the sample is expected to hold; with more, it will not do.

    Returns
    -------
    The smallest number, or None where no number does: `expected` is not below `bound`, or too
    close below.
    """
    low, high = 0, 1
    while exact_upper_bound(expected * high, high, confidence) > bound:
        low, high = high, high * 2
        if high > _LARGEST_SAMPLE:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if exact_upper_bound(expected * middle, middle, confidence) > bound:
            low = middle
        else:
            high = middle
    return high


def _require_part(hits: float, count: float) -> None:
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share of a sample")
