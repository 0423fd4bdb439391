"""The laboratory of shares: move a weight, and see at once who pays what and who could do better without the others."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from interlocal.web import audiences, policies, trial


@policies.of_case("see")
def shares(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show the sliders and what follows; a request of theirs gets what follows alone."""
    data = access.case.head.data
    shown: dict[str, object] = {
        "access": access,
        "case": access.case,
        "at": "shares",
        "moved": bool(request.headers.get("HX-Request")),
    }
    if audiences.hide(data, access) != data:
        # What each would pay alone can be worked back to its figures.
        return render(request, "web/shares_kept.html", shown)
    shown["trial"] = trial.attempt(access.case.head.read, request.GET.dict())
    name = "web/shares_part.html" if shown["moved"] else "web/shares.html"
    return render(request, name, shown)
