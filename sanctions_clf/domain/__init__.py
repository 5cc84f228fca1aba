"""Facts: concepts in eighteen languages, UN sanctions regimes, and their measures."""

from sanctions_clf.domain.concepts import Concept, Form, lexicon_checksum, load_concepts
from sanctions_clf.domain.regimes import Measure, Regime, load_measures, load_regimes

__all__ = [
    "Concept",
    "Form",
    "Measure",
    "Regime",
    "lexicon_checksum",
    "load_concepts",
    "load_measures",
    "load_regimes",
]
