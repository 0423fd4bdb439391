"""Renewal in the browser: by when, what is still open, and the case to study again with recorded figures."""

import pytest
from agreements import codes, everyone, hosted


@pytest.fixture
def record(world):
    return hosted(world)


def page(client, record, status=200, **sent):
    url = f"/agreements/{record.pk}/renewal/"
    response = client.post(url, sent) if sent else client.get(url)
    assert response.status_code == status
    return response.content.decode()


def test_it_names_the_days_and_what_a_study_would_lack(world, at, record):
    from interlocal.partnership.renewal import lacking

    agreement = record.head.partnership
    shown = page(at(world.alice), record)
    assert str(agreement.ends) in shown
    assert "Last day to give notice" in shown
    assert all(x.who in shown for x in lacking(agreement))


def test_all_in_the_agreement_see_it_and_only_those_who_edit_start_the_case(world, at, record):
    url = f"/agreements/{record.pk}/renewal/"
    assert codes(world, at, url) == everyone(200)
    sent = codes(world, at, url, "post", {"study": ""})
    assert sent == everyone(302, rita=403, vic=403, charlie=403, fay=403), "Fay starts cases nowhere"


def test_an_agreement_without_a_study_becomes_a_case_with_its_recorded_cost_and_its_partners(world, at, record):  # fmt: skip
    from interlocal.partnership.renewal import as_case
    from interlocal.web import running
    from interlocal.web.models import CaseRecord

    page(at(world.alice), record, 302, study="", organisation=world.town.pk)
    made = CaseRecord.objects.exclude(pk=world.case.pk).get()
    o = running.overview(record, "facilitator")
    assert made.head.read.sha256 == as_case(o.register, o.agreement).sha256
    assert at(world.charlie).get(f"/cases/{made.pk}/").status_code == 200
    assert at(world.sam).get(f"/cases/{made.pk}/").status_code == 404


@pytest.mark.slow
def test_the_study_with_recorded_figures_runs_at_once_and_opens(world, at, record):
    from workbench import run_waiting

    from interlocal.partnership.renewal import as_case
    from interlocal.web import running
    from interlocal.web.models import StudyRun

    page(at(world.alice), record, 302, study="", organisation=world.town.pk, then="study")
    (run,) = StudyRun.objects.all()
    run_waiting()
    run.refresh_from_db()
    assert run.status == "done"
    o = running.overview(record, "facilitator")
    assert run.studied.sha256 == as_case(o.register, o.agreement).sha256
    assert run.answers["central"]["options"]["agreement"]
    shown = at(world.charlie).get(f"/cases/{run.case.pk}/studies/{run.pk}/", follow=True)
    assert shown.status_code == 200
    assert record.title in shown.content.decode()


def test_a_case_of_others_is_no_choice_and_says_no_more_than_that(world, at, record):
    from interlocal.web.models import CaseRecord

    shown = page(at(world.alice), record, 422, study=str(world.case.pk))
    assert "a case of the list" in shown
    assert CaseRecord.objects.count() == 1


def test_the_study_that_led_to_it_is_run_again_from_the_next_year_on(world, at):
    from interlocal.web import beginnings, examples
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseRecord

    led = cases.start_case(case=examples.case("juniper-valley"), organisation=world.town, by=world.alice, about="x")  # fmt: skip
    names = "\n".join(p.name for p in led.head.read.partners)
    entry = {"title": "Joint department", "parties": names, "starts": "2024-01-01"}
    begun = beginnings.from_nothing(entry)
    ids = {o.id: p.id for o, p in zip(begun.organisations, led.head.read.partners, strict=True)}
    same = begun.model_copy(
        update={
            "organisations": tuple(o.model_copy(update={"id": ids[o.id]}) for o in begun.organisations),
            "parties": tuple(p.model_copy(update={"organisation": ids[p.organisation]}) for p in begun.parties),
        }
    )  # fmt: skip
    (record,) = cases.start_agreements(agreements=[same], organisation=world.town, by=None, about="x")
    assert led.title in page(at(world.alice), record)
    page(at(world.alice), record, 302, study=str(led.pk))
    made = CaseRecord.objects.exclude(pk__in=(led.pk, world.case.pk)).get().head.read
    horizon = made.assumptions.horizon
    old = led.head.read.assumptions.horizon
    assert (horizon.first, horizon.last - horizon.first) == (made_year(record) + 1, old.last - old.first)
    assert made.gate == "run"


def made_year(record):
    from interlocal.partnership.fiscal import year_of
    from interlocal.web import running

    return year_of(record.head.partnership, running.today())
