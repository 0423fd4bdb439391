"""The life of an agreement on its screens: each step saves what it says, reads back the same, and is refused in words."""

import datetime as dt
import json

import pytest
from running import put
from test_access import EDIT, SEE, answers

from interlocal.partnership.overview import Overview

SCREENS = ("rhythm", "relationship", "victories", "endings", "figures")
READ_ONLY = EDIT | {"charlie": 403}
FORM = {k: 200 if v == 302 and k != "public" else v for k, v in READ_ONLY.items()}
TODAY = dt.datetime.now(tz=dt.UTC).date()


@pytest.fixture
def record(world):
    return put(world)


def url(record, rest=""):
    return f"/agreements/{record.pk}/{rest}"


def now(record):
    record.refresh_from_db()
    return record.head.partnership


def do(client, record, move, **values):
    return client.post(url(record, f"do/{move}/"), values)


@pytest.mark.parametrize("screen", [*(f"{s}/" for s in SCREENS)])
def test_who_reads_the_life_of_an_agreement(world, at, record, screen):
    assert answers(world, at, "get", url(record, screen)) == SEE


def test_who_takes_the_page_for_residents(world, at, record, monkeypatch):
    monkeypatch.setattr("interlocal.web.views.life.to_pdf", lambda paper: b"%PDF " + paper.title.encode())
    assert answers(world, at, "get", url(record, "victories.pdf")) == SEE


@pytest.mark.parametrize("move", ["action/", "done/key/", "check-in/", "end/"])
def test_who_opens_the_form_of_a_step(world, at, record, move):
    assert answers(world, at, "get", url(record, f"do/{move}")) == FORM


def test_who_makes_a_step(world, at, record):
    assert answers(world, at, "post", url(record, "do/done/key/"), {"closed_on": str(TODAY)}) == READ_ONLY


def test_everybody_reads_what_was_tried_before_and_only_their_own(world, at, record):
    for who, sees in ((world.vic, True), (world.charlie, True), (world.sam, False)):
        page = at(who).get("/agreements/learned/")
        assert page.status_code == 200
        assert ("First try" in page.content.decode()) is sees
    assert at().get("/agreements/learned/").status_code == 302
    for begins in ("/cases/new/", "/agreements/new/"):
        assert "/agreements/learned/" in at(world.bob).get(begins).content.decode()


STEPS = [
    ("plan-check-in", {"planned": "2031-02-03"}, "check_ins"),
    ("check-in", {"planned": "2026-02-03", "held": "2026-02-04", "attended": ["alder", "elm"], "decided": "Buy one radio\nHire one clerk"}, "check_ins"),
    ("action", {"text": "Call the insurer", "owner": "Clerk", "due": "2031-03-01"}, "actions"),
    ("decision", {"text": "Which radio to buy", "owner": "The board", "due": "2031-03-01"}, "actions"),
    ("post", {"partner": "alder", "title": "Manager", "status": "interim", "since": "2026-01-01"}, "key_posts"),
    ("election", {"organisation": "cedar", "on": "2031-05-01", "what": "The council is elected"}, "elections"),
    ("issue", {"text": "Bills come late", "opened_on": "2026-02-01", "raised_by": "elm"}, "issues"),
    ("dispute", {"text": "Who owns the mast", "opened_on": "2026-02-01"}, "disputes"),
    ("milestone", {"text": "Ten minutes to every door", "due": "2031-06-30"}, "milestones"),
    ("told", {"milestone": "room", "to": "The town meeting", "on": "2026-02-01", "how": "a talk"}, "told"),
    ("attempt", {"title": "A second room", "year": "2020", "members": ["alder"], "stopped_because": "No site was found", "lessons": "Look for the site first", "worth_again_if": "A site is given"}, "attempts"),
]  # fmt: skip


@pytest.mark.parametrize(("move", "values", "part"), STEPS, ids=[s[0] for s in STEPS])
def test_a_step_adds_one_entry_with_what_was_entered_and_leaves_all_else(
    world, at, record, move, values, part
):
    before = record.head.data
    assert do(at(world.bob), record, move, **values).status_code == 302
    after = now(record)
    added = record.head.data["life"][part][-1]
    for name, said in values.items():
        held = added[name]
        if isinstance(held, list):
            assert held == (said.split("\n") if isinstance(said, str) else said)
        else:
            assert str(held) == said
    rest = {k: v for k, v in record.head.data["life"].items() if k != part}
    assert rest == {k: v for k, v in before["life"].items() if k != part}
    assert record.head.data["life"][part][:-1] == before["life"].get(part, [])
    assert record.latest == 2
    assert record.head.by == world.bob
    assert after.title == before["title"]


def test_the_screens_say_what_the_command_line_says(world, at, record, tmp_path):
    from typer.testing import CliRunner

    from interlocal.cli.app import app

    bob = at(world.bob)
    do(bob, record, "check-in", planned=str(TODAY), held=str(TODAY), attended=["alder"], decided="Buy one radio")  # fmt: skip
    do(bob, record, "dispute", text="Who owns the mast", opened_on=str(TODAY - dt.timedelta(days=45)))
    bob.post(url(record, "do/reached/room/"), {"text": "One call room answers for all", "reached_on": str(TODAY)})  # fmt: skip
    do(bob, record, "told", milestone="room", to="Residents", on=str(TODAY))
    held = now(record)
    register = held.register(TODAY)
    path = tmp_path / "register.json"
    path.write_text(register.model_dump_json(), encoding="utf-8")
    ran = CliRunner().invoke(app, ["partnership", str(path), "--json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.output)
    o = Overview(register, register.agreements[0])
    assert told["rhythm"]["held"] == o.rhythm.held == 1
    page = {s: bob.get(url(record, f"{s}/")).content.decode() for s in SCREENS}
    assert f"{told['rhythm']['held']} of {told['rhythm']['planned']} planned check-ins were held" in page["rhythm"]  # fmt: skip
    for late in told["rhythm"]["overdue"]:
        assert f"{late['days']} days overdue" in page["rhythm"]
        assert f"now with {late['escalated_to']}" in page["rhythm"]
    assert told["signs"]
    assert all(s["text"] in page["rhythm"] for s in told["signs"])
    for d in told["relationship"]["disputes"]:
        assert f"{d['over']} days beyond the last agreed step" in page["relationship"]
    assert all(w["text"] in page["relationship"] for w in told["relationship"]["warnings"])
    assert [v["line"] in page["victories"] for v in told["victories"]] == [True]
    assert "Told to Residents" in page["victories"]


def test_an_entry_is_done_once_and_who_comes_second_is_told(world, at, record):
    bob, alice = at(world.bob), at(world.alice)
    where = url(record, "do/done/key/")
    assert bob.post(where, {"closed_on": str(TODAY)}).status_code == 302
    second = alice.post(where, {"closed_on": "2020-01-01"})
    assert second.status_code == 422
    assert "Somebody was quicker" in second.content.decode()
    assert now(record).life.actions[0].closed_on == TODAY


@pytest.mark.parametrize(
    ("move", "values", "told"),
    [
        ("action", {"text": "Call the insurer"}, ("#owner", "#due", "This step asks for it")),
        ("action", {"owner": "Clerk", "due": "2031-03-01"}, ("#text",)),
        ("check-in", {"planned": "tomorrow", "held": "2026-01-01"}, ("#planned",)),
        ("told", {"milestone": "moon", "to": "All", "on": "2026-01-01"}, ("#milestone",)),
        ("attempt", {"title": "x", "year": "2020", "stopped_because": "y"}, ("#lessons", "#worth_again_if")),
        ("record", {"kind": "cost", "year": "2025", "organisation": "elm", "value": "rather a lot", "source": "Books"}, ("#value",)),
        ("record", {"kind": "cost", "year": "2025", "organisation": "elm", "value": "12"}, ("#source",)),
        ("end", {"on": "2031-01-01"}, ("#why",)),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named_at_its_field_and_the_entry_kept(
    world, at, record, move, values, told
):
    answer = do(at(world.bob), record, move, **values)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(t in page for t in told), page[page.find('id="errors"') :][:900]
    assert all(v in page for v in values.values())
    record.refresh_from_db()
    assert record.latest == 1


def test_a_figure_is_recorded_with_its_source_then_certified_by_an_office(world, at, record):
    bob = at(world.bob)
    values = {"kind": "cost", "year": "2025", "organisation": "elm", "value": "412,000", "source": "Audit"}
    assert do(bob, record, "record", **values).status_code == 302
    (held,) = now(record).records
    assert (held.value, held.source, held.certified_by) == (412_000, "Audit", None)
    assert "nobody" in bob.get(url(record, "figures/")).content.decode()
    where = url(record, f"do/certify/{held.id}/")
    assert bob.post(where, {"certified_by": "", "certified_on": str(TODAY)}).status_code == 422
    bob.post(where, {"certified_by": "County auditor", "certified_on": str(TODAY)})
    (held,) = now(record).records
    assert (held.certified_by, held.certified_on, held.value) == ("County auditor", TODAY, 412_000)
    assert "County auditor" in bob.get(url(record, "figures/")).content.decode()


def test_an_ending_says_why_and_divides_to_the_cent(world, at, record):
    from interlocal.web.actions import cases
    from interlocal.web.kinds import AGREEMENT

    bob = at(world.bob)
    done = do(bob, record, "end", on=str(TODAY), why=["control", "cost"], text="The county left", learned="Vote early", worth_again_if="A new county board")  # fmt: skip
    assert done.status_code == 302
    now(record)
    data = json.loads(record.head.document)
    data["ending"]["assets"] = [{"id": "van", "name": "Van", "value": 100.01, "kept_by": "elm"}]
    cases.save_case(record=record, case=AGREEMENT.checked(data, "x"), base=2, by=world.bob, about="x")
    page = bob.get(url(record, "endings/")).content.decode()
    assert "control, cost" in page
    assert "What it costs one member to leave" not in page, "it ends for all"
    assert "Vote early" in page
    assert "Van" in page
    totals = [float(x.replace(",", "").replace("−", "-")) for x in _numbers(page)]
    assert len(totals) == 7
    assert round(sum(totals), 2) == 0


def _numbers(page):
    import re

    return re.findall(r'<td class="number amount"><strong>([−\d,.]+)</strong>', page)


def test_what_another_agreement_of_the_service_learned_is_seen_where_the_next_stands(world, at, record):
    other = put(world, id="second", title="Second try", life={})
    page = at(world.bob).get(url(other, "endings/")).content.decode()
    assert "First try" in page
    assert "Ask early" in page


def test_an_entry_kept_from_a_reader_takes_no_step_of_theirs(world, at):
    secret = [{"id": "hush", "text": "A quiet matter", "opened_on": "2026-01-01", "visibility": "facilitator"}]  # fmt: skip
    record = put(world, life={"issues": secret})
    where = url(record, "do/issue-closed/hush/")
    assert at(world.bob).get(where).status_code == 404
    assert at(world.bob).post(where, {"closed_on": "2026-02-01"}).status_code == 404
    assert at(world.fay).get(where).status_code == 200
    assert "A quiet matter" not in at(world.bob).get(url(record, "relationship/")).content.decode()
    assert do(at(world.bob), record, "issue", text="Another", opened_on="2026-02-01").status_code == 302
    assert [i.text for i in now(record).life.issues] == ["A quiet matter", "Another"]


def test_steps_that_do_not_exist_are_not_there(world, at, record):
    for rest in ("do/fly/", "do/done/", "do/action/key/", "do/done/none/"):
        assert at(world.bob).get(url(record, rest)).status_code == 404, rest
