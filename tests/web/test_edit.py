import pytest

from interlocal.case.read import parse_case


def pages():
    from interlocal.web.guide import PATH

    return [p.path for s in PATH for p in s.pages]


def problems_of(answer):
    text = answer.content.decode()
    return text[text.find('id="errors"') :][:700].split("<h2")[1]


DEEP = ["options/0", "options/0/lines", "options/0/formula", "options/0/stand_alone", "partners/0", "partners/0/disclosures", "assumptions/escalators", "staffing/posts", "plan/tasks"]  # fmt: skip


@pytest.mark.slow
def test_every_page_of_the_path_opens_and_saving_it_untouched_changes_nothing(world, at, save):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    alice = at(world.alice)
    for name in examples.titles():
        record = cases.start_case(case=examples.case(name), organisation=world.town, by=world.fay, about="x")
        for who in (alice, at(world.fay)):
            for path in dict.fromkeys([*pages(), *DEEP]):
                url = f"/cases/{record.pk}/edit/{path}/"
                page = who.get(url)
                assert page.status_code == 200, url
                answer = save(who, url, page=page)
                assert answer.status_code == 302, (name, path, problems_of(answer))
        record.refresh_from_db()
        changed = [r.about for r in record.revisions.all()]
        assert changed == ["x"], (name, changed)


def test_a_saved_case_is_read_quickly_and_is_the_same_as_a_strangers_file(world):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    for name in examples.titles():
        case = examples.case(name)
        record = cases.start_case(case=case, organisation=world.town, by=world.fay, about="x")
        again = parse_case(record.head.document.encode(), "the same")
        assert record.head.read == again == case
        assert record.head.read.sha256 == again.sha256


def test_a_page_that_does_not_exist_is_not_there(world, at):
    for path in ("nothing", "options/99", "options/99/lines", "partners/0/name", "options/0/lines/0/behaviour/kind"):  # fmt: skip
        assert at(world.alice).get(f"{world.url}edit/{path}/").status_code == 404, path
        entry = {"base": "1", "do": "save", "0.name": "A line"}
        assert at(world.alice).post(f"{world.url}edit/{path}/", entry).status_code == 404, path


def test_a_save_is_a_revision_with_what_was_said(world, at, save):
    url = f"{world.url}edit/spending/"
    answer = save(at(world.bob), url, fields={"0.amount": "160–180k", "0.amount.source": "Budget book"})
    assert answer.status_code == 302
    world.case.refresh_from_db()
    case = parse_case(world.case.head.document.encode(), "x")
    amount = case.spending[0].amount
    assert (amount.low, amount.likely, amount.high, amount.source) == (160e3, 170e3, 180e3, "Budget book")
    assert world.case.latest == 2
    assert world.case.head.by == world.bob
    assert "Understood: between 160,000 and 180,000" in at(world.bob).get(url).content.decode()


def test_an_entry_with_errors_is_kept_and_each_error_links_to_its_field(world, at, save):
    url, alice = f"{world.url}edit/spending/", at(world.alice)
    answer = save(alice, url, fields={"0.amount": "rather a lot", "1.year": "someday"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#0.amount"' in page
    assert 'href="#1.year"' in page
    assert "2 things need mending" in page or "things need mending" in page
    again = alice.get(url).content.decode()
    assert "rather a lot" in again
    assert "someday" in again
    assert "It is kept, and not saved" in again
    world.case.refresh_from_db()
    assert world.case.latest == 1
    assert "your entry is kept" in alice.get(world.url).content.decode()
    assert "rather a lot" not in at(world.bob).get(url).content.decode()
    save(alice, url, do="discard")
    assert "rather a lot" not in alice.get(url).content.decode()


def test_a_row_can_be_added_and_removed_without_scripts(world, at, save):
    url, alice = f"{world.url}edit/events/", at(world.alice)
    page = save(alice, url, do="add:")
    assert 'name="0.text"' in page.content.decode()
    fields = {"0.text": "Chief retires", "0.on": "2027-01-01", "0.kind": "retirement"}
    assert save(alice, url, page=page, fields=fields).status_code == 302
    world.case.refresh_from_db()
    assert world.case.head.data["events"] == [{"id": "chief_retires", "kind": "retirement", "on": "2027-01-01", "text": "Chief retires"}]  # fmt: skip
    save(alice, url, fields={"0.__gone": "on"})
    world.case.refresh_from_db()
    assert "events" not in world.case.head.data


def test_rows_pasted_from_a_spreadsheet_are_shown_before_they_are_saved(world, at, save):
    url, alice = f"{world.url}edit/options/0/lines/", at(world.alice)
    before = len(world.case.head.data["options"][0]["lines"])
    text = "Name\tCategory\tAmount\nInspectors\tstaff\t210,000\nCar\tequipment\t5k\n"
    page = save(alice, url, do="paste:", fields={"paste": text})
    assert "2 rows were added" in page.content.decode()
    answer = save(alice, url, page=page)
    assert answer.status_code == 302, problems_of(answer)
    world.case.refresh_from_db()
    lines = world.case.head.data["options"][0]["lines"][before:]
    assert [(x["id"], x["behaviour"]["amount"]["value"]) for x in lines] == [
        ("inspectors", 210000),
        ("car", 5000),
    ]


def test_two_people_who_change_different_things_both_keep_theirs(world, at, save):
    url = f"{world.url}edit/about/"
    alice, bob = at(world.alice), at(world.bob)
    seen = alice.get(url)
    save(bob, url, fields={"title": "Bob’s title"})
    assert save(alice, url, page=seen, fields={"summary": "Alice’s summary"}).status_code == 302
    world.case.refresh_from_db()
    assert (world.case.head.data["title"], world.case.head.data["summary"]) == (
        "Bob’s title",
        "Alice’s summary",
    )
    assert world.case.latest == 3


def test_two_people_who_change_the_same_see_both_and_lose_neither(world, at, save):
    url = f"{world.url}edit/about/"
    alice, bob = at(world.alice), at(world.bob)
    seen = alice.get(url)
    save(bob, url, fields={"title": "Bob’s title"})
    answer = save(alice, url, page=seen, fields={"title": "Alice’s title"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Bob’s title" in page
    assert "Alice’s title" in page
    world.case.refresh_from_db()
    assert world.case.title == "Bob’s title"
    assert "Alice’s title" in alice.get(url).content.decode()
    assert save(alice, url, page=answer, do="mine").status_code == 302
    world.case.refresh_from_db()
    assert world.case.title == "Alice’s title"
    assert [r.about for r in world.case.revisions.all()] == [
        "The case in short",
        "The case in short",
        "Started",
    ]


@pytest.fixture
def private(world, at, save):
    """Charlie keeps Birch Hollow's spending to itself and the facilitator."""
    save(
        at(world.charlie),
        f"{world.url}edit/spending/",
        fields={"1.visibility": "facilitator", "1.amount": "123456"},
    )
    world.case.refresh_from_db()
    return world


def test_a_partner_keeps_its_figures_to_itself_and_the_facilitator(private, at, save):
    url = f"{private.url}edit/spending/"
    for person, sees in (
        (private.charlie, True),
        (private.fay, True),
        (private.alice, False),
        (private.bob, False),
    ):
        texts = [at(person).get(u).content.decode() for u in (url, f"{private.url}download/", f"{private.url}history/difference/?from=1&to=2")]  # fmt: skip
        assert [any(s in t for s in ("123456", "123,456")) for t in texts] == [sees] * 3, person


def test_what_one_may_not_see_survives_ones_own_save(private, at, save):
    assert (
        save(at(private.bob), f"{private.url}edit/spending/", fields={"0.amount": "99,000"}).status_code
        == 302
    )
    private.case.refresh_from_db()
    assert [s["amount"]["value"] for s in private.case.head.data["spending"]] == [99000, 123456]


def test_a_marker_brings_no_hidden_entry_into_the_open(private, at, save):
    bob = at(private.bob)
    save(bob, f"{private.url}edit/about/", fields={"summary.__kept": "/spending/1/amount"})
    save(bob, f"{private.url}edit/about/", fields={"summary.__kept": "/spending/1"})
    pages = bob.get(f"{private.url}edit/about/").content.decode() + bob.get(private.url).content.decode()
    assert "123456" not in pages
    assert "123,456" not in pages
