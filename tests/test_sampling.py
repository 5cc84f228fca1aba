"""What is worth labelling next: the nearest to the threshold, no story twice, and a fair draw."""

import csv
import json
from collections import Counter

import pytest
from click.testing import CliRunner

from sanctions_clf.cli import main
from sanctions_clf.sampling import RANDOM, UNCERTAIN, sample_pool
from sanctions_clf.scoring import Reading
from sanctions_clf.stories import same_story, signature
from sanctions_clf.summary import Summary


@pytest.fixture(scope="module")
def articles(corpus):
    """A few hundred articles of the corpus, as rows without a label."""
    return [
        {"id": a.id, "title": a.title, "text": a.text, "lang": a.lang, "date": a.date}
        for a in corpus
        if a.lang in ("fr", "vi")
    ]


@pytest.fixture
def pool(articles, write_jsonl):
    return str(write_jsonl(articles, "pool.jsonl"))


@pytest.fixture
def sample():
    """A function that runs the command in this process."""

    def invoke(*arguments):
        return CliRunner().invoke(main, ["data", "sample", *map(str, arguments)])

    return invoke


def ids(picked):
    return [found.article.id for found in picked]


def distance(model, prediction):
    return abs(prediction.decision_value - model.operating_point().threshold)


def test_the_uncertain_ones_are_the_nearest_to_the_threshold(pool, articles, model):
    picked = sample_pool([pool], model, size=10, random_share=0)
    predictions = model.predict_articles(
        found.article for found in sample_pool([pool], model, size=len(articles), random_share=1)
    )
    every = sorted(distance(model, prediction) for prediction in predictions)
    chosen = sorted(distance(model, found.prediction) for found in picked)
    assert {found.picked_by for found in picked} == {UNCERTAIN}
    assert chosen == pytest.approx(every[:10])


def test_copies_of_one_story_are_picked_once(articles, write_jsonl, model):
    """Papers print an agency's story under headlines of their own, the last paragraph cut."""
    copies = [
        row | {"id": f"{row['id']}/{n}", "title": f"Headline {n}", "text": row["text"]}
        for row in articles[:60]
        for n in range(4)
    ]
    pool = str(write_jsonl(copies))
    picked = sample_pool([pool], model, size=100, random_share=0)
    stories = Counter(article_id.partition("/")[0] for article_id in ids(picked))
    assert max(stories.values()) == 1
    assert len(picked) > 40


def test_no_uncertain_article_shares_a_story_with_any_other(pool, model):
    picked = sample_pool([pool], model, size=80)
    signatures = [signature(found.article.text) for found in picked]
    for i, found in enumerate(picked):
        others = signatures[:i] + signatures[i + 1 :]
        if found.picked_by == UNCERTAIN:
            assert not same_story(signatures[i], others).any()


def test_known_stories_come_up_at_random_only(pool, model):
    first = sample_pool([pool], model, size=30, random_share=0)
    known = [found.article for found in first]
    second = sample_pool([pool], model, size=30, random_share=0, known=known)
    assert not set(ids(first)) & set(ids(second))
    drawn = sample_pool([pool], model, size=30, random_share=1, known=known)
    assert ids(drawn) == ids(sample_pool([pool], model, size=30, random_share=1))


def test_the_random_share_is_drawn_from_all_alike(write_jsonl, model):
    """Each of ten articles is drawn about as often as any other, copies and all."""
    rows = [{"id": str(n), "text": f"Rain in the north, text {n}."} for n in range(10)]
    pool = str(write_jsonl(rows))
    drawn = Counter(
        article_id
        for seed in range(300)
        for article_id in ids(sample_pool([pool], model, size=2, random_share=1, seed=seed))
    )
    assert len(drawn) == 10
    # 60 expected, standard deviation 7.
    assert 35 < min(drawn.values()) <= max(drawn.values()) < 85


def test_ways_of_picking_and_counts_add_up(pool, articles, model):
    summary = Summary()
    picked = sample_pool([pool], model, size=40, random_share=0.25, summary=summary)
    assert Counter(found.picked_by for found in picked) == {RANDOM: 10, UNCERTAIN: 30}
    assert summary.scored == len(articles)
    assert len(set(ids(picked))) == 40


def test_a_small_pool_gives_all_it_has(write_jsonl, model):
    pool = str(write_jsonl([{"text": "Rain."}, {"text": "A tanker left Nampo."}, {"title": 5}]))
    picked = sample_pool([pool], model, size=100, reading=Reading())
    assert len(picked) == 2


def test_the_same_input_gives_the_same_file(sample, pool, tmp_path):
    files = [tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    for path, seed in zip(files, (1, 1, 2), strict=True):
        assert sample(pool, "-n", 20, "-o", path, "--seed", seed).exit_code == 0
    first, again, other = (path.read_bytes() for path in files)
    assert first == again != other


def test_rows_have_the_text_where_it_lay_and_an_empty_label(sample, pool, articles, tmp_path):
    jsonl, table = tmp_path / "picked.jsonl", tmp_path / "picked.csv"
    result = sample(pool, "-n", 20, "-o", jsonl)
    assert result.stderr == (
        f"Picked 20 of {len(articles)} articles: 5 at random, 15 near the threshold; 0 rejected. "
        f"Next: sanctions-clf label {jsonl}\n"
    )
    rows = [json.loads(line) for line in jsonl.read_text(encoding="utf-8").splitlines()]
    assert list(rows[0]) == [
        "id", "title", "text", "date", "lang", "url", "archive", "position", "decision_value",
        "probability", "picked_by", "label",
    ]  # fmt: skip
    for row in rows:
        line = int(row["position"].removeprefix("line "))
        assert row["text"] == articles[line - 1]["text"]
        assert (row["archive"], row["label"]) == (pool, "")
    assert sample(pool, "-n", 20, "-o", table).exit_code == 0
    with table.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == [row["id"] for row in rows]


def test_labels_are_not_written_over(sample, pool, tmp_path):
    output = tmp_path / "picked.jsonl"
    output.write_text("a person's work")
    result = sample(pool, "-o", output)
    assert result.exit_code == 1
    assert result.stderr == f"Error: {output}: exists, and may hold labels; name another file\n"
    assert output.read_text() == "a person's work"


@pytest.mark.parametrize("name", ["picked.parquet", "picked"])
def test_only_files_that_can_be_labelled_are_written(sample, pool, tmp_path, name):
    result = sample(pool, "-o", tmp_path / name)
    assert result.exit_code == 1
    assert "name a .jsonl or .csv file" in result.stderr


def test_a_pool_without_articles_gives_no_file(sample, write_jsonl, tmp_path):
    pool, output = write_jsonl([{"text": 5}]), tmp_path / "picked.jsonl"
    result = sample(pool, "-o", output)
    assert result.stderr == f"Error: {pool}: no article could be read\n"
    assert not output.exists()


def test_what_is_known_is_read_from_files(sample, pool, tmp_path):
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    sample(pool, "-n", 20, "-o", first, "--random-share", 0)
    sample(pool, "-n", 20, "-o", second, "--random-share", 0, "--known", first)
    known, new = (
        {json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()}
        for path in (first, second)
    )
    assert not known & new
