"""The advice: each rule on a case that brings it about, their order, and who owns the conditions."""

import pytest
from cases import case, document

from interlocal.lessons import advice, findings

ALL = ("ash", "birch", "cedar")
DRIVER = {"ideas": [{"id": f"i{n}", "partner": p, "text": "Train together"} for n, p in enumerate(ALL)]}
CHIEFS = {
    "roles": [
        {
            "role": "sponsor",
            "partner": p,
            "post": "Manager",
            "chief_administrator": True,
            "hours_per_month": 8,
        }
        for p in ALL
    ]
}
GOOD = DRIVER | CHIEFS
SPEED = {"id": "speed", "name": "Response time", "unit": "minutes", "better": "lower", "primary": True}


def results(p_better_off=0.8, p_saves=0.8, p_service=0.9):
    return {
        "sharing": {"options": {"joint": {"partners": {p: {"p_better_off": p_better_off} for p in ALL}}}},
        "questions": {
            "money": {"options": {"joint": {"pool": {"total": {"p_saves": p_saves}}}}},
            "service": {
                "options": {"joint": {"measures": [{"measure": "speed", "partner": "ash", "p": p_service}]}}
            },
        },
    }


def advise(study=None, **changes):
    asked = case(**changes)
    study = results() if study is None else study
    return advice(asked, study, findings(asked, study))


def spending(scopes):
    return [row | {"scope": s} for row, s in zip(document()["spending"], scopes, strict=True)]


WITH, WITHOUT = {"benefits": "included"}, {"benefits": "excluded"}
WORTH = [SPEED | {"worth": {"ash": 500}}]


@pytest.mark.parametrize(
    ("study", "changes", "verdict", "says"),
    [
        (results(p_better_off=0.49), GOOD, "do not proceed as proposed", "Ash is better off in 49 of 100"),
        (results(p_saves=0.49), GOOD, "do not proceed as proposed", "together save money in 49 of 100"),
        (results(p_service=0.5), GOOD | {"service_measures": [SPEED]}, "do not proceed as proposed", "worse in 50 of 100"),
        (results(), GOOD | {"spending": spending([WITH, WITH, WITHOUT])}, "not yet", "Cedar leave out benefits"),
        (results(), CHIEFS, "not yet", "None of 8 drivers is present"),
        (results(), DRIVER, "not yet", "“Administrative leadership” is unknown: find this out first"),
        (results(), GOOD | {"options": [document()["options"][0] | {"saving_taken_over": "Elm"}]}, "proceed on conditions", "” is warning"),
        (results(), GOOD | {"plan": {"start": "2024-01-01"}}, "proceed on conditions", "” is missing"),
        (results(), GOOD, "proceed to the next gate", "are unknown"),
    ],
    ids=["worse off", "no saving", "worse service", "scopes", "no driver", "critical", "pitfall", "condition", "proceed"],
)  # fmt: skip
def test_a_rule_gives_the_advice(study, changes, verdict, says):
    given = advise(study, **changes)
    assert given["verdict"] == verdict
    assert any(says in row["because"] for row in given["rules"])


def test_a_declared_gain_in_service_lifts_the_rule_on_savings():
    assert (
        advise(results(p_saves=0.2), **GOOD, service_measures=WORTH)["verdict"] == "proceed to the next gate"
    )


def test_all_rules_that_apply_are_printed_and_the_first_gives_the_verdict():
    given = advise(results(p_better_off=0.1), plan={"start": "2024-01-01"})
    verdicts = list(dict.fromkeys(row["verdict"] for row in given["rules"]))
    assert verdicts == ["do not proceed as proposed", "not yet", "proceed on conditions"]
    assert given["verdict"] == verdicts[0]


def test_each_condition_has_an_item_and_an_owner():
    given = advise(**GOOD, plan={"start": "2024-01-01"})
    assert [c["item"] for c in given["conditions"]] == ["principle.effort"]
    assert all(c["text"] and c["owner"] for c in given["conditions"])


def test_unknown_critical_items_come_in_with_the_gate():
    assert advise(**GOOD)["verdict"] == "proceed to the next gate"
    later = advise(**GOOD, gate="negotiate")
    assert later["verdict"] == "not yet"
    assert {r["applies_to"] for r in later["rules"] if r["verdict"] == "not yet"} >= {
        "necessity.champion",
        "necessity.trust",
    }


def test_changes_that_nobody_tried_are_not_claimed():
    given = advise(**GOOD)
    assert given["would_change"] is None
    assert "running the study again" in given["would_change_reason"]


def test_a_reason_is_seen_by_no_more_people_than_the_finding_it_tells():
    chief = {"role": "champion", "partner": "ash", "post": "Chief"}
    given = advise(**DRIVER, roles=[*CHIEFS["roles"], chief], gate="negotiate")
    by_item = {row["applies_to"]: row["audience"] for row in given["rules"]}
    assert by_item["necessity.champion"] == "facilitator"
