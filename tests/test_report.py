"""The report of an evaluation: what it tells, and that no article can make it do anything."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from chromium import DESK, PHONE
from click.testing import CliRunner

import sanctions_clf as sc
from sanctions_clf.calibration import OperatingPoint
from sanctions_clf.cli import main
from sanctions_clf.reports.names import language_name

HOSTILE = "</style></script><script>document.title='pwned'</script><img src=x onerror=alert(1)>\"'"
BENIGN = "It rained in the hills."


@pytest.fixture(scope="module")
def articles(small_corpus):
    """Eighty labelled articles of the corpus, and a borderline one."""
    chosen = small_corpus[:: len(small_corpus) // 80][:80]
    return [*chosen, dataclasses.replace(chosen[0], label="borderline")]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An archive sample of a thousand articles on the weather."""
    path = tmp_path_factory.mktemp("archive") / "archive.jsonl"
    rows = [json.dumps({"id": f"w{number}", "text": BENIGN}) for number in range(1000)]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def evaluation(model, articles, archive):
    """The shipped model on these."""
    return sc.evaluate(model, articles, archives=[archive])


@pytest.fixture(scope="module")
def comparison(model, evaluation, archive):
    """The same beside a model that knows half the concept terms."""
    concepts = model.linear.concepts
    half = concepts.coefficients * (np.arange(len(concepts.coefficients)) % 2)
    halved = dataclasses.replace(concepts, coefficients=half)
    other = dataclasses.replace(model, linear=dataclasses.replace(model.linear, concepts=halved))
    labelled = evaluation.evaluated.articles
    return sc.compare(evaluation, sc.evaluate(other, labelled, archives=[archive]))


@pytest.fixture(scope="module")
def written(comparison, tmp_path_factory):
    """A report of two models."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    sc.write_report(path, comparison, title="New on test.jsonl", names=("new.zip", "old.zip"))
    return path


def report(tmp_path, found, **options):
    path = tmp_path / "report.html"
    sc.write_report(path, found, **options)
    return path.read_text(encoding="utf-8")


def test_the_page_opens_with_what_a_reader_needs_first(written, evaluation):
    page = written.read_text(encoding="utf-8")
    relevant = evaluation.relevant
    assert f"80 articles, {relevant} of them relevant" in page
    recall = f"{100 * evaluation.operating_points['balanced']['recall']:.0f}"
    assert f"Of 100 relevant articles <strong>{recall}</strong>" in page
    assert '<strong>0</strong> <small class="muted">(0 to 38)</small> false alarms' in page
    assert "Of 100 borderline articles" in page
    assert page.index("Average precision") < page.index("Operating points</h2>")
    assert page.index("Operating points</h2>") < page.index("Errors to read")


def test_figures_lie_beside_the_page(written, comparison):
    metrics = json.loads(written.with_name("report.metrics.json").read_text(encoding="utf-8"))
    assert metrics["models"] == ["new.zip", "old.zip"]
    assert metrics["headline"]["AP all"] == dataclasses.asdict(comparison.first.headline["AP all"])
    assert metrics["against"]["articles"] == 80
    found = comparison.differences["AP all"]
    assert metrics["differences"]["AP all"] == dataclasses.asdict(found)


def test_the_same_evaluation_gives_the_same_bytes(written, comparison, tmp_path):
    again = report(tmp_path, comparison, title="New on test.jsonl", names=("new.zip", "old.zip"))
    assert again == written.read_text(encoding="utf-8")


def test_two_models_differ_by_a_table(written, comparison):
    page = written.read_text(encoding="utf-8")
    assert "new.zip less old.zip" in page
    assert page.count('<tr class="off-zero">') == sum(
        found.off_zero for found in comparison.differences.values()
    )


def test_one_model_stands_alone(evaluation, tmp_path):
    page = report(tmp_path, evaluation)
    assert "Differences" not in page
    assert 'class="key' not in page


def test_what_was_not_measured_is_left_out(model, articles, tmp_path):
    page = report(tmp_path, sc.evaluate(model, articles[:10])).partition("<main>")[2]
    for absent in ("archive sample", "General articles", "borderline", '<dl class="figures">'):
        assert absent not in page
    assert "Too few relevant articles" in page


def test_slices_with_few_relevant_articles_have_counts_alone(written, evaluation):
    page = written.read_text(encoding="utf-8")
    for lang, figure in evaluation.slices["language"].items():
        assert figure.value is None
        assert f"{language_name(lang)}</bdi> {figure.relevant}/{figure.articles}" in page


def test_errors_to_read_are_the_worst_ones_with_their_passage(evaluation, tmp_path):
    page = report(tmp_path, evaluation)
    decided = evaluation.evaluated.decided()
    pairs = list(zip(decided.values, decided.articles, strict=True))
    worst = max((pair for pair in pairs if not pair[1].relevant), key=lambda pair: pair[0])
    missed = min((pair for pair in pairs if pair[1].relevant), key=lambda pair: pair[0])
    values = [
        f'<b class="value">{value:+.2f}'.replace("-", "\u2212") for value, _ in (worst, missed)
    ]
    assert (
        page.index(values[0]) < page.index("of the lowest decision values") < page.index(values[1])
    )
    assert page.count("<article") == 20
    assert page.count("<mark>") >= 20


def test_plots_take_their_colours_and_type_from_the_page(written):
    svgs = written.read_text(encoding="utf-8").split("<svg")[1:]
    assert len(svgs) == 5
    for svg in svgs:
        drawing = svg.partition("</svg>")[0]
        assert "currentColor" in drawing
        assert "<text" in drawing
        assert "DejaVu" not in drawing
        assert "<style" not in drawing
        assert "#0" not in drawing.replace('"#', "")


def test_no_article_breaks_out_of_the_page(model, chromium, tmp_path):
    fields = ("id", "title", "lang", "date", "source", "genre", "subtype", "reason", "prominence")
    hostile = [
        sc.LabelledArticle(
            text=f"{HOSTILE} North Korea shipped shells. {HOSTILE}", label=label,
            evidence=(HOSTILE,), regimes=(HOSTILE,), **dict.fromkeys(fields, HOSTILE),
        )
        for label in ("relevant", "not_relevant")
    ]  # fmt: skip
    names = ("balanced", HOSTILE, "$x$ & $y_")
    points = {name: OperatingPoint(name, float(i)) for i, name in enumerate(names)}
    found = sc.evaluate(dataclasses.replace(model, operating_points=points), hostile)
    path = tmp_path / "report.html"
    sc.write_report(path, sc.compare(found, found), title=HOSTILE, names=(HOSTILE, HOSTILE))
    dom = chromium.dom(path)
    assert "pwned" in dom
    assert "<script" not in dom
    assert "<img" not in dom
    assert dom.count("</style>") == 1
    assert dom.count("<article") == 2


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_fits_the_screen(written, chromium, tmp_path, width):
    assert chromium.overflow(written, width=width) == 0
    for dark in (False, True):
        chromium.screenshot(written, tmp_path / f"{width}-{dark}.png", width=width, dark=dark)
    light, dark = sorted(tmp_path.glob("*.png"))
    assert light.read_bytes() != dark.read_bytes()


def test_without_matplotlib_one_line_names_the_extra(command, write_jsonl, tmp_path):
    """A real process in which it cannot be found."""
    test = write_jsonl([{"text": "Rain.", "label": 0}, {"text": "Shells.", "label": 1}])
    out = tmp_path / "report.html"
    code = (
        "import sys\n"
        "from importlib.abc import MetaPathFinder\n"
        "sys.modules['matplotlib'] = None\n"
        "from sanctions_clf.cli import main\n"
        f"main(['evaluate', {str(test)!r}, '-o', {str(out)!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Error: a report needs matplotlib: pip install 'sanctions-clf[report]'\n"
    assert not out.exists()


def test_the_command_writes_a_report_beside_its_tables(command, write_jsonl, tmp_path):
    rows = [{"text": "Rain.", "label": 0}, {"text": "Shells for North Korea.", "label": 1}]
    test, out = write_jsonl(rows), tmp_path / "report.html"
    done = subprocess.run(
        [*command, "evaluate", test, "-o", out, "-f", "json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    metrics = json.loads((tmp_path / "report.metrics.json").read_text(encoding="utf-8"))
    assert done.stderr == f"Wrote {out} and {tmp_path / 'report.metrics.json'}\n"
    assert metrics["title"] == "Shipped model on news.jsonl"
    assert metrics["models"] == ["Shipped model"]
    assert json.loads(done.stdout).items() <= metrics.items()
    assert f"<title>{metrics['title']}</title>" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([], [], "holds no articles"),
        ([{"text": "Rain.", "label": 0}], [], "is labelled not_relevant; a test needs"),
        ([{"text": "Rain."}], [], "line 1: no label in 'label'"),
        ([{"text": "Rain.", "label": 0}], ["-o", "report.pdf"], "a name that ends in .html"),
        ([{"text": "Rain.", "label": 0}], ["-o", "no/report.html"], "there is no folder no"),
    ],
    ids=["empty", "one label", "no label", "not a page", "no folder"],
)
def test_what_cannot_be_evaluated_ends_in_one_line(write_jsonl, rows, options, told):
    result = CliRunner().invoke(main, ["evaluate", str(write_jsonl(rows)), *options])
    assert result.exit_code == 1
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_sample_from_standard_input_is_read_once(write_jsonl):
    test = write_jsonl([{"text": "Rain.", "label": 0}, {"text": "Shells.", "label": 1}])
    result = CliRunner().invoke(
        main, ["evaluate", str(test), "--against", "other.zip", "--archive", "-"]
    )
    assert result.exit_code == 2
    assert "name a file" in result.stderr
