"""Each pitfall on three cases written by hand: one trips it, one comes close, one lacks the data."""

import pytest
from cases import document

from interlocal.lessons.catalogue import items
from interlocal.lessons.expected import at_least, paid_back_by

ALL = ("ash", "birch", "cedar")


def partners(**by_partner):
    rows = document()["partners"]
    return [row | {"free_to_decline": True} | by_partner.get(row["id"], {}) for row in rows]


def obliged(requires="to_share"):
    return [{"id": "act", "citation": "Act 1", "binds": ["ash"], "requires": requires}]


def role(name, **fields):
    return {"role": name, "partner": "ash", "post": "Chief"} | fields


def vote(**fields):
    return {
        "id": "v",
        "partner": "ash",
        "kind": "vote",
        "about": "share",
        "on": "2024-01-02",
        "outcome": "yes",
    } | fields


def plan(**fields):
    return {
        "start": "2023-10-02",
        "tasks": [task("talks", days={"low": 50, "likely": 60, "high": 90})],
    } | fields


def task(name, **fields):
    return {"id": name, "name": name, "phase": "negotiate", "days": 10} | fields


def option(name, **fields):
    return {"id": name, "name": name, "kind": "shared", "lines": []} | fields


def comparable(**fields):
    return {"id": "elm", "who": "Elm", "what": "Joint police", "measures": {"population": 5000}} | fields


def wave(kind, *cells, **fields):
    return {"id": kind, "kind": kind, "closed_on": "2023-12-01", "cells": list(cells)} | fields


def rated(rater, about, counts):
    return {"statement": "reliability", "partner": rater, "about": about, "invited": 9, "counts": counts}


def better_off(**by_partner):
    rows = {p: {"p_better_off": by_partner.get(p, 0.8)} for p in ALL}
    return {"sharing": {"options": {"joint": {"partners": rows}}}}


def both_hold(p):
    return {"questions": {"service": {"options": {"joint": {"saves_and_serves": {"p": p}}}}}}


PROMISES = [{"what": what, "by": "The mayor"} for what in ("saves_money", "better_service")]
GOALS = [{"id": g, "text": g.capitalize()} for g in ("cheap", "fast", "open", "small")]
REAL = [option(f"o{i}", costed_on_its_own=True) for i in range(3)]
SAFE, UNSAFE = (0, 0, 4, 4, 2), (4, 4, 3, 0, 0)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"partners": partners(ash={"free_to_decline": False})}, "warning"),
        ({"partners": partners(), "mandates": obliged()}, "warning"),
        ({"partners": partners(ash={"benefit_of_its_own": "Night cover"}), "mandates": obliged(), "roles": [role("sponsor")]}, "watch"),
        ({"partners": partners(ash={"benefit_of_its_own": "Night cover"}), "mandates": obliged(), "roles": [role("sponsor")], "votes": [vote()]}, "clear"),
        ({"partners": partners(), "mandates": obliged("to_provide")}, "clear"),
        ({}, "unknown"),
    ],
    ids=["not free", "obliged without three", "lacks a vote", "obliged with all", "may decline", "no data"],
)  # fmt: skip
def test_mandate(find, changes, verdict):
    assert find("pitfall.mandate", **changes).verdict == verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"actions": [{"id": "a", "text": "Figures", "due": "2023-12-01"}], "plan": plan(rhythm_days=30)}, "warning"),
        ({"actions": [{"id": "a", "text": "Figures", "due": "2024-01-14"}]}, "watch"),
        ({"actions": [{"id": "a", "text": "Figures", "due": "2024-01-15"}]}, "clear"),
        ({"plan": plan(rhythm_days=30), "check_ins": [{"planned": "2023-12-20", "held": "2023-12-20"}]}, "watch"),
        ({"plan": plan(rhythm_days=30), "votes": [vote()]}, "clear"),
        ({"plan": plan(rhythm_days=30, blackout_months=[11, 12])}, "clear"),
        ({"events": [{"id": "s", "kind": "study_published", "on": "2022-01-01", "text": "Study"}]}, "watch"),
        ({}, "unknown"),
    ],
    ids=["both", "a day late", "due today", "meeting without decision", "decided", "blackout", "old study", "no data"],
)  # fmt: skip
def test_inconsistent_pressure(find, changes, verdict):
    assert find("pitfall.inconsistent_pressure", **changes).verdict == verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"plan": plan(promised_finish="2024-03-01")}, "warning"),
        ({"plan": plan(promised_finish="2024-06-30")}, "clear"),
        ({"expectations": [{"id": "e", "who": "Council", "metric": "yearly_saving", "value": 1, "by_year": 2027}]}, "warning"),
        ({"plan": plan()}, "unknown"),
        ({}, "unknown"),
    ],
    ids=["too soon", "in time", "sooner than elsewhere", "nothing promised", "no data"],
)  # fmt: skip
def test_quick_results(find, changes, verdict):
    assert find("pitfall.quick_results", **changes).verdict == verdict


@pytest.mark.parametrize(("p", "verdict"), [(0.49, "warning"), (0.5, "clear")])
def test_mutual_benefit(find, p, verdict):
    found = find("pitfall.mutual_benefit", document=better_off(birch=p))
    assert found.verdict == verdict
    assert any(f"{round(p * 100)} of 100 futures" in e.text for e in found.because)


def test_mutual_benefit_without_a_result_is_unknown(find):
    assert find("pitfall.mutual_benefit").verdict == "unknown"


@pytest.mark.parametrize(("gain", "verdict"), [(9_000, "watch"), (7_000, "clear")])
def test_a_smaller_group_must_be_materially_better_to_be_an_alternative(find, gain, verdict):
    """Two percent of the pair's cost of 400,000 over five years of 80,000 is 8,000."""
    pair = option("pair", members=["ash", "birch"])
    joint = {p: {"npv": {"p50": 1_000.0}} for p in ALL}
    smaller = {p: {"npv": {"p50": 1_000.0 + gain / 2}} for p in ("ash", "birch")}
    money = {
        "do_nothing": {p: {"p50": [40_000.0] * 5} for p in ALL},
        "options": {"joint": {"pool": {"partners": joint}}, "pair": {"pool": {"partners": smaller}}},
    }
    study = better_off() | {"questions": {"money": money}}
    found = find("pitfall.mutual_benefit", document=study, options=[*document()["options"], pair])
    assert found.verdict == verdict
    assert any("alternative" in e.text for e in found.because) == (verdict == "watch")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"options": REAL[:2], "preferred_before_study": {"option": "o1", "by": "The mayor"}}, "warning"),
        ({"options": [REAL[0], option("copied", costed_on_its_own=False)]}, "warning"),
        ({"options": REAL[:2]}, "watch"),
        ({"options": REAL, "preferred_before_study": {"option": "o1", "by": "The mayor"}}, "watch"),
        ({"options": REAL}, "clear"),
        ({}, "unknown"),
    ],
    ids=["both", "one real option", "two", "preferred", "three", "no data"],
)
def test_obvious_choice(find, changes, verdict):
    assert find("pitfall.obvious_choice", **changes).verdict == verdict


@pytest.mark.parametrize(
    ("promises", "p", "verdict"),
    [
        (PROMISES, 0.49, "warning"),
        (PROMISES, 0.5, "watch"),
        (PROMISES, 0.67, "clear"),
        (PROMISES[:1], 0.1, "clear"),
        (PROMISES, None, "unknown"),
        ([], 0.1, "unknown"),
    ],
)
def test_save_and_better(find, promises, p, verdict):
    study = both_hold(p) if p is not None else {}
    found = find("pitfall.save_and_better", document=study, promises=promises)
    assert found.verdict == verdict
    assert (verdict == "unknown") == any("Baseline" in s.text for s in found.next_steps)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"roles": [role("champion")]}, "warning"),
        ({"lead_nominations": [{"partner": "ash", "names": "birch"}, {"partner": "birch", "names": "ash"}]}, "warning"),
        ({"roles": [role("lead", hours_per_month=20)]}, "watch"),
        ({"roles": [role("lead", hours_per_month=20, mandate="Letter")], "lead_nominations": [{"partner": "birch", "names": "ash"}]}, "clear"),
        ({}, "unknown"),
    ],
    ids=["unfilled", "each other", "no mandate", "ready", "no data"],
)  # fmt: skip
def test_no_leader(find, changes, verdict):
    assert find("pitfall.no_leader", **changes).verdict == verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"comparables": [comparable()], "taken_over": [{"option": "joint", "comparable": "elm"}]}, "warning"),
        ({"options": [option("joint", saving_taken_over="Elm")]}, "warning"),
        ({"comparables": [comparable(measures={"population": 8001})]}, "watch"),
        ({"comparables": [comparable(measures={"population": 7999})]}, "clear"),
        ({"comparables": [comparable()], "taken_over": [{"option": "joint", "comparable": "elm", "adjusted": True}]}, "clear"),
        ({"options": REAL}, "clear"),
        ({}, "unknown"),
    ],
    ids=["taken over", "said so", "twice as large", "not quite", "adjusted", "own figures", "no data"],
)  # fmt: skip
def test_copying(find, changes, verdict):
    found = find("pitfall.copying", **changes)
    assert found.verdict == verdict
    if verdict in {"warning", "watch"} and "comparables" in changes:
        assert any("would hold" in s.text for s in found.next_steps)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"attempts": [{"id": "a", "title": "District", "year": 2014, "lessons": ["Start small"], "penalty": "Passed over"}]}, "warning"),
        ({"surveys": [wave("safety", {"statement": "mistakes", "invited": 20, "counts": UNSAFE})]}, "warning"),
        ({"attempts": [{"id": "a", "title": "District", "year": 2014}]}, "watch"),
        ({"attempts": [{"id": "a", "title": "District", "year": 2014, "lessons": ["Start small"]}]}, "clear"),
        ({"surveys": [wave("safety", {"statement": "mistakes", "invited": 20, "counts": SAFE})]}, "clear"),
        ({"surveys": [wave("safety", {"statement": "mistakes", "invited": 4, "withheld": "Too few"})]}, "unknown"),
        ({}, "unknown"),
    ],
    ids=["penalty", "unsafe", "no lessons", "lessons", "safe", "withheld", "no data"],
)  # fmt: skip
def test_punishing(find, changes, verdict):
    assert find("pitfall.punishing", **changes).verdict == verdict


@pytest.mark.parametrize(
    ("rankings", "breaks", "verdict"),
    [
        (["cheap fast open small", "cheap fast open small"], {"birch": ["fast"]}, "warning"),
        (["cheap fast open small", "small open fast cheap"], {}, "watch"),
        (["cheap fast open small", "cheap fast open small"], {"birch": ["open"]}, "clear"),
        (["cheap fast open small"], {}, "unknown"),
        ([], {}, "unknown"),
    ],
    ids=["clash", "opposite", "nobody wants it", "one partner", "no data"],
)
def test_missions(find, rankings, breaks, verdict):
    wants = [
        {"partner": p, "ranking": r.split(), "deal_breakers": breaks.get(p, [])}
        for p, r in zip(ALL, rankings, strict=False)
    ]
    found = find("pitfall.missions", goals=GOALS, partner_goals=wants)
    assert found.verdict == verdict
    assert found.audience == "facilitator" or not rankings


@pytest.mark.parametrize(
    ("gate", "tasks", "surveys", "verdict"),
    [
        ("negotiate", [task("visit", relationship=True)], [], "warning"),
        ("explore", [task("visit", relationship=True)], [], "watch"),
        ("negotiate", [task("visit", relationship=True, done_on="2023-11-01")], [wave("trust", rated("ash", "birch", UNSAFE))], "warning"),
        ("negotiate", [task("visit", relationship=True, done_on="2023-11-01")], [wave("trust", rated("ash", "birch", SAFE))], "clear"),
        ("negotiate", None, [wave("trust", rated("ash", "birch", SAFE))], "unknown"),
        ("negotiate", None, [], "unknown"),
    ],
    ids=["terms first", "still to come", "weak pair", "met and asked", "no plan", "no data"],
)  # fmt: skip
def test_skipping_trust(find, gate, tasks, surveys, verdict):
    changes = {"plan": plan(tasks=tasks)} if tasks else {}
    assert find("pitfall.skipping_trust", gate=gate, surveys=surveys, **changes).verdict == verdict


@pytest.mark.parametrize("item", [i.id for i in items().values() if i.list == "pitfalls"])
def test_a_pitfall_without_data_says_what_to_collect_and_from_whom(find, item):
    found = find(item)
    assert found.verdict == "unknown"
    assert found.next_steps
    assert all(s.text and s.who for s in found.next_steps)


def test_the_chance_of_a_value_is_read_off_percentiles():
    band = {"p10": 0.0, "p50": 10.0, "p90": 20.0}
    assert at_least(0.0, band) == pytest.approx(0.9)
    assert at_least(10.0, band) == pytest.approx(0.5)
    assert at_least(30.0, band) < at_least(25.0, band) < 0.1
    assert at_least(10.0, {"p10": 10.0, "p50": 10.0, "p90": 10.0}) == 1
    assert at_least(10.1, {"p10": 10.0, "p50": 10.0, "p90": 10.0}) == 0


def test_payback_after_the_horizon_counts_as_not_paid_back():
    payback = {"p10": 2028, "p50": 2032, "p90": None}
    assert paid_back_by(2027, payback) == 0
    assert paid_back_by(2030, payback) == pytest.approx(0.3)
    assert paid_back_by(2040, payback) == pytest.approx(0.5)
