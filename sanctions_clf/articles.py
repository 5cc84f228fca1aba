"""The record that goes in: a news article, and one that a person has labelled."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news text.

    Attributes
    ----------
    text : body of the article.
    id : the archive's own id, or its place in the archive where it has none.
    title : headline, if known.
    date : date of publication as found, best ISO 8601 (`2024-10-21`, `2024-10`).
    lang : language as given by the source, in any usual spelling (`fr`, `fra`, `fr-CA`, `French`).
    url : where it was published.
    source : outlet.

    Examples
    --------
    >>> Article(title="A ship is searched", text="It carried coal.").full_text
    'A ship is searched\\nIt carried coal.'
    """

    text: str
    id: str | None = None
    title: str | None = None
    date: str | None = None
    lang: str | None = None
    url: str | None = None
    source: str | None = None

    @property
    def full_text(self) -> str:
        """Title, line break and text, as they are scored and evidence offsets count them."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def headline(self) -> str:
        """The title, or the first line of the text where there is none."""
        return self.title or self.text.strip().partition("\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledArticle(Article):
    """An article with a person's label; see `data/README.md` for every field.

    Attributes
    ----------
    label : `relevant`, `not_relevant` or `borderline`.
    evidence : every sentence that states an act, each an exact part of title or text.
    regimes, measures : ids of the domain tables.
    status : how firmly the act is stated, one of the guide's seven words.
    reason : why a hard negative is not relevant; None for general news.
    event, pair : articles on one event, and the two halves of a minimal pair, share these.
    """

    label: str
    evidence: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    status: str | None = None
    denied: bool = False
    contested: bool = False
    subtype: str | None = None
    prominence: str | None = None
    act_date: str | None = None
    reason: str | None = None
    genre: str | None = None
    origin: str | None = None
    event: str | None = None
    pair: str | None = None

    @property
    def relevant(self) -> bool:
        """Whether the label is `relevant`."""
        return self.label == "relevant"
