"""What the names of terms mean, for a person."""

from sanctions_clf.linear import SHORT_PASSAGE, WORD
from sanctions_clf.terms import PAIR

# Named beside the terms, since it is part of the same sum.
INTERCEPT = "intercept"
_STATUS = "st_"


def term_kind(term: str) -> str:
    """Return what a term is: `concept`, `pair`, `word`, or `length` of the passage."""
    if term == SHORT_PASSAGE:
        return "length"
    if term.startswith(WORD):
        return "word"
    return "pair" if PAIR in term else "concept"


def term_in_words(term: str) -> str:
    """Return a term as a person reads it.

    Examples
    --------
    >>> term_in_words("any_regime_subject + st_investigated")
    'any regime subject + investigated'
    """
    if term_kind(term) == "word":
        return f"“{term.removeprefix(WORD)}”"
    names = term.split(PAIR)
    return PAIR.join(name.removeprefix(_STATUS).replace("_", " ") for name in names)
