"""Every view and route: what each person gets. A stranger is told that there is nothing, never that there is something."""

import re

import pytest

EVERYONE = ("alice", "bob", "rita", "vic", "charlie", "fay", "sam", "public")
SEE = {
    "alice": 200,
    "bob": 200,
    "rita": 200,
    "vic": 200,
    "charlie": 200,
    "fay": 200,
    "sam": 404,
    "public": 302,
}
MANAGE = SEE | {"bob": 403, "rita": 403, "vic": 403, "charlie": 403}
EDIT = {
    "alice": 302,
    "bob": 302,
    "rita": 403,
    "vic": 403,
    "charlie": 302,
    "fay": 302,
    "sam": 404,
    "public": 302,
}
MANAGED = EDIT | {"bob": 403, "charlie": 403}
MEMBER = {
    "alice": 200,
    "bob": 200,
    "rita": 200,
    "vic": 200,
    "charlie": 404,
    "fay": 404,
    "sam": 404,
    "public": 302,
}
OWNER = {
    "alice": 200,
    "bob": 403,
    "rita": 403,
    "vic": 403,
    "charlie": 404,
    "fay": 404,
    "sam": 404,
    "public": 302,
}
SIGNED_IN = dict.fromkeys(EVERYONE, 200) | {"public": 302}
PUBLIC = dict.fromkeys(EVERYONE, 200)


def answers(world, at, method, url, data=None):
    from django.db import transaction

    found = {}
    for name in EVERYONE:
        with transaction.atomic():
            found[name] = getattr(at(getattr(world, name, None)), method)(url, data or {}).status_code
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", SEE),
        ("download/", SEE),
        ("people/", SEE),
        ("edit/about/", SEE),
        ("edit/options/0/lines/", SEE),
        ("history/", SEE),
        ("history/difference/", SEE),
        ("studies/", SEE),
        ("shares/", SEE),
        ("compare/", SEE),
        ("audit/", MANAGE),
    ],
)
def test_who_reads_what_of_a_case(world, at, url, expected):
    assert answers(world, at, "get", world.url + url) == expected


@pytest.mark.parametrize(
    ("url", "data", "expected"),
    [
        (
            "edit/about/",
            {"title": "New", "as_of": "2026-01-01", "currency": "USD", "base": "1", "do": "save"},
            EDIT,
        ),
        ("history/1/restore/", {}, EDIT),
        ("studies/", {"audience": "partners"}, EDIT),
        (
            "people/invite/",
            {"role": "consultant"},
            {k: 200 if v == 302 and k != "public" else v for k, v in MANAGED.items()},
        ),
        ("delete/", {"title": "not it"}, MANAGED),
    ],
)
def test_who_changes_what_of_a_case(world, at, url, data, expected):
    assert answers(world, at, "post", world.url + url, data) == expected


def test_who_removes_a_member_of_a_case(world, at):
    member = world.case.members.get(role="partner")
    assert answers(world, at, "post", f"{world.url}people/{member.pk}/remove/") == MANAGED


def test_who_reads_and_changes_an_organisation(world, at):
    url = f"/organisations/{world.town.pk}/"
    assert answers(world, at, "get", url) == MEMBER
    assert answers(world, at, "post", f"{url}invite/", {"role": "viewer"}) == OWNER
    moved = {k: 302 if v == 200 else v for k, v in OWNER.items()}
    assert answers(world, at, "post", f"{url}rename/", {"name": "Elder"}) == moved
    bob = world.bob.memberships.get()
    assert answers(world, at, "post", f"{url}members/{bob.pk}/", {"role": "viewer"}) == moved


@pytest.mark.parametrize("url", ["/cases/", "/cases/new/", "/organisations/", "/tokens/"])
def test_who_has_an_account_reads_their_own(world, at, url):
    assert answers(world, at, "get", url) == SIGNED_IN


@pytest.mark.parametrize("url", ["/health/", "/accessibility/"])
def test_what_everybody_reads(world, at, url):
    assert answers(world, at, "get", url) == PUBLIC


def test_only_a_monitor_on_this_machine_reads_how_much_there_is_to_do(world, at):
    local = at().get("/metrics/")
    assert "interlocal_cases 1" in local.content.decode()
    assert world.case.title not in local.content.decode()
    assert at().get("/metrics/", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert at().get("/metrics/", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 404


def test_lists_name_only_ones_own_cases(world, at):
    sees = {
        n: world.case.title in at(getattr(world, n)).get("/cases/").content.decode() for n in EVERYONE[:-1]
    }
    assert sees == {n: n != "sam" for n in EVERYONE[:-1]}


@pytest.fixture
def runs(world):
    from interlocal.web.models import StudyRun

    def made(audience):
        return StudyRun.objects.create(
            case=world.case, revision=world.case.head, audience=audience, status="done", document="{}", views={"overview": "<p>x</p>"}
        )  # fmt: skip

    return {a: made(a) for a in ("facilitator", "partners")}


@pytest.mark.parametrize(("rest", "done"), [("", 302), ("overview/", 200), ("study.json", 200)])
def test_who_reads_a_study(world, at, runs, rest, done):
    base = f"{world.url}studies/"
    seen = {k: done if v == 200 else v for k, v in SEE.items()}
    assert answers(world, at, "get", f"{base}{runs['partners'].pk}/{rest}") == seen
    only_facilitator = {k: done if k == "fay" else 302 if k == "public" else 404 for k in EVERYONE}
    assert answers(world, at, "get", f"{base}{runs['facilitator'].pk}/{rest}") == only_facilitator


def test_who_cancels_a_study(world, at, runs):
    assert answers(world, at, "post", f"{world.url}studies/{runs['partners'].pk}/cancel/") == EDIT


def test_only_the_facilitator_asks_for_a_study_of_everything(world, at):
    found = answers(world, at, "post", f"{world.url}studies/", {"audience": "facilitator"})
    assert found == EDIT | {"alice": 403, "bob": 403, "charlie": 403}


def test_a_study_of_another_case_is_not_reached_through_ones_own(world, at, runs):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    other = cases.start_case(case=examples.case("starter"), organisation=world.partner, by=None, about="x")
    assert at(world.charlie).get(f"/cases/{other.pk}/studies/{runs['partners'].pk}/").status_code == 404


def routes(patterns, prefix=""):
    for p in patterns:
        if hasattr(p, "url_patterns"):
            yield from routes(p.url_patterns, prefix + str(p.pattern))
        else:
            yield prefix + str(p.pattern), p.callback


def test_every_view_carries_the_policy_it_asks(database):
    from django.urls import get_resolver

    ours = {
        r: v for r, v in routes(get_resolver().url_patterns) if not r.startswith(("accounts/", "api/v1/"))
    }
    assert len(ours) > 20
    assert [r for r, v in ours.items() if not getattr(v, "policy", "")] == []


def test_a_mistyped_address_answers_as_a_case_of_others_does(world, at):
    sam = at(world.sam)
    answers = [sam.get(u) for u in ("/cases/00000000-0000-4000-8000-000000000000/", world.url)]
    assert [a.status_code for a in answers] == [404, 404]
    nowhere, hidden = (re.sub(r'value="\w{64}"', "", a.content.decode()) for a in answers)
    assert nowhere == hidden
