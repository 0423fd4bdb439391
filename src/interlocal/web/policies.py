"""Who may do what: the one place. Every view and route asks here; a stranger is told that there is nothing.

What a person may do in a case comes from what they are in it:

================= =====================================================================================
owner, editor     of the organisation whose case it is: everything but what only the facilitator sees;
                  the owner also invites and deletes
partner           members of a partner organisation, each with the role they have there, never ``manage``
facilitator       sees and edits everything, invites
consultant        edits and sees what partners see
rater, viewer     of any organisation in the case: read; a rater also answers and comments
================= =====================================================================================

In an agreement it is the same, except that partners do not edit: the books are kept by the organisation that hosts them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse

from interlocal.case.released import kept
from interlocal.web.models import (
    AgreementRecord,
    Answer,
    CaseMember,
    CaseRecord,
    Invitation,
    Kind,
    Membership,
    Organisation,
    Person,
    RegionRecord,
)

Power = Literal["see", "rate", "edit", "manage"]
Audience = Literal["facilitator", "partners"]
_POWERS: dict[str, frozenset[Power]] = {
    "viewer": frozenset({"see"}),
    "rater": frozenset({"see", "rate"}),
    "consultant": frozenset({"see", "rate", "edit"}),
    "editor": frozenset({"see", "rate", "edit"}),
    "facilitator": frozenset({"see", "rate", "edit", "manage"}),
    "owner": frozenset({"see", "rate", "edit", "manage"}),
}
SPEAKING = ("owner", "editor", "rater")
"""Roles in a partner's organisation that take positions for it; viewers read."""


@dataclass(frozen=True)
class Access:
    """What a person is, may do and may see in a case."""

    case: CaseRecord
    person: Person
    roles: frozenset[str]
    powers: frozenset[Power]
    partners: frozenset[str]
    """Ids of the partners in the case for which the person works."""
    speaks_for: frozenset[str] = frozenset()
    """Those of them in whose organisation the person may do more than read."""

    @property
    def voice(self) -> str | None:
        """The one partner for which the person takes positions; None for nobody, and where it would be two."""
        return next(iter(self.speaks_for)) if len(self.speaks_for) == 1 else None

    def may(self, power: Power) -> bool:
        """Whether the person holds a power."""
        return power in self.powers

    @property
    def audience(self) -> Audience:
        """Whose eyes the person sees the case with."""
        return "facilitator" if "facilitator" in self.roles else "partners"


def speaker(access: Access) -> str | None:
    """Return for whom a person answers in public: a government's name, empty for the facilitator, None for nobody."""
    if not access.may("edit"):
        return None
    if access.roles & {"owner", "editor"}:
        return access.case.organisation.name
    speaking = access.case.members.filter(
        role="partner",
        organisation__memberships__person=access.person,
        organisation__memberships__role__in=("owner", "editor"),
    ).first()
    if speaking is not None and speaking.organisation is not None:
        return speaking.organisation.name
    return "" if "facilitator" in access.roles else None


def may_take_back(access: Access, answer: Answer) -> bool:
    """Whether a person may take back an answer to a resident: its author while they speak in public, or who manages the case."""
    return access.may("manage") or (answer.by_id == access.person.pk and speaker(access) is not None)


def access_to(person: Person, case: CaseRecord) -> Access | None:
    """Return what a person is in a case, or None for a stranger."""
    roles: set[str] = set()
    powers: set[Power] = set()
    partners: set[str] = set()
    speaks_for: set[str] = set()
    withheld: set[Power] = {"manage"} if case.kind == Kind.CASE else {"manage", "edit"}
    mine = {m.organisation_id: m.role for m in person.memberships.all()}
    if case.organisation_id in mine:
        roles.add(mine[case.organisation_id])
        powers |= _POWERS[mine[case.organisation_id]]
    for member in case.members.all():
        if member.person_id == person.pk:
            roles.add(member.role)
            powers |= _POWERS[member.role]
        elif member.organisation_id in mine:
            roles.add("partner")
            powers |= _POWERS[mine[member.organisation_id]] - withheld
            if member.partner:
                partners.add(member.partner)
                if mine[member.organisation_id] in SPEAKING:
                    speaks_for.add(member.partner)
    if not powers:
        return None
    return Access(
        case, person, frozenset(roles), frozenset(powers), frozenset(partners), frozenset(speaks_for)
    )


def voices(case: CaseRecord) -> dict[str, frozenset[int]]:
    """Return who takes positions for each partner, by its id: the people of whom :attr:`Access.voice` is that partner."""
    speaks: dict[int, set[str]] = {}
    stand = case.members.filter(role="partner").exclude(partner="")
    for member in stand.prefetch_related("organisation__memberships"):
        for m in member.organisation.memberships.all():
            if m.role in SPEAKING:
                speaks.setdefault(m.person_id, set()).add(member.partner)
    alone = {person: next(iter(partners)) for person, partners in speaks.items() if len(partners) == 1}
    return {p: frozenset(i for i, of in alone.items() if of == p) for p in set(alone.values())}


def may_admit(access: Access, role: str, partner: str = "") -> bool:
    """Whether a person may let somebody into the case in a role.

    A facilitator reads what partners keep, and an organisation what its partner keeps. So once something is kept, only
    the facilitator lets in another one, or an organisation in that partner's place: nobody else opens it to themselves.
    """
    if not access.may("manage") or access.audience == "facilitator":
        return access.may("manage")
    keepers = {owner for _, owner in kept(access.case.head.data)}
    return not keepers if role == "facilitator" else not (role == "partner" and partner in keepers)


def may_accept(invitation: Invitation) -> bool:
    """Whether who made an invitation may still let somebody in with it."""
    if invitation.created_by is None:
        return True
    if invitation.case is None:
        home = invitation.organisation
        return home is not None and role_in(invitation.created_by, home) == "owner"
    access = access_to(invitation.created_by, invitation.case)
    return access is not None and may_admit(access, invitation.role, invitation.partner)


def may_remove(access: Access, member: CaseMember) -> bool:
    """Whether a person may end somebody's part in the case: a facilitator's only another facilitator."""
    return access.may("manage") and (member.role != "facilitator" or access.audience == "facilitator")


def accesses(person: Person, records: QuerySet[Any]) -> list[Access]:
    """Return what a person is in each of many records, in few queries."""
    prefetch_related_objects([person], "memberships")
    found = (access_to(person, r) for r in records.prefetch_related("members"))
    return [a for a in found if a is not None]


def cases_of(person: Person) -> QuerySet[CaseRecord]:
    """Return the cases a person may see."""
    return _of(CaseRecord, person)


def agreements_of(person: Person) -> QuerySet[AgreementRecord]:
    """Return the agreements a person may see."""
    return _of(AgreementRecord, person)


def _of(model: type[CaseRecord], person: Person) -> QuerySet[Any]:
    return (
        model.objects.filter(
            Q(organisation__memberships__person=person)
            | Q(members__organisation__memberships__person=person)
            | Q(members__person=person)
        )
        .select_related("organisation")
        .distinct()
    )


def role_in(person: Person, organisation: Organisation) -> str | None:
    """Return a person's role in an organisation, or None."""
    found = Membership.objects.filter(person=person, organisation=organisation).first()
    return found.role if found else None


def organisations_to_start_in(person: Person) -> QuerySet[Organisation]:
    """Return the organisations in which a person may start a case."""
    return Organisation.objects.filter(
        memberships__person=person, memberships__role__in=("owner", "editor")
    ).distinct()


View = Callable[..., HttpResponse]


def of_case(power: Power) -> Callable[[View], View]:
    """Let a view run for those who hold a power in the case; it gets an :class:`Access` in place of the id."""
    return _of_record(power, {"case": CaseRecord})


def of_agreement(power: Power) -> Callable[[View], View]:
    """Let a view run for those who hold a power in the agreement; it gets an :class:`Access` in place of the id."""
    return _of_record(power, {"agreement": AgreementRecord})


def of_document(power: Power) -> Callable[[View], View]:
    """Let a view run for those who hold a power in the case or the agreement, whichever the address names."""
    return _of_record(power, {"case": CaseRecord, "agreement": AgreementRecord})


def _of_record(power: Power, models: dict[str, type[CaseRecord]]) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, **rest: Any) -> HttpResponse:
            (model, key) = next((m, rest.pop(name)) for name, m in models.items() if name in rest)
            record = model.objects.select_related("organisation").filter(pk=key).first()
            access = access_to(request.user, record) if record else None
            if access is None:
                raise Http404
            if not access.may(power):
                raise PermissionDenied
            return view(request, access, **rest)

        return _asks(f"{'/'.join(models)}:{power}", guarded)

    return wrap


def of_organisation(*roles: str) -> Callable[[View], View]:
    """Let a view run for members with one of the roles (any role where none is named); others learn nothing."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, organisation: UUID, **rest: Any) -> HttpResponse:
            found = Organisation.objects.filter(pk=organisation, memberships__person=request.user).first()
            if found is None:
                raise Http404
            if roles and role_in(request.user, found) not in roles:
                raise PermissionDenied
            return view(request, found, **rest)

        return _asks(f"organisation:{'/'.join(roles) or 'member'}", guarded)

    return wrap


@dataclass(frozen=True)
class RegionAccess:
    """What a person is in the organisation whose region it is."""

    region: RegionRecord
    person: Person
    role: str

    @property
    def may_edit(self) -> bool:
        """Whether the person uploads tables, maps columns and asks for runs."""
        return self.role in {"owner", "editor"}


def access_to_region(person: Person, region: object) -> RegionAccess | None:
    """Return what a person is to a region by its id, or None for a stranger."""
    record = RegionRecord.objects.select_related("organisation").filter(pk=region).first()
    role = role_in(person, record.organisation) if record else None
    return RegionAccess(record, person, role) if record and role else None


def regions_of(person: Person) -> QuerySet[RegionRecord]:
    """Return the regions a person may see: those of their organisations."""
    mine = RegionRecord.objects.filter(organisation__memberships__person=person)
    return mine.select_related("organisation").distinct()


def of_region(*roles: str) -> Callable[[View], View]:
    """Let a view run for members of the region's organisation (with one of the roles, where any is named)."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, region: UUID, **rest: Any) -> HttpResponse:
            access = access_to_region(request.user, region)
            if access is None:
                raise Http404
            if roles and access.role not in roles:
                raise PermissionDenied
            return view(request, access, **rest)

        return _asks(f"region:{'/'.join(roles) or 'member'}", guarded)

    return wrap


def of_everyone_signed_in(view: View) -> View:
    """Let a view run for anyone with an account."""
    return _asks("signed in", login_required(view))


def of_the_public(view: View) -> View:
    """Let a view run for anyone: it shows nothing of a case, or only what was published."""
    return _asks("public", view)


def of_a_calendar_link(view: View) -> View:
    """Let a view run for whoever holds a calendar link: it shows what the person who made it may see."""
    return _asks("calendar link", view)


def of_a_survey_link(view: View) -> View:
    """Let a view run for whoever holds a link: the link alone decides, and no account is looked at."""
    return _asks("survey link", view)


def _asks(policy: str, view: View) -> View:
    """Write on a view which policy it asks, for the test that goes through every route."""
    view.__dict__["policy"] = policy
    return view
