"""`make picture`: what the samples look like on a terminal, from a real run, for the README."""

import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "static" / "terminal.svg"
COMMAND = "sanctions-clf predict samples/*.txt"
WIDTH = 96
# rich has the picture load its font; a picture that loads nothing takes the reader's own.
REMOTE_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def main() -> None:
    """Run the command, in colours, and draw what it printed."""
    samples = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "samples").glob("*.txt"))
    arguments = ["-m", "sanctions_clf", "predict", "--format", "table", *samples]
    done = subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"},
        capture_output=True,
        check=True,
        text=True,
    )
    with Path(os.devnull).open("w") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(f"[bold]$ {COMMAND}[/bold]", highlight=False)
        console.print(Text.from_ansi(done.stdout.rstrip()))
    svg = console.export_svg(title="sanctions-clf", unique_id="terminal")
    PICTURE.write_text(REMOTE_FONT.sub("", svg), encoding="utf-8")


if __name__ == "__main__":
    main()
