"""Reading the article of a web page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.archives import Columns, Rejected, open_archive
from sanctions_clf.archives.html import page_article, read_html
from sanctions_clf.errors import ArchiveError

FILLER = "The ship left the port at night with its transponder switched off, two officials said. "

PAGE = f"""<!doctype html>
<html lang="en-GB"><head>
<title>Oil moved at sea | The Daily</title>
<meta property="og:title" content="Oil moved &amp; sold at sea">
<meta property="article:published_time" content="2024-10-21T08:00:00Z">
<link rel="canonical" href="https://daily.example/oil">
<style>p {{ color: red }}</style>
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Oil moved &amp; sold at sea</h1>
<p>{FILLER}</p><p>A <b>second</b> <a href="/x">paragraph</a>
wraps.</p><img src="a.jpg" alt="A picture of a ship">
<ul><li><p>An item of a list.</p></li></ul></article>
<footer>All rights reserved.</footer>
<script>var tracker = "script text";</script></body></html>"""


def read(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "page.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with open_archive(str(path)) as archive:
        return list(read_html(archive, Columns(), encoding))


def article(content, charset=None, **options):
    content = content if isinstance(content, bytes) else content.encode()
    return page_article(content, charset=charset, id="1", **options)


def test_a_page_is_one_article_with_what_it_says_of_itself(tmp_path):
    (record,) = read(tmp_path, PAGE)
    found = record.article
    assert record.position == "whole file"
    assert found.id == str(tmp_path / "page.html")
    assert found.title == "Oil moved & sold at sea"
    assert (found.date, found.lang) == ("2024-10-21T08:00:00Z", "en-GB")
    assert found.url == "https://daily.example/oil"


def test_the_text_is_the_main_content_a_line_for_each_paragraph():
    """Menus, scripts, alternative texts, link targets and the repeated title are left out."""
    lines = article(PAGE).text.split("\n")
    assert lines[:2] == [FILLER.strip(), "A second paragraph wraps."]
    for other in ("Home", "rights", "script", "picture", "/x", "Oil moved"):
        assert other not in "\n".join(lines)


def test_the_whole_body_counts_where_main_content_is_nearly_empty():
    page = (
        "<html><body><nav>Menu</nav><div class='sidebar'><div>Shells were "
        f"sent.<br>{FILLER}</div></div><footer>Imprint</footer></body></html>"
    )
    assert article(page).text == f"Shells were sent.\n{FILLER.strip()}"


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>A &amp; B\n | Site</title>", "A & B | Site"),
        ("<title><script>alert('x')</script>News <b>today</b></title>", "News today"),
        ("<title>T</title><meta property='og:title' content=' O '>", "O"),
        ("<title>T</title><meta property='og:title' content=''>", "T"),
        ("<title> </title>", None),
        ("", None),
    ],
    ids=["entities", "markup", "og:title", "empty og:title", "blank", "none"],
)
def test_titles(head, title):
    assert article(f"<html><head>{head}</head><body><p>Text.</p></body></html>").title == title


@pytest.mark.parametrize(
    ("page", "date"),
    [
        ('<meta name="DC.Date" content="2024-10-21">', "2024-10-21"),
        ('<meta itemprop="datePublished" content=" 2024-10-21T08:00 ">', "2024-10-21T08:00"),
        ('<meta name="pubdate" content="20241021">', "2024-10-21"),
        ('<meta name="date" content="2024/10/21 08:00">', "2024-10-21 08:00"),
        ('<meta name="date" content="2024-10">', "2024-10"),
        (
            '<meta name="date" content="last week"><meta name="pubdate" content="2024-10-21">',
            "2024-10-21",
        ),
        (
            '<script type="application/ld+json">[{"datePublished" : "2024-10-21T08"},,]</script>',
            "2024-10-21T08",
        ),
        (
            '<time datetime="2020-01-01"></time><article><time datetime="2024-10-21">',
            "2024-10-21",
        ),
        ('<meta name="date" content="0001-01-01">', None),
        ('<meta name="date" content="Monday">', None),
        ('<meta name="modified" content="2024-10-21">', None),
    ],
    ids=[
        "dc.date",
        "itemprop",
        "digits only",
        "slashes",
        "month",
        "first readable",
        "broken json-ld",
        "time in article",
        "year 1",
        "words",
        "another date",
    ],
)
def test_dates(page, date):
    assert article(f"<html><body>{page}<p>Text.</p></body></html>").date == date


def test_a_given_address_counts_before_the_pages_own():
    assert article(PAGE, url="http://crawled.example/").url == "http://crawled.example/"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="/oil">', None),
        ('<meta property="og:url" content="https://d.example/o">', "https://d.example/o"),
        ('<link rel="canonical" href="/oil"><meta property="og:url" content="https://d.example/o">',
         "https://d.example/o"),
        ("", None),
    ],
    ids=["relative", "og:url", "both", "none"],
)  # fmt: skip
def test_the_address_that_a_page_gives_itself(head, url):
    assert article(f"<html><head>{head}</head><body>Text.</body></html>").url == url


@pytest.mark.parametrize("attribute", ["", ' lang=""', ' lang=" "'])
def test_a_page_without_language(attribute):
    assert article(f"<html{attribute}><body>Text.</body></html>").lang is None


TEXTS = {
    "latin-1": "Une légende à côté de la forêt où naît l'été",
    "cp1252": "The ship’s captain said “no” – twice",
    "cp1251": "Северная Корея поставляет снаряды в Россию",
    "gbk": "朝鲜向俄罗斯提供炮弹和士兵，联合国专家小组说。",
    "cp932": "北朝鮮がロシアに砲弾を供与したと㈱専門家①が述べた。",
    "euc_kr": "북한이 러시아에 포탄을 제공했다고 전문가들이 말했다",
    "iso2022_jp": "北朝鮮がロシアに砲弾を供与した",
    "utf-16": "Ein Schiff löschte Kohle",
    "utf-8-sig": "Ein Schiff löschte Kohle",
}
NAMES = {"cp932": "Shift_JIS", "gbk": "GB2312", "latin-1": "ISO-8859-1"}


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_encoding_that_http_or_the_caller_says(encoding):
    page = f"<html><body><p>{TEXTS[encoding]}</p></body></html>".encode(encoding)
    assert article(page, NAMES.get(encoding, encoding)).text == TEXTS[encoding]


@pytest.mark.parametrize("encoding", [name for name in TEXTS if not name.startswith("utf")])
def test_the_encoding_that_the_page_says(encoding):
    name = NAMES.get(encoding, encoding.replace("_", "-").replace("cp", "windows-"))
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={name}">'
    page = f"<html><head>{meta}</head><body><p>{TEXTS[encoding]}</p></body></html>"
    assert article(page.encode(encoding)).text == TEXTS[encoding]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "gbk", "euc_kr", "utf-16", "utf-8-sig"])
def test_the_encoding_that_nobody_says(encoding):
    text = f"{TEXTS[encoding]}. " * 4
    page = f"<html><body><p>{text}</p></body></html>".encode(encoding)
    assert article(page).text == text.strip()


def test_a_wrong_encoding_does_not_count():
    """Valid UTF-8 is UTF-8, and what does not fit at all gives way to what does."""
    text = TEXTS["gbk"] * 3
    page = f"<html><body><p>{text}</p></body></html>"
    assert article(page, "iso-8859-1").text == text
    assert article(page.encode("gbk"), "utf-8").text == text
    assert article(page, "no-such-encoding").text == text


def test_a_few_broken_bytes_stay_visible():
    page = f"<html><body><p>{TEXTS['cp1251'] * 3}</p></body></html>".encode()
    assert article(page.replace("К".encode(), b"\xd0", 1), "utf-8").text.count("\ufffd") == 1


def test_the_callers_encoding_counts_unless_it_is_the_default(tmp_path):
    page = f"<html><body><p>{TEXTS['cp1251']}</p></body></html>".encode("cp1251")
    (record,) = read(tmp_path, page, "windows-1251")
    assert record.article.text == TEXTS["cp1251"]


@pytest.mark.parametrize(
    "page",
    [
        "<p>One<p>Two</div></b><table><p>Three",
        "One<br>Two<hr>Three",
        "<html><body><p>One</p><p>Two</p><p>Three</p><script>var unclosed",
        "<p>On\0e</p><p title='unclosed>Two</p>'>Two</p><p>Three",
        "<div>" * 20_000 + "<p>One<p>Two<p>Three",
    ],
    ids=["unclosed", "no tags", "open script", "nul", "deep"],
)
def test_broken_html_is_read(page):
    assert article(page).text == "One\nTwo\nThree"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no text"),
        (b"<html><head></head><body> <script>x()</script></body></html>", "no text"),
        (b"%PDF-1.7\n%\xe2\xe3", "not a web page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a web page"),
        (b"\0" * 500, "not a web page"),
    ],
    ids=["empty", "script only", "pdf", "png", "nul"],
)
def test_what_holds_no_article_is_rejected_with_the_reason(tmp_path, content, reason):
    (rejected,) = read(tmp_path, content)
    assert isinstance(rejected, Rejected)
    assert (rejected.position, rejected.reason) == ("whole file", reason)


def test_texts_that_start_like_other_formats_are_texts():
    for text in ("BMW sells trucks.", "RIFF and raff.", "ID3 tags tell.", "FWS is a ship."):
        assert article(text).text == text


def test_a_page_with_a_title_alone_has_an_empty_text():
    found = article("<title>Loading</title><body></body>")
    assert (found.title, found.text) == ("Loading", "")


PIECES = st.sampled_from(
    [b"<p>", b"</p>", b"<title>", b"<meta content=", b"<!--", b"<![CDATA[", b"&#0;", b"&#xD800;",
     b"<html lang='", b"charset=utf-16", b"\xff", b"\0", b"\x1b$B", b"<script>", b"text ", b"<time"]
)  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=20), max_size=30), st.sampled_from([None, "gbk", "x"]))
def test_no_bytes_crash_the_reader(pieces, charset):
    """Whatever a page holds, it is read or refused in one line, and its text can be written."""
    try:
        found = article(b"".join(pieces), charset)
    except ArchiveError as error:
        said = str(error)
    else:
        said = f"{found.title}{found.lang}{found.url}{found.date}"
        found.text.encode()
    assert "\n" not in said
