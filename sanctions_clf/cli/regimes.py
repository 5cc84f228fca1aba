"""`sanctions-clf regimes`: the UN sanctions regimes that hits are filed under."""

import dataclasses
import sys
from typing import Any

import click
import orjson

from sanctions_clf.domain import Regime, load_regimes


@click.command(name="regimes")
@click.argument("regime", required=False, metavar="[ID]")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["table", "jsonl"]),
    help="Without it a table on a terminal, JSONL into a pipe.",
)
def command(regime: str | None, format_: str | None) -> None:
    """Show the UN sanctions regimes, or one: since when, resolutions, measures, what it leaves out.

    \b
    sanctions-clf regimes
    sanctions-clf regimes iran-2231
    """
    known = load_regimes()
    if regime is not None and regime not in known:
        raise click.BadParameter(
            f"no regime {regime!r}; `sanctions-clf regimes` lists all", param_hint="ID"
        )
    chosen = [known[regime]] if regime else list(known.values())
    if (format_ or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl":
        for one in chosen:
            click.echo(orjson.dumps(_row(one)).decode())
        return
    from sanctions_clf.cli.tables import console, print_regime, regime_table

    if regime:
        print_regime(chosen[0], console())
    else:
        console().print(regime_table(chosen))


def _row(regime: Regime) -> dict[str, Any]:
    return dataclasses.asdict(regime) | {"concepts": sorted(regime.concepts)}
