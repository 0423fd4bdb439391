"""The packet: every document of a study that a governing body votes on."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.report.naming import by_document
from interlocal.web import policies
from interlocal.web.actions import studies as actions
from interlocal.web.models import Packet
from interlocal.web.views.studies import run_of


@policies.of_case("see")
def packet(request: HttpRequest, access: policies.Access, run: object) -> HttpResponse:
    """List the documents, and have them made."""
    found = run_of(access, run)
    if not found.document:
        raise Http404
    if request.method == "POST":
        if not access.may("edit"):
            raise PermissionDenied
        actions.ask_for_packet(run=found, by=request.user)
        return redirect("packet", access.case.pk, found.pk)
    held = Packet.objects.filter(run=found).first()
    shown = {
        "access": access,
        "case": access.case,
        "at": "studies",
        "run": found,
        "screen": "packet",
        "packet": held,
        "documents": by_document(held.names, {p.id: p.name for p in found.studied.partners}) if held else {},
        "may_edit": access.may("edit"),
    }
    return render(request, "web/packet.html", shown)


@policies.of_case("see")
def packet_file(request: HttpRequest, access: policies.Access, run: object, name: str) -> HttpResponse:
    """Give one document, or all of them as packet.zip."""
    held = Packet.objects.filter(run=run_of(access, run)).first()
    data = held.document(name) if held else None
    if data is None:
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{PurePosixPath(name).name}"'
    return response
