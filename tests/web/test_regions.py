"""Regions in the browser: who gets what, the same bytes as the command line, and what a stranger's file cannot do."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "franklin-region"
EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam", "public")
MEMBER = {
    "alice": 200,
    "bob": 200,
    "rita": 200,
    "vic": 200,
    "charlie": 404,
    "fay": 404,
    "sam": 404,
    "public": 302,
}
EDITOR = MEMBER | {"rita": 403, "vic": 403}


@pytest.fixture
def region(world, at):
    from interlocal.web.models import RegionRecord

    at(world.alice).post("/regions/new/", {"from": "example"})
    made = RegionRecord.objects.get()
    made.url = f"/regions/{made.pk}/"
    return made


def run(client, url, kind, **asked):
    from interlocal.web.models import RegionRun
    from interlocal.web.scanning import run_region

    answer = client.post(f"{url}{kind}/", asked)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    for waiting in RegionRun.objects.filter(status="waiting"):
        run_region.func(str(waiting.pk))
    return answer["location"]


def answers(world, at, url):
    return {name: at(getattr(world, name, None)).get(url).status_code for name in EVERYONE}


def test_who_sees_what_of_a_region(world, at, region):
    found = run(at(world.bob), region.url, "scan", largest=2)
    for rest in ("", "mapping/", "mapping.yaml"):
        assert answers(world, at, region.url + rest) == MEMBER, rest
    for rest in ("tables/", "scan/", "group/"):
        assert answers(world, at, region.url + rest) == EDITOR, rest
    for rest in ("map/", "services/", "places/3/", "result.json", "result.csv"):
        assert answers(world, at, found + rest) == MEMBER, rest
    for name in ("rita", "vic", "charlie", "sam"):
        denied = 403 if name in {"rita", "vic"} else 404
        client = at(getattr(world, name))
        assert client.post(f"{found}cancel/").status_code == denied
        assert client.post(f"{region.url}mapping/", {"do": "save"}).status_code == denied
        assert client.post(f"{region.url}delete/", {"title": region.title}).status_code == denied


def test_a_scan_gives_the_bytes_of_the_command_line_and_opens_as_a_case(world, at, region):
    from interlocal.region.commands import scan_document
    from interlocal.region.mapping import load_mapping
    from interlocal.region.render import as_json
    from interlocal.region.scan import Options
    from interlocal.region.tables import read_region
    from interlocal.web.models import CaseRecord

    bob = at(world.bob)
    found = run(bob, region.url, "scan", top=50)
    read = read_region(EXAMPLE / "towns.csv", load_mapping(EXAMPLE / "mapping.yaml"))
    assert bob.get(f"{found}result.json").content.decode() == as_json(scan_document(read, Options()))
    opened = bob.post(f"{found}open/", {"candidate": "1"})
    case = CaseRecord.objects.get(pk=opened["location"].split("/")[2])
    assert case.organisation == world.town
    assert "Massachusetts Department of Revenue" in case.head.document
    assert bob.get(f"{found}open/?candidate=100000").status_code == 404


def test_a_table_is_uploaded_guessed_mended_and_read(world, at, save):
    bob = at(world.bob)
    text = "code;town;people;latitude;longitude;fire_cost\n" + "".join(
        f"t{i};Town {i};{1000 + 50 * i};42,{50 + i};-72,{50 + i};{100000 + 999 * i}\n" for i in range(12)
    )
    sent = {"from": "table", "table": SimpleUploadedFile("towns.csv", text.encode())}
    answer = bob.post("/regions/new/", sent)
    assert answer["location"].endswith("/mapping/")
    page = save(bob, answer["location"])
    assert page.status_code == 422
    assert 'href="#year"' in page.content.decode()
    done = save(bob, answer["location"], page=page, fields={"year": "2024", "currency": "USD"})
    assert done.status_code == 302, done.content.decode()[:3000]
    assert b"12 governments of 12 rows" in bob.get(done["location"]).content


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.xlsx", zipped(xl__workbook="x" * 70_000_000), "once unpacked"),
        ("t.xlsx", zipped(xl__workbook='<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "document type"),
        ("t.csv.gz", gzip.compress(b"a,b\n" * 30_000_000), "once unpacked"),
        ("t.csv", b"a,a\n1,2\n", "two columns named a"),
        ("t.csv", b"a,b\n1,\x00\n", "not text"),
        ("t.csv", b"PK\x03\x04rest", "workbook or zip file"),
        ("t.csv", b"\xff\xfa\x80\x81", "not UTF-8"),
        ("t.csv", b"a," * 5_000 + b"\n1\n", "columns"),
        ("t.parquet", b"PAR1", "another kind of file"),
        ("t.csv", b"", "empty"),
    ],
)
def test_a_hostile_table_is_refused_in_words(world, at, name, content, said):
    from interlocal.web.models import RegionRecord

    answer = at(world.alice).post(
        "/regions/new/", {"from": "table", "table": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code in {200, 422}
    if content:
        assert said in answer.content.decode()
    assert not RegionRecord.objects.exists()


def test_demands_that_cannot_be_met_name_their_field(world, at, region):
    page = at(world.bob).post(
        f"{region.url}group/", {"service": "fire", "together": "Nowhere, Ashfield", "max_size": "9"}
    )
    assert page.status_code == 422
    assert 'href="#max_size"' in page.content.decode()
    page = at(world.bob).post(f"{region.url}group/", {"service": "fire", "together": "Nowhere, Ashfield"})
    assert 'href="#together"' in page.content.decode()
