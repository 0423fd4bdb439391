"""Principles and necessities on cases written by hand: what is strong, what is not, and what is unknown."""

import pytest
from cases import document

from interlocal.lessons.catalogue import items
from interlocal.reference import clauses

ALL = ["ash", "birch", "cedar"]
SAFE, UNSAFE = (0, 0, 1, 4, 5), (4, 4, 3, 0, 0)
FULL = dict.fromkeys(("direct", "benefits", "overhead", "capital", "debt"), "included")


def roles(name, partners=ALL, **fields):
    return [{"role": name, "partner": p, "post": f"{name} of {p}"} | fields for p in partners]


def votes(about, outcome="yes", partners=ALL, **fields):
    return [
        {"id": p, "partner": p, "kind": "vote", "about": about, "on": "2024-01-02", "outcome": outcome}
        | fields
        for p in partners
    ]


def consents(level="endorse", *, quorum=True):
    return [{"partner": p, "about": "joint", "level": level, "quorum_met": quorum} for p in ALL]


def survey(kind, counts, closed_on="2023-12-01"):
    cells = [{"statement": "openness", "partner": "ash", "about": "birch", "invited": 12, "counts": counts}]
    return [{"id": f"{kind}{closed_on[-2:]}", "kind": kind, "closed_on": closed_on, "cells": cells}]


def spending(scope):
    return [row | {"scope": scope} for row in document()["spending"]]


def plan(**fields):
    return {"start": "2024-01-01"} | fields


def task(**fields):
    days = {"low": 20, "likely": 30, "high": 60}
    return {"id": "t", "name": "Talks", "phase": "negotiate", "days": days} | fields


def win(due, **fields):
    return {"id": due.replace("-", "_"), "text": "Drill", "due": due} | fields


def check_in(planned, held):
    return {"planned": planned, "held": planned if held else None, "attended": ALL if held else []}


def event(kind, on):
    return {"id": f"{kind}_{on[-2:]}", "kind": kind, "on": on, "text": kind}


def joint(**fields):
    return [document()["options"][0] | fields]


def better_off(p):
    return {"sharing": {"options": {"joint": {"partners": {q: {"p_better_off": p} for q in ALL}}}}}


def core(*excesses):
    """A study in which the proposed formula leaves groups paying more than by themselves."""
    violations = [{"group": group.split(), "excess": amount} for group, amount in excesses]
    row = {
        "in_core": not violations,
        "shares": dict.fromkeys(ALL, 1.0),
        "violations": violations,
        "violations_count": len(violations),
    }
    lab = {"option": "joint", "whole": 100_000.0, "core_empty": False, "formulas": {"proposed": row}}
    return {"sharing": better_off(0.7)["sharing"] | {"laboratory": lab}}


TRAITS = dict.fromkeys(
    (
        "asset_specificity",
        "output_measurability",
        "labour_intensity",
        "capital_intensity",
        "management_skill",
    ),
    4,
)
MONEY = {
    "questions": {
        "money": {"options": {"joint": {"pool": {"total": {"npv": {"p10": 0.0, "p50": 10.0, "p90": 20.0}}}}}}
    }
}


def npv(value):
    return [{"id": "e", "who": "Council", "metric": "npv", "value": value}]


RECOMMENDED = {"id": "r", "text": "Hire a chief", "owner": "Manager", "due": "2024-06-01", "money": 10}
GROUPS = [{"id": g, "group": g, "heard_on": ["2023-11-01"]} for g in ("residents", "unions", "staff")]
MEETING = {"id": "m", "kind": "public_meeting", "on": "2023-11-01", "text": "Hearing"}
PAPER = {"id": "d", "kind": "document", "on": "2023-11-01", "text": "Study"}
GOOD_FORM = {"model": "interlocal_agreement", "reasons": ["Cost is shared"], "legal_review": "done"}
ALL_AGREED = [{"id": c, "status": "agreed"} for c in clauses()]
VISION = {"text": "Ten minutes everywhere", "agreed_by": ALL, "looks_to": 2040, "scenarios_run": ["Growth"]}


@pytest.mark.parametrize(
    ("item", "changes", "verdict"),
    [
        ("principle.complexity", {"service": {"id": "police", "traits": TRAITS}}, "weak"),
        ("principle.trust", {"surveys": survey("trust", SAFE)}, "strong"),
        ("principle.trust", {"surveys": survey("trust", UNSAFE)}, "weak"),
        ("principle.effort", {"plan": plan(tasks=[task()], promised_finish="2024-06-01")}, "strong"),
        ("principle.effort", {"plan": plan(tasks=[task()], promised_finish="2024-02-01")}, "weak"),
        ("principle.effort", {"plan": plan(tasks=[task(days=30)])}, "weak"),
        ("principle.effort", {"plan": plan()}, "missing"),
        ("principle.expectations", {"expectations": npv(2), "document": MONEY}, "strong"),
        ("principle.expectations", {"expectations": npv(10), "document": MONEY}, "adequate"),
        ("principle.expectations", {"expectations": npv(12), "document": MONEY}, "weak"),
        ("principle.leadership", {"roles": [*roles("sponsor"), *roles("champion"), *roles("project_lead"), *roles("successor")]}, "strong"),
        ("principle.leadership", {"roles": [*roles("sponsor"), *roles("champion"), *roles("project_lead", until="2024-06-30")]}, "weak"),
        ("principle.leadership", {"roles": roles("successor")}, "missing"),
        ("principle.relationships", {"check_ins": [check_in("2023-11-01", held=True)]}, "strong"),
        ("principle.relationships", {"check_ins": [check_in("2023-11-01", held=True), check_in("2023-12-01", held=False)]}, "weak"),
        ("principle.relationships", {"check_ins": [check_in("2023-11-01", held=False)]}, "missing"),
        ("principle.relationships", {"surveys": survey("pulse", SAFE)}, "unknown"),
        ("principle.relationships", {"surveys": survey("pulse", UNSAFE)}, "weak"),
        ("principle.relationships", {"check_ins": [check_in("2023-11-01", held=True)], "surveys": [*survey("pulse", (0, 0, 0, 2, 8), "2023-06-01"), *survey("pulse", (0, 2, 3, 3, 2), "2023-12-02")]}, "adequate"),
        ("principle.victories", {"plan": plan(milestones=[win("2024-01-10", reached_on="2024-01-10", told_public_on="2024-01-11")])}, "strong"),
        ("principle.victories", {"plan": plan(milestones=[win("2024-05-01")])}, "adequate"),
        ("principle.victories", {"plan": plan(milestones=[win("2025-05-01")])}, "weak"),
        ("principle.victories", {"plan": plan()}, "missing"),
        ("necessity.political_will", {"votes": [*votes("adopt"), *votes("fund", partners=["ash"])]}, "strong"),
        ("necessity.political_will", {"votes": votes("negotiate")}, "adequate"),
        ("necessity.political_will", {"votes": votes("adopt", partners=["ash"])}, "weak"),
        ("necessity.political_will", {"votes": votes("adopt", own_free_vote=False)}, "missing"),
        ("necessity.administration", {"roles": roles("sponsor", chief_administrator=True, hours_per_month=8, staff_assigned=1)}, "strong"),
        ("necessity.administration", {"roles": roles("sponsor", ["ash"], chief_administrator=True, hours_per_month=8)}, "weak"),
        ("necessity.administration", {"roles": roles("sponsor")}, "missing"),
        ("necessity.vision", {"vision": VISION}, "strong"),
        ("necessity.vision", {"vision": VISION | {"agreed_by": ["ash"]}}, "weak"),
        ("necessity.vision", {"vision": VISION | {"agreed_by": []}}, "missing"),
        ("necessity.champion", {"roles": [*roles("champion", ["ash"], hours_per_month=9, standing_in=["ash", "birch"]), *roles("stand_in", ["ash"])]}, "strong"),
        ("necessity.champion", {"roles": roles("champion", ["ash"], hours_per_month=9, standing_in=["ash", "birch"])}, "adequate"),
        ("necessity.champion", {"roles": roles("champion", ["ash"], hours_per_month=9)}, "weak"),
        ("necessity.champion", {"roles": roles("sponsor")}, "missing"),
        ("necessity.persistence", {"events": [event("setback", "2023-05-01"), event("restart", "2023-06-01")]}, "adequate"),
        ("necessity.persistence", {"events": [event("setback", "2023-05-01")]}, "missing"),
        ("necessity.beyond_study", {"recommendations": [RECOMMENDED]}, "strong"),
        ("necessity.beyond_study", {"recommendations": [RECOMMENDED | {"owner": None}]}, "missing"),
        ("necessity.trust", {"surveys": survey("trust", SAFE), "spending": spending(FULL)}, "strong"),
        ("necessity.trust", {"surveys": survey("trust", UNSAFE), "spending": spending(FULL)}, "weak"),
        ("necessity.open_process", {"stakeholders": GROUPS, "engagement": [MEETING, PAPER]}, "strong"),
        ("necessity.open_process", {"stakeholders": [GROUPS[0] | {"heard_on": []}]}, "missing"),
        ("necessity.creativity", {"options": joint(review_date="2028-01-01")}, "adequate"),
        ("necessity.creativity", {"options": joint()}, "weak"),
        ("necessity.equity", {"consents": consents(), "document": core()}, "strong"),
        ("necessity.equity", {"consents": consents(), "document": core(("ash birch", 900.0))}, "adequate"),
        ("necessity.equity", {"consents": consents(), "document": better_off(0.7)}, "adequate"),
        ("necessity.equity", {"document": core()}, "unknown"),
        ("necessity.equity", {"consents": consents(), "document": better_off(0.49)}, "weak"),
        ("necessity.equity", {"consents": consents(quorum=False), "document": better_off(0.7)}, "weak"),
        ("necessity.equity", {"consents": consents("block"), "document": better_off(0.7)}, "missing"),
        ("necessity.timing", {"events": [event("election", "2024-11-05"), event("budget_adoption", "2024-06-15")]}, "adequate"),
        ("necessity.timing", {"events": [event("election", "2024-11-05"), event("lease_end", "2026-06-15")]}, "weak"),
        ("necessity.timing", {"events": [event("lease_end", "2022-06-15")]}, "missing"),
        ("necessity.governance", {"governance": {"model": "handshake", "reasons": ["Small"]}}, "weak"),
        ("necessity.governance", {"governance": {"reasons": ["Small"]}}, "missing"),
        ("necessity.governance", {"governance": GOOD_FORM, "options": joint(clauses=ALL_AGREED)}, "strong"),
        ("necessity.governance", {"governance": GOOD_FORM | {"legal_review": "asked"}, "options": joint(clauses=ALL_AGREED)}, "adequate"),
        ("necessity.governance", {"governance": GOOD_FORM | {"model": "council_of_governments"}, "options": joint(clauses=ALL_AGREED)}, "adequate"),
        ("necessity.governance", {"governance": GOOD_FORM | {"model": "handshake", "needs_debt": True}, "options": joint(clauses=ALL_AGREED)}, "weak"),
        ("necessity.no_one_size", {"options": joint(formula={"rule": {"kind": "per_head"}, "decided": True, "caps": {"ash": 9}})}, "strong"),
        ("necessity.no_one_size", {"options": joint(formula={"rule": {"kind": "per_head"}, "decided": True})}, "adequate"),
        ("necessity.no_one_size", {"options": joint()}, "weak"),
    ],
)  # fmt: skip
def test_a_verdict_follows_from_the_case(find, item, changes, verdict):
    found = find(item, **changes)
    assert found.verdict == verdict
    assert found.because
    assert bool(found.next_steps) == (verdict in {"weak", "missing", "unknown"})


@pytest.mark.parametrize("item", [i.id for i in items().values() if i.list in {"principles", "necessities"}])
def test_without_data_it_is_unknown_and_says_what_to_collect(find, item):
    found = find(item, options=[])
    assert found.verdict == "unknown"
    assert found.confidence == "low"
    assert found.next_steps


def test_a_mistake_corrected_by_its_owner_does_not_count_against_trust(find):
    def with_difference(**fields):
        rows = document()["partners"]
        rows[0]["disclosures"] = [{"what": "Pensions were left out"} | fields]
        return find("necessity.trust", partners=rows, surveys=survey("trust", SAFE), spending=spending(FULL))

    assert with_difference(found_by="ash", corrected=True).verdict == "strong"
    assert with_difference(found_by="the committee").verdict == "weak"
    assert with_difference(found_by="the committee", explained=True).verdict == "strong"


def test_while_exploring_the_chief_administrator_of_the_proposing_partner_is_enough(find):
    rows = document()["partners"]
    rows[0]["proposing"] = True
    chief = roles("sponsor", ["ash"], chief_administrator=True, hours_per_month=8)
    assert find("necessity.administration", partners=rows, roles=chief).verdict == "adequate"
    later = find("necessity.administration", partners=rows, roles=chief, gate="negotiate")
    assert later.verdict == "weak"


def test_pooled_trust_names_no_pair(find):
    found = find("principle.trust", surveys=survey("trust", UNSAFE))
    assert not any(name in e.text for e in found.because for name in ("Ash", "Birch", "Cedar"))


def test_expectations_that_contradict_each_other_are_named(find):
    two = [*npv(2), {"id": "f", "who": "Finance", "metric": "npv", "value": 5}]
    found = find("principle.expectations", document=MONEY, expectations=two)
    assert any("Council and Finance differ" in e.text for e in found.because)


def test_equity_names_who_pays_more_than_alone_and_by_how_much(find):
    found = find(
        "necessity.equity", consents=consents(), document=core(("ash birch", 900.0), ("cedar", 20.0))
    )
    said = [e.text for e in found.because]
    assert (
        "Ash and Birch pay together USD 900 a year more by this formula than by themselves, 1 percent of the whole."
        in said
    )
    assert any(t.startswith("Cedar pays USD 20 a year more") for t in said)


def test_equity_shows_each_consent_with_its_dissent(find):
    given = [*consents()[:2]]
    given[0] = given[0] | {"level": "live_with", "dissent": ["Fears for the station"]}
    found = find("necessity.equity", consents=given, document=core())
    said = " ".join(e.text for e in found.because)
    assert found.verdict == "weak"
    assert "Ash can live with it, with a quorum; dissent on record: Fears for the station." in said
    assert "Cedar has not said how far it consents." in said


def shares(**by_partner):
    return [
        {
            "id": p,
            "who": f"Council of {p}",
            "partner": p,
            "metric": "share",
            "value": {"value": v, "unit": "share"},
        }
        for p, v in by_partner.items()
    ]


def billed():
    row = {
        "share_range": {"p10": 0.2, "p50": 0.3, "p90": 0.4},
        "bills": {"p10": [90.0, 95.0], "p50": [100.0, 105.0], "p90": [110.0, 115.0]},
    }
    option = {"year": 2026, "years": [2026, 2027], "joint_cost": 300.0, "partners": dict.fromkeys(ALL, row)}
    return {"sharing": {"options": {"joint": option}}}


def test_an_expected_share_is_met_where_it_is_no_higher(find):
    found = find("principle.expectations", expectations=shares(ash=0.3), document=billed())
    said = found.because[0]
    assert said.value == pytest.approx(0.5)
    assert "expects Ash to pay 30.0% of the joint cost, at percentile 50" in said.text


def test_an_expected_bill_is_held_against_its_year(find):
    bill = {
        "id": "e",
        "who": "Council",
        "partner": "ash",
        "metric": "share",
        "value": {"value": 105, "currency": "USD"},
        "by_year": 2027,
    }
    found = find("principle.expectations", expectations=[bill], document=billed())
    assert found.because[0].value == pytest.approx(0.5)
    later = find("principle.expectations", expectations=[bill | {"by_year": 2050}], document=billed())
    assert later.verdict == "unknown"


@pytest.mark.parametrize(
    ("by_partner", "named"),
    [
        ({"ash": 0.2, "birch": 0.3, "cedar": 0.3}, True),
        ({"ash": 0.2, "birch": 0.4, "cedar": 0.4}, False),
        ({"ash": 0.6, "birch": 0.6}, True),
        ({"ash": 0.2, "birch": 0.4}, False),
    ],
    ids=["too little", "all", "too much for two", "one has not said"],
)
def test_expected_shares_that_do_not_add_up_are_named(find, by_partner, named):
    found = find("principle.expectations", expectations=shares(**by_partner), document=billed())
    assert any("add up to" in e.text for e in found.because) == named


def test_trust_tells_its_trend_over_the_same_people_and_how_many_pairs_may_be_shown(find):
    before, after = survey("trust", (0, 4, 4, 2, 0), "2023-06-01"), survey("trust", SAFE, "2023-12-02")
    for wave in (*before, *after):
        wave["cells"][0]["panel"] = 3
    found = find("principle.trust", surveys=[*before, *after])
    said = " ".join(e.text for e in found.because)
    assert "Since 2023-06-01, the same people rate it 1.6 levels higher." in said
    assert "1 of 6 pairs" in said
    assert "Ash" not in said
    after[0]["cells"][0]["panel"] = 4
    other = " ".join(e.text for e in find("principle.trust", surveys=[*before, *after]).because)
    assert "may not be the same" in other


def test_answers_that_are_too_alike_count_for_nothing(find):
    assert find("principle.trust", surveys=survey("trust", (0, 0, 0, 1, 9))).verdict == "unknown"
