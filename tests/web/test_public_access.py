"""The public page: who prepares, publishes, decides and answers; what everybody reads, and when there is nothing."""

import pytest
from open_process import commented, prepared, publish, published, studied
from test_access import EDIT, EVERYONE, MANAGE, MANAGED, PUBLIC, SEE, answers

pytestmark = pytest.mark.heavy

EDITS = SEE | {"rita": 403, "vic": 403}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("public/", MANAGE),
        ("public/comments/", EDITS),
        ("public/comments/log.csv", MANAGE),
    ],
)
def test_who_reads_what_of_a_page_that_is_prepared(world, at, url, expected):
    assert answers(world, at, "get", world.url + url) == expected


def test_who_looks_at_the_page_before_it_is_public(world, at):
    prepared(world)
    assert answers(world, at, "get", f"{world.url}public/preview/") == MANAGE
    assert answers(world, at, "get", f"{world.url}public/leave-out/") == MANAGE


def test_what_is_only_prepared_is_nowhere_for_anybody(world, at):
    prepared(world)
    nowhere = dict.fromkeys(EVERYONE, 404)
    for address in ("", "comment/", "thanks/", "feed.xml", "editions/1/", "editions/1/brief.pdf"):
        assert answers(world, at, "get", f"/public/joint-dispatch/{address}") == nowhere
    assert world.case.title not in at().get("/public/").content.decode()


def test_everybody_reads_what_is_public(world, at):
    page = published(world)
    for address in ("", "comment/", "thanks/", "feed.xml"):
        assert answers(world, at, "get", page.url + address) == PUBLIC
    assert answers(world, at, "get", "/public/") == PUBLIC
    assert answers(world, at, "get", "/public/rules/") == PUBLIC
    assert "joint-dispatch" in at().get("/public/").content.decode()


def test_who_publishes_takes_down_and_writes_into_the_case(world, at):
    page = published(world)
    base = f"{world.url}public/"
    prepare = {"do": "preview", "slug": "joint-dispatch", "parts": "headline"}
    assert answers(world, at, "post", base, prepare) == MANAGED
    wrong = {k: 422 if v == 302 and k != "public" else v for k, v in MANAGED.items()}
    assert answers(world, at, "post", f"{base}preview/", {"looked_at": "x"}) == wrong
    assert answers(world, at, "post", f"{base}take-down/", {"why": "An error"}) == MANAGED
    assert answers(world, at, "post", f"{base}record/") == MANAGED
    assert at().get(page.url).status_code == 200


def test_who_decides_on_comments_and_who_answers(world, at):
    page = published(world)
    waits, shown = commented(page), commented(page, by=world.alice, state="shown")
    base = f"{world.url}public/comments/"
    decide = {"seen": "waiting", "state": "shown"}
    assert answers(world, at, "post", f"{base}{waits.number}/decide/", decide) == MANAGED
    assert answers(world, at, "post", f"{base}{shown.number}/answer/", {"text": "Yes."}) == EDIT
    at(world.bob).post(f"{base}{shown.number}/answer/", {"text": "Yes."})
    given = shown.answers.get()
    back = EDIT | {"charlie": 403}
    assert answers(world, at, "post", f"{world.url}public/answers/{given.pk}/take-back/", {"why": "x"}) == back  # fmt: skip


def test_an_answer_speaks_for_a_government_and_names_no_person(world, at):
    page = published(world)
    shown = commented(page, by=world.alice, state="shown")
    url = f"{world.url}public/comments/{shown.number}/answer/"
    for person, says in ((world.bob, "It stays."), (world.charlie, "We agree."), (world.fay, "Come and see.")):  # fmt: skip
        at(person).post(url, {"text": says})
    assert [a.speaker for a in shown.answers.all()] == ["Alder", "Birch", ""]
    told = at().get(page.url).content.decode()
    assert all(s in told for s in ("Answer by Alder", "Answer by Birch", "Answer by the facilitator"))
    assert not any(n in told for n in ("Bob", "Charlie", "Fay"))


def test_comments_and_answers_of_another_case_are_not_reached_through_ones_own(world, at):
    from interlocal.web import examples
    from interlocal.web.actions import cases, residents

    page = published(world)
    comment = commented(page, by=world.alice, state="shown")
    answer = residents.answer(comment=comment, text="Yes.", speaker="Alder", by=world.alice)
    other = cases.start_case(case=examples.case("starter"), organisation=world.partner, by=world.sam, about="x")  # fmt: skip
    base = f"/cases/{other.pk}/public/"
    sam = at(world.sam)
    for url in (f"comments/{comment.number}/decide/", f"comments/{comment.number}/answer/", f"answers/{answer.pk}/take-back/"):  # fmt: skip
        assert sam.post(base + url, {"text": "x", "why": "x"}).status_code == 404
    assert sam.post(f"{base}take-down/", {"why": "x"}).status_code == 404
    assert comment.text not in sam.get(f"{base}comments/?state=shown").content.decode()


def test_only_a_study_for_the_public_can_be_published(world, at):
    from workbench import run_waiting

    from interlocal.web.actions import studies
    from interlocal.web.models import Publication

    run = studies.ask_for_study(revision=world.case.head, audience="partners", by=world.alice, draws=200)
    run_waiting()
    at(world.alice).post(f"{world.url}public/", {"run": str(run.pk), "slug": "a", "parts": "money"})
    answer = at(world.alice).post(f"{world.url}public/preview/", {"looked_at": "x"})
    assert answer.status_code == 422
    assert "a finished study for the public" in answer.content.decode()
    assert Publication.objects.get(case=world.case).slug is None


def test_a_page_taken_down_leaves_a_stub_without_content(world, at):
    page = published(world)
    comment = commented(page, by=world.alice, state="shown")
    alice = at(world.alice)
    assert alice.post(f"{world.url}public/take-down/", {"why": ""}).status_code == 422
    alice.post(f"{world.url}public/take-down/", {"why": "The figures of one town were wrong."})
    for address in ("", "comment/", "editions/1/", "thanks/", "editions/1/brief.pdf"):
        answer = at().get(page.url + address)
        told = answer.content.decode()
        assert answer.status_code == 410
        assert "The figures of one town were wrong." in told
        assert "Three answers" not in told
        assert comment.text not in told
    assert at().post(f"{page.url}comment/", {"text": "Still here and waiting."}).status_code == 410
    feed = at().get(f"{page.url}feed.xml").content.decode()
    assert "The figures of one town were wrong." in feed
    assert "Hearing" not in feed
    assert "joint-dispatch" not in at().get("/public/").content.decode()
    publish(world, changed="The figures are mended.")
    assert at().get(page.url).status_code == 200


def test_an_earlier_edition_can_be_taken_down_alone(world, at):
    page = published(world)
    prepared(world, studied(world), parts=("headline",))
    publish(world)
    old = f"{page.url}editions/1/"
    assert "You read edition 1" in at().get(old).content.decode()
    assert at().get(f"{page.url}editions/2/").status_code == 302
    at(world.alice).post(f"{world.url}public/take-down/", {"edition": "1", "why": "A street was named."})
    assert at().get(old).status_code == 410
    told = at().get(page.url).content.decode()
    assert "A street was named." in told
    refused = at(world.alice).post(f"{world.url}public/take-down/", {"edition": "2", "why": "x"})
    assert "an earlier one" in refused.content.decode()


def test_a_case_that_is_deleted_leaves_a_stub_where_it_was_public(world, at):
    page = published(world)
    commented(page, by=world.alice, state="shown")
    at(world.alice).post(f"{world.url}delete/", {"title": world.case.title})
    answer = at().get(page.url)
    assert answer.status_code == 410
    assert "The case was deleted" in answer.content.decode()
    assert "The case was deleted" in at().get(f"{page.url}feed.xml").content.decode()


def test_an_edition_never_changes(world):
    edition = published(world).edition
    edition.changed = "x"
    with pytest.raises(TypeError, match="never changed"):
        edition.save()


def test_the_address_stays_so_that_links_to_it_hold(world, at):
    page = published(world)
    alice, desk = at(world.alice), f"{world.url}public/"
    alice.post(desk, {"run": str(page.publication.prepared["run"]), "slug": "elsewhere", "parts": "headline"})
    assert 'name="slug"' not in alice.get(desk).content.decode()
    publish(world)
    assert at().get(page.url).status_code == 200
    assert at().get("/public/elsewhere/").status_code == 404


def test_only_documents_for_residents_are_offered_and_they_stay_as_they_were_published(world, at):
    import io
    import zipfile

    from interlocal.web.models import Packet

    run = studied(world)
    files = io.BytesIO()
    partner = world.case.head.read.partners[0]
    with zipfile.ZipFile(files, "w") as archive:
        for name in ("brief.pdf", "brief.es.pdf", "agreement.docx", "workbook.xlsx", f"partners/{partner.id}.docx"):  # fmt: skip
            archive.writestr(name, f"bytes of {name}")
    packet = Packet.objects.create(run=run, files=files.getvalue(), done=5)
    desk = at(world.alice).get(f"{world.url}public/").content.decode()
    assert "Brief of two pages: PDF" in desk
    assert "Draft agreement" not in desk
    page = published(world, run=run, documents=("brief.pdf", "brief.es.pdf", f"partners/{partner.id}.docx"))
    packet.delete()
    told = at().get(f"{page.url}?lang=es").content.decode()
    assert "Resumen de dos páginas" in told
    assert partner.name in told
    given = at().get(f"{page.url}editions/1/brief.pdf")
    assert given.content == b"bytes of brief.pdf"
    assert given.headers["Content-Type"] == "application/pdf"
    assert at().get(f"{page.url}editions/1/agreement.docx").status_code == 404


def test_documents_that_hold_what_the_page_leaves_out_are_not_published(world, at):
    from interlocal.report import public
    from interlocal.web import publishing

    run = studied(world)
    piece = public.pieces(publishing.parts_of(run)[0])[0]
    prepared(world, run, documents=("brief.pdf",), left_out={piece.key: piece.says}, why="Not agreed.")
    told = at(world.alice).post(f"{world.url}public/preview/", {"looked_at": "x"}).content.decode()
    assert "documents that hold what the page leaves out" in told


def test_what_is_kept_from_others_is_on_no_page_and_in_no_part_that_could_be_chosen(world, at):
    import copy
    import json

    from interlocal.web import examples
    from interlocal.web.actions import cases

    data = copy.deepcopy(world.case.head.data)
    data["options"].append({"id": "secret", "name": "A plan of Birch", "kind": "change", "visibility": "facilitator"})  # fmt: skip
    kept = [line for line in data["spending"] if line["partner"] == "birch_hollow"]
    assert kept
    for line in kept:
        line |= {
            "amount": {"value": 123457},
            "visibility": "facilitator",
            "source": "The clerk's own book",
        }
    cases.save_case(record=world.case, case=examples.checked(data, "x"), base=1, by=world.fay, about="x")
    world.case.refresh_from_db()
    run = studied(world)
    every = tuple(p["id"] for p in run.views["public"]["en"]["parts"])
    page = published(world, run=run, parts=every)
    held = json.dumps(run.views["public"])
    for code in ("en", "es"):
        told = at().get(f"{page.url}?lang={code}").content.decode()
        for secret in ("A plan of Birch", "123,457", "123457", "own book"):
            assert secret not in told
            assert secret not in held
