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


def compared(winner=None, **best):
    ranking = {
        "p_best": {o: {"1": p} for o, p in best.items()},
        "winner": winner or {"1": "o0"},
        "service_unknown": [],
    }
    return {"choice": {"ranking": ranking}}


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


@pytest.mark.parametrize(
    ("p", "share", "verdict"),
    [(0.5, 0.02, "warning"), (0.49, 0.3, "clear"), (0.9, 0.019, "clear"), (0.9, None, "clear")],
    ids=["beats it", "in fewer futures", "by too little", "cost unknown"],
)
def test_an_alternative_must_beat_the_proposal_often_and_by_enough(find, p, share, verdict):
    row = {
        "option": None,
        "name": "Ash, Birch",
        "members": ["ash", "birch"],
        "beats": {"p": p},
        "share_of_cost": share,
    }
    found = find("pitfall.mutual_benefit", document=better_off() | {"choice": {"alternatives": [row]}})
    assert found.verdict == verdict
    said = next(e for e in found.because if e.pointer == "/choice/alternatives/0/beats/p")
    assert said.value == p
    assert ("an alternative to be answered" in said.text) == (verdict == "warning")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"options": REAL[:2], "preferred_before_study": {"option": "o1", "by": "The mayor"}}, "warning"),
        ({"options": [REAL[0], option("copied", costed_on_its_own=False)]}, "warning"),
        ({"options": REAL[:2]}, "watch"),
        ({"options": REAL, "preferred_before_study": {"option": "o1", "by": "The mayor"}}, "watch"),
        ({"options": REAL, "document": compared(o0=0.5, o1=0.3, o2=0.2)}, "clear"),
        ({"options": REAL, "document": compared(o0=0.8, o1=0.192, o2=0.008)}, "watch"),
        ({"options": REAL, "document": compared(o0=0.5, o1=0.3, o2=0.2, winner={"0.3": "o0", "0.5": "o0", "0.7": "o1"})}, "watch"),
        ({"options": REAL, "document": compared(o0=0.5, o1=0.3, o2=0.2, winner={"0.2": "o1", "0.5": "o0", "0.8": "o1"})}, "clear"),
        ({"options": REAL}, "unknown"),
        ({}, "unknown"),
    ],
    ids=["both", "one real option", "two", "preferred", "three", "never best", "overturned", "by larger weights", "not compared", "no data"],
)  # fmt: skip
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
        ({"comparables": [comparable(measures={"calls": 1601})]}, "watch"),
        ({"comparables": [comparable(measures={"calls": 1599})]}, "clear"),
        ({"comparables": [comparable(services=["police", "fire"])]}, "clear"),
        ({"comparables": [comparable(services=["fire"])], "thresholds": [{"id": "pitfall.copying.unlike", "value": 0.9, "reason": "One service"}]}, "watch"),
        ({"comparables": [comparable()], "taken_over": [{"option": "joint", "comparable": "elm", "adjusted": True}]}, "clear"),
        ({"options": REAL}, "clear"),
        ({}, "unknown"),
    ],
    ids=["taken over", "said so", "twice as many calls", "not quite", "one service more", "another service", "adjusted", "own figures", "no data"],
)  # fmt: skip
def test_copying(find, changes, verdict):
    found = find("pitfall.copying", **changes)
    assert found.verdict == verdict
    if verdict in {"warning", "watch"} and "comparables" in changes:
        assert any("would hold" in s.text for s in found.next_steps)


def test_copying_standardises_by_the_reference_set_and_names_the_nearest_and_what_is_most_unlike(find):
    """With three shipped or listed agreements that have a population, a step is their standard deviation."""
    far = comparable(id="oak", who="Oak", measures={"population": 900_000, "calls": 900}, members=3)
    found = find(
        "pitfall.copying",
        comparables=[far, comparable(measures={"population": 5000, "calls": 900}, members=3)],
    )
    first, second = (e.text for e in found.because if "steps from this case" in e.text)
    assert first.startswith("Elm, the nearest comparable,")
    assert "most unlike is population: 9e+05 there" in second
    assert "standard deviation of 4 others" in second
    assert any("cost per person must not change with size" in s.text for s in found.next_steps)


@pytest.mark.parametrize(
    ("margin", "verdict"),
    [("2023-10-01", "clear"), ("2023-12-01", "watch"), (None, "watch")],
    ids=["before", "after the study", "never"],
)
def test_both_are_likely_only_by_margins_agreed_before_the_study(find, margin, verdict):
    measure = {"id": "m", "name": "Response", "unit": "min", "better": "lower", "primary": True, "margin": 1}
    measure |= {"margin_agreed_on": margin} if margin else {}
    published = {"id": "s", "kind": "study_published", "on": "2023-11-01", "text": "Study"}
    found = find(
        "pitfall.save_and_better",
        document=both_hold(0.8),
        promises=PROMISES,
        service_measures=[measure],
        events=[published],
    )
    assert found.verdict == verdict


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
        ("negotiate", [task("visit", relationship=True, done_on="2023-11-01"), task("terms", negotiates_terms=True, done_on="2023-11-30")], [wave("trust", rated("ash", "birch", SAFE))], "warning"),
        ("negotiate", [task("visit", relationship=True, done_on="2023-11-01"), task("terms", negotiates_terms=True, done_on="2023-12-01")], [wave("trust", rated("ash", "birch", SAFE))], "clear"),
        ("negotiate", [task("visit", relationship=True, done_on="2023-11-01"), task("dinner", relationship=True)], [wave("trust", rated("ash", "birch", SAFE))], "watch"),
        ("negotiate", None, [wave("trust", rated("ash", "birch", SAFE))], "unknown"),
        ("negotiate", None, [], "unknown"),
    ],
    ids=["terms first", "still to come", "weak pair", "met and asked", "a day before the survey", "on its day", "one meeting open", "no plan", "no data"],
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
