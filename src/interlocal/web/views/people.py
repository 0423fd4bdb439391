"""Organisations, their members, and invitations."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interlocal.problems import InputError
from interlocal.web import guesses, kinds, policies
from interlocal.web.accounts import HELD
from interlocal.web.actions import people
from interlocal.web.models import CaseMember, Invitation, Membership, Organisation


@policies.of_everyone_signed_in
def organisations(request: HttpRequest) -> HttpResponse:
    """List one's organisations."""
    mine = request.user.memberships.select_related("organisation").order_by("organisation__name")
    return render(request, "web/organisations.html", {"memberships": mine})


@policies.of_organisation()
def organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Show members; an owner also changes roles, invites and renames."""
    return _organisation(request, organisation)


def _organisation(request: HttpRequest, organisation: Organisation, **more: object) -> HttpResponse:
    shown = {
        "organisation": organisation,
        "members": organisation.memberships.select_related("person").order_by("person__name"),
        "invitations": [i for i in organisation.invitations.all() if i.is_open],
        "roles": Membership.Role.choices,
        "is_owner": policies.role_in(request.user, organisation) == "owner",
        **more,
    }
    return render(request, "web/organisation.html", shown)


@require_POST
@policies.of_organisation("owner")
def rename(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Rename an organisation."""
    name = request.POST.get("name", "").strip()[:200]
    if name:
        people.rename_organisation(organisation=organisation, name=name, by=request.user)
    else:
        messages.error(request, "Write a name.")
    return redirect("organisation", organisation.pk)


@require_POST
@policies.of_organisation("owner")
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Make an invitation and show its link, this once."""
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        messages.error(request, "Choose a role.")
        return redirect("organisation", organisation.pk)
    token = people.invite(
        role=role, by=request.user, organisation=organisation, whom=request.POST.get("whom", "")[:200]
    )
    return _organisation(request, organisation, link=link_to(request, token))


@require_POST
@policies.of_organisation("owner")
def change_role(request: HttpRequest, organisation: Organisation, membership: int) -> HttpResponse:
    """Change or end a membership."""
    held = get_object_or_404(Membership, pk=membership, organisation=organisation)
    role = request.POST.get("role") or None
    if role is not None and role not in Membership.Role.values:
        raise Http404
    try:
        ended = people.change_role(membership=held, role=role, by=request.user)
    except InputError as error:
        messages.error(request, str(error.problems[0]))
        return redirect("organisation", organisation.pk)
    if ended:
        messages.info(request, f"{held.person} facilitated {ended} of your cases and agreements by having started them. That ended too; invite somebody to facilitate them.")  # fmt: skip
    others = CaseMember.objects.filter(person=held.person, case__organisation=organisation).select_related("case")  # fmt: skip
    if role is None and others:
        titles = ", ".join(m.case.title for m in others)
        messages.info(request, f"{held.person} still takes part, by an invitation, in {titles}. That ends under “Who takes part” there.")  # fmt: skip
    return redirect("organisation", organisation.pk)


@require_POST
@policies.of_organisation("owner")
def withdraw(request: HttpRequest, organisation: Organisation, invitation: int) -> HttpResponse:
    """Make an open invitation to an organisation useless."""
    people.withdraw_invitation(invitation=_open(organisation.invitations.all(), invitation), by=request.user)
    return redirect("organisation", organisation.pk)


def _open(invitations: QuerySet[Invitation], pk: int) -> Invitation:
    return get_object_or_404(invitations, pk=pk, used_at=None)


@policies.of_document("see")
def case_people(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show who takes part in a case or an agreement; who manages it invites and removes."""
    return _case_people(request, access)


def _case_people(request: HttpRequest, access: policies.Access, **more: object) -> HttpResponse:
    shown = {
        "access": access,
        "case": access.case,
        "at": "people",
        "members": access.case.members.select_related("person", "organisation"),
        "invitations": [i for i in access.case.invitations.all() if i.is_open],
        "roles": CaseMember.Role.choices,
        "partners": list(people.partners_of(access.case).items()),
        "stands_for": next((m.partner for m in access.case.members.all() if m.organisation_id == access.case.organisation_id), ""),
        **more,
    }  # fmt: skip
    return render(request, "web/case_people.html", shown)


@require_POST
@policies.of_document("manage")
def invite_to_case(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Invite a partner organisation, a consultant or a facilitator."""
    role, partner = request.POST.get("role", ""), request.POST.get("partner", "")
    if role not in CaseMember.Role.values or (
        role == "partner" and partner not in people.partners_of(access.case)
    ):
        messages.error(request, "Choose what they are in it; for a partner organisation also which partner.")  # fmt: skip
        return redirect(kinds.address(access.case, "case_people"))
    if not policies.may_admit(access, role, partner):
        messages.error(request, "Something in it is kept between a partner and the facilitator. So only the facilitator lets in another facilitator, or an organisation in that partner’s place.")  # fmt: skip
        return redirect(kinds.address(access.case, "case_people"))
    token = people.invite(
        role=role,
        by=request.user,
        case=access.case,
        partner=partner if role == "partner" else "",
        whom=request.POST.get("whom", "")[:200],
    )
    return _case_people(request, access, link=link_to(request, token))


@require_POST
@policies.of_document("manage")
def withdraw_from_case(request: HttpRequest, access: policies.Access, invitation: int) -> HttpResponse:
    """Make an open invitation to a case or an agreement useless."""
    people.withdraw_invitation(invitation=_open(access.case.invitations.all(), invitation), by=request.user)
    return redirect(kinds.address(access.case, "case_people"))


@require_POST
@policies.of_document("manage")
def stand_for(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Say which partner the organisation that owns or hosts it is in it."""
    partner = request.POST.get("stands_for", "")
    if not policies.may_admit(access, "partner", partner):
        raise PermissionDenied
    try:
        people.stand_for(case=access.case, partner=partner, by=request.user)
    except InputError as error:
        messages.error(request, str(error.problems[0]))
    return redirect(kinds.address(access.case, "case_people"))


@require_POST
@policies.of_document("manage")
def remove_from_case(request: HttpRequest, access: policies.Access, member: int) -> HttpResponse:
    """End somebody's part."""
    found = get_object_or_404(CaseMember, pk=member, case=access.case)
    if policies.may_remove(access, found):
        people.remove_from_case(member=found, by=request.user)
    else:
        messages.error(request, "Only a facilitator ends a facilitator’s part.")
    return redirect(kinds.address(access.case, "case_people"))


@policies.of_the_public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link offers. Looking uses nothing up: a mail scanner may look; only a press on the button counts."""
    refused = guesses.refusal(request, "invitation")
    if refused:
        return refused
    found = Invitation.objects.filter(token_sha256=Invitation.digest(token)).first()
    if found is None or not found.is_open or not policies.may_accept(found):
        guesses.count(request, "invitation")
        return render(request, "web/invitation_over.html", status=404)
    request.session[HELD] = token
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, found, token)
    shown = {"invitation": found, "token": token}
    if request.user.is_authenticated and found.role == "partner":
        shown["organisations"] = request.user.organisations.filter(memberships__role="owner").distinct()
    return render(request, "web/invitation.html", shown)


def _accept(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    chosen = None
    if found.role == "partner" and found.case is not None:
        key, name = request.POST.get("organisation", ""), request.POST.get("name", "").strip()[:200]
        mine = request.user.organisations.filter(memberships__role="owner")
        chosen = next((o for o in mine if str(o.pk) == key), None)
        if chosen is None and name:
            chosen = people.start_organisation(name=name, owner=request.user)
    try:
        people.accept(invitation=found, person=request.user, organisation=chosen)
    except InputError as error:
        messages.error(request, str(error.problems[0]))
        return redirect("invitation", token)
    request.session.pop(HELD, None)
    if found.case is not None:
        return redirect(kinds.address(found.case, "case"))
    return redirect("cases")


def link_to(request: HttpRequest, token: str) -> str:
    """Return the whole address of an invitation."""
    return request.build_absolute_uri(reverse("invitation", args=[token]))
