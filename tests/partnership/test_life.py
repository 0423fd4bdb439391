"""Due dates, rhythm, relationship, victories, joining, leaving, endings and the public directory."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from partnership.registers import SEVEN, agreement, books, day, register

from interlocal.partnership.agreement import Party
from interlocal.partnership.directory import directory
from interlocal.partnership.due import digest, due, feed
from interlocal.partnership.dues import renewals
from interlocal.partnership.endings import learned, settlement
from interlocal.partnership.fiscal import add_months
from interlocal.partnership.membership import joining, leaving
from interlocal.partnership.overview import Overview
from interlocal.partnership.terms import term_end
from interlocal.problems import InputError
from interlocal.report.partnership import overview as page


def overview(as_of="2026-06-30", **changes):
    found = register(agreement(**changes), as_of=as_of)
    return Overview(found, found.agreements[0])


def ledger(**changes):
    return overview(**changes).ledger


@given(st.dates(dt.date(1950, 1, 1), dt.date(2150, 1, 1)), st.integers(-240, 240))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(start, months):
    moved = add_months(start, months)
    assert (moved.year * 12 + moved.month) - (start.year * 12 + start.month) == months
    assert moved.day == start.day or (moved.day < start.day and (moved + dt.timedelta(days=1)).day == 1)


def test_the_last_day_for_notice_comes_due_before_the_term_ends():
    found = {d.kind: d for d in due(register(agreement(), as_of="2029-10-01"))}
    assert found["notice"].on == day("2029-12-31")
    assert "run the study again before" in found["notice"].text
    assert "renewal" not in found
    assert "renewal" in {d.kind for d in due(register(agreement(), as_of="2030-10-01"))}


@given(st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)), st.integers(1, 120), st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)))  # fmt: skip
def test_an_agreement_that_renews_itself_is_always_in_a_term_with_a_last_day(ends, months, on):
    renews = {"kind": "automatic", "months": months}
    a = register(agreement(starts="1989-01-01", ends=str(ends), renewal=renews)).agreements[0]
    last = term_end(a, on)
    assert last >= max(on, ends)
    assert last == ends or add_months(last + dt.timedelta(days=1), -months) <= on, "the term before is over"


def test_a_term_that_renewed_itself_for_years_still_comes_due_with_its_notice_and_is_in_the_directory():
    renews = {"kind": "automatic", "months": 60}
    shown = register(
        agreement(starts="2010-07-01", ends="2015-06-30", renewal=renews, publication={"listed": True}),
        as_of="2029-05-01",
    )
    found = {d.kind: d for d in due(shown, within=500)}
    assert (found["notice"].on, found["renewal"].on) == (day("2029-06-30"), day("2030-06-30"))
    assert (
        found["renewal"].text
        == "The term ends; renewal: by itself for 60 months, unless somebody gives notice"
    )
    assert directory(shown)[0].until == day("2030-06-30")
    assert Overview(shown, shown.agreements[0]).document()["agreement"]["ends"] == "2030-06-30"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("automatic", "enter the months of the next term"),
        ("by_vote", "enter its new last day, or end the agreement"),
        ("none", "enter its new last day, or end the agreement"),
    ],
)
def test_a_term_that_is_over_is_overdue_until_somebody_says_what_holds(kind, said):
    shown = register(agreement(ends="2025-12-31", renewal={"kind": kind}))
    (found,) = (d for d in due(shown) if d.kind == "renewal")
    assert found.on == day("2025-12-31")
    assert said in found.text
    assert "notice" not in {d.kind for d in due(shown)}


def test_a_review_and_a_check_in_that_passed_stay_due_until_they_are_recorded():
    check_ins = [
        {"planned": "2026-02-01"},
        {"planned": "2026-03-01", "held": "2026-03-02"},
        {"planned": "2026-05-01"},
        {"planned": "2026-06-30"},
    ]
    found = due(register(agreement(review_date="2026-06-01", life={"check_ins": check_ins})), within=0)
    assert [(str(d.on), d.text) for d in found if d.kind in {"review", "check_in"}] == [
        ("2026-05-01", "Check-in, not recorded as held"),
        ("2026-06-01", "Review of the agreement; enter the day of the next once it is done"),
        ("2026-06-30", "Check-in"),
    ]


def test_horizons_nest_and_an_ended_agreement_has_nothing_due():
    found = register(agreement(review_date="2026-08-15"))
    by_horizon = [set(due(found, within=n)) for n in (30, 90, 365)]
    assert by_horizon[0] <= by_horizon[1] <= by_horizon[2]
    assert "review" in {d.kind for d in by_horizon[1] - by_horizon[0]}
    assert due(register(agreement(ending={"on": "2026-01-01", "why": ["cost"]}))) == ()


def test_a_feed_keeps_its_ids_and_a_letter_names_what_concerns_one_member():
    actions = [{"id": "a", "text": "Send the list", "partner": "birch", "due": "2026-06-01"}]
    found = register(agreement(life={"actions": actions}, review_date="2026-08-15"))
    stamp = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)
    text = feed(found, due(found), stamp=stamp)
    assert "UID:dispatch-review@interlocal.invalid" in text
    assert text == feed(found, due(found), stamp=stamp)
    letter = digest(found, "birch")
    assert (
        letter.index("Overdue:")
        < letter.index("- 2026-06-01  Shared dispatch: Send the list")
        < letter.index("Coming:")
    )
    assert "Send the list" not in digest(found, "cedar")


def test_overdue_actions_climb_by_the_agreed_rule():
    rule = [{"after_days": 30, "to": "the managers"}, {"after_days": 90, "to": "the board"}]
    actions = [
        {"id": f"a{n}", "text": "Do it", "due": str(day("2026-06-30") - dt.timedelta(days=n))}
        for n in (10, 40, 100)
    ]
    found = overview(life={"actions": actions, "escalation": rule}).rhythm
    assert [(o.days, o.escalated_to) for o in found.overdue] == [
        (100, "the board"),
        (40, "the managers"),
        (10, None),
    ]


def test_drift_is_named_early_with_its_evidence():
    life = {
        "rhythm_days": 30,
        "check_ins": [
            {"planned": "2026-03-01", "held": "2026-03-01", "decided": ["Hire"]},
            {"planned": "2026-04-01"},
            {"planned": "2026-05-01"},
        ],
        "key_posts": [
            {"id": "chief", "partner": "alder", "title": "Chief", "status": "vacant", "since": "2026-05-15"}
        ],
        "elections": [{"organisation": "birch", "on": "2026-09-01", "what": "mayor"}],
    }
    assert [s.kind for s in overview(life=life).signs] == [
        "missed_check_ins",
        "no_decision",
        "lead_post",
        "election",
    ]
    assert overview(life={}).signs == ()
    today = {"check_ins": [{"planned": "2026-04-01"}, {"planned": "2026-06-30"}]}
    assert overview(life=today).signs == (), "the one of today may still be held"


def test_without_a_lead_every_key_post_that_falls_open_is_named():
    posts = [{"id": "chief", "partner": "birch", "title": "Director", "status": "vacant"}]
    assert overview(life={"key_posts": posts}).signs == ()
    (sign,) = overview(lead=None, life={"key_posts": posts}).signs
    assert sign.text == "Birch’s post of Director is vacant."


def test_late_payments_are_a_sign_from_three():
    def signs(late):
        payments = [
            {"id": p, "organisation": p, "on": "2026-03-31" if p in late else "2026-01-15", "amount": 1000}
            for p in SEVEN
        ]
        people = dict.fromkeys(SEVEN, 1)
        found = overview(years=[books(2026, budget=7000, people=people, payments=payments)])
        return [s.kind for s in found.signs]

    assert signs(SEVEN[:2]) == []
    assert signs(SEVEN[:3]) == ["late_payments"]


def test_late_payments_are_seen_over_the_end_of_a_year_and_whichever_year_is_shown():
    people = dict.fromkeys(SEVEN, 1)
    last_year = books(2025, budget=7000, people=people)
    quarters = {"months": [1, 4, 7, 10], "days_to_pay": 30}
    found = register(
        agreement(years=[last_year, books(2026, people=people)], instalments=quarters), as_of="2026-01-10"
    )
    for asked in (None, 2025, 2026):
        (sign,) = Overview(found, found.agreements[0], asked).signs
        assert sign.kind == "late_payments"
        assert "dispatch-2025-alder-4" in sign.evidence


def pulse(on, counts, panel=1):
    cell = {"statement": "work", "panel": panel, "invited": 30, "counts": counts}
    return {"id": f"pulse_{on.replace('-', '_')}", "kind": "pulse", "closed_on": on, "cells": [cell]}


def test_a_falling_pulse_warns_and_a_small_group_is_never_shown():
    life = {"pulses": [pulse("2026-01-01", [0, 0, 2, 10, 8]), pulse("2026-06-01", [4, 8, 6, 2, 0])]}
    found = overview(life=life).relationship
    assert found.same_people
    assert {w.kind for w in found.warnings} == {"falling_pulse", "low_pulse"}
    few = overview(life={"pulses": [pulse("2026-01-01", [0, 0, 1, 1, 0])]}).relationship
    assert [p.level for p in few.pulses] == [None]


def test_a_falling_pulse_names_the_statement_that_fell_most_where_one_did():
    def wave(on, bills, again):
        cells = [
            {"statement": s, "panel": 1, "invited": 20, "counts": counts}
            for s, counts in (("pulse_bills", bills), ("pulse_again", again))
        ]
        return {"id": f"on_{on.replace('-', '_')}", "kind": "pulse", "closed_on": on, "cells": cells}

    def evidence(*second):
        first = wave("2026-01-01", [0, 0, 2, 10, 8], [0, 0, 2, 10, 8])
        found = overview(life={"pulses": [first, wave("2026-06-01", *second)]}).relationship
        assert [a.statement for a in found.asked] == ["pulse_bills", "pulse_again"]
        return next(w.evidence for w in found.warnings if w.kind == "falling_pulse")

    low, lower = [0, 2, 10, 8, 0], [10, 6, 4, 0, 0]
    most = "; most in “Knowing what we know today, would we join again?”, from 4.3 to 1.7"
    assert evidence(low, lower) == f"closed 2026-06-01{most}"
    assert evidence(low, low) == "closed 2026-06-01"


def test_a_dispute_stands_at_the_agreed_step_of_its_age():
    life = {
        "dispute_steps": [{"name": "talk", "days": 21}, {"name": "mediation", "days": 30}],
        "disputes": [
            {"id": "a", "text": "Overtime", "opened_on": "2026-06-01"},
            {"id": "b", "text": "Rent", "opened_on": "2026-01-01"},
        ],
    }
    rent, overtime = overview(life=life).relationship.disputes
    assert (overtime.step, overtime.over) == ("mediation", 0)
    assert (rent.step, rent.over) == ("mediation", 180 - 51)


def test_a_victory_becomes_a_line_and_only_what_was_told_is_public():
    milestones = [
        {"id": "one", "text": "one number for all", "due": "2026-01-31", "reached_on": "2026-01-05"},
        {"id": "two", "text": "A second room", "due": "2026-02-28", "reached_on": "2026-03-02"},
    ]
    told = [{"milestone": "one", "to": "residents", "on": "2026-01-10", "how": "newsletter"}]
    two, one = overview(life={"milestones": milestones, "told": told}).victories
    assert one.line == "One number for all. Done on January 5, 2026."
    assert (one.early_days, one.public, two.early_days, two.public) == (26, True, -2, False)


def test_leaving_costs_what_the_terms_say_and_unknown_is_not_0():
    terms = {"notice_months": 6, "stranded_share": 0.5, "stranded_years": 2}
    cost = leaving(ledger(exit=terms), "glenrock", day("2021-06-30"))
    assert cost.earliest == day("2021-12-30")
    by_name = {c.what: c.cents for c in cost.costs}
    assert by_name == {
        "notice": round(250_000_00 * 183 / 365),
        "stranded": 250_000_00,
        "reserve": 0,
        "rebuilding": None,
    }
    assert cost.unknown == ("rebuilding",)
    assert leaving(ledger(notice_months=None), "glenrock", day("2021-06-30")).earliest is None


def test_a_reserve_is_returned_where_the_terms_say_so():
    formula = {"rule": {"kind": "per_head"}, "reserve_contribution": 0.1}
    found = ledger(formula=formula, exit={"reserve_returned": True})
    (reserve,) = (c for c in leaving(found, "glenrock", day("2021-06-30")).costs if c.what == "reserve")
    assert reserve.cents == -25_000_00


def test_a_stranger_cannot_leave():
    with pytest.raises(InputError, match="Did you mean glenrock"):
        leaving(ledger(), "glenrok", day("2021-06-30"))


def test_a_joiner_moves_bills_and_the_budget_stays():
    parties = [{"organisation": p} for p in SEVEN[:6]]
    found = ledger(parties=parties, years=[books(2021, people={p: 1000 for p in SEVEN[:6]})])  # noqa: C420
    moved = joining(
        found, Party(organisation="glenrock", since=day("2021-01-01")), 2021, {"population": 1000.0}
    )
    assert sum(moved.difference.values()) == 0
    assert moved.difference["glenrock"] == pytest.approx(1_000_000_00 / 7, abs=1)


def test_dues_are_renewed_when_the_first_part_is_paid():
    classes = [
        {"name": "small", "up_to": 3000, "base": 500, "discount": 0.5},
        {"name": "other", "per_head": 1},
    ]
    payments = [{"id": "a", "organisation": "alder", "on": "2021-01-20", "amount": 250}]
    formula = {"rule": {"kind": "dues", "classes": classes}}
    found = renewals(ledger(formula=formula, years=[books(2021, payments=payments)]), 2021)
    assert [(r.organisation, r.name_of_class, r.discount, r.renewed_on) for r in found[:2]] == [
        ("alder", "small", 0.5, day("2021-01-20")),
        ("birch", "small", 0.5, None),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from((None, *SEVEN))), max_size=5),
    st.lists(st.integers(0, 10**9), max_size=5),
)
def test_an_ending_divides_everything_to_the_cent(assets, owed):
    ending = {
        "on": "2021-12-31",
        "why": ["cost"],
        "assets": [
            {"id": f"a{i}", "name": "A thing", "value": v / 100} | ({"kept_by": p} if p else {})
            for i, (v, p) in enumerate(assets)
        ],
        "obligations": [{"id": f"o{i}", "name": "A lease", "amount": v / 100} for i, v in enumerate(owed)],
    }
    found = settlement(ledger(ending=ending))
    sold = sum(v for v, p in assets if p is None)
    assert sum(found.totals.values()) == sold - sum(owed)


def test_an_ending_without_bills_to_divide_by_says_so_and_leaves_the_rest_of_the_page():
    ending = {"on": "2021-12-31", "why": ["cost"], "assets": [{"id": "van", "name": "Van", "value": 9000}]}
    free = overview(ending=ending, years=[books(2021, budget=0)])
    with pytest.raises(InputError, match="no bills above 0 before the end"):
        settlement(free.ledger)
    assert "Nothing can be divided yet" in str(page(free))
    paid_before = ledger(ending=ending | {"on": "2022-12-31"}, years=[books(2021), books(2022, budget=0)])
    assert sum(settlement(paid_before).totals.values()) == 9_000_00, "by the last year that was billed"


def test_what_is_overdue_says_in_every_list_and_letter_who_has_it_now():
    life = {
        "actions": [
            {
                "id": "late",
                "text": "Give the key back",
                "owner": "Clerk",
                "partner": "elm",
                "due": "2026-05-01",
            },
            {"id": "early", "text": "Call the insurer", "owner": "Clerk", "due": "2026-06-25"},
        ],
        "escalation": [{"after_days": 14, "to": "the managers"}, {"after_days": 50, "to": "the joint board"}],
    }
    found = register(agreement(life=life), as_of="2026-06-30")
    said = {d.key: d.text for d in due(found) if d.kind == "action"}
    assert said == {
        "late": "Give the key back (Clerk); now with the joint board, by the agreed rule",
        "early": "Call the insurer (Clerk)",
    }
    assert "now with the joint board" in digest(found, "elm")


def test_with_an_end_in_sight_nobody_pays_beyond_it():
    ending = {"on": "2021-08-31", "why": ["cost"]}
    cost = leaving(ledger(ending=ending, exit={"notice_months": 12}), "elm", day("2021-03-01"))
    assert cost.earliest == day("2021-08-31")


def test_an_ending_gives_the_reserve_back_by_the_terms_and_says_where_they_are_silent():
    formula = {"rule": {"kind": "equal"}, "reserve_contribution": 0.1}
    ending = {"on": "2021-12-31", "why": ["cost"]}
    silent = settlement(ledger(formula=formula, ending=ending))
    assert silent.totals == {}
    assert any("The terms do not give it back" in text for text in silent.open)
    terms = {"reserve_returned": True}
    kept = ledger(formula=formula, ending=ending, exit=terms)
    paid = {s.organisation: s.reserve for s in kept.statements(2021)}
    assert settlement(kept).totals == paid
    assert sum(paid.values()) > 0
    parties = [{"organisation": p} | ({"until": "2021-06-30"} if p == "elm" else {}) for p in SEVEN]
    gone = settlement(ledger(formula=formula, ending=ending, exit=terms, parties=parties))
    assert "elm" not in gone.totals, "who left before was settled with then"


def test_what_was_learned_is_there_for_the_next_attempt():
    attempt = {
        "id": "a",
        "title": "A first try",
        "year": 2015,
        "stopped_because": "Nobody led.",
        "lessons": ["Find a lead."],
        "worth_again_if": "Somebody leads.",
    }
    ending = {"on": "2026-01-01", "why": ["relationship"], "learned": ["Meet more often."]}
    found = learned(register(agreement(life={"attempts": [attempt]}, ending=ending)), service="dispatch")
    assert [(e.year, e.lessons, e.worth_again_if) for e in found] == [
        (2026, ("Meet more often.",), None),
        (2015, ("Find a lead.",), "Somebody leads."),
    ]
    assert learned(register(agreement(ending=ending)), service="police") == ()


def test_the_directory_shows_what_members_chose_and_nothing_else():
    hidden = agreement(id="hidden", title="Kept quiet")
    shown = agreement(publication={"listed": True})
    (listed,) = directory(register(hidden, shown))
    assert (listed.title, listed.saved, len(listed.members)) == ("Shared dispatch", None, 7)


def test_what_is_for_the_facilitator_alone_reaches_no_partner():
    life = {
        "actions": [
            {"id": "a", "text": "Call the mayor", "due": "2026-07-01", "visibility": "facilitator"},
            {"id": "b", "text": "Send the list", "due": "2026-07-02"},
        ],
        "milestones": [{"id": "m", "text": "A win", "due": "2026-01-01", "visibility": "facilitator"}],
        "told": [{"milestone": "m", "to": "the board", "on": "2026-01-02"}],
    }
    seen = register(agreement(life=life)).seen_by("partners")
    assert [d.text for d in due(seen) if d.kind == "action"] == ["Send the list"]
    assert seen.agreements[0].life.told == ()
