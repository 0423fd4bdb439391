"""Regions: the list, a new one from tables or the example, what its columns mean, its tables, its end."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from interlocal.problems import InputError, Problem
from interlocal.region.guess import sketch
from interlocal.region.mapping import as_yaml, load_mapping, mapping_keys
from interlocal.web import policies, tables
from interlocal.web.actions import regions as actions
from interlocal.web.examples import region_files
from interlocal.web.forms import regions as form
from interlocal.web.models import RegionFile, RegionRecord
from interlocal.web.policies import RegionAccess
from interlocal.web.whole import whole

PREVIEW = 5
"""Rows that are shown of a table."""
LONGEST_MAPPING = 200_000
EDITORS = ("owner", "editor")


@policies.of_everyone_signed_in
def regions(request: HttpRequest) -> HttpResponse:
    """List the regions of one's organisations."""
    shown = {
        "regions": policies.regions_of(request.user),
        "may_start": policies.organisations_to_start_in(request.user).exists(),
    }
    return render(request, "web/regions.html", shown)


@policies.of_everyone_signed_in
def new_region(request: HttpRequest) -> HttpResponse:
    """Start a region: from one's tables, or from the example."""
    homes = policies.organisations_to_start_in(request.user)
    shown: dict[str, Any] = {"organisations": homes, "has_example": bool(region_files()), "most": f"{tables.MOST_GOVERNMENTS:,}"}  # fmt: skip
    if request.method != "POST":
        return render(request, "web/new_region.html", shown)
    home = next((o for o in homes if str(o.pk) == request.POST.get("organisation")), None) or homes.first()
    if home is None:
        raise PermissionDenied
    try:
        if request.POST.get("from") == "example":
            files = [tables.taken(role, name, content) for role, name, content in region_files()]
            text = "the example"
        else:
            files, text = form.uploads(request), "uploaded tables"
        mapping, checked = tables.fitted(files, _sent_mapping(request))
    except InputError as error:
        return render(request, "web/new_region.html", shown | {"problems": error.problems}, status=422)
    start = partial(actions.start_region, organisation=home, by=request.user, files=files)
    made = start(mapping=mapping, checked=checked, about=f"Started from {text}")
    return redirect("region" if checked else "region_mapping", made.pk)


def _sent_mapping(request: HttpRequest) -> dict[str, Any] | None:
    if request.POST.get("from") == "example":
        text = next(content for role, _, content in region_files(mapping=True) if role == "mapping").decode()
        return mapping_keys(text, "the example")
    sent = request.FILES.get("mapping")
    if sent is None:
        return None
    try:
        return mapping_keys(sent.read(LONGEST_MAPPING).decode("utf-8-sig"), sent.name or "mapping")
    except UnicodeDecodeError:
        raise InputError(Problem("mapping", sent.name or "mapping", "text that is not UTF-8", "a mapping in YAML", "Save the file as UTF-8.")) from None  # fmt: skip


@policies.of_region()
def region(request: HttpRequest, access: RegionAccess) -> HttpResponse:
    """Show a region: what was read, what can be asked, the runs, who changed it."""
    record = access.region
    shown: dict[str, Any] = {
        "access": access,
        "region": record,
        "head": record.head,
        "files": record.head.files.defer("content"),
        "runs": record.runs.defer("document", "views", "pairs").select_related("asked_by", "revision")[:50],
        "revisions": record.revisions.select_related("by")[:50],
    }
    if record.head.checked:
        read = tables.region_of(record.head)
        shown |= {"read": read.summary(), "source": read.source, "names": dict(zip(read.ids, read.names, strict=True))}  # fmt: skip
    return render(request, "web/region.html", shown)


@policies.of_region()
def mapping(request: HttpRequest, access: RegionAccess) -> HttpResponse:
    """Show what the columns mean as a form, and take what a person enters."""
    head = access.region.head
    if request.method != "POST":
        entry = form.entry_of(head.mapping)
        problems: list[Problem] = []
        if not head.checked and request.GET.get("look"):
            problems = _tried(entry, tables.files_of(head))[1]
        return _mapping(request, access, entry, problems)
    if not access.may_edit:
        raise PermissionDenied
    entry = {k: "\n".join(request.POST.getlist(k)) for k in request.POST if k not in {"csrfmiddlewaretoken", "do", "base"}}  # fmt: skip
    what, _, name = request.POST.get("do", "save").partition(":")
    if what == "add":
        return _mapping(request, access, entry, [], new={name: 1})
    document, problems = _tried(entry, tables.files_of(head))
    if problems:
        return _mapping(request, access, entry, problems, status=422)
    base = whole(request.POST.get("base"), 0)
    try:
        actions.save_region(record=access.region, base=base, by=request.user, mapping=document, checked=True, about="What the columns mean")  # fmt: skip
    except actions.Overtaken:
        messages.error(request, "Somebody saved at the same moment. Your entry is here; look at it, then save it again.")  # fmt: skip
        return _mapping(request, access, entry, [], status=409)
    messages.success(request, "Saved. The table was read through this mapping.")
    return redirect("region", access.region.pk)


def _tried(entry: dict[str, str], files: list[RegionFile]) -> tuple[dict[str, Any], list[Problem]]:
    """Return what an entry says, and everything that is wrong with it once the tables are read through it."""
    document, reader = form.read_entry(entry)
    problems = list(reader.problems)
    try:
        tables.read(files, document)
    except InputError as error:
        told = {p.path for p in problems}
        problems += [p for p in (form.placed(p, reader) for p in error.problems) if not p.path or p.path not in told]  # fmt: skip
    return document, problems


def _mapping(
    request: HttpRequest, access: RegionAccess, entry: dict[str, str], problems: list[Problem], *, status: int = 200, new: dict[str, int] | None = None
) -> HttpResponse:  # fmt: skip
    head = access.region.head
    files = tables.files_of(head)
    columns = tables.columns_of(files)
    heads = list(columns)
    shown = {
        "access": access,
        "region": access.region,
        "head": head,
        "at": "mapping",
        "groups": form.shown_mapping(entry, columns, [f.name for f in files], problems, new),
        "problems": problems,
        "base": access.region.latest,
        "may_edit": access.may_edit,
        "sketches": sketch(columns),
        "heads": heads,
        "rows": [[columns[h][n] for h in heads] for n in range(min(PREVIEW, len(columns[heads[0]])))],
        "count": len(columns[heads[0]]),
        "table": tables.table_of(files).name,
    }
    return render(request, "web/region_mapping.html", shown, status=status)


@policies.of_region()
def mapping_file(request: HttpRequest, access: RegionAccess) -> HttpResponse:
    """Give the mapping as the file that the command line takes."""
    if not access.region.head.checked:
        raise Http404
    text = as_yaml(load_mapping(access.region.head.mapping))
    response = HttpResponse(text.encode(), content_type="application/yaml")
    response["Content-Disposition"] = 'attachment; filename="mapping.yaml"'
    return response


@policies.of_region(*EDITORS)
def region_tables(request: HttpRequest, access: RegionAccess) -> HttpResponse:
    """Take other tables in the place of those there are; files that are not sent again stay."""
    record = access.region
    kept = tables.files_of(record.head)
    shown: dict[str, Any] = {"access": access, "region": record, "files": kept, "roles": RegionFile.Role.choices, "at": "tables"}  # fmt: skip
    if request.method != "POST":
        return render(request, "web/region_tables.html", shown)
    gone = set(request.POST.getlist("gone"))
    try:
        sent = form.uploads(request)
        new = {f.role for f in sent if f.role != "beside"} | gone
        stay = [tables.Upload(f.role, f.name, bytes(f.content)) for f in kept if f.role not in new]
        stay = [f for f in stay if f.name.lower() not in {s.name.lower() for s in sent}]
        files = [*sent, *stay]
        tables.look_at(files)
    except InputError as error:
        return render(request, "web/region_tables.html", shown | {"problems": error.problems}, status=422)
    if not sent and not gone:
        messages.info(request, "No file was chosen, so nothing was changed.")
        return redirect("region_tables", record.pk)
    fitted, checked = tables.fitted(files, tables.without(record.head.mapping, gone))
    try:
        actions.save_region(record=record, base=record.latest, by=request.user, mapping=fitted, checked=checked, about="Other tables", files=files)  # fmt: skip
    except actions.Overtaken:
        messages.error(request, "Somebody saved at the same moment. Look, then send the files again.")
        return redirect("region_tables", record.pk)
    return redirect("region", record.pk) if checked else redirect(f"{_mapping_page(record)}?look=1")


def _mapping_page(record: RegionRecord) -> str:
    return f"/regions/{record.pk}/mapping/"


@require_POST
@policies.of_region("owner")
def delete(request: HttpRequest, access: RegionAccess) -> HttpResponse:
    """Delete a region, once its title was typed."""
    if request.POST.get("title", "").strip() != access.region.title.strip():
        messages.error(request, "Nothing was deleted: the title you typed is not the region’s.")
        return redirect("region", access.region.pk)
    actions.delete_region(record=access.region, by=request.user)
    messages.success(request, "The region is deleted.")
    return redirect("regions")
