"""Which sentences of the most relevant passage carry the decision."""

from itertools import pairwise

from sanctions_clf.linear import Decision
from sanctions_clf.terms import Sentence, meeting_terms

_MOST_SENTENCES = 3
# A further sentence is shown where it carries at least this share of what the first one carries.
_SHARE_OF_FIRST = 0.5


def carrying_sentences(decision: Decision) -> list[Sentence]:
    """Return up to three sentences whose concepts carry the decision, in the order of the text.

    A term that a sentence states by itself counts for it in full; a pair that meets across two
    sentences counts half for each.
    """
    carried = _carried(decision)
    if not carried:
        return []
    ranked = sorted(range(len(carried)), key=lambda i: -carried[i])
    least = _SHARE_OF_FIRST * carried[ranked[0]]
    shown = [ranked[0], *(i for i in ranked[1:_MOST_SENTENCES] if 0 < least <= carried[i])]
    return [decision.sentences[i] for i in sorted(shown)]


def _carried(decision: Decision) -> list[float]:
    alone = [meeting_terms(sentence.concepts) for sentence in decision.sentences]
    value = decision.contributions.get
    carried = [sum(value(term, 0.0) for term in sorted(terms)) for terms in alone]
    for i, (this, following) in enumerate(pairwise(decision.sentences)):
        together = meeting_terms(this.concepts | following.concepts)
        across = together - alone[i] - alone[i + 1]
        shared = sum(value(term, 0.0) for term in sorted(across)) / 2
        carried[i] += shared
        carried[i + 1] += shared
    return carried
