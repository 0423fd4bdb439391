"""Regions in the interface for programs: who gets what, the same bytes as the command line, refusals in words."""

import base64
import json
from pathlib import Path

import pytest
import yaml

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "franklin-region"
EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam")
MEMBER = {"alice": 200, "bob": 200, "rita": 200, "vic": 200, "charlie": 404, "fay": 404, "sam": 404}
EDITOR = MEMBER | {"rita": 403, "vic": 403}
SMALL = "id,name,people,latitude,longitude,fire_cost\n" + "".join(
    f"t{i},Town {i},{1000 + 50 * i},42.{50 + i},-72.{50 + i},{100000 + 999 * i}\n" for i in range(12)
)


@pytest.fixture
def program(at):
    from interlocal.web.actions.tokens import make_token

    def call(person, method, url, scopes=("read", "write", "study"), **body):
        token = make_token(person=person, name="test", scopes=scopes)
        more = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(at(), method)(f"/api/v1{url}", headers={"authorization": f"Bearer {token}"}, **more)

    return call


@pytest.fixture
def towns():
    """The example as a program sends it."""
    names = [("table", "towns.csv"), ("neighbours", "neighbours.csv")]
    files = [{"role": r, "name": n, "content": (EXAMPLE / n).read_text(encoding="utf-8")} for r, n in names]  # fmt: skip
    return {"files": files, "mapping": yaml.safe_load((EXAMPLE / "mapping.yaml").read_text(encoding="utf-8"))}


def work():
    from interlocal.web.models import RegionRun
    from interlocal.web.scanning import run_region

    for waiting in RegionRun.objects.filter(status="waiting"):
        run_region.func(str(waiting.pk))


def test_a_program_goes_from_tables_to_a_case_and_each_person_gets_what_is_theirs(world, program, towns):
    from interlocal.region.commands import scan_document
    from interlocal.region.mapping import load_mapping
    from interlocal.region.render import as_json
    from interlocal.region.scan import Options
    from interlocal.region.tables import read_region
    from interlocal.web.models import CaseRecord, RegionRun

    made = program(world.bob, "post", "/regions", **towns)
    assert made.status_code == 201, made.content
    assert made.json()["checked"]
    url = f"/regions/{made.json()['id']}"
    run = program(world.bob, "post", f"{url}/runs", kind="scan", options={"top": 50})
    assert run.status_code == 202
    work()
    here = f"{url}/runs/{run.json()['id']}"
    assert program(world.bob, "get", here).json()["status"] == "done"
    read = read_region(EXAMPLE / "towns.csv", load_mapping(EXAMPLE / "mapping.yaml"))
    assert program(world.bob, "get", f"{here}/result.json").content.decode() == as_json(
        scan_document(read, Options())
    )
    table = program(world.bob, "get", f"{here}/result.csv").content.decode()
    assert len(table.splitlines()) == 51
    for rest in (url, f"{url}/runs", here, f"{here}/result.json", f"{here}/result.csv"):
        assert {n: program(getattr(world, n), "get", rest).status_code for n in EVERYONE} == MEMBER, rest
    for method, rest, body in (
        ("put", f"{url}/mapping", {"base": 9, "mapping": made.json()["mapping"]}),
        ("post", f"{url}/runs", {"kind": "scan", "options": {"top": 0}}),
        ("post", f"{here}/cancel", {}),
    ):
        refused = {n: program(getattr(world, n), method, rest, **body).status_code for n in EVERYONE}
        assert {n: v for n, v in refused.items() if v in {403, 404}} == {n: v for n, v in EDITOR.items() if v != 200}  # fmt: skip
    assert [len(program(getattr(world, n), "get", "/regions").json()) for n in ("alice", "vic", "sam")] == [1, 1, 0]  # fmt: skip
    opened = program(world.bob, "post", f"{here}/cases", candidate=1)
    assert CaseRecord.objects.get(pk=opened.json()["case"]).organisation == world.town
    assert program(world.bob, "post", f"{here}/cases", candidate=100_000).status_code == 404
    service, a, b, *_ = json.loads(RegionRun.objects.get().pairs)[0]
    two = program(world.bob, "post", f"{here}/cases", pair=[a, b], service=service)
    assert len(CaseRecord.objects.get(pk=two.json()["case"]).head.read.partners) == 2
    assert program(world.vic, "post", f"{here}/cases", candidate=1).status_code == 403


def test_a_guess_is_read_only_once_it_was_saved(world, program):
    made = program(world.alice, "post", "/regions", files=[{"name": "towns.csv", "content": SMALL}]).json()
    assert not made["checked"]
    url = f"/regions/{made['id']}"
    assert program(world.alice, "post", f"{url}/runs", kind="scan").status_code == 409
    mended = made["mapping"] | {"year": 2024, "currency": "USD", "source": "A made-up table"}
    saved = program(world.alice, "put", f"{url}/mapping", base=1, mapping=mended)
    assert saved.status_code == 200, saved.content
    assert saved.json()["read"]["governments_used"] == 12
    assert program(world.alice, "put", f"{url}/mapping", base=1, mapping=mended).status_code == 409


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"name": "t.csv", "content": "a,a\n1,2\n"}, "two columns named a"),
        ({"name": "t.csv", "content": "%%", "base64": True}, "not Base64"),
        (
            {"name": "t.csv", "content": base64.b64encode(b"\xff\xfa\x80").decode(), "base64": True},
            "not UTF-8",
        ),
        ({"name": "t.parquet", "content": "PAR1"}, "another kind of file"),
        ({"name": "../../t.csv", "content": ""}, "an empty file"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(world, program, file, said):
    answer = program(world.alice, "post", "/regions", files=[file])
    assert answer.status_code == 422
    assert said in json.dumps(answer.json()["problems"])


def test_a_token_without_the_scope_does_not_start_a_region(world, program, towns):
    assert program(world.alice, "post", "/regions", scopes=["read"], **towns).status_code == 403
    assert program(world.alice, "get", "/regions", scopes=["write"]).status_code == 403


def test_a_program_changes_the_tables_and_ends_the_region(world, program):
    from interlocal.web.models import RegionRecord

    made = program(world.bob, "post", "/regions", files=[{"name": "towns.csv", "content": SMALL}]).json()
    url = f"/regions/{made['id']}"
    mended = made["mapping"] | {"year": 2024, "currency": "USD", "source": "A made-up table"}
    assert program(world.bob, "put", f"{url}/mapping", base=1, mapping=mended).status_code == 200
    other = SMALL.replace("Town 3", "Elder")
    new = [{"name": "later.csv", "content": other}]
    refused = {n: program(getattr(world, n), "put", f"{url}/tables", base=9, files=new).status_code for n in EVERYONE}  # fmt: skip
    assert refused == {n: 409 if v == 200 else v for n, v in EDITOR.items()}
    changed = program(world.bob, "put", f"{url}/tables", base=2, files=new).json()
    assert (changed["revision"], changed["checked"], changed["files"]) == (3, True, ["table: later.csv"])
    less = [{"name": "later.csv", "content": other.replace("fire_cost", "costs")}]
    assert not program(world.bob, "put", f"{url}/tables", base=3, files=less).json()["checked"]
    title = RegionRecord.objects.get().title
    ends = {n: program(getattr(world, n), "delete", f"{url}?title=another").status_code for n in EVERYONE}
    assert ends == {n: 409 if n == "alice" else 403 if v == 200 else v for n, v in MEMBER.items()}
    assert program(world.alice, "delete", f"{url}?title={title}").status_code == 204
    assert not RegionRecord.objects.exists()
