"""Which clauses are agreed, which are missing for the form chosen, and which a lawyer has still to see."""

import pytest
from cases import case, with_option

from interlocal.governance.answer import governance_answer
from interlocal.governance.clauses import clauses_of
from interlocal.reference import clauses, governance_models

EVERYONE = frozenset({"facilitator", "partners", "public"})
TOLD = [
    {"id": "notice", "status": "agreed", "text": "Twelve months.", "legal_review": "done", "visibility": "public"},
    {"id": "votes", "status": "open", "visibility": "facilitator"},
    {"id": "deadlock", "status": "not_needed"},
]  # fmt: skip


@pytest.mark.parametrize("model", [m for m in governance_models() if m != "consolidation"])
def test_of_a_bare_case_every_clause_that_the_form_needs_is_missing(model):
    found = clauses_of(case(), model)
    assert [c.clause.id for c in found] == [c.id for c in clauses().values() if model in c.needed_by]
    assert all(c.status == "missing" and c.for_a_lawyer and not c.settled for c in found)


def test_a_clause_is_missing_until_it_is_agreed_or_agreed_to_be_done_without():
    answer = governance_answer(with_option(form="interlocal_agreement", clauses=TOLD), 1, EVERYONE)["clauses"]
    assert set(answer["agreed"]) == {"notice", "deadlock"}
    assert "votes" in answer["missing"]
    assert "notice" not in answer["for_a_lawyer"]
    assert {"votes", "deadlock", "authority"} <= set(answer["for_a_lawyer"])


def test_each_clause_that_is_not_settled_comes_with_its_questions_and_no_settled_one_does():
    answer = governance_answer(with_option(form="interlocal_agreement", clauses=TOLD), 1, EVERYONE)["clauses"]
    for row in answer["rows"]:
        assert bool(row["questions"]) == (row["status"] in {"open", "missing"})


def test_an_audience_sees_no_status_of_a_clause_kept_from_it():
    told = with_option(form="interlocal_agreement", clauses=TOLD, visibility="public")
    answer = governance_answer(told, 1, frozenset({"public"}))["clauses"]
    rows = {r["id"]: r for r in answer["rows"]}
    assert rows["votes"]["status"] is None
    assert rows["votes"]["questions"] == []
    assert rows["notice"]["text"] == "Twelve months."
    assert not {"votes", "deadlock"} & {*answer["agreed"], *answer["missing"], *answer["for_a_lawyer"]}


def test_a_clause_the_form_does_not_need_is_shown_where_the_case_names_it():
    answer = governance_answer(with_option(form="handshake", clauses=TOLD), 1, EVERYONE)["clauses"]
    rows = {r["id"]: r for r in answer["rows"]}
    assert rows["votes"]["needed"] is False
    assert "votes" not in answer["missing"]


def test_consolidation_follows_a_law_of_its_own():
    answer = governance_answer(with_option(form="consolidation"), 1, EVERYONE)["clauses"]
    assert answer["rows"] == []
    assert "Ask counsel" in answer["unknown"]


def test_without_a_form_the_clauses_of_the_one_that_comes_first_alone_are_shown():
    answer = governance_answer(case(), 1, EVERYONE)
    assert answer["model"] is None
    assert [answer["clauses"]["model"]] == answer["first"]
