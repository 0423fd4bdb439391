"""All 42 findings on the made-up valley and on thin cases: order, evidence that resolves, and who may see what."""

import copy
import json

import pytest
from cases import case as small_case

from interlocal.case.document import Case
from interlocal.case.read import read_case
from interlocal.case.starter import starter
from interlocal.lessons import findings
from interlocal.lessons.catalogue import LISTS, items
from interlocal.study import study

OPTION = "joint_department"


def resolve(pointer, *documents):
    """Return what a JSON pointer finds in the first document that has it; KeyError where none has."""
    for document in documents:
        part = document
        try:
            for step in pointer.split("/")[1:]:
                part = part[int(step)] if isinstance(part, list) else part[step]
        except (KeyError, IndexError, TypeError, ValueError):
            continue
        return part
    raise KeyError(pointer)


@pytest.fixture(scope="module")
def case(root):
    return read_case(root / "examples" / "juniper-valley" / "case.yaml")


@pytest.fixture(scope="module")
def text(case):
    return case.model_dump(mode="json", exclude_unset=True)


@pytest.fixture(scope="module")
def document(case):
    return json.loads(study(case, draws=200).to_json())


@pytest.fixture(scope="module")
def found(case, document):
    return {f.item: f for f in findings(case, document)}


def test_there_are_42_findings_in_the_order_of_the_checklist(found):
    assert list(found) == list(items())
    assert len(found) == 42


def test_every_pointer_resolves_and_every_sentence_stands_once(case, document, found):
    plain = json.loads(case.model_dump_json())
    for finding in found.values():
        for evidence in finding.because:
            resolve(evidence.pointer, plain, document)
        texts = [e.text for e in finding.because]
        assert len(texts) == len(set(texts)), finding.item


def test_every_verdict_has_evidence_with_a_figure_or_a_day(found):
    for finding in found.values():
        assert finding.verdict == "unknown" or any(c.isdigit() for e in finding.because for c in e.text)


def test_the_valley_shows_every_kind_of_verdict(found):
    shown = {name: {f.verdict for f in found.values() if f.list == name} for name in LISTS}
    assert shown["drivers"] == {"present", "emerging", "absent", "unknown"}
    assert shown["pitfalls"] == {"clear", "watch", "warning"}
    assert shown["principles"] | shown["necessities"] == {"strong", "adequate", "weak", "missing"}
    assert len(shown["questions"]) > 1


def test_a_finding_has_the_fields_of_the_contract(found):
    for finding in found.values():
        row = finding.as_dict()
        assert list(row) == ["item", "list", "gate", "due", "verdict", "confidence", "audience", "because", "next_steps"]  # fmt: skip
        assert all(list(e) == ["text", "pointer", "value", "unit"] for e in row["because"])
        assert all(list(s) == ["text", "who"] for s in row["next_steps"])
        json.dumps(row, allow_nan=False)


def test_what_is_due_follows_the_gate(text, document):
    gates = ["explore", "negotiate", "adopt", "run"]
    for gate in gates:
        for finding in findings(Case.model_validate(text | {"gate": gate}), document):
            assert finding.due == (gates.index(finding.gate) <= gates.index(gate))


def test_nothing_about_pairs_people_or_positions_is_public(case, found):
    public = [f for f in found.values() if f.audience == "public"]
    said = " ".join(e.text for f in public for e in f.because)
    assert not any(p.name in said for p in case.partners)
    assert {
        found[i].audience for i in ("driver.leadership", "pitfall.skipping_trust", "pitfall.missions")
    } == {"facilitator"}
    assert found["principle.trust"].audience == "partners"


def test_a_thin_case_is_mostly_unknown_and_raises_no_alarm(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text(starter(), encoding="utf-8")
    for thin in (read_case(path), small_case()):
        shown = findings(thin, study(thin, draws=200).document)
        due = [f for f in shown if f.due]
        assert sum(f.verdict == "unknown" or not f.due for f in shown) > 30
        assert not [f.item for f in due if f.verdict in {"warning", "weak", "missing"}]
        assert all(f.next_steps for f in shown if f.verdict == "unknown")


@pytest.mark.parametrize("item", list(items()))
def test_an_item_without_data_is_unknown_and_says_what_to_collect_and_from_whom(item):
    bare = small_case(options=[], spending=[])
    (shown,) = (f for f in findings(bare, study(bare, draws=100).document) if f.item == item)
    assert shown.verdict == "unknown"
    assert shown.confidence == "low"
    assert shown.next_steps
    assert all(s.text and s.who for s in shown.next_steps)


def put(path, value):
    """Return a change that sets one place of the case."""

    def change(case, _document):
        part = case
        *way, last = path
        for step in way:
            part = part[step]
        part[last] = value

    return change


def put_in_study(path, value):
    def change(_case, document):
        part = document
        *way, last = path
        for step in way:
            part = part[step]
        part[last] = value

    return change


ANSWER = ("options", OPTION)
CHANGES = {
    "driver.duplication": put(("duplication",), [{"kind": "heads", "partner": "juniper", "count": 1}]),
    "driver.budget": put(("partners", 0, "fund_balance"), 100_000),
    "driver.politics": put(("events", 0, "on"), "2025-05-04"),
    "driver.staff": put(("ideas",), [{"id": "one", "partner": "juniper", "text": "One idea"}]),
    "driver.leadership": put(("key_posts", 1, "until"), "2027-08-31"),
    "driver.past_success": put(("agreements", 0, "rating"), 2.2),
    "driver.mandate": put(("mandates", 0, "deadline"), "2028-06-30"),
    "driver.others": put(("comparables", 0, "realised"), 10_000),
    "principle.complexity": put(("service", "complexity", "pay_scales"), 7),
    "principle.trust": put(("surveys", 0, "cells", 0, "counts"), [5, 2, 1, 0, 0]),
    "principle.effort": put(("plan", "tasks", 5, "days"), {"low": 20, "likely": 30, "high": 50}),
    "principle.expectations": put(("expectations", 0, "value"), 300_000),
    "principle.leadership": put(("roles", 2, "until"), "2028-06-30"),
    "principle.relationships": put(("check_ins", 3, "held"), "2026-08-16"),
    "principle.victories": put(("plan", "milestones", 0, "due"), "2026-10-01"),
    "pitfall.mandate": put(("partners", 3, "benefit_of_its_own"), "Cover at night"),
    "pitfall.inconsistent_pressure": put(("actions", 0, "closed_on"), "2026-05-30"),
    "pitfall.quick_results": put(("plan", "promised_finish"), "2030-01-31"),
    "pitfall.mutual_benefit": put_in_study(("sharing", *ANSWER, "partners", "tamarack", "p_better_off"), 0.61),
    "pitfall.obvious_choice": put(("options", 4, "costed_on_its_own"), True),
    "pitfall.save_and_better": put_in_study(("questions", "service", *ANSWER, "saves_and_serves", "p"), 0.91),
    "pitfall.no_leader": put(("roles", 4, "hours_per_month"), 12),
    "pitfall.copying": put(("comparables", 0, "measures"), {"population": 40_000}),
    "pitfall.punishing": put(("attempts", 0, "lessons"), ["Settle pensions first"]),
    "pitfall.missions": put(("partner_goals", 3, "deal_breakers"), ["lower_cost"]),
    "pitfall.skipping_trust": put(("surveys", 0, "cells", 2, "counts"), [0, 0, 1, 4, 2]),
    "question.money": put_in_study(("questions", "money", *ANSWER, "pool", "total", "p_saves"), 0.95),
    "question.service": put_in_study(("questions", "service", *ANSWER, "joint", "p"), 0.2),
    "question.sustainability": put_in_study(("questions", "sustainability", *ANSWER, "p_stays", "total", "p"), 0.7),
    "necessity.political_will": put(("votes", 3, "outcome"), "yes"),
    "necessity.administration": put(("roles", 1, "hours_per_month"), 16),
    "necessity.vision": put(("vision", "looks_to"), 2045),
    "necessity.champion": put(("roles", 2, "hours_per_month"), 4),
    "necessity.persistence": put(("actions", 0, "closed_on"), "2026-05-30"),
    "necessity.beyond_study": put(("recommendations", 1, "decided_on"), "2026-09-01"),
    "necessity.trust": put(("partners", 2, "disclosures", 0, "explained"), True),
    "necessity.open_process": put(("stakeholders", 1, "heard_on"), ["2026-08-01"]),
    "necessity.creativity": put(("options", 1, "sunset"), None),
    "necessity.equity": put(("consents", 3, "quorum_met"), True),
    "necessity.timing": put(("events", 3, "on"), "2026-01-15"),
    "necessity.governance": put(("options", 1, "clauses", 3, "status"), "agreed"),
    "necessity.no_one_size": put(("options", 1, "formula", "decided"), False),
}  # fmt: skip


@pytest.mark.parametrize("item", list(items()))
def test_what_is_said_changes_with_the_case(text, document, found, item):
    changed, results = copy.deepcopy(text), copy.deepcopy(document)
    CHANGES[item](changed, results)
    after = {f.item: f for f in findings(Case.model_validate(changed), results)}
    assert [e.text for e in after[item].because] != [e.text for e in found[item].because]


def test_findings_do_not_change_what_they_read(case, document):
    before = copy.deepcopy(document)
    assert findings(case, document) == findings(case, document)
    assert document == before


def test_a_finding_says_that_its_threshold_was_set_otherwise_and_why(found):
    said = [e for e in found["driver.leadership"].because if e.pointer == "/thresholds/0"]
    assert [e.value for e in said] == [18]
    assert "and not by 12 months" in said[0].text
    assert "year and a half ahead" in said[0].text


def test_an_override_alone_is_no_evidence():
    wider = [{"id": "driver.leadership.window_months", "value": 18, "reason": "Long notice"}]
    shown = {f.item: f for f in findings(small_case(thresholds=wider), {})}
    assert shown["driver.leadership"].verdict == "unknown"
    assert shown["driver.leadership"].because == ()
