"""Tokens for programs: make one, end one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.db import transaction

from interlocal.web.actions.audit import note
from interlocal.web.models import Person, Token


@transaction.atomic
def make_token(*, person: Person, name: str, scopes: Iterable[str]) -> str:
    """Make a token and return it: it is shown once, and only its hash is kept."""
    token = f"ilc_{secrets.token_urlsafe(32)}"
    Token.objects.create(person=person, name=name, sha256=Token.digest(token), scopes=" ".join(scopes))
    note(person=person, did="token.made", about=name)
    return token


@transaction.atomic
def end_token(*, token: Token) -> None:
    """Make a token useless."""
    note(person=token.person, did="token.ended", about=token.name)
    token.delete()
