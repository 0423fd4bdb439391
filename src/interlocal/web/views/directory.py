"""The public directory of agreements, and the members' consent to stand in it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from interlocal.report import directory_words
from interlocal.report.language import _, speaking
from interlocal.web import directory as listing
from interlocal.web import policies, public_page
from interlocal.web.actions import directory as actions
from interlocal.web.views.public import _open, language


@policies.of_the_public
@_open
def directory(request: HttpRequest) -> HttpResponse:
    """Show who shares what with whom since when, to everybody."""
    code, text = language(request), request.GET.get("q", "").strip()[:100]
    with speaking(code):
        words = directory_words.directory()
        rows = [(r, _(r.listed.service or ""), _(r.listed.form or "")) for r in listing.rows(text)]
    shown = public_page.frame(code) | {"words": words, "rows": rows, "text": text}
    shown |= {"count": words["count"].format(n=len(rows)), "nothing": words["nothing"].format(text=text)}
    return render(request, "web/public/directory.html", shown)


@policies.of_agreement("see")
def consents(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show which members consented to being listed, and let each say so for itself."""
    publication, members = access.case.head.partnership.publication, listing.members(access)
    shown = {
        "access": access,
        "case": access.case,
        "at": "directory",
        "members": members,
        "publication": publication,
        "stands": publication.listed and all(m.consent for m in members),
    }
    return render(request, "web/listing.html", shown)


@require_POST
@policies.of_agreement("see")
def decide(request: HttpRequest, access: policies.Access, party: str) -> HttpResponse:
    """Give or take back a member's consent: its own people, or who keeps the books where nobody stands for it here."""
    member = next((m for m in listing.members(access) if m.id == party), None)
    if member is None:
        raise Http404
    if not (member.mine or member.on_paper):
        raise PermissionDenied
    where = request.POST.get("kept_where", "").strip()
    if request.POST.get("do") == "take_back":
        actions.take_back(record=access.case, party=party, by=request.user)
        messages.success(request, f"{member.name} is no longer shown, and the agreement left the directory.")
    elif not member.mine and not where:
        messages.error(
            request, f"Write where the consent of {member.name} is kept: nobody stands for it here."
        )
    else:
        results = request.POST.get("results") == "on"
        actions.consent(record=access.case, party=party, results=results, by=request.user, kept_where="" if member.mine else where)  # fmt: skip
        messages.success(request, f"The consent of {member.name} is kept.")
    return redirect("agreement_listing", access.case.pk)
