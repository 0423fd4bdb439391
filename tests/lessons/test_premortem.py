"""The pre-mortem and what to collect next: eleven stories, signs first; gaps in the order of what they could change."""

import pytest
from cases import case as small_case

from interlocal.case.read import read_case
from interlocal.lessons.catalogue import items
from interlocal.lessons.premortem import stories
from interlocal.study import study

SIGNS = ["warning", "watch", "unknown", "clear", None]


@pytest.fixture(scope="module")
def valley(root):
    return read_case(root / "examples" / "juniper-valley" / "case.yaml")


def test_every_pitfall_has_its_own_story():
    assert list(stories()) == [i for i in items() if i.startswith("pitfall.")]
    assert len(set(stories().values())) == 11


def test_stories_with_a_sign_come_first_with_what_to_do(valley):
    told = study(valley, draws=200).document["premortem"]
    places = [SIGNS.index(row["verdict"]) for row in told]
    assert places == sorted(places)
    assert told[0]["signs"]
    assert all(row["do"] and row["goes_wrong"] for row in told)


def test_a_public_study_tells_the_story_and_not_the_sign(valley):
    told = {r["item"]: r for r in study(valley, draws=200, audience="public").document["premortem"]}
    hidden = told["pitfall.skipping_trust"]
    assert hidden["verdict"] is None
    assert hidden["signs"] == []
    assert hidden["do"] == [{"text": s.text, "who": s.who} for s in items()["pitfall.skipping_trust"].remedy]


def test_what_could_turn_the_advice_comes_first():
    """Nobody loses and the joint service saves: what is unknown and critical decides, the rest does not."""
    rows = study(small_case(), draws=200).document["collect_next"]
    rank = ["advice", "reasons", "none"]
    assert [rank.index(r["could_change"]) for r in rows] == sorted(
        rank.index(r["could_change"]) for r in rows
    )
    for row in rows:
        assert (row["could_change"] == "advice") == (row["advice_if"]["well"] != row["advice_if"]["badly"])
    assert rows[0]["could_change"] in {"advice", "reasons"}


def test_public_list_leaves_out_what_informs_only_withheld_findings():
    shown = study(small_case(), draws=200, audience="public").document
    withheld = {f["item"] for f in shown["lessons"] if f["verdict"] is None}
    assert not withheld & {i for row in shown["collect_next"] for i in row["informs"]}
