"""Accounts: allauth does the work; an account begins with an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.http import HttpRequest
from django.urls import reverse

from interlocal.web.models import Invitation, Person

HELD = "invitation"
"""Key of the session under which the invitation a visitor opened is held."""


def held_invitation(request: HttpRequest) -> Invitation | None:
    """Return the open invitation that this visitor holds."""
    token = request.session.get(HELD)
    found = Invitation.objects.filter(token_sha256=Invitation.digest(token)).first() if token else None
    return found if found and found.is_open else None


class Accounts(DefaultAccountAdapter):
    """Local accounts."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only somebody who was invited makes an account."""
        return held_invitation(request) is not None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the invitation that led here."""
        return _back(request) or super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the invitation that led here."""
        return _back(request) or super().get_signup_redirect_url(request)


def _back(request: HttpRequest) -> str | None:
    return reverse("invitation", args=[request.session[HELD]]) if held_invitation(request) else None


class SingleSignOn(DefaultSocialAccountAdapter):
    """Accounts of an identity provider: known people come in, new ones need an invitation too."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - its signature
        """Only somebody who was invited makes an account."""
        return held_invitation(request) is not None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        """Take the name people see from the provider."""
        person: Person = super().populate_user(request, sociallogin, data)
        person.name = str(data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name")))))[:120]  # fmt: skip
        return person


class NameForm(forms.Form):
    """What we ask beside address and password."""

    name = forms.CharField(label="Your name, as others see it", max_length=120)
    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: Person) -> None:  # noqa: ARG002 - its signature
        """Keep the name."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
