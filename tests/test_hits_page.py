"""The page of hits: what it tells, and that no article can make it do anything."""

import json
import re
import subprocess

import pytest
from chromium import DESK, PHONE

import sanctions_clf as sc

HOSTILE = "</style></script><script>document.title='pwned'</script><img src=x onerror=alert(1)>\"'"


def hit(number, **values):
    row = {
        "id": f"a{number}",
        "lang": "en",
        "date": "2024-05-02",
        "flagged": True,
        "probability": 0.9 - number / 100,
        "decision_value": 3.5,
        "operating_point": "balanced",
        "regimes": ["dprk-1718"],
        "evidence": [],
        "terms": [{"term": "north_korea + coal", "contribution": 0.5}],
        "title": f"Story {number}",
    }
    return row | values


@pytest.fixture
def page(write_jsonl):
    """A function that writes rows as a run and returns their page."""

    def make(rows, **options):
        return sc.hits_page(write_jsonl(rows, "hits.jsonl"), **options)

    return make


def titles(page):
    headings = re.findall(r"<h2 dir=\"auto\">(.*?)</h2>", page, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", heading).strip() for heading in headings]


def test_hits_are_listed_by_probability_and_only_hits(page):
    rows = [hit(3), hit(1), hit(2), hit(0, flagged=False)]
    assert titles(page(rows)) == ["Story 1", "Story 2", "Story 3"]


def test_near_copies_are_folded_under_the_most_probable(page):
    rows = [hit(5, story="s"), hit(1, story="s"), hit(2), hit(9, story="s")]
    made = page(rows)
    assert titles(made) == ["Story 1", "Story 2"]
    assert "2 more articles tell this story" in made
    assert made.index("Story 5") < made.index("Story 9") < made.index("Story 2")


def test_the_page_says_what_it_leaves_out(page):
    made = page([hit(number) for number in range(5)], limit=2)
    assert titles(made) == ["Story 0", "Story 1"]
    assert "The 2 most probable stories are shown; 3 are left out" in made


def test_many_copies_are_counted_and_some_named(page):
    made = page([hit(number, story="s") for number in range(30)])
    assert "29 more articles tell this story" in made
    assert "and 9 more" in made


def test_a_run_without_hits_says_so(page):
    assert "No article was flagged" in page([hit(1, flagged=False)])
    assert "No article was flagged" in page([])


def test_counts_come_from_the_summary_beside_the_run(page, tmp_path):
    (tmp_path / "hits.jsonl.summary.json").write_text(
        json.dumps({"records": 71234, "scored": 70000, "rejected": 0}), encoding="utf-8"
    )
    made = page([hit(1)])
    assert "71,234" in made
    assert "70,000" in made
    assert "rejected" not in made


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://news.example/a?b=1&c=2", True),
        ("HTTP://news.example/", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("\x01javascript:alert(1)//https://news.example/", False),
        ("data:text/html,<script>1</script>", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(page, url, linked):
    made = page([hit(1, url=url)])
    assert ("<a href=" in made) == linked
    if linked:
        assert 'rel="noopener noreferrer"' in made


def test_columns_that_a_run_has_are_shown_in_words(page):
    made = page([hit(1, status="alleged", measures=["arms_embargo"], denied=True, contested=False)])
    for told in ("stated as: <bdi>alleged", "measures: <bdi>Arms embargo", "denied: <bdi>yes"):
        assert told in made
    assert "contested" not in made


def test_a_title_that_is_evidence_is_marked(page):
    evidence = [{"text": "Story 1", "start": 0, "end": 7}]
    assert re.search(r"<h2 dir=\"auto\"><mark>\s*Story 1", page([hit(1, evidence=evidence)]))


def test_certainty_is_never_claimed(page):
    assert "</span> &gt;.99</p>" in page([hit(1, probability=0.9999)])


def test_a_run_is_not_read_from_a_pipe():
    with pytest.raises(sc.SanctionsClfError, match="write it to a file"):
        sc.hits_page("-")


def test_no_article_breaks_out_of_the_page(page, chromium, tmp_path):
    evidence = [{"text": HOSTILE, "start": 0, "end": len(HOSTILE)}]
    rows = [
        hit(
            number,
            **dict.fromkeys(("id", "title", "lang", "date", "archive", "position"), HOSTILE),
            url=url,
            regimes=[HOSTILE],
            story=HOSTILE,
            evidence=evidence,
            text=f"{HOSTILE} More.",
            status=HOSTILE,
            terms=[{"term": HOSTILE, "contribution": 0.5}],
            operating_point=HOSTILE,
        )
        for number, url in enumerate(
            [f'https://x.example/"{HOSTILE}', "javascript:document.title=1"]
        )
    ]
    path = tmp_path / "hits.html"
    path.write_text(page(rows), encoding="utf-8")
    dom = chromium.dom(path)
    assert "1 of 1 stories shown" in dom  # our script ran
    assert "<title>hits.jsonl</title>" in dom  # and theirs did not
    assert dom.count("<script") == 1
    assert "<img" not in dom
    assert "javascript:" not in dom


def test_even_an_injected_script_is_refused_by_the_policy(page, chromium, tmp_path):
    """Should escaping ever fail, the content security policy is the second lock."""
    path = tmp_path / "hits.html"
    injected = (
        "<img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
    )
    path.write_text(page([hit(1)]).replace("<main>", f"<main>{injected}"), encoding="utf-8")
    dom = chromium.dom(path)
    assert "pwned'</script>" in dom
    assert "<title>hits.jsonl</title>" in dom
    assert "1 of 1 stories shown" in dom


def test_filters_hide_what_they_leave_out_and_count_the_rest(page, chromium, tmp_path):
    path = tmp_path / "hits.html"
    rows = [
        hit(1, lang="ar", regimes=["iran-1737", "yemen-2140"]),
        hit(2, lang="ar", date="2023-11"),
        hit(3, lang="fr", date="last week", regimes=[]),
    ]
    path.write_text(page(rows), encoding="utf-8")
    choose = (
        "const select = document.querySelector('select[name=%s]'); select.value = '%s';"
        "select.dispatchEvent(new Event('input', {bubbles: true}))"
    )

    def shown(facet, value):
        dom = chromium.dom(path, then=choose % (facet, value))
        visible = re.findall(
            r"<article class=\"hit\"(?![^>]*hidden)[^>]*>.*?</article>", dom, re.DOTALL
        )
        return [re.search(r"Story \d", article)[0] for article in visible], dom

    found, dom = shown("language", "ar")
    assert found == ["Story 1", "Story 2"]
    assert "2 of 3 stories shown" in dom
    assert "2023-11 (1)" in dom
    assert re.search(r'value="unknown"[^>]*disabled="">unknown \(0\)', dom)
    assert "French (1)" in dom  # what another choice of the same filter would show
    assert shown("regime", "yemen-2140")[0] == ["Story 1"]
    assert shown("regime", "unknown")[0] == ["Story 3"]
    assert shown("month", "2024-05")[0] == ["Story 1"]


def test_without_scripts_the_page_reads_and_shows_no_dead_filters(page):
    assert '<form class="filters screen" hidden>' in page([hit(1)])


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_fits_the_screen(page, chromium, tmp_path, width):
    path = tmp_path / "hits.html"
    rows = [
        hit(1, title="Unbreakable" * 20, url="https://news.example/"),
        hit(2, archive="folder/" * 50, regimes=["an-unusually-long-name-of-a-regime"] * 9),
    ]
    path.write_text(page(rows), encoding="utf-8")
    assert chromium.overflow(path, width=width) == 0
    for dark in (False, True):
        chromium.screenshot(path, tmp_path / f"hits-{width}-{dark}.png", width=width, dark=dark)
    light, dark = sorted(tmp_path.glob("hits-*.png"))
    assert light.read_bytes() != dark.read_bytes()


def test_a_run_becomes_a_page_in_a_real_process(command, samples, tmp_path):
    run, page = tmp_path / "hits.csv", tmp_path / "hits.html"
    archive = samples / "archive.jsonl.gz"
    subprocess.run([*command, "score", archive, "-o", run, "--carry", "text", "-q"], check=True)
    subprocess.run([*command, "hits", run, "-o", page], check=True)
    made = page.read_text(encoding="utf-8")
    hits = sorted(sc.read_run(run), key=lambda hit: -hit.probability)
    assert hits
    assert made.count("<article") == len({hit.story for hit in hits})
    assert made.count("<mark>") >= len(hits)


def test_the_page_never_replaces_the_run(command, write_jsonl):
    run = write_jsonl([hit(1)])
    before = run.read_bytes()
    done = subprocess.run([*command, "hits", run, "-o", run], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"would replace the run" in done.stderr
    assert run.read_bytes() == before
