"""Before a result is published nobody learns what a colleague chose: not from a page, a file, an export, the API or a refusal.

Two worlds differ in what Bob chose, and in nothing else. All that anybody but Bob can read or provoke must be the same
to the letter. In a third world he has not answered: that differs for the facilitator alone, and there as a number.
"""

import ast
import json
import re
from pathlib import Path

import pytest
from together import bodies, change, choose, later, put

pytestmark = pytest.mark.heavy

WEB = Path(__file__).parents[2] / "src/interlocal/web"
OTHERS = ("alice", "rita", "vic", "charlie", "carla", "fay", "sam", None)
WORLDS = {
    "endorses": [("endorse", "", False)],
    "blocks": [("block", "Nobody asked the inspectors", True)],
    "changed his mind": [("endorse", "Fine", False), ("live_with", "Not so fine", True)],
}


def test_one_module_alone_reads_and_writes_positions():
    found = set()
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Attribute, ast.Call)) and re.match(r"Position\.objects|Position\(", ast.unparse(node)):  # fmt: skip
                found.add(str(path.relative_to(WEB)))
            if isinstance(node, ast.Constant) and str(node.value).lower() in {"position", "web.position", "web_position"}:  # fmt: skip
                found.add(str(path.relative_to(WEB)))
    assert found - {"migrations/0005_deciding_together.py"} == {"actions/positions.py"}


@pytest.mark.usefixtures("database")
def test_nothing_in_the_database_leads_to_positions_and_they_have_no_time():
    from interlocal.web.models.deciding import Position

    fields = Position._meta.get_fields()
    assert {f.remote_field.related_name for f in fields if f.is_relation} == {"+"}
    assert not [f.name for f in fields if "Date" in f.get_internal_type()]


def tries(world):
    """What somebody can send in the hope of learning something."""
    url = f"{world.url}statements/1/"
    yield "post", f"{url}publish/", {}
    yield "post", f"{url}last-day/", {"closes_on": "2001-01-01"}
    yield "post", f"{url}position/", {"level": "shout", "person": str(world.bob.pk)}
    yield "post", f"{url}withdraw/", {"because": ""}
    yield "get", f"{url}?person={world.bob.pk}", {}
    yield "get", f"{url}position/", {}
    yield "get", f"{world.url}audit/?as=csv", {}
    yield "get", f"{world.url}decisions/?as=csv", {}
    yield "get", f"{world.url}download/", {}
    yield "get", "/metrics/", {}


def read_all(world, at):
    """All that anybody but Bob can read or provoke: every page one can get to from the case, every try."""
    from django.db import transaction

    seen = {}
    for name in OTHERS:
        client = at(getattr(world, name) if name else None)
        waiting, done = [world.url, f"{world.url}edit/consents/"], set()
        while waiting:
            url = waiting.pop()
            if url in done:
                continue
            done.add(url)
            answer = client.get(url)
            seen[name, url] = (answer.status_code, _same_for_all(answer.content.decode()))
            if "html" in answer["Content-Type"]:
                found = re.findall(r'href="(/(?:cases|organisations)/[^"#]*)"', answer.content.decode())
                waiting += [u for u in found if "/edit/" not in u]
        for method, url, data in tries(world):
            with transaction.atomic():
                answer = getattr(client, method)(url, data)
                seen[name, method, url] = (answer.status_code, _same_for_all(answer.content.decode()))
                transaction.set_rollback(True)
    return seen


def read_api(world, at):
    """What tokens of the others get from every address of the interface that reads."""
    from interlocal.web.actions.tokens import make_token
    from interlocal.web.api.tokens import SCOPES

    seen, client = {}, at()
    description = client.get("/api/v1/openapi.json").json()
    for name in OTHERS[:-1]:
        token = make_token(person=getattr(world, name), name="x", scopes=SCOPES)
        for path, methods in description["paths"].items():
            url = path.replace("{case}", str(world.case.pk)).replace("{number}", "1")
            if "get" in methods and "{" not in url:
                answer = client.get(url, headers={"authorization": f"Bearer {token}"})
                seen[name, url] = (answer.status_code, _same_for_all(answer.content.decode()))
    return seen


def _same_for_all(text):
    """Leave out what differs from one request to another by itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"\d\d:\d\d(:\d\d(\.\d+)?(\+00:00)?)?", "", text)


def played(world, at, moves, monkeypatch=None, days=0):
    """Let Bob take his positions through the page, others theirs, perhaps wait, and read everything."""
    from django.db import transaction

    with transaction.atomic():
        held = put(world, quorums={"alder_falls": 1, "birch_hollow": 1})
        choose(world, held, "alice", "live_with", "My own", on_record=True)
        for level, reason, on_record in moves:
            sent = {"level": level, "reason": reason} | ({"on_record": "on"} if on_record else {})
            assert at(world.bob).post(f"{world.url}statements/1/position/", sent).status_code == 302
        if days:
            later(monkeypatch, days)
        seen = read_all(world, at) | read_api(world, at)
        transaction.set_rollback(True)
    return seen


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 8, 90], ids=["open", "closed", "lapsed"])
def test_nobody_can_tell_what_a_colleague_chose(world, at, monkeypatch, days):
    bodies(world)
    seen = {}
    for name, moves in WORLDS.items():
        with monkeypatch.context() as patch:
            seen[name] = played(world, at, moves, patch, days)
    first = seen.pop("endorses")
    assert len({k[1] for k in first}) > 20
    for name, other in seen.items():
        assert first.keys() == other.keys()
        assert {k for k in first if first[k] != other[k]} == set(), name


@pytest.mark.slow
def test_only_the_facilitator_can_tell_how_many_have_yet_to_answer(world, at):
    bodies(world)
    answered, silent = (played(world, at, moves) for moves in (WORLDS["blocks"], []))
    differs = {k for k in answered if answered[k] != silent[k]}
    assert {k[0] for k in differs} == {"fay"}
    for key in differs:
        assert "Alder Falls: 1 of 3" in answered[key][1] or '"yet_to_answer": 1' in answered[key][1]
        assert "Alder Falls: 2 of 3" in silent[key][1] or '"yet_to_answer": 2' in silent[key][1]


def test_ones_own_position_is_for_oneself(world, at):
    bodies(world)
    held = put(world)
    choose(world, held, "bob", "block", "Nobody asked the inspectors", on_record=True)
    page = at(world.bob).get(f"{world.url}statements/1/").content.decode()
    assert 'value="block" checked' in page
    assert "Nobody asked the inspectors" in page


def test_the_page_says_why_in_plain_words_to_everybody(world, at):
    bodies(world)
    put(world)
    for name in OTHERS[:6]:
        page = at(getattr(world, name)).get(f"{world.url}statements/1/").content.decode()
        assert "Until the result is published, nobody sees your position" in page
        assert "may have held a meeting behind closed doors" in page


def test_after_publication_only_what_was_put_on_record_is_shown_and_without_a_name(world, at, monkeypatch):
    from interlocal.web.actions import positions

    bodies(world)
    held = put(world)
    choose(world, held, "bob", "block", "A reason for myself alone")
    choose(world, held, "alice", "endorse")
    choose(world, held, "rita", "endorse", "A reason for all", on_record=True)
    later(monkeypatch, 8)
    positions.publish(statement=held, by=world.fay)
    change(world, summary="Looked at again")
    seen = {k: v for k, v in read_all(world, at).items() if k[0] is not None and k[0] != "sam"}
    everything = json.dumps([v for _, v in seen.items()])
    assert "A reason for myself alone" not in everything
    assert "A reason for all" in everything
    result = at(world.vic).get(f"{world.url}statements/1/").content.decode()
    assert not any(name in result for name in ("Bob", "Rita", "Alice"))
