"""The packet: every document of a study that a governing body votes on."""

from __future__ import annotations

import io
import mimetypes
import zipfile
from pathlib import PurePosixPath

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info

from interlocal.case.document import Case
from interlocal.report.language import DRAFT
from interlocal.web import policies
from interlocal.web.actions import studies as actions
from interlocal.web.models import Packet
from interlocal.web.results import SCREENS
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
        "screens": SCREENS,
        "packet": held,
        "documents": _documents(_open(held).namelist(), found.studied) if held and held.files else {},
        "may_edit": access.may("edit"),
    }
    return render(request, "web/packet.html", shown)


@policies.of_case("see")
def packet_file(request: HttpRequest, access: policies.Access, run: object, name: str) -> HttpResponse:
    """Give one document, or all of them as packet.zip."""
    held = Packet.objects.filter(run=run_of(access, run), files__isnull=False).first()
    if held is None:
        raise Http404
    if name == "packet.zip":
        data = bytes(held.files)
    elif name in _open(held).namelist():
        data = _open(held).read(name)
    else:
        raise Http404
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{PurePosixPath(name).name}"'
    return response


_TITLES = {
    "brief": "Brief of two pages",
    "victories": "Victories, one page for the public",
    "report": "Report",
    "agreement": "Draft agreement",
    "resolution": "Resolution, as a template",
    "memo": "Memo, as a template",
    "workbook": "Workbook with live formulas",
}
_FORMS = {".pdf": "PDF", ".docx": "Word", ".xlsx": "Excel"}


def _documents(names: list[str], case: Case) -> dict[str, list[tuple[str, str]]]:
    """Return the files by document: what each is called, and in which forms it can be had."""
    partners = {p.id: p.name for p in case.partners}
    found: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        path = PurePosixPath(name)
        what, _, language = path.stem.partition(".")
        title = f"Sheet for {partners[what]}" if path.parent.name else _TITLES[what]
        if language:
            title += f", {get_language_info(language)['name_local']}"
            title += " (a draft: nobody has reviewed the translation)" if language in DRAFT else ""
        found.setdefault(title, []).append((_FORMS[path.suffix], name))
    return found


def _open(held: Packet) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes(held.files)))
