"""Archives on web servers and in object stores: the records of local ones, and honest failures."""

import gzip
import importlib.util
import io
import json
import socket
import subprocess
import sys
import time
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import web_server

import sanctions_clf as sc
from sanctions_clf import parts, shards
from sanctions_clf.archives import (
    Columns,
    Record,
    list_archives,
    open_archive,
    read_archive,
    read_listed,
    remote,
    streams,
)
from sanctions_clf.cli import main
from sanctions_clf.errors import ArchiveError, OutputError, RemoteError
from sanctions_clf.shards import cut_shards, read_piece

pytest.importorskip("s3fs", reason="needs the extra: pip install 'sanctions-clf[remote]'")

ACT = "North Korea shipped artillery shells to Russia, the UN panel of experts said."
ROWS = [
    {"id": str(n), "text": f"{ACT} Case {n}." if n % 7 == 0 else f"It rained on day {n}."}
    for n in range(600)
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()


def as_parquet():
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), stream, row_group_size=100)
    return stream.getvalue()


def as_zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("deep/a.jsonl", LINES)
        container.writestr("b.txt", " ".join(map(str, range(50_000))))
    return stream.getvalue()


def as_warc():
    return b"".join(gzip.compress(warc_record(**row)) for row in ROWS[:100])


def warc_record(id, text):
    head = (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Record-ID: <urn:uuid:{id}>\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    return f"{head}{text}\r\n\r\n".encode()


FORMATS = {
    "a.jsonl.gz": gzip.compress(LINES, 0),
    "a.jsonl": LINES,
    "a.parquet": as_parquet(),
    "a.zip": as_zip(),
    "a.wet.gz": as_warc(),
}


@pytest.fixture
def crawl(tmp_path):
    """A directory with an archive of each format."""
    directory = tmp_path / "crawl"
    directory.mkdir()
    for name, content in FORMATS.items():
        (directory / name).write_bytes(content)
    return directory


@pytest.fixture
def server(crawl):
    with web_server(crawl) as running:
        yield running


@pytest.fixture(scope="module")
def s3():
    """The bucket `news` of an S3 server on this machine, as an fsspec filesystem."""
    if importlib.util.find_spec("moto") is None:
        pytest.skip("needs an S3 server: pip install 'moto[server]'")
    import s3fs

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (
        subprocess.Popen(arguments, stdout=-3, stderr=-3) as process,
        pytest.MonkeyPatch.context() as patch,
    ):
        try:
            patch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
            patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
            patch.setenv("AWS_SECRET_ACCESS_KEY", "anything")
            wait_for(port)
            store = s3fs.S3FileSystem()
            store.mkdir("news")
            for name, content in FORMATS.items():
                store.pipe(f"news/crawl/{name}", content)
            yield store
        finally:
            process.terminate()


def wait_for(port):
    for _ in range(300):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the S3 server does not start")


def records(name):
    with open_archive(str(name)) as archive:
        return list(read_archive(archive))


def as_named(found, name, other):
    """Records with one archive's name put for another's."""
    return repr(found).replace(str(name), str(other))


def unstamped(shards_of):
    """Shards without the times of change of their files, which stores tell in their own way."""
    return [tuple(replace(piece, stamp=()) for piece in shard) for shard in shards_of]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("sends_parts", [True, False], ids=["parts", "stream"])
def test_a_web_server_gives_the_records_of_the_file(server, crawl, name, sends_parts):
    server.sends_parts = sends_parts
    url = f"{server.url}/{name}"
    if name == "a.zip" and not sends_parts:
        with pytest.raises(ArchiveError, match=r"a\.zip: a ZIP archive must .* its end"):
            records(url)
        return
    assert as_named(records(url), url, crawl / name) == repr(records(crawl / name))


@pytest.mark.parametrize("name", FORMATS)
def test_an_object_store_gives_the_records_of_the_file(s3, crawl, name):
    url = f"s3://news/crawl/{name}"
    assert as_named(records(url), url, crawl / name) == repr(records(crawl / name))


def test_a_file_that_the_server_declares_packed_is_unpacked_once(server, crawl):
    server.declares_gz = True
    url = f"{server.url}/a.jsonl.gz"
    assert len(records(url)) == len(ROWS)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 300), st.integers(1, 4000), st.integers(20, 2000))
def test_reading_ahead_changes_nothing(rows, ahead, size):
    """However much is asked for at a time, and wherever the file is cut."""
    import fsspec

    fsspec.filesystem("memory").pipe("/a.jsonl", b"".join(LINES.splitlines(keepends=True)[:rows]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remote, "_READ_AHEAD", ahead)
        found = [
            record.article.id
            for shard in cut_shards(["memory://a.jsonl"], Columns(), size)
            for piece in shard
            for record in read_piece(piece, Columns(), "utf-8")
        ]
    assert found == [row["id"] for row in ROWS[:rows]]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
@pytest.mark.parametrize("store", ["http", "s3"])
def test_remote_files_are_cut_like_local_ones(request, crawl, name, store):
    if store == "http":
        url = f"{request.getfixturevalue('server').url}/{name}"
    else:
        request.getfixturevalue("s3")
        url = f"s3://news/crawl/{name}"
    local, far = (cut_shards([str(place)], Columns(), 5000) for place in (crawl / name, url))
    assert len(far) > 2
    assert as_named(unstamped(far), url, crawl / name) == repr(unstamped(local))
    read = [
        record for shard in far for piece in shard for record in read_piece(piece, Columns(), "")
    ]
    assert read == records(url)


def test_a_file_of_which_no_parts_are_sent_is_one_shard(server):
    server.sends_parts = False
    url = f"{server.url}/a.jsonl"
    ((piece,),) = cut_shards([url], Columns(), 5000)
    assert len(list(read_piece(piece, Columns(), "utf-8"))) == len(ROWS)


@pytest.mark.parametrize(
    ("given_", "names"),
    [
        ("s3://news/crawl", sorted(FORMATS)),
        ("s3://news/crawl/", sorted(FORMATS)),
        ("s3://news/crawl/*.gz", ["a.jsonl.gz", "a.wet.gz"]),
        ("s3://news/**/*.parquet", ["a.parquet"]),
    ],
)
def test_directories_and_patterns_of_a_store_are_listed_by_name(s3, given_, names):
    s3.pipe("news/crawl/.hidden", b"x")
    assert list(list_archives([given_])) == [(f"s3://news/crawl/{name}", True) for name in names]


def test_patterns_on_a_web_server_are_listed(server):
    assert list(list_archives([f"{server.url}/*.gz", f"{server.url}/a.zip"])) == [
        (f"{server.url}/a.jsonl.gz", True),
        (f"{server.url}/a.wet.gz", True),
        (f"{server.url}/a.zip", False),
    ]


def test_what_came_since_the_last_listing_is_listed(s3):
    before = list(list_archives(["s3://news/growing"]))
    outsider = type(s3)(skip_instance_cache=True)
    outsider.pipe("news/growing/a.jsonl", LINES)
    first = list(list_archives(["s3://news/growing"]))
    outsider.pipe("news/growing/b.jsonl", LINES)
    assert before == [("s3://news/growing", False)]
    assert (len(first), len(list(list_archives(["s3://news/growing"])))) == (1, 2)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("{server}/none.jsonl", "no such file"),
        ("{server}/none*.jsonl", "matches no file"),
        ("nowhere://host/a.jsonl", r"Protocol not known: nowhere"),
        ("memory://*[", "matches no file"),
        ("memory://a**b", "can only be an entire path component"),
    ],
)
def test_what_is_not_there_is_told_with_its_url(server, url, told):
    url = url.format(server=server.url)
    with pytest.raises((ArchiveError, RemoteError), match=told) as raised:
        [records(name) for name, _ in list_archives([url])]
    assert str(raised.value).startswith(f"{url}: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, "cannot be read now .*Forbidden"),
        (503, "cannot be read now"),
        (404, "no such file"),
    ],
)
def test_a_refusal_is_told_with_its_url(server, status, told):
    server.refuses_with = status
    url = f"{server.url}/a.jsonl"
    with pytest.raises((ArchiveError, RemoteError), match=f"^{url}: {told}"):
        records(url)


def test_a_refusal_ends_a_run_over_a_pattern_too(server):
    """Credentials that expire on the way must not turn the rest of the input into rejects."""
    listed = [name for name, _ in list_archives([f"{server.url}/*.jsonl"])]
    server.refuses_with = 403
    with pytest.raises(RemoteError, match="Forbidden"):
        list(read_listed(listed[0], found=True, columns=Columns(), encoding="utf-8"))


def test_a_file_that_shrinks_on_the_way_is_not_taken_for_read(server, crawl, monkeypatch):
    monkeypatch.setattr(remote, "_READ_AHEAD", 100)
    monkeypatch.setattr(streams, "_BUFFER", 1000)
    with open_archive(f"{server.url}/a.jsonl") as archive:
        found = read_archive(archive)
        assert isinstance(next(found), Record)
        (crawl / "a.jsonl").write_bytes(LINES[:5000])
        with pytest.raises(RemoteError, match=r"ends after 5,000 of its [0-9,]+ bytes"):
            list(found)


def test_a_server_that_falls_silent_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(remote, "_SECONDS_OF_SILENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/a.jsonl"
        with pytest.raises(RemoteError, match=f"^{url}: cannot be read now .*imeout"):
            records(url)


def test_a_directory_is_no_archive(s3):
    with pytest.raises(ArchiveError, match=r"^s3://news/crawl: is a directory; name the files"):
        sc.read_article("s3://news/crawl")


@pytest.mark.parametrize("package", ["fsspec", "s3fs"])
def test_a_missing_package_is_told_with_the_extra(command, package):
    code = (
        "import sys\n"
        f"sys.modules[{package!r}] = None\n"
        "from sanctions_clf.cli import main\n"
        "main(['score', 's3://bucket/a.jsonl'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: s3://bucket/a.jsonl: a package is missing")
    assert line.endswith("pip install 'sanctions-clf[remote]'")


def test_local_archives_do_without_fsspec(crawl):
    code = (
        "import sys\n"
        "from sanctions_clf.cli import main\n"
        f"main(['score', {str(crawl)!r}], standalone_mode=False)\n"
        "sys.exit('fsspec' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=-3, check=False).returncode == 0


@pytest.mark.parametrize("output", ["s3://news/hits.jsonl", "http://127.0.0.1/hits"])
def test_the_output_stays_local(crawl, model, output):
    with pytest.raises(OutputError, match=f"^{output}: write to a local file and copy it there$"):
        sc.score_archive([crawl], output, model=model)
    done = CliRunner().invoke(main, ["predict", str(crawl / "a.jsonl"), "-o", output])
    assert (done.exit_code, done.output[: len(output) + 14]) == (1, f"Error: {output}: write")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl", "a.parquet", "a.wet.gz"])
@pytest.mark.parametrize("sends_parts", [True, False], ids=["parts", "stream"])
def test_a_broken_connection_is_no_damaged_archive(server, monkeypatch, name, sends_parts):
    """Not of a named file, nor of one that was found, nor of a member of one."""
    monkeypatch.setattr(remote, "_READ_AHEAD", 100)
    server.sends_parts, server.fails_at = sends_parts, len(FORMATS[name]) // 2
    for url in (f"{server.url}/{name}", f"{server.url}/{name[:-1]}*"):
        with pytest.raises(RemoteError, match=f"^{server.url}/{name}: cannot be read now"):
            list(sc.scoring.score_records([url], sc.load_model(), point()))


def test_a_broken_connection_in_a_zip_is_no_damaged_member(server, monkeypatch):
    monkeypatch.setattr(remote, "_READ_AHEAD", 100)
    monkeypatch.setattr(streams, "_BUFFER", 1000)
    url = f"{server.url}/a.zip"
    with open_archive(url) as archive:
        found = read_archive(archive)
        assert isinstance(next(found), Record)
        server.fails_at = 0
        with pytest.raises(RemoteError, match=url):
            list(found)


def point():
    return sc.load_model().operating_point("triage")


@pytest.fixture
def small_parts(monkeypatch):
    """Parts, shards and requests small enough that a short archive has many."""
    monkeypatch.setattr(parts, "PART_RECORDS", 50)
    monkeypatch.setattr(shards, "SHARD_BYTES", 5000)
    monkeypatch.setattr(remote, "_READ_AHEAD", 1000)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_a_run_goes_on_where_the_connection_broke(
    server, crawl, tmp_path, model, small_parts, monkeypatch, name
):
    monkeypatch.setattr(streams, "_BUFFER", 1000)
    url, out, local = f"{server.url}/{name}", tmp_path / "out.jsonl", tmp_path / "local.jsonl"
    sc.score_archive([crawl / name], local, model=model, at="triage", keep="all")

    def score(seen):
        sc.score_archive([url], out, model=model, at="triage", keep="all", on_progress=seen.append)

    def break_off(_):
        server.fails_at = len(FORMATS[name]) // 2

    after = []
    with pytest.raises(RemoteError, match=url):
        sc.score_archive([url], out, model=model, at="triage", keep="all", on_progress=break_off)
    server.fails_at = None
    assert not out.exists()
    score(after)
    assert after[0].summary.records > 50
    assert as_named(out.read_text(), url, crawl / name) == repr(local.read_text())


def test_a_run_notices_that_its_remote_input_has_changed(s3, tmp_path, model, small_parts):
    s3.pipe("news/changing.jsonl", LINES)

    def interrupt(_):
        raise KeyboardInterrupt

    def score(seen=None):
        sc.score_archive(
            ["s3://news/changing.jsonl"], tmp_path / "out.jsonl", model=model, on_progress=seen
        )

    with pytest.raises(KeyboardInterrupt):
        score(interrupt)
    s3.pipe("news/changing.jsonl", LINES.replace(b"rained", b"snowed"))
    with pytest.raises(OutputError, match="another input"):
        score()
    s3.pipe("news/changing.jsonl", LINES)
    score()


def test_the_command_resumes_after_the_server_was_gone(command, server, crawl, tmp_path):
    """A real process, a packed archive of several requests, more records than a part has."""
    rows = (json.dumps({"id": str(n), "text": f"Rain {n}. {ACT}"}) for n in range(6000))
    padded = b"".join(f"{row:<1000}\n".encode() for row in rows)
    (crawl / "large.jsonl.gz").write_bytes(gzip.compress(padded, 0))
    url, out = f"{server.url}/large.jsonl.gz", tmp_path / "hits.jsonl"
    run = [*command, "score", url, "-o", str(out)]
    server.fails_at = 5_900_000
    stopped = subprocess.run(run, capture_output=True, text=True, check=False)
    assert stopped.returncode == 1
    assert stopped.stderr.startswith(f"Error: {url}: cannot be read now")
    assert stopped.stderr.count("\n") == 1
    assert (tmp_path / "hits.jsonl.partial").is_dir()
    assert not out.exists()
    server.fails_at = None
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stderr.startswith("6,000 records in 1 archive: 6,000 scored")
    assert not (tmp_path / "hits.jsonl.partial").exists()


def test_workers_read_remote_archives_too(command, server, tmp_path):
    names = [f"{server.url}/*.jsonl", f"{server.url}/a.parquet"]
    run = [*command, "score", *names, "-o", str(tmp_path / "hits.jsonl"), "-j", "2"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stderr.startswith(f"{2 * len(ROWS):,} records in 2 archives")
