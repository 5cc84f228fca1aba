"""Compressed streams, directories, ZIP and tar, and what may go wrong in them."""

import bz2
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile

import pytest

import sanctions_clf as sc
from sanctions_clf.archives import (
    Record,
    Rejected,
    Skipped,
    list_archives,
    open_archive,
    read_archive,
    streams,
)
from sanctions_clf.archives.streams import zstd
from sanctions_clf.errors import ArchiveError, OutputError

PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd.compress}
ROWS = b"".join(b'{"text": "row %d of many, %d"}\n' % (n, n * n) for n in range(20_000))


def read(path):
    with open_archive(str(path)) as archive:
        return list(read_archive(archive))


def save(path, content):
    path.write_bytes(content)
    return path


def texts(records):
    return [record.article.text for record in records if isinstance(record, Record)]


def make_zip(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return path


def make_tar(path, members, mode="w"):
    with tarfile.open(path, mode) as container:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            container.addfile(entry, io.BytesIO(content))
    return path


MEMBERS = {
    "a.txt": b"An article.",
    "b/c.jsonl": b'{"text": "one"}\nbroken\n{"text": "two"}\n',
    "page.html": b"<!doctype html><html lang=fr><title>T</title><body><p>"
    + b"Un article sur un navire. " * 20
    + b"</p></body></html>",
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "d.csv.gz": gzip.compress(b"title,text\nT,three\n"),
}


@pytest.mark.parametrize("kind", PACKERS)
def test_streams_are_unpacked_whatever_their_name(tmp_path, kind):
    records = read(save(tmp_path / "news.bin", PACKERS[kind](ROWS)))
    assert len(texts(records)) == len(records) == 20_000


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_stream_gives_what_precedes_the_damage_and_one_reject(tmp_path, kind, damage):
    packed = bytearray(PACKERS[kind](ROWS))
    middle = len(packed) // 2
    if damage == "cut":
        del packed[middle:]
    else:
        packed[middle : middle + 8] = b"\xff" * 8
    *records, last = read(save(tmp_path / "news.jsonl", bytes(packed)))
    assert isinstance(last, Rejected)
    assert "damaged or cut short" in last.reason
    assert all(text.startswith("row ") for text in texts(records))


@pytest.mark.parametrize("kind", PACKERS)
def test_streams_of_several_members_are_read_to_the_end(tmp_path, kind):
    halves = ROWS[: len(ROWS) // 2], ROWS[len(ROWS) // 2 :]
    packed = b"".join(PACKERS[kind](half) for half in halves)
    assert len(texts(read(save(tmp_path / "news.jsonl", packed)))) == 20_000


def test_a_stream_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "_FREE_BYTES", 1 << 20)
    bomb = save(tmp_path / "bomb.jsonl.bz2", bz2.compress(b"\n" * (1 << 26)))
    (rejected,) = read(bomb)
    assert "unpacks to over 250 times its size" in rejected.reason


def is_whole(record):
    return isinstance(record, Record)


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_members_are_archives_of_their_own(tmp_path, make):
    path = make(tmp_path / "news.bin", MEMBERS)
    found = [(r.position, type(r)) for r in read(path)]
    assert found == [
        ("a.txt", Record),
        ("b/c.jsonl, line 1", Record),
        ("b/c.jsonl, line 2", Rejected),
        ("b/c.jsonl, line 3", Record),
        ("page.html", Record),
        ("picture.png", Skipped),
        ("d.csv.gz, row 2", Record),
    ]
    records = read(path)
    assert {record.archive for record in records} == {str(path)}
    assert records[0].article.id == f"{path}, a.txt"
    assert records[4].article.lang == "fr"
    assert records[5].reason == "a picture, not text"


@pytest.mark.parametrize("kind", PACKERS)
def test_a_compressed_tar_is_a_stream_too(tmp_path, kind):
    plain = make_tar(tmp_path / "news.tar", MEMBERS).read_bytes()
    packed = save(tmp_path / "news.tar.x", PACKERS[kind](plain))
    assert len(read(packed)) == 7


def test_an_archive_within_an_archive_is_refused_and_the_rest_is_read(tmp_path):
    inner = make_zip(tmp_path / "inner.zip", {"a.txt": b"x"}).read_bytes()
    path = make_tar(tmp_path / "o.tar", {"inner.zip": inner, "b.txt": b"Read."})
    first, second = read(path)
    assert first.reason == "an archive within an archive; unpack it first"
    assert second.article.text == "Read."


def test_names_that_climb_out_are_names_and_nothing_more(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    make_zip(box / "a.zip", {"../../out.txt": b"Read.", "/etc/out.txt": b"Read."})
    make_tar(box / "a.tar", {"../../out.txt": b"Read."})
    before = sorted(tmp_path.rglob("*"))
    assert [r.position for r in read(box / "a.zip")] == ["../../out.txt", "/etc/out.txt"]
    assert texts(read(box / "a.tar")) == ["Read."]
    assert sorted(tmp_path.rglob("*")) == before


def test_links_in_a_tar_are_skipped(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as container:
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        container.addfile(link)
    (skipped,) = read(path)
    assert (skipped.position, skipped.reason) == ("link.txt", "a link or device")


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_member_where_a_tar_is_cut_the_records_before_are_read(tmp_path, packed):
    rows = b"".join(b'{"text": "Row %d of many."}\n' % n for n in range(20_000))
    content = make_tar(tmp_path / "a.tar", {"rows.jsonl": rows}).read_bytes()
    content = gzip.compress(content)[:-5000] if packed else content[:300_000]
    records = read(save(tmp_path / "cut.tar", content))
    before = [record for record in records if isinstance(record, Record)]
    assert len(before) > (10_000 if packed else len(content) // 32)
    assert "cut" in records[-1].reason


def test_members_that_were_read_are_not_kept(tmp_path, monkeypatch):
    """A tar of millions would fill the memory."""
    opened, tar_opened = [], tarfile.open

    def keep_opened(**options):
        opened.append(tar_opened(**options))
        return opened[-1]

    path = make_tar(tmp_path / "a.tar", {f"{n}.txt": b"Text." for n in range(50)})
    monkeypatch.setattr(tarfile, "open", keep_opened)
    assert len(read(path)) == 50
    assert len(opened[0].members) < 3


def test_a_cut_tar_gives_its_whole_members_and_one_reject(tmp_path):
    path = make_tar(tmp_path / "a.tar", {f"{n}.txt": b"Text. " * 500 for n in range(5)})
    save(path, path.read_bytes()[: 3 * 3584 + 600])
    *members, last = read(path)
    assert len(texts(members)) == 3
    assert isinstance(last, Rejected)


def test_a_damaged_member_of_a_zip_costs_only_itself(tmp_path):
    members = {f"{n}.jsonl": ROWS[:20_000] for n in range(3)}
    path = make_zip(tmp_path / "a.zip", members, compression=zipfile.ZIP_DEFLATED)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4] = b"\xff" * 4
    records = read(save(path, bytes(content)))
    assert sum(isinstance(record, Rejected) for record in records) >= 1
    assert {"0.jsonl", "2.jsonl"} <= {r.position.split(",")[0] for r in records if is_whole(r)}


@pytest.mark.parametrize("make", [make_zip, make_tar], ids=["zip", "tar"])
def test_a_damaged_packed_member_costs_only_itself(tmp_path, make):
    members = {"1.jsonl": b"\x1f\x8bnonsense", "2.jsonl": b'{"text": "read"}\n'}
    bad, good = read(make(tmp_path / "a.bin", members))
    assert isinstance(bad, Rejected)
    assert good.article.text == "read"


def test_office_documents_are_refused_as_such(tmp_path):
    path = make_zip(tmp_path / "a.docx", {"[Content_Types].xml": b"<Types/>"})
    with pytest.raises(ArchiveError, match="an office document; save it as plain text"):
        read(path)


def test_a_zip_cannot_come_by_a_pipe(tmp_path, monkeypatch):
    content = make_zip(tmp_path / "a.zip", {"a.txt": b"x"}).read_bytes()
    stream = io.BufferedReader(io.BytesIO(content))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    with pytest.raises(ArchiveError, match="must be a file of its own"):
        read("-")


def test_directories_are_walked_in_order_without_links_or_hidden_files(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt", ".secret"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "news" / "linked").symlink_to(tmp_path / "outside")
    (tmp_path / "news" / "z.txt").symlink_to(tmp_path / "news" / "a.txt")
    names = [name for name, found in list_archives([str(tmp_path / "news")]) if found]
    assert [os.path.relpath(name, tmp_path / "news") for name in names] == [
        "a.txt", "b/1.txt", "b/2.txt",
    ]  # fmt: skip


def test_a_folder_of_news_please_documents_works_as_it_is(tmp_path, model):
    """One pretty-printed object a file, as the crawler leaves them."""
    news = tmp_path / "news"
    news.mkdir()
    for n in range(3):
        fields = {"maintext": f"Text {n}.", "title": "T", "date_publish": "2024-01-02 00:00:00"}
        (news / f"{n}.json").write_text(json.dumps(fields, indent=2))
    (news / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    summary = sc.score_archive([news], tmp_path / "hits.jsonl", model=model, keep="all")
    assert (summary.records, summary.scored) == (4, 3)
    assert summary.skipped == {"a picture, not text": 1}
    with pytest.raises(OutputError, match="lies in the input"):
        sc.score_archive([news], news / "hits.jsonl", model=model)


def test_file_names_that_are_no_utf_8_are_told_with_question_marks(tmp_path, model):
    news = tmp_path / "news"
    news.mkdir()
    (news / os.fsdecode(b"a\xff.txt")).write_text("Text.")
    out = tmp_path / "out.jsonl"
    sc.score_archive([news], out, model=model, keep="all")
    assert json.loads(out.read_text())["archive"] == f"{news}/a?.txt"


@pytest.mark.parametrize("indent", [None, 1])
def test_a_json_array_gives_its_items(tmp_path, indent):
    rows = [{"text": "one"}, {"no": "text"}, {"text": "two"}]
    path = save(tmp_path / "a.json", json.dumps(rows, indent=indent).encode())
    assert [r.position for r in read(path)] == ["item 1", "item 2", "item 3"]
    assert texts(read(path)) == ["one", "two"]
