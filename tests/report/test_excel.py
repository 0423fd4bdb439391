"""The study as a workbook: it agrees with the central path to the cent, recomputes, and keeps what is not for its reader."""

import shutil
import subprocess

import openpyxl
import pytest
from cases import case, document

from interlocal.case import parse_case, read_case
from interlocal.case.document import Case
from interlocal.case.starter import starter
from interlocal.report.excel import write_workbook
from interlocal.study import study


def written(a_case, path, audience="partners"):
    result = study(a_case, draws=200, audience=audience)
    write_workbook(result.document, result.case, path)
    return result.document


def rows_of(path, sheet, *, values=True):
    book = openpyxl.load_workbook(path, data_only=values)
    return {row[0].value: [c.value for c in row[1:]] for row in book[sheet].iter_rows() if row[0].value}


def cases(root):
    texts = {p.parent.name: p.read_text(encoding="utf-8") for p in root.glob("examples/*/case.yaml")}
    texts |= {"short starter": starter(), "full starter": starter(full=True)}
    return {name: parse_case(text.encode(), name) for name, text in texts.items()}


def assert_agrees(path, result):
    """Every present value equals that of the study's central path to the cent."""
    central, found = result["central"], rows_of(path, "Results")
    checked = 0
    for row in list(found.values())[1:]:
        now, stored, difference = row[:3]
        assert now == pytest.approx(stored, abs=0.005)
        assert difference == 0
        checked += 1
    kept = [v["partners"] for v in central["options"].values()]
    assert checked == sum(len(p) + 1 for p in kept)
    for option, partners in zip(central["options"], kept, strict=True):
        sheet = next(n for n in openpyxl.load_workbook(path).sheetnames if n.endswith(f" {option}"[:20]))
        savings = [
            [c.value for c in row[5 : 5 + len(central["years"])]]
            for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows()
            if row[0].value == "Saving"
        ]
        for saving, partner in zip(savings, partners.values(), strict=True):
            assert saving == pytest.approx(partner["saving"], abs=0.005)


@pytest.mark.slow
def test_every_figure_agrees_with_the_central_path_to_the_cent(root, tmp_path):
    for name, a_case in cases(root).items():
        path = tmp_path / f"{name}.xlsx"
        assert_agrees(path, written(a_case, path))


def test_a_study_of_another_case_is_refused(tmp_path):
    result = study(case(), draws=200).document
    with pytest.raises(ValueError, match="another case"):
        write_workbook(result, case(title="Another"), tmp_path / "x.xlsx")


def test_probabilities_are_quoted_from_the_study(tmp_path):
    result = written(case(), tmp_path / "x.xlsx")
    pool = result["questions"]["money"]["options"]["joint"]["pool"]
    found = rows_of(tmp_path / "x.xlsx", "Probabilities")
    assert found["One department: all together"][0] == pool["total"]["p_saves"]
    assert found["One department: Ash"][0] == pool["partners"]["ash"]["p_saves"]


def test_names_lead_to_the_inputs(tmp_path):
    written(case(), tmp_path / "x.xlsx")
    names = openpyxl.load_workbook(tmp_path / "x.xlsx").defined_names
    wanted = {
        "discount_rate",
        "optimism",
        "rate_flat",
        "price_joint_all",
        "share_joint_ash",
        "npv_joint_ash",
        "price_today_ash",
    }
    assert wanted <= set(names)


def test_the_public_gets_no_yearly_figures(tmp_path):
    written(case(), tmp_path / "x.xlsx", audience="public")
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == ["Read me", "Probabilities"]


def test_a_line_for_the_facilitator_alone_moves_no_figure_of_the_workbook(tmp_path):
    d = document()
    d["options"][0]["lines"] += [
        {
            "id": "secret_raise",
            "name": "Pay rise under talks",
            "category": "staff",
            "amount": 12345,
            "visibility": "facilitator",
        }
    ]
    a_case = Case.model_validate(d)
    assert_agrees(tmp_path / "x.xlsx", written(a_case, tmp_path / "x.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    texts = {str(c.value) for sheet in book for row in sheet.rows for c in row if c.value is not None}
    assert not any("secret" in t or "Pay rise" in t or "12345" in t for t in texts | set(book.defined_names))


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    a_case = case(title="=1+1", summary="@SUM(1)")
    written(a_case, tmp_path / "x.xlsx")
    found = [
        c
        for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["Read me"].rows
        for c in row
        if c.value in {"=1+1", "@SUM(1)"}
    ]
    assert [c.data_type for c in found] == ["s", "s"]


# --- recalculated by another program


@pytest.fixture(scope="session")
def recalculated(tmp_path_factory):
    """Return a function that recalculates a workbook from its formulas with LibreOffice and gives the new file."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("needs LibreOffice: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("office")

    def run(path):
        command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
                   "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out", path]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return folder / "out" / path.name

    return run


def edited(path, change):
    """Change cells by name and drop every stored value, so that whoever opens the file must recalculate."""
    book = openpyxl.load_workbook(path)
    for name, value in change.items():
        sheet, place = book.defined_names[name].attr_text.replace("'", "").split("!")
        book[sheet][place.replace("$", "")].value = value
    book.save(path)


@pytest.mark.slow
def test_libreoffice_recalculates_the_same_figures(root, tmp_path, recalculated):
    a_case = read_case(root / "examples" / "franklin-police" / "case.yaml")
    path = tmp_path / "franklin.xlsx"
    result = written(a_case, path)
    edited(path, {})
    assert_agrees(recalculated(path), result)


@pytest.mark.slow
def test_a_changed_share_and_a_changed_price_move_the_totals_as_the_study_would(tmp_path, recalculated):
    path = tmp_path / "small.xlsx"
    written(case(), path)
    edited(
        path,
        {
            "share_joint_ash": 0.4,
            "share_joint_birch": 0.35,
            "share_joint_cedar": 0.25,
            "price_joint_all": 300_000,
        },
    )
    changed = document()
    changed["options"][0]["formula"] = {
        "rule": {"kind": "given", "shares": {"ash": 0.4, "birch": 0.35, "cedar": 0.25}}
    }
    changed["options"][0]["lines"][0]["amount"] = 300_000
    expected = study(Case.model_validate(changed), draws=200).document["central"]["options"]["joint"][
        "partners"
    ]
    found = rows_of(recalculated(path), "Results")
    for partner, name in (("ash", "Ash"), ("birch", "Birch"), ("cedar", "Cedar")):
        assert found[f"One department: {name}"][0] == pytest.approx(
            sum(expected[partner]["saving"]), abs=0.005
        )
