"""Which settings suit a user's own articles, without chasing noise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sanctions_clf.metrics import BoolArray, Figure, FloatArray, average_precision, measure
from sanctions_clf.own_folds import Setup

# With 150 own rows beside the corpus that ships, weights of 1, 3 and 10 gave an average precision
# of .926, .929 and .929 on other real articles, and of .762, .760 and .753 without launches
# (`docs/own-labels.md`): 3 gains most of what there is to gain and loses nothing to speak of.
OWN_WEIGHT = 3.0
_OTHER_WEIGHTS = (1.0, 10.0)
_OTHER_C = (0.1, 2.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """A setup that was tried, by its out-of-fold values.

    Attributes
    ----------
    name : in what it differs from the first.
    average_precision : with its interval.
    gain : in average precision over the first setup, on the same articles, with its interval; None
        for the first.
    chosen : whether the model has it.
    """

    name: str
    average_precision: Figure
    gain: Figure | None = None
    chosen: bool = False


def setups_to_try(first: Setup, *, weighed: bool) -> list[Setup]:
    """Return the setup that is kept unless another proves better, and then these others.

    Parameters
    ----------
    weighed : whether to try other weights of own articles too.
    """
    settings = first.settings
    varied = [replace(settings, C=c) for c in _OTHER_C if c != settings.C]
    if settings.word_scale:
        varied.append(replace(settings, word_scale=0.0))
    weights = _OTHER_WEIGHTS if weighed else ()
    return [
        first,
        *(replace(first, settings=other) for other in varied),
        *(replace(first, own_weight=weight) for weight in weights if weight != first.own_weight),
    ]


def compare(
    setups: Sequence[Setup], values: FloatArray, relevant: BoolArray, groups: Sequence[str]
) -> list[Trial]:
    """Return a trial for each setup, one of them chosen.

    The first is, unless the 95 % interval of another's gain over it lies above 0; of such ones
    that with the greatest gain. The highest figure of several is high by luck too, and with few
    articles by luck alone: hence no plain maximum (in the spirit of the one-standard-error rule
    of Breiman et al. 1984, stricter).

    Parameters
    ----------
    values : out-of-fold decision values, shape (n_setups, n_articles).
    groups : of articles that the bootstrap draws together.
    """
    names = [_name(setup, setups[0]) for setup in setups]
    trials = [
        trial(name, row, relevant, groups, over=values[0] if number else None)
        for number, (name, row) in enumerate(zip(names, values, strict=True))
    ]
    best = max(range(len(trials)), key=lambda number: _sure_gain(trials[number]))
    trials[best] = replace(trials[best], chosen=True)
    return trials


def trial(
    name: str,
    values: FloatArray,
    relevant: BoolArray,
    groups: Sequence[str],
    *,
    over: FloatArray | None,
) -> Trial:
    """Return what decision values, shape (n_articles,), are worth, and their gain over others."""

    def figure(weights: FloatArray) -> float:
        return average_precision(values, relevant, weights)

    def gain(weights: FloatArray) -> float:
        first = 0.0 if over is None else average_precision(over, relevant, weights)
        return figure(weights) - first

    return Trial(
        name,
        measure(figure, relevant, groups),
        None if over is None else measure(gain, relevant, groups),
    )


def _sure_gain(trial: Trial) -> float:
    gain = trial.gain
    if gain is None or gain.value is None or gain.low is None or gain.low <= 0:
        return 0.0
    return gain.value


def _name(setup: Setup, first: Setup) -> str:
    if setup == first:
        weight = f", own weight {setup.own_weight:g}" if setup.own_weight != 1 else ""
        return f"C {setup.settings.C:g}{weight}"
    if setup.own_weight != first.own_weight:
        return f"own weight {setup.own_weight:g}"
    known = asdict(first.settings)
    changed = {k: v for k, v in asdict(setup.settings).items() if known[k] != v}
    return ", ".join("no words" if k == "word_scale" else f"{k} {v:g}" for k, v in changed.items())
