"""Organisations, roles and invitations."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from interlocal.problems import InputError, Problem
from interlocal.web import kinds
from interlocal.web.actions.audit import note
from interlocal.web.models import CaseMember, CaseRecord, Invitation, Membership, Organisation, Person

DAYS = 14
"""Days for which an invitation can be used."""
_STARTING = ("owner", "editor")
"""Roles in which people start cases, and so come to facilitate them."""


@transaction.atomic
def start_organisation(*, name: str, owner: Person | None) -> Organisation:
    """Add an organisation; its first owner is named, or comes by an invitation."""
    made = Organisation.objects.create(name=name)
    if owner is not None:
        Membership.objects.create(person=owner, organisation=made, role="owner")
    note(person=owner, did="organisation.started", about=name, organisation=made)
    return made


@transaction.atomic
def rename_organisation(*, organisation: Organisation, name: str, by: Person) -> None:
    """Change an organisation's name."""
    organisation.name = name
    organisation.save(update_fields=["name"])
    note(person=by, did="organisation.renamed", about=name, organisation=organisation)


@transaction.atomic
def invite(
    *,
    role: str,
    by: Person | None,
    organisation: Organisation | None = None,
    case: CaseRecord | None = None,
    partner: str = "",
    whom: str = "",
) -> str:
    """Make an invitation and return its token: it is shown once, and only its hash is kept.

    With ``case``, the role is one of a case; otherwise one in ``organisation``.
    """
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        token_sha256=Invitation.digest(token),
        organisation=None if case else organisation,
        case=case,
        role=role,
        partner=partner,
        note=whom,
        created_by=by,
        expires_at=timezone.now() + dt.timedelta(days=DAYS),
    )
    note(person=by, did="invitation.made", about=f"{role}: {whom}", case=case, organisation=organisation)
    return token


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person) -> None:
    """Make an invitation unusable."""
    note(
        person=by,
        did="invitation.withdrawn",
        about=invitation.note,
        case=invitation.case,
        organisation=invitation.organisation,
    )
    invitation.delete()


@transaction.atomic
def accept(*, invitation: Invitation, person: Person, organisation: Organisation | None = None) -> None:
    """Use up an invitation: the person, or for a partner the organisation, gets the role.

    Raises
    ------
    InputError
        Where it was used or has run out in the meantime, or gives nothing that the person does not have.
    """
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not held.is_open:
        raise InputError(Problem("", "this invitation", "a link that was used or has run out", "an open invitation", "Ask for a new one."))  # fmt: skip
    if held.organisation is not None:
        _must_rise(held.organisation, person, held.role)
    held.used_at, held.used_by = timezone.now(), person
    held.save(update_fields=["used_at", "used_by"])
    if held.case is None:
        Membership.objects.update_or_create(
            person=person, organisation=held.organisation, defaults={"role": held.role}
        )
    elif held.role == "partner":
        if organisation is None:
            raise InputError(Problem("organisation", "the organisation", "none", "the organisation that takes part", "Choose one, or name a new one."))  # fmt: skip
        others = CaseMember.objects.filter(case=held.case, partner=held.partner).exclude(organisation=organisation)  # fmt: skip
        if held.partner and others.exists():
            raise InputError(Problem("organisation", "the partner", "another organisation that stands for it", "one organisation for a partner", "Ask who manages the case to end the other’s part first."))  # fmt: skip
        CaseMember.objects.update_or_create(
            case=held.case, organisation=organisation, defaults={"role": "partner", "partner": held.partner}
        )
    else:
        CaseMember.objects.get_or_create(case=held.case, person=person, role=held.role)
    note(
        person=person,
        did="invitation.accepted",
        about=held.role,
        case=held.case,
        organisation=held.organisation,
    )


def _must_rise(organisation: Organisation, person: Person, role: str) -> None:
    """Refuse an invitation to less than somebody has: an owner who tries the own link out stays an owner."""
    ranks = Membership.Role.values
    had = organisation.memberships.select_for_update().filter(person=person).first()
    if had is not None and ranks.index(had.role) <= ranks.index(role):
        raise InputError(Problem("", "this invitation", f"one for the role {role}, while you are {had.role} already", "somebody who is not in it yet", "Hand the link to the person it is for; it still works."))  # fmt: skip


@transaction.atomic
def change_role(*, membership: Membership, role: str | None, by: Person) -> int:
    """Give a member another role, or none; return in how many cases and agreements of the organisation more than that ended.

    Who starts a case facilitates it. That came with the role, and ends with it; a part by invitation stays.

    Raises
    ------
    InputError
        Where no owner would be left.
    """
    organisation = membership.organisation
    owners = organisation.memberships.select_for_update().filter(role="owner").exclude(pk=membership.pk)
    if membership.role == "owner" and role != "owner" and not owners.exists():
        raise InputError(Problem("role", str(membership.person), "the only owner", "at least one owner", "Make somebody else an owner first."))  # fmt: skip
    note(
        person=by,
        did="membership.changed",
        about=f"{membership.person.pk}: {role or 'removed'}",
        organisation=organisation,
    )
    if role is None:
        membership.delete()
    else:
        membership.role = role
        membership.save(update_fields=["role"])
    return 0 if role in _STARTING else _end_what_was_started(membership.person, organisation, by)


def _end_what_was_started(person: Person, organisation: Organisation, by: Person) -> int:
    invited = Invitation.objects.filter(case=OuterRef("case"), role=OuterRef("role"), used_by=person)
    started = CaseMember.objects.filter(~Exists(invited), person=person, case__organisation=organisation)
    found = list(started.select_related("case"))
    for member in found:
        remove_from_case(member=member, by=by)
    return len(found)


def partners_of(case: CaseRecord) -> dict[str, str]:
    """Return the names of those for whom an organisation can stand, by id."""
    return dict(kinds.of(case).known(kinds.said(case.head, case))["partners"])


@transaction.atomic
def stand_for(*, case: CaseRecord, partner: str, by: Person) -> None:
    """Say which partner the organisation that owns the case is in it; the empty id says none.

    Raises
    ------
    InputError
        Where the case has no such partner, or somebody else stands for it.
    """
    others = case.members.filter(partner=partner).exclude(organisation=case.organisation)
    if partner and partner not in partners_of(case):
        raise InputError(Problem("stands_for", "Which partner the owner is", partner[:60], f"a partner of this {case.kind}", "Choose one."))  # fmt: skip
    if partner and others.exists():
        raise InputError(Problem("stands_for", "Which partner the owner is", partner, "a partner for which nobody stands yet", "Remove the other organisation first."))  # fmt: skip
    if partner:
        CaseMember.objects.update_or_create(
            case=case, organisation=case.organisation, defaults={"role": "partner", "partner": partner}
        )
    else:
        case.members.filter(organisation=case.organisation).delete()
    note(person=by, did="case.owner_stands_for", about=partner or "no partner", case=case)


@transaction.atomic
def remove_from_case(*, member: CaseMember, by: Person) -> None:
    """End somebody's part in a case."""
    note(person=by, did="case.member_removed", about=member.role, case=member.case)
    member.delete()
