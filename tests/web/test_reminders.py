"""What comes due reaches people by calendar and letter: only what they may see, only while they want it."""

import datetime as dt
import re

import pytest
from agreements import hosted

URL = "/agreements/reminders/"


@pytest.fixture
def record(world, monkeypatch):
    from interlocal.web import running

    monkeypatch.setattr(running, "today", lambda: dt.date(2027, 3, 15))
    return hosted(world)


def link(client):
    page = client.post(URL, {"do": "link"}).content.decode()
    return re.search(r'value="[^"]*(/calendar/[^"]+)"', page).group(1)


def test_a_calendar_reads_what_comes_due_by_a_link_and_without_an_account(world, at, record):
    path = link(at(world.alice))
    response = at().get(path)
    text = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert f"UID:{record.pk}-notice" in text.replace("\r\n ", "")
    assert response.content == at().get(path).content, "the same until somebody saves"


def test_a_link_is_kept_as_its_hash_alone_and_shows_once(world, at, record):
    token = link(at(world.alice)).removeprefix("/calendar/").removesuffix(".ics")
    from interlocal.web.models import CalendarLink

    assert token not in str(CalendarLink.objects.values())
    assert token not in at(world.alice).get(URL).content.decode()


def test_an_ended_a_replaced_and_an_invented_link_show_nothing(world, at, record):
    first = link(at(world.alice))
    second = link(at(world.alice))
    assert at().get(first).status_code == 404
    assert at().get(second).status_code == 200
    at(world.alice).post(URL, {"do": "end"})
    assert at().get(second).status_code == 404
    assert at().get("/calendar/invented.ics").status_code == 404


def test_a_link_follows_what_its_person_may_see(world, at, record):
    assert "BEGIN:VEVENT" not in at().get(link(at(world.sam))).content.decode()
    path = link(at(world.charlie))
    assert "BEGIN:VEVENT" in at().get(path).content.decode()
    record.members.filter(role="partner").delete()
    assert "BEGIN:VEVENT" not in at().get(path).content.decode()
    world.charlie.is_active = False
    world.charlie.save()
    assert at().get(path).status_code == 404


def send(day):
    from interlocal.web.actions.reminders import send_letters
    from interlocal.web.reminders import letter

    return send_letters(day=dt.date.fromisoformat(day), say=letter)


def test_letters_go_to_those_alone_who_asked_and_as_often_as_they_wished(world, at, record):
    from django.core import mail

    assert send("2027-03-15") == (0, 0)
    at(world.alice).post(URL, {"do": "letters", "often": "weekly"})
    at(world.sam).post(URL, {"do": "letters", "often": "daily"})
    assert send("2027-03-15") == (1, 0), "Sam has no agreement, and there is nothing to say to Sam"
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    assert "Seven Coves Dispatch: " in letter.body
    assert "/agreements/reminders/" in letter.body
    assert send("2027-03-15") == send("2027-03-21") == (0, 0)
    assert send("2027-03-22") == (1, 0)
    at(world.alice).post(URL, {"do": "letters", "often": "never"})
    assert send("2027-05-01") == (0, 0)


def test_a_letter_that_the_mail_server_refused_is_sent_again(world, at, record, monkeypatch):
    from django.core.mail import EmailMessage

    at(world.alice).post(URL, {"do": "letters", "often": "monthly"})
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", lambda *_: (_ for _ in ()).throw(ConnectionRefusedError()))
        assert send("2027-03-15") == (0, 1)
    assert send("2027-03-15") == (1, 0)


@pytest.mark.parametrize("days", [30, 90, 365])
def test_the_list_shows_what_comes_due_within_30_90_and_365_days(world, at, record, days):
    from interlocal.web import policies, running

    page = at(world.alice).get(f"/agreements/?within={days}").content.decode()
    found = running.coming(policies.accesses(world.alice, policies.agreements_of(world.alice)))
    assert found
    shown = {c.due.on for c in found if 0 <= c.days <= days}
    left_out = {c.due.on for c in found if c.days > days}
    assert all(str(on) in page for on in shown)
    assert not any(str(on) in page for on in left_out)


def test_the_command_needs_a_mail_server_and_says_so(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    from interlocal.cli import app
    from interlocal.problems import InputError

    monkeypatch.setenv("INTERLOCAL_DATA", str(tmp_path))
    found = CliRunner().invoke(app, ["remind"])
    assert isinstance(found.exception, InputError)
    assert "a mail server to send letters by" in str(found.exception)
