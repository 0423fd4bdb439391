"""Tables that people take with them: no cell of them runs as a formula in a spreadsheet."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.cells import inert

SOURCES = Path(__file__).resolve().parents[2] / "src/interlocal"
EVIL = ("=HYPERLINK(1)", "+cmd", "-cmd", "@SUM(1)", "\t=1", " =1", "\r=1")
RUNS = re.compile(r"[\s]*[=+\-@]|[\t\r\n]")


@given(st.text())
def test_what_a_cell_says_runs_nowhere_and_is_not_lost(text):
    assert not RUNS.match(inert(text))
    assert inert(text).removeprefix("'").endswith(text.removeprefix("'"))


def test_whatever_writes_such_tables_makes_its_cells_inert():
    writers = {p.relative_to(SOURCES).as_posix() for p in SOURCES.rglob("*.py") if "csv.writer(" in p.read_text() or "csv.DictWriter(" in p.read_text()}  # fmt: skip
    # One fills the box in which a table is mended, and comes back to us; the other writes words of ours alone.
    writers -= {"web/beginnings.py", "partnership/table.py"}
    assert writers == {w for w in writers if "inert(" in (SOURCES / w).read_text()}


def hostile(text):
    return [f"{e}{text}" for e in EVIL]


@pytest.fixture
def evil(world, at):
    """A world in which everything people can name begins like a formula; returns every table's address."""
    from agreements import hosted
    from django.core.files.uploadedfile import SimpleUploadedFile

    from interlocal.web.actions import decisions
    from interlocal.web.actions.audit import note
    from interlocal.web.models import RegionRecord, RegionRun
    from interlocal.web.scanning import run_region

    alice = at(world.alice)
    for text in EVIL:
        note(person=world.alice, did="x", about=f"{text}about", case=world.case)
        decisions.record(case=world.case, on=_today(), what=f"{text}what", ground=f"{text}ground", by=world.alice)  # fmt: skip
    type(world.alice).objects.filter(pk=world.alice.pk).update(name="=Alice")
    names = [f"{e.strip()}Town" for e in EVIL]
    rows = "".join(f"{names[i % len(names)]}{i};{names[i % len(names)]} {i};{1000 + 50 * i};42,{50 + i};-72,{50 + i};{100000 + 999 * i}\n" for i in range(12))  # fmt: skip
    table = SimpleUploadedFile("towns.csv", f"code;town;people;latitude;longitude;fire_cost\n{rows}".encode())
    alice.post("/regions/new/", {"from": "table", "table": table})
    region = RegionRecord.objects.get()
    mapping = {**json.loads(json.dumps(region.head.mapping)), "year": 2024, "currency": "USD"}
    from interlocal.web.actions import regions

    regions.save_region(record=region, base=1, by=world.alice, mapping=mapping, checked=True, about="x")
    alice.post(f"/regions/{region.pk}/scan/", {"largest": "2"})
    run = RegionRun.objects.get()
    run_region.func(str(run.pk))
    agreement = hosted(world)
    return [
        f"{world.url}audit/?as=csv",
        f"/organisations/{world.town.pk}/audit/?as=csv",
        f"{world.url}decisions/?as=csv",
        f"/regions/{region.pk}/runs/{run.pk}/result.csv",
        f"/agreements/{agreement.pk}/money/{_today().year - 1}/invoices.csv",
        "/agreements/pairs.csv",
    ]


def _today():
    import datetime as dt

    return dt.datetime.now(tz=dt.UTC).date()


def test_no_table_of_the_workbench_holds_a_formula(world, at, evil):
    met = 0
    for url in evil:
        answer = at(world.alice).get(url)
        assert answer.status_code == 200, url
        assert answer["Content-Type"].startswith("text/csv")
        assert answer["X-Content-Type-Options"] == "nosniff"
        for row in csv.reader(io.StringIO(answer.content.decode(), newline="")):
            for cell in row:
                assert not RUNS.match(cell) or re.fullmatch(r"-?[\d.]+", cell), (url, cell)
                met += cell.startswith("'")
    assert met > 3 * len(EVIL), "the hostile words were in them"


def spoilt(value, key=""):
    """A case in which every free text begins like a formula."""
    free = {"title", "name", "text", "note", "source", "question", "summary", "where"}
    if isinstance(value, dict):
        return {k: spoilt(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [spoilt(v, key) for v in value]
    return f"=HYPERLINK(1)&{value}" if isinstance(value, str) and key in free else value


@pytest.mark.slow
def test_no_workbook_takes_what_people_wrote_for_a_formula(tmp_path):
    from interlocal.case.workbook.writing import to_workbook
    from interlocal.report.excel import write_workbook
    from interlocal.study import study
    from interlocal.web import examples

    data = spoilt(json.loads(examples.case("starter").canonical_json()))
    case = examples.checked(data, "x")
    (tmp_path / "case.xlsx").write_bytes(to_workbook(case))
    write_workbook(study(case, draws=200).document, case, tmp_path / "study.xlsx")
    for name in ("case.xlsx", "study.xlsx"):
        cells = [c for sheet in openpyxl.load_workbook(tmp_path / name) for row in sheet.rows for c in row]
        assert any("HYPERLINK" in str(c.value) for c in cells), name
        assert [c.value for c in cells if c.data_type == "f" and "HYPERLINK" in str(c.value)] == [], name
