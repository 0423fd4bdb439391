"""A case as a workbook: nothing is lost on the way there and back, and what is wrong is said by sheet and cell."""

import datetime as dt
import io
import types
import zipfile
from decimal import Decimal
from typing import Annotated, Literal, Union, get_args, get_origin

import openpyxl
import pytest
from cases import case
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from interlocal.case import parse_case, read_case
from interlocal.case.document import Case
from interlocal.case.sheets import Grid
from interlocal.case.starter import starter
from interlocal.case.text import parse
from interlocal.case.values import Quantity
from interlocal.case.workbook.book import CASE
from interlocal.case.workbook.cells import spread
from interlocal.case.workbook.layout import sheets
from interlocal.case.workbook.reading import gather
from interlocal.case.workbook.writing import to_workbook
from interlocal.case.written import to_json, to_yaml
from interlocal.partnership.workbook import AGREEMENT
from interlocal.problems import InputError

pytestmark = pytest.mark.heavy

# --- any case at all, from the models themselves

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda s: s.strip()
)
tricky = st.sampled_from(
    ["=1+1", "@SUM(A1)", "-3", "+4", "1e5", "08", "no", "null", "~", '"quoted"', '"', "a, b: c", "[x]", "{}", "{a: 1}",
     "# note", "2026-01-01", "_x0041_", "Ñandú", "مدينة", "x\ny", "x\r\ny", "\x07bell", "50%", "TRUE", "1_000", "."]
)  # fmt: skip
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12),
    st.integers(-(10**9), 10**9).map(float),
)


@st.composite
def quantities(draw, model):
    kind = draw(st.sampled_from(["value", "range", "percentiles", "moments", "values"]))
    three = sorted(draw(st.lists(numbers, min_size=3, max_size=3)))
    q = {
        "value": lambda: {"value": draw(numbers)},
        "range": lambda: dict(zip(("low", "likely", "high"), three, strict=True)),
        "percentiles": lambda: dict(zip(("p10", "p50", "p90"), three, strict=True)),
        "moments": lambda: {"mean": draw(numbers), "sd": draw(st.floats(0, 1e6))},
        "values": lambda: {"values": draw(st.lists(numbers, min_size=1, max_size=4))},
    }[kind]()
    q |= draw(st.fixed_dictionaries({}, optional={"source": words | tricky, "unit": tricky}))
    for name, info in model.model_fields.items():
        if name not in Quantity.model_fields and draw(st.booleans()):
            q[name] = draw(value_of(info.annotation, info.metadata))
    return q


def value_of(annotation, metadata=()):  # noqa: C901, PLR0911, PLR0912 - one line per kind of value
    origin = get_origin(annotation)
    if origin is Annotated:
        return value_of(get_args(annotation)[0], (*metadata, *annotation.__metadata__))
    if origin in {Union, types.UnionType}:
        return st.one_of([value_of(a, metadata) for a in get_args(annotation) if a is not type(None)])
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    bounds = [m for part in metadata for m in (part, *getattr(part, "metadata", ()))]
    low = next((m.ge for m in bounds if hasattr(m, "ge")), None)
    high = next((m.le for m in bounds if hasattr(m, "le")), None)
    if origin is tuple:
        least = next((m.min_length for m in bounds if getattr(m, "min_length", None)), 0)
        return st.lists(value_of(get_args(annotation)[0]), min_size=least, max_size=max(least, 2))
    if origin is dict:
        key, item = get_args(annotation)
        return st.dictionaries(value_of(key).map(str), value_of(item), max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, Quantity):
        return quantities(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return instances(annotation)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(1 if low is None else int(low), 2200 if high is None else int(high))
    if annotation is float:
        strict = next((True for m in bounds if hasattr(m, "gt") or hasattr(m, "lt")), False)
        return st.floats(
            0.25 if strict else (low if low is not None else -1e9), 0.75 if strict else (high or 1e9)
        )
    if annotation is Decimal:
        return st.integers(-(10**11), 10**11).map(lambda n: n / 100)
    if annotation is dt.date:
        return st.dates(dt.date(1900, 1, 1), dt.date(2150, 1, 1)).map(str)
    pattern = next((p for m in bounds if (p := getattr(m, "pattern", None))), None)
    if pattern:
        return st.from_regex(pattern.strip("^$"), fullmatch=True).map(lambda s: s[:64])
    return words | tricky


@st.composite
def instances(draw, model):
    document = {}
    for name, info in model.model_fields.items():
        wanted = info.is_required() or draw(st.integers(0, 3)) == 0
        if wanted:
            document[name] = draw(value_of(info.annotation, tuple(info.metadata)))
    return document


@st.composite
def any_document(draw, book):
    """A document that the format allows, though its parts need not fit one another."""
    document = {}
    for name, info in book.model.model_fields.items():
        if info.is_required() or draw(st.integers(0, 5)) == 0:
            document[name] = draw(value_of(info.annotation, tuple(info.metadata)))
    for sheet in sheets(book):
        if sheet.many and len(sheet.path) == 1 and any(s.parent and s.owner == sheet for s in sheets(book)):
            for i, entry in enumerate(document.get(sheet.name, [])):
                entry[sheet.own_key] = f"{sheet.name}_{i}" if sheet.own_key == "id" else 2000 + i
    try:
        return book.model.model_validate(document)
    except ValidationError:
        # A few draws break a rule that two fields share; hypothesis draws again.
        from hypothesis import reject

        reject()


def there_and_back(document, book):
    root, problems = gather([Grid(f.sheet.name, f.cells()) for f in spread(document, book)], "x.xlsx", book)
    assert problems == []
    return book.model.model_validate(root.value)


@pytest.mark.slow
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(any_document(CASE) | any_document(AGREEMENT))
def test_no_case_and_no_agreement_loses_anything_as_cells_or_as_text(document):
    book = CASE if isinstance(document, Case) else AGREEMENT
    assert there_and_back(document, book).sha256 == document.sha256
    for text in (to_yaml(document), to_json(document)):
        assert book.model.model_validate(parse(text.encode(), "x").value).sha256 == document.sha256


@settings(max_examples=15)
@given(st.lists(words | tricky, min_size=1, max_size=4), numbers, words | tricky)
@pytest.mark.slow
def test_no_text_and_no_number_changes_in_a_workbook_file(lessons, number, title):
    a_case = case(
        title=title,
        attempts=[{"id": "a", "title": title, "year": 2019, "lessons": lessons}],
        recommendations=[{"id": "r", "text": title, "money": {"value": number, "source": title}}],
    )
    assert parse_case(to_workbook(a_case), "case.xlsx").sha256 == a_case.sha256


def examples(root):
    return [*sorted(root.glob("examples/*/case.yaml"))]


@pytest.mark.slow
def test_every_example_and_both_starters_survive_the_workbook(root):
    texts = [starter(), starter(full=True), *(p.read_text(encoding="utf-8") for p in examples(root))]
    for text in texts:
        a_case = parse_case(text.encode(), "case.yaml")
        assert parse_case(to_workbook(a_case), "case.xlsx").sha256 == a_case.sha256


def test_commands_write_a_workbook_and_bring_it_back(tmp_path, run_cli):
    assert run_cli("new", "--workbook", "case.xlsx", cwd=tmp_path).code == 0
    assert run_cli("check", "case.xlsx", cwd=tmp_path).code == 0
    assert run_cli("new", "--from", "case.xlsx", "back.yaml", cwd=tmp_path).code == 0
    assert read_case(tmp_path / "back.yaml").sha256 == read_case(tmp_path / "case.xlsx").sha256
    refused = run_cli("new", "--workbook", "case.yaml", cwd=tmp_path)
    assert refused.code == 1
    assert ".xlsx" in refused.stderr


def test_the_same_case_gives_the_same_bytes():
    assert to_workbook(case()) == to_workbook(case())


def test_text_that_looks_like_a_formula_stays_text():
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(case(title="=HYPERLINK(1)"))))
    assert [c.data_type for row in book["case"].rows for c in row if c.value == "=HYPERLINK(1)"] == ["s"]


def test_choices_come_from_the_catalogues_and_from_the_case():
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(case())))
    rules = {str(v.sqref): v.formula1 for v in book["options.lines"].data_validations.dataValidation}
    category = next(c.column_letter for c in book["options.lines"][3] if c.value == "category")
    assert "_choices" in rules[f"{category}4:{category}501"]
    assert any("'partners'" in (f or "") for f in rules.values())
    assert "police" in {c.value for row in book["_choices"].rows for c in row}


# --- what is wrong, by sheet and cell


def changed(change, **parts):
    """The problems of the small case's workbook after somebody has edited it."""
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(case(**parts))))
    change(book)
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(InputError) as caught:
        parse_case(target.getvalue(), "case.xlsx")
    return caught.value.problems


def cell(book, sheet, heading, entry=0):
    """The cell of an entry under (or beside) a heading."""
    ws = book[sheet]
    if ws["A3"].value == "field":
        return next(row[2 + entry] for row in ws.iter_rows(min_row=4) if row[0].value == heading)
    return next(ws.cell(4 + entry, c.column) for c in ws[3] if c.value == heading)


def put(sheet, heading, value, entry=0):
    def change(book):
        cell(book, sheet, heading, entry).value = value

    return change


def only(problems):
    assert len(problems) == 1, [str(p) for p in problems]
    return problems[0]


def test_text_in_a_number_cell_is_named_with_its_cell():
    p = only(changed(put("spending", "amount", "$412,000")))
    assert p.where.startswith("case.xlsx, sheet spending, cell ")
    assert "$412,000" in p.found
    assert "range" in p.fix or "currency signs" in p.fix
    assert p.path == "/spending/0/amount"


def test_an_unknown_partner_is_named_with_its_cell():
    p = only(changed(put("spending", "partner", "brich")))
    assert p.where == "case.xlsx, sheet spending, cell A4"
    assert "Did you mean birch?" in p.fix


def test_a_doubled_id_is_named_with_its_cell():
    problems = changed(put("partners", "id", "birch", 2))
    assert any(p.where == "case.xlsx, sheet partners, cell A6" and "second time" in p.found for p in problems)


def test_a_renamed_heading_is_named_with_the_nearest():
    def change(book):
        cell(book, "spending", "amount", -1).value = "amuont"

    problems = changed(change)
    assert any("amuont" in p.found and "Did you mean amount?" in p.fix for p in problems)


def test_a_sheet_that_is_missing():
    problems = changed(lambda book: book.remove(book["assumptions"]))
    assert any("assumptions" in p.found and p.where == "case.xlsx, the workbook" for p in problems)


def test_a_sheet_that_was_renamed():
    def change(book):
        book["spending"].title = "Spendings"

    assert "Did you mean spending?" in changed(change)[0].fix


def test_a_date_that_is_text_or_a_number():
    assert "2026-07-01" in only(changed(put("case", "as_of", "31.12.2026"))).fix

    def as_number(book):
        as_of = cell(book, "case", "as_of")
        as_of.value, as_of.number_format = 46000, "General"

    assert "a date" in only(changed(as_number)).expected


def test_a_formula_without_a_value_and_an_error():
    p = only(changed(put("spending", "amount", "=A1+B1")))
    assert "=A1+B1" in p.found
    assert "save" in p.fix
    assert "#REF!" in only(changed(put("spending", "amount", "#REF!"))).found


def test_a_line_of_an_option_that_is_not_there():
    p = only(changed(put("options.lines", "option", "jiont")))
    assert p.where == "case.xlsx, sheet options.lines, cell A4"
    assert "Did you mean joint?" in p.fix


def test_merged_cells_are_named():
    def change(book):
        book["spending"].merge_cells("A4:A5")

    assert any("merged" in p.found and "cell A4" in p.where for p in changed(change))


def test_all_problems_are_told_at_once_in_the_order_of_the_case():
    def change(book):
        put("spending", "partner", "nobody")(book)
        put("spending", "amount", "lots", 1)(book)
        put("options.lines", "category", "stuff")(book)

    assert len(changed(change)) >= 2


def test_sheets_and_headings_of_ones_own_are_left_alone():
    book = openpyxl.load_workbook(io.BytesIO(to_workbook(case())))
    book.create_sheet("_working")["A1"] = "=1/0"
    book["spending"].cell(3, 40).value = "_my note"
    book["spending"].cell(4, 40).value = "ask Ann"
    target = io.BytesIO()
    book.save(target)
    assert parse_case(target.getvalue(), "case.xlsx").sha256 == case().sha256


def test_a_range_can_be_written_in_one_cell_or_in_three():
    for change in (
        lambda ws: setattr(ws, "value", "low: 1, likely: 2, high: 3"),
        lambda ws: setattr(ws, "value", "{low: 1, likely: 2, high: 3}"),
    ):
        book = openpyxl.load_workbook(io.BytesIO(to_workbook(case())))
        change(cell(book, "spending", "amount"))
        target = io.BytesIO()
        book.save(target)
        assert parse_case(target.getvalue(), "x.xlsx").spending[0].amount.high == 3


# --- files that are not safe, or not workbooks


def repacked(**extra):
    """A sound workbook with parts added or replaced."""
    source = zipfile.ZipFile(io.BytesIO(to_workbook(case())))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name not in extra:
                out.writestr(name, source.read(name))
        for name, data in extra.items():
            out.writestr(name, data)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"id,name\n1,2\n", "not a workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old kind"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 cut off", "not a workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(data, found):
    with pytest.raises(InputError, match=found):
        parse_case(data, "case.xlsx")


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (
            {"xl/worksheets/sheet2.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'},
            "document type",
        ),
        ({"xl/media/bomb.bin": b"\0" * 70_000_000}, "MB"),
        ({"xl/externalLinks/_rels/e1.xml.rels": b'<R><r Target="budget2024.xlsx"/></R>'}, "budget2024.xlsx"),
        ({"xl/workbook.xml": b"<broken"}, "cannot be read"),
    ],
)
def test_a_workbook_that_could_do_harm_is_refused_in_words(extra, found):
    with pytest.raises(InputError, match=found):
        parse_case(repacked(**extra), "case.xlsx")
