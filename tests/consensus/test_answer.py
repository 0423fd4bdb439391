"""What a study tells of surveys: distributions and indices for each audience, and never more than was published."""

import itertools
import json

import pytest
from cases import case

from interlocal.consensus.answer import consensus_answer

FACILITATOR, PARTNERS, PUBLIC = {"facilitator", "partners", "public"}, {"partners", "public"}, {"public"}
READY = [
    {"statement": "necessity_timing_now", "partner": "ash", "group": "staff", "invited": 12, "counts": (0, 1, 2, 5, 2)},
    {"statement": "necessity_timing_now", "partner": "birch", "group": "staff", "invited": 9, "counts": (3, 3, 2, 1, 0)},
    {"statement": "necessity_timing_now", "partner": "cedar", "group": "union", "invited": 4, "withheld": "Too few"},
]  # fmt: skip
TRUST = [
    {"statement": "reliability", "partner": "ash", "about": "birch", "panel": 1, "invited": 9, "counts": (0, 0, 2, 4, 2)},
    {"statement": "reliability", "partner": "birch", "about": "ash", "panel": 2, "invited": 9, "counts": (2, 3, 2, 1, 0)},
]  # fmt: skip


def wave(kind, cells, closed_on="2023-12-01", **fields):
    rows = [{"visibility": "public"} | c for c in cells]
    return {"id": f"{kind}_{closed_on[:7].replace('-', '_')}", "kind": kind, "closed_on": closed_on, "cells": rows, "visibility": "public"} | fields  # fmt: skip


def answer(*waves, visible=FACILITATOR):
    return json.loads(json.dumps(consensus_answer(case(surveys=list(waves)), visible)))


def test_the_distribution_stands_before_any_index_and_silence_is_counted():
    (row,) = answer(wave("readiness", READY))["surveys"][0]["statements"]
    assert row["counts"] == [3, 4, 4, 6, 2]
    assert (row["answers"], row["invited"]) == (19, 25)
    assert row["not_shown"] == pytest.approx(6 / 25)
    assert row["band"] == "discuss"
    assert 0 < row["consensus"] < 1
    assert list(row).index("counts") < list(row).index("consensus")


def test_who_sees_it_differently_is_named_by_partner():
    (gap, *_) = answer(wave("readiness", READY))["surveys"][0]["differently"]
    assert (gap["side"], gap["high"], gap["low"]) == ("partner", "ash", "birch")
    assert gap["gap"] == pytest.approx(3.8 - 19 / 9)


def test_with_few_answers_no_agreement_is_claimed():
    few = [{"statement": "s", "partner": "ash", "invited": 7, "counts": (0, 2, 2, 2, 0)}]
    (row,) = answer(wave("readiness", few))["surveys"][0]["statements"]
    assert row["too_few"]
    assert row["consensus"] is None
    assert row["disagreement"] is None
    assert row["counts"] == [0, 2, 2, 2, 0]


@pytest.mark.parametrize(
    ("visible", "kind", "sides"),
    [
        (FACILITATOR, "trust", {"partner", "group"}),
        (PARTNERS, "trust", {"group"}),
        (PARTNERS, "readiness", {"partner", "group"}),
        (PUBLIC, "readiness", {"group"}),
    ],
)
def test_partners_are_told_apart_only_for_those_who_may_see_it(visible, kind, sides):
    found = answer(wave(kind, READY), visible=visible)["surveys"][0]
    assert set(found["statements"][0]["by"]) == sides
    assert {d["side"] for d in found["differently"]} <= sides


@pytest.mark.parametrize("visible", [PARTNERS, PUBLIC])
def test_only_the_facilitator_sees_pairs(visible):
    shown = answer(wave("trust", TRUST), visible=visible)["trust"]
    assert shown["level"] is not None
    assert shown["pairs"] is None
    assert shown["asymmetries"] is None


def test_pairs_come_with_their_asymmetry_weakest_link_and_trend():
    before = [TRUST[0] | {"counts": (0, 2, 4, 2, 0)}, TRUST[1]]
    shown = answer(wave("trust", before, "2023-06-01"), wave("trust", TRUST))["trust"]
    assert [(p["rater"], p["rated"], p["weakest"]) for p in shown["pairs"]] == [
        ("ash", "birch", False),
        ("birch", "ash", True),
    ]
    assert [p["change"] for p in shown["pairs"]] == [pytest.approx(1.0), pytest.approx(0.0)]
    assert shown["asymmetries"] == [{"more": "ash", "less": "birch", "gap": pytest.approx(4.0 - 2.25)}]
    assert shown["change"] == pytest.approx(0.5)
    assert shown["pairs_hidden"] == 4


def test_an_entry_that_its_owner_keeps_is_left_out_and_the_wave_says_so():
    kept = wave("readiness", READY, visibility="facilitator")
    found = answer(kept, visible=PARTNERS)
    assert found["surveys"] == []
    assert found["left_out"] == 1


def test_a_small_or_nearly_unanimous_cell_is_withheld_even_where_the_case_gives_counts():
    cells = [
        {"statement": "s", "partner": "ash", "invited": 9, "counts": (0, 0, 0, 1, 8)},
        {"statement": "s", "partner": "birch", "invited": 9, "counts": (0, 0, 2, 1, 0)},
    ]
    found = answer(wave("readiness", cells))["surveys"][0]
    assert found["statements"] == []
    assert found["withheld"] == 2
    assert found["nothing_shown"] == ["s"]


def test_rankings_show_kendalls_w_and_no_significance_for_few():
    ranking = {"items": ["a", "b"], "rankers": 6, "rank_sums": [7, 11], "visibility": "public"}
    (row,) = answer(wave("goals", [], rankings=[ranking]))["surveys"][0]["rankings"]
    assert row["order"] == ["a", "b"]
    assert row["w"] == pytest.approx(4 / 36 * 12 * 2 / 6)
    assert row["p_value"] is None
    alone = ranking | {"rankers": 4, "rank_sums": [5, 7]}
    assert answer(wave("goals", [], rankings=[alone]))["surveys"][0]["rankings"] == []


def numbers(part, at=()):
    if isinstance(part, dict):
        for key, value in part.items():
            yield from numbers(value, (*at, key))
    elif isinstance(part, list) and part and all(isinstance(x, int) for x in part):
        yield at, tuple(part)
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from numbers(value, (*at, i))


def sums_of(cells):
    for size in range(1, len(cells) + 1):
        for some in itertools.combinations(cells, size):
            yield tuple(map(sum, zip(*some, strict=True)))


@pytest.mark.parametrize("visible", [FACILITATOR, PARTNERS, PUBLIC])
def test_attack_every_count_shown_and_every_difference_of_two_is_made_of_whole_published_cells(visible):
    """With complements and over waves: taking one published distribution from another leaves a sum of whole cells."""
    later = [READY[0] | {"counts": (0, 0, 2, 5, 3)}, READY[1], READY[2]]
    waves = [wave("readiness", READY, "2023-06-01"), wave("readiness", later), wave("trust", TRUST)]
    found = answer(*waves, visible=visible)
    for survey, cells in zip(found["surveys"], (READY, later, TRUST), strict=True):
        whole = set(sums_of([c["counts"] for c in cells if "counts" in c]))
        shown = {value for at, value in numbers(survey["statements"]) if "counts" in at or "by" in at}
        assert shown
        assert shown <= whole
        for one, other in itertools.permutations(shown, 2):
            left = tuple(a - b for a, b in zip(one, other, strict=True))
            if all(x >= 0 for x in left) and any(left):
                assert left in whole
