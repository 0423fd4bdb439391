"""The first screen, and the ones that need no account: health and the accessibility statement."""

from __future__ import annotations

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from interlocal import __version__
from interlocal.web import policies
from interlocal.web.environment import LOOPBACK
from interlocal.web.models import CaseRecord, Person, StudyRun


@policies.of_the_public
def home(request: HttpRequest) -> HttpResponse:
    """Show one's cases, or say what this is."""
    if request.user.is_authenticated:
        return redirect("cases")
    return render(request, "web/welcome.html")


@policies.of_the_public
def health(request: HttpRequest) -> HttpResponse:
    """Say whether the application and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "interlocal": __version__})


@policies.of_the_public
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell a monitor on this machine how much there is to do; counts alone, in the Prometheus text format."""
    if request.headers.get("X-Forwarded-For") or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    counts = {s: StudyRun.objects.filter(status=s).count() for s in StudyRun.Status.values}
    lines = [f'interlocal_studies{{status="{s}"}} {n}' for s, n in counts.items()]
    lines += [
        f"interlocal_cases {CaseRecord.objects.count()}",
        f"interlocal_accounts {Person.objects.count()}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


@policies.of_the_public
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement with its known gaps."""
    return render(request, "web/accessibility.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, to strangers and to everybody alike."""
    return render(request, "web/404.html", status=404)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that one's role does not allow it."""
    return render(request, "web/403.html", status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, with a number to quote."""
    return render(request, "web/500.html", {"number": request.META.get("INTERLOCAL_REQUEST")}, status=500)
