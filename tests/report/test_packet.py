import copy
import io
import json
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pikepdf
import pypdf
import pytest
from page import validate_pdf_bytes

from interlocal.blocks import Contents, Heading, Items, Paper, Paragraph, Picture, Table
from interlocal.case import read_case
from interlocal.problems import InputError
from interlocal.report import language, outline, tables, words
from interlocal.report.language import speaking
from interlocal.report.packet import write_packet
from interlocal.report.papers import brief, report
from interlocal.report.pdf import to_pdf
from interlocal.report.setting import heads, widths
from interlocal.report.sheet import partner_sheet
from interlocal.report.victories import victories
from interlocal.report.word import to_word
from interlocal.study import Study, study

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="session")
def case(root):
    return read_case(root / "examples/juniper-valley/case.yaml")


@pytest.fixture(scope="session")
def _public(case):
    return json.loads(study(case, draws=1000, audience="public", changes=False).to_json())


@pytest.fixture
def public(_public):
    return copy.deepcopy(_public)


def pdf_text(made, paper):
    """Return the text of all pages as one, without what stands on each: the foot, and a table's head that is repeated."""
    repeated = [plain("".join(heads(b))) for b in paper.blocks if isinstance(b, Table)]
    pages = []
    for page in pypdf.PdfReader(io.BytesIO(made)).pages:
        text = re.sub(re.escape(plain(paper.footer)) + r"\d+/\d+", "", plain(page.extract_text()))
        pages.append(next((text.removeprefix(h) for h in repeated if text.startswith(h)), text))
    return "".join(pages)


def word_text(made, _paper):
    document = docx.Document(io.BytesIO(made))
    return plain("".join(p.text or "" for p in document.element.body.iter("{*}t")))


def plain(text):
    """Drop spaces of any kind: a line break may have changed them."""
    return re.sub(r"[\s\u200b]+", "", text)


def said(paper):
    """Return every text of a document, headings and cells and words of pictures, one after another."""
    for b in paper.blocks:
        match b:
            case Heading() | Paragraph():
                yield b.text
            case Items():
                yield from (f"{i.lead} {i.text}".strip() for i in b.items)
            case Table():
                yield from (b.caption, *b.columns, *(c.text for row in b.rows for c in row))
            case Picture():
                yield b.title


PAPERS = {
    "brief": lambda document, _case: brief(document),
    "report": report,
    "sheet": lambda document, _case: partner_sheet(document, "cedar_ford"),
    "victories": victories,
}


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize(("form", "text"), [(to_pdf, pdf_text), (to_word, word_text)])
@pytest.mark.slow
def test_every_text_and_figure_of_a_document_stands_in_each_form(document, case, name, form, text):
    paper = PAPERS[name](document, case)
    found = text(form(paper), paper)
    assert [t for t in said(paper) if plain(t) not in found] == []


def at(document, pointer):
    """Return everything under a JSON pointer, or, where a caption's pointer is too narrow, under its parent."""
    for part in pointer.strip("/").split("/"):
        document = document[int(part) if isinstance(document, list) else part.replace("~1", "/")]
    return document


def numbers(value):
    if isinstance(value, dict):
        for v in value.values():
            yield from numbers(v)
    elif isinstance(value, list):
        for v in value:
            yield from numbers(v)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize("name", ["brief", "report", "sheet"])
def test_each_figure_of_a_document_is_one_of_the_study_or_a_sum_of_some(document, case, name):
    known = {float(x) for x in numbers(document)}
    known |= {
        float(sum(line["cost"])) for o in document["central"]["options"].values() for line in o["lines"]
    }
    changes = document["questions"]["sustainability"]["options"][words.proposed(document)]["exits"]
    known |= {e["total"]["change"] - e["partners"][p]["change"] for p, e in changes.items()}
    known |= {
        float(k) for o in document["questions"]["money"]["options"].values() for k in o.get("optimism") or {}
    }
    known |= {v for row in outline_counts(document) for v in row}
    strange = [
        (b.id, c.text, c.value)
        for b in PAPERS[name](document, case).blocks
        if isinstance(b, Table)
        for row in b.rows
        for c in row
        if c.value is not None and float(c.value) not in known and not placed(case, c.value)
    ]
    assert strange == []


def outline_counts(document):
    from interlocal.report.overview import five_lists

    return [tuple(map(float, row[1:])) for row in five_lists(document).rows]


def placed(case, value):
    return any(value in {p.latitude, p.longitude} for p in case.partners)


def test_what_the_tables_show_is_the_figure_rounded_as_everywhere(document):
    (table,) = [b for b in brief(document).blocks if isinstance(b, Table)]
    money = document["questions"]["money"]
    answer = money["options"][words.proposed(document)]
    for row, p in zip(table.rows, answer["pool"]["partners"], strict=False):
        amount = answer["per_year"]["partners"][p]["amount"]
        assert row[2].value == amount
        assert row[2].text == words.money(amount, money["currency"])
        assert row[4].text == words.chance(answer["pool"]["partners"][p]["p_saves"])


@pytest.mark.parametrize("name", PAPERS)
def test_a_pdf_is_tagged_titled_and_says_its_language(document, case, name):
    made = to_pdf(PAPERS[name](document, case))
    with pikepdf.open(io.BytesIO(made)) as pdf, pdf.open_metadata() as meta:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert meta["pdfuaid:part"] == "1"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["dc:title"] == PAPERS[name](document, case).title
        found = list(tags(pdf.Root.StructTreeRoot))
        kinds = [kind for kind, _ in found]
        assert all(alt for kind, alt in found if kind == "Figure")
        assert kinds.count("Table") == sum(isinstance(b, Table) for b in PAPERS[name](document, case).blocks)
        assert kinds.count("THead") >= kinds.count("Table")
        assert all("/FontFile" in "".join(map(str, f.keys())) for f in fonts(pdf))
        assert pdf.Root.Outlines.First


@pytest.mark.parametrize("name", PAPERS)
def test_every_rule_of_pdf_ua_1_and_pdf_a_2a_holds(document, case, name):
    assert broken(to_pdf(PAPERS[name](document, case))) == set()


def broken(made):
    """Return each rule that a PDF breaks, as the checker ``page`` finds them."""
    reports = [validate_pdf_bytes(made, profile=profile) for profile in ("ua1", "2a")]
    assert all(r.rules.total > 100 for r in reports)
    found = {f"{f.rule_id}: {f.message}" for r in reports for f in r.failures}
    # Compressed data may end with a carriage return; the checker takes that byte for the end of the line after it.
    return {f for f in found if "STREAM-LENGTH" not in f or b"\r\nendstream" not in made}


def test_the_checker_finds_a_picture_without_words(document):
    with pikepdf.open(io.BytesIO(to_pdf(brief(document)))) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                del item.Alt
        spoilt = io.BytesIO()
        pdf.save(spoilt)
    assert any("FIGURE-ALTERNATIVE-TEXT" in f for f in broken(spoilt.getvalue()))


def tags(node):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from tags(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)[1:], str(node.get("/Alt", ""))
        if "/K" in node:
            yield from tags(node.K)


def fonts(pdf):
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            yield item


def test_a_picture_without_words_is_refused():
    picture = Picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>', "A title", "")
    with pytest.raises(Exception, match="alt"):
        to_pdf(Paper("T", (picture,)))


@pytest.mark.parametrize("name", PAPERS)
def test_word_has_title_language_heads_that_repeat_and_words_for_pictures(document, case, name):
    paper = PAPERS[name](document, case)
    made = docx.Document(io.BytesIO(to_word(paper)))
    assert made.core_properties.title == paper.title
    assert made.core_properties.language == "en"
    assert [t for t in made.tables if not t._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")] == []
    assert all(p.get("descr") for p in made.element.body.iter("{*}docPr"))
    levels = [int(p.style.name[-1]) for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_every_column_has_a_head_that_can_be_read_out(document, case):
    for block in report(document, case).blocks:
        if isinstance(block, Table):
            assert all(heads(block)), block.id


def test_links_of_the_contents_lead_to_headings(document, case):
    body = docx.Document(io.BytesIO(to_word(report(document, case)))).element.body
    anchors = {str(x) for x in body.xpath("//w:hyperlink/@w:anchor")}
    assert anchors
    assert anchors <= {str(x) for x in body.xpath("//w:bookmarkStart/@w:name")}


@pytest.mark.parametrize("form", [to_pdf, to_word])
def test_the_same_document_gives_the_same_bytes(document, form):
    assert form(brief(document)) == form(brief(document))


def test_a_brief_has_two_pages_and_a_sheet_and_the_victories_one(document, case):
    pages = {
        name: len(pypdf.PdfReader(io.BytesIO(to_pdf(make(document, case)))).pages)
        for name, make in PAPERS.items()
    }
    assert pages["brief"] == 2
    assert pages["sheet"] == pages["victories"] == 1


# Each document is made for an audience and holds nothing beyond it.


def test_a_sheet_holds_no_figure_of_another_partner(document):
    money = document["questions"]["money"]["options"][words.proposed(document)]
    held = {
        c.value
        for b in partner_sheet(document, "tamarack").blocks
        if isinstance(b, Table)
        for row in b.rows
        for c in row
    }
    text = " ".join(said(partner_sheet(document, "tamarack")))
    others = [p for p in document["case"]["partners"] if p != "tamarack"]
    assert not any(words.partner_name(document, p) in text for p in others)
    foreign = (
        {x for p in others for x in numbers(money["pool"]["partners"][p])}
        - {0.0, 1.0}
        - set(numbers(money["pool"]["partners"]["tamarack"]))
    )
    assert held & foreign == set()
    assert money["per_year"]["total"]["amount"] not in held


def test_what_is_for_the_public_names_no_pair_and_no_private_figure(public, case):
    assert not (public["consensus"]["trust"] or {}).get("pairs")
    for make in (brief(public), report(public, case)):
        text = " ".join(said(make))
        assert "How partners rate one another" not in text
    private = [str(t) for t in ("60 days", "Valley Courier")]
    assert not any(t in " ".join(said(brief(public))) for t in private)
    assert public["central"] is None
    assert not [
        b for b in report(public, case).blocks if isinstance(b, Table) and b.id.startswith("table-once")
    ]


def test_victories_hold_only_what_is_public(document, case):
    shown = " ".join(said(victories(document, case)))
    assert "First joint drill" in shown
    assert "One radio channel" not in shown
    told = replace_milestones(case, visibility="public")
    assert "One radio channel" in " ".join(said(victories(document, told)))


def replace_milestones(case, **change):
    wins = tuple(m.model_copy(update=change) for m in case.plan.milestones)
    return case.model_copy(update={"plan": case.plan.model_copy(update={"milestones": wins})})


def test_without_a_win_the_page_says_so(document, case):
    shown = " ".join(said(victories(document, case.model_copy(update={"plan": None}))))
    assert "Nothing has been reached yet that everyone can see." in shown


# Nothing breaks a page.

LONG = (
    "An agreement about one joint and several regional departments of fire protection, rescue and emergency medicine "
    * 4
)
NAMES = [
    "Peñafiel de los Ángeles",
    "Nuño y Gómez",
    "מועצה אזורית גליל עליון",
    "بلدية الوادي الأخضر",
    "Sligo–Ülm–Ærø",
    "A" * 60,
]


def crowded(document, many=30):
    """Return the study as if it had thirty partners, their names long, accented or written from the right."""
    first = next(iter(document["case"]["partners"]))
    names = {f"p{i}": NAMES[i % len(NAMES)] + f" {i}" for i in range(many)}

    def spread(value):
        if isinstance(value, dict):
            if first in value and all(k in document["case"]["partners"] for k in value):
                return {p: spread(value[first]) for p in names}
            return {k: spread(v) for k, v in value.items()}
        return [spread(v) for v in value] if isinstance(value, list) else value

    found = spread({k: v for k, v in document.items() if k != "case"})
    case = document["case"] | {"title": LONG.strip(), "partners": {p: {"name": n} for p, n in names.items()}}
    text = json.dumps(found | {"case": case})
    for i, p in enumerate(document["case"]["partners"]):
        text = text.replace(f'"{p}"', f'"p{i}"')
    return json.loads(text)


@pytest.mark.slow
def test_thirty_partners_with_long_and_foreign_names_fit_in_both_forms(document, case):
    many = crowded(document)
    paper = brief(many)
    for form, text in ((to_pdf, pdf_text), (to_word, word_text)):
        found = text(form(paper), paper)
        assert all(plain(n) in found for n in ("Peñafiel de", "Sligo–Ülm"))
    assert b"Noto" in to_pdf(paper)
    assert broken(to_pdf(paper)) == set()
    to_word(report(many, case))
    assert broken(to_pdf(report(many, case))) == set()


@pytest.mark.parametrize("form", [to_pdf, to_word])
def test_a_study_that_knows_nothing_still_makes_every_document(unknown, case, form):
    for make in PAPERS.values():
        form(make(unknown, case))
    assert "We do not know what the service costs Town of Cedar Ford today." in " ".join(said(brief(unknown)))


def test_a_text_of_a_case_is_never_read_as_markup(document):
    document["case"]["title"] = "#panic() *bold* <w:p/> $x$ \\ & \x0b end"
    paper = brief(document)
    found = pdf_text(to_pdf(paper), paper)
    assert plain("#panic() *bold* <w:p/> $x$ \\ &") in found
    assert plain("#panic() *bold* <w:p/> $x$ \\ & end") in word_text(to_word(paper), paper)


def test_a_wide_table_is_cut_and_each_part_names_its_rows():
    cell = tables.text("x")
    wide = Table("t", "Wide", ("Name", *map(str, range(15))), (tuple([cell] * 16),))
    parts = outline.cut(wide)
    assert len(parts) == 3
    assert {len(p.columns) <= outline.MOST for p in parts} == {True}
    assert all(p.columns[0] == "Name" for p in parts)
    assert [c for p in parts for c in p.columns[1:]] == list(wide.columns[1:])


@pytest.mark.parametrize("name", PAPERS)
def test_spanish_has_as_many_pages_at_most_as_a_short_document_may_have(document, case, name):
    with speaking("es", language.own_words(case.model_dump(mode="json"))):
        made = to_pdf(PAPERS[name](document, case))
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) <= {"brief": 2, "report": 99}.get(name, 1)
    assert "Name" not in plain(pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text())


def test_a_brief_in_spanish_says_that_it_is_a_draft(document):
    with speaking("es"):
        paper = brief(document)
    assert paper.language == "es"
    assert "borrador" in " ".join(said(paper))
    assert plain("¿Ahorra dinero?") in plain(" ".join(said(paper)))
    made = to_pdf(paper)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert str(pdf.Root.Lang) == "es"
    assert broken(made) == set()


@pytest.mark.slow
def test_a_packet_writes_every_document_and_reports_progress(document, case, tmp_path):
    seen = []
    files = write_packet(
        Study(case, document), tmp_path / "out", ["en", "es"], lambda done, all_: seen.append((done, all_))
    )
    names = {f.relative_to(tmp_path / "out").as_posix() for f in files}
    for name in (
        "brief",
        "brief.es",
        "victories",
        "victories.es",
        "report",
        "report.es",
        *(f"partners/{p}{end}" for p in case.partner_ids for end in ("", ".es")),
    ):
        assert {f"{name}.pdf", f"{name}.docx"} <= names
    assert {"agreement.docx", "resolution.docx", "memo.docx", "workbook.xlsx"} <= names
    assert seen[-1] == (len(files), len(files))
    assert [f for f in (tmp_path / "out").rglob("*") if f.is_file() and f not in files] == []
    assert all(zipfile.is_zipfile(f) for f in files if f.suffix != ".pdf")


def test_a_folder_that_cannot_be_made_is_a_problem_with_a_way_out(document, case, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Name another folder"):
        write_packet(Study(case, document), tmp_path / "file" / "out")


def test_every_language_has_a_reviewed_catalogue_or_says_draft():
    assert set(language.languages()) - {language.SOURCE} >= language.DRAFT


@pytest.mark.slow
def test_contents_list_the_headings(document, case):
    paper = replace(report(document, case), title="T")
    assert any(isinstance(b, Contents) for b in paper.blocks)
    assert plain("Contents") in pdf_text(to_pdf(paper), paper)


def test_every_word_of_a_table_has_room_and_what_is_left_goes_to_long_cells():
    rows = [
        ("Place", "Says", "Source"),
        ("/a", "USD 5,000,000", "A long sentence about where this comes from " * 3),
    ]
    place, says, source = widths(rows)
    assert says >= len("5,000,000")
    assert source > says > place
    crowded_rows = [tuple(f"{'w' * 15} {i}" for i in range(9))]
    assert min(widths(crowded_rows)) >= 15
