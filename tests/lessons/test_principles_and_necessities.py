"""Principles and necessities on cases written by hand: what is strong, what is not, and what is unknown."""

import pytest
from cases import document

from interlocal.lessons.catalogue import items

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
        ("necessity.equity", {"consents": consents(), "document": better_off(0.7)}, "strong"),
        ("necessity.equity", {"consents": consents(), "document": better_off(0.49)}, "weak"),
        ("necessity.equity", {"consents": consents(quorum=False), "document": better_off(0.7)}, "weak"),
        ("necessity.equity", {"consents": consents("block"), "document": better_off(0.7)}, "missing"),
        ("necessity.timing", {"events": [event("election", "2024-11-05"), event("budget_adoption", "2024-06-15")]}, "adequate"),
        ("necessity.timing", {"events": [event("election", "2024-11-05"), event("lease_end", "2026-06-15")]}, "weak"),
        ("necessity.timing", {"events": [event("lease_end", "2022-06-15")]}, "missing"),
        ("necessity.governance", {"governance": {"model": "handshake", "reasons": ["Small"]}}, "weak"),
        ("necessity.governance", {"governance": {"reasons": ["Small"]}}, "missing"),
        ("necessity.no_one_size", {"options": joint(formula={"rule": {"kind": "per_head"}, "decided": True, "caps": {"ash": 9}})}, "strong"),
        ("necessity.no_one_size", {"options": joint(formula={"rule": {"kind": "per_head"}, "decided": True})}, "adequate"),
        ("necessity.no_one_size", {"options": joint()}, "weak"),
    ],
)  # fmt: skip
def test_a_verdict_follows_from_the_case(find, item, changes, verdict):
    found = find(item, **changes)
    assert found.verdict == verdict
    assert found.because
    assert bool(found.next_steps) == (verdict in {"weak", "missing"})


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
