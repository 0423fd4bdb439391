"""Who reaches what of a survey. The people of every test: see conftest."""

import pytest
from raters import begun, give, links, opened
from test_access import EVERYONE, MANAGE, MANAGED, SEE, answers


def test_who_reads_about_surveys(place, at):
    begun(place)
    for url in (f"{place.url}surveys/", place.survey):
        assert answers(place, at, "get", url) == SEE


def test_a_survey_that_is_not_there_and_one_of_a_strangers_case_look_alike(place, at):
    assert answers(place, at, "get", f"{place.url}surveys/trust/") == dict.fromkeys(EVERYONE, 404) | {"public": 302}  # fmt: skip


def test_who_begins_a_survey(place, at):
    from interlocal.web.actions.surveys import statements_of

    data = {"kind": place.kind, "statements": statements_of(place.kind)[:1], "smallest_group": "5"}
    assert answers(place, at, "post", f"{place.url}surveys/", data) == MANAGED


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("open", {"until": "2026-12-24"}),
        ("smallest-group", {"smallest_group": "9"}),
        ("close", {}),
    ],
)
def test_who_runs_a_survey(place, at, form, data, monkeypatch):
    import datetime as dt

    from django.utils import timezone

    opened(place)
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    assert answers(place, at, "post", f"{place.survey}{form}/", data) == MANAGED


@pytest.mark.parametrize("form", ["links", "send", "remind", "end"])
def test_who_may_not_run_a_survey_is_turned_away_before_anything_is_read(place, at, form):
    opened(place)
    turned_away = {k: 422 if v == 200 else v for k, v in MANAGE.items()}
    assert answers(place, at, "post", f"{place.survey}{form}/") == turned_away


@pytest.mark.parametrize("form", ["open", "smallest-group", "links", "send", "remind", "close", "end"])
def test_looking_changes_nothing(place, at, form):
    opened(place)
    assert at(place.alice).get(f"{place.survey}{form}/").status_code == 405


def test_how_far_a_wave_is_is_told_to_those_who_run_it(place, at):
    survey = opened(place)
    for n, token in enumerate(links(place, survey, 8)):
        if n < 3:
            give(at(), token, 3)
    pages = {n: at(getattr(place, n)).get(f"{place.survey}").content.decode() for n in EVERYONE[:6]}  # fmt: skip
    assert {n for n, text in pages.items() if "3 of 8" in text} == {"alice", "fay"}
    assert not any("/answer/" in text for text in pages.values())


def test_a_link_opens_its_survey_to_whoever_holds_it_and_nothing_else(place, at):
    survey = opened(place)
    (token,) = links(place, survey, 1)
    assert answers(place, at, "get", f"/answer/{token}/") == dict.fromkeys(EVERYONE, 200)
    page = at().get(f"/answer/{token}/").content.decode()
    assert str(place.case.pk) not in page
    assert answers(place, at, "get", "/answer/thanks/") == dict.fromkeys(EVERYONE, 200)
    assert answers(place, at, "get", "/answer/unknown/") == dict.fromkeys(EVERYONE, 404)


def test_a_survey_of_another_case_is_not_reached_through_ones_own(world, at):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    begun(world)
    other = cases.start_case(case=examples.case("starter"), organisation=world.partner, by=None, about="x")
    assert at(world.charlie).get(f"/cases/{other.pk}/surveys/safety/").status_code == 404
    assert at(world.charlie).get(f"/cases/{other.pk}/surveys/").status_code == 200
