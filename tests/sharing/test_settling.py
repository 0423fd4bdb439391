"""The year-end true-up: the formula worked out again with what the year cost and who used the service."""

import pytest
from cases import with_option
from hypothesis import given
from hypothesis import strategies as st

from interlocal.problems import InputError
from interlocal.sharing.settling import settle


def made(rule, **formula):
    return with_option(
        formula={"rule": rule, "true_up": "year_end"} | formula,
        lines=[{"id": "desk", "category": "staff", "amount": 300_000}],
        lead="ash",
    )


def owed(case, **actual):
    lines = settle(case.options[0], case, **actual)
    return [x.amount for x in lines if x.step == "true_up"]


USE = {"ash": {"calls": 200}, "birch": {"calls": 300}, "cedar": {"calls": 300}}


@pytest.mark.parametrize(
    ("rule", "formula", "by_hand"),
    [
        # Of 320,000 in place of 300,000: 2/8, 3/8 and 3/8 of the calls in place of 1/8, 4/8 and 3/8.
        (
            {"kind": "by_usage", "measure": "calls"},
            {},
            [80_000 - 37_500, 120_000 - 150_000, 120_000 - 112_500],
        ),
        ({"kind": "per_head"}, {}, [5_000, 10_000, 5_000]),
        # A cap holds for the actual cost, too; the others bear the rest by their calls.
        (
            {"kind": "by_usage", "measure": "calls"},
            {"caps": {"cedar": 100_000}},
            [88_000 - 40_000, 132_000 - 160_000, 0],
        ),
        # The lead bears what its buyers' prices leave.
        ({"kind": "contract", "price": "fixed", "amounts": {"birch": 9e4, "cedar": 9e4}}, {}, [20_000, 0, 0]),
        ({"kind": "contract", "price": "unit", "by": "calls", "unit_price": 400}, {}, [60_000, -40_000, 0]),
    ],
)
def test_settlements_worked_by_hand(rule, formula, by_hand):
    assert owed(made(rule, **formula), year=2027, cost=320_000, use=USE) == pytest.approx(by_hand)


def test_a_cheaper_year_is_paid_back_against_the_bills_given():
    billed = {"ash": 80_000, "birch": 150_000, "cedar": 70_000}
    case = made({"kind": "equal"})
    assert owed(case, year=2026, cost=270_000, billed=billed) == pytest.approx([10_000, -60_000, 20_000])


@given(st.floats(1, 1e7), st.floats(1, 1e4))
def test_settlements_add_up_to_the_cent(cost, calls):
    case = made({"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"})
    assert sum(owed(case, year=2027, cost=cost, use={"ash": {"calls": calls}})) == pytest.approx(
        round(cost, 2) - 300_000, abs=1e-6
    )


def test_each_line_can_be_checked_by_hand():
    case = made({"kind": "by_usage", "measure": "calls"})
    lines = settle(case.options[0], case, year=2027, cost=320_000, use=USE)
    assert lines[0].text == "The year cost 320,000.00 USD; 300,000.00 USD was billed."
    assert [x.text for x in lines if x.partner == "birch"] == [
        "Birch: 300 of 800 calls is 37.5000 %.",
        "Birch: 37.5000 % of 320,000.00 USD is 120,000.00 USD.",
        "Birch: 120,000.00 USD − 150,000.00 USD = -30,000.00 USD; it gets back 30,000.00 USD.",
    ]
    assert lines[-1].text == "All settlements together are 20,000.00 USD."


def test_everything_wrong_is_said_at_once():
    case = with_option(formula={"rule": {"kind": "equal"}})
    with pytest.raises(InputError) as caught:
        settle(
            case.options[0],
            case,
            year=1999,
            cost=-1,
            use={"elm": {"calls": 1}, "ash": {"cals": 1, "calls": -1}},
            billed={"ash": 1, "birch": 1},
        )
    assert [p.path for p in caught.value.problems] == [
        "", "/year", "/cost", "/use/elm", "/billed/cedar", "/use/ash/cals", "/use/ash/calls",
    ]  # fmt: skip
    assert "Did you mean calls?" in str(caught.value)
