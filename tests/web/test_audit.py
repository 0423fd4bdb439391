"""The audit trail: every change that somebody asks for leaves a line, and owners take all of it with them as a table."""

import ast
import csv
import io
from pathlib import Path

import pytest
from test_access import OWNER, answers

ACTIONS = Path(__file__).resolve().parents[2] / "src/interlocal/web/actions"
WRITES = {"create", "save", "update", "delete", "bulk_create", "update_or_create", "get_or_create"}
LEAVES_NO_LINE = {
    # Who answers, and who chose what, is kept from everybody.
    "answers.submit",
    "positions.take",
    # A resident's comment leaves no trace of its author; what is decided about it does.
    "residents.comment",
    # What a person has entered and not saved is nobody else's.
    "cases.keep_draft",
    "cases.drop_draft",
    # What the server does by itself, after what somebody asked for and that has a line.
    "comparisons.keep_comparison",
    "comparisons.resume_comparisons",
    "comparisons.run_is_over",
    "publishing.retire",
    "reminders.send_letters",
    "runs.claim",
    "runs.end",
    "runs.is_alive",
    "runs.resume",
    "runs.stop",
    "statements.lapse_overdue",
    "studies.end",
    "studies.keep_packet",
    "studies.resume_cut_short",
    "regions.resume_cut_short",
    # The trail itself, and an entry of the decision log, which its callers note.
    "audit.note",
    "decisions.add",
}


def actions():
    """Return each public action with the names of all it calls, also through others of its module."""
    for path in sorted(ACTIONS.glob("*.py")):
        functions = {n.name: n for n in ast.parse(path.read_text()).body if isinstance(n, ast.FunctionDef)}
        for name in functions:
            if not name.startswith("_"):
                yield f"{path.stem}.{name}", called(name, functions, set())


def called(name, functions, seen):
    seen.add(name)
    found = set()
    for node in ast.walk(functions[name]):
        if isinstance(node, ast.Call):
            to = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            found.add(to)
            if to in functions and to not in seen:
                found |= called(to, functions, seen)
    return found


def test_every_action_that_somebody_asks_for_is_noted():
    silent = {name for name, calls in actions() if calls & WRITES and "note" not in calls}
    assert silent <= LEAVES_NO_LINE, silent - LEAVES_NO_LINE
    through_others = {"regions.resume_cut_short", "studies.resume_cut_short", "studies.end", "decisions.add"}
    assert silent | through_others == LEAVES_NO_LINE, "the list says what is so"


def test_who_reads_an_organisations_trail(world, at):
    url = f"/organisations/{world.town.pk}/audit/"
    assert answers(world, at, "get", url) == OWNER
    assert answers(world, at, "get", f"{url}?as=csv") == OWNER


def lived(world, at):
    """Let people do things in and around an organisation."""
    alice = at(world.alice)
    home = f"/organisations/{world.town.pk}/"
    alice.post(f"{home}rename/", {"name": "=Elder"})
    alice.post(f"{home}invite/", {"role": "viewer", "whom": "=Vera"})
    membership = world.bob.memberships.get()
    alice.post(f"{home}members/{membership.pk}/", {"role": "viewer"})
    alice.post("/regions/new/", {"from": "example"})
    alice.post("/agreements/new/", {"from": "nothing", "title": "@Dispatch", "parties": "A\nB", "starts": "2026-07-01"})  # fmt: skip
    alice.post(f"{world.url}delete/", {"title": world.case.title})


def test_all_that_was_done_in_an_organisation_comes_as_one_table(world, at):
    lived(world, at)
    url = f"/organisations/{world.town.pk}/audit/"
    page = at(world.alice).get(url).content.decode()
    rows = list(csv.DictReader(io.StringIO(at(world.alice).get(f"{url}?as=csv").content.decode())))
    did = {r["did"] for r in rows}
    assert did >= {
        "organisation.renamed",
        "invitation.made",
        "membership.changed",
        "region.started",
        "agreement.started",
        "case.started",
        "case.deleted",
    }
    assert all(f"<td>{d}</td>" in page for d in did)
    assert {r["person"] for r in rows} <= {"Alice", ""}
    assert {r["about"] for r in rows if r["did"] == "organisation.renamed"} == {"'=Elder"}
    from interlocal.web.models import AuditEvent

    assert len(rows) == AuditEvent.objects.filter(organisation=world.town).count()


def test_the_trail_outlives_the_people_and_the_case(world, at):
    lived(world, at)
    from interlocal.web.models import AuditEvent

    before = AuditEvent.objects.count()
    world.bob.delete()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_changes_the_trail(world, at, method):
    from interlocal.web.models import AuditEvent

    before = list(AuditEvent.objects.values())
    for url in (f"/organisations/{world.town.pk}/audit/", f"{world.url}audit/"):
        getattr(at(world.alice), method)(url, {"did": "x"})
    assert list(AuditEvent.objects.values()) == before


def test_owners_see_the_tokens_of_their_members_and_nobody_elses(world, at):
    for name in ("bob", "charlie"):
        at(getattr(world, name)).post("/tokens/", {"name": f"Program of {name}", "scope": "read"})
    at(world.bob).post(f"/tokens/{world.bob.tokens.get().pk}/end/")
    url = f"/organisations/{world.town.pk}/audit/?as=csv"
    rows = csv.DictReader(io.StringIO(at(world.alice).get(url).content.decode()))
    tokens = [(r["person"], r["did"], r["about"]) for r in rows if r["did"].startswith("token.")]
    assert tokens == [("Bob", "token.ended", "Program of bob"), ("Bob", "token.made", "Program of bob")]
