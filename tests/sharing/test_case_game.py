"""The cost of every group of a case's partners, and the shares that follow from it."""

import pytest
from cases import document, with_option
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.case import Case
from interlocal.costs.flows import flows
from interlocal.costs.today import today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.problems import InputError
from interlocal.sharing.apportion import formula_shares
from interlocal.sharing.case_game import cost_game
from interlocal.sharing.explain import explain

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
    assert words[0].startswith("Ash pays 100,000.00 USD alone and 60,000.00 USD together by the rule scrb")
    assert "mean yearly cost in 2027" in words[0]
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


def test_too_many_partners_for_a_table_are_refused_at_once():
    d = document()
    d["partners"] = [{"id": f"p{i}", "name": f"P {i}"} for i in range(40)]
    d["spending"] = [{"partner": f"p{i}", "year": 2023, "amount": 1} for i in range(40)]
    d["options"][0]["formula"] = {"rule": {"kind": "shapley"}}
    with pytest.raises(InputError, match="40 players"):
        parts(Case.model_validate(d))
