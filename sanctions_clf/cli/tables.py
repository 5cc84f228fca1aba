"""Predictions, explanations and regimes as a person reads them on a terminal."""

import re
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sanctions_clf.acts import TEXT
from sanctions_clf.domain import Regime, load_measures
from sanctions_clf.highlights import Piece, highlight
from sanctions_clf.predictions import Explanation, Prediction
from sanctions_clf.term_words import term_in_words

if TYPE_CHECKING:
    from sanctions_clf.label_check import Suspect  # loads scikit-learn

_TITLE_LENGTH = 90
_TERMS_SHOWN = 15
_PIPE_WIDTH = 120
_WHITE_SPACE = re.compile(r"\s+")


def console(stream: IO[str] | None = None, *, stderr: bool = False) -> Console:
    """Return a console of the terminal's width, or of 120 columns where there is none."""
    made = Console(file=stream, stderr=stderr, highlight=False)
    if not made.is_terminal:
        made = Console(file=stream, stderr=stderr, highlight=False, width=_PIPE_WIDTH)
    return made


def prediction_table(predictions: Iterable[Prediction]) -> Table:
    """Return a table: flag, probability, regimes with measures and status, title and evidence."""
    table = Table(show_lines=True, expand=True)
    table.add_column("", no_wrap=True)
    table.add_column("prob.", justify="right", no_wrap=True)
    table.add_column("regime", no_wrap=True)
    table.add_column("article and evidence", ratio=1, overflow="fold")
    for prediction in predictions:
        table.add_row(
            Text("FLAG", style="bold red") if prediction.flagged else Text("-", style="dim"),
            f"{prediction.probability:.2f}",
            _filing_cell(prediction),
            _article_cell(prediction),
        )
    return table


def _filing_cell(prediction: Prediction) -> Text:
    cell = Text("\n".join(prediction.regimes))
    for line in _filing_lines(prediction):
        cell.append(f"\n{line}", style="dim")
    return cell


def _filing_lines(prediction: Prediction) -> list[str]:
    """Measures, status and date of the act, in words."""
    status = ", ".join(filter(None, (prediction.status, *_doubts(prediction))))
    return [*prediction.measures, *filter(None, (status, _dated(prediction)))]


def _article_cell(prediction: Prediction) -> Text:
    title = prediction.title or prediction.id or ""
    cell = Text(_shortened(title), style="bold" if prediction.flagged else "")
    place = " ".join(filter(None, (prediction.date, prediction.lang)))
    if place:
        cell.append(f"  ({place})", style="dim not bold")
    for evidence in prediction.evidence:
        cell.append(f"\n> {' '.join(evidence.text.split())}", style="not bold")
    return cell


def print_explanation(explanation: Explanation, to: Console) -> None:
    """Print the passage with its evidence marked, then the terms and their sum."""
    prediction = explanation.prediction
    flag = "flagged" if prediction.flagged else "not flagged"
    to.print(
        Text(f"{prediction.title or prediction.id}", style="bold"),
        Text(
            f"{flag} at {prediction.operating_point}: probability {prediction.probability:.3f}, "
            f"decision value {prediction.decision_value:+.2f}"
        ),
        *_filed(prediction),
        "",
        "The most relevant passage (> carries the decision, underlined speaks for it):",
        sep="\n",
    )
    for line in highlight(explanation):
        sentence = Text("> " if line.is_evidence else "  ")
        for piece in line.pieces:
            sentence.append(_WHITE_SPACE.sub(" ", piece.text), style=_style(piece))
        if line.is_evidence:
            sentence.stylize("bold")
        to.print(sentence)
    to.print()
    to.print(contribution_table(explanation))


def _style(piece: Piece) -> str:
    if not piece.concepts:
        return ""
    return "underline" if piece.contribution > 0 else "dim"


def _filed(prediction: Prediction) -> list[str]:
    parties = dict.fromkeys(party.name for party in prediction.parties)
    lines = {
        "regimes": ", ".join(prediction.regimes),
        "measures": ", ".join(prediction.measures),
        "status": ", ".join(
            filter(None, (prediction.status, *_doubts(prediction), prediction.subtype))
        ),
        "date of the act": _dated(prediction),
        "parties": ", ".join(parties),
    }
    return [f"{name}: {line}" for name, line in lines.items() if line]


def _dated(prediction: Prediction) -> str:
    """The date of the act, and whence where the article does not state it."""
    date = prediction.act_date or ""
    return (
        date if prediction.act_date_from in (None, TEXT) else f"{date} ({prediction.act_date_from})"
    )


def _doubts(prediction: Prediction) -> list[str]:
    return [name for name in ("denied", "contested") if getattr(prediction, name)]


def regime_table(regimes: Iterable[Regime]) -> Table:
    """Return a table of regimes: when each was in force, and its measures."""
    table = Table(show_lines=False)
    table.add_column("regime", no_wrap=True)
    table.add_column("in force", no_wrap=True)
    table.add_column("name and measures", ratio=1, overflow="fold")
    for regime in regimes:
        ended = regime.windows[-1][1] is not None
        name = Text(regime.name)
        name.append(f"\n{', '.join(regime.measures)}", style="dim")
        table.add_row(Text(regime.id, style="dim" if ended else "bold"), _windows(regime), name)
    return table


def print_regime(regime: Regime, to: Console) -> None:
    """Print one regime: windows, scope, resolutions, measures, what it does not cover."""
    to.print(Text(f"{regime.name} ({regime.id})", style="bold"))
    to.print(f"In force: {_windows(regime, ', ')}", regime.scope, sep="\n")
    if regime.contested_since:
        to.print(f"Its force is contested since {regime.contested_since}.")
    to.print(f"Resolutions: {', '.join(regime.resolutions)}", "Measures:", sep="\n")
    for name in regime.measures:
        window = regime.measure_windows.get(name)
        when = f" ({_window(*window)})" if window else ""
        to.print(f"  {load_measures()[name].label}{when}")
    for heading, lines in (("Not covered:", regime.not_covered), ("Note:", (regime.note,))):
        told = [f"  {line}" for line in lines if line]
        if told:
            to.print(heading, *told, sep="\n")


def _windows(regime: Regime, between: str = "\n") -> str:
    return between.join(_window(*window) for window in regime.windows)


def _window(start: str, end: str | None) -> str:
    return f"{start} to {end}" if end else f"since {start}"


def contribution_table(explanation: Explanation) -> Table:
    """Return the largest contributions, the sum of the others, the intercept, and the total."""
    table = Table(show_footer=True)
    table.add_column("term", footer="decision value")
    total = f"{explanation.prediction.decision_value:+.3f}"
    table.add_column("contribution", justify="right", footer=total)
    shown = explanation.contributions[:_TERMS_SHOWN]
    others = explanation.contributions[_TERMS_SHOWN:]
    for part in shown:
        table.add_row(term_in_words(part.term), f"{part.contribution:+.3f}")
    if others:
        rest = sum(part.contribution for part in others)
        table.add_row(f"{len(others)} smaller terms", f"{rest:+.3f}", style="dim")
    table.add_row("intercept", f"{explanation.intercept:+.3f}", style="dim")
    return table


def suspect_table(suspects: Sequence["Suspect"], places: Sequence[str]) -> Table:
    """Return a table: label and probability, place and title, and what speaks against the label."""
    table = Table(show_lines=True, expand=True)
    table.add_column("label", no_wrap=True)
    table.add_column("prob.", justify="right", no_wrap=True)
    table.add_column("article, its weightiest sentences, terms", ratio=1, overflow="fold")
    for suspect, place in zip(suspects, places, strict=True):
        cell = Text(_shortened(suspect.article.headline), style="bold")
        cell.append(f"  ({place})", style="dim not bold")
        for evidence in suspect.evidence:
            cell.append(f"\n> {' '.join(evidence.text.split())}", style="not bold")
        terms = ", ".join(f"{part.term} {part.contribution:+.2f}" for part in suspect.terms)
        cell.append(f"\n{terms.replace('_', ' ')}", style="dim not bold")
        table.add_row(suspect.article.label, f"{suspect.probability:.2f}", cell)
    return table


def _shortened(title: str) -> str:
    title = " ".join(title.split())
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1] + "…"
