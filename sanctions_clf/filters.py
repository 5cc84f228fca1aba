"""Which articles a run looks at: by date, language and length."""

from dataclasses import dataclass

from sanctions_clf.articles import Article
from sanctions_clf.regimes import iso_date
from sanctions_clf.text.languages import resolve_language


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be like to be scored.

    Attributes
    ----------
    since, until : first and last date of publication, ISO 8601 or its beginning (`2024-10`), both
        included; articles without a date that can be read pass.
    langs : languages, in the lexicon's codes; empty for all. Articles of unknown language pass.
    min_chars : fewest characters of title and text.
    """

    since: str | None = None
    until: str | None = None
    langs: frozenset[str] = frozenset()
    min_chars: int = 0

    def reason_to_skip(self, article: Article) -> str | None:
        """Return why an article is passed over, None for one that is not."""
        date = iso_date(article.date)
        if date and self.since and date < self.since[: len(date)]:
            return f"before {self.since}"
        if date and self.until and date[: len(self.until)] > self.until:
            return f"after {self.until}"
        if len(article.full_text) < self.min_chars:
            return f"shorter than {self.min_chars} characters"
        if not self.langs:
            return None
        lang, _ = resolve_language(article.lang, article.full_text)
        return f"language {lang}" if lang and lang not in self.langs else None
