"""Labels that a model which has not seen them contradicts."""

import dataclasses
import io
import json

import numpy as np
import pytest
from click.testing import CliRunner

from sanctions_clf.cli import main
from sanctions_clf.cli.tables import console, suspect_table
from sanctions_clf.errors import CorpusError
from sanctions_clf.label_check import suspects

OTHER = {"relevant": "not_relevant", "not_relevant": "relevant"}


@pytest.fixture(scope="module")
def articles(small_corpus):
    """A part of the corpus without minimal pairs, whose halves differ in their label."""
    return [article for article in small_corpus if not article.pair][:120]


@pytest.fixture(scope="module")
def slips(articles):
    """Indices of some articles whose label is turned into its contrary."""
    return np.random.default_rng(0).choice(len(articles), 6, replace=False).tolist()


@pytest.fixture(scope="module")
def found(articles, slips):
    wrong = list(articles)
    for i in slips:
        wrong[i] = dataclasses.replace(wrong[i], label=OTHER[wrong[i].label])
    return suspects(wrong)


def test_slips_come_first(found, slips):
    """Six of 120 are slips; half of them are among the first ten listed."""
    first = {suspect.index for suspect in found[:10]}
    assert len(first & set(slips)) >= 3


def test_only_contradictions_are_listed_the_worst_first(found):
    own = [s.probability if s.article.relevant else 1 - s.probability for s in found]
    assert own == sorted(own)
    assert own[-1] < 1 / 2


def test_terms_speak_against_the_label(found):
    for suspect in found:
        added = [term.contribution for term in suspect.terms]
        if suspect.article.relevant:
            assert added == sorted(added)
            assert all(value < 0 for value in added)
        else:
            assert added == sorted(added, reverse=True)
            assert all(value > 0 for value in added)


def test_evidence_is_an_exact_part_of_the_text(found):
    for suspect in found:
        for part in suspect.evidence:
            assert suspect.article.full_text[part.start : part.end] == part.text


def test_borderline_and_unlabelled_articles_are_passed_over(articles):
    mixed = [
        dataclasses.replace(article, label=("borderline", "")[i % 2]) if i < 20 else article
        for i, article in enumerate(articles)
    ]
    shifted = [dataclasses.replace(s, index=s.index + 20) for s in suspects(articles[20:])]
    assert suspects(mixed) == shifted


def test_too_few_of_a_label_are_refused(articles):
    with pytest.raises(CorpusError, match="only 0 articles are relevant"):
        suspects([article for article in articles if not article.relevant])


def test_the_command_lists_where_to_mend(articles, write_jsonl):
    rows = [dataclasses.asdict(article) for article in articles[:80]]
    rows += [
        {"text": "Rain.", "label": ""},
        {"text": "Rain."},
        {"text": "x", "label": "borderline"},
    ]
    path = write_jsonl(rows)
    result = CliRunner().invoke(main, ["data", "suspects", str(path), "-n", "2"])
    assert result.exit_code == 0, result.output
    assert result.stderr.endswith("of 83 rows have a label that is contradicted.\n")
    listed = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(listed) == 2
    for row in listed:
        line = int(row["place"].removeprefix(f"{path}, line "))
        assert rows[line - 1]["label"] == row["label"]
        assert row["evidence"]


def test_a_table_shows_label_place_and_sentence(found):
    screen = console(io.StringIO())
    screen.print(suspect_table(found[:1], ["mine.jsonl, line 7"]))
    shown = screen.file.getvalue()
    assert found[0].article.label in shown
    assert "(mine.jsonl, line 7)" in shown
    assert "> " in shown
