"""A survey from its beginning to its end, as facilitator and raters go through it."""

import datetime as dt
import html
from pathlib import Path

import pytest
from raters import begun, day, fields, give, links, now, opened, partners

from interlocal.consensus.surveys import aggregates


def raw(survey):
    from interlocal.web.models.surveys import SurveyAnswer

    return SurveyAnswer.objects.filter(survey=survey)


def text_of(page):
    return html.unescape(page.content.decode())


def test_a_survey_goes_from_its_beginning_over_links_to_a_revision_and_its_end(world, at):
    alice, public = at(world.alice), at()
    url = f"{world.url}surveys/"
    from interlocal.web.actions.surveys import statements_of

    made = alice.post(url, {"kind": "safety", "statements": statements_of("safety"), "smallest_group": "5"})
    assert made.url == f"{url}safety/"
    assert alice.post(f"{url}safety/open/", {"until": day().isoformat()}).status_code == 302
    page = alice.post(f"{url}safety/links/", {"partner": partners(world)[0], "group": "staff", "number": "7"})
    found = [w for w in page.content.decode().split() if "/answer/" in w]
    tokens = [w.split("/answer/")[1].split("/")[0] for w in found]
    assert len(set(tokens)) == 7
    assert not any(t in alice.get(f"{url}safety/").content.decode() for t in tokens)
    for n, token in enumerate(tokens):
        sent = give(public, token, 2 + n % 3)
        assert (sent.status_code, sent.url.split("?")[0]) == (302, "/answer/thanks/")
        assert "Thank you" in public.get(sent.url).content.decode()
    assert "all or all but one of 7" in alice.get(f"{url}safety/").content.decode()
    assert "surveys" not in world.case.head.data
    assert alice.post(f"{url}safety/close/").status_code == 302
    wave = now(world).surveys[0]
    assert (wave.id, wave.kind, wave.smallest_group, len(wave.cells)) == ("safety_1", "safety", 5, 3)
    assert [(c.counts, c.invited, c.group) for c in wave.cells] == [((0, 3, 2, 2, 0), 7, "staff")] * 3
    assert len(aggregates(wave)) == 3
    survey = world.case.surveys.get()
    assert raw(survey).count() == 21
    assert alice.post(f"{url}safety/end/", {"sure": "on"}).status_code == 302
    survey.refresh_from_db()
    assert (raw(survey).count(), survey.links.count(), survey.secret, survey.ended) == (0, 0, "", True)
    assert "This survey has ended" in alice.get(f"{url}safety/").content.decode()


def test_only_sending_answers_uses_a_link_up(world, at):
    survey = opened(world)
    (token,) = links(world, survey, 1)
    for _ in range(3):
        assert at().get(f"/answer/{token}/").status_code == 200
        assert at().head(f"/answer/{token}/").status_code == 200
    assert at().post(f"/answer/{token}/", {"safety_mistakes": "3"}).status_code == 422
    assert at().post(f"/answer/{token}/", {"language": "es"}).status_code == 200
    assert survey.links.get().answered == 0
    assert give(at(), token, 3).status_code == 302
    assert survey.links.get().answered == 1


def test_what_is_deleted_leaves_nothing_in_the_file(tmp_path):
    import sqlite3

    from interlocal.web.environment import sqlite

    options = sqlite(tmp_path / "x.sqlite3")
    database = sqlite3.connect(options["NAME"])
    for pragma in options["OPTIONS"]["init_command"].split(";"):
        database.execute(pragma)
    database.execute("CREATE TABLE answers (rater TEXT)")
    database.execute("INSERT INTO answers VALUES ('the-key-of-ana')")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"the-key-of-ana" in Path(options["NAME"]).read_bytes()
    database.execute("DELETE FROM answers")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"the-key-of-ana" not in Path(options["NAME"]).read_bytes()
    database.close()


def test_of_two_submissions_at_the_same_moment_one_is_kept(world, monkeypatch):
    from interlocal.web.actions import answers

    survey = opened(world)
    (token,) = links(world, survey, 1)
    seen_before_either_was_sent = answers.open_link(token)
    answers.submit(token=token, answers={("safety_mistakes", ""): 2})
    monkeypatch.setattr(answers, "open_link", lambda _: seen_before_either_was_sent)
    with pytest.raises(answers.LinkOver):
        answers.submit(token=token, answers={("safety_mistakes", ""): 5})
    assert [a.level for a in raw(survey)] == [2]


def test_deleting_a_case_deletes_its_answers_and_links(world):
    from interlocal.web.actions import answers, cases
    from interlocal.web.models import SurveyLink

    survey = opened(world)
    (token,) = links(world, survey, 1)
    answers.submit(token=token, answers={("safety_mistakes", ""): 2})
    answers.close_wave(survey=survey, by=world.alice)
    assert raw(survey).exists()
    cases.delete_case(record=type(world.case).objects.get(pk=world.case.pk), by=world.alice)
    assert not raw(survey.pk).exists()
    assert not SurveyLink.objects.exists()


def test_everybody_in_the_case_sees_how_many_links_a_group_has(world, at):
    survey = opened(world)
    links(world, survey, 6)
    assert "staff: 6 links" in text_of(at(world.charlie).get(f"{world.url}surveys/safety/"))


def test_links_used_unknown_and_expired_get_the_same_answer(world, at):
    survey = opened(world)
    used, fresh = links(world, survey, 2)
    give(at(), used, 4)
    pages = [at().get("/answer/nothing-like-it/"), at().get(f"/answer/{used}/"), at().post(f"/answer/{used}/", {"safety_mistakes": "1"})]  # fmt: skip
    survey.until = day(-1)
    survey.save()
    pages += [at().get(f"/answer/{fresh}/"), at().post(f"/answer/{fresh}/", {})]
    assert {p.status_code for p in pages} == {404}
    assert len({p.content for p in pages}) == 1
    assert raw(survey).values("rater").distinct().count() == 1


def test_a_question_without_an_answer_is_pointed_to_and_nothing_chosen_is_lost(world, at):
    survey = opened(world)
    (token,) = links(world, survey, 1)
    names = fields(at().get(f"/answer/{token}/"))
    page = at().post(f"/answer/{token}/", {names[0]: "4"})
    assert page.status_code == 422
    text = page.content.decode()
    assert f'href="#{names[1]}-1"' in text
    assert f'name="{names[0]}" value="4" checked' in text
    assert "One question has no answer yet" in text
    spanish = at().post(f"/answer/{token}/", {names[0]: "4", "language": "es"}).content.decode()
    assert f'name="{names[0]}" value="4" checked' in spanish
    assert '<html lang="es">' in spanish
    assert "Borrador" in spanish
    assert at().post(f"/answer/{token}/", dict.fromkeys(names, "9")).status_code == 422
    assert not raw(survey).exists()


def test_who_does_not_know_leaves_no_answer(world, at):
    survey = opened(world)
    (token,) = links(world, survey, 1)
    names = fields(at().get(f"/answer/{token}/"))
    at().post(f"/answer/{token}/", {names[0]: "4", names[1]: "0"})
    assert [a.statement for a in raw(survey)] == [names[0]]


def test_trust_is_asked_about_every_other_partner(world, at):
    survey = opened(world, kind="trust", statements=("trust_openness_cost",))
    first, *others = partners(world)
    (token,) = links(world, survey, 1, first)
    page = at().get(f"/answer/{token}/")
    assert fields(page) == [f"trust_openness_cost.{other}" for other in others]
    names = {p.id: p.name for p in world.case.head.read.partners}
    assert all(f"About {names[o]}" in text_of(page) for o in others)


def test_what_one_partner_thinks_of_another_is_for_the_facilitator_and_that_partner(world, at):
    survey = opened(world, kind="trust", statements=("trust_openness_cost",))
    for partner in partners(world)[:2]:
        for n, token in enumerate(links(world, survey, 6, partner)):
            give(at(), token, 2 + n % 3)
    at(world.alice).post(f"{world.url}surveys/trust/close/")
    cells = now(world).surveys[0].cells
    assert {c.visibility for c in cells if c.partner} == {"facilitator"}
    assert any(c.counts for c in cells)
    seen = {n: at(getattr(world, n)).get(f"{world.url}download/").json()["surveys"][0] for n in ("alice", "charlie", "fay")}  # fmt: skip
    assert [len(seen[n].get("cells", [])) for n in seen] == [0, 1, len(cells)]
    assert seen["charlie"]["cells"][0]["partner"] == "birch_hollow"


def test_people_of_a_small_group_are_warned_before_they_answer(world, at):
    survey = opened(world)
    (token, *_) = links(world, survey, 4, group="managers")
    (other, *_) = links(world, survey, 5, group="staff")
    assert "Your group is small" in at().get(f"/answer/{token}/").content.decode()
    assert "Your group is small" not in at().get(f"/answer/{other}/").content.decode()
    for t in (token, other):
        assert "Fewer than 5 answers will not be shown" in at().get(f"/answer/{t}/").content.decode()
    assert "fewer than 5: not shown alone" in at(world.alice).get(f"{world.url}surveys/safety/").content.decode()  # fmt: skip


def test_the_smallest_group_is_raised_and_never_lowered(world, at):
    from django.db import IntegrityError, transaction

    survey = opened(world, smallest=6)
    url, alice = f"{world.url}surveys/safety/smallest-group/", at(world.alice)
    for lower in ("5", "0", "-3", "many", ""):
        assert alice.post(url, {"smallest_group": lower}).status_code == 422
    assert alice.post(url, {"smallest_group": "8"}).status_code == 302
    survey.refresh_from_db()
    assert survey.smallest_group == 8
    for n, token in enumerate(links(world, survey, 7)):
        give(at(), token, 2 + n % 3)
    alice.post(f"{world.url}surveys/safety/close/")
    assert [c.counts for c in now(world).surveys[0].cells] == [None, None]
    with pytest.raises(IntegrityError), transaction.atomic():
        type(survey).objects.filter(pk=survey.pk).update(smallest_group=4)


def test_raising_it_between_waves_withholds_more_and_cuts_panels_as_before(world, at):
    from interlocal.web.actions import answers, surveys

    survey = opened(world)
    tokens = links(world, survey, 7)
    for n, token in enumerate(tokens):
        give(at(), token, 2 + n % 3)
    answers.close_wave(survey=survey, by=world.alice)
    surveys.raise_smallest_group(survey=survey, smallest_group=8, by=world.alice)
    surveys.open_wave(survey=survey, until=day(), by=world.alice)
    for n, token in enumerate(tokens):
        assert give(at(), token, 2 + n % 3).status_code == 302
    found = answers.close_wave(survey=survey, by=world.alice).read.surveys
    survey.refresh_from_db()
    assert (survey.cut, survey.smallest_group) == (5, 8)
    assert [[bool(c.counts) for c in w.cells] for w in found] == [[True, True], [False, False]]


def test_the_same_link_follows_a_person_over_waves_as_the_same_panel(world, at):
    from interlocal.web.actions import answers, surveys

    survey = opened(world)
    tokens = links(world, survey, 6)
    for wave in (1, 2):
        for n, token in enumerate(tokens):
            give(at(), token, wave + n % 3)
        found = answers.close_wave(survey=survey, by=world.alice).read.surveys
        assert at().get(f"/answer/{tokens[0]}/").status_code == 404
        if wave == 1:
            surveys.open_wave(survey=survey, until=day(), by=world.alice)
    assert [c.panel for w in found for c in w.cells] == [0, 0, 0, 0]
    assert [w.id for w in found] == ["safety_1", "safety_2"]


def test_neither_name_nor_token_nor_time_is_kept(world, at):
    from django.db import connection, models

    from interlocal.web.models import SurveyLink
    from interlocal.web.models.surveys import SurveyAnswer

    survey = opened(world)
    tokens = links(world, survey, 6)
    for token in tokens:
        give(at(), token, 3)
    kinds = (models.DateField, models.TimeField)
    for model in (SurveyLink, SurveyAnswer):
        assert [f.name for f in model._meta.get_fields() if isinstance(f, kinds)] == []
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            rows.append((table, str(cursor.fetchall())))
    assert [table for table, text in rows if any(t in text for t in tokens)] == []
    kept = {link.token_sha256 for link in survey.links.all()}
    assert not kept & {a.rater for a in raw(survey)}
    assert {a.rater for a in raw(survey)} == {survey.rater(t) for t in tokens}


def test_rows_lie_in_no_order_of_arrival(world, at):
    survey = opened(world, statements=("safety_mistakes",))
    tokens = links(world, survey, 20)
    for token in tokens:
        give(at(), token, 3)
    order = {survey.rater(t): n for n, t in enumerate(tokens)}
    # Twenty rows are in the order of arrival, or its reverse, by chance once in 10^18.
    stored = [order[a.rater] for a in raw(survey).order_by("pk")]
    assert stored not in ([*range(20)], [*range(19, -1, -1)])


def test_on_sqlite_the_row_number_of_an_answer_is_the_random_one(world, at):
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("row numbers are SQLite's; PostgreSQL's order is written anew at closing")
    survey = opened(world)
    (token,) = links(world, survey, 1)
    give(at(), token, 3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, id FROM web_surveyanswer")
        rows = cursor.fetchall()
    assert rows
    assert all(a == b for a, b in rows)


def test_the_audit_trail_says_nothing_of_who_answered(world, at):
    survey = opened(world)
    before = world.case.events.count()
    for token in links(world, survey, 6):
        give(at(world.rita), token, 3)
    did = [e.did for e in world.case.events.all()]
    assert len(did) == before + 1
    assert "survey.links_made" in did


def test_a_rater_page_sends_no_cookie_and_no_referrer_and_loads_nothing_from_elsewhere(world, at):
    survey = opened(world)
    (token,) = links(world, survey, 1)
    client = at(world.rita)
    page = client.get(f"/answer/{token}/")
    done = give(client, token, 3)
    thanks = client.get(done.url)
    for answer in (page, done, thanks):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "private, no-store"
        assert not answer.cookies
    assert token not in done.url
    assert "<script" not in page.content.decode()
    assert "http://" not in page.content.decode()
    assert "Rita" not in page.content.decode()


@pytest.mark.usefixtures("world")
def test_looking_for_links_is_slowed_down(at):
    client = at()
    found = [client.get(f"/answer/guess-{n}/").status_code for n in range(62)]
    assert found[:60] == [404] * 60
    assert found[60:] == [429, 429]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"kind": "moods"}, "trust, readiness or safety"),
        ({"kind": "safety"}, "at least one"),
        ({"kind": "safety", "statements": "safety_mistakes", "smallest_group": "4"}, "never lowered"),
    ],
)
def test_what_is_wrong_with_a_new_survey_is_said_and_the_entry_kept(world, at, data, says):
    page = at(world.alice).post(f"{world.url}surveys/", {"smallest_group": "7"} | data)
    assert page.status_code == 422
    assert says in text_of(page)
    assert f'value="{data.get("smallest_group", "7")}"' in text_of(page)
    assert not world.case.surveys.exists()


def test_a_case_has_one_survey_of_a_kind(world, at):
    begun(world)
    page = at(world.alice).post(f"{world.url}surveys/", {"kind": "safety", "statements": "safety_mistakes", "smallest_group": "5"})  # fmt: skip
    assert page.status_code == 422
    assert "another wave" in text_of(page)


@pytest.mark.parametrize(
    ("form", "data", "says"),
    [
        ("open", {"until": "soon"}, "a day such as"),
        ("open", {"until": "2020-01-01"}, "Two weeks are usual"),
        ("links", {"partner": "nobody", "group": "staff", "number": "3"}, "a partner of this case"),
        ("links", {"partner": "", "group": "aliens", "number": "0"}, "a group of the list"),
        ("links", {"partner": "", "group": "", "number": "5000"}, "found 5000; expected 1 to 200"),
        ("links", {"number": "a few"}, "found a few; expected 1 to 200"),
        ("smallest-group", {"smallest_group": "four"}, "found four; expected 5 to 1000"),
        ("close", {}, "Open a wave first"),
        ("end", {}, "this cannot be taken back"),
        ("send", {"addresses": "ana@example.org"}, "Copy the links"),
    ],
)
def test_what_is_wrong_on_a_survey_is_said_and_the_entry_kept(world, at, form, data, says):
    begun(world)
    page = at(world.alice).post(f"{world.url}surveys/safety/{form}/", data)
    assert page.status_code == 422
    assert says in text_of(page)
    kept = [v for k, v in data.items() if k in {"until", "number"}]
    assert all(f'value="{v}"' in text_of(page) for v in kept)


@pytest.fixture
def mail_server(world):
    from dataclasses import replace

    from django.conf import settings
    from django.core import mail
    from django.test import override_settings

    mail.outbox.clear()
    email = {"EMAIL_HOST": "mail.example.org"}
    with override_settings(ENVIRONMENT=replace(settings.ENVIRONMENT, email=email)):
        yield mail


def test_links_go_out_by_mail_one_to_each_address_and_no_address_is_kept(world, at, mail_server):
    survey = opened(world)
    data = {"partner": partners(world)[0], "group": "staff", "addresses": "ana@example.org\nben@example.org, cy@example.org", "language": "es"}  # fmt: skip
    page = at(world.alice).post(f"{world.url}surveys/safety/send/", data, follow=True)
    assert "/answer/" not in page.content.decode()
    assert "The addresses are not kept" in page.content.decode()
    bodies = [m.body for m in mail_server.outbox]
    assert [m.to for m in mail_server.outbox] == [["ana@example.org"], ["ben@example.org"], ["cy@example.org"]]  # fmt: skip
    tokens = {b.split("/answer/")[1].split("/")[0] for b in bodies}
    assert len(tokens) == 3
    assert all("Guarde el enlace" in b for b in bodies)
    assert all(at().get(f"/answer/{t}/").status_code == 200 for t in tokens)
    assert survey.links.count() == 3
    assert "ana@" not in str([e.about for e in world.case.events.all()])


def test_a_reminder_goes_to_everybody_and_holds_no_link(world, at, mail_server):
    survey = opened(world)
    tokens = links(world, survey, 6)
    give(at(), tokens[0], 3)
    page = at(world.alice).get(f"{world.url}surveys/safety/")
    assert "because we do not know who has answered" in text_of(page)
    at(world.alice).post(f"{world.url}surveys/safety/remind/", {"reminded": "ana@example.org ben@example.org"})  # fmt: skip
    assert len(mail_server.outbox) == 2
    assert all("/answer/" not in m.body and "thank you" in m.body for m in mail_server.outbox)


def test_addresses_with_errors_are_kept_and_nothing_is_sent(world, at, mail_server):
    survey = opened(world)
    data = {"partner": partners(world)[0], "group": "staff", "addresses": "ana@example.org\nben at home"}
    page = at(world.alice).post(f"{world.url}surveys/safety/send/", data)
    assert page.status_code == 422
    assert "ben at home" in text_of(page)
    assert not mail_server.outbox
    assert not survey.links.exists()


def test_an_address_the_mail_server_refuses_is_named_and_its_link_is_gone(
    world, at, mail_server, monkeypatch
):
    from smtplib import SMTPRecipientsRefused

    send = mail_server.EmailMessage.send

    def refusing(message, *args, **more):
        if message.to == ["ben@example.org"]:
            raise SMTPRecipientsRefused({})
        return send(message, *args, **more)

    monkeypatch.setattr(mail_server.EmailMessage, "send", refusing)
    survey = opened(world)
    data = {"partner": partners(world)[0], "group": "staff", "addresses": "ana@example.org ben@example.org"}
    page = at(world.alice).post(f"{world.url}surveys/safety/send/", data)
    assert "ben@example.org" in text_of(page)
    assert "an address the mail server did not take" in text_of(page)
    assert survey.links.count() == len(mail_server.outbox) == 1


def test_a_mail_server_that_does_not_answer_is_asked_once_and_every_address_is_named(
    world, at, mail_server, monkeypatch
):
    tried = []

    def silent(message, *_, **__):
        tried.append(message.to)
        raise TimeoutError

    monkeypatch.setattr(mail_server.EmailMessage, "send", silent)
    survey = opened(world)
    data = {"partner": partners(world)[0], "group": "staff", "addresses": "ana@example.org ben@example.org"}
    page = text_of(at(world.alice).post(f"{world.url}surveys/safety/send/", data))
    assert page.count("an address the mail server did not take") == 2
    assert tried == [["ana@example.org"]]
    assert not survey.links.exists()


def test_a_wave_closed_after_the_day_of_the_case_says_that_a_study_passes_over_it(world, at):
    from interlocal.web.actions import answers

    survey = opened(world)
    answers.close_wave(survey=survey, by=world.alice)
    assert world.case.head.read.as_of < dt.datetime.now(tz=dt.UTC).date()
    assert "a study passes over the latest wave" in at(world.alice).get(f"{world.url}surveys/safety/").content.decode()  # fmt: skip


def test_the_guide_quotes_the_reminder_that_is_sent(world):
    from interlocal.web.forms.survey import message

    survey = opened(world)
    survey.until = dt.date(2026, 12, 24)
    guide = (Path(__file__).parents[2] / "docs/how-to/run-a-survey.md").read_text()
    quoted = [
        line.strip().removeprefix(">").strip() for line in guide.splitlines() if line.startswith("   >")
    ]
    _, text = message(survey, world.case.head.read, "en", "reminder")
    assert " ".join(" ".join(quoted).split()) == " ".join(text.split())


def test_every_language_says_everything():
    from interlocal.web.forms.survey import words

    def keys(table):
        return {k: keys(v) if isinstance(v, dict) else None for k, v in table.items()}

    found = words()
    assert set(found) == {"en", "es"}
    assert keys(found["en"]) == keys(found["es"])
    assert found["es"]["draft"]


@pytest.mark.parametrize(("language", "says"), [("en", "the first time counted"), ("es", "valió la primera")])
def test_who_presses_the_button_twice_reads_that_the_first_time_counted(place, at, language, says):
    from raters import fields

    token = links(place, opened(place), 1)[0]
    url = f"/answer/{token}/"
    sent = {**dict.fromkeys(fields(at().get(url)), "4"), "in": language}
    assert at().post(url, sent).status_code == 302
    again = at().post(url, sent)
    assert again.status_code == 404
    assert says in again.content.decode()
