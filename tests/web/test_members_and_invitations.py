"""What a role gives ends with it, and an invitation gives what its maker may still give, until somebody withdraws it."""

import re

import pytest
from test_access import MANAGED, OWNER, answers


def started_by(world, person):
    """Let somebody start a case and an agreement in Alder: who starts them facilitates them."""
    from interlocal.web import beginnings, examples
    from interlocal.web.actions import cases

    case = cases.start_case(case=examples.case("starter"), organisation=world.town, by=person, about="x")
    (agreement,) = cases.start_agreements(
        agreements=beginnings.example()[:1], organisation=world.town, by=person, about="x"
    )
    return [f"/cases/{case.pk}/", f"/agreements/{agreement.pk}/"]


def give(world, at, name, role):
    held = getattr(world, name).memberships.get()
    url = f"/organisations/{world.town.pk}/members/{held.pk}/"
    return at(world.alice).post(url, {"role": role}, follow=True).content.decode()


def invite(client, url, **said):
    page = client.post(f"{url}invite/", said).content.decode()
    return re.search(r"/invitations/[^/\s\"]+/", page).group()


def test_who_leaves_an_organisation_leaves_what_they_started_in_it(world, at):
    urls = started_by(world, world.bob)
    assert [at(world.bob).get(f"{u}audit/").status_code for u in urls] == [200, 200]
    said = give(world, at, "bob", "")
    assert "Bob facilitated 2 of your cases and agreements" in said
    assert [at(world.bob).get(u).status_code for u in (*urls, world.url)] == [404, 404, 404]
    assert "case.member_removed" in at(world.alice).get(f"{urls[0]}audit/").content.decode()


@pytest.mark.parametrize("role", ["rater", "viewer"])
def test_who_may_no_longer_start_cases_no_longer_facilitates_those_they_started(world, at, role):
    urls = started_by(world, world.bob)
    give(world, at, "bob", role)
    for url in urls:
        assert at(world.bob).get(url).status_code == 200
        assert at(world.bob).get(f"{url}audit/").status_code == 403
        assert at(world.bob).post(f"{url}edit/about/", {"title": "x", "base": "1"}).status_code == 403


def test_a_part_by_invitation_stays_and_whoever_ends_a_membership_is_told(world, at):
    link = invite(at(world.fay), f"{world.url}people/", role="facilitator", whom="Bob")
    assert at(world.bob).post(link).status_code == 302
    said = give(world, at, "bob", "")
    assert f"Bob still takes part, by an invitation, in {world.case.title}" in said
    assert at(world.bob).get(world.url).status_code == 200


def test_an_owner_who_tries_the_own_link_out_stays_an_owner(world, at):
    home = f"/organisations/{world.town.pk}/"
    link = invite(at(world.alice), home, role="viewer", whom="Vera")
    said = at(world.alice).post(link, follow=True).content.decode()
    assert "while you are owner already" in said
    assert world.alice.memberships.get().role == "owner"
    assert at(world.sam).post(link).status_code == 302
    assert world.sam.memberships.get().role == "viewer"
    higher = invite(at(world.alice), home, role="editor", whom="Sam")
    at(world.sam).post(higher)
    assert world.sam.memberships.get().role == "editor"


def test_a_link_of_somebody_who_is_no_longer_an_owner_opens_nothing(world, at):
    from interlocal.web.actions import people

    people.change_role(membership=world.bob.memberships.get(), role="owner", by=world.alice)
    link = invite(at(world.bob), f"/organisations/{world.town.pk}/", role="owner")
    give(world, at, "bob", "")
    assert at(world.bob).get(link).status_code == 404
    assert at(world.bob).post(link).status_code == 404
    assert not world.bob.memberships.exists()


@pytest.fixture(params=["organisation", "case", "agreement"])
def asked(world, at, request):
    """An open invitation of each kind: its link, the page it stands on, and where it is withdrawn."""
    from agreements import hosted

    from interlocal.web.models import Invitation

    page = {
        "organisation": f"/organisations/{world.town.pk}/",
        "case": f"{world.url}people/",
        "agreement": f"/agreements/{hosted(world).pk}/people/",
    }[request.param]
    role = "viewer" if request.param == "organisation" else "consultant"
    link = invite(at(world.alice), page, role=role, whom="Vera")
    return link, page, f"{page}invitations/{Invitation.objects.get().pk}/withdraw/"


def test_who_withdraws_an_invitation(world, at, asked):
    _, page, url = asked
    moved = {k: 302 if v == 200 else v for k, v in OWNER.items()}
    assert answers(world, at, "post", url) == (moved if page.startswith("/organisations/") else MANAGED)


def test_a_withdrawn_invitation_opens_nothing_and_the_page_offers_it_no_more(world, at, asked):
    link, page, url = asked
    assert at(world.sam).get(link).status_code == 200
    assert f'action="{url}"' in at(world.alice).get(page).content.decode()
    at(world.alice).post(url)
    assert at(world.sam).get(link).status_code == 404
    assert url not in at(world.alice).get(page).content.decode()
    assert at(world.alice).post(url).status_code == 404


def test_an_invitation_of_another_place_or_one_that_was_used_is_not_withdrawn(world, at, asked):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    link, page, url = asked
    other = cases.start_case(case=examples.case("starter"), organisation=world.town, by=None, about="x")
    elsewhere = f"/cases/{other.pk}/people/{url.removeprefix(page)}"
    assert at(world.alice).post(elsewhere).status_code == 404
    assert at(world.sam).post(link).status_code == 302
    assert at(world.alice).post(url).status_code == 404


def test_a_program_lists_open_invitations_and_withdraws_one(world, at):
    from interlocal.web.actions.tokens import make_token

    link = invite(at(world.alice), f"{world.url}people/", role="consultant", whom="Vera")
    api, client = f"/api/v1{world.url}invitations", at()
    for name, status in (("bob", 403), ("charlie", 403), ("sam", 404)):
        token = make_token(person=getattr(world, name), name="x", scopes=["people"])
        assert client.get(api, headers={"authorization": f"Bearer {token}"}).status_code == status
    token = make_token(person=world.alice, name="x", scopes=["people"])
    headers = {"authorization": f"Bearer {token}"}
    (waits,) = client.get(api, headers=headers).json()
    assert (waits["role"], waits["whom"]) == ("consultant", "Vera")
    assert client.delete(f"{api}/{waits['id']}", headers=headers).status_code == 204
    assert client.get(api, headers=headers).json() == []
    assert at(world.sam).get(link).status_code == 404


def test_of_the_links_for_the_first_owner_the_newest_alone_opens(db, at):
    from interlocal.web import bootstrap

    first, second = bootstrap.first_link(), bootstrap.first_link()
    assert [at().get(link).status_code for link in (first, second)] == [404, 200]


def test_the_host_of_an_agreement_says_which_party_it_is(world, at):
    from agreements import hosted

    agreement = hosted(world)
    url = f"/agreements/{agreement.pk}/people/"
    party = next(p for p in agreement.head.partnership.members() if p != "harbor")
    at(world.alice).post(f"{url}stands-for/", {"stands_for": party})
    assert agreement.members.get(organisation=world.town).partner == party
    said = at(world.alice).post(f"{url}stands-for/", {"stands_for": "nobody"}, follow=True).content.decode()
    assert "a partner of this agreement" in said
    assert agreement.members.get(organisation=world.town).partner == party


def does(client, url):
    """What somebody may do in a case: read, comment, edit, manage."""
    from django.db import transaction

    found = []
    for method, rest, data in (
        ("get", "", {}),
        ("post", "comments/", {"on": "case", "text": "I think so"}),
        ("post", "edit/about/", {"title": "New", "as_of": "2026-01-01", "currency": "USD", "base": "1", "do": "save"}),
        ("get", "audit/", {}),
    ):  # fmt: skip
        with transaction.atomic():
            found.append(getattr(client, method)(f"{url}{rest}", data).status_code in {200, 302})
            transaction.set_rollback(True)
    return found


def test_a_consultant_edits_one_case_as_partners_see_it_and_manages_nothing(world, at, save):
    from interlocal.web import examples
    from interlocal.web.actions import cases

    other = cases.start_case(case=examples.case("starter"), organisation=world.town, by=None, about="x")
    save(at(world.charlie), f"{world.url}edit/spending/", fields={"1.visibility": "facilitator"})
    kept = "kept between its partner and the facilitator"
    at(world.sam).post(invite(at(world.alice), f"{world.url}people/", role="consultant"))
    assert [does(at(world.sam), world.url)[n] for n in (0, 1, 3)] == [True, True, False]
    assert kept in at(world.sam).get(f"{world.url}edit/spending/").content.decode()
    assert kept not in at(world.fay).get(f"{world.url}edit/spending/").content.decode()
    title = {"title": "By a consultant", "as_of": "2026-01-01", "currency": "USD", "base": "2", "do": "save"}
    assert at(world.sam).post(f"{world.url}edit/about/", title).status_code == 302
    assert at(world.sam).get(f"/cases/{other.pk}/").status_code == 404
    assert at(world.sam).get(f"/organisations/{world.town.pk}/").status_code == 404
    studies = at(world.sam).post(f"{world.url}studies/", {"audience": "facilitator"})
    assert studies.status_code == 403


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("owner", [True, True, True, False]),
        ("editor", [True, True, True, False]),
        ("rater", [True, True, False, False]),
        ("viewer", [True, False, False, False]),
    ],
)
def test_members_of_a_partner_act_with_the_role_they_have_at_home(world, at, role, may):
    from interlocal.web.models import Membership

    Membership.objects.create(person=world.sam, organisation=world.partner, role=role)
    assert does(at(world.sam), world.url) == may
