"""Predictions and explanations as a person reads them on a terminal."""

import re
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

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
    """Return a table: flag and probability, regime, title and the sentences that say so."""
    table = Table(show_lines=True, expand=True)
    table.add_column("", no_wrap=True)
    table.add_column("prob.", justify="right", no_wrap=True)
    table.add_column("regime", no_wrap=True)
    table.add_column("article and evidence", ratio=1, overflow="fold")
    for prediction in predictions:
        table.add_row(
            Text("FLAG", style="bold red") if prediction.flagged else Text("-", style="dim"),
            f"{prediction.probability:.2f}",
            "\n".join(prediction.regimes),
            _article_cell(prediction),
        )
    return table


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
        *([f"regimes: {', '.join(prediction.regimes)}"] if prediction.regimes else []),
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
