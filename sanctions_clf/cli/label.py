"""`sanctions-clf label`: ask a person for labels, one article at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import click
from rich.console import Console
from rich.text import Text

from sanctions_clf.archives.columns import article_from
from sanctions_clf.articles import Article
from sanctions_clf.cli.label_screen import Reading, read, show_full_text, show_passage
from sanctions_clf.cli.options import column_options, columns_from, model_option
from sanctions_clf.cli.tables import console
from sanctions_clf.corpus import BORDERLINE, NOT_RELEVANT, RELEVANT
from sanctions_clf.label_files import LabelFile
from sanctions_clf.model import Model
from sanctions_clf.shipped import load_model

_LABELS = {"y": RELEVANT, "n": NOT_RELEVANT, "u": BORDERLINE}
_KEYS = "y relevant, n not relevant, u unsure; s skip, b back, f full text, q quit"
_KEYS_AT_END = "b back, q quit"
_WORDS = ("yes", "no", "unsure", "skip", "back", "full", "quit")


@click.command(name="label")
@click.argument("file", metavar="FILE")
@model_option
@click.option(
    "--show-model", is_flag=True, help="Tell the model's probability, which sways who reads it."
)
@column_options
def command(file: str, model_path: str | None, show_model: bool, **options: Any) -> None:
    """Ask for the label of each article of FILE that has none, and save it there at once.

    FILE is JSONL or CSV, one article a row; answers go into its field `label`, and all else stays
    as it is. Shown is the passage that comes nearest to being relevant, the sentences that weigh
    most marked; they are marked whatever the model makes of them, which it keeps to itself.

    \b
    y  relevant       it mentions a possible violation of UN sanctions
    n  not relevant
    u  unsure         written as borderline, left out of training
    s  skip           asked again next time
    b  back           to the article before, and take back its label
    f  full text
    q  quit           the same command goes on where you stopped

    \b
    sanctions-clf data sample news.jsonl.gz -o to_label.jsonl
    sanctions-clf label to_label.jsonl
    """
    labels = LabelFile(file)
    columns = columns_from(options)
    articles = [
        article_from(row.fields or {}, columns, place=f"{file}, {row.position}")
        for row in labels.rows
    ]
    model = load_model(model_path)
    with click.open_file("-", errors="replace") as answers:
        given = _Session(labels, articles, model, console(), show_model, answers).run()
    counts = Counter(row.label or "without a label" for row in labels.rows)
    told = ", ".join(f"{count} {label}" for label, count in counts.most_common())
    click.echo(f"Labelled {given}. {file} has {told}.")


@dataclass(slots=True)
class _Session:
    """Asks about the articles that have no label, in the order of the file.

    Attributes
    ----------
    answers : a key a line.
    asked : indices of these articles.
    place : which of them it is the turn of; their number when all are through.
    reading : of the article that is on the screen.
    """

    labels: LabelFile
    articles: Sequence[Article]
    model: Model
    screen: Console
    show_model: bool
    answers: IO[str]
    asked: list[int] = field(init=False)
    place: int = 0
    reading: Reading | None = None

    def __post_init__(self) -> None:
        self.asked = [i for i, row in enumerate(self.labels.rows) if not row.label]

    def run(self) -> int:
        """Ask until there are no more articles or answers; return how many have got a label."""
        if self.asked:
            self._show()
            while (key := self._next_key()) not in ("q", None):
                self._obey(key)
        return sum(bool(self.labels.rows[i].label) for i in self.asked)

    def _obey(self, key: str | None) -> None:
        if key == "b":
            self._back()
        elif self.reading is None or key not in (*_LABELS, "s", "f"):
            self._say(f"The keys are: {self._keys()}.")
        elif key == "f":
            show_full_text(self.reading, self.screen)
        else:
            if key in _LABELS:
                self._label(_LABELS[key])
            self.place += 1
            self._show()

    def _back(self) -> None:
        if self.place == 0:
            self._say("This is the first one.")
            return
        self.place -= 1
        self._label("")
        self._show()

    def _label(self, label: str) -> None:
        row = self.labels.rows[self.asked[self.place]]
        if row.label != label:
            self.labels.set_label(row, label)

    def _show(self) -> None:
        self.reading = None
        if self.place == len(self.asked):
            self._say("\nThat was the last one.")
            return
        index = self.asked[self.place]
        self.reading = read(self.articles[index], self.model)
        progress = f"{index + 1} of {len(self.articles)}"
        show_passage(self.reading, progress, self.screen, show_model=self.show_model)

    def _keys(self) -> str:
        return _KEYS if self.reading else _KEYS_AT_END

    def _next_key(self) -> str | None:
        """What is typed, None at the end of input."""
        self.screen.print(Text(f"\n{self._keys()} > "), end="", soft_wrap=True)
        try:
            line = self.answers.readline()
        except KeyboardInterrupt:
            line = ""
        if not (line and self.answers.isatty()):
            # No one pressed Enter to end the line of the prompt.
            self.screen.print()
        typed = line.strip().lower()
        return (typed[:1] if typed in _WORDS else typed) if line else None

    def _say(self, message: str) -> None:
        self.screen.print(Text(message), soft_wrap=True)
