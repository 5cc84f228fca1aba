"""Stories: near-copies among the hits share one, named after the earliest; others do not."""

import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanctions_clf.stories import group_stories, signature

SHELLS = """\
A cargo ship that left the North Korean port of Rason last month unloaded some three hundred \
containers at a naval pier in eastern Russia, two diplomats who saw the images said on Monday.
The containers went by rail to a depot near the border, where workers were seen to take out crates \
of the size that artillery shells are packed in, according to the same people.
Pyongyang has denied for a year that it sells arms to anyone. Moscow called the report a guess and \
declined to say what the ship had carried.
Members of the Security Council are to meet behind closed doors on Thursday. One of them said that \
the panel of experts had asked the owner of the vessel for its papers in spring, without an answer.
The ship changed its name twice in two years and has not told its position since it passed the \
strait, the trackers of a maritime insurer wrote in a note to its clients."""
TANKER = """\
Fishermen off the western coast watched a tanker without lights pump oil into a smaller vessel for \
most of Saturday night, and told the coast guard about it at dawn.
The guard found neither ship. A drum that drifted ashore bore the mark of a refinery in a country \
that may buy no more than a set number of barrels a year.
An official in the capital said that such transfers had become rarer since winter, when two \
captains were fined, but had moved further out to sea."""
CHINESE = (
    "两名外交官周一表示，一艘上月离开罗津港的货船在俄罗斯东部一处海军码头卸下约三百个集装箱。"
    "集装箱经铁路运往边境附近的仓库，工人从中取出装有炮弹的木箱。平壤一年来否认向任何人出售武器。"
)
ARABIC = (
    "قال دبلوماسيان يوم الاثنين إن سفينة شحن غادرت ميناء راسون الشهر الماضي أفرغت نحو ثلاثمئة "
    "حاوية في رصيف بحري شرقي روسيا. ونقلت الحاويات بالقطار إلى مستودع قرب الحدود حيث شوهد عمال "
    "يخرجون منها صناديق قذائف مدفعية. ونفت بيونغ يانغ منذ عام أنها تبيع السلاح لأحد."
)


def grouped(*texts):
    return group_stories(
        [str(n) for n in range(len(texts))], list(map(signature, texts)), [None] * len(texts)
    )


def lines(text, start, end):
    return "\n".join(text.splitlines()[start:end])


@pytest.mark.parametrize(
    "copy",
    [
        SHELLS,
        lines(SHELLS, 0, 3),
        lines(SHELLS, 0, 2),
        f"Secret cargo: what the pictures from the pier show\n{SHELLS}",
        f"{lines(SHELLS, 0, 3)}\n{lines(TANKER, 0, 1)}\n{lines(SHELLS, 3, 5)}",
        f"{lines(TANKER, 0, 1)}\n{SHELLS}\n{lines(TANKER, 2, 3)}",
        f"By our correspondent\n{SHELLS}\nAll rights reserved. Follow us on all our channels.",
        SHELLS.replace("cargo ship", "freighter").replace("the same people", "both of them"),
        SHELLS.upper().replace(",", " –").replace(".", ""),
    ],
    ids=[
        "itself",
        "cut by half",
        "cut to a third",
        "under a new headline",
        "with another's paragraph in it",
        "between another's paragraphs",
        "with byline and boilerplate",
        "with some words changed",
        "in capitals with other punctuation",
    ],
)
def test_a_copy_is_the_same_story(copy):
    assert grouped(SHELLS, copy, TANKER) == ["0", "0", "2"]


def test_two_texts_on_one_matter_are_two_stories(corpus):
    """Articles of the corpus on one event are told each in its own words."""
    alone = [article for article in corpus if not article.pair]
    stories = group_stories(
        [article.id for article in alone],
        [signature(article.text) for article in alone],
        [article.date for article in alone],
    )
    assert stories == [article.id for article in alone]


@pytest.mark.parametrize("text", [CHINESE, ARABIC], ids=["Chinese", "Arabic"])
def test_other_scripts(text):
    half = text[: len(text) // 2]
    other = text[::-1]
    assert grouped(text, half, other) == ["0", "0", "2"]


def test_a_story_is_named_after_its_earliest_hit():
    """By date as far as it is told, then by the order of the archive; undated hits come last."""
    dates = [None, "2024-10-21T08:00:00Z", "last week", "2024-10-03", "2024-10-03", "2024-11"]
    ids = ["none", "later", "odd", "first", "second", "month"]
    assert group_stories(ids, [signature(SHELLS)] * 6, dates) == ["first"] * 6


def test_undated_hits_go_by_the_order_of_the_archive():
    assert group_stories(["b", "a"], [signature(TANKER)] * 2, [None, None]) == ["b", "b"]


def test_a_round_up_does_not_make_two_stories_one():
    """It joins the one that it has more of."""
    stories = group_stories(
        ["shells", "tanker", "round-up", "shells again", "tanker again"],
        [signature(text) for text in (SHELLS, TANKER, f"{SHELLS}\n{TANKER}", SHELLS, TANKER)],
        ["2024-10-01", "2024-10-02", "2024-10-03", "2024-10-04", "2024-10-05"],
    )
    assert stories == ["shells", "tanker", "shells", "shells", "tanker"]


@pytest.mark.parametrize("text", ["", " \n", "—…!"])
def test_a_text_without_words_is_a_story_of_its_own(text):
    assert grouped(text, text, SHELLS) == ["0", "1", "2"]


def test_a_text_of_two_words_is_like_itself_alone():
    assert grouped("Shells found", "shells found.", "Ship found", SHELLS) == ["0", "0", "2", "3"]


def test_no_hits_have_no_stories():
    assert group_stories([], [], []) == []


@given(st.permutations(range(9)))
def test_the_order_of_the_archive_does_not_change_who_is_together(order):
    texts = [
        SHELLS,
        TANKER,
        *(lines(SHELLS, 0, n) for n in (2, 3, 4)),
        lines(TANKER, 0, 2),
        f"{SHELLS}\n{TANKER}",
        f"{lines(SHELLS, 0, 2)}\n{lines(TANKER, 0, 2)}",
        CHINESE,
    ]
    dates = ["2024-10-02", "2024-10-01", "2024-10-02", None, "2024-10-03", "2024-10-02", None,
             "2024-10-01", None]  # fmt: skip
    assert together(range(9), texts, dates) == together(order, texts, dates)


def together(order, texts, dates):
    """The pairs of texts that share a story when they come in this order."""
    stories = group_stories(
        [str(n) for n in order],
        [signature(texts[n]) for n in order],
        [dates[n] for n in order],
    )
    found = dict(zip(order, stories, strict=True))
    return {(a, b) for a, b in combinations(range(len(texts)), 2) if found[a] == found[b]}


@given(st.text())
def test_any_text_has_a_signature_of_260_bytes(text):
    assert len(signature(text)) == 260


def test_equal_minima_estimate_the_jaccard_similarity():
    """Broder's theorem, against sets whose similarity is known: a quarter to nine in ten."""
    words = [f"w{n}" for n in range(9000)]
    for shared in (0.25, 0.5, 0.9):
        size = int(1000 * shared * 2 / (1 + shared))
        found = []
        for start in range(0, 8000, 400):
            one = signature(" ".join(words[start : start + 1000]))
            other = " ".join(words[start : start + size] + [f"v{n}" for n in range(1000 - size)])
            minima = [np.frombuffer(made[4:], "<u2") for made in (one, signature(other))]
            found.append(np.mean(minima[0] == minima[1]))
        assert np.mean(found) == pytest.approx(shared, abs=0.03)


def test_two_equal_minima_are_an_accident_however_short_the_text():
    """Of sets of 10 and 900 they would say that most of the shorter is in the longer."""
    minima = np.arange(256, dtype="<u2").reshape(2, 128)
    minima[1, :2] = minima[0, :2]
    note, report = (
        np.uint32(size).tobytes() + part.tobytes()
        for size, part in zip((10, 900), minima, strict=True)
    )
    assert group_stories(["note", "report"], [note, report], [None, None]) == ["note", "report"]


@pytest.mark.parametrize("seed", ["0", "1"])
def test_a_signature_is_the_same_in_every_process(seed):
    code = (
        "from sanctions_clf.stories import signature; print(signature('Shells left Rason').hex())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    made = bytes.fromhex(done.stdout)
    assert made == signature("Shells left Rason")
    assert made[:20].hex() == "01000000bb5849c4d9b32f9967ca6fc38dcfb913"
