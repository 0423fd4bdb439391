"""Links that open nothing, counted by where they are tried from. Good ones are not: a whole office shares an address."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse


def refusal(request: HttpRequest, kind: str) -> HttpResponse | None:
    """Return the page for a visitor who has tried too many links of a kind of late; None for anybody else."""
    return None if _counted(request, kind, look=True) else ratelimit.respond_429(request)


def count(request: HttpRequest, kind: str) -> None:
    """Count a link that opened nothing."""
    _counted(request, kind, look=False)


def _counted(request: HttpRequest, kind: str, *, look: bool) -> bool:
    return bool(ratelimit.consume(request, app="allauth.account", action=kind, limit_get=True, dry_run=look))
