"""Who a program speaks for, and what it may do: a token acts as the person who made it, within its scopes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from interlocal.web.models import CaseRecord, Organisation, Token
from interlocal.web.policies import Access, Power, access_to, organisations_to_start_in

SCOPES = ("read", "write", "study", "comment", "decide", "survey", "people")


class Bearer(HttpBearer):
    """Takes the token from the header ``Authorization: Bearer …``."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:  # noqa: ARG002 - ninja's signature
        """Return the token, or None where there is none such."""
        found = Token.objects.select_related("person").filter(sha256=Token.digest(token), person__is_active=True).first()  # fmt: skip
        if found is not None:
            Token.objects.filter(pk=found.pk).update(used_at=timezone.now())
        return found


def allowed(request: Any, case: Any, *, scope: str, power: Power) -> Access:
    """Return what the token's person is in a case; a stranger and a case that is not there are answered alike."""
    demand(request, scope)
    record = CaseRecord.objects.select_related("organisation").filter(pk=case).first()
    access = access_to(request.auth.person, record) if record else None
    if access is None:
        raise HttpError(404, "There is no such case for this token.")
    if not access.may(power):
        raise HttpError(403, "The role of this token’s person does not allow it.")
    return access


def demand(request: Any, scope: str) -> None:
    """Refuse a token without a scope."""
    if scope not in request.auth.scopes.split():
        raise HttpError(403, f"This token lacks the scope {scope}.")


def need(*, yes: bool) -> None:
    """Refuse what a policy does not allow to the token's person."""
    if not yes:
        raise HttpError(403, "This token’s person may not do it.")


def home_of(request: Any, name: str) -> Organisation:
    """Return the organisation of a name in which the token's person may start something; the first where it is empty."""
    homes = organisations_to_start_in(request.auth.person)
    found = (homes.filter(name=name) if name else homes).first()
    if found is None:
        raise HttpError(403, "This token’s person starts nothing in an organisation of that name.")
    return found
