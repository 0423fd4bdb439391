"""What the public reads of a case: its page, earlier editions, documents, the feed, and the form for a comment.

No account, no cookie, no script. A token against forged forms would need a cookie; what a browser says of where a form
came from does instead. Of whoever sends a comment nothing is kept but what they wrote.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from functools import wraps
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language_from_request
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from interlocal.report import public_words
from interlocal.report.language import SOURCE, languages, speaking
from interlocal.web import feeds, policies, public_page, publishing
from interlocal.web.actions import residents as actions
from interlocal.web.models import Edition, Publication

MINUTE = 60
STAMP = "interlocal.public.comment"
FASTEST, SLOWEST = 3, 24 * 3600
"""Seconds in which a person writes a comment."""


def _open(view: policies.View) -> policies.View:
    """Let everybody keep a page for a minute, in the language it is in, and ask for it again only where it changed."""

    @conditional_page
    @wraps(view)
    def opened(request: HttpRequest, **rest: Any) -> HttpResponse:
        response = view(request, **rest)
        if request.method in {"GET", "HEAD"} and response.status_code in {200, 410}:
            response.headers.setdefault("Cache-Control", f"public, max-age={MINUTE}")
            patch_vary_headers(response, ["Accept-Language"])
        response["Referrer-Policy"] = "no-referrer"
        return response

    return opened


def language(request: HttpRequest) -> str:
    """Return the language asked for on the page, or the browser's."""
    wished = request.GET.get("lang") or get_language_from_request(request)
    return wished if wished in languages() else SOURCE


@policies.of_the_public
@_open
def cases(request: HttpRequest) -> HttpResponse:
    """List what is public."""
    code = language(request)
    frame = public_page.frame(code)
    rows = [public_page.listed(p, frame["say"]) for p in Publication.objects.filter(stands=True)]
    return render(request, "web/public/list.html", frame | {"cases": rows, "address": _absolute("public")})


@policies.of_the_public
@_open
def rules(request: HttpRequest) -> HttpResponse:
    """Say under which rules comments are shown."""
    code = language(request)
    with speaking(code):
        shown = {"rules": list(public_words.rules().values()), "principles": public_words.principles()}
    return render(request, "web/public/rules.html", public_page.frame(code) | shown | {"address": _absolute("public_rules")})  # fmt: skip


@policies.of_the_public
@_open
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the latest edition, or a stub where the page was taken down."""
    publication = _publication(slug)
    latest = publication.latest
    if not publication.stands or latest is None:
        return _stub(request, publication)
    return _edition(request, publication, latest)


@policies.of_the_public
@_open
def edition(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show an edition as it was published; the latest has the page's own address."""
    publication = _publication(slug)
    if not publication.stands:
        return _stub(request, publication)
    found = get_object_or_404(publication.editions, number=number)
    if publication.latest == found:
        return redirect(f"{reverse('public_page', args=[slug])}?lang={language(request)}")
    if found not in publishing.readable(publication):
        return _stub(request, publication, number)
    return _edition(request, publication, found)


def _edition(request: HttpRequest, publication: Publication, shown: Edition) -> HttpResponse:
    code = language(request)
    page = public_page.whole(publication, shown.content, code, number=shown.number, page=request.GET.get("page", "1"))  # fmt: skip
    return render(request, "web/public/page.html", page | {"address": _absolute("public_page", publication.slug)})  # fmt: skip


def _stub(request: HttpRequest, publication: Publication, number: int | None = None) -> HttpResponse:
    frame = public_page.frame(language(request))
    return render(request, "web/public/stub.html", frame | public_page.stub(publication, frame["say"], number), status=410)  # fmt: skip


@policies.of_the_public
@_open
def document(request: HttpRequest, slug: str, number: int, name: str) -> HttpResponse:
    """Give a document of an edition, the bytes that were published."""
    publication = _publication(slug)
    if not publication.stands:
        return _stub(request, publication)
    found = get_object_or_404(publication.editions, number=number)
    if found not in publishing.readable(publication):
        return _stub(request, publication, number)
    held = get_object_or_404(found.documents, name=name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(bytes(held.data), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{PurePosixPath(name).name}"'
    return response


@policies.of_the_public
@_open
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """Give what is new on a page as an Atom feed."""
    publication, code = _publication(slug), language(request)
    made = feeds.atom(publication, code, _absolute("public_page", slug), _absolute("public_feed", slug))
    return HttpResponse(made, content_type="application/atom+xml; charset=utf-8")


@csrf_exempt
@policies.of_the_public
@_open
def comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form for a comment, and take one."""
    publication, code = _publication(slug), language(request)
    latest = publication.latest
    if not publication.stands or latest is None:
        return _stub(request, publication)
    is_open = public_page.takes_comments(latest.content)
    entry = {k: request.POST.get(k, "") for k in ("text", "name", "website", "made")}
    problems = []
    if request.method == "POST" and is_open:
        problems = _problems(request, publication, entry)
        if not problems:
            text, name = actions.cleaned(entry["text"]), actions.cleaned(entry["name"]).replace("\n", " ")
            made = actions.comment(publication=publication, text=text, name=name, language=code)
            return redirect(f"{reverse('public_thanks', args=[slug])}?lang={code}&n={made.number}")
    frame = public_page.frame(code)
    shown = public_page.comment_form(publication, latest.content, code, problems)
    # A form that comes back for mending keeps its time, so that mending it quickly is not taken for a program.
    made_at = entry["made"] if problems and "old" not in problems else signing.dumps("", salt=STAMP)
    response = render(
        request,
        "web/public/comment.html",
        frame | shown | {"entry": entry, "made": made_at, "open": is_open},
        status=422 if problems else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


def _problems(request: HttpRequest, publication: Publication, entry: Mapping[str, str]) -> list[str]:
    """Return the names of what is wrong with a comment, everything at once; a good one counts against its connection."""
    found = actions.faults(text=entry["text"], name=entry["name"])
    if entry["website"]:
        found.append("trap")
    if _from_elsewhere(request):
        found.append("elsewhere")
    try:
        signing.loads(entry["made"], salt=STAMP, max_age=SLOWEST)
        if _is_fresh(entry["made"]):
            found.append("fast")
    except signing.BadSignature:
        found.append("old")
    if not found and actions.is_full(publication):
        found.append("full")
    if not found and not _counts(request):
        found.append("many")
    return found


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in {"same-origin", "none"}
    # Older browsers, and any without TLS, tell the origin alone; ours asks them to keep it, which they write as null.
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.get_host()


def _is_fresh(made: str) -> bool:
    try:
        signing.loads(made, salt=STAMP, max_age=FASTEST)
    except signing.SignatureExpired:
        return False
    return True


def _counts(request: HttpRequest) -> bool:
    """Count a comment against its connection; the address itself is kept nowhere, and its print differs from day to day."""
    day = timezone.now().date().isoformat()
    key = salted_hmac(STAMP, f"{day} {ratelimit.get_ip(request)}", algorithm="sha256").hexdigest()
    return bool(ratelimit.consume(request, app="allauth.account", action="public_comment", key=key))


@policies.of_the_public
@_open
def thanks(request: HttpRequest, slug: str) -> HttpResponse:
    """Say thanks, on an address that can be loaded again."""
    publication = _publication(slug)
    if not publication.stands:
        return _stub(request, publication)
    frame, n = public_page.frame(language(request)), request.GET.get("n", "")
    number = n if n.isdecimal() and len(n) < 8 else "?"
    return render(request, "web/public/thanks.html", frame | {"publication": publication, "thanks": frame["say"]["thanks"].format(n=number)})  # fmt: skip


def _publication(slug: str) -> Publication:
    """Return what is or was public under an address; one that was only prepared is not there."""
    return get_object_or_404(Publication.objects.exclude(slug=None), slug=slug)


def _absolute(name: str, *args: object) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=args)}"
