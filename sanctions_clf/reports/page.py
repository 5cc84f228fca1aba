"""Pages as one HTML file each, which loads nothing and runs no code but its own."""

import base64
import hashlib
import os
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sanctions_clf.version import __version__
from sanctions_clf.writers import whole_file

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = "templates"
_CERTAIN = 0.995
_MINUS = "\u2212"


def render_page(template: str, *, script: str | None = None, **context: Any) -> str:
    """Return a page: the template of that name, which extends `base.html`, filled with `context`.

    What is filled in is escaped; a name that the template asks for and `context` lacks is an
    error. Filters beside Jinja's own: `decimal`, `signed`, `percent`, `probability`, `count`.

    Parameters
    ----------
    script : name of the one script among the templates that the page may run. The page's content
        security policy admits it by its SHA-256 (CSP Level 3, section 2.3.1), nothing else.
    """
    source = _script(script) if script else None
    return (
        _environment()
        .get_template(template)
        .render(
            script=source,
            script_hash=_hash(source) if source else None,
            version=__version__,
            **context,
        )
    )


def write_page(path: str | os.PathLike[str], page: str) -> None:
    """Write a page to a file, which appears whole or not at all.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with whole_file(path) as stream:
        # Articles may hold halves of surrogate pairs, which have no UTF-8.
        stream.write(page.encode("utf-8", "replace"))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "decimal": _decimal,
        "signed": _signed,
        "percent": _percent,
        "probability": _probability,
        "count": _count,
    }
    return environment


def _script(name: str) -> str:
    return files(__package__).joinpath(_TEMPLATES, name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _decimal(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", _MINUS)


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:+.{digits}f}".replace("-", _MINUS)


def _percent(value: float, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    return f"{100 * value:.{digits}f} %".replace("-", _MINUS)


def _probability(value: float) -> str:
    """To two digits, and never certain."""
    if value >= _CERTAIN:
        return ">.99"
    return "<.01" if value < 1 - _CERTAIN else f"{value:.2f}".removeprefix("0")


def _count(value: int) -> str:
    return f"{value:,}"
