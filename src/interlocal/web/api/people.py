"""The routes of who takes part in a case: see them, invite, end somebody's part."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from interlocal.web import policies
from interlocal.web.actions import people as actions
from interlocal.web.api.answers import CHANGED, REFUSALS, Refused
from interlocal.web.api.tokens import allowed
from interlocal.web.models import CaseMember
from interlocal.web.policies import Access
from interlocal.web.views.people import link_to

router = Router()


class Taking(Schema):
    """Somebody who takes part, beside the members of the organisation whose case it is."""

    id: int
    who: str
    role: str
    partner: str = Field(description="Id of the partner an organisation stands for; empty for a person.")


class Invited(Schema):
    """Whom to invite as what."""

    role: Literal["partner", "consultant", "facilitator"]
    partner: str = Field("", max_length=80, description="Which partner, for a partner organisation.")
    whom: str = Field("", max_length=200, description="For your own memory.")


class Link(Schema):
    """An invitation; it is shown this once."""

    link: str


class Waits(Schema):
    """An invitation that nobody has used yet; its link is kept nowhere."""

    id: int
    role: str
    partner: str
    whom: str
    until: dt.datetime


class Stands(Schema):
    """Which partner the organisation that owns the case is; empty for none."""

    partner: str = Field(max_length=80)


@router.get("/cases/{uuid:case}/people", response={200: list[Taking], **REFUSALS})
def list_people(request: HttpRequest, case: UUID) -> Any:
    """List who takes part in a case."""
    return _people(allowed(request, case, scope="read", power="see"))


@router.post("/cases/{uuid:case}/people", response={201: Link, 409: Refused, **REFUSALS})
def invite_to_case(request: HttpRequest, case: UUID, body: Invited) -> Any:
    """Make an invitation to a case, as a link that its owner hands over."""
    access = allowed(request, case, scope="people", power="manage")
    if body.role == "partner" and body.partner not in actions.partners_of(access.case):
        return Status(409, {"detail": "The case has no such partner."})
    if not policies.may_admit(access, body.role, body.partner):
        raise HttpError(403, "Something in the case is kept: only the facilitator lets in another one, or an organisation in that partner’s place.")  # fmt: skip
    partner = body.partner if body.role == "partner" else ""
    token = actions.invite(
        role=body.role, by=access.person, case=access.case, partner=partner, whom=body.whom
    )
    return Status(201, {"link": link_to(request, token)})


@router.get("/cases/{uuid:case}/invitations", response={200: list[Waits], **REFUSALS})
def list_invitations(request: HttpRequest, case: UUID) -> Any:
    """List the invitations that nobody has used yet; for whoever manages the case."""
    access = allowed(request, case, scope="people", power="manage")
    return [
        {"id": i.pk, "role": i.role, "partner": i.partner, "whom": i.note, "until": i.expires_at}
        for i in access.case.invitations.all()
        if i.is_open
    ]


@router.delete("/cases/{uuid:case}/invitations/{int:invitation}", response={204: None, **REFUSALS})
def withdraw_invitation(request: HttpRequest, case: UUID, invitation: int) -> Any:
    """Make an invitation useless that nobody has used yet."""
    access = allowed(request, case, scope="people", power="manage")
    unused = access.case.invitations.filter(used_at=None)
    found = unused.filter(pk=invitation).first() if invitation < 2**63 else None
    if found is None:
        raise HttpError(404, "There is no such invitation.")
    actions.withdraw_invitation(invitation=found, by=access.person)
    return Status(204, None)


@router.delete("/cases/{uuid:case}/people/{int:member}", response={204: None, **REFUSALS})
def remove_from_case(request: HttpRequest, case: UUID, member: int) -> Any:
    """End somebody's part in a case."""
    access = allowed(request, case, scope="people", power="manage")
    found = CaseMember.objects.filter(case=access.case, pk=member).first() if member < 2**63 else None
    if found is None:
        raise HttpError(404, "Nobody of this number takes part.")
    if not policies.may_remove(access, found):
        raise HttpError(403, "Only a facilitator ends a facilitator’s part.")
    actions.remove_from_case(member=found, by=access.person)
    return Status(204, None)


@router.put("/cases/{uuid:case}/stands-for", response={200: list[Taking], **CHANGED})
def stand_for(request: HttpRequest, case: UUID, body: Stands) -> Any:
    """Say which partner the organisation that owns the case is in it."""
    access = allowed(request, case, scope="people", power="manage")
    if not policies.may_admit(access, "partner", body.partner):
        raise HttpError(403, "Only the facilitator puts an organisation in the place of a partner that keeps something.")  # fmt: skip
    actions.stand_for(case=access.case, partner=body.partner, by=access.person)
    return _people(access)


def _people(access: Access) -> list[dict[str, Any]]:
    members = CaseMember.objects.filter(case=access.case).select_related("person", "organisation")
    return [
        {"id": m.pk, "who": str(m.organisation.name if m.organisation else m.person), "role": m.role, "partner": m.partner}
        for m in members
    ]  # fmt: skip
