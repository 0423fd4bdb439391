"""What people see: the command, the pages, the bills on paper."""

import csv
import io
import json
import re
from html import escape

import pytest
import said
from partnership.registers import agreement, register
from pypdf import PdfReader

from interlocal.blocks import Picture, Table
from interlocal.partnership.overview import Overview
from interlocal.partnership.register import read_register
from interlocal.report import partnership as papers
from interlocal.report.language import own_words, speaking
from interlocal.report.paper_page import to_page
from interlocal.report.pdf import to_pdf
from interlocal.report.promised import promised, promised_and_actual

EXAMPLE = "examples/seven-member-partnership/register.yaml"


@pytest.fixture(scope="module")
def coves(root):
    found = read_register(root / EXAMPLE)
    return Overview(found, found.agreement("dispatch"))


def test_the_command_says_what_comes_due_and_where_things_stand(run_cli, root):
    done = run_cli("partnership", root / EXAMPLE)
    assert done.code == 0, done.stderr
    assert "Last day to give notice" in done.stdout
    assert "Worth trying again if: The villages join and pay in steps." in done.stdout


def test_the_command_writes_pages_bills_and_a_calendar(run_cli, root, tmp_path):
    done = run_cli(
        "partnership",
        root / EXAMPLE,
        "--agreement",
        "dispatch",
        "--out",
        tmp_path / "out",
        "--ics",
        tmp_path / "due.ics",
    )
    assert done.code == 0, done.stderr
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {
        "partnership.html", "victories.html", "victories.pdf", "invoices-2027.csv", "bill-2027-wexley.pdf",
    }  # fmt: skip
    rows = list(csv.DictReader((tmp_path / "out" / "invoices-2027.csv").open(encoding="utf-8")))
    assert len(rows) == 28
    assert "UID:dispatch-notice@interlocal.invalid" in (tmp_path / "due.ics").read_text()


def test_programs_get_whole_cents(run_cli, root):
    done = run_cli("partnership", root / EXAMPLE, "--agreement", "dispatch", "--year", "2026", "--json")
    document = json.loads(done.stdout)
    assert sum(s["gross"] for s in document["statements"]) == 3_148_000_00
    assert document["totals"][-1]["certified"] is False


def test_leaving_is_told_line_by_line(run_cli, root):
    done = run_cli(
        "partnership", root / EXAMPLE, "--agreement", "dispatch", "--leaving", "wexley", "--on", "2027-04-01"
    )
    assert "If Wexley gives notice on 2027-04-01, it leaves on 2028-04-01." in done.stdout
    assert "Building the service up again for itself: 240,000.00 USD." in done.stdout


def test_a_letter_and_a_table(run_cli, root, tmp_path):
    assert (
        "Seven Coves Dispatch: Check-in"
        in run_cli("partnership", root / EXAMPLE, "--digest", "wexley").stdout
    )
    table = tmp_path / "agreements.csv"
    table.write_text("title,parties,starts\nJoint library,North; South,2020-07-01\n")
    done = run_cli("register", table, "--out", tmp_path / "register.yaml", "--as-of", "2026-01-01")
    assert done.stdout.startswith("Wrote ")
    assert read_register(tmp_path / "register.yaml").agreements[0].title == "Joint library"
    again = run_cli("register", table, "--out", tmp_path / "register.yaml")
    assert (again.code, "a file of this name already" in again.stderr) == (1, True)


def test_a_case_to_study_again_and_a_promise_to_freeze(run_cli, root, tmp_path):
    done = run_cli("renew", root / EXAMPLE, "--agreement", "dispatch", "--out", tmp_path / "again.yaml")
    assert done.code == 0, done.stderr
    assert run_cli("check", tmp_path / "again.yaml").code == 0
    done = run_cli("renew", root / EXAMPLE, "--out", tmp_path / "other.yaml")
    assert (done.code, "dispatch, coast_council, animal_shelter" in done.stderr) == (1, True)
    assert run_cli("baseline", root / "examples" / "juniper-valley" / "case.yaml").stdout.startswith(
        "baseline:"
    )


@pytest.mark.parametrize("flag", ["--agreement=nowhere", "--leaving=wexley", "--digest=nobody", "--on=soon"])
def test_wrong_use_is_answered_with_what_is_known(run_cli, root, flag):
    extra = ["--agreement", "dispatch", "--leaving", "wexley"] if flag.startswith("--on") else []
    done = run_cli("partnership", root / EXAMPLE, *extra, flag)
    assert done.code == 1
    assert "expected" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_says_that_places_are_made_up_and_has_each_picture_as_a_table(coves):
    page = to_page(papers.overview(coves))
    assert "These places, people and figures are made up." in page
    picture = promised_and_actual(coves.totals, "USD")
    assert picture.alternative.startswith("2023: promised ")
    assert escape(picture.alternative) in page
    assert '<table id="gap">' in page
    assert page == to_page(papers.overview(coves))


def test_promised_and_actual_says_who_certified_and_adds_up_member_by_member(coves):
    found = promised(coves)
    table = {b.id: b for b in found.blocks if isinstance(b, Table)}["members"]
    for total in coves.totals:
        of_year = [r for r in table.rows if r[0].text == str(total.year)]
        assert round(sum(r[2].value for r in of_year) * 100) == total.promised
        if total.realised is not None:
            assert round(sum(r[6].value for r in of_year) * 100) == total.realised
        if total.certified:
            assert all(r[7].text != "nobody" for r in of_year)
    assert {r[7].text for r in table.rows} != {"nobody"}
    assert any(isinstance(b, Picture) for b in found.blocks)


def test_text_from_a_register_stays_text():
    found = register(agreement(title="<script>alert(1)</script>"))
    assert "<script>" not in to_page(papers.overview(Overview(found, found.agreements[0])))


def test_residents_see_what_was_told_and_nothing_else(coves):
    page = to_page(papers.victories(coves))
    assert "All seven places answer 911 from one room" in page
    assert "Nine of ten 911 calls" not in page
    assert "overtime" not in page


@pytest.mark.parametrize(
    ("number", "length", "more"), [(3, 60, 0), (16, 140, 0), (40, 140, 23), (12, 600, 8)]
)
def test_the_page_of_victories_is_one_page_and_says_how_many_it_leaves_out(number, length, more):
    text = ("all seven places answer 911 from one room and the nearest car goes " * 20)[:length]
    won = [
        {"id": f"m{i}", "text": text, "due": f"{2010 + i // 4}-01-01", "reached_on": f"{2010 + i // 4}-0{1 + i % 4}-15", "visibility": "public"}
        for i in range(number)
    ]  # fmt: skip
    title = "Shared dispatch of Alder, Birch, Cedar, Dunmore, Elm, Fairview and Glenrock and of their fire districts"
    held = register(agreement(title=title, life={"milestones": won}), as_of="2030-01-01")
    o = Overview(held, held.agreements[0])
    for language in ("en", "es"):
        with speaking(language, own_words(held.model_dump(mode="json"))):
            paper = papers.victories(o, one_page=True)
            whole = papers.victories(o)
        assert len(PdfReader(io.BytesIO(to_pdf(paper))).pages) == 1
        items = next(b for b in paper.blocks if hasattr(b, "items"))
        assert len(items.items) == number - more
        said_more = paper.blocks[-1].text if more else ""
        assert (str(more) in said_more and "2010" in said_more) or not more
        assert len(next(b for b in whole.blocks if hasattr(b, "items")).items) == number


def test_a_bill_says_how_it_came_about_to_the_cent(coves):
    paper = papers.bills(coves, "saltmarsh")
    said = " ".join(i.text for b in paper.blocks for i in getattr(b, "items", ()))
    assert (
        "The books of 2025, worked out again with what became known since its last bills: it gets back"
        in said
    )
    assert "That leaves 302,879.19 USD to pay." in said
    assert to_pdf(paper).startswith(b"%PDF")


def test_an_agreement_with_nothing_on_record_says_that_we_do_not_know():
    found = register(agreement(years=[], formula=None))
    page = to_page(papers.overview(Overview(found, found.agreements[0])))
    assert len(re.findall("We do not know", page)) == 5


def test_an_ended_agreement_shows_what_is_divided_and_what_was_learned(coves):
    page = to_page(papers.overview(Overview(coves.register, coves.register.agreement("animal_shelter"))))
    assert "Pinecrest keeps Animal van and pays the others their parts of its worth." in page
    assert "The county joins and the shelter has four posts." in page


def test_dues_say_who_renewed_and_years_worked_out_again_show_the_difference(coves):
    council = to_page(papers.overview(Overview(coves.register, coves.register.agreement("coast_council"))))
    assert "Dues of 2027 and who renewed" in council
    assert "not yet" in council
    assert "Years worked out again with closed books and corrected drivers" in to_page(papers.overview(coves))


def test_the_directory_page_lists_published_agreements_only(coves):
    page = to_page(papers.directory(coves.register))
    assert "Seven Coves Dispatch" in page
    assert "animal shelter" not in page


def test_residents_read_victories_and_the_directory_in_spanish(coves):
    own = own_words(coves.register.model_dump(mode="json"))
    with speaking("es", own):
        pages = [papers.victories(coves), papers.directory(coves.register)]
    for page in pages:
        assert page.language == "es"
        assert "borrador" in page.blocks[0].text
        for text in said.texts(page):
            assert said.english(text, own, "es") == set(), text


def test_the_page_is_accessible_and_fits_a_phone(coves, browser_page, axe, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(to_page(papers.overview(coves)), encoding="utf-8")
    browser_page.set_viewport_size({"width": 320, "height": 800})
    browser_page.goto(path.as_uri())
    assert axe(browser_page) == []
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320
