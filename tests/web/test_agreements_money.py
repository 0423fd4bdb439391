"""Money between partners in the browser: every figure to its lines, who opens which bill, what a correction changes."""

import csv
import io
import re

import pytest
from agreements import codes, everyone, hosted

from interlocal.partnership.ledger import Ledger
from interlocal.partnership.money import cents


@pytest.fixture
def record(world):
    return hosted(world)


def read(client, url, status=200):
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def said(whole):
    return f"{whole / 100:,.2f}".replace("-", "−")


def books_of(record):
    from interlocal.web import running

    return Ledger(running.overview(record, "partners").register, record.head.partnership)


def test_a_year_shows_what_each_pays_and_it_adds_up_to_the_budget(world, at, record):
    page = read(at(world.alice), f"/agreements/{record.pk}/money/?year=2025")
    statements = books_of(record).statements(2025)
    assert all(said(s.net) in page for s in statements)
    budget = sum(cents(x.budget) for x in record.head.partnership.year(2025).lines)
    assert sum(s.gross for s in statements) == budget
    assert f"The members share {said(budget)} USD for 2025" in page


def test_a_bill_opens_to_every_step_and_comes_as_pdf(world, at, record):
    page = read(at(world.alice), f"/agreements/{record.pk}/money/2025/wexley/")
    assert "How it came about" in page
    assert "to pay" in page
    pdf = at(world.alice).get(f"/agreements/{record.pk}/money/2025/wexley.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_the_ledger_file_of_a_year_adds_up_to_the_statements(world, at, record):
    text = read(at(world.alice), f"/agreements/{record.pk}/money/2025/invoices.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert round(sum(float(r["amount"]) for r in rows) * 100) == sum(s.net for s in books_of(record).statements(2025))  # fmt: skip


def test_people_of_a_party_open_their_own_bill_and_take_out_their_own_invoices(world, at, record):
    url = f"/agreements/{record.pk}/money/2025/"
    assert codes(world, at, f"{url}harbor/") == everyone(200)
    assert codes(world, at, f"{url}wexley/") == everyone(200, charlie=404)
    assert codes(world, at, f"{url}wexley.pdf") == everyone(200, charlie=404)
    rows = csv.DictReader(io.StringIO(read(at(world.charlie), f"{url}invoices.csv")))
    assert {r["organisation"] for r in rows} == {"harbor"}
    assert "wexley/" not in read(at(world.charlie), f"/agreements/{record.pk}/money/?year=2025")
    assert read(at(world.charlie), f"/agreements/{record.pk}/money/leaving/?who=wexley", 422)


@pytest.mark.parametrize("page", ["money/", "money/2025/again/", "money/leaving/", "money/joining/", "money/2025/invoices.csv"])  # fmt: skip
def test_the_screens_of_money_are_for_those_in_the_agreement(world, at, record, page):
    assert codes(world, at, f"/agreements/{record.pk}/{page}") == everyone(200)


def test_only_the_host_begins_the_next_year_and_it_goes_on_from_the_last(world, at, record):
    url = f"/agreements/{record.pk}/money/next/"
    assert codes(world, at, url, "post") == everyone(302, rita=403, vic=403, charlie=403)
    at(world.bob).post(url)
    record.refresh_from_db()
    last, new = record.head.partnership.years[-2:]
    assert (new.year, new.drivers, new.closed_on) == (last.year + 1, last.drivers, None)
    assert [x.id for x in new.lines] == [x.id for x in last.lines]


def test_a_corrected_driver_runs_the_year_again_and_shows_the_difference(world, at):
    from interlocal.web import beginnings
    from interlocal.web.models.cases import as_values

    years = as_values(beginnings.example()[0].canonical_json())["years"]
    year = next(y for y in years if y["year"] == 2026)
    year["restatements"] = [
        {"id": "wrong", "organisation": "wexley", "driver": "calls", "value": 9000, "on": "2026-09-01", "why": "Counted twice"}
    ]  # fmt: skip
    record = hosted(world, years=years)
    page = read(at(world.alice), f"/agreements/{record.pk}/money/2026/again/")
    assert "Counted twice" in page
    (difference,) = re.findall(r"<th scope=\"row\">Together</th>.*?([−\d.,]+)</td></tr>", page)
    from interlocal.web import running

    found = books_of(record).settled(2026, running.today())
    assert difference == said(sum(found.difference.values()))
    assert said(found.difference["wexley"]) in page


def test_what_it_costs_to_leave_and_what_a_newcomer_changes_are_worked_out_and_saved_nowhere(
    world, at, record
):
    page = read(at(world.alice), f"/agreements/{record.pk}/money/leaving/?who=wexley&on=2026-07-01")
    assert "It leaves on 2027-07-01 at the earliest" in page
    entry = "?name=Northport&year=2026&since=2026-01-01&driver-calls=4,000&driver-population=9000"
    page = read(at(world.alice), f"/agreements/{record.pk}/money/joining/{entry}")
    assert "Northport" in page
    assert re.search(r"Together</th>.*?>[−]?0\.00</td></tr>", page, re.DOTALL), "the budget stays as it is"
    record.refresh_from_db()
    assert record.latest == 1


def test_a_gift_in_kind_is_entered_once_however_often_its_form_is_sent(world, at, record, save):
    numbers = [y.year for y in record.head.partnership.years]
    url = f"/agreements/{record.pk}/edit/years/{numbers.index(2026)}/gifts/"
    gift = {"0.organisation": "wexley", "0.what": "A clerk", "0.value": "12,000.50", "base": "1"}
    kept = []
    for _ in range(3):
        sent = save(at(world.alice), url, fields=gift)
        assert sent.status_code == 302, sent.content.decode()
        record.refresh_from_db()
        kept.append(record.head.sha256)
    (held,) = record.head.partnership.year(2026).gifts
    assert (held.organisation, str(held.value)) == ("wexley", "12000.5")
    assert len(set(kept)) == 1
    owed = next(s for s in books_of(record).statements(2026) if s.organisation == "wexley")
    assert owed.gifts == 12_000_50


def test_the_page_of_the_end_shows_what_leaving_costs_each_and_leads_to_every_step(world, at, record):
    from interlocal.partnership.membership import leaving
    from interlocal.web import running

    url = f"/agreements/{record.pk}/endings/"
    page = read(at(world.alice), url)
    ledger = books_of(record)
    for p in ledger.agreement.members_on(running.today()):
        cost = leaving(ledger, p, running.today())
        assert said(cost.known) in page
        assert f"money/leaving/?who={p}" in page
    stranded = next(c.cents for c in leaving(ledger, "wexley", running.today()).costs if c.what == "stranded")
    assert said(stranded) in page
    own = read(at(world.charlie), url)
    assert "leaving/?who=harbor" in own
    assert "leaving/?who=wexley" not in own
    steps = read(at(world.alice), f"/agreements/{record.pk}/money/leaving/?who=wexley")
    place = [p.organisation for p in record.head.partnership.parties].index("wexley")
    assert f"edit/parties/{place}/" in steps
    assert f"/agreements/{record.pk}/endings/" in steps


def test_wrong_entries_are_named_all_at_once(world, at, record):
    page = read(at(world.alice), f"/agreements/{record.pk}/money/joining/?name=&since=soon&driver-calls=many&driver-population=nan", 422)  # fmt: skip
    assert "4 things need mending" in page
    for slip in ("soon", "9999-12-31"):
        page = read(at(world.alice), f"/agreements/{record.pk}/money/leaving/?who=wexley&on={slip}", 422)
        assert f"found {slip}; expected a day" in page


def test_books_that_lack_a_driver_say_so_on_every_page_and_break_none(world, at):
    from interlocal.web import beginnings
    from interlocal.web.models.cases import as_values

    years = as_values(beginnings.example()[0].canonical_json())["years"]
    for y in years:
        y["drivers"].pop("calls")
        y.pop("restatements", None)
    record = hosted(world, years=years)
    assert "calls" in read(at(world.alice), f"/agreements/{record.pk}/money/?year=2026")
    assert "cannot be made yet" in read(at(world.alice), f"/agreements/{record.pk}/")
    for page in ("2026/wexley/", "2026/again/", "2026/invoices.csv"):
        read(at(world.alice), f"/agreements/{record.pk}/money/{page}", 404)


@pytest.mark.parametrize("lacks", ["years", "formula"])
def test_an_agreement_without_books_or_formula_says_what_comes_first(world, at, lacks):
    record = hosted(world, **{lacks: None})
    page = read(at(world.alice), f"/agreements/{record.pk}/money/")
    assert ("no books yet" if lacks == "years" else "has no formula") in page
    read(at(world.alice), f"/agreements/{record.pk}/money/leaving/")
    read(at(world.alice), f"/agreements/{record.pk}/money/joining/")


def test_the_books_of_two_years_are_changed_by_two_people_at_once(world, at, record, save):
    numbers = [y.year for y in record.head.partnership.years]
    for person, year in ((world.alice, 2026), (world.bob, 2025)):
        url = f"/agreements/{record.pk}/edit/years/{numbers.index(year)}/gifts/"
        gift = {"0.organisation": "wexley", "0.what": f"A clerk in {year}", "0.value": "100", "base": "1"}
        assert save(at(person), url, fields=gift).status_code == 302
    record.refresh_from_db()
    held = record.head.partnership
    assert [held.year(y).gifts[0].what for y in (2025, 2026)] == ["A clerk in 2025", "A clerk in 2026"]
