"""An article as the person who labels it sees it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from sanctions_clf.articles import Article
from sanctions_clf.evidence import carrying_sentences
from sanctions_clf.model import Model
from sanctions_clf.terms import Sentence
from sanctions_clf.text.languages import resolve_language

# An article from the web shall not steer the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with what the model would look at first.

    Attributes
    ----------
    sentences : all of the article.
    passage : those of the most relevant passage.
    marked : those that carry the decision most, whatever it is.
    probability : that the article is relevant, 0 to 1.
    """

    article: Article
    sentences: Sequence[Sentence]
    passage: Sequence[Sentence]
    marked: Sequence[Sentence]
    probability: float


def read(article: Article, model: Model) -> Reading:
    """Return the article with its most relevant passage and the sentences to mark."""
    lang, _ = resolve_language(article.lang, article.full_text)
    decision = model.linear.decide(article.full_text, lang)
    return Reading(
        article,
        decision.sentences,
        decision.passage,
        carrying_sentences(decision, model.linear.concepts),
        model.calibration.probability(decision.value),
    )


def show_passage(reading: Reading, progress: str, to: Console, *, show_model: bool) -> None:
    """Print place, title and the most relevant passage."""
    article = reading.article
    known = [part for part in (article.date, article.lang, article.source) if part]
    to.print()
    to.print(Rule(Text(_clean(f"{progress}  {', '.join(known)}")), align="left", style="dim"))
    if article.title:
        to.print(Text(_clean(article.title), style="bold"))
    if article.url:
        to.print(Text(_clean(article.url), style="dim"))
    if show_model:
        to.print(Text(f"probability {reading.probability:.3f}", style="dim"))
    body = _without_title(reading, reading.passage)
    to.print(_marked(reading, body))
    if len(reading.passage) < len(reading.sentences):
        to.print(Text(f"  (f: all {len(reading.sentences)} sentences)", style="dim"))


def show_full_text(reading: Reading, to: Console) -> None:
    """Print all of the article, with the same sentences marked and the passage set off."""
    to.print()
    to.print(_marked(reading, reading.sentences))


def _marked(reading: Reading, sentences: Sequence[Sentence]) -> Table:
    """Sentence under sentence, paragraphs apart."""
    text = reading.article.full_text
    lines = Table.grid(padding=(0, 1))
    lines.add_column()
    lines.add_column(overflow="fold")
    last = sentences[0].end if sentences else 0
    for sentence in sentences:
        if "\n" in text[last : sentence.start]:
            lines.add_row()
        last = sentence.end
        marked = sentence in reading.marked
        style = "bold" if marked else "" if sentence in reading.passage else "dim"
        written = Text(_clean(text[sentence.start : sentence.end]), style=style)
        lines.add_row(">" if marked else "", written)
    return lines


def _without_title(reading: Reading, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of the body; the title stands above them anyway."""
    title = len(reading.article.title or "")
    return [sentence for sentence in sentences if sentence.start >= title]


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)
