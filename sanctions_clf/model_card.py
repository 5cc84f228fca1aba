"""The model card: what a model was made from and how it measured, in Markdown and JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sanctions_clf.model import Model, ModelCard, OwnLabels


def card_text(model: Model, name: str = "Model") -> str:
    """Return the card of a model as Markdown."""
    card = model.card
    languages = ", ".join(f"{lang} {count}" for lang, count in card.languages.items())
    lines = [
        f"# {name}",
        "",
        f"Linear classifier on passages of {model.linear.passage_size} sentences, trained by "
        f"sanctions_clf {card.package_version} with scikit-learn {card.sklearn_version}.",
        "",
        f"- Training articles: {card.corpus_size}, {card.corpus_relevant} of them relevant "
        f"({languages})",
        f"- Terms: {len(model.linear.concepts.terms):,} of concepts, "
        f"{len(model.linear.words.terms):,} words",
        f"- Settings: {', '.join(f'{key} {value}' for key, value in card.settings.items())}",
        f"- Seed: {card.seed}",
        f"- Checksums: corpus {card.corpus_checksum[:16]}, lexicon {card.lexicon_checksum[:16]}",
        "",
        *(_own_lines(card.own) if card.own else ()),
        "## Figures",
        "",
        *_figures(card),
        "",
        "## Operating points",
        "",
        f"Chosen, like the probabilities, on {card.calibration_sample}. Probabilities hold where "
        f"{model.calibration.share_relevant:.0%} of articles are relevant, as in that sample. "
        f"Average precision there: {card.sample_average_precision:.3f}.",
        "",
        "| name | decision value | probability | recall there | precision there |",
        "|---|---|---|---|---|",
        *(
            f"| {point.name} | {point.threshold:+.2f} | "
            f"{model.calibration.probability(point.threshold):.2f} | {point.recall:.2f} | "
            f"{point.precision:.2f} |"
            for point in model.operating_points.values()
        ),
        "",
        "## Use and limits",
        "",
        "A flagged article is a lead for a person, never a finding about anyone. The model reads "
        "words, not facts: it cannot tell a true report from a false one, nor which law binds "
        "whom. It misses acts told without any of the lexicon's terms, and flags debates that use "
        "them all. Texts in languages that the lexicon lacks are judged by names and loan words.",
        *(_own_limits(card.own) if card.own else ()),
    ]
    return "\n".join(lines) + "\n"


def card_json(model: Model) -> str:
    """Return the card of a model as JSON: its fields, calibration and operating points."""
    fields: dict[str, Any] = {
        "card": asdict(model.card),
        "calibration": asdict(model.calibration),
        "operating_points": {
            name: {
                **asdict(point),
                "probability": model.calibration.probability(point.threshold),
            }
            for name, point in model.operating_points.items()
        },
        "terms": {
            "concepts": len(model.linear.concepts.terms),
            "words": len(model.linear.words.terms),
        },
    }
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def trial_lines(own: OwnLabels) -> list[str]:
    """Return what was tried as a table; empty where nothing was."""
    if not own.trials:
        return []
    return [
        "| | average precision | gain over the first | |",
        "|---|---|---|---|",
        *(
            f"| {tried['name']} | {_told(tried['average_precision'])} | "
            f"{_told(tried['gain'], signed=True)} | {'chosen' if tried['chosen'] else ''} |"
            for tried in own.trials
        ),
    ]


def _told(figure: Sequence[float | None] | None, *, signed: bool = False) -> str:
    if figure is None:
        return ""
    if figure[0] is None:
        return "too few to tell"
    value, low, high = (f"{part:{'+' if signed else ''}.3f}" for part in figure)
    return f"{value} ({low} to {high})"


def _figures(card: ModelCard) -> Iterator[str]:
    if card.own is None:
        yield "Out of fold on the training articles (folds keep events and pairs together):"
    elif card.figures:
        yield f"On your own articles alone, out of fold ({card.own.split}); with 95 % intervals:"
    else:
        yield "None: too few of your own articles to measure on."
    yield ""
    for key, value in card.figures.items():
        found = card.own.intervals.get(key) if card.own else None
        interval = f" ({found[0]:.3f} to {found[1]:.3f})" if found else ""
        yield f"- {key.replace('_', ' ')}: {value:.3f}{interval}"


def _own_lines(own: OwnLabels) -> Iterator[str]:
    """What a user brought, and what was tried with it."""
    languages = ", ".join(f"{lang} {count}" for lang, count in own.languages.items())
    yield "## Your own labels"
    yield ""
    yield f"- Articles: {own.articles}, {own.relevant} of them relevant ({languages})"
    if own.dates:
        yield f"- Dates: {own.dates[0]} to {own.dates[1]}"
    yield from (f"- File: {name}, SHA-256 {checksum}" for name, checksum in own.files.items())
    if own.weight is not None:
        yield f"- Weight of each beside an article of the corpus that ships: {own.weight:g}"
    if own.without_evidence:
        yield (
            f"- Relevant without evidence: {own.without_evidence}. The model that ships picked "
            "their passages, which teaches less than marked evidence."
        )
    yield ""
    if own.trials:
        yield "Settings that were tried; another than the first is chosen only where the whole"
        yield "interval of its gain lies above 0. The last row is measured against the chosen one."
        yield ""
        yield from trial_lines(own)
        yield ""
    if own.warnings:
        yield "Warnings:"
        yield ""
        yield from (f"- {warning}" for warning in own.warnings)
        yield ""


def _own_limits(own: OwnLabels) -> Iterator[str]:
    yield ""
    yield (
        "Figures speak of articles like your own, picked as they were. Settings and operating "
        "points were chosen on the very articles that the figures are of, so expect a little less "
        "of new ones."
    )
