"""The money between partners: nothing is lost, nothing billed is changed, and the order of entry does not matter."""

import csv
import datetime as dt
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from partnership.registers import SEVEN, agreement, books, day, register
from partnership.strategies import FIRST, agreements

from interlocal.partnership.invoices import invoices, to_csv
from interlocal.partnership.ledger import Ledger
from interlocal.partnership.money import split
from interlocal.problems import InputError


def ledger(data, **more):
    found = register(data, **more)
    return Ledger(found, found.agreements[0])


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(0, 2**60), min_size=1, max_size=30).filter(any),
)
def test_a_split_adds_up_and_gives_nobody_more_than_a_cent_beyond_its_part(total, weights):
    parts = split(total, tuple(weights))
    assert sum(parts) == total
    whole = sum(weights)
    assert all(abs(p * whole - total * w) < whole for p, w in zip(parts, weights, strict=True))


@settings(deadline=None, max_examples=60)
@given(agreements())
def test_money_is_conserved_in_every_step(data):
    found = ledger(data, as_of=f"{FIRST + 4}-12-31")
    carried = dict.fromkeys(SEVEN, 0)
    for year in found.years:
        billed = found.billed(year)
        budget = sum(round(float(line.budget) * 100) for line in found.books(year).lines)
        assert sum(billed.gross.values()) + billed.uncovered == billed.total == budget
        again = found.settled(year, dt.date.max)
        if again is not None:
            actual = found.books(year).closed_on and data["formula"]["true_up"] == "year_end"
            cost = sum(round(float(x.actual if actual else x.budget) * 100) for x in found.books(year).lines)
            assert sum(again.now.values()) == cost
            assert sum(again.difference.values()) == cost - budget
        for statement in found.statements(year):
            mine = [i.cents for i in invoices(found, year) if i.organisation == statement.organisation]
            assert sum(mine) == statement.net
            carried[statement.organisation] += statement.carried
    for p, amount in found.outstanding().items():
        carried[p] += amount
    owed = [found.settled(y, found.register.as_of) for y in found.years]
    everything = {p: sum(s.difference.get(p, 0) for s in owed if s) for p in SEVEN}
    assert carried == everything


@settings(deadline=None, max_examples=20)
@given(agreements(), st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter_and_running_again_gives_the_same(data, chance: random.Random):
    first = ledger(data)
    expected = [invoices(first, y) for y in first.years]
    chance.shuffle(data["parties"])
    chance.shuffle(data["years"])
    for year in data["years"]:
        chance.shuffle(year["lines"])
        chance.shuffle(year["restatements"])
        year["drivers"] = dict(reversed(year["drivers"].items()))
    again = ledger(data)
    assert [invoices(again, y) for y in again.years] == expected
    assert again.trail(FIRST) == first.trail(FIRST)


def test_a_bill_that_was_sent_stays_and_the_difference_comes_with_the_next_ones():
    wrong = {"id": "recount", "organisation": "alder", "driver": "population", "value": 2000, "why": "census"}
    data = agreement(years=[books(2021, restatements=[{**wrong, "on": "2021-08-01"}]), books(2022)])
    found = ledger(data)
    assert found.billed(2021).gross["alder"] == 35_714_29
    difference = found.settled(2021, day("2021-12-31")).difference
    assert difference["alder"] == round(1_000_000_00 * 2 / 29) - 35_714_29
    assert sum(difference.values()) == 0
    assert found.carried(2022) == difference
    assert found.outstanding() == {}


def test_a_year_end_true_up_settles_actual_cost():
    data = agreement(
        years=[
            books(
                2021, closed_on="2022-03-01", lines=[{"id": "all", "budget": 1_000_000, "actual": 1_028_000}]
            ),
            books(2022, billed_on="2022-04-01"),
        ]
    )
    found = ledger(data)
    assert found.carried(2022) == {p: 1_000_00 * (i + 1) for i, p in enumerate(SEVEN)}


def test_a_member_that_joins_mid_year_pays_for_its_days():
    parties = [{"organisation": p} for p in SEVEN[:2]] + [{"organisation": "cedar", "since": "2021-07-02"}]
    data = agreement(parties=parties, formula={"rule": {"kind": "equal"}}, years=[books(2021, people={})])
    gross = ledger(data).billed(2021).gross
    half = (31 + 31 + 30 + 31 + 30 + 31 - 1) / 365
    assert gross["cedar"] == pytest.approx(1_000_000_00 * half / (2 + half), abs=1)


def test_the_highest_rise_holds_against_last_years_bill():
    people = dict.fromkeys(SEVEN, 1000)
    grown = people | {"alder": 3000}
    formula = {"rule": {"kind": "per_head"}, "phase_in": {"years": 1, "cap_per_year": 0.1}}
    before = dict.fromkeys(SEVEN, "142857.14")
    data = agreement(
        formula=formula, before=before, years=[books(2021, people=people), books(2022, people=grown)]
    )
    found = ledger(data)
    one, two = found.billed(2021).gross, found.billed(2022).gross
    assert two["alder"] == pytest.approx(1.1 * one["alder"], abs=2)
    assert sum(two.values()) == 1_000_000_00
    assert any(s.step == "floors_and_caps" and s.organisation == "alder" for s in found.trail(2022))


@pytest.mark.parametrize("limit", [{"caps": {"alder": 5}}, {"floors": {"alder": 5}}, {"phase_in": {"years": 2, "cap_per_year": 0.05}}])  # fmt: skip
def test_a_year_that_costs_nothing_bills_nothing_whatever_limits_hold(limit):
    formula = {"rule": {"kind": "per_head"}, **limit}
    free = ledger(
        agreement(
            formula=formula, before=dict.fromkeys(SEVEN, 1000), years=[books(2021), books(2022, budget=0)]
        )
    )
    assert set(free.billed(2022).gross.values()) == {0}


def test_parts_of_a_menu_fall_on_those_who_take_them():
    parties = [{"organisation": "alder", "takes": ["records"]}, {"organisation": "birch"}]
    lines = [{"id": "all", "budget": 100}, {"id": "extra", "item": "records", "budget": 50}]
    data = agreement(
        parties=parties,
        menu=[{"id": "records", "name": "Records"}],
        formula={"rule": {"kind": "equal"}},
        years=[books(2021, lines=lines, people={})],
    )
    assert ledger(data).billed(2021).gross == {"alder": 100_00, "birch": 50_00}


def test_dues_are_what_the_schedule_says_and_the_rest_is_shown_as_uncovered():
    classes = [
        {"name": "small", "up_to": 3000, "base": 500, "discount": 0.5},
        {"name": "other", "per_head": 1},
    ]
    rule = {"kind": "dues", "classes": classes, "role_discounts": {"glenrock": 0.1}}
    billed = ledger(agreement(formula={"rule": rule})).billed(2021)
    assert [billed.gross[p] for p in SEVEN] == [250_00, 250_00, 250_00, 4000_00, 5000_00, 6000_00, 6300_00]
    assert billed.uncovered == 1_000_000_00 - 22_050_00


def test_a_joiners_buy_in_goes_to_the_others_to_the_cent():
    formula = {
        "rule": {"kind": "per_head"},
        "buy_in": [{"partner": "glenrock", "amount": 10_000.01, "year": 2021}],
    }
    found = {s.organisation: s.buy_in for s in ledger(agreement(formula=formula)).statements(2021)}
    assert found["glenrock"] == 10_000_01
    assert sum(found.values()) == 0


def test_payments_go_to_the_oldest_invoice_first():
    payments = [{"id": "a", "organisation": "alder", "on": "2021-02-20", "amount": 30_000}]
    data = agreement(instalments={"months": [1, 7]}, years=[books(2021, payments=payments)])
    first, second = (i for i in invoices(ledger(data), 2021) if i.organisation == "alder")
    assert (first.cents, first.paid, first.paid_on) == (17_857_15, 17_857_15, day("2021-02-20"))
    assert first.late_days(day("2021-12-31")) == 20
    assert second.paid == 12_142_85
    assert second.late_days(day("2021-12-31")) == 153


def test_a_ledger_reads_the_invoices_as_csv():
    found = ledger(agreement())
    rows = list(csv.DictReader(io.StringIO(to_csv(found, invoices(found, 2021)))))
    assert [r["number"] for r in rows] == [f"dispatch-2021-{p}-1" for p in SEVEN]
    assert sum(round(100 * float(r["amount"])) for r in rows) == 1_000_000_00


def test_a_rule_that_needs_the_cost_of_every_group_asks_for_its_parts():
    with pytest.raises(InputError, match="no parts fixed at adoption"):
        ledger(agreement(formula={"rule": {"kind": "shapley"}})).billed(2021)
    parts = dict.fromkeys(SEVEN, 1 / 7)
    found = ledger(agreement(formula={"rule": {"kind": "shapley"}}, frozen_parts=parts)).billed(2021)
    assert sum(found.gross.values()) == 1_000_000_00


def test_a_driver_that_is_missing_is_named_with_its_year():
    with pytest.raises(InputError) as error:
        ledger(agreement(years=[books(2021, people={"alder": 1})])).billed(2021)
    (problem,) = error.value.problems
    assert problem.where == "agreement dispatch, fiscal year 2021"
    assert "population, which birch" in problem.found
    assert "this year's drivers" in problem.fix


def test_a_year_without_books_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="a fiscal year with books: 2021"):
        ledger(agreement()).billed(2040)


def test_a_year_without_use_still_counts_the_years_before():
    rule = {"kind": "by_usage", "measure": "calls", "years": 2}
    one, two = ({p: 100.0 for p in SEVEN}, {p: 0.0 if p == "alder" else 100.0 for p in SEVEN})  # noqa: C420
    years = [{**books(2021 + i), "drivers": {"calls": calls}} for i, calls in enumerate((one, two))]
    gross = ledger(agreement(formula={"rule": rule}, years=years)).billed(2022).gross
    assert gross["alder"] == round(1_000_000_00 * 50 / 650)
