"""Speed and memory of runs over archives, as ratios against bare reading in the same run.

Archives are made of the corpus: a packed JSONL, a WARC of pages around its texts, and a plain JSONL
large enough for many shards. Each ratio is the median of rounds in which both sides alternate,
since other work on the machine slows both. Writes `benchmarks/README.md`.

    python benchmarks/archives.py [MEGABYTES]
"""

import gzip
import io
import itertools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text

from sanctions_clf.corpus import load_corpus

ROUNDS = 5
PACKED_MEGABYTES = 10
WARC_PAGES = 1000
README = Path(__file__).parent / "README.md"


def main() -> None:
    """Measure and write the table."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        rows = [
            _packed_row(_packed(home)),
            _warc_row(_warc(home)),
            *_parallel_rows(_plain(home, megabytes), megabytes),
        ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    README.write_text(
        f"""# Benchmarks

Written by `python benchmarks/archives.py {megabytes}` on {time.strftime("%d %B %Y")}, two cores: \
ratios of one run, medians of {ROUNDS} rounds for the first two rows. `speed.py` compares scoring \
with scikit-learn's TF-IDF, `stories.py` measures near-copies, `quality.md` other scorers.

| what | aim | measured |
|---|---|---|
{table}
""",
        encoding="utf-8",
    )
    print(README.read_text(encoding="utf-8"))


def _lines() -> Iterator[bytes]:
    articles = load_corpus()
    for number in itertools.count():
        article = articles[number % len(articles)]
        fields = {"id": str(number), "title": article.title, "text": article.text}
        yield orjson.dumps(fields | {"lang": article.lang, "date": article.date}) + b"\n"


def _lines_of(megabytes: int) -> Iterator[bytes]:
    left = megabytes * 1_000_000
    for line in _lines():
        yield line
        left -= len(line)
        if left < 0:
            return


def _packed(home: Path) -> Path:
    path = home / "news.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(_lines_of(PACKED_MEGABYTES))))
    return path


def _plain(home: Path, megabytes: int) -> Path:
    path = home / "news.jsonl"
    with path.open("wb") as stream:
        stream.writelines(_lines_of(megabytes))
    return path


def _warc(home: Path) -> Path:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    path = home / "crawl.warc.gz"
    menu = "".join(f'<li><a href="/{n}">Section {n}</a></li>' for n in range(150))
    articles = itertools.islice(itertools.cycle(load_corpus()), WARC_PAGES)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number, article in enumerate(articles):
            text = "".join(f"<p>{part}</p>" for part in article.text.split("\n"))
            head = f"<html lang={article.lang}><title>{article.headline}</title>"
            page = f"{head}<body><ul>{menu}</ul><article>{text}</article></body></html>"
            record = writer.create_warc_record(
                f"https://example.org/{number}",
                "response",
                io.BytesIO(page.encode()),
                http_headers=StatusAndHeaders(
                    "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
                ),
            )
            writer.write_record(record)
    return path


def _packed_row(path: Path) -> tuple[str, str, str]:
    def bare() -> None:
        with gzip.open(path) as stream:
            for line in stream:
                orjson.loads(line)

    ratio = _ratio(path, bare)
    return "JSONL.gz end to end, against gzip and orjson alone", "0.08", f"{ratio:.3f}"


def _warc_row(path: Path) -> tuple[str, str, str]:
    def bare() -> None:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
                extract_plain_text(record.reader.read().decode(), main_content=True)

    ratio = _ratio(path, bare)
    return "WARC end to end, against FastWARC and Resiliparse alone", "0.5", f"{ratio:.2f}"


def _parallel_rows(path: Path, megabytes: int) -> list[tuple[str, str, str]]:
    one, two = _seconds_of_run(path, 1), _seconds_of_run(path, 2)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        ("two processes, against one", "1.7", f"{one / two:.2f}"),
        (f"peak memory of a process, {megabytes} MB of JSONL", "600 MB", f"{peak:.0f} MB"),
        ("rate of one process", "", f"{megabytes / one:.1f} MB/s"),
    ]


def _ratio(path: Path, bare: Callable[[], None]) -> float:
    """How fast a run is beside bare reading; both in a process that has loaded what it needs."""
    import sanctions_clf as sc

    model = sc.load_model()

    def run() -> None:
        sc.score_archive([path], path.with_suffix(".out.jsonl"), model=model)

    run()
    return statistics.median(_seconds(bare) / _seconds(run) for _ in range(ROUNDS))


def _seconds_of_run(path: Path, jobs: int) -> float:
    out = path.with_suffix(f".{jobs}.parquet")
    command = ["score", str(path), "-o", str(out), "-j", str(jobs), "-q"]
    return _seconds(
        lambda: subprocess.run([sys.executable, "-m", "sanctions_clf", *command], check=True)
    )


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
