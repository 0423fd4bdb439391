"""The formula of a case: what each partner pays, and the words that say how it came about."""

import numpy as np
import pytest
from cases import document, with_option
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case import Case
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws, RandomDraws, blocks
from interlocal.problems import InputError
from interlocal.sharing.apportion import formula_shares, shares
from interlocal.sharing.explain import explain

STEPS = [
    {"id": "desk", "category": "staff", "amount": 100_000},
    {
        "id": "crews",
        "category": "staff",
        "behaviour": {"kind": "step", "driver": "calls", "capacity": 200, "step": 50_000},
    },
]
"""300,000 for all 800 calls; 200,000 without Birch's 400; 250,000 without Cedar's 300."""


def made(rule=None, lines=None, **changes):
    formula = {"rule": rule or {"kind": "per_head"}} | changes.pop("formula", {})
    return with_option(formula=formula, lines=lines or STEPS, **changes)


def bills(case, year=0):
    option = case.options[0]
    return formula_shares(option, case.members(option), World(case, CentralDraws()))[:, 0, year] * 300_000


@pytest.mark.parametrize(
    ("rule", "by_hand"),
    [
        ({"kind": "equal"}, [100_000] * 3),
        ({"kind": "per_head"}, [75_000, 150_000, 75_000]),
        ({"kind": "by_usage", "measure": "calls"}, [37_500, 150_000, 112_500]),
        (
            {"kind": "hybrid", "weights": {"population": 0.5, "calls": 0.25, "equal": 0.25}},
            [300_000 * (0.125 + 0.03125 + 1 / 12), 300_000 * (0.25 + 0.125 + 1 / 12), 96_875 - 6250],
        ),
        ({"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"}, [52_500, 150_000, 97_500]),
        ({"kind": "given", "shares": {"ash": 0.2, "birch": 0.5, "cedar": 0.3}}, [60_000, 150_000, 90_000]),
        ({"kind": "levy", "measure": "population"}, [75_000, 150_000, 75_000]),
        (
            {"kind": "contract", "price": "fixed", "amounts": {"birch": 120_000, "cedar": 90_000}},
            [90_000, 120_000, 90_000],
        ),
        ({"kind": "contract", "price": "unit", "by": "calls", "unit_price": 400}, [20_000, 160_000, 120_000]),
        (
            {"kind": "contract", "price": "cost_plus", "by": "calls", "markup": 0.1},
            [11_250, 165_000, 123_750],
        ),
        (
            {"kind": "contract", "price": "cost_plus", "cost": "marginal", "markup": 0.1},
            [135_000, 110_000, 55_000],
        ),
        (
            {
                "kind": "dues",
                "classes": [{"name": "all", "base": 1000, "per_head": 1}],
                "scale_to_cost": True,
            },
            [300_000 * 2 / 7, 300_000 * 3 / 7, 300_000 * 2 / 7],
        ),
    ],
    ids=lambda x: (
        "-".join(str(x[k]) for k in ("kind", "price", "cost") if k in x) if isinstance(x, dict) else ""
    ),
)
def test_bills_of_each_rule_worked_by_hand(rule, by_hand):
    case = made(rule, lead="ash")
    assert bills(case) == pytest.approx(by_hand)
    lines = explain(case.options[0], case)
    assert [x.amount for x in lines if x.step == "bill"] == pytest.approx(by_hand, abs=0.01)


def test_a_tier_changes_the_base():
    case = made({"kind": "equal"}, tiers={"ash": {"share": 0.5}})
    assert bills(case) == pytest.approx([60_000, 120_000, 120_000])


def test_those_outside_the_option_pay_nothing():
    case = made(members=["ash", "cedar"])
    part = shares(
        case.options[0].formula.rule, case.options[0], ("ash", "cedar"), World(case, CentralDraws())
    )
    assert part[:, 0, 0] == pytest.approx([0.5, 0, 0.5])


def test_caps_floors_and_band_fall_on_the_others():
    assert bills(made(formula={"caps": {"birch": 120_000}})) == pytest.approx([90_000, 120_000, 90_000])
    assert bills(made(formula={"floors": {"ash": 100_000}})) == pytest.approx(
        [100_000, 400_000 / 3, 200_000 / 3]
    )
    by_calls = {"kind": "by_usage", "measure": "calls"}
    banded = made(by_calls, formula={"band": {"within": 0.1, "reference": {"kind": "per_head"}}})
    assert bills(banded) == pytest.approx([67_500, 150_000, 82_500])


def test_a_phase_in_leaves_from_what_all_pay_today_and_arrives():
    case = made({"kind": "equal"}, formula={"phase_in": {"years": 2}})
    assert bills(case, 0) == pytest.approx([87_500, 125_000, 87_500])
    assert bills(case, 1) == pytest.approx([100_000] * 3)


def test_no_bill_rises_faster_than_agreed():
    case = made({"kind": "equal"}, formula={"phase_in": {"years": 1, "cap_per_year": 0.1}})
    assert bills(case, 0) == pytest.approx([82_500, 135_000, 82_500])
    assert bills(case, 1) == pytest.approx([90_750, 118_500, 90_750])
    assert bills(case, 4) == pytest.approx([100_000] * 3)


def test_parts_add_up_in_every_draw_whatever_bends_them():
    wide = [
        *STEPS,
        {"id": "fuel", "category": "operating", "amount": {"low": 1e3, "likely": 9e4, "high": 4e5}},
    ]
    case = made(
        {"kind": "by_usage", "measure": "calls"},
        wide,
        formula={
            "caps": {"birch": 150_000, "cedar": 100_000, "ash": 60_000},
            "floors": {"ash": 55_000},
            "band": {"within": 0.3, "reference": {"kind": "per_head"}},
            "phase_in": {"years": 3, "cap_per_year": 0.03},
        },
    )
    world = World(case, RandomDraws(blocks(200, 1)[0]))
    part = formula_shares(case.options[0], case.partner_ids, world)
    assert part.shape == (3, 200, len(world.years))
    assert part.sum(axis=0) == pytest.approx(1)


@given(st.floats(0, 1), st.floats(0, 0.5))
def test_explained_bills_are_the_bills_and_sum_to_the_cent(weight, within):
    case = made(
        {"kind": "hybrid", "weights": {"population": weight, "calls": 1 - weight}},
        formula={"band": {"within": within, "reference": {"kind": "equal"}}},
    )
    lines = [x.amount for x in explain(case.options[0], case) if x.step == "bill"]
    assert lines == pytest.approx(bills(case), abs=0.011)
    assert round(100 * sum(lines)) == 30_000_000


def text(case, step=None, partner=None):
    lines = explain(case.options[0], case)
    return "\n".join(x.text for x in lines if step in (None, x.step) and partner in (None, x.partner))


def test_each_bill_says_how_it_came_about():
    case = made(
        {"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"},
        formula={
            "caps": {"cedar": 90_000},
            "in_kind": [{"partner": "ash", "what": "an office", "value": 9000}],
            "buy_in": [{"partner": "cedar", "amount": 4000}],
            "reserve_contribution": 0.02,
            "capital_rule": {"kind": "equal"},
            "true_up": "year_end",
        },
    )
    assert "The members share 300,000.00 USD in 2027" in text(case, "cost")
    assert text(case, "rule", "ash").splitlines() == [
        "Ash: 1,000 of 4,000 population is 25.0000 %, times 0.4 is 10.0000 %.",
        "Ash: 100 of 800 calls is 12.5000 %, times 0.6 is 7.5000 %.",
        "Ash: 10.0000 % + 7.5000 % = 17.5000 %.",
        "Ash: 17.5000 % of 300,000.00 USD is 52,500.00 USD.",
    ]
    assert (
        "Cedar pays at most 90,000.00 USD (in prices of 2027). 97,500.00 USD becomes 90,000.00 USD"
        in text(case, "floors_and_caps", "cedar")
    )
    assert "× 1.02 = 91,800.00 USD" in text(case, "reserve", "cedar")
    assert "Ash gives an office." in text(case, "in_kind", "ash")
    assert "the buy-ins of others bring it 2,000.00 USD" in text(case, "buy_in", "ash")
    assert "Ash pays 33.3333 % of capital cost." in text(case, "capital", "ash")
    assert "worked out again with the year's actual measures" in text(case, "true_up")
    assert text(case, "total") == "All bills together are 297,000.00 USD."


def test_dues_say_what_they_leave_open():
    classes = [
        {"name": "small", "up_to": 1500, "base": 500, "per_head": 2, "discount": 0.1},
        {"name": "large"},
    ]
    classes[1] |= {"base": 1000, "per_head": 1, "cap": 2500}
    rule = {"kind": "dues", "classes": classes, "role_discounts": {"ash": 0.5}}
    assert "294,125.00 USD less than the cost" in text(made(rule), "rule")
    assert "Who bears the difference is not settled" in text(made(rule), "rule")
    assert "scaled by 300,000.00 USD / 5,875.00 USD" in text(made(rule | {"scale_to_cost": True}), "rule")
    assert (
        "Birch, class large: 1,000.00 USD + 1 × 2,000 = 3,000.00 USD, held to the cap of the class large: dues of "
        "2,500.00 USD." in text(made(rule), "rule", "birch")
    )
    assert "220,000.00 USD less than" in text(
        made({"kind": "levy", "measure": "population", "mills": 20_000})
    )


def test_use_is_explained_by_the_years_on_record():
    d = document()
    d["partners"][0]["measures"]["calls"] = {"value": 100, "history": {2021: 100, 2022: 200, 2023: 300}}
    d["options"][0]["formula"] = {"rule": {"kind": "by_usage", "measure": "calls", "years": 2}}
    words = text(Case.model_validate(d), "rule", "ash")
    assert "Ash: 250 of 950 calls (the mean of 2022, 2023: (200 + 300) / 2" in words


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rule": {"kind": "contract", "price": "unit"}}, ["lead is not named", "no unit price"]),
        (
            {"rule": {"kind": "contract", "price": "fixed", "amounts": {"birch": 1}}, "lead": "ash"},
            ["no price for cedar"],
        ),
        (
            {
                "rule": {
                    "kind": "dues",
                    "classes": [{"name": "a", "floor": 2, "cap": 1}],
                    "role_discounts": {"elm": 0.1},
                }
            },
            ["a floor of 2 above a cap of 1", "elm, which is not a member"],
        ),
        (
            {"rule": {"kind": "hybrid", "weights": {"calls": 1.0}, "sums_raw_units": True}},
            ["a sum of unlike units"],
        ),
        (
            {"formula": {"caps": {"ash": -5}, "buy_in": [{"partner": "ash", "amount": -1}]}},
            ["found -5.00; expected an amount of 0 or more", "found -1.00"],
        ),
        (
            {"rule": {"kind": "by_usage", "measure": "wolves"}},
            [
                "the measure wolves, which ash, birch, cedar lack; expected a measure that each member has: population"
            ],
        ),
        (
            {"formula": {"caps": {"ash": 1, "birch": 1, "cedar": 1}, "floors": {"ash": 2}}},
            [
                "caps that add up to 3.00 for a cost of 300,000.00",
                "a floor of 2.00 above a cap of 1.00 for ash",
            ],
        ),
        (
            {
                "formula": {
                    "caps": {"cedar": 90_000},
                    "in_kind": [{"partner": "elm", "what": "x", "value": 1}],
                },
                "members": ["ash", "birch"],
            },
            ["elm, which is not a member", "cedar, which is not a member"],
        ),
    ],
)
def test_what_a_formula_lacks_is_said_all_at_once(changes, says):
    case = made(**changes)
    with pytest.raises(InputError) as caught:
        explain(case.options[0], case)
    for words in says:
        assert words in str(caught.value)
    assert all(p.path.startswith("/options/0/formula") for p in caught.value.problems)


def test_a_phase_in_from_today_needs_todays_cost():
    d = document()
    d["spending"].pop()
    d["options"][0]["formula"] = {"rule": {"kind": "equal"}, "phase_in": {"years": 3}}
    case = Case.model_validate(d)
    with pytest.raises(InputError, match="no cost of today for cedar"):
        formula_shares(case.options[0], case.partner_ids, World(case, CentralDraws()))


def test_when_the_lead_has_left_the_rest_share_by_what_they_bought_in():
    case = made({"kind": "contract", "price": "unit", "by": "calls", "unit_price": 400}, lead="ash")
    part = shares(
        case.options[0].formula.rule, case.options[0], ("birch", "cedar"), World(case, CentralDraws())
    )
    assert part[:, 0, 0] == pytest.approx(np.array([0, 4, 3]) / 7)


def test_bills_are_explained_for_the_first_year_after_the_transition():
    lines = [
        *STEPS,
        {"id": "move", "category": "transition", "amount": 1, "start": 2026, "end": 2027},
        {"id": "late", "category": "operating", "amount": 8000, "start": 2029},
    ]
    assert "308,000.00 USD in 2029, the first steady year" in text(made(lines=lines), "cost")
    assert "300,000.00 USD in 2028, the first steady year" in text(made(lines=lines[:-1]), "cost")
