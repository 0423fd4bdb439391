"""Drivers, on cases written by hand: what shows each, what does not, and what is unknown."""

import pytest
from cases import document

NEIGHBOURS = [
    {"id": "ash", "name": "Ash", "adjacent": ["birch"]},
    {"id": "birch", "name": "Birch", "adjacent": ["ash", "cedar"]},
    {"id": "cedar", "name": "Cedar"},
]
STATIONS = [{"kind": "stations", "partner": p, "count": 1} for p in ("ash", "birch")]
SURVEY = {"driver": "duplication", "text": "Two engines come", "evidence_kind": "survey", "by": "Survey"}


def partners(**changes):
    rows = document()["partners"]
    rows[0] |= changes
    return rows


def event(kind, on):
    return {"id": "e", "kind": kind, "on": on, "text": "Council asks for a study"}


def chief(partner, title, **fields):
    return {"id": partner, "partner": partner, "title": title} | fields


def agreement(**fields):
    return {"id": "a", "title": "Mutual aid", "members": ["ash", "birch"], "since": 2010} | fields


def mandate(**fields):
    return {"id": "m", "citation": "Act 1", "binds": ["ash"], "requires": "to_provide"} | fields


def comparable(**fields):
    return {"id": "c", "who": "Elm", "what": "Joint police"} | fields


def idea(number, partner):
    return {"id": f"i{number}", "partner": partner, "text": "Train together"}


@pytest.mark.parametrize(
    ("item", "changes", "verdict", "says"),
    [
        ("duplication", {"duplication": [*STATIONS], "driver_claims": [SURVEY]}, "present", "partners: 2"),
        ("duplication", {"duplication": STATIONS}, "emerging", "partners: 2"),
        ("duplication", {"duplication": STATIONS[:1]}, "absent", "partners: 1"),
        ("budget", {"partners": partners(revenue={2023: 900}, total_spending={2023: 1000})}, "present", "USD 100 more"),
        ("budget", {"partners": partners(revenue={2023: 1000}, total_spending={2023: 900})}, "absent", "0 of 1"),
        ("politics", {"events": [event("resolution", "2023-10-01")]}, "present", "3 months ago"),
        ("politics", {"events": [event("resolution", "2019-10-01")]}, "emerging", "51 months ago"),
        ("politics", {"events": [event("setback", "2023-10-01")]}, "absent", "1 dated event"),
        ("staff", {"ideas": [idea(1, "ash"), idea(2, "birch")]}, "present", "2 ideas"),
        ("staff", {"ideas": [idea(1, "ash")]}, "emerging", "1 idea"),
        ("past_success", {"agreements": [agreement(rating=4.2)]}, "present", "rated 4.2"),
        ("past_success", {"agreements": [agreement()]}, "emerging", "14 years"),
        ("past_success", {"agreements": [agreement(rating=2)]}, "absent", "rated 2"),
        ("mandate", {"mandates": [mandate(deadline="2024-01-25")]}, "present", "10 days are left"),
        ("others", {"comparables": [comparable(claimed=5000, realised=4000)]}, "present", "recorded USD 4,000"),
        ("others", {"comparables": [comparable(claimed=5000)]}, "emerging", "claimed USD 5,000"),
        ("others", {"comparables": [comparable(claimed=5000, realised=-100)]}, "absent", "recorded USD -100"),
    ],
)  # fmt: skip
def test_a_driver_is_found_where_the_case_shows_it(find, item, changes, verdict, says):
    found = find(f"driver.{item}", **changes)
    assert found.verdict == verdict
    assert any(says in e.text for e in found.because)


@pytest.mark.parametrize(
    "item",
    ["duplication", "budget", "politics", "staff", "leadership", "past_success", "mandate", "others"],
)
def test_a_driver_nobody_told_us_about_is_unknown_and_says_what_to_collect(find, item):
    found = find(f"driver.{item}")
    assert found.verdict == "unknown"
    assert found.because == ()
    assert found.next_steps


def test_police_chief_and_chief_of_police_open_next_door_are_one_window(find):
    posts = [
        chief("ash", "Police chief", status="ending", until="2024-06-30"),
        chief("birch", "Chief of police", status="vacant"),
    ]
    found = find("driver.leadership", partners=NEIGHBOURS, key_posts=posts)
    assert found.verdict == "present"
    assert "Ash and Birch" in found.because[0].text
    assert "2024-06-30" in found.because[0].text
    assert found.audience == "facilitator"


@pytest.mark.parametrize(
    "second",
    [
        chief("cedar", "Police chief", status="vacant"),
        chief("birch", "Town clerk", status="vacant"),
        chief("birch", "Police chief", status="ending", until="2026-01-31"),
        chief("birch", "Police chief"),
    ],
    ids=["not adjacent", "another post", "too late", "filled"],
)
def test_openings_that_do_not_meet_are_no_window(find, second):
    first = chief("ash", "Police chief", status="vacant", until="2024-03-01")
    found = find("driver.leadership", partners=NEIGHBOURS, key_posts=[first, second])
    assert found.verdict == "emerging"


def test_a_case_may_set_another_window_with_a_reason(find):
    posts = [
        chief("ash", "Police chief", status="ending", until="2024-03-01"),
        chief("birch", "Police chief", status="ending", until="2025-06-01"),
    ]
    wider = [{"id": "driver.leadership.window_months", "value": 18, "reason": "Long notice"}]
    assert find("driver.leadership", partners=NEIGHBOURS, key_posts=posts).verdict == "emerging"
    longer = find("driver.leadership", partners=NEIGHBOURS, key_posts=posts, thresholds=wider)
    assert longer.verdict == "present"


def test_a_partner_with_a_reserve_policy_is_held_to_its_own_and_not_to_gfoa(find):
    own = partners(fund_balance=100, total_spending={2023: 1200}, reserve_policy={"months": 0.5})
    assert find("driver.budget", partners=own).verdict == "absent"
    none = partners(fund_balance=100, total_spending={2023: 1200})
    found = find("driver.budget", partners=none)
    assert found.verdict == "present"
    assert "GFOA" in found.because[0].text


def test_confidence_falls_to_that_of_the_weakest_evidence(find):
    assert find("driver.duplication", duplication=STATIONS).confidence == "high"
    assert find("driver.duplication", duplication=STATIONS, driver_claims=[SURVEY]).confidence == "medium"
    said = {"driver": "budget", "text": "The levy is at its limit"}
    found = find("driver.budget", driver_claims=[said])
    assert (found.verdict, found.confidence) == ("emerging", "low")


def test_a_finding_is_seen_by_no_more_people_than_its_evidence(find):
    ideas = [idea(1, "ash") | {"visibility": "public"}, idea(2, "birch") | {"visibility": "public"}]
    assert find("driver.staff", ideas=ideas).audience == "public"
    ideas[1]["visibility"] = "facilitator"
    assert find("driver.staff", ideas=ideas).audience == "facilitator"
