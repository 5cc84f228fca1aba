"""The scikit-learn transformers: passages to weighted counts of concepts, pairs and words."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion

from sanctions_clf.terms import passage_concept_terms, passage_word_terms


def make_features(
    *,
    concept_scale: float,
    concept_min_df: int,
    word_scale: float,
    word_min_df: int,
    word_max_df: float,
) -> FeatureUnion:
    """Return the features of passages: a block of concept terms beside a block of words.

    Concept terms are presence x idf on one scale, with no length normalisation: with it a quarter
    of average precision was lost. Words are a small l2-normalised block.

    Parameters
    ----------
    concept_scale, word_scale : weight of the whole block; 0 switches words off.
    concept_min_df, word_min_df : terms in fewer passages are left out.
    word_max_df : words in a larger share of passages are left out.

    Returns
    -------
    FeatureUnion whose X is a list of `Passage`; gives a sparse float64 array (n_passages, n_terms).
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
    blocks = [("concepts", concepts), ("words", words if word_scale else "drop")]
    return FeatureUnion(
        blocks, transformer_weights={"concepts": concept_scale, "words": word_scale}
    )
