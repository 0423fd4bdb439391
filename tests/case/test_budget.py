"""A partner's own budget onto cost lines: everything in it is accounted for, and nothing is guessed."""

import datetime as dt

import openpyxl
import pytest
import yaml
from cases import document
from hypothesis import given
from hypothesis import strategies as st

from interlocal.case.amounts import NotAnAmountError, amount_of
from interlocal.case.budget import read_budget, with_budget
from interlocal.case.document import Case
from interlocal.problems import InputError

MAP = {
    "year": 2025,
    "headings": {"account": "Account", "text": "Description", "amount": "FY2025 Adopted"},
    "lines": [
        {"id": "staff", "category": "staff", "rows": ["5100-5199"]},
        {"id": "running", "category": "operating", "rows": ["*fuel*", "52*"], "avoidable": 0.8},
    ],
    "left_out": [{"rows": ["total*"], "reason": "a sum of the rows above"}],
}
ROWS = [
    ["Town of Ash", None, None],
    [],
    ["Account", "Description", "FY2025 Adopted"],
    [5110, "Chief", 98_000],
    [5120, "Officers", "$152,500.00"],
    ["5401", "Vehicle fuel", "(1,250.50)"],
    [None, "Uniforms", 4_000],
    [None, "Debt service", "-"],
    [None, "TOTAL police", "253,249.50"],
    [None, None, None],
]


def read(tmp_path, rows=ROWS, name="budget.xlsx", edit=None, **changes):
    (tmp_path / "map.yaml").write_text(yaml.safe_dump(MAP | changes), encoding="utf-8")
    path = tmp_path / name
    if name.endswith(".csv"):
        path.write_text(
            "\n".join(";".join("" if c is None else str(c) for c in r) for r in rows), encoding="utf-8"
        )
    else:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        if edit:
            edit(book.active)
        book.save(path)
    return read_budget(path, tmp_path / "map.yaml")


def problems(tmp_path, **kw):
    with pytest.raises(InputError) as caught:
        read(tmp_path, **kw)
    return caught.value.problems


@pytest.mark.parametrize("name", ["budget.xlsx", "budget.csv"])
def test_every_row_with_an_amount_is_mapped_left_out_or_named(tmp_path, name):
    told = read(tmp_path, name=name).as_dict("ash")
    assert [(x["id"], x["amount"]) for x in told["lines"]] == [("staff", 250_500), ("running", -1250.5)]
    assert [x["text"] for x in told["not_mapped"]] == ["Uniforms"]
    assert told["left_out"][0]["reason"] == "a sum of the rows above"
    assert told["total"] == {"mapped": 249_249.5, "left_out": 253_249.5, "not_mapped": 4000}


def test_the_lines_fit_the_case_and_come_again_without_doubling(tmp_path):
    budget = read(tmp_path)
    once = with_budget(Case.model_validate(document()), "ash", budget, "case")
    twice = with_budget(once, "ash", budget, "case")
    assert once.sha256 == twice.sha256
    lines = {x.id: x for x in once.option("do_nothing").lines}
    assert lines["ash_staff"].behaviour.amount.value == 250_500
    assert lines["ash_staff"].behaviour.amount.year == 2025
    assert "budget.xlsx" in lines["ash_staff"].source
    assert lines["ash_running"].avoidable.value == 0.8


def test_an_unknown_partner_is_named(tmp_path):
    with pytest.raises(InputError, match="Did you mean ash"):
        with_budget(Case.model_validate(document()), "ashh", read(tmp_path), "case")


@pytest.mark.parametrize(
    ("text", "meant"),
    [("$1,234.50", 1234.5), ("(1,234,567)", -1234567), ("1 234,50 €", 1234.5), ("1.234.567,8", 1234567.8), ("USD 12", 12),
     ("1’234.50", 1234.5), ("12-", -12), ("−7", -7), ("—", None), ("n/a", None), ("0.125", 0.125), (".5", 0.5)],
)  # fmt: skip
def test_amounts_as_people_write_them(text, meant):
    assert amount_of(text) == meant


@pytest.mark.parametrize("text", ["1.234", "1,234", "$9,999"])
def test_an_amount_that_could_be_two_numbers_is_not_guessed(text):
    with pytest.raises(NotAnAmountError, match="either"):
        amount_of(text)
    assert amount_of(text, ".") != amount_of(text, ",")


@pytest.mark.parametrize("text", ["12%", "abc", "12,34,567", "1.2.3", "#REF!", "1,23", "12 apples"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(NotAnAmountError):
        amount_of(text, "." if text == "1,23" else None)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_any_amount_written_with_separators_is_read_back(amount):
    assert amount_of(f"{amount:,.2f}") == pytest.approx(float(amount))
    european = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert amount_of(european) == pytest.approx(float(amount))


def test_an_ambiguous_amount_names_its_cell_and_the_way_out(tmp_path):
    (p,) = problems(tmp_path, rows=[*ROWS, [5130, "Clerk", "1.234"]])
    assert "cell C11" in p.where
    assert "1234" in p.found
    assert "decimal" in p.fix
    rows = [*ROWS[:4], [5130, "Clerk", "1.234"]]
    assert read(tmp_path, rows=rows, decimal=",").lines["staff"][-1].amount == 1234


def test_formulas_without_values_errors_percentages_and_words_are_named_all_at_once(tmp_path):
    rows = [*ROWS, [5131, "a", "=1+1"], [5132, "b", "#REF!"], [5133, "c", "12%"], [5134, "d", "see note"]]
    found = [p.found for p in problems(tmp_path, rows=rows)]
    assert len(found) == 4
    assert "without a stored value" in found[0]

    def percent(sheet):
        sheet["C4"].number_format = "0%"

    assert "percentage" in problems(tmp_path, edit=percent)[0].found


def test_merged_departments_belong_to_each_of_their_rows(tmp_path):
    rows = [*ROWS[:3], ["52 Supplies", "Paper", 10], [None, "Ink", 20]]
    assert len(read(tmp_path, rows=rows, edit=lambda s: s.merge_cells("A4:A5")).lines["running"]) == 2


def test_a_heading_that_is_not_there_names_the_nearest(tmp_path):
    (p,) = problems(tmp_path, headings={"account": "Acount", "amount": "FY2025 Adopted"})
    assert "Did you mean account?" in p.fix


def test_a_wrong_mapping_names_its_line(tmp_path):
    p, *_ = problems(tmp_path, lines=[{"id": "x", "category": "stuff", "rows": ["*"]}])
    assert "map.yaml, line" in p.where
    assert "staff" in p.expected


def test_dates_are_no_amounts(tmp_path):
    assert problems(tmp_path, rows=[*ROWS, [5130, "Clerk", dt.datetime(2025, 1, 1)]])  # noqa: DTZ001


def test_the_command_says_what_was_not_mapped(tmp_path, run_cli):
    read(tmp_path)
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(document()), encoding="utf-8")
    ran = run_cli("budget", "budget.xlsx", "--map", "map.yaml", "--partner", "ash", "--case", "case.yaml",
                  "--out", "new.xlsx", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.stderr
    assert "Uniforms" in ran.stdout
    assert run_cli("check", "new.xlsx", cwd=tmp_path).code == 0
