"""The first screen, and the ones that need no account: health and the accessibility statement."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from interlocal import __version__
from interlocal.web import policies, uploads
from interlocal.web.models import CaseRecord, Person, StudyRun
from interlocal.web.security import from_this_machine


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
    if not from_this_machine(request):
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
    return render(request, "web/accessibility.html", {"hours": settings.SESSION_COOKIE_AGE // 3600})


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, to strangers and to everybody alike."""
    return render(request, "web/404.html", status=404)


def not_read(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a request was not read, because it is too large or was made by no page of ours."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        most = f"{uploads.LARGEST / 1e6:.0f} MB"
        shown = {"what": "This is too much at once", "fix": f"Nothing of it was kept. A file may have {most}; send less text, or fewer rows, at once."}  # fmt: skip
        return render(request, "web/400.html", shown, status=413)
    shown = {"what": "This request makes no sense here", "fix": "Go back to the page you came from and try again."}  # fmt: skip
    return render(request, "web/400.html", shown, status=400)


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that a form came without the mark of our own pages: from an old page, or from another site."""
    shown = {"what": "This form has lost its mark", "fix": "Nothing was saved. Go back, load the page again (signing in anew renews the mark; cookies must be allowed), and send it once more."}  # fmt: skip
    return render(request, "web/400.html", shown, status=403)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that one's role does not allow it."""
    return render(request, "web/403.html", status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, with a number to quote."""
    return render(request, "web/500.html", {"number": request.META.get("INTERLOCAL_REQUEST")}, status=500)
