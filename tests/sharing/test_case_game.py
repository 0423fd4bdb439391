"""The cost of every group of a case's partners, and the shares that follow from it."""

import io

import numpy as np
import pytest
import yaml
from cases import document, with_option
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from interlocal.case import Case
from interlocal.case.read import parse_case
from interlocal.costs.flows import flows
from interlocal.costs.today import today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.problems import InputError
from interlocal.questions.laboratory import laboratory
from interlocal.report.shares import render_laboratory
from interlocal.sharing import shapley, violations
from interlocal.sharing.apportion import formula_shares
from interlocal.sharing.case_game import cost_game
from interlocal.sharing.explain import explain
from interlocal.sharing.large import LargeGame, seek_violations

DESK = {"id": "desk", "category": "staff", "amount": 100_000}
CREWS = {
    "id": "crews",
    "category": "staff",
    "behaviour": {"kind": "step", "driver": "calls", "capacity": 200, "step": 50_000},
}
FUEL = {
    "id": "fuel",
    "category": "operating",
    "behaviour": {"kind": "variable", "driver": "calls", "rate": 7},
}
FEES = {"id": "fees", "category": "revenue", "amount": 4000}
OWN = {"id": "own", "category": "staff", "amount": 5000, "payer": "birch"}
SETTING_UP = {"id": "move", "category": "transition", "amount": 90_000}


def made(kind="shapley", lines=(DESK, CREWS), **changes):
    return with_option(formula={"rule": {"kind": kind}}, lines=list(lines), **changes)


def game(case):
    return cost_game(case.options[0], case)


def parts(case):
    option = case.options[0]
    return formula_shares(option, case.members(option), World(case, CentralDraws()))[:, 0, 0]


def test_groups_cost_what_the_lines_say_and_one_alone_carries_on():
    table = game(made()).game
    by_hand = {
        ("ash",): 100_000,
        ("birch",): 200_000,
        ("cedar",): 100_000,
        ("ash", "birch"): 250_000,  # 500 calls, three crews
        ("ash", "cedar"): 200_000,
        ("birch", "cedar"): 300_000,
        ("ash", "birch", "cedar"): 300_000,
    }
    assert {group: table.value(group) for group in by_hand} == by_hand


@given(
    st.lists(
        st.sampled_from([DESK, CREWS, FUEL, FEES, OWN, SETTING_UP]), min_size=1, unique_by=lambda x: x["id"]
    ),
    st.floats(0, 1),
)
@settings(max_examples=25)
def test_the_table_in_bulk_is_the_cost_model_group_by_group(lines, tier):
    case = made(lines=lines, tiers={"cedar": {"share": tier}})
    option, world = case.options[0], World(case, CentralDraws())
    paths = {p: today(p, world) for p in case.partner_ids}
    table = game(case).game
    for group in (("ash", "birch"), ("ash", "cedar"), ("birch", "cedar"), case.partner_ids):
        f = flows(option, group, world, paths)
        one = (f.joint + f.joint_coordination + (f.own + f.own_coordination + f.retained + f.moved).sum(0))[
            0, 0
        ]
        assert table.value(group) == pytest.approx(one)


def test_only_a_group_with_a_possible_lead_can_share():
    table = game(made(possible_leads=["ash"])).game
    assert table.value(["birch", "cedar"]) == 300_000
    assert table.value(["ash", "cedar"]) == 200_000
    table = game(made(lines=[DESK], possible_leads=["ash"])).game
    assert table.value(["birch", "cedar"]) == 300_000
    assert table.value(["ash", "birch"]) == 100_000


def test_a_group_not_listed_does_the_best_its_members_can_without_it():
    d = document()
    d["partners"].append({"id": "dogwood", "name": "Dogwood", "measures": {"population": 500, "calls": 50}})
    d["spending"].append({"partner": "dogwood", "year": 2023, "amount": 50_000})
    d["options"][0] |= {"lines": [DESK], "feasible_groups": [["ash", "birch"], ["birch", "cedar"], ["ash"]]}
    table = game(Case.model_validate(d)).game
    assert table.value(["ash", "birch"]) == 100_000
    assert table.value(["ash", "birch", "dogwood"]) == 150_000
    assert table.value(["ash", "birch", "cedar"]) == 200_000
    assert table.value(["ash", "cedar", "dogwood"]) == 250_000
    assert table.value(["ash", "birch", "cedar", "dogwood"]) == 100_000


def test_a_group_listed_pays_its_own_cost_even_where_it_would_do_better_apart():
    dear = {"id": "all", "category": "staff", "amount": 350_000}
    table = game(made(lines=[dear], feasible_groups=[["ash", "birch"]])).game
    assert table.value(["ash", "birch"]) == 350_000
    assert table.value(["ash", "cedar"]) == 200_000


def test_steps_are_counted_in_every_draw_and_then_averaged():
    d = document()
    for partner in d["partners"]:
        partner["measures"]["calls"] = {"values": [150, 250], "probabilities": [0.5, 0.5]}
    d["options"][0] |= {"lines": [CREWS]}
    # At the medians two partners have 300 to 500 calls; in draws two crews or three: 2, 2, 2 and 3.
    assert game(Case.model_validate(d)).game.value(["ash", "birch"]) == pytest.approx(50_000 * 2.25, rel=0.03)


@pytest.mark.parametrize(
    ("kind", "bills"),
    [
        # Separable 0, 100, 50 (thousand); the rest, 150, by remaining benefits of 100, 100 and 50.
        ("scrb", [60, 160, 80]),
        ("equal_charge", [50, 150, 100]),
        ("moriarity", [75, 150, 75]),
        # The mean of what each adds over the six orders of joining.
        ("shapley", [350 / 6, 950 / 6, 500 / 6]),
    ],
)
def test_shares_by_the_game_worked_by_hand(kind, bills):
    assert parts(made(kind)) * 300 == pytest.approx(bills)


@pytest.mark.parametrize("kind", ["nucleolus", "per_capita_nucleolus", "gately", "tau"])
def test_every_rule_of_the_game_shares_the_joint_cost(kind):
    share = parts(made(kind, [DESK, CREWS, OWN]))
    assert share.sum() == pytest.approx(1)
    assert share[1] > share[0]


def test_what_a_partner_bears_itself_is_taken_off_its_share():
    with_own, without = parts(made("equal_charge", [DESK, CREWS, OWN])), parts(made("equal_charge"))
    # Birch's own 5,000 belongs to its separable cost and is paid outside the formula.
    assert with_own == pytest.approx(without)


def test_the_words_lead_from_the_cost_alone_to_the_bill():
    case = made("scrb")
    words = [x.text for x in explain(case.options[0], case) if x.partner == "ash"]
    assert words[0].startswith("Ash adds to the cost of the others ")
    (sum_,) = [x for x in words if x.startswith("Ash pays 100,000.00 USD alone and 60,000.00 USD together")]
    assert "by the rule scrb" in sum_
    assert "mean yearly cost in 2027" in sum_
    assert words[-1].startswith("Ash pays 60,000.00 USD in 2027")


def test_a_partner_whose_cost_is_unknown_has_no_cost_alone():
    d = document()
    d["spending"].pop()
    d["options"][0]["formula"] = {"rule": {"kind": "shapley"}}
    with pytest.raises(InputError, match="no cost of today for cedar"):
        parts(Case.model_validate(d))


def test_a_rule_without_an_answer_says_why():
    case = made("nucleolus", [{"id": "all", "category": "staff", "amount": 900_000}])
    with pytest.raises(InputError, match="the rule nucleolus, which has no answer for these costs"):
        parts(case)


def test_nothing_to_share_is_said():
    with pytest.raises(InputError, match="no joint cost to share"):
        parts(made(lines=[OWN]))


def many(n=30, **option):
    d = document()
    d["partners"] = [
        {"id": f"p{i}", "name": f"P {i}", "measures": {"population": 1000 + 50 * i, "calls": 100 + 10 * i}}
        for i in range(n)
    ]
    d["spending"] = [{"partner": f"p{i}", "year": 2023, "amount": 120_000 + 1000 * i} for i in range(n)]
    d["options"][0] |= {"lines": [DESK, CREWS]} | option
    return Case.model_validate(d)


def test_beyond_a_table_the_cost_of_a_group_is_the_same_as_in_one():
    exact, large = game(many(8)).game, game(many(21)).game
    groups = np.zeros((3, 21), bool)
    groups[0, :2] = groups[1, 3:8] = groups[2, 5] = True
    names = [[f"p{i}" for i in np.flatnonzero(row)] for row in groups]
    assert np.asarray(large.value(groups)).tolist() == pytest.approx([exact.value(group) for group in names])


def test_beyond_a_table_the_shapley_value_is_sampled_and_says_so():
    case = many(formula={"rule": {"kind": "shapley"}}, lines=[DESK])
    assert parts(case).sum() == pytest.approx(1)
    found = laboratory(case, formulas=("shapley", "scrb", "nucleolus", "per_head"), draws=0)
    assert found["formulas"]["shapley"]["sampled"].startswith("Sampled, not exact")
    low, high = found["formulas"]["shapley"]["intervals"]["p3"]
    assert low <= found["formulas"]["shapley"]["shares"]["p3"] <= high
    # What was not tried for all groups is neither proven nor called empty.
    assert found["core_empty"] is found["formulas"]["shapley"]["in_core"] is None
    assert "no proof" in found["formulas"]["shapley"]["in_core_why"]
    assert "2^30" in found["formulas"]["nucleolus"]["undefined"]
    console = Console(width=10_000, record=True, file=io.StringIO())
    console.print(render_laboratory(found))
    shown = console.export_text()
    assert "none found; not proven" in shown
    assert "Sampled, not exact" in shown
    assert sum(found["formulas"]["scrb"]["shares"].values()) == pytest.approx(found["whole"])


def test_the_sampled_value_agrees_with_the_exact_one():
    exact = game(many(9)).game
    large = LargeGame(exact.players, lambda groups: exact.table[groups @ (1 << np.arange(9))])
    found, value = large.shapley(rounds=64), shapley(exact)
    assert ((found.low <= value) & (value <= found.high)).mean() > 0.7
    assert found.shares == pytest.approx(value, rel=0.04)
    assert (large.alone, large.separable) == (pytest.approx(exact.alone), pytest.approx(exact.separable))
    # Nobody pays: then every group pays more alone; the last pays all and would walk.
    last = np.eye(9)[8] * exact.whole
    assert seek_violations(large, last).worst[0] == violations(exact, last).worst[0]


def test_groups_listed_one_by_one_are_refused_where_there_are_too_many_members():
    case = many(feasible_groups=[["p0", "p1"]], formula={"rule": {"kind": "shapley"}})
    with pytest.raises(InputError, match="groups listed one by one for 30 members"):
        parts(case)


def test_costs_on_their_own_can_be_given_group_by_group():
    groups = [
        {"members": ["ash", "birch"], "cost": 240_000},
        {"members": ["birch", "cedar"], "cost": 280_000},
        {"members": ["cedar"], "cost": 90_000},
    ]
    found = game(made(stand_alone={"kind": "table", "groups": groups}))
    table = found.game
    assert table.value(["ash", "birch"]) == 240_000
    assert table.value(["cedar"]) == 90_000
    # Not listed: Ash and Cedar carry on; together the option's lines cost 300,000.
    assert table.value(["ash", "cedar"]) == 190_000
    assert table.whole == 300_000
    assert "figures given for 3 groups" in found.basis


def test_a_cost_curve_moves_each_partner_from_its_own_size_to_that_of_the_group():
    curve = {"kind": "curve", "slope": -0.5, "flat_from": 3000, "coordination": 0.02}
    found = game(made(stand_alone=curve))
    table = found.game
    # Ash: 100,000 at 1,000 people; Birch: 200,000 at 2,000. With 3,000 unit cost falls by the root of the size.
    by_hand = (100_000 * (3000 / 1000) ** -0.5 + 200_000 * (3000 / 2000) ** -0.5) * 1.02
    assert table.value(["ash", "birch"]) == pytest.approx(by_hand)
    # All have 4,000, but unit cost stays the same from 3,000.
    by_hand = (200_000 * (3000 / 1000) ** -0.5 + 200_000 * (3000 / 2000) ** -0.5) * 1.04
    assert table.whole == pytest.approx(by_hand)
    assert table.value(["ash"]) == 100_000


def test_the_outside_view_of_scale_has_the_weight_it_is_given():
    case = made()
    lines, curve = game(case).game, game(made(stand_alone={"kind": "curve"})).game
    half = game(made(stand_alone={"kind": "lines", "inside_weight": 0.5}))
    assert half.game.whole == pytest.approx((lines.whole + curve.whole) / 2)
    assert half.game.alone == pytest.approx(lines.alone)
    assert "50%" in half.basis


def test_the_game_can_be_of_the_present_value_over_the_horizon():
    d = document()
    d["assumptions"]["discount"]["rate"] = 0.1
    d["options"][0] |= {
        "lines": [DESK, SETTING_UP],
        "stand_alone": {"kind": "lines", "basis": "present_value"},
    }
    found = game(Case.model_validate(d))
    five_years = sum(1.1**-k for k in range(5))
    assert found.game.alone == pytest.approx(
        [100_000 * five_years, 200_000 * five_years, 100_000 * five_years]
    )
    assert found.game.whole == pytest.approx(100_000 * five_years + 90_000)
    assert found.period == "over 2026–2030, in present value"
    shown = laboratory(Case.model_validate(d), formulas=("equal",), draws=0)
    assert sum(shown["formulas"]["equal"]["shares"].values()) == pytest.approx(found.game.whole)
    assert "in present value" in shown["formulas"]["equal"]["words"]["ash"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "curve", "measure": "roads"}, "the measure roads, which ash, birch, cedar lack"),
        ({"kind": "table", "groups": [{"members": ["ash", "ash"], "cost": 1}]}, "a member named twice"),
        (
            {
                "kind": "table",
                "groups": [{"members": g, "cost": 1} for g in (["ash", "birch"], ["birch", "ash"])],
            },
            "the group ash, birch a second time",
        ),
        ({"kind": "table", "groups": [{"members": ["oak"], "cost": 1}]}, "the partner oak"),
        ({"kind": "table", "groups": [{"members": ["ash"], "cost": "much"}]}, "much"),
    ],
)
def test_wrong_costs_on_their_own_are_refused(wrong, says):
    d = document()
    d["options"][0]["stand_alone"] = wrong
    with pytest.raises(InputError, match=says):
        parse_case(yaml.safe_dump(d).encode(), "case.yaml")
