"""Pulse surveys of a partnership that runs: from the first wave to a trend, in the agreement and nowhere else."""

import datetime as dt
import html

import pytest
from raters import asking, begun, day, give, hosting, links, opened, partners, waves

from interlocal.consensus.statements import statements

TODAY = dt.datetime.now(tz=dt.UTC).date()


@pytest.fixture
def place(world):
    return asking(hosting(world))


def text_of(page):
    return html.unescape(page.content.decode())


def held(place, tokens, levels):
    """Let people answer a wave with a level each, and close it."""
    from interlocal.web.actions import answers, surveys

    survey = place.case.surveys.get()
    surveys.open_wave(survey=survey, until=day(), by=place.alice)
    for token, level in zip(tokens, levels, strict=True):
        asked = {(s, ""): level for s in survey.statements}
        answers.submit(token=token, answers=asked)
    return answers.close_wave(survey=survey, by=place.alice)


def test_a_pulse_goes_from_its_beginning_to_a_trend_on_the_page_of_the_relationship(place, at):
    alice, public = at(place.alice), at()
    relationship = f"{place.url}relationship/"
    assert f'href="{place.url}surveys/">Begin a pulse survey' in text_of(alice.get(relationship))
    asked = [s.id for s in statements().values() if s.about == "pulse"]
    assert 4 <= len(asked) <= 6
    made = alice.post(f"{place.url}surveys/", {"kind": "pulse", "statements": asked, "smallest_group": "5"})
    assert made.url == place.survey
    assert "Open the first wave" in text_of(alice.get(relationship))
    alice.post(f"{place.survey}open/", {"until": day().isoformat()})
    page = alice.post(f"{place.survey}links/", {"partner": "elm", "group": "managers", "number": "7"})
    tokens = [w.split("/answer/")[1].split("/")[0] for w in page.content.decode().split() if "/answer/" in w]
    before = place.case.head.data
    for n, token in enumerate(tokens):
        assert give(public, token, 4 + n % 2).status_code == 302
    place.case.refresh_from_db()
    assert place.case.latest == 1
    assert "takes answers until" in text_of(at(place.vic).get(relationship))
    assert "no pulse survey was closed" in text_of(alice.get(relationship))
    assert "The wave is closed. Revision 2 of the agreement" in text_of(
        alice.post(f"{place.survey}close/", follow=True)
    )
    place.case.refresh_from_db()
    after = place.case.head.data
    assert {k: v for k, v in after.items() if k != "life"} == {k: v for k, v in before.items() if k != "life"}
    assert {k: v for k, v in after["life"].items() if k != "pulses"} == before["life"]
    (wave,) = waves(place)
    assert (wave.id, wave.kind, wave.closed_on, wave.smallest_group) == ("pulse_1", "pulse", TODAY, 5)
    assert {c.counts for c in wave.cells} == {(0, 0, 0, 4, 3)}
    assert {c.group for c in wave.cells} == {"managers"}
    first = text_of(at(place.charlie).get(relationship))
    assert "4.4" in first
    assert "We do not know the trend" in first
    assert "Open the next wave" in text_of(alice.get(relationship))
    alice.post(f"{place.survey}open/", {"until": day().isoformat()})
    for n, token in enumerate(tokens):
        assert give(public, token, 2 + n % 2).status_code == 302
    alice.post(f"{place.survey}close/")
    second = text_of(at(place.charlie).get(relationship))
    assert "fell by 2.0; the same people were asked" in second
    assert "The pulse fell by 2.0 levels since the wave before (the same people)." in second
    assert "The last pulse stands at 2.4 of 5." in second
    assert all(statements()[s].text in second for s in asked)
    alice.post(f"{place.survey}end/", {"sure": "on"})
    assert "This survey has ended" in text_of(alice.get(place.survey))
    assert "fell by 2.0" in text_of(alice.get(relationship))


def test_what_closing_saves_is_read_back_by_download_by_programs_and_in_the_history(place, at):
    begun(place)
    held(place, links(place, place.case.surveys.get(), 6), [2, 3, 4, 4, 5, 2])
    found = at(place.vic).get(f"{place.url}download/").json()
    assert [w["id"] for w in found["life"]["pulses"]] == ["pulse_1"]
    history = text_of(at(place.vic).get(f"{place.url}history/"))
    assert "Survey closed: pulse of the partnership, wave 1" in history


def test_who_lacks_a_pulse_is_led_to_hold_one(place, at):
    lacking = "A pulse survey of the people who work together"
    for name, leads in (("alice", f"{place.url}surveys/"), ("bob", f"{place.url}edit/life/pulses/")):
        page = text_of(at(getattr(place, name)).get(f"{place.url}renewal/"))
        assert f'<a href="{leads}">{lacking}' in page
    assert f"<li>{lacking}" in text_of(at(place.vic).get(f"{place.url}renewal/"))
    typed = text_of(at(place.bob).get(f"{place.url}edit/life/pulses/"))
    assert f'<a href="{place.url}surveys/">surveys held here</a>' in typed


def test_an_agreement_takes_a_pulse_and_nothing_else(place, at):
    page = text_of(at(place.alice).get(f"{place.url}surveys/"))
    assert "Pulse of the partnership" in page
    assert "Trust between partners" not in page
    sent = {"kind": "trust", "statements": "trust_openness_cost", "smallest_group": "5"}
    wrong = at(place.alice).post(f"{place.url}surveys/", sent)
    assert wrong.status_code == 422
    assert "found trust; expected pulse" in text_of(wrong)
    assert not place.case.surveys.exists()


def test_a_case_takes_a_pulse_once_it_is_in_operation(world, at):
    from interlocal.web.actions import cases

    sent = {"kind": "pulse", "statements": "pulse_bills", "smallest_group": "5"}
    assert "Pulse" not in text_of(at(world.alice).get(f"{world.url}surveys/"))
    assert at(world.alice).post(f"{world.url}surveys/", sent).status_code == 422
    run = world.case.head.read.model_copy(update={"gate": "run", "as_of": TODAY})
    cases.save_case(record=world.case, case=run, base=1, by=world.alice, about="It runs")
    assert "Pulse of the partnership" in text_of(at(world.alice).get(f"{world.url}surveys/"))
    assert at(world.alice).post(f"{world.url}surveys/", sent).status_code == 302
    world.case.refresh_from_db()
    held(world, links(world, world.case.surveys.get(), 6), [2, 3, 4, 4, 5, 2])
    assert [w.kind for w in waves(world)] == ["pulse"]


def test_people_of_members_are_asked_also_before_it_starts_and_not_of_those_that_left(world, at):
    from running import document, put

    parties = document().model_dump(mode="json")["parties"]
    left = str(TODAY - dt.timedelta(days=30))
    gone = [p | {"until": left} if p["organisation"] == "cedar" else p for p in parties]
    place = asking(hosting(world, parties=gone))
    assert "cedar" not in partners(place)
    begun(place)
    page = at(place.alice).post(
        f"{place.survey}links/", {"partner": "cedar", "group": "staff", "number": "3"}
    )
    assert page.status_code == 422
    assert "found cedar; expected a partner of this agreement" in text_of(page)
    ahead = put(world, starts=str(TODAY + dt.timedelta(days=30)), ends=None, years=[])
    place.case = ahead
    assert len(partners(place)) == 7


def test_panels_are_numbered_above_those_that_others_put_on_record(world, at):
    def typed(on, panel):
        cell = {"statement": "pulse_bills", "panel": panel, "invited": 30, "counts": [0, 0, 2, 10, 8]}
        return {"id": f"pulse_{panel}", "kind": "pulse", "closed_on": on, "cells": [cell]}

    place = asking(hosting(world, life={"pulses": [typed("2026-01-31", 1), typed("2026-03-31", 4)]}))
    survey = begun(place)
    tokens = links(place, survey, 6)
    held(place, tokens, [1, 2, 3, 3, 2, 1])
    held(place, tokens, [2, 2, 3, 3, 2, 1])
    found = waves(place)
    assert [w.id for w in found] == ["pulse_1", "pulse_4", "pulse_2", "pulse_3"]
    assert [{c.panel for c in w.cells} for w in found] == [{1}, {4}, {5}, {5}]


def test_a_partner_that_left_is_named_no_more_in_the_case_of_a_renewal(world):
    from interlocal.case.check import check
    from interlocal.partnership.renewal import as_case

    place = asking(hosting(world))
    begun(place)
    held(place, links(place, place.case.surveys.get(), 6, "cedar"), [2, 3, 4, 4, 5, 2])
    place.case.refresh_from_db()
    register = place.case.head.partnership.register(TODAY)
    (agreement,) = register.agreements
    (wave,) = as_case(register, agreement).surveys
    assert {c.partner for c in wave.cells} == {"cedar"}
    without = tuple(
        p.model_copy(update={"until": TODAY - dt.timedelta(days=1)}) if p.organisation == "cedar" else p
        for p in agreement.parties
    )
    later = as_case(register, agreement.model_copy(update={"parties": without}))
    (wave,) = later.surveys
    assert {c.partner for c in wave.cells} == {None}
    assert {sum(c.counts) for c in wave.cells} == {6}
    assert not [f for f in check(later) if f[0][:1] == ("surveys",)]


def test_a_rater_reads_in_both_languages_what_is_asked_by_whom_about_what(place, at):
    survey = opened(place, statements=("pulse_again",))
    (token,) = links(place, survey, 1, "elm")
    english = text_of(at().get(f"/answer/{token}/?lang=en"))
    assert f"Alder asks for your view on: {place.case.title}." in english
    assert "You answer for: Elm" in english
    assert statements()["pulse_again"].text in english
    spanish = text_of(at().get(f"/answer/{token}/?lang=es"))
    assert statements("es")["pulse_again"].text in spanish
    assert statements("es")["pulse_again"].levels[4] in spanish
    assert "Borrador" in spanish


def test_deleting_an_agreement_deletes_its_answers_and_links(place):
    from interlocal.web.actions import cases
    from interlocal.web.models import SurveyLink
    from interlocal.web.models.surveys import SurveyAnswer

    begun(place)
    held(place, links(place, place.case.surveys.get(), 6), [2, 3, 4, 4, 5, 2])
    assert SurveyAnswer.objects.exists()
    cases.delete_case(record=place.case, by=place.alice)
    assert not SurveyAnswer.objects.exists()
    assert not SurveyLink.objects.exists()
