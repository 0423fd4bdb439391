"""The interface for programs: who gets what, within which scopes; its document is a snapshot."""

import json
from pathlib import Path

import pytest

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs/reference/openapi.json"


@pytest.fixture
def program(at):
    from interlocal.web.actions.tokens import make_token

    def call(person, method, url, scopes=("read", "write", "study"), **body):
        token = make_token(person=person, name="test", scopes=scopes)
        more = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(at(), method)(f"/api/v1{url}", headers={"authorization": f"Bearer {token}"}, **more)

    return call


def test_without_a_token_nothing_is_told(world, at):
    assert at().get("/api/v1/cases").status_code == 401
    assert at(world.alice).get("/api/v1/cases").status_code == 401  # a browser's session is no token
    assert at().get("/api/v1/cases", headers={"authorization": "Bearer nonsense"}).status_code == 401


EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SEE = dict.fromkeys(EVERYONE, 200) | {"sam": 404}
EDIT = {"alice": 1, "bob": 1, "rita": 403, "vic": 403, "charlie": 1, "fay": 1, "sam": 404}


@pytest.mark.parametrize("rest", ["", "/revisions"])
def test_who_reads_a_case(world, program, rest):
    assert {
        n: program(getattr(world, n), "get", f"/cases/{world.case.pk}{rest}").status_code for n in EVERYONE
    } == SEE


def test_who_asks_for_a_study_and_who_saves(world, program, monkeypatch):
    from interlocal.web.actions import studies

    monkeypatch.setattr(studies, "AT_ONCE", 9)
    found = {
        n: program(getattr(world, n), "post", f"/cases/{world.case.pk}/studies", draws=200).status_code
        for n in EVERYONE
    }
    assert found == {n: 202 if v == 1 else v for n, v in EDIT.items()}
    data = world.case.head.data
    found = {
        n: program(getattr(world, n), "put", f"/cases/{world.case.pk}", base=1, document=data).status_code
        for n in EVERYONE
    }
    assert found == {n: 200 if v == 1 else v for n, v in EDIT.items()}


def test_a_token_does_no_more_than_its_scopes(world, program):
    url = f"/cases/{world.case.pk}"
    assert program(world.alice, "get", "/cases", scopes=["write"]).status_code == 403
    assert program(world.alice, "get", url, scopes=["study"]).status_code == 403
    assert program(world.alice, "put", url, scopes=["read"], base=1, document={}).status_code == 403
    assert program(world.alice, "post", f"{url}/studies", scopes=["read"], draws=200).status_code == 403


def test_a_save_is_a_revision_and_a_late_one_is_refused(world, program):
    url = f"/cases/{world.case.pk}"
    got = program(world.bob, "get", url).json()
    got["document"]["title"] = "By a program"
    assert program(world.bob, "put", url, base=1, document=got["document"]).json()["number"] == 2
    assert program(world.bob, "put", url, base=1, document=got["document"]).status_code == 409


def test_what_is_wrong_is_said_as_the_command_line_says_it(world, program):
    answer = program(
        world.bob, "put", f"/cases/{world.case.pk}", base=1, document={"format": 1, "titel": "x"}
    )
    assert answer.status_code == 422
    assert {p["path"] for p in answer.json()["problems"]} >= {"/title", "/titel"}


def test_private_figures_stay_private_and_survive(world, program, at, save):
    save(
        at(world.charlie),
        f"{world.url}edit/spending/",
        fields={"1.visibility": "facilitator", "1.amount": "123456"},
    )
    url = f"/cases/{world.case.pk}"
    got = program(world.bob, "get", url).json()
    assert "123456" not in json.dumps(got)
    document = got["document"] | {"title": "Changed"}
    assert program(world.bob, "put", url, base=2, document=document).status_code == 200
    assert "123456" in json.dumps(program(world.charlie, "get", url).json())
    document["spending"] = document["spending"][:1]
    assert program(world.bob, "put", url, base=3, document=document).status_code == 409
    document = got["document"] | {"summary": {"__kept": "/spending/1/amount"}}
    assert program(world.bob, "put", url, base=3, document=document).status_code == 409


def test_the_answers_have_the_bytes_of_the_command_line(world, program):
    from workbench import run_waiting

    from interlocal.study import study

    url = f"/cases/{world.case.pk}/studies"
    run = program(world.alice, "post", url, draws=200).json()["id"]
    run_waiting()
    assert program(world.vic, "get", f"{url}/{run}").json()["status"] == "done"
    expected = study(world.case.head.read, draws=200, changes=True).to_json().encode()
    assert program(world.vic, "get", f"{url}/{run}/study.json").content == expected


def test_the_description_is_the_one_that_is_committed(world, at):
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == at().get("/api/v1/openapi.json").json()
