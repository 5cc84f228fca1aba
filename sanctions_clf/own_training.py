"""From a user's own labelled articles to a model, alone or on top of the corpus that ships."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sanctions_clf.articles import LabelledArticle
from sanctions_clf.classifier import Settings, linear_model
from sanctions_clf.corpus import BORDERLINE, count_by, fold_groups
from sanctions_clf.errors import CorpusError
from sanctions_clf.left_out import FOLDS
from sanctions_clf.linear import LinearModel
from sanctions_clf.metrics import Figure, FloatArray
from sanctions_clf.model import Model, OwnLabels
from sanctions_clf.own_figures import Measured, calibrated, own_figures
from sanctions_clf.own_folds import (
    SPLITS,
    Fold,
    Material,
    Progress,
    Setup,
    out_of_fold,
    own_folds,
)
from sanctions_clf.own_rows import OwnArticles
from sanctions_clf.own_search import OWN_WEIGHT, Trial, compare, setups_to_try, trial
from sanctions_clf.regimes import iso_date
from sanctions_clf.shipped import load_default_model
from sanctions_clf.text.languages import resolve_language
from sanctions_clf.training import FEWEST_OF_A_LABEL, golden_texts, make_card

SHIPPED = "the model that ships, as it is"


def train_own(
    own: OwnArticles,
    *,
    base: Sequence[LabelledArticle] = (),
    settings: Settings | None = None,
    own_weight: float | None = None,
    search: bool = True,
    split: str = "groups",
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Model:
    """Train a model on a user's own labelled articles, measured on these alone.

    Calibration and operating points come from out-of-fold values of the own articles, or where
    there are too few of a label, with a warning in the card, from the model that ships.

    Parameters
    ----------
    own : by `read_own_articles`.
    base : articles that train along and are never measured on, as `load_corpus()` gives them;
        those that share a text, event or pair with an own one are left out.
    settings : hyperparameters to begin with.
    own_weight : what an own article counts against one of the base; None for 3, or another that
        the search finds better.
    search : whether to try other settings (`own_search`).
    split : `groups`, or `time`: earlier articles train, later ones measure.
    seed : of the folds. The same articles, settings and seed give the same model.
    jobs : processes; they change nothing but the time.
    progress : called after each fit with how many of how many are done.

    Raises
    ------
    CorpusError
        If there are too few articles of a label to train on, or too few dates to split by.
    """
    shipped = load_default_model()
    material, left_out = _material(own.articles, base, shipped.linear)
    shortages = _shortages(own.articles)
    if shortages and not (base and own.articles):
        raise CorpusError(f"{shortages[0]}; {_mend(own.articles)}")
    first = Setup(settings or Settings(), own_weight or OWN_WEIGHT if base else 1.0)
    weighed = bool(base) and own_weight is None
    setups = setups_to_try(first, weighed=weighed) if search else [first]

    chosen, trials, measured = first, list[Trial](), None
    if not shortages:
        folds = _folds(material, split, seed)
        values = out_of_fold(material, setups, folds, jobs=jobs, progress=progress)
        chosen, trials, measured = _choose(material, setups, values)
    linear = linear_model(material.fit(chosen).pipeline_, chosen.settings.passage_size)
    found = calibrated(measured, shipped)
    figures = own_figures(measured, found.points)
    warnings = (
        *own.warnings,
        *left_out,
        *(f"{shortage}: no figures, and the settings are the usual ones" for shortage in shortages),
        *_unmeasured(material, measured),
        *found.warnings,
        *_rank_warnings(trials),
    )
    return Model(
        linear=linear,
        calibration=found.calibration,
        operating_points=found.points,
        card=make_card(
            [*material.base, *own.articles],
            chosen.settings,
            seed,
            figures={name: figure.value or 0.0 for name, figure in figures.items()},
            calibration_sample=found.sample,
            sample_average_precision=found.average_precision,
            own=OwnLabels(
                articles=len(own.articles),
                relevant=sum(article.relevant for article in own.articles),
                without_evidence=sum(a.relevant and not a.evidence for a in own.articles),
                languages=count_by(own.articles, "lang"),
                dates=_first_and_last(own.articles),
                files=own.files,
                weight=chosen.own_weight if base else None,
                split=SPLITS[split] if measured else "not measured",
                intervals={
                    name: [figure.low or 0.0, figure.high or 0.0]
                    for name, figure in figures.items()
                },
                trials=[_plain(tried) for tried in trials],
                warnings=warnings,
            ),
        ),
        golden=golden_texts(linear),
        # Own rows seldom have measures and status; these models look at concepts alone.
        attributes=shipped.attributes,
    )


def _material(
    own: Sequence[LabelledArticle], base: Sequence[LabelledArticle], start: LinearModel
) -> tuple[Material, list[str]]:
    """What trains, without articles of the base that own ones share something with."""
    decided = [article for article in base if article.label != BORDERLINE]
    groups = fold_groups([*own, *decided])
    known = set(groups[: len(own)])
    along = [a for a, group in zip(decided, groups[len(own) :], strict=True) if group not in known]
    shared = len(decided) - len(along)
    told = f"{shared} articles of the corpus that ships share a text, event or pair with yours, "
    return Material(own, along, start), [f"{told}and are left out"] if shared else []


def _shortages(own: Sequence[LabelledArticle]) -> list[str]:
    """Which label has too few articles, or too few unlike ones, to train and measure."""
    groups = fold_groups(own)
    found = []
    for relevant, name in ((True, "relevant"), (False, "not_relevant")):
        having = [group for a, group in zip(own, groups, strict=True) if a.relevant == relevant]
        if len(having) < FEWEST_OF_A_LABEL:
            found.append(f"only {len(having)} articles are {name}")
        elif len(set(having)) < FOLDS:
            found.append(f"the {name} articles are copies or events of only {len(set(having))}")
    return found


def _mend(own: Sequence[LabelledArticle]) -> str:
    if not own:
        return "label some articles first"
    return (
        f"training needs at least {FEWEST_OF_A_LABEL} of each label, or train on top of the corpus "
        "that ships: --with-default-corpus"
    )


def _folds(material: Material, split: str, seed: int) -> list[Fold]:
    folds = own_folds(material, split, seed)
    if not folds:
        raise CorpusError(
            "too few articles of both labels have a date (YYYY-MM-DD) to split by time; name its "
            "field with --date-column, or leave out --split time"
        )
    return folds


def _choose(
    material: Material, setups: Sequence[Setup], values: FloatArray
) -> tuple[Setup, list[Trial], Measured]:
    """The setup to keep, all trials with that of the model that ships, and the values to go by."""
    kept = np.flatnonzero(~np.isnan(values[0])).tolist()
    articles = [material.own[i] for i in kept]
    groups = [str(group) for group in fold_groups(articles)]
    relevant = np.array([article.relevant for article in articles], dtype=bool)
    trials = compare(setups, values[:, kept], relevant, groups)
    number = next(i for i, tried in enumerate(trials) if tried.chosen)
    own = values[number, kept]
    shipped = np.array([_decide(material.start, article) for article in articles])
    trials.append(trial(SHIPPED, shipped, relevant, groups, over=own))
    return setups[number], trials, Measured(articles, own, groups)


def _decide(linear: LinearModel, article: LabelledArticle) -> float:
    text = article.full_text
    return linear.decide(text, resolve_language(article.lang, text)[0]).value


def _unmeasured(material: Material, measured: Measured | None) -> Iterator[str]:
    count = len(material.own) - len(measured.articles) if measured else 0
    if count:
        yield f"{count} articles, the earliest and those without a date, are not measured on"


def _rank_warnings(trials: Sequence[Trial]) -> Iterator[str]:
    """Whether the model that ships orders the own articles as well as theirs does."""
    if not trials:
        return
    gain = trials[-1].gain
    if gain is None or gain.value is None or gain.low is None or gain.high is None:
        yield "too few relevant articles to tell whether it is better than the model that ships"
    elif gain.low > 0:
        yield (
            "the model that ships orders your articles better; use it, `sanctions-clf tune` it, "
            "or train on top of its corpus"
        )
    elif gain.high > 0:
        yield (
            "whether it orders your articles better than the model that ships does is within the "
            "noise; more labelled articles tell"
        )


def _first_and_last(articles: Sequence[LabelledArticle]) -> list[str]:
    days = sorted(day for article in articles if (day := iso_date(article.date)))
    return [days[0], days[-1]] if days else []


def _plain(tried: Trial) -> dict[str, Any]:
    return {
        "name": tried.name,
        "average_precision": _interval(tried.average_precision),
        "gain": None if tried.gain is None else _interval(tried.gain),
        "chosen": tried.chosen,
    }


def _interval(figure: Figure) -> list[float | None]:
    return [figure.value, figure.low, figure.high]
