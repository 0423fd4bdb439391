"""One agreement as an Excel workbook: nothing is lost on the way, and every bad cell is told by sheet and cell."""

import io

import openpyxl
import pytest

from interlocal.partnership.document import apart
from interlocal.partnership.register import read_register
from interlocal.partnership.workbook import holds_agreement, parse_workbook, starter, template, to_workbook
from interlocal.problems import InputError

pytestmark = pytest.mark.heavy


def cell(book, sheet, heading, entry=0):
    """The cell of an entry under (or beside) a heading."""
    ws = book[sheet]
    if ws["A3"].value == "field":
        return next(row[2 + entry] for row in ws.iter_rows(min_row=4) if row[0].value == heading)
    return next(ws.cell(4 + entry, c.column) for c in ws[3] if c.value == heading)


def edited(*changes):
    """The starter's workbook after somebody has put values into cells."""
    book = openpyxl.load_workbook(io.BytesIO(template()))
    for *place, value in changes:
        cell(book, *place).value = value
    sent = io.BytesIO()
    book.save(sent)
    return sent.getvalue()


def wrong(*changes):
    with pytest.raises(InputError) as error:
        parse_workbook(edited(*changes), "a.xlsx")
    return {p.where.removeprefix("a.xlsx, "): p for p in error.value.problems}


def test_the_template_shows_every_section_and_reads_back():
    book = openpyxl.load_workbook(io.BytesIO(template()))
    assert {"agreement", "organisations", "parties", "insurance", "escalator", "formula", "standards", "voting", "documents", "menu", "years.lines"} <= set(book.sheetnames)  # fmt: skip
    assert all(s.sheet_state == "visible" for s in book if not s.title.startswith("_"))
    assert parse_workbook(template(), "a.xlsx").sha256 == starter().sha256


def test_every_agreement_of_the_example_survives_the_workbook(root):
    for one in apart(read_register(root / "examples/seven-member-partnership/register.yaml")):
        sent = to_workbook(one)
        assert parse_workbook(sent, "a.xlsx").sha256 == one.sha256
        assert to_workbook(one) == sent


def test_what_is_filled_in_is_what_the_agreement_says():
    made = parse_workbook(
        edited(
            ("insurance", "expires", "2029-01-31"),
            ("parties", "takes", 1, None),
            ("formula", "rule.readiness_share", 0.25),
            ("voting", "votes.alder_falls", 5),
            ("years.lines", "budget", 812000.29),
        ),
        "a.xlsx",
    )
    assert str(made.insurance[0].expires) == "2029-01-31"
    assert [p.takes for p in made.parties] == [("training",), ()]
    assert made.formula.rule.readiness_share == 0.25
    assert made.voting.votes["alder_falls"] == 5
    assert str(made.years[0].lines[0].budget) == "812000.29"


def test_every_bad_cell_is_told_at_once_by_sheet_and_cell():
    found = wrong(
        ("agreement", "starts", "soon"),
        ("agreement", "lead", "alder_fals"),
        ("insurance", "expires", "never"),
        ("formula", "rule.readiness_share", "most"),
        ("years.lines", "budget", "$812,000"),
        ("years.lines", "year", 1, 2062),
        ("standards", "better", "up"),
    )
    by_sheet = {where.split(",")[0].removeprefix("sheet "): p for where, p in found.items()}
    assert by_sheet.keys() == {"agreement", "insurance", "formula", "years.lines", "standards"}
    assert all(", cell " in where for where in found)
    assert "a date as year-month-day" in by_sheet["insurance"].expected
    assert any("2062" in p.found and "the year of an entry of sheet years" in p.expected for p in found.values())  # fmt: skip
    assert any("$812,000" in p.found for p in found.values())


def test_what_does_not_fit_together_is_told_by_sheet_and_cell_too():
    found = wrong(("agreement", "lead", "alder_fals"), ("parties", "takes", 1, "lab"), ("voting", "votes.alder_falls", -1))  # fmt: skip
    assert found.keys() == {"sheet voting, cell C4"}
    found = wrong(("agreement", "lead", "alder_fals"), ("parties", "takes", 1, "lab"))
    assert [p.fix for p in found.values()] == ["Did you mean alder_falls?", "Correct it, or add it."]
    assert all(where.startswith(("sheet agreement, cell C", "sheet parties, cell D5")) for where in found)


def test_a_table_is_no_workbook_of_an_agreement():
    assert holds_agreement(template(), "a.xlsx")
    book = openpyxl.Workbook()
    sent = io.BytesIO()
    book.save(sent)
    assert not holds_agreement(sent.getvalue(), "a.xlsx")
    assert not holds_agreement(b"title,parties,starts", "a.csv")


def test_commands_write_both_templates_and_read_them(tmp_path, run_cli):
    for name, of in (("agreements.csv", "3 organisations"), ("agreement.xlsx", "2 organisations")):
        assert run_cli("register", "--template", name, cwd=tmp_path).code == 0
        done = run_cli("register", name, "--out", f"{name}.yaml", cwd=tmp_path)
        assert of in done.stdout
    done = run_cli("partnership", "agreement.xlsx.yaml", "--workbook", "again.xlsx", cwd=tmp_path)
    assert done.code == 0
    again = parse_workbook((tmp_path / "again.xlsx").read_bytes(), "again.xlsx")
    assert again.sha256 == starter().sha256
