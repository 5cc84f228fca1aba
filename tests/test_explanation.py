"""An explanation: where its terms stand, as a table, as a page."""

import math
import subprocess

import pytest
from chromium import PHONE
from hypothesis import given
from hypothesis import strategies as st

import sanctions_clf as sc
from sanctions_clf.highlights import highlight
from sanctions_clf.reports.explanation import round_to_sum
from sanctions_clf.text.concepts import concept_matcher
from sanctions_clf.text.fold import compose, fold
from sanctions_clf.text.unfold import unfold_spans


@pytest.fixture
def explanation(model, samples):
    return model.explain(sc.read_article(str(samples / "armes_coree_du_nord.txt")))


def placed(text, lang=None):
    return {(name, text[start:end]) for name, (start, end) in concept_matcher().locate(text, lang)}


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("A NORTH-\n  KOREAN ship", "north_korea", "NORTH-\n  KOREAN"),
        ("Le navire nord-coréen", "north_korea", "nord-coréen"),
        ("Un train nord-core\u0301en part", "north_korea", "nord-core\u0301en"),  # e and its accent
        ("وبكوريا الشماليّة أرسلت", "north_korea", "كوريا الشماليّة"),
        ("北朝鮮の船が石炭を運んだ。", "coal", "石炭"),
        ("According to the UN", "united_nations", "UN"),
        ("Ships left. South Sudan bought tanks.", "south_sudan", "South Sudan"),
    ],
)
def test_concepts_are_located_in_the_text_as_written(text, name, form):
    assert (name, form) in placed(text)


def test_what_is_located_is_what_is_found(corpus):
    matcher = concept_matcher()
    for article in corpus[::40]:
        text = article.text[:500]
        assert {name for name, _ in matcher.locate(text, article.lang)} == matcher.find(
            text, article.lang
        )


@given(st.text(max_size=40), st.data())
def test_a_span_unfolds_to_text_that_folds_to_it(text, data):
    """Where folding has one letter for each; where it has several, to the letter they come from."""
    for folding in (fold, compose):
        folded = folding(text)
        start = data.draw(st.integers(0, len(folded)))
        end = data.draw(st.integers(start, len(folded)))
        if start == end:
            continue
        ((first, last),) = unfold_spans(text, folding, [(start, end)])
        assert 0 <= first < last <= len(text)
    assert list(unfold_spans(text, str, [(0, len(text))] if text else [])) == (
        [(0, len(text))] if text else []
    )


def test_highlights_are_the_passage_cut_in_pieces(explanation):
    lines = highlight(explanation)
    whole = "".join(line.before + "".join(piece.text for piece in line.pieces) for line in lines)
    assert whole == explanation.passage
    evidence = [part.text for part in explanation.prediction.evidence]
    marked = ["".join(piece.text for piece in line.pieces) for line in lines if line.is_evidence]
    assert marked == evidence


def test_a_highlight_adds_what_all_terms_of_its_concepts_add(explanation):
    (found,) = [
        piece
        for line in highlight(explanation)
        for piece in line.pieces
        if piece.text == "Corée du Nord"
    ]
    assert found.concepts == ("north korea",)
    assert found.contribution == pytest.approx(
        sum(
            part.contribution
            for part in explanation.contributions
            if "north_korea" in part.term.split(" + ")
        )
    )


def test_the_frame_adds_up_to_the_decision_value(explanation):
    frame = explanation.to_frame()
    assert list(frame) == ["term", "kind", "contribution", "share"]
    assert math.fsum(frame["contribution"]) == explanation.prediction.decision_value
    assert frame["share"].abs().sum() == pytest.approx(1)
    assert set(frame["kind"]) <= {"concept", "pair", "word", "length", "intercept"}
    kinds = frame.set_index("term")["kind"]
    assert kinds["north_korea"] == "concept"
    assert kinds["any_regime_subject + any_act"] == "pair"
    assert kinds["word: port"] == "word"
    assert list(frame["contribution"].abs()) == sorted(frame["contribution"].abs(), reverse=True)


def test_the_intercept_alone_explains_an_empty_article(model):
    frame = model.explain(sc.Article(text="")).to_frame()
    assert set(frame["kind"]) <= {"intercept", "length"}


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=40))
def test_rounded_rows_add_up_to_the_rounded_total(values):
    total = math.fsum(values)
    rounded = round_to_sum(values, total)
    assert round(math.fsum(rounded), 6) == round(total, 3)
    assert all(abs(a - b) < 0.001 + 1e-9 for a, b in zip(rounded, values, strict=True))


def test_no_article_breaks_out_of_the_page(model, chromium, tmp_path):
    hostile = (
        "</style></script><script>document.title='pwned'</script><img src=x onerror=alert(1)>\"'"
    )
    article = sc.Article(
        text=f"North Korea shipped {hostile} artillery shells to Russia. {hostile}",
        title=hostile,
        lang="en",
        date=hostile,
    )
    path = tmp_path / "why.html"
    path.write_text(sc.explanation_page(model.explain(article)), encoding="utf-8")
    dom = chromium.dom(path)
    assert "<script" not in dom
    assert "<img" not in dom
    assert "artillery shells</span>" in dom
    assert chromium.overflow(path, width=PHONE) == 0
    for dark in (False, True):
        assert chromium.screenshot(path, tmp_path / f"{dark}.png", dark=dark).stat().st_size


def test_an_injected_script_is_refused_by_the_policy(explanation, chromium, tmp_path):
    path = tmp_path / "why.html"
    injected = "<main><script>document.title = 'pwned'</script>"
    path.write_text(sc.explanation_page(explanation).replace("<main>", injected), encoding="utf-8")
    assert "<title>pwned" not in chromium.dom(path)


def test_an_article_without_a_sentence_has_a_page(model):
    assert "holds no sentence" in sc.explanation_page(model.explain(sc.Article(text="...")))


@pytest.mark.parametrize(
    ("name", "starts"), [("why.html", "<!doctype html>"), ("why.json", "{"), ("why.txt", "")]
)
def test_the_suffix_of_the_output_says_its_format(command, samples, tmp_path, name, starts):
    article, output = samples / "football.txt", tmp_path / name
    subprocess.run([*command, "explain", article, "-o", output], check=True)
    content = output.read_text(encoding="utf-8")
    assert content.startswith(starts)
    assert "football" in content


def test_an_explanation_goes_to_a_pipe_in_any_format(command, samples):
    article = samples / "football.txt"
    for form, starts in [("html", "<!doctype html>"), ("json", "{"), ("table", str(article))]:
        done = subprocess.run(
            [*command, "explain", article, "-f", form], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith(starts)


def test_an_unknown_suffix_is_wrong_usage(command, samples, tmp_path):
    output = tmp_path / "why.pdf"
    done = subprocess.run(
        [*command, "explain", samples / "football.txt", "-o", output],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert ".html, .htm, .json, .txt" in done.stderr
    assert not output.exists()
