"""The scikit-learn transformers: passages to weighted counts of concepts, pairs and words."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import FunctionTransformer

from sanctions_clf.terms import passage_concept_terms, passage_word_terms, shortness
from sanctions_clf.text.passages import Passage
from sanctions_clf.text.sentences import split_sentences

StringArray = npt.NDArray[np.object_]


def make_features(
    *,
    concept_scale: float,
    concept_min_df: int,
    word_scale: float,
    word_min_df: int,
    word_max_df: float,
    short_passage: float,
    passage_size: int,
) -> FeatureUnion:
    """Return the features of passages: concept terms, words, and how short the passage is.

    Concept terms are presence x idf on one scale, with no length normalisation: with it a quarter
    of average precision was lost. Words are a small l2-normalised block.

    Parameters
    ----------
    concept_scale, word_scale : weight of the whole block; 0 switches words off.
    concept_min_df, word_min_df : terms in fewer passages are left out.
    word_max_df : words in a larger share of passages are left out.
    short_passage : log-odds for each halving of the length below `passage_size` sentences.

    Returns
    -------
    FeatureUnion whose X is a list of `Passage`; gives a sparse float64 array
    (n_passages, n_terms + 1), whose last column is the offset of short passages.
    """
    concepts = TfidfVectorizer(
        analyzer=passage_concept_terms,
        token_pattern=None,
        binary=True,
        norm=None,
        min_df=concept_min_df,
    )
    words = TfidfVectorizer(
        analyzer=passage_word_terms,
        token_pattern=None,
        binary=True,
        norm="l2",
        min_df=word_min_df,
        max_df=word_max_df,
    )
    length = FunctionTransformer(
        shortness_column,
        kw_args={"passage_size": passage_size},
        feature_names_out=_name_of_shortness,
    )
    return FeatureUnion(
        [
            ("concepts", concepts),
            ("words", words if word_scale else "drop"),
            ("length", length),
        ],
        transformer_weights={
            "concepts": concept_scale,
            "words": word_scale,
            "length": short_passage,
        },
    )


def _name_of_shortness(transformer: FunctionTransformer, names: object) -> StringArray:
    return np.array(["shortness"], dtype=object)


def shortness_column(passages: Sequence[Passage], passage_size: int) -> csr_array:
    """Return the shortness of each passage, sparse float64 (n_passages, 1)."""
    counts = [len(split_sentences(passage.text)) for passage in passages]
    return csr_array([[shortness(count, passage_size)] for count in counts], dtype=np.float64)
