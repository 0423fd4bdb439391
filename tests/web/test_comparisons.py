"""Two revisions or two options side by side on a page: who may, what is missing, and nothing kept told."""

import json

import pytest
from test_access import EDIT, EVERYONE, SEE, answers
from workbench import run_waiting

pytestmark = pytest.mark.heavy


@pytest.fixture
def juniper(world):
    from interlocal.web import examples
    from interlocal.web.actions import cases
    from interlocal.web.models import CaseMember

    case = examples.case("juniper-valley")
    record = cases.start_case(case=case, organisation=world.town, by=None, about="Started")
    CaseMember.objects.create(case=record, person=world.fay, role="facilitator")
    CaseMember.objects.create(case=record, organisation=world.partner, role="partner")
    return record


@pytest.fixture
def revised(world, juniper):
    """The case with a second revision, in which the proposal is another option."""
    from interlocal.comparison import proposing
    from interlocal.web.actions import cases

    case = juniper.head.read
    other = next(o.id for o in case.options if o.kind == "shared" and o.id != case.proposed_option.id)
    cases.save_case(record=juniper, case=proposing(case, other), base=1, by=None, about="Another proposal")
    juniper.refresh_from_db()
    return juniper


def ask(record, number=1, audience="partners", draws=200):
    from interlocal.web.actions import studies

    revision = record.revisions.get(number=number)
    return studies.ask_for_study(revision=revision, audience=audience, by=None, draws=draws)


def options_of(run):
    return [o.id for o in run.studied.options if o.kind != "do_nothing"]


def the_one():
    from interlocal.web.models import Comparison

    return Comparison.objects.get()


def text_of(answer):
    return answer.content.decode()


def test_who_looks_at_comparisons_and_who_asks_for_one(world, at, juniper):
    run = ask(juniper)
    run_waiting()
    url = f"/cases/{juniper.pk}/compare/"
    assert answers(world, at, "get", url) == SEE
    first, second = options_of(run)[:2]
    assert answers(world, at, "post", url, {"run": run.pk, "first": first, "second": second}) == EDIT
    everything = ask(juniper, audience="facilitator")
    run_waiting()
    found = answers(world, at, "post", url, {"run": everything.pk, "first": first, "second": second})
    assert found == EDIT | {"alice": 404, "bob": 404, "charlie": 404}
    asked = answers(world, at, "post", url, {"from": 1, "to": 1, "audience": "facilitator"})
    assert asked == EDIT | {"alice": 403, "bob": 403, "charlie": 403, "fay": 422}


def test_a_comparison_of_what_is_for_the_facilitator_exists_for_nobody_else(world, at, juniper):
    from interlocal.web.actions.comparisons import ask_for_comparison

    made = {}
    for audience in ("partners", "facilitator"):
        run = ask(juniper, audience=audience)
        run_waiting()
        first, second = options_of(run)[:2]
        made[audience] = ask_for_comparison(
            first=run, second=run, first_option=first, second_option=second, by=world.fay
        )
    assert answers(world, at, "get", f"/cases/{juniper.pk}/compare/{made['partners'].pk}/") == SEE
    only = {k: 200 if k == "fay" else 302 if k == "public" else 404 for k in EVERYONE}
    assert answers(world, at, "get", f"/cases/{juniper.pk}/compare/{made['facilitator'].pk}/") == only
    listed = {n: str(made["facilitator"].pk) in text_of(at(getattr(world, n)).get(f"/cases/{juniper.pk}/compare/")) for n in EVERYONE[:6]}  # fmt: skip
    assert listed == {n: n == "fay" for n in EVERYONE[:6]}


@pytest.mark.slow
def test_two_revisions_of_which_one_was_never_studied(world, at, revised):
    alice, url = at(world.alice), f"/cases/{revised.pk}/compare/"
    ask(revised)
    run_waiting()
    given = {"from": 1, "to": 2, "audience": "partners"}
    offered = text_of(alice.post(url, given))
    assert "Revision 2 has no study for partners" in offered
    assert "Revision 1 has no study" not in offered
    there = alice.post(url, given | {"do": "study"})
    assert "The study of revision 2 is under way" in text_of(alice.get(there.url))
    run_waiting()
    page = text_of(alice.get(there.url))
    assert "Revision 1 and revision 2" in page
    for heading in (
        "The three answers",
        "Who pays what",
        "Advice and its conditions",
        "Findings whose verdict differs",
    ):
        assert heading in page
    assert f"/cases/{revised.pk}/history/difference/?from=1&amp;to=2" in page
    assert alice.post(url, given).url == there.url, "the same two are compared once"
    found = json.loads(the_one().document)
    assert [s["label"] for s in found["sides"]] == ["Revision 1", "Revision 2"]
    assert found["sides"][0]["option"] != found["sides"][1]["option"]


@pytest.mark.slow
def test_two_options_of_one_study(world, at, juniper):
    alice = at(world.alice)
    run = ask(juniper)
    run_waiting()
    first, second = options_of(run)[:2]
    there = alice.post(f"/cases/{juniper.pk}/compare/", {"run": run.pk, "first": first, "second": second})
    run_waiting()
    page = text_of(alice.get(there.url))
    names = {o.id: o.name for o in run.studied.options}
    assert f"{names[second]} is" in page
    assert "What changed in the case" not in page
    waiting = alice.get(there.url, headers={"hx-request": "true"})
    assert waiting["HX-Redirect"] == there.url


@pytest.mark.slow
def test_the_comparison_for_partners_is_worked_out_without_what_a_partner_keeps(world, at, juniper):
    """Two revisions that differ by a kept cost alone do not differ for those who may not see it."""
    from interlocal.case.read import parse_case
    from interlocal.web.actions import cases

    for base, value in ((1, 100_000), (2, 300_000)):
        data = json.loads(json.dumps(juniper.head.data))
        data["spending"][0]["visibility"] = "facilitator"
        data["spending"][0]["amount"] = {"value": value}
        cases.save_case(
            record=juniper,
            case=parse_case(json.dumps(data).encode(), "x"),
            base=base,
            by=world.fay,
            about="x",
        )
        juniper.refresh_from_db()
    ask(juniper, 2)
    ask(juniper, 3)
    url = f"/cases/{juniper.pk}/compare/"
    there = at(world.alice).post(url, {"from": 2, "to": 3, "audience": "partners"})
    run_waiting()
    page, found = text_of(at(world.alice).get(there.url)), json.loads(the_one().document)
    assert "Nothing differs, as far as you may see." in page
    assert len({s["sha256"] for s in found["sides"]}) == 1
    assert {r["word"] for q in found["answers"].values() for r in q["partners"].values()} <= {
        "no difference",
        "not known",
    }
    assert found["findings"]["rows"] == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"from": 1, "to": 1}, "Choose two revisions that differ; found revision 1 and 1."),
        ({"from": 1, "to": 99}, "found revision 1 and 99"),
        ({"from": "²", "to": "x"}, "found revision 0 and 0"),
    ],
)
def test_a_choice_that_cannot_be_compared_says_why(world, at, given, says):
    answer = at(world.alice).post(f"{world.url}compare/", given)
    assert answer.status_code == 422
    assert says in text_of(answer)


def test_ids_that_are_none_lead_nowhere(world, at):
    alice = at(world.alice)
    assert alice.post(f"{world.url}compare/", {"run": "z" * 36}).status_code == 404
    assert alice.get(f"{world.url}compare/?run={'z' * 36}").status_code == 200
    assert alice.get(f"{world.url}compare/?run=00000000-0000-4000-8000-000000000000").status_code == 404


def test_a_run_that_ends_without_an_answer_ends_what_waits_for_it(world, at, revised):
    from interlocal.web.actions import studies

    alice, url = at(world.alice), f"/cases/{revised.pk}/compare/"
    there = alice.post(url, {"from": 1, "to": 2, "audience": "partners", "do": "study"})
    studies.cancel_study(run=revised.studies.get(revision__number=2), by=world.alice)
    page = text_of(alice.get(there.url))
    assert "The study of revision 2 was not finished: cancelled" in page
    again = alice.post(url, {"from": 1, "to": 2, "audience": "partners"})
    assert "Revision 2 has no study" in text_of(again)


def test_a_comparison_that_a_kill_cut_short_is_taken_up_again(world, juniper):
    import datetime as dt

    from django.utils import timezone

    from interlocal.web.actions import comparisons
    from interlocal.web.models import Comparison

    run = ask(juniper)
    run_waiting()
    first, second = options_of(run)[:2]
    made = comparisons.ask_for_comparison(
        first=run, second=run, first_option=first, second_option=second, by=world.alice
    )
    assert comparisons.resume_comparisons() == 0, "it was queued a moment ago"
    Comparison.objects.filter(pk=made.pk).update(queued_at=timezone.now() - dt.timedelta(minutes=10))
    assert comparisons.resume_comparisons() == 1


@pytest.mark.slow
def test_programs_compare_too(world, at, juniper):
    from interlocal.web.actions import tokens

    run, public = ask(juniper), ask(juniper, audience="public")
    run_waiting()
    first, second = options_of(run)[:2]
    secret = tokens.make_token(person=world.alice, name="x", scopes=["read", "study"])
    bearer = {"authorization": f"Bearer {secret}"}
    url = f"/api/v1/cases/{juniper.pk}/comparisons"

    def post(**body):
        return at().post(url, body, content_type="application/json", headers=bearer)

    assert post(first=str(run.pk), second=str(run.pk)).status_code == 409
    assert post(first=str(run.pk), second=str(public.pk)).status_code == 409
    assert post(first=str(run.pk), second=str(run.pk), first_option="none").status_code == 409
    assert post(first=str(run.pk), second=str(juniper.pk)).status_code == 404
    made = post(first=str(run.pk), second=str(run.pk), first_option=first, second_option=second)
    assert made.status_code == 202
    run_waiting()
    got = at().get(f"{url}/{made.json()['id']}", headers=bearer).json()
    assert (got["status"], got["document"]["sides"][0]["option"]) == ("done", first)
