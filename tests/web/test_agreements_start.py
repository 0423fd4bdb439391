"""Starting agreements in the browser: from nothing, a table, a file, the example, and a case that was adopted."""

import json
import re

import pytest

NEW = "/agreements/new/"
TABLE = "title,parties,starts,notice_months\nDispatch,Alder; Birch,2024-01-01,12\nFire,Alder; Cedar,2025-07-01,6\n"


def records():
    from interlocal.web.models import AgreementRecord

    return list(AgreementRecord.objects.order_by("title"))


def upload(text, name="table.csv"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def test_from_nothing_takes_a_title_two_parties_and_a_day(world, at):
    entry = {"from": "nothing", "title": "Dispatch", "parties": "Alder\nBirch", "starts": "2026-07-01"}
    response = at(world.alice).post(NEW, entry)
    (made,) = records()
    assert response.url == f"/agreements/{made.pk}/"
    assert made.head.partnership.members() == ("alder", "birch")
    assert at(world.alice).get(response.url).status_code == 200


def test_from_nothing_says_all_that_is_missing_at_once(world, at):
    page = at(world.alice).post(NEW, {"from": "nothing", "parties": "Alder"})
    assert page.status_code == 422
    assert all(f'href="#{field}"' in page.content.decode() for field in ("title", "parties", "starts"))
    assert not records()


@pytest.mark.parametrize("sent", ["file", "table"])
def test_many_agreements_come_from_one_table(world, at, sent):
    entry = {"file": upload(TABLE)} if sent == "file" else {"table": TABLE.replace(",", "\t")}
    response = at(world.bob).post(NEW, {"from": "table", **entry})
    assert response.url == "/agreements/"
    assert [r.title for r in records()] == ["Dispatch", "Fire"]


def test_a_faulty_table_brings_in_nothing_and_comes_back_to_be_mended_with_every_problem(world, at):
    faulty = TABLE.replace("2024-01-01", "soon").replace("Alder; Cedar", "Alder")
    page = at(world.alice).post(NEW, {"from": "table", "file": upload(faulty)})
    text = page.content.decode()
    assert page.status_code == 422
    assert "2 things need mending" in text
    assert "table.csv, row 2, column starts" in text
    assert "table.csv, row 3, column parties" in text
    kept = re.search(r'<textarea[^>]*name="table"[^>]*>(.*?)</textarea>', text, re.DOTALL).group(1)
    assert "soon" in kept
    assert text.count('href="#table"') == 2
    assert not records()


def test_one_agreement_comes_back_from_its_own_download(world, at):
    at(world.alice).post(NEW, {"from": "table", "table": TABLE})
    first = records()[0]
    sent = at(world.alice).get(f"/agreements/{first.pk}/download/").content.decode()
    at(world.alice).post(NEW, {"from": "file", "file": upload(sent, "one.json")})
    assert [r.head.sha256 for r in records() if r.title == "Dispatch"] == [first.head.sha256] * 2


def test_what_to_fill_in_is_given_to_all_who_are_signed_in_and_comes_back_as_agreements(world, at):
    for kind, box in (("csv", "table"), ("xlsx", "file"), ("xlsx", "table")):
        url = f"/agreements/template.{kind}"
        assert at().get(url).status_code == 302
        sent = at(world.sam).get(url).content
        made = at(world.alice).post(NEW, {"from": box, "file": upload(sent, f"filled.{kind}")})
        assert made.status_code == 302, made.content.decode()
    assert [r.title for r in records()] == ["Shared dispatch", *["Shared dispatch of Alder Falls and Birch Hollow"] * 2]  # fmt: skip


def test_a_whole_agreement_goes_to_excel_and_back_and_a_bad_cell_is_told_by_sheet_and_cell(world, at):
    import io

    import openpyxl
    from agreements import codes, everyone, hosted

    record = hosted(world)
    url = f"/agreements/{record.pk}/agreement.xlsx"
    assert codes(world, at, url) == everyone(200)
    sent = at(world.alice).get(url).content
    assert at(world.alice).post(NEW, {"from": "file", "file": upload(sent, "a.xlsx")}).status_code == 302
    assert {r.head.sha256 for r in records()} == {record.head.sha256}
    book = openpyxl.load_workbook(io.BytesIO(sent))
    book["parties"]["A4"], book["insurance"]["B4"] = "harbour", "soon"
    faulty = io.BytesIO()
    book.save(faulty)
    for box in ("file", "table"):
        page = at(world.alice).post(NEW, {"from": box, "file": upload(faulty.getvalue(), "a.xlsx")})
        text = page.content.decode()
        assert page.status_code == 422
        assert "a.xlsx, sheet insurance, cell B4</a>: found “soon”" in text, text[text.find('id="errors"') :][
            :900
        ]
        assert "Mend your file, then choose it again" in text
        assert 'href="#register"' in text if box == "file" else 'href="#file"' in text
    assert len(records()) == 2


def test_what_is_kept_from_a_person_is_not_in_their_workbook(world, at):
    from running import put

    from interlocal.partnership.workbook import parse_workbook

    secret = [{"id": "hush", "text": "A quiet matter", "opened_on": "2026-01-01", "visibility": "facilitator"}]  # fmt: skip
    record = put(world, life={"issues": secret})
    for person, told in ((world.fay, ["A quiet matter"]), (world.charlie, [])):
        sent = at(person).get(f"/agreements/{record.pk}/agreement.xlsx").content
        assert [i.text for i in parse_workbook(sent, "a.xlsx").life.issues] == told


def test_the_example_starts_all_its_agreements(world, at):
    at(world.alice).post(NEW, {"from": "example"})
    assert len(records()) == 3


def test_who_may_only_read_starts_nothing(world, at):
    for person in (world.vic, world.rita, world.sam):
        assert at(person).post(NEW, {"from": "example"}).status_code == 403
    assert not records()


@pytest.fixture
def adopted(world):
    from workbench import run_waiting

    from interlocal.web import examples
    from interlocal.web.actions import cases, studies
    from interlocal.web.models import CaseMember

    record = cases.start_case(
        case=examples.case("juniper-valley"), organisation=world.town, by=world.alice, about="x"
    )
    CaseMember.objects.create(case=record, organisation=world.partner, role="partner", partner="juniper")
    studies.ask_for_study(revision=record.head, audience="partners", by=world.alice, draws=200)
    run_waiting()
    return record


@pytest.mark.slow
def test_an_adopted_case_becomes_an_agreement_whose_promise_nobody_changes(world, at, adopted, save):
    entry = {"from": "case", "case": str(adopted.pk), "starts": "2028-07-01"}
    assert adopted.title in at(world.alice).get(NEW).content.decode()
    response = at(world.alice).post(NEW, entry)
    (made,) = records()
    agreement = made.head.partnership
    central = adopted.studies.get().answers["central"]
    path = central["options"]["joint_department"]["partners"]["juniper"]["saving"]
    promised = [
        float(y.do_nothing - y.together) for y in agreement.baseline.years if y.organisation == "juniper"
    ]
    assert promised == pytest.approx(path, abs=0.02), "to the cent"
    assert agreement.formula == adopted.head.read.option("joint_department").formula
    assert at(world.charlie).get(response.url).status_code == 200, (
        "Birch stands for Juniper in it as in the case"
    )
    url = f"/agreements/{made.pk}/edit/baseline/"
    page = save(at(world.alice), url, fields={"price_growth": "9 %"})
    assert page.status_code == 422
    assert "What was promised at adoption stays as it is" in page.content.decode()
    made.refresh_from_db()
    assert made.latest == 1


@pytest.mark.slow
def test_an_adopted_case_that_changed_since_its_study_promises_nothing(world, at, adopted):
    from interlocal.web.actions import cases
    from interlocal.web.examples import checked

    changed = checked({**adopted.head.data, "title": "Changed"}, "x")
    cases.save_case(record=adopted, case=changed, base=1, by=world.alice, about="x")
    page = at(world.alice).post(NEW, {"from": "case", "case": str(adopted.pk), "starts": "soon"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "no study of its latest revision" in text
    assert "found soon; expected a day" in text


def test_a_case_below_adoption_or_of_others_is_not_offered(world, at):
    entry = {"from": "case", "case": str(world.case.pk), "starts": "2028-07-01"}
    assert at(world.alice).post(NEW, entry).status_code == 422
    assert not records()
    assert json.loads(world.case.head.document).get("gate") is None
