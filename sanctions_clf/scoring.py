"""Score the records of archives, one at a time and in order, none lost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sanctions_clf.archives import (
    Columns,
    Record,
    Rejected,
    Skipped,
    list_archives,
    read_listed,
)
from sanctions_clf.articles import Article
from sanctions_clf.attributes import LAUNCH
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.errors import ArchiveError, ModelFileError
from sanctions_clf.filters import Filters
from sanctions_clf.model import Model
from sanctions_clf.predictions import Prediction
from sanctions_clf.summary import Summary
from sanctions_clf.text.identify import identify_language
from sanctions_clf.text.languages import resolve_language


@dataclass(frozen=True, slots=True)
class Reading:
    """How archives are read.

    Attributes
    ----------
    columns : names of the fields to take instead of the usual ones.
    encoding : of text, JSONL and CSV files.
    carry : names of the records' own fields to keep in predictions.
    without_launches : do not flag articles whose act is a missile launch or nuclear test.
    filters : which articles are scored; the others are skipped.
    identify : identify the language of texts of which neither source nor script tells it.
    limit : most records to read, over all archives; None for all.
    strict : stop at the first record that cannot be read.
    """

    columns: Columns = field(default_factory=Columns)
    encoding: str = "utf-8"
    carry: tuple[str, ...] = ()
    without_launches: bool = False
    filters: Filters = field(default_factory=Filters)
    identify: bool = False
    limit: int | None = None
    strict: bool = False


def score_records(
    archives: Sequence[str],
    model: Model,
    point: OperatingPoint,
    *,
    reading: Reading | None = None,
    summary: Summary | None = None,
) -> Iterator[Prediction | Rejected]:
    """Yield a prediction for each record of the archives, or why it was rejected.

    Records are read once, lazily and in order; one is in memory at a time. Those that are skipped
    are counted in `summary`.

    Parameters
    ----------
    archives : files, directories, `-` for standard input.

    Raises
    ------
    ArchiveError
        If an archive as a whole cannot be read; with `reading.strict` also at the first rejected
        record.
    """
    reading = reading or Reading()
    summary = summary or Summary()
    for record in _read_all(archives, reading, summary):
        result = score_record(record, model, point, reading)
        summary.count(result)
        if not isinstance(result, Skipped):
            yield result
        if reading.limit is not None and summary.records >= reading.limit:
            return


def _read_all(
    archives: Sequence[str], reading: Reading, summary: Summary
) -> Iterator[Record | Skipped | Rejected]:
    for name, found in list_archives(archives):
        summary.archives += 1
        yield from read_listed(name, found, reading.columns, reading.encoding)


def score_record(
    record: Record | Skipped | Rejected, model: Model, point: OperatingPoint, reading: Reading
) -> Prediction | Skipped | Rejected:
    """Return the prediction for a record, or why there is none.

    Raises
    ------
    ArchiveError
        With `reading.strict`, for a rejected record.
    ModelFileError
        If launches are to be left out and the model does not tell them.
    """
    if isinstance(record, Rejected) and reading.strict:
        raise ArchiveError(str(record))
    if not isinstance(record, Record):
        return record
    lang = _identified(record.article) if reading.identify else None
    if lang:
        record = replace(record, article=replace(record.article, lang=lang))
    reason = reading.filters.reason_to_skip(record.article)
    if reason:
        return Skipped(record.archive, record.position, reason)
    prediction = model.predict_record(record, point, reading.carry)
    if reading.without_launches:
        if model.attributes is None:
            raise ModelFileError(
                "this model cannot tell launches; train it again to leave them out"
            )
        prediction = prediction.without(LAUNCH)
    return replace(prediction, lang_from="identified") if lang else prediction


def _identified(article: Article) -> str | None:
    """The language of an article of which neither its source nor its script tells it."""
    known, _ = resolve_language(article.lang, article.full_text)
    return None if known else identify_language(article.full_text)
