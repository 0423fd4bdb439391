"""Each kind of rule can stand in a case, be bent in every way at once, and says how the bills came about."""

from typing import get_args

import pytest
from cases import document, with_option

from interlocal.case import Case
from interlocal.case.formulas import GameBased, Rule
from interlocal.sharing.case_game import cost_game
from interlocal.sharing.explain import explain
from interlocal.sharing.side_by_side import METHODS

GAMES = get_args(GameBased.model_fields["kind"].annotation)
RULES = [
    {"kind": "equal"},
    {"kind": "per_head"},
    {"kind": "by_value", "measure": "population"},
    {"kind": "by_usage", "measure": "calls"},
    {"kind": "hybrid", "weights": {"population": 0.5, "calls": 0.25, "equal": 0.25}},
    {"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"},
    {"kind": "contract", "price": "fixed", "amounts": {"birch": 120_000, "cedar": 90_000}},
    {"kind": "contract", "price": "unit", "by": "calls", "unit_price": 400},
    {"kind": "contract", "price": "cost_plus", "by": "calls", "markup": 0.1},
    {"kind": "contract", "price": "cost_plus", "cost": "marginal", "markup": 0.1},
    {"kind": "dues", "classes": [{"name": "all", "base": 1000, "per_head": 1}], "scale_to_cost": True},
    {"kind": "levy", "measure": "population"},
    {"kind": "levy", "measure": "population", "mills": 60_000},
    {"kind": "given", "shares": {"ash": 0.3, "birch": 0.4, "cedar": 0.3}},
    *({"kind": k} for k in GAMES),
]
BENDS = {
    "capital_rule": {"kind": "equal"},
    "buy_in": [{"partner": "cedar", "amount": 6000}],
    "in_kind": [{"partner": "ash", "what": "an office", "value": 9000}],
    "floors": {"ash": 20_000},
    "caps": {"birch": 180_000},
    "band": {"within": 0.5, "reference": {"kind": "per_head"}},
    "phase_in": {"years": 2, "cap_per_year": 0.5},
    "true_up": "year_end",
    "reserve_contribution": 0.02,
}
STEPS = {
    *("cost", "rule", "band", "phase_in", "floors_and_caps", "reserve", "in_kind", "bill", "total"),
    *("capital", "buy_in", "true_up"),
}


def named(rule):
    return "-".join(str(rule[k]) for k in ("kind", "price", "cost", "mills") if k in rule)


def test_each_kind_there_is_stands_in_the_list():
    kinds = [
        k for model in get_args(get_args(Rule)[0]) for k in get_args(model.model_fields["kind"].annotation)
    ]
    assert {r["kind"] for r in RULES} == set(kinds)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_each_rule_bent_in_every_way_explains_each_step_for_each_partner(rule):
    case = with_option(formula={"rule": rule} | BENDS, lead="ash", tiers={"cedar": {"share": 0.8}})
    lines = explain(case.options[0], case)
    assert {x.step for x in lines} == STEPS
    for partner in case.partner_ids:
        own = [x for x in lines if x.partner == partner]
        assert {x.step for x in own} >= {
            "rule",
            "band",
            "phase_in",
            "floors_and_caps",
            "reserve",
            "bill",
            "capital",
        }
        assert all(any(c.isdigit() for c in x.text) for x in own), "each line has its figures"
    bills = sum(x.amount for x in lines if x.step == "bill")
    assert bills == pytest.approx(320_000 * 1.02 - 9000, abs=0.01)
    assert sum(x.amount for x in lines if x.step == "buy_in") == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("rule", [r for r in RULES if r["kind"] not in GAMES], ids=named)
def test_any_rule_can_be_the_reference_of_a_band_or_the_rule_of_capital(rule):
    d = document()
    d["options"][0] |= {
        "lead": "ash",
        "formula": {
            "rule": {"kind": "equal"},
            "capital_rule": rule,
            "band": {"within": 0.9, "reference": rule},
        },
    }
    case = Case.model_validate(d)
    lines = explain(case.options[0], case)
    assert sum(x.amount for x in lines if x.step == "bill") == pytest.approx(320_000)
    assert {x.partner for x in lines if x.step == "capital"} == set(case.partner_ids)


@pytest.mark.parametrize("kind", GAMES)
def test_each_rule_of_the_game_leads_to_its_shares_in_figures(kind):
    lines = [
        {"id": "all", "category": "staff", "amount": 150_000},
        {
            "id": "per_call",
            "category": "operating",
            "behaviour": {"kind": "variable", "driver": "calls", "rate": 200},
        },
    ]
    case = with_option(formula={"rule": {"kind": kind}}, lines=lines)
    option = case.options[0]
    shares = METHODS[kind](cost_game(option, case).game)
    told = [line for line in explain(option, case) if line.step == "rule"]
    for partner, share in zip(case.partner_ids, shares, strict=True):
        own = [line.text for line in told if line.partner == partner]
        assert len(own) >= 3, (
            "how the rule came to it, what that makes of the joint cost, and the part of the plan"
        )
        if "nucleolus" not in kind:
            assert any(f"{share:,.2f} USD" in text for text in own[:-2]), own
    if "nucleolus" in kind:
        # The groups that are named, with the whole, determine every share.
        assert any("step 1 of" in line.text for line in told)
