"""One article in a web page: its main text, title, language, date and address."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sanctions_clf.archives.columns import Columns
from sanctions_clf.archives.records import WHOLE_FILE, Record, Rejected
from sanctions_clf.archives.streams import OpenArchive
from sanctions_clf.articles import Article
from sanctions_clf.errors import ArchiveError

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree
    from resiliparse.parse.html.node import DocumentNode

NOT_A_PAGE, NO_TEXT = "not a web page", "no text"

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What browsers read under these names (WHATWG Encoding Standard, section 4.2) is more than Python
# does.
_WIDER = {"shift_jis": "cp932", "euc_kr": "cp949", "gbk": "gb18030", "big5": "big5hkscs"}

# Where pages tell their date, the most particular first.
_DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "dcterms.created",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
)
_TIMES = (
    "time[itemprop=datePublished][datetime], time[pubdate][datetime]",
    "article time[datetime]",
    "time[datetime]",
)
_JSON_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
_DATE = re.compile(r"\s*((?:19|20)\d\d)([-/.]?)(\d\d)\2(\d\d)(?!\d)|\s*(?:19|20)\d\d-\d\d(?!\d)")
_MARKUP = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|$)|</?[a-z][^<>]*>")

# Control characters that text does without; of binary data they are a tenth.
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")
_START = 8192
# Shorter than any article, in any script: the heuristic for main content has failed.
_NEARLY_EMPTY = 100
_NO_CONTENT = ["nav", "footer", "aside"]
# Browsers nest no deeper than 512 (Chromium). The time of the heuristic for main content grows
# with the square of the depth: half a second at 8,000. Pages of fewer tags need no look.
_TOO_DEEP = " > ".join(["*"] * 600)
_MANY_TAGS = 2000


def read_html(archive: OpenArchive, columns: Columns, encoding: str) -> Iterator[Record | Rejected]:
    """Yield the one article of a web page.

    An encoding other than UTF-8 counts before what the page says of itself, unless the page is
    valid UTF-8 nonetheless.
    """
    content = archive.stream.read()
    try:
        article = page_article(content, charset=named_charset(encoding), id=archive.name)
    except ArchiveError as error:
        yield Rejected(archive.name, WHOLE_FILE, str(error))
        return
    yield Record(archive.name, WHOLE_FILE, article)


def page_article(
    content: bytes, *, charset: str | None, id: str, url: str | None = None
) -> Article:
    """Return the article of a web page.

    Parameters
    ----------
    content : the page as served.
    charset : its encoding, as HTTP or the caller says; None to find it out.
    id : the article's id.
    url : its address, None for the one that the page gives itself.

    Raises
    ------
    ArchiveError
        If it is a picture, a PDF or the like (`not a web page`), or has neither title nor text
        (`no text`).
    """
    from resiliparse.parse.html import HTMLTree

    markup = decoded(content, charset)
    tree = HTMLTree.parse(markup)
    page = tree.document
    if page is None:
        raise ArchiveError(NO_TEXT)
    named = _meta(page)
    title = _one_line(_MARKUP.sub(" ", named.get("og:title") or tree.title or ""))
    too_deep = markup.count("<") > _MANY_TAGS and page.query_selector(_TOO_DEEP) is not None
    text = _text(tree, main_content=not too_deep)
    if title:
        text = text.removeprefix(f"{title}\n")
    if not (title or text):
        raise ArchiveError(NO_TEXT)
    return Article(
        text=text,
        id=id,
        title=title or None,
        date=_date(page, named),
        lang=_language(page),
        url=url or _own_url(page, named),
    )


def named_charset(encoding: str) -> str | None:
    """Return the encoding that the caller named, None for the default, which is no choice."""
    return None if encoding.lower() in ("utf-8", "utf8") else encoding


def decoded(content: bytes, charset: str | None) -> str:
    """Return the text of bytes from the web, in the encoding that fits best.

    A byte order mark counts first, then UTF-8 wherever it fits without error (servers name others
    by default), then `charset`, then what a <meta> tag says, then a guess by its letters.

    Raises
    ------
    ArchiveError
        If it is a picture, a PDF or the like.
    """
    text = _decoded(content, charset)
    start = text[:_START]
    if start.startswith("%PDF") or len(_CONTROLS.findall(start)) > len(start) // 20:
        raise ArchiveError(NOT_A_PAGE)
    return text


def _decoded(content: bytes, charset: str | None) -> str:
    from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

    for mark, marked in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, "replace")
    # ISO-2022 and UTF-16 are valid UTF-8, and give themselves away by ESC and NUL.
    if b"\x1b" not in content and b"\0" not in content:
        try:
            return content.decode()
        except UnicodeDecodeError:
            pass
    given = map_encoding_to_html5((charset or "").strip("\"' "), fallback_utf8=False)
    # WHATWG's table has no name for what the detector calls Korean.
    guessed = detect_encoding(content, html5_compatible=False) or ""
    guessed = map_encoding_to_html5(guessed, fallback_utf8=False) or guessed
    for encoding in (given, detect_encoding(content, from_html_meta=True), guessed):
        text = _fitting(content, encoding)
        if text is not None:
            return text
    return content.decode(errors="replace")


def _fitting(content: bytes, encoding: str | None) -> str | None:
    """The text, None where over a tenth of the bytes that are not ASCII are not of the encoding."""
    if not encoding or (encoding.startswith("utf-16") and b"\0" not in content):
        return None
    text = content.decode(_WIDER.get(encoding, encoding), "replace")
    foreign = len(content.translate(None, bytes(range(128))))
    return text if text.count("\ufffd") * 10 <= foreign else None


def _text(tree: "HTMLTree", *, main_content: bool) -> str:
    """The main text, a line for each paragraph, or all text where that is nearly none."""
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        tree,
        preserve_formatting=True,
        main_content=main_content,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        post_meta=False,
        skip_elements=_NO_CONTENT,
    )
    lines = "\n".join(line for part in text.splitlines() if (line := _one_line(part)))
    if not main_content or len(lines) >= _NEARLY_EMPTY:
        return lines
    return max(lines, _text(tree, main_content=False), key=len)


def _meta(page: "DocumentNode") -> dict[str, str]:
    """What the <meta> tags say, by their names in small letters; the first of a name counts."""
    named: dict[str, str] = {}
    for tag in page.query_selector_all("meta[content]"):
        content = (tag.getattr("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            name = (tag.getattr(attribute) or "").strip().lower()
            if name and content:
                named.setdefault(name, content)
    return named


def _date(page: "DocumentNode", named: dict[str, str]) -> str | None:
    """The first date of publication that can be read; one in words would hide the crawl's."""
    for found in _dates(page, named):
        date = _DATE.match(found)
        if date and date[1]:
            return _one_line(f"{date[1]}-{date[3]}-{date[4]}{found[date.end() :]}")
        if date:
            return _one_line(found)
    return None


def _dates(page: "DocumentNode", named: dict[str, str]) -> Iterator[str]:
    yield from (named[name] for name in _DATE_NAMES if name in named)
    for script in page.query_selector_all('script[type="application/ld+json"]'):
        yield from _JSON_LD_DATE.findall(script.text_content or "")
    for selector in _TIMES:
        tag = page.query_selector(selector)
        if tag is not None:
            yield tag.getattr("datetime") or ""


def _language(page: "DocumentNode") -> str | None:
    root = page.document_element
    return (_one_line(root.getattr("lang") or "") or None) if root is not None else None


def _own_url(page: "DocumentNode", named: dict[str, str]) -> str | None:
    link = page.query_selector('link[rel~="canonical"][href]')
    addresses = (link.getattr("href") if link is not None else None, named.get("og:url"))
    for address in addresses:
        url = _one_line(address or "")
        # A relative one leads nowhere without the page's address.
        if url.startswith(("http://", "https://")):
            return url
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
