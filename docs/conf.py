"""How Sphinx builds the site: `make docs`, offline, with warnings as errors."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from sanctions_clf.version import __version__

HERE = Path(__file__).parent
ROOT = HERE.parent

project = "sanctions_clf"
author = "The sanctions_clf authors"
project_copyright = author
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "notebooks/README.md"]
default_role = "code"
nitpicky = True
# What others define: there is no network to look their pages up.
nitpick_ignore_regex = [
    (r"py:.*", r"(collections|np|npt|numpy|os|pathlib|pd|sklearn)\b.*"),
    (r"py:class", r"Pipeline|tuple\[str"),
]

# A notebook is run again when its code changes, or the model does.
nb_execution_mode = "cache"
nb_execution_timeout = 240
nb_execution_raise_on_error = True
_model = hashlib.sha256((ROOT / "models" / "default.zip").read_bytes()).hexdigest()
nb_execution_cache_path = str(HERE / "_build" / "notebooks" / _model[:16])

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 95
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = f"sanctions_clf {__version__}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_extra_path = ["_build/extra"]
html_show_sphinx = False
html_copy_source = False
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True

# `name, other : what they are`, as our docstrings have it: types stand in the signature.
_FIELD = re.compile(r"^(\*{0,2}\w+(?:, \*{0,2}\w+)*) : (.+)$")


def _describe_fields(_app, what, _name, _subject, _options, lines):
    """Take `Parameters` to where numpydoc has descriptions, and make a list of `Attributes`."""
    if what == "property" and lines:  # napoleon takes what stands before a colon for its type
        lines[:1] = re.split("(?<=:) ", lines[0], maxsplit=1)
    section, made = "", []
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and set(below) == {"-"}:
            section = line
        made += _FIELDS.get(section, lambda line: [line])(line)
    lines[:] = made


def _parameter(line):
    field = _FIELD.match(line)
    return [field[1], f"    {field[2]}"] if field else [line]


def _attribute(line):
    if line == "Attributes":
        return ["", "", ":Attributes:"]  # two empty lines end a section
    field = _FIELD.match(line)
    if field:
        return [f"    * **{field[1].replace(', ', '**, **')}** -- {field[2]}"]
    return [] if set(line) == {"-"} else [f"  {line}"]


_FIELDS = {"Parameters": _parameter, "Attributes": _attribute}


def _show_examples(_app, _context, lines):
    """Make a console block of the lines that Click leaves as they are, which are our examples."""
    made = []
    for line, before in zip(lines, ["", *lines], strict=False):
        if line.startswith("| ") and not before.startswith("| "):
            made += [".. code-block:: console", ""]
        made.append(f"    $ {line[2:]}" if line.startswith("| ") else line)
    lines[:] = made


def _write_examples(_app):
    """Write the pages that the tutorial links to, and bring the notebooks below this folder."""
    if not (HERE / "notebooks").is_symlink():
        (HERE / "notebooks").symlink_to("../notebooks")
    extra = HERE / "_build" / "extra"
    extra.mkdir(parents=True, exist_ok=True)
    run = HERE / "_build" / "hits.jsonl"
    for arguments in (
        ["score", "samples/archive.jsonl.gz", "--carry", "text", "-q", "-o", run],
        ["hits", run, "-o", extra / "hits.html"],
        ["explain", "samples/armes_coree_du_nord.txt", "-o", extra / "why.html"],
    ):
        subprocess.run([sys.executable, "-m", "sanctions_clf", *arguments], cwd=ROOT, check=True)


def setup(app):
    """Connect what is our own."""
    app.connect("config-inited", lambda app, _config: _write_examples(app))
    # Before napoleon, which has the usual 500.
    app.connect("autodoc-process-docstring", _describe_fields, priority=400)
    app.connect("sphinx-click-process-description", _show_examples)
    # The usage line has them, and says as much.
    app.connect("sphinx-click-process-arguments", lambda _app, _context, lines: lines.clear())
