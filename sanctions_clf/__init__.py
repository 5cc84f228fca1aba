"""Flag news articles that mention a possible violation of UN sanctions, and say why."""

from importlib import import_module
from typing import TYPE_CHECKING

from sanctions_clf.version import __version__

if TYPE_CHECKING:
    from sanctions_clf.archives import Columns as Columns
    from sanctions_clf.archives import read_article as read_article
    from sanctions_clf.archives import read_articles as read_articles
    from sanctions_clf.articles import Article as Article
    from sanctions_clf.articles import LabelledArticle as LabelledArticle
    from sanctions_clf.audit import Audit as Audit
    from sanctions_clf.audit import audit_run as audit_run
    from sanctions_clf.batch import score_archive as score_archive
    from sanctions_clf.classifier import ArticleClassifier as ArticleClassifier
    from sanctions_clf.classifier import Settings as Settings
    from sanctions_clf.classifier import make_pipeline as make_pipeline
    from sanctions_clf.comparison import Comparison as Comparison
    from sanctions_clf.comparison import compare as compare
    from sanctions_clf.corpus import load_corpus as load_corpus
    from sanctions_clf.corpus import read_labelled as read_labelled
    from sanctions_clf.domain import load_concepts as load_concepts
    from sanctions_clf.domain import load_measures as load_measures
    from sanctions_clf.domain import load_regimes as load_regimes
    from sanctions_clf.errors import SanctionsClfError as SanctionsClfError
    from sanctions_clf.estimate import estimate_run as estimate_run
    from sanctions_clf.evaluation import Evaluation as Evaluation
    from sanctions_clf.evaluation import evaluate as evaluate
    from sanctions_clf.label_check import Suspect as Suspect
    from sanctions_clf.label_check import suspects as suspects
    from sanctions_clf.model import Model as Model
    from sanctions_clf.model_file import read_model as read_model
    from sanctions_clf.model_file import save_model as save_model
    from sanctions_clf.model_output import save_model_with_card as save_model_with_card
    from sanctions_clf.own_rows import read_own_articles as read_own_articles
    from sanctions_clf.own_training import train_own as train_own
    from sanctions_clf.parties import Party as Party
    from sanctions_clf.predictions import Contribution as Contribution
    from sanctions_clf.predictions import Evidence as Evidence
    from sanctions_clf.predictions import Explanation as Explanation
    from sanctions_clf.predictions import Prediction as Prediction
    from sanctions_clf.reflagging import reflag as reflag
    from sanctions_clf.reports.evaluation import write_report as write_report
    from sanctions_clf.reports.explanation import explanation_page as explanation_page
    from sanctions_clf.reports.hits import hits_page as hits_page
    from sanctions_clf.run_rows import read_run as read_run
    from sanctions_clf.sampling import Picked as Picked
    from sanctions_clf.sampling import sample_pool as sample_pool
    from sanctions_clf.scoring import Reading as Reading
    from sanctions_clf.shipped import load_model as load_model
    from sanctions_clf.summary import Summary as Summary
    from sanctions_clf.text.passages import Passage as Passage
    from sanctions_clf.text.passages import split_passages as split_passages
    from sanctions_clf.training import train as train
    from sanctions_clf.tuning import tune as tune

# Loaded on first use: scikit-learn alone takes longer to import than an article to classify.
_HOMES = {
    "Article": "articles",
    "ArticleClassifier": "classifier",
    "Audit": "audit",
    "Columns": "archives",
    "Comparison": "comparison",
    "Contribution": "predictions",
    "Evaluation": "evaluation",
    "Evidence": "predictions",
    "Explanation": "predictions",
    "LabelledArticle": "articles",
    "Model": "model",
    "Party": "parties",
    "Passage": "text.passages",
    "Picked": "sampling",
    "Prediction": "predictions",
    "Reading": "scoring",
    "SanctionsClfError": "errors",
    "Settings": "classifier",
    "Summary": "summary",
    "Suspect": "label_check",
    "audit_run": "audit",
    "compare": "comparison",
    "estimate_run": "estimate",
    "evaluate": "evaluation",
    "explanation_page": "reports.explanation",
    "hits_page": "reports.hits",
    "load_concepts": "domain",
    "load_corpus": "corpus",
    "load_measures": "domain",
    "load_model": "shipped",
    "load_regimes": "domain",
    "make_pipeline": "classifier",
    "read_article": "archives",
    "read_articles": "archives",
    "read_labelled": "corpus",
    "read_model": "model_file",
    "read_own_articles": "own_rows",
    "read_run": "run_rows",
    "reflag": "reflagging",
    "sample_pool": "sampling",
    "save_model": "model_file",
    "save_model_with_card": "model_output",
    "score_archive": "batch",
    "split_passages": "text.passages",
    "suspects": "label_check",
    "train": "training",
    "train_own": "own_training",
    "tune": "tuning",
    "write_report": "reports.evaluation",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
