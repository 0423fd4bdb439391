"""A partner's private figures, under attack: nobody but its own people and the facilitator reads them or works them back."""

import copy
import io
import json
import re
import zipfile

import pytest
from workbench import run_waiting

pytestmark = pytest.mark.heavy

AMOUNT, OTHER = 1_234_567, 7_654_321
SAID = "the treasurer’s letter"


def juniper(amount=AMOUNT, **more):
    """The example, in which Stony Brook keeps a cost line, its spending and a measure to itself."""
    from interlocal.web import examples

    data = json.loads(examples.case("juniper-valley").canonical_json())
    data |= copy.deepcopy(more)
    line = next(x for x in data["options"][0]["lines"] if x["id"] == "stony_staff")
    line |= {"visibility": "facilitator", "source": SAID}
    line["behaviour"]["amount"] = {"value": amount}
    data["spending"] = [
        *data.get("spending", []),
        {
            "partner": "stony_brook",
            "year": 2019,
            "visibility": "facilitator",
            "amount": {"value": amount + 1},
        },
    ]
    stony = next(p for p in data["partners"] if p["id"] == "stony_brook")
    stony["measures"]["bays"] = {"value": amount + 2, "visibility": "facilitator"}
    return examples.checked(data, "the case")


def started(world, case):
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseMember

    record = cases.start_case(case=case, organisation=world.town, by=None, about="Started")
    CaseMember.objects.create(case=record, person=world.fay, role="facilitator")
    CaseMember.objects.create(case=record, organisation=world.partner, role="partner", partner="stony_brook")
    return record


def studied(record, audience, by):
    from interlocal.web.actions import studies

    run = studies.ask_for_study(revision=record.head, audience=audience, by=by, draws=200)
    run_waiting()
    run.refresh_from_db()
    assert run.status == "done", run.problem
    return run


@pytest.fixture
def kept(world):
    world.record = started(world, juniper())
    world.at = f"/cases/{world.record.pk}/"
    return world


def shows(text):
    """Whether a text holds one of the private figures or words, however it is grouped."""
    plain = re.sub(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3})", "", text)
    return any(str(AMOUNT + i) in plain for i in (0, 1, 2)) or SAID in text


def pages(world, client, run):
    """Every page and file of the case that can be read, by address."""
    from interlocal.web.guide import PATH
    from interlocal.web.results import SCREENS

    edited = [p.path for s in PATH for p in s.pages]
    edited += ["options/0", "options/0/lines", "options/1/lines", "partners/2", "partners/2/measures"]
    rest = ["", "download/", "people/", "history/", "history/difference/?from=1&to=2", "audit/", "shares/", "studies/", "surveys/"]  # fmt: skip
    rest += [f"edit/{p}/" for p in edited]
    rest += [f"studies/{run.pk}/{s}/" for s in SCREENS] + [f"studies/{run.pk}/study.json"]
    return {r: client.get(world.at + r).content.decode() for r in rest}


@pytest.mark.slow
def test_no_page_or_file_of_the_case_shows_them_to_others(kept, at, save):
    save(at(kept.fay), f"{kept.at}edit/about/", fields={"summary": "A second revision"})
    kept.record.refresh_from_db()
    run = studied(kept.record, "partners", kept.alice)
    found = {
        name: {rest for rest, text in pages(kept, at(getattr(kept, name)), run).items() if shows(text)}
        for name in ("alice", "vic", "charlie", "fay")
    }
    assert found["alice"] == found["vic"] == set()
    # The check finds them where they are to be found, so that it would find them elsewhere.
    theirs = {"download/", "edit/options/0/lines/", "edit/spending/"}
    assert found["charlie"] >= theirs
    assert found["fay"] >= theirs
    assert not any(rest.startswith("studies/") for rest in found["charlie"])


def test_the_interface_for_programs_shows_them_to_nobody_else(kept, at):
    from interlocal.web.actions.tokens import make_token

    def got(person, rest):
        token = make_token(person=person, name="x", scopes=["read"])
        return at().get(f"/api/v1{kept.at[:-1]}{rest}", headers={"authorization": f"Bearer {token}"})

    for person, sees in ((kept.alice, False), (kept.vic, False), (kept.charlie, True), (kept.fay, True)):
        assert shows(got(person, "").content.decode()) is sees
        # Whoever knows all but one figure could try figures until the hash fits.
        assert (got(person, "/revisions").json()[0]["sha256"] is not None) is sees


def test_a_hash_is_shown_to_those_alone_who_see_everything(kept, at):
    hash_ = kept.record.head.sha256[:12]
    shown = {n: hash_ in at(getattr(kept, n)).get(f"{kept.at}history/").content.decode() for n in ("alice", "charlie", "fay")}  # fmt: skip
    assert shown == {"alice": False, "charlie": True, "fay": True}


@pytest.mark.slow
def test_two_worlds_that_differ_in_private_figures_alone_look_alike_to_others(world, at, monkeypatch):
    """Nothing can be worked back, by whatever subtraction, from what is the same for every figure."""
    import datetime as dt

    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
    seen = []
    for amount in (AMOUNT, OTHER):
        world.record = started(world, juniper(amount))
        world.at = f"/cases/{world.record.pk}/"
        run = studied(world.record, "partners", world.alice)
        public = studied(world.record, "public", world.alice)
        found = pages(world, at(world.alice), run) | {"public": public.document}
        ids = re.compile("|".join(map(str, (world.record.pk, run.pk, public.pk))))
        token = re.compile(r'value="\w{64}"|members/\d+/|people/\d+/')
        seen.append({k: token.sub("", ids.sub("ID", re.sub(str(r), "RUN", v))) for k, v in found.items() for r in (run.pk,)})  # fmt: skip
        world.record.delete()
    plain = [{re.sub(r"[0-9a-f-]{36}", "ID", k): v for k, v in s.items()} for s in seen]
    assert [k for k in plain[0] if plain[0][k] != plain[1][k]] == []


@pytest.mark.slow
def test_a_packet_for_the_partners_holds_none(kept):
    from interlocal.web.actions import studies
    from interlocal.web.models import Packet
    from interlocal.web.tasks import make_packet

    run = studied(kept.record, "partners", kept.alice)
    packet = studies.ask_for_packet(run=run, by=kept.alice)
    make_packet.func(packet.pk)
    held = Packet.objects.get(pk=packet.pk)
    assert held.problem == ""
    with zipfile.ZipFile(io.BytesIO(bytes(held.files))) as files:
        for name in files.namelist():
            data = files.read(name)
            if name.endswith((".docx", ".xlsx")):
                with zipfile.ZipFile(io.BytesIO(data)) as inner:
                    data = b"".join(inner.read(n) for n in inner.namelist())
            elif name.endswith(".pdf"):
                from pypdf import PdfReader

                data = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).encode()
            assert not shows(data.decode(errors="replace")), name


def amounts(record):
    record.refresh_from_db()
    return [s["amount"]["value"] for s in record.head.data["spending"] if s.get("visibility")]


def test_a_marker_put_into_a_row_of_ones_own_brings_nothing(world, at, save):
    """Charlie stands for Birch Hollow; Alder Falls keeps its amount. A marker moved to Birch's row would show it."""
    from interlocal.web.actions import cases

    data = copy.deepcopy(world.case.head.data)
    data["spending"][0] |= {"amount": {"value": AMOUNT, "visibility": "facilitator"}}
    from interlocal.web import examples

    cases.save_case(record=world.case, case=examples.checked(data, "x"), base=1, by=world.fay, about="x")
    charlie = at(world.charlie)
    url = f"{world.url}edit/spending/"
    assert 'value="/spending/0/amount"' in charlie.get(url).content.decode()
    attacks = [
        {"1.amount": None, "1.amount.__kept": "/spending/0/amount"},  # the marker in one's own row
        {"0.partner": "birch_hollow", "1.partner": "alder_falls"},  # the row in one's own name
        {"0.amount.__kept": None, "0.amount": "1"},  # written over, unseen
    ]
    for fields in attacks:
        answer = save(charlie, url, fields=fields)
        assert answer.status_code == 422, fields
        assert not shows(answer.content.decode().replace("/spending/0/amount", ""))
        save(charlie, url, do="discard")
    world.case.refresh_from_db()
    assert world.case.latest == 2
    assert world.case.head.data["spending"][0]["amount"]["value"] == AMOUNT


def test_the_same_through_the_interface_for_programs(kept, at):
    from interlocal.web.actions.tokens import make_token

    token = make_token(person=kept.alice, name="x", scopes=["read", "write"])
    headers = {"authorization": f"Bearer {token}"}
    url = f"/api/v1{kept.at[:-1]}"
    document = at().get(url, headers=headers).json()["document"]
    marker = {"__kept": f"/spending/{len(document['spending']) - 1}"}
    assert marker in document["spending"]
    document["spending"].remove(marker)
    document["votes"] = [*document.get("votes", []), marker]  # where the form of a vote would quote it
    answer = at().put(url, json.dumps({"base": 1, "document": document}), content_type="application/json", headers=headers)  # fmt: skip
    assert answer.status_code in {409, 422}
    assert not shows(answer.content.decode())
    assert amounts(kept.record) == [AMOUNT + 1]


def test_a_conflict_shows_both_sides_without_them(kept, at, save):
    url = f"{kept.at}edit/spending/"
    alice, charlie = at(kept.alice), at(kept.charlie)
    last = len(kept.record.head.data["spending"]) - 1
    save(
        alice,
        url,
        fields={f"{last + 1}.partner": "juniper", f"{last + 1}.year": "2018", f"{last + 1}.amount": "5"},
    )
    seen = alice.get(url)
    save(charlie, url, fields={f"{last}.amount": str(OTHER)})
    answer = save(alice, url, page=seen, fields={f"{last + 1}.amount": "6"})
    assert answer.status_code == 302, "two people changed different things"
    assert not shows(answer.content.decode())
    assert amounts(kept.record) == [OTHER]
    save(at(kept.fay), url, fields={f"{last + 1}.amount": "7"})
    answer = save(alice, url, page=seen, fields={f"{last + 1}.amount": "8"})
    assert answer.status_code == 409
    assert str(OTHER) not in answer.content.decode()
    save(alice, url, page=answer, do="mine")
    assert amounts(kept.record) == [OTHER]


def test_going_back_does_not_take_away_what_a_partner_keeps_since(kept, at, save):
    last = len(kept.record.head.data["spending"]) - 1
    save(at(kept.charlie), f"{kept.at}edit/spending/", fields={f"{last}.amount": str(OTHER)})
    kept.record.refresh_from_db()
    assert kept.record.latest == 2
    at(kept.bob).post(f"{kept.at}history/1/restore/")
    assert amounts(kept.record) == [OTHER]
    at(kept.charlie).post(f"{kept.at}history/1/restore/")
    assert amounts(kept.record) == [AMOUNT + 1]


def test_a_message_quotes_no_hidden_figure(kept, at, save):
    url = f"{kept.at}edit/about/"
    answer = save(at(kept.alice), url, fields={"currency": "EUR", "as_of": "1999-01-01"})
    assert not shows(answer.content.decode())


def test_a_page_inside_a_hidden_entry_is_not_there(world, at):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    data = copy.deepcopy(world.case.head.data)
    data["options"].append({"id": "secret", "name": "A plan of Birch", "kind": "change", "visibility": "facilitator"})  # fmt: skip
    cases.save_case(record=world.case, case=examples.checked(data, "x"), base=1, by=world.fay, about="x")
    last = len(data["options"]) - 1
    for path in (f"options/{last}", f"options/{last}/lines", f"options/{last}/formula"):
        got = {n: at(getattr(world, n)).get(f"{world.url}edit/{path}/").status_code for n in ("alice", "fay")}
        assert got == {"alice": 404, "fay": 200}, path
    assert "A plan of Birch" not in at(world.alice).get(f"{world.url}edit/options/").content.decode()


def test_a_partner_releases_its_figures_and_others_see_them(kept, at, save):
    last = len(kept.record.head.data["spending"]) - 1
    answer = save(at(kept.charlie), f"{kept.at}edit/spending/", fields={f"{last}.visibility": "partners"})
    assert answer.status_code == 302
    assert shows(at(kept.alice).get(f"{kept.at}edit/spending/").content.decode())


def invited(client, at_, role, partner=""):
    """Return the path of an invitation, or None where it is refused."""
    answer = client.post(f"{at_}people/invite/", {"role": role, "partner": partner})
    found = re.search(r"/invitations/[^\"<]+/", answer.content.decode())
    return found.group() if found else None


def test_an_owner_lets_nobody_into_what_a_partner_keeps(kept, at):
    alice, fay = at(kept.alice), at(kept.fay)
    assert invited(alice, kept.at, "facilitator") is None
    assert invited(alice, kept.at, "partner", "stony_brook") is None
    assert invited(alice, kept.at, "partner", "cedar_ford") is not None
    assert invited(alice, kept.at, "consultant") is not None
    assert invited(fay, kept.at, "facilitator") is not None
    members = {m.role: m.pk for m in kept.record.members.all()}
    alice.post(f"{kept.at}people/{members['facilitator']}/remove/")
    assert kept.record.members.filter(role="facilitator").exists()


def test_an_invitation_made_before_opens_nothing_after(world, at, save):
    alice = at(world.alice)
    early = [invited(alice, world.url, "facilitator"), invited(alice, world.url, "partner", "birch_hollow")]
    assert None not in early
    save(at(world.charlie), f"{world.url}edit/spending/", fields={"1.visibility": "facilitator"})
    assert [alice.get(path).status_code for path in early] == [404, 404]
    assert [alice.post(path, {"name": "Alder again"}).status_code for path in early] == [404, 404]


def test_a_partners_place_is_taken_once(world, at):
    alice = at(world.alice)
    path = invited(alice, world.url, "partner", "birch_hollow")
    alice.post(path, {"organisation": str(world.town.pk)})
    assert list(world.case.members.filter(partner="birch_hollow").values_list("organisation__name", flat=True)) == ["Birch"]  # fmt: skip
