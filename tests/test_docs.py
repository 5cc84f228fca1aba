"""The documentation: its code blocks run, and print what stands below them."""

import doctest
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

import sanctions_clf as sc
from sanctions_clf.shipped import MODEL_VARIABLE

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
# A block below such a comment is shown and not run; it says why.
NOT_RUN = re.compile(r"<!-- not run: \w[^\n]*-->\n+\Z")
# A `$` line, with the lines that a backslash at its end joins to it, and what it prints.
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
CHECKER = doctest.OutputChecker()


def evaluate_console(example):
    """Run the commands of a block; the text that this returns says what went wrong."""
    commands = COMMAND.findall(example.parsed)
    if not commands:
        return "no line begins with `$ `"
    for command, expected in commands:
        printed, status = in_terminal(command)
        if expected and not CHECKER.check_output(expected, printed, FLAGS):
            wanted = doctest.Example(command, expected)
            return CHECKER.output_difference(wanted, printed, FLAGS)
        if status and "Error: " not in expected:
            return f"{command}: exit code {status}\n{printed}"
    return None


def in_terminal(command):
    """What a command prints on a plain terminal of 80 columns, and its exit code."""
    leader, follower = pty.openpty()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "TERM": "dumb"}
    environment.pop(MODEL_VARIABLE, None)
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
        env=environment,
    )
    os.close(follower)
    printed = b""
    while chunk := read(leader):
        printed += chunk
    os.close(leader)
    return printed.decode(), process.wait()


def read(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other end is closed
        return b""


BLOCKS = Sybil(
    [PythonCodeBlockParser(doctest_optionflags=FLAGS), CodeBlockParser("console", evaluate_console)]
)
EXAMPLES = {page: list(BLOCKS.parse(page).examples()) for page in PAGES}


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder that has the repository's samples, data and models, and else nothing."""
    for name in ("samples", "data", "models"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if EXAMPLES[page]], ids=lambda page: page.name
)
def test_code_blocks_run_and_print_what_stands_below_them(page, checkout):
    """In order, the Python blocks of a page in one namespace."""
    for example in EXAMPLES[page]:
        if not NOT_RUN.search(example.document.text, 0, example.start):
            example.evaluate()


@pytest.mark.parametrize("name", sc.__all__)
def test_the_reference_has_every_public_name(name):
    reference = (DOCS / "api.md").read_text(encoding="utf-8")
    assert re.search(rf":: sanctions_clf\.{name}\b", reference)
