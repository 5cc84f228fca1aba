"""Options that several commands share."""

import codecs
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sanctions_clf.archives.columns import USUAL_NAMES, Columns
from sanctions_clf.archives.records import without_surrogates
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import CorpusError
from sanctions_clf.filters import Filters
from sanctions_clf.model import DEFAULT_OPERATING_POINT, Model
from sanctions_clf.predictions import PREDICTION_COLUMNS
from sanctions_clf.regimes import iso_date
from sanctions_clf.scoring import Reading
from sanctions_clf.shipped import MODEL_VARIABLE, load_model
from sanctions_clf.text.identify import identifier_is_installed
from sanctions_clf.text.languages import normalise_language

if TYPE_CHECKING:
    from sanctions_clf.articles import LabelledArticle
    from sanctions_clf.own_rows import OwnArticles

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _apply(options: Iterable[Callable[[_Command], _Command]]) -> Callable[[_Command], _Command]:
    in_order_of_help = tuple(options)[::-1]

    def decorate(command: _Command) -> _Command:
        for option in in_order_of_help:
            command = option(command)
        return command

    return decorate


model_option = click.option(
    "-m",
    "--model",
    "model_path",
    envvar=MODEL_VARIABLE,
    metavar="FILE",
    help="Model file; without it the model that ships with the package.",
)

threshold_options = _apply(
    (
        click.option(
            "--at",
            metavar="NAME",
            default=DEFAULT_OPERATING_POINT,
            help="Operating point from which an article is flagged: triage, balanced, strict.",
        ),
        click.option(
            "-t",
            "--threshold",
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            help="Probability from which an article is flagged, instead of --at.",
        ),
        click.option(
            "--prevalence",
            type=click.FloatRange(0, 1, min_open=True, max_open=True),
            metavar="SHARE",
            help="Share of relevant articles in what is scored, for which probabilities are to "
            "hold; without it that of the calibration sample.",
        ),
    )
)

column_options = _apply(
    click.option(
        f"--{part}-column",
        metavar="NAME",
        help=f"Field of the {part}; dots reach into nested JSON. Usual: {', '.join(names)}.",
    )
    for part, names in USUAL_NAMES.items()
)


def _known_encoding(ctx: click.Context, param: click.Parameter, value: str) -> str:
    try:
        codecs.lookup(value)
    except LookupError:
        raise click.BadParameter(f"no encoding {value!r}") from None
    return value


encoding_option = click.option(
    "--encoding",
    default="utf-8",
    metavar="NAME",
    callback=_known_encoding,
    help="Encoding of the input; cp1252 for CSV that Excel did not save as UTF-8.",
)

label_column_option = click.option(
    "--label-column", default="label", metavar="NAME", help="Field of the label."
)

labelled_options = _apply(
    (
        label_column_option,
        click.option(
            "--relevant",
            multiple=True,
            metavar="WORD",
            help="How the field says relevant, beside relevant, yes, 1, true; repeat for several.",
        ),
        click.option(
            "--not-relevant",
            multiple=True,
            metavar="WORD",
            help="How it says not relevant, beside not_relevant, no, 0, false; '' where rows "
            "without a label are meant.",
        ),
        column_options,
        encoding_option,
    )
)

filter_options = _apply(
    (
        click.option(
            "--identify-language",
            "identify",
            is_flag=True,
            help="Identify the language where neither the source nor the script tells it "
            "(pip install 'sanctions-clf[language]').",
        ),
        click.option("--since", metavar="DATE", help="Skip articles before it: YYYY[-MM[-DD]]."),
        click.option("--until", metavar="DATE", help="Skip articles after it."),
        click.option(
            "--lang",
            multiple=True,
            metavar="CODE",
            help="Skip articles in other languages; repeat for several.",
        ),
        click.option(
            "--min-chars", type=click.IntRange(min=1), default=1, help="Skip shorter articles."
        ),
    )
)

reading_options = _apply(
    (
        column_options,
        encoding_option,
        click.option(
            "--carry",
            multiple=True,
            metavar="FIELD",
            help="Field of the input to copy to the output; repeat for several. "
            "`text` is the text that was scored.",
        ),
        click.option(
            "--without",
            type=click.Choice(["launches"]),
            help="Leave out articles whose act is a missile launch or nuclear test: they are not "
            "flagged, whatever their decision value.",
        ),
        click.option("-n", "--limit", type=click.IntRange(min=1), help="Read so many records."),
        click.option("--strict", is_flag=True, help="Stop at the first record that is no article."),
    )
)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
verbose_option = click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Tell the threshold, and each record that cannot be read as it comes.",
)


def columns_from(options: dict[str, Any]) -> Columns:
    """Take the column options out of a command's options."""
    return Columns(**{part: options.pop(f"{part}_column") for part in USUAL_NAMES})


def labelled_from(
    names: Sequence[str], options: dict[str, Any], *, borderline: bool = False
) -> "OwnArticles":
    """Take the options of labelled articles out of a command's options, and read them."""
    from sanctions_clf.own_rows import read_own_articles

    return read_own_articles(
        names,
        columns=columns_from(options),
        label_column=options.pop("label_column"),
        relevant=options.pop("relevant"),
        not_relevant=options.pop("not_relevant"),
        encoding=options.pop("encoding"),
        borderline=borderline,
    )


def tell_warnings(warnings: Iterable[str]) -> None:
    """Print what was left out or looks wrong on stderr, a line each."""
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)


def warn_of_corpus(articles: Iterable["LabelledArticle"]) -> None:
    """Say on stderr how many articles a model that learned from our corpus has read before."""
    from sanctions_clf.corpus import count_in_corpus

    if known := count_in_corpus(articles):
        tell_warnings(
            [
                f"{known:,} articles are of the corpus that ships with the package; figures are "
                "too good for a model that learned from it"
            ]
        )


@contextmanager
def naming(names: Sequence[str]) -> Iterator[None]:
    """Name the files in an error about all the labelled articles together."""
    try:
        yield
    except CorpusError as error:
        raise CorpusError(f"{', '.join(names)}: {error}") from None


def reading_from(options: dict[str, Any]) -> Reading:
    """Take the reading options out of a command's options."""
    columns, carry = columns_from(options), options.pop("carry")
    _refuse_names(columns, carry)
    return Reading(
        columns=columns,
        encoding=options.pop("encoding"),
        carry=carry,
        without_launches=options.pop("without") is not None,
        limit=options.pop("limit"),
        strict=options.pop("strict"),
    )


def _refuse_names(columns: Columns, carry: tuple[str, ...]) -> None:
    for name in (*columns.given().values(), *carry):
        if without_surrogates(name) != name:
            raise click.BadParameter(f"the field name {name!r} is not UTF-8")
    for name in carry:
        if name in PREDICTION_COLUMNS and name not in USUAL_NAMES:
            raise click.BadParameter(
                f"the output has a column {name!r} of its own", param_hint="--carry"
            )


def operating_point_of(model: Model, at: str, threshold: float | None) -> OperatingPoint:
    """Return the operating point asked for; an unknown name is wrong usage."""
    try:
        return model.operating_point(at, threshold)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def scoring_model(path: str | None, prevalence: float | None = None) -> Model:
    """Return the model asked for; say on stderr where it was trained with another lexicon."""
    from sanctions_clf.domain import lexicon_checksum

    model = load_model(path)
    if model.card.lexicon_checksum != lexicon_checksum():
        click.echo(
            "Warning: the model was trained with another concept lexicon; train it again", err=True
        )
    return model if prevalence is None else model.at_prevalence(prevalence)


def archive_reading_from(options: dict[str, Any]) -> Reading:
    """Take the options of reading and of filters out of a command's options."""
    identify = options.pop("identify")
    if identify and not identifier_is_installed():
        raise click.BadParameter(
            "needs py3langid: pip install 'sanctions-clf[language]'",
            param_hint="--identify-language",
        )
    filters = _filters_from(options)
    return replace(reading_from(options), filters=filters, identify=identify)


def _filters_from(options: dict[str, Any]) -> Filters:
    dates = {name: options.pop(name) for name in ("since", "until")}
    for name, date in dates.items():
        if date is not None and iso_date(date) != date:
            raise click.BadParameter(
                f"{date!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD", param_hint=f"--{name}"
            )
    langs = map(normalise_language, options.pop("lang"))
    return Filters(
        **dates,
        langs=frozenset(lang for lang in langs if lang),
        min_chars=options.pop("min_chars"),
    )
