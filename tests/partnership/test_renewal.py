"""The study run again with recorded figures, and agreements that never had a study."""

import json

import pytest
from cases import document as small
from partnership.registers import agreement, register

from interlocal.case.document import Case
from interlocal.case.read import parse_case
from interlocal.case.written import to_yaml
from interlocal.partnership.register import parse_register
from interlocal.partnership.renewal import LINE, as_case, lacking, run_again
from interlocal.problems import InputError
from interlocal.study import study

ORGANISATIONS = ("ash", "birch", "cedar")


def running(as_of="2028-06-30", **changes):
    people = {"ash": 1200, "birch": 2400, "cedar": 900}
    data = {
        "id": "joint",
        "title": "One department",
        "service": "police",
        "parties": [{"organisation": p} for p in ORGANISATIONS],
        "starts": "2026-01-01",
        "formula": {"rule": {"kind": "per_head"}},
        "years": [
            {
                "year": 2027,
                "lines": [{"id": "all", "budget": 320_000, "actual": 350_000}],
                "drivers": {"population": people},
                "closed_on": "2028-03-01",
            }
        ],
        **changes,
    }
    plain = {
        "format": 1, "title": "R", "as_of": as_of, "currency": "USD",
        "organisations": [{"id": p, "name": p} for p in ORGANISATIONS], "agreements": [data],
    }  # fmt: skip
    found = parse_register(json.dumps(plain).encode(), "r")
    return found, found.agreements[0]


def test_recorded_figures_stand_instead_of_forecasts():
    case = Case.model_validate(small())
    again = run_again(case, *running())
    assert (again.gate, str(again.as_of)) == ("run", "2028-06-30")
    assert (again.assumptions.horizon.first, again.assumptions.horizon.last) == (2029, 2033)
    assert again.partner("ash").measures["population"].central == 1200
    (line,) = (x for x in again.option("joint").lines if x.id == LINE)
    assert line.behaviour.amount.central == 30_000
    saving = study(again, draws=32).document["central"]["options"]["joint"]["partners"]
    before = study(case, draws=32).document["central"]["options"]["joint"]["partners"]
    assert sum(p["saving"][0] for p in saving.values()) == pytest.approx(
        sum(p["saving"][0] for p in before.values()) - 30_000
    )


def test_running_again_twice_gives_the_same():
    case = Case.model_validate(small())
    once = run_again(case, *running())
    assert run_again(case, *running()).sha256 == once.sha256


def test_lessons_take_their_evidence_from_the_running_partnership():
    life = {
        "rhythm_days": 30,
        "check_ins": [{"planned": "2028-01-10", "held": "2028-01-10", "attended": list(ORGANISATIONS)}],
        "issues": [{"id": "old", "text": "Late reports", "opened_on": "2028-01-01"}],
        "milestones": [{"id": "win", "text": "One number", "due": "2026-12-31", "reached_on": "2026-11-01"}],
        "told": [{"milestone": "win", "to": "residents", "on": "2026-11-05"}],
    }
    case = Case.model_validate(small())
    rows = {f["item"]: f for f in study(run_again(case, *running(life=life)), draws=32).document["lessons"]}
    before = {f["item"]: f for f in study(case, draws=32).document["lessons"]}
    assert before["principle.relationships"]["verdict"] == "unknown"
    told = str(rows["principle.relationships"])
    assert "Planned check-ins held: 1 of 1" in told
    assert "Issues still open: 1 of 1" in told
    assert rows["principle.victories"]["verdict"] != before["principle.victories"]["verdict"]


def test_a_case_of_other_places_is_refused():
    found = register(agreement())
    with pytest.raises(InputError, match="who are no partners of it"):
        run_again(Case.model_validate(small()), found, found.agreements[0])


def test_an_agreement_without_a_study_becomes_a_case_that_reads_back():
    found = register(agreement(before={p["organisation"]: 200_000 for p in agreement()["parties"]}))
    case = as_case(found, found.agreements[0])
    again = parse_case(to_yaml(case).encode(), "case.yaml")
    assert again.sha256 == case.sha256
    assert "A pulse survey of the people who work together (the facilitator)" in map(
        str, lacking(found.agreements[0])
    )
    assert study(again, draws=32).document["questions"]["money"]["options"]["agreement"]["pool"] is not None
