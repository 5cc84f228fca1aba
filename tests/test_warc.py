"""Reading web pages and texts from WARC and WET archives."""

import gzip
import io
import itertools
import random
import re
import subprocess
import sys
import zlib

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sanctions_clf.archives import Columns, Record, Rejected, open_archive
from sanctions_clf.archives.records import Skipped
from sanctions_clf.archives.warc import LARGEST_PAYLOAD, read_warc

DATE = "2024-11-02T03:04:05Z"
HTML = "text/html; charset=utf-8"
ID = "<urn:uuid:11111111-2222-3333-4444-555555555555>"


class Writer:
    """A WARC archive as it is written: add records, then read them with our reader."""

    def __init__(self, path, *, gz=False, version="1.1"):
        self.path, self.gz = path, gz
        self.buffer = io.BytesIO()
        self.warcio = WARCWriter(self.buffer, gzip=gz, warc_version=version)
        self.starts = []

    def add(self, kind, payload, *, http=None, status="200 OK", url="http://a.example/", **fields):
        """Add a record; `http` are the HTTP headers, `fields` more WARC headers."""
        self.starts.append(self.buffer.tell())
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        payload = payload if isinstance(payload, bytes) else payload.encode()
        answer = StatusAndHeaders(status, http, protocol="HTTP/1.1") if http is not None else None
        record = self.warcio.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            http_headers=answer,
            warc_headers_dict={"WARC-Date": DATE, **headers},
            warc_content_type=headers.pop("Content-Type", ""),
        )
        self.warcio.write_record(record)

    def page(self, payload, content_type=HTML, *, http=(), **fields):
        """Add what a server answered."""
        self.add("response", payload, http=[("Content-Type", content_type), *http], **fields)

    def read(self, content=None, encoding="utf-8"):
        """Read what was written, or `content` in its place."""
        self.path.write_bytes(self.buffer.getvalue() if content is None else content)
        with open_archive(str(self.path)) as archive:
            return list(read_warc(archive, Columns(), encoding))


@pytest.fixture
def warc(tmp_path):
    return Writer(tmp_path / "crawl.warc")


@pytest.fixture(params=[False, True], ids=["plain", "gz"])
def either(request, tmp_path):
    """A WARC archive, plain and with each record compressed."""
    return Writer(tmp_path / "crawl.warc", gz=request.param)


def page(text, head=""):
    return f"<html><head>{head}</head><body><p>{text}</p></body></html>"


def texts(records):
    return [record.article.text for record in records if isinstance(record, Record)]


def outcomes(records):
    """The records in short: the text of an article, the reason of what is none."""
    return [
        record.article.text if isinstance(record, Record) else record.reason for record in records
    ]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("gz", [False, True], ids=["plain", "gz"])
def test_a_web_page_is_an_article_with_what_the_crawl_says_of_it(tmp_path, gz, version):
    warc = Writer(tmp_path / "a.warc", gz=gz, version=version)
    warc.page(page("Shells.", "<title>T</title>"), url="http://a.example/1", WARC_Record_ID=ID)
    (record,) = warc.read()
    article = record.article
    assert (article.title, article.text, article.date) == ("T", "Shells.", DATE)
    assert (article.id, article.url) == (ID[10:-1], "http://a.example/1")
    assert record.position == "offset 0"
    assert record.fields == {
        "url": "http://a.example/1",
        "warc_date": DATE,
        "http_status": 200,
        "content_type": HTML,
    }


def test_the_date_of_the_page_counts_before_that_of_the_crawl(warc):
    warc.page(page("One.", '<meta name="date" content="2023-05-06">'))
    warc.page(page("Two.", '<meta name="date" content="yesterday">'))
    assert [record.article.date for record in warc.read()] == ["2023-05-06", DATE]


def test_positions_are_offsets_in_the_unpacked_archive(either):
    for number in range(3):
        either.page(page(f"Page {number}."))
    plain = either.buffer.getvalue()
    plain = gzip.decompress(plain) if either.gz else plain
    records = either.read()
    assert texts(records) == ["Page 0.", "Page 1.", "Page 2."]
    for record in records:
        assert plain[int(record.position.removeprefix("offset ")) :].startswith(b"WARC/1.1\r\n")
    same = [f"offset {record.stream_pos}" for record in ArchiveIterator(io.BytesIO(plain))]
    assert [record.position for record in records] == same


def test_what_is_no_article_is_skipped_with_one_of_few_reasons(either):
    info = {"software": "a crawler"}
    either.warcio.write_record(either.warcio.create_warcinfo_record("a.warc", info))
    either.add("request", b"", http=[("Host", "a.example")], status="GET / HTTP/1.1")
    either.add("metadata", b"fetchTimeMs: 9", Content_Type="application/warc-fields")
    either.add("revisit", b"", http=[("Content-Type", HTML)])
    either.add("resource", b"text", Content_Type="text/plain")
    either.add("homemade", b"text", Content_Type="text/plain")
    either.add("response", b"20241102\n127.0.0.1", url="dns:a.example", Content_Type="text/dns")
    either.page(page("Gone."), status="404 Not Found")
    either.page(b"", status="301 Moved Permanently", http=[("Location", "/b")])
    either.page(b"\x89PNG\r\n\x1a\n", "image/png")
    either.page(b"%PDF-1.7\n\xe2\xe3", "text/html")
    either.page(b"\0\1\2\3" * 99, "text/plain")
    either.page(page("<script>x()</script>"))
    either.page(page("", "<title>Only a title</title>"))
    either.page(b"")
    either.page(b" \n", "text/plain")
    either.page(b"{}", "application/json")
    either.page(page("Shells."))
    records = either.read()
    assert all(isinstance(record, Skipped) for record in records[:-1])
    assert outcomes(records) == [
        "a warcinfo record",
        "a request record",
        "a metadata record",
        "a revisit record",
        "a resource record",
        "a record of unknown type",
        "not a web page",
        "HTTP status 404",
        "HTTP status 301",
        "not a web page",
        "not a web page",
        "not a web page",
        "no text",
        "no text",
        "no text",
        "no text",
        "not a web page",
        "Shells.",
    ]


@pytest.mark.parametrize(
    "content_type", ["text/html", "TEXT/HTML ;charset=UTF-8", "application/xhtml+xml; a=b"]
)
def test_content_types_of_pages(warc, content_type):
    warc.page(page("Shells."), content_type)
    assert outcomes(warc.read()) == ["Shells."]


def test_a_page_without_content_type_is_taken_as_the_crawler_identified_it(warc):
    warc.add("response", page("One."), http=[], WARC_Identified_Payload_Type="text/html")
    warc.add("response", page("Two."), http=[])
    assert outcomes(warc.read()) == ["One.", "not a web page"]


def test_plain_text_is_an_article_as_it_is(warc):
    warc.page("Ein <b>Schiff</b>\n\nlöschte Kohle.\n".encode("latin-1"), "text/plain")
    (record,) = warc.read()
    assert record.article.text == "Ein <b>Schiff</b>\n\nlöschte Kohle."
    assert record.article.title is None


def test_texts_of_a_wet_archive(either):
    name = either.warcio.create_warcinfo_record("a.wet", {"a": "b"})
    either.warcio.write_record(name)
    either.add(
        "conversion",
        "Un titre\nLe navire a livré.\n",
        Content_Type="text/plain",
        WARC_Identified_Content_Language="fra,eng",
        WARC_Record_ID=ID,
        url="http://a.example/fr",
    )
    either.add("conversion", "Shells.", Content_Type="text/plain")
    either.add("conversion", b"\x89PNG", Content_Type="image/png")
    info, first, second, picture = either.read()
    assert (info.reason, picture.reason) == ("a warcinfo record", "not a web page")
    article = first.article
    assert article.text == "Un titre\nLe navire a livré."
    assert (article.title, article.lang, article.date) == (None, "fra", DATE)
    assert (article.id, article.url) == (ID[10:-1], "http://a.example/fr")
    assert first.fields["http_status"] is None
    assert second.article.lang is None


ENCODED = {
    "iso-8859-1": "Une légende à côté",
    "gbk": "朝鲜向俄罗斯提供炮弹和士兵",
    "shift_jis": "北朝鮮がロシアに砲弾を供与した",
}


@pytest.mark.parametrize("charset", ENCODED)
@pytest.mark.parametrize("said_by", ["http", "meta", "caller"])
def test_encodings(warc, charset, said_by):
    head = f'<meta charset="{charset}">' if said_by == "meta" else ""
    content_type = f'text/html; charset="{charset}"' if said_by == "http" else "text/html"
    warc.page(page(ENCODED[charset], head).encode(charset), content_type)
    records = warc.read(encoding=charset if said_by == "caller" else "utf-8")
    assert texts(records) == [ENCODED[charset]]


def chunked(content, size=50):
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def zstd(content):
    packed = io.BytesIO()
    writer = ZstdWriter(packed)
    writer.write(content)
    writer.finish()
    writer.flush()
    return packed.getvalue()


PACKERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd}
LONG = "Shells were sent by rail across the border, two officials said. " * 50
CHUNKED = ("Transfer-Encoding", "chunked")


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("in_chunks", [False, True], ids=["whole", "chunked"])
def test_content_encodings(either, name, in_chunks):
    packed = PACKERS[name](page(LONG).encode())
    http = [("Content-Encoding", name), *([CHUNKED] if in_chunks else [])]
    either.page(chunked(packed) if in_chunks else packed, http=http)
    assert texts(either.read()) == [LONG.strip()]


@pytest.mark.parametrize("header", [("Content-Encoding", "gzip"), CHUNKED], ids=["gzip", "chunked"])
def test_a_body_that_was_stored_decoded_is_read_whatever_its_header_says(warc, header):
    warc.page(page(LONG), http=[header])
    assert texts(warc.read()) == [LONG.strip()]


@pytest.mark.parametrize(
    ("payload", "header"),
    [
        (gzip.compress(page(LONG).encode())[:20] + b"\xff" * 90, ("Content-Encoding", "gzip")),
        (chunked(page(LONG).encode()).replace(b"32\r\n", b"zz\r\n").replace(b"zz", b"32", 1),
         CHUNKED),
        (chunked(page(LONG).encode())[:500], CHUNKED),
        (b"\x1f\x9d\x90 packed", ("Content-Encoding", "compress")),
    ],
    ids=["gzip", "chunk sizes", "chunks cut", "unknown"],
)  # fmt: skip
def test_a_damaged_payload_is_rejected_and_the_next_record_read(either, payload, header):
    either.page(payload, http=[header])
    either.page(page("Next."))
    rejected, record = either.read()
    assert isinstance(rejected, Rejected)
    assert rejected.position == "offset 0"
    assert re.fullmatch(r"its payload cannot be decoded \(.{5,60}\)", rejected.reason)
    assert record.article.text == "Next."


def test_what_is_no_http_is_rejected(either):
    for body in (b"<html>One.</html>", b""):
        header = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        record = header + body + b"\r\n\r\n"
        either.buffer.write(gzip.compress(record) if either.gz else record)
    either.page(page("Two."), http=[("X-Long", "x" * 2_000_000)])
    either.page(page("Next."))
    first, second, third, record = outcomes(either.read())
    assert first == second == "not an HTTP response"
    assert "HTTP header cannot be read" in third
    assert record == "Next."


def test_a_payload_over_the_limit_is_rejected_unless_it_is_no_page_anyway(either):
    large = bytes(LARGEST_PAYLOAD + 1)
    either.page(gzip.compress(b"<p>" + large), http=[("Content-Encoding", "gzip")])
    either.page(b"<p>" + large + bytes(1 << 20))
    either.page(large + bytes(1 << 20), "video/mp4")
    either.add("conversion", large, Content_Type="text/plain")
    either.page(page("Next."))
    assert outcomes(either.read()) == [
        "a payload of over 8 MB",
        "a payload of over 8 MB",
        "not a web page",
        "a payload of over 8 MB",
        "Next.",
    ]


def test_records_of_fastwarc_are_read(tmp_path):
    buffer = io.BytesIO()
    for number in range(3):
        record = WarcRecord()
        record.init_headers(WarcRecordType.response)
        record.headers["WARC-Target-URI"] = f"<http://a.example/{number}>"
        record.is_http = True
        answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page(f'Page {number}.')}"
        record.set_bytes_content(answer.encode())
        record.write(buffer, checksum_data=True)
    records = Writer(tmp_path / "a.warc").read(buffer.getvalue())
    assert texts(records) == ["Page 0.", "Page 1.", "Page 2."]
    assert records[2].article.url == "http://a.example/2"


def test_wrong_digests_do_not_matter(warc):
    warc.page(page("Shells."), WARC_Payload_Digest="sha1:AAAA", WARC_Block_Digest="sha1:AAAA")
    assert outcomes(warc.read()) == ["Shells."]


def test_line_feeds_alone_and_folded_headers_are_read(warc):
    answer = f"HTTP/1.1 200 OK\nContent-Type: text/html\n\n{page('Shells.')}"
    header = (
        "WARC/1.0\nwarc-type: response\nWARC-Target-URI: http://a.example/\n  more\n"
        f"no colon\n: no name\nContent-Length: {len(answer)}\n\n"
    )
    (record,) = warc.read(f"{header}{answer}\n\n".encode())
    assert record.article.text == "Shells."
    assert record.article.url == "http://a.example/ more"
    assert record.article.id == f"{warc.path}, offset 0"


# Damage. Six pages, the third of which is harmed: all others must come through.
def six(warc):
    for number in range(6):
        warc.page(page(f"Page {number}."))
    content = warc.buffer.getvalue()
    starts = [*warc.starts, len(content)]
    return [content[start:end] for start, end in itertools.pairwise(starts)]


OTHERS = ["Page 0.", "Page 1.", "Page 3.", "Page 4.", "Page 5."]


def longer(record, by):
    return re.sub(
        rb"(?m)^(Content-Length: )(\d+)",
        lambda found: found[1] + b"%d" % (int(found[2]) + by),
        record,
        count=1,
    )


@pytest.mark.parametrize("by", [-100, -50, -1, 5, 7, 12, 16, 50, 700, 10**7, 10**9])
def test_a_wrong_content_length_costs_that_record_alone(warc, by):
    parts = six(warc)
    start = warc.starts[2]
    records = warc.read(b"".join([*parts[:2], longer(parts[2], by), *parts[3:]]))
    assert texts(records) == OTHERS
    (rejected,) = (record for record in records if isinstance(record, Rejected))
    assert rejected.position == f"offset {start}"
    assert "not as long as it says" in rejected.reason


@pytest.mark.parametrize("by", [1, 2, 4])
def test_a_content_length_that_takes_in_the_closing_line_breaks_does_no_harm(warc, by):
    parts = six(warc)
    records = warc.read(b"".join([*parts[:2], longer(parts[2], by), *parts[3:]]))
    assert texts(records) == sorted([*OTHERS, "Page 2."])
    assert len(records) == 6


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (rb"Content-Length: \d+\r\n(?=\r\nHTTP)", b"", "no Content-Length"),
        (rb"Content-Length: \d+(?=\r\n\r\nHTTP)", b"Content-Length: -5", "no Content-Length"),
        (rb"Content-Length: \d+(?=\r\n\r\nHTTP)", b"Content-Length: " + b"9" * 30, "no Content-L"),
        (rb"WARC/1.1", b"WORC/1.1", "that are no WARC record"),
        (rb"WARC-Type", b"X: " + b"y" * 2_000_000 + b"\r\nWARC-Type", "a header of over 1 MB"),
        (rb"HTTP/1.1 200 OK", b"what?", "not as long as it says"),
        (rb"(?s)WARC-Type.*", b"", "cut short in its header"),
    ],
    ids=["no length", "negative", "huge", "no version", "long header", "shortened", "header only"],
)
def test_a_damaged_record_is_rejected_with_its_offset_and_the_others_read(warc, old, new, reason):
    parts = six(warc)
    harmed = re.sub(old, lambda _: new, parts[2], count=1)
    assert harmed != parts[2]
    records = warc.read(b"".join([*parts[:2], harmed, *parts[3:]]))
    assert texts(records) == OTHERS
    (rejected,) = (record for record in records if isinstance(record, Rejected))
    assert rejected.position == f"offset {warc.starts[2]}"
    assert reason in rejected.reason


@pytest.mark.parametrize(
    "garbage",
    [b"garbage\r\n", bytes(range(256)) * 500, b"\r\nno newline", b"WARC/", b"\n" * 5 + b"x\n"],
    ids=["line", "binary", "no newline", "half a version", "after blank lines"],
)
def test_garbage_between_records_is_rejected_and_no_record_lost(warc, garbage):
    parts = six(warc)
    records = warc.read(b"".join([*parts[:3], garbage, *parts[3:]]))
    assert texts(records) == sorted([*OTHERS, "Page 2."])
    (rejected,) = (record for record in records if isinstance(record, Rejected))
    assert "bytes that are no WARC record" in rejected.reason


def test_blank_lines_between_records_are_no_damage(warc):
    assert len(texts(warc.read(b"\r\n\n\r\n".join(six(warc))))) == 6


def test_archives_cut_short_and_joined_lose_the_cut_record_alone(warc):
    parts = six(warc)
    whole = b"".join(parts)
    cut = b"".join(parts[:2]) + parts[2][:-20]
    records = warc.read(cut + whole)
    assert len(texts(records)) == 8
    assert [record.position for record in records if isinstance(record, Rejected)] == [
        f"offset {warc.starts[2]}"
    ]


def test_an_archive_cut_short_anywhere_is_told(warc):
    """Every cut gives the whole records before it, and one reject unless it is between records."""
    parts = six(warc)
    content = b"".join(parts[:3])
    ends = [*warc.starts[1:3], len(content)]
    for cut in range(1, len(content)):
        records = warc.read(content[:cut])
        whole = sum(cut >= end - len(b"\r\n\r\n") for end in ends)
        assert len(texts(records)) == whole, cut
        rejects = [record for record in records if isinstance(record, Rejected)]
        assert len(rejects) == (cut not in ends), cut
        if rejects:
            assert records[-1] is rejects[0]


def noisy_pages(warc, count):
    """Pages that do not compress to nothing, so that cuts and flips hit their data."""
    noise = random.Random(3)  # noqa: S311
    for number in range(count):
        words = " ".join(f"{noise.getrandbits(64):x}" for _ in range(200))
        warc.page(page(f"Page {number}: {words}."))
    return warc.buffer.getvalue()


def test_a_gz_archive_cut_short_gives_what_precedes_the_cut_and_one_reject(tmp_path):
    warc = Writer(tmp_path / "a.warc.gz", gz=True)
    packed = noisy_pages(warc, 40)
    cut = warc.starts[30] + 700
    *records, last = warc.read(packed[:cut])
    assert len(texts(records)) == len(records) == 30
    assert isinstance(last, Rejected)
    assert "damaged or cut short" in last.reason
    unpacked = gzip.decompress(packed[: warc.starts[30]])
    assert last.position == f"offset {len(unpacked)}"


def test_a_gz_archive_as_one_stream_cut_short(tmp_path):
    warc = Writer(tmp_path / "a.warc.gz")
    packed = gzip.compress(noisy_pages(warc, 40))
    *records, last = warc.read(packed[: len(packed) // 2])
    assert 15 <= len(texts(records)) == len(records) <= 20
    assert "damaged or cut short" in last.reason


@pytest.mark.parametrize("harm", ["flip", "garbage", "truncated member"])
def test_a_damaged_gz_archive_gives_what_precedes_the_damage_and_is_told(tmp_path, harm):
    warc = Writer(tmp_path / "a.warc.gz", gz=True)
    packed = noisy_pages(warc, 40)
    at = warc.starts[30]
    harmed = {
        "flip": packed[: at + 300] + b"\xff" * 8 + packed[at + 308 :],
        "garbage": packed[:at] + b"garbage" * 9 + packed[at:],
        "truncated member": packed[: at - 400] + packed[at:],
    }[harm]
    *records, last = warc.read(harmed)
    assert 29 <= len(texts(records)) <= 31
    assert isinstance(last, Rejected)
    assert "damaged or cut short" in last.reason


def test_what_is_no_warc_at_all_is_one_reject(warc):
    (rejected,) = warc.read(b"A text.\n" * 99)
    assert rejected.reason == "792 bytes that are no WARC record"
    assert warc.read(b"") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=30), st.booleans()), max_size=6))
def test_no_damage_crashes_the_reader(tmp_path, harms):
    """Whatever is changed, put in or cut, records are read or told, in order, without overlap."""
    warc = Writer(tmp_path / "a.warc")
    content = b"".join(six(warc))
    for at, new, instead in harms:
        content = content[:at] + new + content[at + (len(new) or 9) * instead :]
    records = warc.read(content)
    starts = [int(record.position.removeprefix("offset ")) for record in records]
    assert starts == sorted(starts)
    assert all(isinstance(record, Record | Skipped | Rejected) for record in records)


def test_reading_other_archives_loads_neither_fastwarc_nor_resiliparse():
    code = (
        "import sys, sanctions_clf.archives.warc\n"
        "sys.exit(bool({'fastwarc', 'resiliparse'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
