"""What residents send and what happens with it: nothing is kept of them but their words, and every decision is written down."""

from xml.etree import ElementTree as ET

import pytest
from open_process import commented, published

from interlocal.problems import InputError

pytestmark = pytest.mark.heavy

TEXT = "Will the station on Main Street stay open?"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def page(world):
    return published(world)


@pytest.fixture
def send(at, page, monkeypatch):
    """Send a comment as a browser does that took its time; more or other fields where given."""
    from django.core.cache import cache

    from interlocal.web.views import public

    cache.clear()
    monkeypatch.setattr(public, "FASTEST", 0)

    def sent(query="", headers=None, **fields):
        form = at().get(f"{page.url}comment/{query}")
        made = form.content.decode().split('name="made" value="')[1].split('"')[0]
        return at().post(f"{page.url}comment/{query}", {"text": TEXT, "name": "", "website": "", "made": made} | fields, headers=headers)  # fmt: skip

    return sent


def test_a_comment_waits_for_a_person_and_only_then_is_read_by_all(page, send, at, world):
    from interlocal.web.actions import residents

    answer = send(name="Ann")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("n=1")
    held = page.publication.comments.get()
    assert (held.text, held.name, held.state) == (TEXT, "Ann", "waiting")
    assert TEXT not in at().get(page.url).content.decode()
    residents.decide(comment=held, seen="waiting", state="shown", rule="", why="", by=world.alice)
    told = at().get(page.url).content.decode()
    assert TEXT in told
    assert "Ann" in told
    assert "Answered:" not in told
    residents.answer(comment=held, text="Yes, it stays.", speaker="Alder", by=world.alice)
    assert "Answered: 1 of 1. Days until an answer: 0 in the middle." in at().get(page.url).content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "  "}, "Your comment is empty."),
        ({"text": "Hm."}, "very short"),
        ({"text": "x" * 3001}, "too long"),
        ({"name": "x" * 81}, "The name is too long."),
        ({"website": "example.org"}, "A hidden field was filled in."),
        ({"made": "forged"}, "open for a long time"),
    ],
)
def test_a_comment_that_cannot_be_taken_comes_back_with_its_words(page, send, fields, says):
    answer = send(**fields)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert says in told
    assert (fields.get("text", TEXT).strip() or "<textarea") in told
    assert not page.publication.comments.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
    ],
)
def test_a_form_that_another_site_sends_is_shown_to_its_sender_first(page, send, headers):
    answer = send(headers=headers)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "sent by a page of another site" in told
    assert TEXT in told
    assert not page.publication.comments.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_our_own_page_is_taken_from_any_browser(page, send, headers):
    assert send(headers=headers).status_code == 302
    assert page.publication.comments.count() == 1


def test_every_fault_of_a_comment_is_said_at_once_and_in_the_language_of_the_page(send):
    told = send("?lang=es", text="", name="x" * 81).content.decode()
    assert "Su comentario está vacío." in told
    assert told.count("usa-error-message") == 2


def test_a_form_that_comes_back_at_once_is_a_programs(page, at):
    form = at().get(f"{page.url}comment/").content.decode()
    made = form.split('name="made" value="')[1].split('"')[0]
    answer = at().post(f"{page.url}comment/", {"text": TEXT, "made": made})
    assert "The form came back very fast." in answer.content.decode()


def test_a_flood_from_one_connection_is_stopped_and_keeps_the_text(send):
    statuses = [send().status_code for _ in range(11)]
    assert statuses == [302] * 10 + [422]
    assert TEXT in send().content.decode()


def test_no_trace_of_the_sender_is_kept(page, send):
    from django.db import connection

    send(name="")
    held = page.publication.comments.get()
    assert {f.name for f in held._meta.concrete_fields} == {
        "id", "publication", "number", "text", "name", "language", "on", "state", "rule",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("web_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
            assert not any("127.0.0.1" in str(v) for row in cursor.fetchall() for v in row), table


def test_marks_that_turn_the_writing_around_are_taken_out(send, page):
    send(text="Good\u202e evening, all of you.\x00")
    assert page.publication.comments.get().text == "Good evening, all of you."


def test_what_is_not_shown_names_the_rule_and_not_the_words(page, world, at):
    rude = commented(page, text="You are all thieves and I know where you live.")
    from interlocal.web.actions import residents

    with pytest.raises(InputError) as refused:
        residents.decide(comment=rude, seen="waiting", state="not_shown", rule="dislike", why="", by=world.alice)  # fmt: skip
    assert len(refused.value.problems) == 2
    residents.decide(comment=rude, seen="waiting", state="not_shown", rule="insult", why="A threat.", by=world.alice)  # fmt: skip
    told = at().get(page.url).content.decode()
    assert rude.text not in told
    assert "A threat." not in told
    assert "Not shown: 1." in told
    assert "Insult or threat" in told
    log = at(world.alice).get(f"{world.url}public/comments/log.csv").content.decode()
    assert "A threat." in log
    assert "insult" in log
    with pytest.raises(InputError, match="decided in between"):
        residents.decide(comment=rude, seen="waiting", state="shown", rule="", why="", by=world.bob)


def test_a_name_or_a_text_in_the_log_is_no_formula(page, world, at):
    from interlocal.web.actions import residents

    made = commented(page, text="=HYPERLINK(1)+12345", name="@Ann")
    residents.decide(comment=made, seen="waiting", state="not_shown", rule="unreadable", why="=1+1", by=world.alice)  # fmt: skip
    log = at(world.alice).get(f"{world.url}public/comments/log.csv").content.decode()
    assert all(not cell.startswith(("=", "@", "+")) for line in log.splitlines() for cell in line.replace('"', "").split(","))  # fmt: skip


def test_the_feed_tells_editions_dates_and_answers(page, world, at):
    from interlocal.web.actions import residents

    shown = commented(page, by=world.alice, state="shown")
    residents.answer(comment=shown, text="Yes, it stays.", speaker="Alder", by=world.alice)
    answer = at().get(f"{page.url}feed.xml")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own bytes
    told = [
        e.findtext(f"{ATOM}content") or e.findtext(f"{ATOM}summary") or "" for e in feed.iter(f"{ATOM}entry")
    ]
    assert any("Yes, it stays." in t for t in told)
    assert any("Hearing in the town hall" in t for t in told)
    ids = [e.findtext(f"{ATOM}id") for e in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) >= 3
    again = ET.fromstring(at().get(f"{page.url}feed.xml").content)  # noqa: S314 - our own bytes
    assert [e.findtext(f"{ATOM}id") for e in again.iter(f"{ATOM}entry")] == ids


def test_comments_written_into_the_case_bring_neither_words_nor_names(page, world, at):
    commented(page, name="Ann", by=world.alice, state="shown")
    at(world.alice).post(f"{world.url}public/record/")
    world.case.refresh_from_db()
    assert any(e.kind == "comment" for e in world.case.head.read.engagement)
    assert TEXT not in world.case.head.document
    assert "Ann" not in world.case.head.document
    before = world.case.latest
    at(world.alice).post(f"{world.url}public/record/")
    world.case.refresh_from_db()
    assert [e.id for e in world.case.head.read.engagement].count("public_page_comment_1") == 1
    assert world.case.latest in {before, before + 1}


def test_what_is_left_out_is_nowhere_on_the_page_and_counted(world, at):
    from open_process import prepared, publish, studied

    from interlocal.report import public
    from interlocal.web import publishing

    run = studied(world)
    part = next(p for p in publishing.parts_of(run) if p.id == "money")
    row = next(p for p in public.pieces(part) if p.kind == "row")
    prepared(world, run, parts=("money",), left_out={row.key: row.says}, why="It is not agreed yet.")
    publish(world)
    for code in ("en", "es"):
        told = at().get(f"/public/joint-dispatch/?lang={code}").content.decode()
        assert f'<th scope="row">{row.says}</th>' not in told
        assert "It is not agreed yet." in told


def test_everything_that_an_edition_says_stands_on_the_page(world, at):
    from html import unescape

    held = published(world, parts=("headline", "question", "money", "options", "service", "lasting", "advice", "unknown", "shares", "governance", "plan", "lists", "assumptions", "sources", "steps"))  # fmt: skip
    for code, said in held.edition.content["languages"].items():
        told = unescape(at().get(f"{held.url}?lang={code}").content.decode())
        for block in (b for p in said["parts"] for b in p["blocks"]):
            texts = [block.get("text", ""), block.get("caption", "")]
            texts += [i["text"] for i in block.get("items", ())]
            texts += (
                [cell["text"] for row in block["rows"] for cell in row] if block["kind"] == "Table" else []
            )
            assert [t for t in texts if t not in told] == []


def test_control_characters_break_neither_feed_nor_stub_and_nothing_is_cut_off_silently(page, world, at):
    alice, down = at(world.alice), f"{world.url}public/take-down/"
    refused = alice.post(down, {"why": "x" * 1001})
    assert refused.status_code == 422
    assert "1,001 characters" in refused.content.decode()
    alice.post(down, {"why": "An error\x00 in\x0b a <b>figure</b>."})
    assert "An error in a &lt;b&gt;figure&lt;/b&gt;." in at().get(page.url).content.decode()
    feed = ET.fromstring(at().get(f"{page.url}feed.xml").content)  # noqa: S314 - our own bytes
    assert any("An error in a <b>figure</b>." in t for t in feed.itertext())


def test_markup_in_a_comment_is_shown_as_it_was_written(page, send, at, world):
    from interlocal.web.actions import residents

    send(text="<script>alert(1)</script> is what I think.", name="<b>Ann</b>")
    residents.decide(comment=page.publication.comments.get(), seen="waiting", state="shown", rule="", why="", by=world.alice)  # fmt: skip
    told = at().get(page.url).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is what I think." in told
    assert "<script" not in told
    assert "<b>Ann" not in told
