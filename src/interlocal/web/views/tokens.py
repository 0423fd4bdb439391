"""One's tokens for programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from interlocal.web import policies
from interlocal.web.actions import tokens as actions
from interlocal.web.api.tokens import SCOPES
from interlocal.web.models import Token


@policies.of_everyone_signed_in
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens, and make one."""
    shown: dict[str, object] = {"tokens": request.user.tokens.all(), "scopes": SCOPES}
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:120]
        scopes = [s for s in SCOPES if s in request.POST.getlist("scope")]
        if name and scopes:
            shown["made"] = actions.make_token(person=request.user, name=name, scopes=scopes)
        else:
            messages.error(request, "Write what it is for, and choose at least one thing it may do.")
    return render(request, "web/tokens.html", shown)


@require_POST
@policies.of_everyone_signed_in
def end_token(request: HttpRequest, token: int) -> HttpResponse:
    """End one of one's tokens."""
    actions.end_token(token=get_object_or_404(Token, pk=token, person=request.user))
    return redirect("tokens")
