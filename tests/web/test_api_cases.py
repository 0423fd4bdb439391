"""Cases, revisions, studies and who takes part, for programs: who may do what, and that nothing is lost on the way."""

import base64
import json

import pytest

EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
SEE = dict.fromkeys(EVERYONE, 200) | {"sam": 404}
EDIT = SEE | {"rita": 403, "vic": 403}
MANAGE = EDIT | {"bob": 403, "charlie": 403}


@pytest.fixture
def program(at):
    from interlocal.web.actions.tokens import make_token
    from interlocal.web.api.tokens import SCOPES

    def call(person, method, url, scopes=SCOPES, **body):
        token = make_token(person=person, name="test", scopes=scopes)
        more = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(at(), method)(f"/api/v1{url}", headers={"authorization": f"Bearer {token}"}, **more)

    return call


@pytest.fixture
def each(world, program):
    """What each person's program gets; nothing of it stays."""
    from django.db import transaction

    def codes(method, url, **body):
        found = {}
        for name in EVERYONE:
            with transaction.atomic():
                found[name] = program(getattr(world, name), method, url, **body).status_code
                transaction.set_rollback(True)
        return found

    return codes


LEAST = {"title": "Library cards", "service": "library", "partners": ["Alder", "Birch"], "currency": "USD"}


def workbook():
    from interlocal.case.workbook.writing import to_workbook
    from interlocal.web import examples

    return base64.b64encode(to_workbook(examples.case("starter"))).decode()


@pytest.mark.parametrize("start", ["nothing", "file", "workbook", "document", "example"])
def test_a_case_is_started_from_whatever_the_screens_start_it_from(world, program, start):
    from interlocal.case.starter import starter
    from interlocal.web.models import CaseRecord

    body = {
        "nothing": lambda: {"nothing": LEAST},
        "file": lambda: {"file": {"name": "case.yaml", "content": starter()}},
        "workbook": lambda: {"file": {"name": "case.xlsx", "content": workbook(), "base64": True}},
        "document": lambda: {"document": world.case.head.data},
        "example": lambda: {"example": "starter"},
    }[start]()
    made = program(world.bob, "post", "/cases", **body)
    assert made.status_code == 201, made.content
    record = CaseRecord.objects.get(pk=made.json()["id"])
    assert record.organisation == world.town
    if start == "nothing":
        assert [p.name for p in record.head.read.partners] == ["Alder", "Birch"]
    else:
        assert record.head.sha256 == world.case.head.sha256
    assert program(world.vic, "post", "/cases", **body).status_code == 403
    assert program(world.bob, "post", "/cases", scopes=["read"], **body).status_code == 403


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"nothing": LEAST | {"partners": []}}, "at least one partner"),
        ({"nothing": LEAST | {"service": "magic"}}, "a service of the list"),
        ({"file": {"name": "case.yaml", "content": "format: 1\ntitel: x"}}, "titel"),
        ({"file": {"name": "case.xlsx", "content": "%", "base64": True}}, "not Base64"),
        ({"example": "nowhere"}, "one of the list"),
        ({"example": "starter", "nothing": LEAST}, "give one of"),
        ({"organisation": "Alder"}, "give one of"),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_words(world, program, body, said):
    answer = program(world.alice, "post", "/cases", **body)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_who_deletes_a_case_and_that_its_title_is_asked_for(world, program, each):
    from urllib.parse import quote

    from interlocal.web.models import CaseRecord

    url = f"/cases/{world.case.pk}"
    assert each("delete", f"{url}?title={quote(world.case.title)}") == {k: 204 if v == 200 else v for k, v in MANAGE.items()}  # fmt: skip
    assert program(world.alice, "delete", f"{url}?title=another").status_code == 409
    assert CaseRecord.objects.filter(pk=world.case.pk).exists()


def test_each_part_is_saved_on_its_own_and_what_others_did_stays(world, program, each):
    url = f"/cases/{world.case.pk}/parts"
    assert each("get", f"{url}/options/0/lines") == SEE
    events = [{"id": "vote", "kind": "other", "on": "2027-03-01", "text": "Town meeting"}]
    assert each("put", f"{url}/events", base=1, value=events) == EDIT
    got = program(world.bob, "get", f"{url}/spending").json()
    assert program(world.alice, "put", f"{url}/events", base=1, value=events).json()["number"] == 2
    got["value"][0]["amount"] = 99_000
    saved = program(world.bob, "put", f"{url}/spending", base=got["revision"], value=got["value"])
    assert saved.json()["number"] == 3, saved.content
    world.case.refresh_from_db()
    assert world.case.head.data["events"][0]["text"] == "Town meeting"
    assert world.case.head.data["spending"][0]["amount"]["value"] == 99_000
    assert program(world.bob, "put", f"{url}/events", base=3, value=None).json()["number"] == 4
    assert program(world.bob, "get", f"{url}/events").json()["value"] is None


def test_two_programs_that_change_the_same_part_hear_of_both(world, program):
    url = f"/cases/{world.case.pk}/parts/spending"
    got = program(world.bob, "get", url).json()
    for person, amount, code in ((world.alice, 99_000, 200), (world.bob, 88_000, 409)):
        got["value"][0]["amount"] = amount
        answer = program(person, "put", url, base=1, value=got["value"])
        assert answer.status_code == code
    met = answer.json()["both_changed"]
    assert met
    assert "99000" in met[0]["theirs"]
    assert "88000" in met[0]["yours"]


@pytest.mark.parametrize("part", ["nothing", "options/99/lines", "title", "partners/0/name", "options/x"])
def test_a_part_that_no_case_has_is_not_there(world, program, part):
    url = f"/cases/{world.case.pk}/parts/{part}"
    assert program(world.alice, "get", url).status_code == 404
    assert program(world.alice, "put", url, base=1, value={}).status_code == 404


def test_a_part_in_another_form_is_refused_with_the_form_it_has(world, program):
    url = f"/cases/{world.case.pk}/parts"
    for part, value, said in (("spending", {"a": 1}, "a list"), ("service", [1], "fields with their values"), ("spending", [7], "expected")):  # fmt: skip
        answer = program(world.alice, "put", f"{url}/{part}", base=1, value=value)
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_what_is_kept_stays_kept_and_survives_a_save_of_its_part(world, program, at, save):
    fields = {"1.visibility": "facilitator", "1.amount": "123456"}
    save(at(world.charlie), f"{world.url}edit/spending/", fields=fields)
    url = f"/cases/{world.case.pk}"
    got = program(world.bob, "get", f"{url}/parts/spending").json()
    assert "123456" not in json.dumps(got)
    got["value"][0]["amount"] = 99_000
    for rest in ("/revisions/2", "/difference?before=1&after=2", "/parts/spending"):
        assert "123456" not in program(world.bob, "get", url + rest).content.decode(), rest
        assert "123456" in program(world.charlie, "get", url + rest).content.decode(), rest
    assert program(world.bob, "put", f"{url}/parts/spending", base=2, value=got["value"][:1]).status_code == 409  # fmt: skip
    assert program(world.bob, "put", f"{url}/parts/spending", base=2, value=got["value"]).status_code == 200
    assert "123456" in program(world.charlie, "get", f"{url}/parts/spending").content.decode()
    assert program(world.bob, "post", f"{url}/revisions/1/restore").status_code == 422
    assert program(world.bob, "post", f"{url}/laboratory", weights={"equal": 100}).status_code == 403


def test_a_program_goes_back_and_sees_what_changed(world, program, each):
    url = f"/cases/{world.case.pk}"
    assert each("get", f"{url}/revisions/1") == SEE
    assert each("get", f"{url}/difference?before=1&after=1") == SEE
    assert each("post", f"{url}/revisions/1/restore") == EDIT
    assert each("get", f"{url}/events") == MANAGE
    document = world.case.head.data | {"title": "Another title"}
    program(world.bob, "put", url, base=1, document=document)
    told = program(world.vic, "get", f"{url}/difference?before=1&after=2").json()
    assert told == [{"path": "/title", "before": world.case.title, "after": "Another title"}]
    assert program(world.alice, "post", f"{url}/revisions/1/restore").json()["number"] == 3
    assert program(world.vic, "get", f"{url}/revisions/3").json()["document"]["title"] == world.case.title
    assert program(world.vic, "get", f"{url}/revisions/9").status_code == 404
    did = [e["did"] for e in program(world.alice, "get", f"{url}/events").json()]
    assert did[:2] == ["case.saved", "case.saved"]


def test_what_is_missing_and_what_a_formula_would_do(world, program, each):
    url = f"/cases/{world.case.pk}"
    assert each("get", f"{url}/standing") == SEE
    pages = {p["path"]: p for p in program(world.vic, "get", f"{url}/standing").json()}
    assert (pages["votes"]["state"], pages["spending"]["entries"]) == ("empty", 2)
    assert each("post", f"{url}/laboratory", weights={"equal": 100}) == SEE
    tried = program(world.vic, "post", f"{url}/laboratory", weights={"equal": 100}, floors={}).json()
    bills = tried["found"]["formulas"]["proposed"]["shares"]
    assert len({round(v, 6) for v in bills.values()}) == 1
    world.case.refresh_from_db()
    assert world.case.latest == 1


def test_studies_are_listed_stopped_and_their_documents_made(world, program, each, monkeypatch):
    from interlocal.web.actions import studies as actions
    from interlocal.web.models import Packet, StudyRun

    url = f"/cases/{world.case.pk}/studies"
    one = program(world.alice, "post", url, draws=200).json()["id"]
    assert each("get", url) == SEE
    assert each("post", f"{url}/{one}/cancel") == EDIT
    assert program(world.alice, "post", f"{url}/{one}/cancel").json()["status"] == "cancelled"
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    assert [program(world.alice, "post", url, draws=200).status_code for _ in range(2)] == [202, 409]
    assert each("post", f"{url}/{one}/packet") == dict.fromkeys(EVERYONE, 404) | {"rita": 403, "vic": 403}
    StudyRun.objects.filter(pk=one).update(document="{}", status="done")
    assert each("get", f"{url}/{one}/packet") == dict.fromkeys(EVERYONE, 404)
    assert each("post", f"{url}/{one}/packet") == {k: 202 if v == 200 else v for k, v in EDIT.items()}
    program(world.alice, "post", f"{url}/{one}/packet")
    assert program(world.alice, "post", f"{url}/{one}/packet").status_code == 409
    Packet.objects.update(files=zipped(), done=1)
    assert program(world.vic, "get", f"{url}/{one}/packet").json()["files"] == ["brief/brief.pdf"]
    assert each("get", f"{url}/{one}/packet/brief/brief.pdf") == SEE
    assert program(world.vic, "get", f"{url}/{one}/packet/brief/brief.pdf").content == b"%PDF"
    assert program(world.vic, "get", f"{url}/{one}/packet/packet.zip").content == zipped()
    assert program(world.vic, "get", f"{url}/{one}/packet/other.pdf").status_code == 404
    StudyRun.objects.filter(pk=one).update(audience="facilitator")
    assert each("get", f"{url}/{one}/packet/packet.zip") == dict.fromkeys(EVERYONE, 404) | {"fay": 200}


def zipped():
    import io
    import zipfile

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("brief/brief.pdf"), b"%PDF")
    return held.getvalue()


def test_who_invites_to_a_case_and_ends_somebodys_part(world, program, each):
    url = f"/cases/{world.case.pk}"
    assert each("get", f"{url}/people") == SEE
    assert each("post", f"{url}/people", role="consultant") == {k: 201 if v == 200 else v for k, v in MANAGE.items()}  # fmt: skip
    link = program(world.alice, "post", f"{url}/people", role="consultant", whom="Sam").json()["link"]
    assert "/invitations/" in link
    assert program(world.alice, "post", f"{url}/people", role="partner", partner="none").status_code == 409
    assert program(world.alice, "post", f"{url}/people", scopes=["write"], role="consultant").status_code == 403  # fmt: skip
    stands = each("put", f"{url}/stands-for", partner="alder_falls")
    assert stands == MANAGE
    member = world.case.members.get(role="partner").pk
    assert each("delete", f"{url}/people/{member}") == {k: 204 if v == 200 else v for k, v in MANAGE.items()}
    fay = world.case.members.get(person=world.fay).pk
    assert program(world.alice, "delete", f"{url}/people/{fay}").status_code == 403
    assert program(world.alice, "delete", f"{url}/people/99").status_code == 404
