"""Options beside one another: what is said of one future must follow from that future, and not from two separate ranges."""

import numpy as np
import pytest
from cases import case, document, with_option

from interlocal.questions.choice import choice_answer
from interlocal.study import study


class Draws:
    """A stand-in for one option's joined draws; the last row of money is the whole."""

    def __init__(self, money, members=("ash", "birch", "cedar"), met=None, change=None):
        rows = np.array(money, dtype=float)
        self._npv = np.vstack([rows, rows.sum(0)])
        self.members = members
        size = rows.shape[1]
        met = None if met is None else np.vstack([met, np.all(met, axis=0)])
        service = type("S", (), {"change": {k: np.array(v, float) for k, v in (change or {}).items()}})
        self.parts = [type("P", (), {"worth": np.zeros((3, size)), "service_met": met, "service": service})]

    def npv(self, _view):
        return self._npv

    def of(self, take):
        return take(self.parts[0])


class Block:
    """A stand-in for a block's results: what each partner pays alone, and smaller groups."""

    def __init__(self, size, groups=None):
        self.alone = np.full((3, size), 1_000.0)
        self.groups = {k: np.array(v, float) for k, v in (groups or {}).items()}


PAIR = {"id": "pair", "name": "Ash and Birch", "kind": "shared", "members": ["ash", "birch"], "lines": []}


def answer(joint, *, groups=None, measures=(), **others):
    options = [document()["options"][0]]
    options += [PAIR | {"id": k, "members": list(j.members)} for k, j in others.items()]
    joined = {"joint": joint, **others}
    size = joint.npv("")[0].size
    return choice_answer(
        case(options=options, service_measures=list(measures)), joined, [Block(size, groups)]
    )


def test_an_alternative_with_the_same_range_beats_the_proposal_in_none_of_the_futures_where_both_move_together():
    """Medians would say the pair gains; future by future it loses in two of four, and once a member loses."""
    joint = Draws([[0, 10, 20, 30], [0, 10, 20, 30], [0, 0, 0, 0]])
    pair = Draws([[30, 11, 15, 31], [0, 11, 15, 29], [0, 0, 0, 0]], members=("ash", "birch"))
    (row,) = answer(joint, pair=pair)["alternatives"]
    assert row["beats"]["p"] == 0.5
    assert row["gain"] == pytest.approx((30 + 2 - 10 + 0) / 4)
    assert row["share_of_cost"] == pytest.approx(row["gain"] / 2_000)


def test_a_declared_group_is_held_against_what_its_members_get_in_the_proposal():
    joint = Draws([[10, 10], [10, 10], [50, 50]])
    found = answer(joint, groups={("ash", "birch"): [30, 10]})["alternatives"]
    assert [(r["option"], r["members"], r["beats"]["p"]) for r in found] == [(None, ["ash", "birch"], 0.5)]


def test_the_best_option_is_counted_in_each_future_and_ties_count_for_both():
    joint = Draws([[10, 0, 5, 5], [0] * 4, [0] * 4])
    pair = Draws([[0, 10, 5, 4], [0] * 4, [0] * 4], members=("ash", "birch"))
    ranking = answer(joint, pair=pair)["ranking"]
    assert ranking["weights"] == ["1"]
    assert ranking["p_best"] == {"joint": {"1": 0.75}, "pair": {"1": 0.5}}
    assert ranking["winner"] == {"1": "joint"}
    assert ranking["service_unknown"] == ["joint", "pair"]


def test_service_wins_where_it_weighs_more():
    cheap = Draws([[10, 10], [0, 0], [0, 0]], met=np.zeros((3, 2)))
    good = Draws([[0, 0], [0, 0], [0, 0]], members=("ash", "birch"), met=np.ones((3, 2)))
    ranking = answer(cheap, good=good)["ranking"]
    assert ranking["winner"]["0"] == ranking["winner"]["0.4"] == "good"
    assert ranking["winner"]["0.6"] == ranking["winner"]["1"] == "joint"


def test_the_trade_off_counts_futures_that_hold_both_together():
    """Saving and service exclude one another here: each is likely, both never hold."""
    measure = {"id": "m", "name": "Cover", "unit": "%", "better": "higher", "primary": True, "margin": 1}
    change = {("m", p): [-2, -2, 2, 2] for p in ("ash", "birch", "cedar")}
    joint = Draws([[9, 9, -9, -9], [0] * 4, [0] * 4], change=change)
    curve = answer(joint, measures=[measure])["tradeoff"]["m"]["joint"]
    assert curve["p_service"][0] == 1
    assert curve["p_both"][0] == 0.5
    assert curve["p_both"][-1] == 0
    assert curve["saving_p50"][-1] == -9
    assert all(a >= b for a, b in zip(curve["p_both"], curve["p_both"][1:], strict=False))


def test_a_study_holds_what_a_feasible_pair_saves_by_itself():
    """Two towns that pay the joint department alone lose what the third pays now."""
    given = with_option(feasible_groups=[["ash", "birch"]])
    (row,) = study(given, draws=100).document["choice"]["alternatives"]
    assert row["members"] == ["ash", "birch"]
    assert row["beats"]["p"] == 0
    assert row["share_of_cost"] < 0


def test_without_a_shared_option_nothing_is_compared():
    empty = study(case(options=[]), draws=100).document["choice"]
    assert empty == {
        "proposed": None,
        "ranking": {"weights": [], "p_best": {}, "winner": {}, "not_compared": [], "service_unknown": []},
        "alternatives": [],
        "tradeoff": {},
    }
