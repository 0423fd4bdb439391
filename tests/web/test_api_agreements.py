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


def test_who_starts_agreements_from_a_document_a_workbook_and_a_table(world, program, record):
    import base64

    from interlocal.partnership.table import template
    from interlocal.partnership.workbook import to_workbook

    held = record.head.partnership
    book = {"name": "a.xlsx", "content": base64.b64encode(to_workbook(held)).decode(), "base64": True}
    for body, title in (
        ({"document": json.loads(held.canonical_json())}, held.title),
        ({"file": book}, held.title),
        ({"table": {"name": "t.csv", "content": template()}}, "Shared dispatch"),
    ):
        made = program(world.bob, "post", "/agreements", **body)
        assert made.status_code == 201, made.content
        assert [a["title"] for a in made.json()] == [title]
    for person in (world.vic, world.sam):
        assert program(person, "post", "/agreements", file=book).status_code == 403
    bad = program(world.bob, "post", "/agreements", table={"name": "t.csv", "content": "title,parties,starts\nOne,A; B,soon\n"})  # fmt: skip
    assert bad.status_code == 422
    assert "t.csv, row 2, column starts" in bad.content.decode()


def test_what_leaving_costs_and_how_an_end_divides_are_given_as_on_the_screens(world, program, record):
    from interlocal.partnership.endings import settlement
    from interlocal.partnership.membership import leaving
    from interlocal.web import money, policies, running

    url = f"/agreements/{record.pk}"
    assert {n: program(getattr(world, n), "get", f"{url}/leaving/wexley").status_code for n in PEOPLE} == SEE | {"charlie": 404}  # fmt: skip
    books = money.ledger(policies.access_to(world.alice, record))
    said = program(world.charlie, "get", f"{url}/leaving/harbor").json()
    cost = leaving(books, "harbor", running.today())
    assert (said["known_cents"], said["unknown"]) == (cost.known, list(cost.unknown))
    assert program(world.alice, "get", f"{url}/leaving/nobody").status_code == 422
    assert program(world.alice, "get", f"{url}/ending").status_code == 404
    ending = {"on": str(running.today()), "why": ["cost"], "assets": [{"id": "van", "name": "Van", "value": 9000.01}]}  # fmt: skip
    ended = hosted(world, ending=ending)
    said = program(world.charlie, "get", f"/agreements/{ended.pk}/ending").json()
    books = money.ledger(policies.access_to(world.charlie, ended))
    assert said["totals"] == settlement(books).totals
    assert said["why"] == ["cost"]
