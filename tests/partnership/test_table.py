"""A table of agreements that a clerk keeps: what each column says, and every bad cell at once with its row and column."""

import io

import openpyxl
import pytest
from partnership.registers import day

from interlocal.partnership.table import OPTIONAL, REQUIRED, read_table, template
from interlocal.partnership.table_cells import CELLS
from interlocal.problems import InputError


def read(tmp_path, text, name="agreements.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, as_of=day("2026-01-01"), currency="USD")


def wrong(tmp_path, text):
    with pytest.raises(InputError) as error:
        read(tmp_path, text)
    return [str(p).split("agreements.csv, ", 1)[-1] for p in error.value.problems]


def test_a_table_becomes_a_register(tmp_path):
    found = read(
        tmp_path,
        "Title,Service,Parties,Starts,Ends,Notice months,Lead\n"
        "Joint dispatch,dispatch,North Town; South City,2020-07-01,2030-06-30,12,South City\n"
        "Library,,South City; West Village,2018-01-01,,,\n",
    )
    assert [a.id for a in found.agreements] == ["joint_dispatch", "library"]
    assert [o.name for o in found.organisations] == ["North Town", "South City", "West Village"]
    assert (found.agreements[0].lead, found.agreements[0].notice_months) == ("south_city", 12)


def test_the_template_uses_every_column_and_reads_back(tmp_path):
    (a,) = read(tmp_path, template()).agreements
    assert template().splitlines()[0] == ",".join((*REQUIRED, *OPTIONAL))
    assert all(cell.example for cell in CELLS.values())
    assert [(p.organisation, str(p.since or ""), p.takes) for p in a.parties] == [
        ("alder_falls", "", ("training",)),
        ("birch_hollow", "2026-01-01", ("training",)),
        ("cedar_point", "", ("radio_repair",)),
    ]
    assert [(i.what, str(i.expires)) for i in a.insurance] == [("Public officials’ liability", "2027-06-30"), ("Vehicles", "None")]  # fmt: skip
    assert (a.escalator.rate, a.escalator.applies_on) == (0.03, 7)
    assert (a.formula.rule.kind, a.formula.rule.readiness_share, a.formula.rule.use_by) == ("two_part", 0.4, "calls")  # fmt: skip
    assert (a.voting.votes["alder_falls"], a.voting.quota) == (2, 0.5)
    assert [(s.name, s.better, s.target, s.unit) for s in a.standards] == [
        ("Calls answered within 15 seconds", "higher", 90, "percent"),
        ("Mean response", "lower", 8, "minutes"),
    ]
    assert [(d.title, d.where) for d in a.documents] == [("Agreement of 8 March 2025", "Clerk of Alder Falls")]  # fmt: skip
    assert (a.renewal.kind, a.renewal.months, str(a.review_date)) == ("by_vote", 60, "2027-09-15")


def test_a_rule_alone_and_an_index_need_no_parameters(tmp_path):
    (a,) = read(tmp_path, "title,parties,starts,formula,escalator\nOne,A; B,2020-01-01,per_head,CPI-U\n").agreements  # fmt: skip
    assert (a.formula.rule.kind, a.escalator.index, a.escalator.rate) == ("per_head", "CPI-U", None)


def test_an_excel_table_takes_days_and_numbers_as_excel_keeps_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["title", "parties", "starts", "notice_months", "quota"])
    book.active.append(["One", "A; B", day("2020-07-01"), 12, 0.5])
    sent = io.BytesIO()
    book.save(sent)
    (a,) = read(tmp_path, sent.getvalue(), "agreements.xlsx").agreements
    assert (str(a.starts), a.notice_months, a.voting.quota) == ("2020-07-01", 12, 0.5)


def test_every_bad_cell_is_told_at_once_with_its_row_and_column(tmp_path):
    said = wrong(
        tmp_path,
        "title,parties,starts,notice_months,formula,votes,quota,standards,documents,menu,insurance,escalator_month,renewal\n"
        "\n"
        'One,North; South since soon,later,many,"kind: two_part, use_by: calls",North; South 2,half,Calls quickly,Paper,Lab: East,Fire until never,13,maybe\n'
        "Two,North,2020-01-01,12,per_hed,,,,,,,,\n",
    )
    for place, words in (
        ("row 3, column parties", "found “soon”; expected a day as year-month-day"),
        ("row 3, column starts", "found “later”; expected a day as year-month-day"),
        ("row 3, column notice_months", "found “many”; expected a whole number"),
        ("row 3, column formula", "found no readiness_share"),
        ("row 3, column votes", "found “North”; expected a name and its votes"),
        ("row 3, column quota", "found “half”; expected a part of all votes"),
        ("row 3, column standards", "found “Calls quickly”; expected a measure, “at least” or “at most”"),
        ("row 3, column documents", "found “Paper”; expected a title, “at” and where it is kept"),
        ("row 3, column menu", "found East, which is no party (North, South)"),
        ("row 3, column insurance", "found “never”; expected a day"),
        ("row 3, column escalator_month", "found “13”; expected a number of at most 12"),
        ("row 3, column renewal", "found “maybe”; expected automatic, by_vote or none"),
        ("row 4, column parties", "expected at least two parties with a semicolon between them"),
        ("row 4, column formula", "found “per_hed” (one of: equal, per_head"),
    ):
        assert any(s.startswith(place) and words in s for s in said), (place, words, said)
    assert len(said) == 14, "an empty line moves no row number, and nothing follows from a cell that is told already"  # fmt: skip


def test_columns_that_are_missing_or_unknown_are_named_with_the_nearest(tmp_path):
    assert "Rename the column partys" in wrong(tmp_path, "title,partys,starts\nOne,A; B,2020-01-01\n")[0]
    said = wrong(tmp_path, "title,parties,starts,insurence\nOne,A; B,2020-01-01,x\n")
    assert "Did you mean insurance?" in said[0]


@pytest.mark.parametrize(("column", "cell"), [("lead", "East"), ("votes", "East 2")])
def test_who_is_no_party_is_named_with_the_row(tmp_path, column, cell):
    (said,) = wrong(tmp_path, f"title,parties,starts,{column}\nOne,North; South,2020-01-01,{cell}\n")
    assert said.startswith(f"row 2, column {column}: found east, which is no party")
