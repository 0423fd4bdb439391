"""A study in the background: the same bytes as the command line, its screens, cancelling, and what a kill leaves behind."""

import datetime as dt
import json

import pytest
from workbench import run_waiting

pytestmark = pytest.mark.heavy


@pytest.fixture
def juniper(world):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    return cases.start_case(case=examples.case("juniper-valley"), organisation=world.town, by=None, about="x")


def ask(record, by, audience="partners", draws=200):
    from interlocal.web.actions import studies

    return studies.ask_for_study(revision=record.head, audience=audience, by=by, draws=draws)


@pytest.mark.parametrize("audience", ["facilitator", "partners", "public"])
@pytest.mark.slow
def test_the_study_has_the_bytes_of_the_command_line(world, at, juniper, audience):
    from interlocal.study import study

    run = ask(juniper, world.alice, audience)
    run_waiting()
    given = at(world.alice if audience != "facilitator" else world.fay).get(
        f"/cases/{juniper.pk}/studies/{run.pk}/study.json"
    )
    if audience == "facilitator":
        assert given.status_code == 404  # Fay is no stranger to facilitation, but she is to this case
        run.refresh_from_db()
        given.content = run.document.encode()
    expected = study(juniper.head.read, draws=200, seed=1, audience=audience).to_json()
    assert given.content.decode() == expected


@pytest.mark.slow
def test_every_screen_shows_the_answers_and_its_links_lead_somewhere(world, at, juniper):
    import re

    from interlocal.web.results import CLOSER, GLANCE, SCREENS

    run = ask(juniper, world.alice)
    run_waiting()
    run.refresh_from_db()
    assert run.status == "done", run.problem
    assert run.views.pop(GLANCE)
    closer = run.views.pop(CLOSER)
    assert set(run.views) == set(SCREENS)
    run.views["money"] += "".join(closer["depth"].values())
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in run.views.items()}
    alice = at(world.alice)
    for name, text in run.views.items():
        page = alice.get(f"/cases/{juniper.pk}/studies/{run.pk}/{name}/").content.decode()
        assert text in page or name == "money"
        assert "<script" not in text
        assert " style=" not in text
        for there, anchor in re.findall(r'href="(?:\.\./(\w+)/)?#([^"]+)"', text):
            assert anchor in ids[there or name], (name, there, anchor)
        for path in set(re.findall(rf'href="(/cases/{juniper.pk}/edit/[^"]+)"', text)):
            assert alice.get(path).status_code == 200, path


def test_what_is_due_at_the_gate_of_the_case_comes_first():
    from typing import get_args

    from interlocal.case.document import Gate
    from interlocal.web.results import SCREENS, by_gate

    at = {gate: by_gate(gate) for gate in get_args(Gate)}
    for now, later in at.values():
        assert now | later == SCREENS
        assert not now.keys() & later.keys()
        assert next(iter(now)) == "overview"
    assert list(at["explore"][0]) == ["overview", "plan", "premortem", "lessons", "sources"]
    assert list(at["negotiate"][1]) == ["shares", "governance"]
    assert at["adopt"][1] == {}


@pytest.mark.slow
def test_the_cases_own_page_and_the_overview_say_what_a_council_member_asks_first(world, at, juniper):
    run = ask(juniper, world.alice)
    run_waiting()
    run.refresh_from_db()
    alice, document = at(world.alice), json.loads(run.document)
    case = alice.get(f"/cases/{juniper.pk}/").content.decode()
    overview = alice.get(f"/cases/{juniper.pk}/studies/{run.pk}/overview/").content.decode()
    advice = f"Advice at the gate “{document['advice']['gate']}”: {document['advice']['verdict']}."
    parts = ["Who gains, and how much", "Per household a year", "Saving a year for each household", "Due now, the worst first", "What to do or collect next", advice, "What would change it"]  # fmt: skip
    for page in (case, overview):
        assert page.count('<section class="tile"') == 3
        assert '<p class="headline">' in page
        assert sorted(parts, key=page.index) == parts
    assert 'href="../' not in case
    assert f'href="/cases/{juniper.pk}/studies/{run.pk}/lessons/#lessons"' in case
    first = overview[overview.index('<ol class="steps">') :]
    assert first[: first.index("</ol>")].count("<li>") == min(5, len(document["collect_next"]))


@pytest.mark.slow
def test_the_cases_own_page_tells_nothing_that_the_public_may_not_read(world, at, juniper):
    """A page that lies open at a meeting: no finding, reason or condition that rests on what partners keep among them."""
    from html import unescape

    run = ask(juniper, world.alice)
    run_waiting()
    run.refresh_from_db()
    page = unescape(at(world.alice).get(f"/cases/{juniper.pk}/").content.decode())
    document = json.loads(run.document)
    kept = [f for f in document["lessons"] if f["audience"] != "public"]
    said = [e["text"] for f in kept for e in f["because"]]
    said += [r["because"] for r in document["advice"]["rules"] if r["audience"] != "public"]
    said += [c["text"] for c in document["advice"]["conditions"] if c["audience"] != "public"]
    public = {r["because"] for r in document["advice"]["rules"] if r["audience"] == "public"}
    assert len(said) > 30
    assert [text for text in said if text in page and text not in public] == []
    assert "more due, resting on what only the partners may read" in page
    assert " no more " not in page


@pytest.mark.slow
def test_each_answer_leads_to_the_pages_it_rests_on_and_each_page_to_the_answers_it_feeds(world, at, juniper):
    from interlocal.web.bearings import fed_by, read_by
    from interlocal.web.guide import PATH, page_of
    from interlocal.web.results import SCREENS

    run = ask(juniper, world.alice)
    run_waiting()
    run.refresh_from_db()
    document, alice = json.loads(run.document), at(world.alice)
    money = document["questions"]["money"]["options"].values()
    cited = {
        "lessons": [e["pointer"] for f in document["lessons"] for e in f["because"]],
        "premortem": [e["pointer"] for s in document["premortem"] for e in s["signs"]],
        "money": [
            x["pointer"] or "" for o in money for x in [*o.get("drivers", ()), *o.get("break_even", ())]
        ],
    }
    for screen, pointers in cited.items():
        assert {page_of(p.strip("/")) for p in pointers} - {None} <= set(read_by(screen)), screen
    for screen in SCREENS:
        text = alice.get(f"/cases/{juniper.pk}/studies/{run.pk}/{screen}/").content.decode()
        rests = text[text.index('id="rests-h"') :]
        for page in read_by(screen):
            assert f'href="/cases/{juniper.pk}/edit/{page.path}/"' in rests
    for page in (p for step in PATH for p in step.pages):
        assert set(fed_by(page)) > {"overview"} or page.path == "about", page
        text = alice.get(f"/cases/{juniper.pk}/edit/{page.path}/").content.decode()
        for screen in fed_by(page):
            assert f'href="/cases/{juniper.pk}/studies/{run.pk}/{screen}/"' in text
    unstudied = alice.get(f"{world.url}edit/spending/").content.decode()
    assert f'in <a href="{world.url}studies/">the study</a>' in unstudied
    sources = run.views["sources"]
    assert f'<a href="/cases/{juniper.pk}/edit/service/"><code>/service/traits</code></a>' in sources


@pytest.mark.slow
def test_money_is_seen_from_close_by_for_any_option_partner_and_view(world, at, juniper):
    import itertools
    import re
    from html import unescape

    from interlocal.report import words

    run = ask(juniper, world.alice)
    run_waiting()
    run.refresh_from_db()
    money, alice = json.loads(run.document)["questions"]["money"], at(world.alice)
    url = f"/cases/{juniper.pk}/studies/{run.pk}/money/"
    known = {o: a for o, a in money["options"].items() if a["pool"]}
    assert len(known) > 1
    for option, view in itertools.product(known, ("pool", "inside", "outside")):
        partner = next(iter(known[option]["pool"]["partners"]))
        page = alice.get(url, {"option": option, "partner": partner, "view": view}).content.decode()
        found = known[option][view]
        says = unescape(re.search(r'<p class="usa-intro intro">(.*?)</p>', page)[1])
        assert says.startswith(known[option]["name"])
        if found is None:
            assert "we do not know" in says
        else:
            assert words.money(found["partners"][partner]["npv"]["p50"], money["currency"]) in says
        assert 'aria-labelledby="closer-fan-title' in page
        assert page.count('aria-labelledby="fan-title') == 1
        assert f"/questions/money/options/{option}/break_even" in page
    first, asked_oddly = (alice.get(url, asked).content.decode().partition("<main")[2] for asked in ({}, {"option": "none", "partner": "x", "view": "<b>"}))  # fmt: skip
    assert asked_oddly == first
    assert "alone: 0" in first


def test_a_page_says_which_answers_are_not_due_yet(world, at):
    run = ask(world.case, world.alice)
    run_waiting()
    page = at(world.alice).get(f"{world.url}studies/{run.pk}/overview/").content.decode()
    tabs = page[page.index('aria-label="Answers"') :].partition("</nav>")[0]
    now, says, later = tabs.partition("Not due yet at the gate “explore”:")
    assert "/lessons/" in now
    assert says
    assert "/governance/" in later
    people = at(world.alice).get(f"{world.url}studies/{run.pk}/people/").content.decode()
    assert "Nothing that people answered can be shown yet" in people
    assert f'href="{world.url}surveys/"' in people.partition("<main")[2]


def test_a_case_without_a_study_offers_one_to_those_who_edit(world, at):
    from interlocal.web.models import StudyRun

    offer = "Study it now, for the partners"
    assert offer not in at(world.vic).get(world.url).content.decode()
    assert offer in at(world.bob).get(world.url).content.decode()
    at(world.bob).post(f"{world.url}studies/", {"would_change": "on"})
    run = StudyRun.objects.get(case=world.case)
    assert (run.audience, run.draws, run.would_change) == ("partners", 10_000, True)
    assert offer not in at(world.bob).get(world.url).content.decode()


def test_a_study_that_waits_is_cancelled_at_once_and_never_runs(world, at, juniper):
    run = ask(juniper, world.alice)
    at(world.alice).post(f"/cases/{juniper.pk}/studies/{run.pk}/cancel/")
    run_waiting()
    run.refresh_from_db()
    assert (run.status, run.document) == ("cancelled", "")


def test_a_study_that_runs_stops_between_blocks(world, juniper, monkeypatch):
    from interlocal.web import heartbeat
    from interlocal.web.actions import runs

    run = ask(juniper, world.alice, draws=10_000)
    monkeypatch.setattr(heartbeat, "EVERY", 0)
    seen = []

    def stop(*, run, done, all_):
        seen.append((done, all_))
        return done >= 2

    monkeypatch.setattr(runs, "is_alive", stop)
    run_waiting()
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert len(seen) == 2
    assert seen[-1][1] > 2


def test_what_a_kill_left_behind_begins_again_and_not_for_ever(world, juniper):
    from django.utils import timezone

    from interlocal.web.actions import runs, studies
    from interlocal.web.models import StudyRun

    run = ask(juniper, world.alice)
    for start in (1, 2, 3):
        assert runs.claim(model=StudyRun, run=str(run.pk)).starts == start
        assert runs.claim(model=StudyRun, run=str(run.pk)) is None
        assert studies.resume_cut_short() == 0
        StudyRun.objects.filter(pk=run.pk).update(seen_at=timezone.now() - dt.timedelta(minutes=5))
        assert studies.resume_cut_short() == (1 if start < 3 else 0)
    run.refresh_from_db()
    assert run.status == "failed"
    assert "cut short three times" in run.problem


def test_a_worker_that_starts_takes_up_what_runs_what_waits_and_the_packets(world, juniper, monkeypatch):
    from interlocal.web import tasks
    from interlocal.web.actions import runs, studies
    from interlocal.web.models import Packet, StudyRun

    running, waiting, done = (ask(juniper, world.alice) for _ in range(3))
    runs.claim(model=StudyRun, run=str(running.pk))
    StudyRun.objects.filter(pk=done.pk).update(status="done")
    Packet.objects.create(run=done)
    Packet.objects.create(run=running, asked_at=running.asked_at - dt.timedelta(hours=2))
    queued = []
    task = type(tasks.run_study)
    monkeypatch.setattr(task, "enqueue", lambda _, pk: queued.append(str(pk)))
    monkeypatch.setattr(studies.runs.transaction, "on_commit", lambda do: do())
    assert studies.resume_cut_short(at_start=True) == 2
    assert queued == [str(running.pk), str(waiting.pk)]
    queued.clear()
    assert studies.resume_packets() == 1
    assert queued == [str(Packet.objects.get(run=done).pk)]


def test_a_case_that_cannot_be_studied_says_why(world, at, juniper, monkeypatch):
    from interlocal import study
    from interlocal.problems import InputError, Problem

    def refuse(*_, **__):
        raise InputError(Problem("/x", "the case", "a thing", "another thing", "Mend it."))

    monkeypatch.setattr(study, "study", refuse)
    run = ask(juniper, world.alice)
    run_waiting()
    assert (
        "expected another thing"
        in at(world.alice).get(f"/cases/{juniper.pk}/studies/{run.pk}/").content.decode()
    )


def test_any_revision_is_studied_and_the_cases_own_page_stays_with_the_latest(world, at, save):
    save(at(world.alice), f"{world.url}edit/about/", fields={"title": "Said later"})
    ask(world.case.__class__.objects.get(pk=world.case.pk), world.alice)
    alice = at(world.alice)
    assert f'href="{world.url}studies/?revision=1"' in alice.get(f"{world.url}history/").content.decode()
    form = alice.get(f"{world.url}studies/?revision=1").content.decode()
    assert 'name="revision" type="number" min="1" max="2" value="1"' in form
    alice.post(f"{world.url}studies/", {"audience": "partners", "draws": "2000", "revision": "1"})
    run_waiting()
    newest, before = world.case.studies.all()
    assert (newest.revision.number, before.revision.number) == (1, 2)
    assert newest.status == "done", newest.problem
    page = alice.get(world.url).content.decode()
    assert "From the study of revision 2." in page
    assert f"studies/{before.pk}/overview/" in page
    assert f"studies/{newest.pk}/overview/" not in page
    old = alice.get(f"{world.url}studies/{newest.pk}/packet/").content.decode()
    assert "from this study of revision 1, for partners" in old


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "9" * 5000, ""])
def test_a_revision_that_is_none_is_not_studied(world, at, number):
    sent = {"audience": "partners", "revision": number}
    said = at(world.alice).post(f"{world.url}studies/", sent, follow=True)
    assert "There is no revision" in said.content.decode()
    assert at(world.alice).get(f"{world.url}studies/", {"revision": number}).status_code == 200
    assert not world.case.studies.exists()


def test_a_program_studies_any_revision(world, at, save):
    from interlocal.web.actions.tokens import make_token

    save(at(world.alice), f"{world.url}edit/about/", fields={"title": "Said later"})
    headers = {"authorization": f"Bearer {make_token(person=world.alice, name='x', scopes=['study'])}"}
    url = f"/api/v1{world.url}studies"
    for sent, status in (({"revision": 1}, 202), ({}, 202), ({"revision": 3}, 404)):
        answer = at().post(url, sent, content_type="application/json", headers=headers)
        assert answer.status_code == status
    assert [r.revision.number for r in world.case.studies.order_by("asked_at")] == [1, 2]
