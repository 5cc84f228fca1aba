"""The command line: one module a command, each a thin skin over the library."""

import os
import sys
from importlib import import_module

import click

from sanctions_clf.errors import SanctionsClfError
from sanctions_clf.version import __version__

_COMMANDS = {
    "predict": "predict",
    "score": "score",
    "reflag": "reflag",
    "explain": "explain",
    "hits": "hits",
    "train": "train",
    "tune": "tune",
    "evaluate": "evaluate",
    "model": "model",
    "regimes": "regimes",
    "data": "data",
    "label": "label",
    "audit": "audit",
}


class _Commands(click.Group):
    """Loads a command when it is called, and tells errors in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"sanctions_clf.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except SanctionsClfError as error:
            raise click.ClickException(str(error)) from None
        except BrokenPipeError:
            # The reader of our output has enough; what Python flushes at exit has no taker.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None
        except OSError as error:  # what no module tells better: a full disk, a name too long
            name = f"{os.fsdecode(error.filename)}: " if error.filename else ""
            raise click.ClickException(f"{name}{error.strerror or error}") from None


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
)
@click.version_option(__version__)
def main() -> None:
    """Flag news articles that mention a possible violation of UN sanctions, and say why.

    A flagged article is a lead for a person, never a finding.

    \b
    sanctions-clf predict article.txt
    sanctions-clf score archive.jsonl.gz -o hits.jsonl
    """
