"""Agreements for programs: who gets what, to the cent, and what a save has to be."""

import datetime as dt
import json

import pytest
from agreements import hosted

PEOPLE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SEE = dict.fromkeys(PEOPLE, 200) | {"sam": 404}


@pytest.fixture
def record(world):
    return hosted(world)


@pytest.fixture
def program(at):
    from interlocal.web.actions.tokens import make_token

    def call(person, method, url, scopes=("read", "write"), **body):
        token = make_token(person=person, name="test", scopes=scopes)
        more = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(at(), method)(f"/api/v1{url}", headers={"authorization": f"Bearer {token}"}, **more)

    return call


@pytest.mark.parametrize("rest", ["", "/money/2025", "/money/2025/invoices.csv", "/promised"])
def test_who_reads_an_agreement(world, program, record, rest):
    url = f"/agreements/{record.pk}{rest}"
    assert {n: program(getattr(world, n), "get", url).status_code for n in PEOPLE} == SEE
    assert program(world.alice, "get", url, scopes=("study",)).status_code == 403


def test_the_lists_hold_what_a_person_may_see(world, program, record, monkeypatch):
    from interlocal.web import running

    monkeypatch.setattr(running, "today", lambda: dt.date(2027, 3, 15))
    assert [a["id"] for a in program(world.charlie, "get", "/agreements").json()] == [str(record.pk)]
    assert program(world.charlie, "get", "/agreements/due").json()
    assert all(c["days"] <= 30 for c in program(world.alice, "get", "/agreements/due?within=30").json())
    assert program(world.sam, "get", "/agreements").json() == []
    assert program(world.sam, "get", "/agreements/due").json() == []


def test_bills_add_up_and_a_party_gets_its_own_invoices(world, program, record):
    url = f"/agreements/{record.pk}/money/2025"
    whole, own = (program(p, "get", url).json() for p in (world.alice, world.charlie))
    assert whole["bills"] == own["bills"]
    assert sum(b["net"] for b in whole["bills"]) == sum(i["cents"] for i in whole["invoices"])
    assert {i["organisation"] for i in own["invoices"]} == {"harbor"}
    assert program(world.alice, "get", f"/agreements/{record.pk}/money/1999").status_code == 404


def test_a_save_needs_the_role_the_latest_base_and_a_right_document_that_keeps_the_promise(world, program, record):  # fmt: skip
    url = f"/agreements/{record.pk}"
    held = program(world.alice, "get", url).json()["document"]
    for person, code in ((world.charlie, 403), (world.vic, 403), (world.sam, 404)):
        assert program(person, "put", url, base=1, document=held).status_code == code
    longer = {**held, "title": "Longer"}
    assert program(world.bob, "put", url, base=1, document=longer).json() == {"revision": 2}
    assert program(world.bob, "put", url, base=1, document=held).status_code == 409
    wrong = program(world.bob, "put", url, base=2, document={**held, "starts": "soon", "lead": "nobody"})
    assert wrong.status_code == 422
    other = {**held, "baseline": {**held["baseline"], "price_growth": 0.4}}
    assert "stays as it is" in program(world.bob, "put", url, base=2, document=other).content.decode()
