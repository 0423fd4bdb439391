"""Reading a register: every problem at once, each with its line."""

import json

import pytest
from partnership.registers import agreement, books, plain, register

from interlocal.partnership.register import parse_register
from interlocal.problems import InputError

BROKEN = b"""format: 1
title: Broken
as_of: 2026-01-01
currency: USD
organisations:
  - {id: alder, name: Alder}
  - {id: birch, name: Birch}
agreements:
  - id: one
    title: One
    service: dispach
    parties:
      - {organisation: alder}
      - {organisation: brich, until: 2019-01-01}
      - {organisation: alder}
    lead: elm
    starts: 2020-01-01
    ends: 2019-01-01
    years:
      - year: 2021
        lines:
          - {id: all, budget: 100, item: radio}
          - {id: all, budget: 100}
        drivers: {population: {alder: 1}}
        closed_on: 2022-01-01
        restatements:
          - {id: r, organisation: oak, driver: calls, value: 1, on: 2022-01-01, why: wrong}
    records:
      - {id: c, kind: cost, year: 2021, value: 1}
    life:
      told: [{milestone: win, to: all, on: 2021-01-01}]
"""


def test_every_problem_is_named_with_its_line():
    with pytest.raises(InputError) as error:
        parse_register(BROKEN, "register.yaml")
    said = [str(p) for p in error.value.problems]
    for line, words in (
        (11, "dispach, which is no service of the catalogue"),
        (14, "brich, which is no organisation; expected one of alder, birch. Did you mean birch?"),
        (14, "found 2019-01-01; expected a day not before 2020-01-01"),
        (15, "alder twice at the same time"),
        (16, "elm, which is no party"),
        (18, "found 2019-01-01"),
        (22, "radio, which is no part of the menu"),
        (23, "all a second time"),
        (22, "no actual amount in a closed year"),
        (27, "oak, which is no party"),
        (27, "calls, which is no driver of this year"),
        (29, "no organisation"),
        (31, "win, which is no milestone"),
    ):
        assert any(f"line {line}:" in s and words in s for s in said), (line, words, said)


def test_a_wrong_form_is_named_with_its_line():
    with pytest.raises(InputError) as error:
        parse_register(BROKEN.replace(b"starts: 2020-01-01", b"starts: soon\n    lenght: 3"), "register.yaml")
    said = "\n".join(map(str, error.value.problems))
    assert "found “soon”; expected a date as year-month-day" in said
    assert "the unknown key lenght" in said


@pytest.mark.parametrize(("day", "said"), [("0202-07-01", "1900-01-01 or later"), ("9999-12-31", "2200-12-31 or earlier")])  # fmt: skip
def test_a_year_that_is_a_slip_of_the_pen_is_named(day, said):
    with pytest.raises(InputError, match=f"found “{day}”; expected a day of {said}. Correct the year"):
        register(agreement(ends=day))


def test_an_unknown_agreement_is_answered_with_the_nearest():
    with pytest.raises(InputError, match="Did you mean dispatch"):
        register(agreement()).agreement("dispatsch")


def test_amounts_keep_their_cents():
    found = register(agreement(years=[books(2021, lines=[{"id": "all", "budget": 0.29}])]))
    assert str(found.agreements[0].years[0].lines[0].budget) == "0.29"


def test_more_members_than_a_case_holds_are_refused_in_words():
    many = [f"m{i}" for i in range(65)]
    data = plain(agreement(parties=[{"organisation": p} for p in many], lead="m0", years=[]))
    data["organisations"] = [{"id": p, "name": p} for p in many]
    with pytest.raises(InputError, match="found 65 members; expected at most 64"):
        parse_register(json.dumps(data).encode(), "register.yaml")
