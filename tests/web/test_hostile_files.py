"""Files and requests made to do harm, at every door through which people send some: refused in words, nothing kept."""

import base64
import io
import json
import tempfile
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.heavy

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def book(sheet, doctype="", part="worksheets/sheet1.xml", code="utf-8"):
    """A workbook with this in its one sheet, which stands where it is said and is written in the code that is said."""
    whole = f"{doctype}<worksheet xmlns='{MAIN}'><sheetData>{sheet}</sheetData></worksheet>"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relation = f"<Relationships xmlns='{PACKAGE}/relationships'><Relationship Id='a' Type='{OFFICE}/%s' Target='%s'/></Relationships>"
    return zipped(
        **{
            "[Content_Types].xml": f"<Types xmlns='{PACKAGE}/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            f"<Override PartName='/xl/workbook.xml' ContentType='{kind}.sheet.main+xml'/><Override PartName='/xl/{part}' ContentType='{kind}.worksheet+xml'/></Types>",
            "_rels/.rels": relation % ("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": f"<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets><sheet name='case' sheetId='1' r:id='a'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relation % ("worksheet", part),
            f"xl/{part}": whole.encode(code),
        }
    )


CELL = "<row r='1'><c r='A1' t='inlineStr'><is><t>&b;&c;</t></is></c></row>"
MANY = "<row>" + "<c><v>1</v></c>" * 600_000 + "</row>"
WORKBOOKS = {
    "a zip bomb": (zipped(**{"xl/workbook.xml": b"\0" * 70_000_000}), "once unpacked"),
    "ten thousand parts": (zipped(**{f"xl/{i}.xml": b"" for i in range(10_000)}), "in 10,000 parts"),
    "entities": (book(CELL, ENTITIES), "document type"),
    "entities under another ending": (book(CELL, ENTITIES, "worksheets/sheet1.dat"), "document type"),
    "entities in UTF-16": (book(CELL, ENTITIES, code="utf-16"), "document type"),
    "a million cells": (book(MANY), "600,000 cells"),
    "a million cells by another name": (
        book(MANY.replace("<c>", f"<x:c xmlns:x='{MAIN}'>").replace("</c>", "</x:c>")),
        "600,000 cells",
    ),
    "half a zip": (book("")[:300], "damaged"),
    "another kind of zip": (zipped(**{"evil.py": b"x"}), "workbook"),
}
TEXTS = {
    "a tag that runs": (b"!!python/object/apply:os.system ['true']", "the tag"),
    "an alias": (b"a: &a [1]\nb: *a", "alias"),
    "billions of laughs": (
        b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c + 1, c + 1, c, c) for c in range(97, 110)),
        "alias",
    ),
    "a merge": (b"a: &a {b: 1}\nc: {<<: *a}", "alias"),
    "a tower": (b"[" * 1_000_000, "levels of nesting"),
    "millions of values": (b"a: [" + b"1," * 3_000_000 + b"1]", "300,000 values"),
    "a number without end": (b"format: " + b"9" * 7_000_000, "999…"),
    "bytes": (b"\xff\xfe\x00\x01", "UTF-8"),
    "nothing": (b"", ""),
    "too much": (b"#" * 9_000_000, "at most 8 MB"),
}


def refused(answer, says):
    page = answer.content.decode()
    assert answer.status_code == 422, (answer.status_code, page[:300])
    assert says in page, page[-3000:]
    assert len(page) < 100_000, "the file itself does not come back"
    assert tempfile.gettempdir() not in page
    assert "Traceback" not in page
    assert "root:" not in page


@pytest.mark.parametrize("attack", WORKBOOKS)
@pytest.mark.parametrize(
    ("url", "form", "field"),
    [
        ("/cases/new/", {"from": "file"}, "file"),
        ("/agreements/new/", {"from": "table"}, "file"),
        ("/regions/new/", {"from": "table"}, "table"),
    ],
)
def test_a_hostile_workbook_is_refused_at_every_door(world, at, url, form, field, attack):
    content, says = WORKBOOKS[attack]
    answer = at(world.alice).post(url, {**form, field: SimpleUploadedFile("b.xlsx", content)})
    refused(answer, says)
    nothing_new(world)


@pytest.mark.parametrize("attack", TEXTS)
@pytest.mark.parametrize(
    ("url", "form", "field"),
    [
        ("/cases/new/", {"from": "file"}, "file"),
        ("/agreements/new/", {"from": "file"}, "file"),
    ],
)
def test_a_hostile_text_is_refused_at_every_door(world, at, url, form, field, attack):
    content, says = TEXTS[attack]
    answer = at(world.alice).post(url, {**form, field: SimpleUploadedFile("../../evil.yaml", content)})
    refused(answer, says)
    nothing_new(world)


@pytest.mark.parametrize("attack", [*WORKBOOKS, *TEXTS])
def test_and_at_the_door_for_programs(world, at, attack):
    from interlocal.web.actions.tokens import make_token

    content, says = {**WORKBOOKS, **TEXTS}[attack]
    token = make_token(person=world.alice, name="x", scopes=["read", "write"])
    name = "b.xlsx" if attack in WORKBOOKS else "b.yaml"
    sent = {"name": name, "content": base64.b64encode(content).decode(), "base64": True}
    answer = at().post(
        "/api/v1/cases",
        json.dumps({"file": sent}),
        content_type="application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 422
    said = json.dumps(answer.json(), ensure_ascii=False)
    # What is too large for a request is not read at all.
    assert says in said or (len(content) > 7_000_000 and "at most 10 MB" in said)
    assert len(said) < 100_000
    nothing_new(world)


def nothing_new(world):
    from interlocal.web.models import AgreementRecord, CaseRecord, RegionRecord

    assert list(CaseRecord.objects.all()) == [world.case]
    assert not AgreementRecord.objects.exists()
    assert not RegionRecord.objects.exists()


@pytest.mark.parametrize(
    "name", ["t.parquet", "t.py", "t", "../../etc/passwd", "t.csv\0.xlsx", "a" * 300 + ".csv"]
)
def test_a_file_of_no_known_kind_is_read_as_the_text_that_it_is_not(world, at, name):
    for url, field in (("/agreements/new/", "file"), ("/regions/new/", "table")):
        content = SimpleUploadedFile(name, b"PAR1\0\0\0PAR1")
        answer = at(world.alice).post(url, {"from": "table", field: content})
        assert answer.status_code == 422, (url, name)
    nothing_new(world)


def test_a_body_that_is_too_large_is_not_read(world, at):
    alice = at(world.alice)
    answers = [
        alice.post(f"{world.url}edit/about/", {"title": "x" * 10_500_000, "base": "1"}),
        alice.post(f"{world.url}edit/about/", {f"f{i}": "" for i in range(20_100)}),
        alice.post("/agreements/new/", {"from": "table", "table": "x" * 10_500_000}),
        alice.post("/cases/new/", {"from": "file", "file": SimpleUploadedFile("a.yaml", b"#" * 45_000_000)}),
        alice.generic("POST", f"{world.url}edit/about/", b"{", content_type="application/json"),
    ]
    assert [a.status_code for a in answers[:4]] == [413] * 4
    assert all("too much at once" in a.content.decode() for a in answers[:4])
    for answer in answers:
        assert answer.status_code < 500
        assert "Traceback" not in answer.content.decode()
    world.case.refresh_from_db()
    assert world.case.latest == 1
