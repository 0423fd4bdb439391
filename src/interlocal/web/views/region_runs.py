"""Scans and divisions of a region: ask for one, see how far it is, look at what was found, open a candidate as a case."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from interlocal.problems import InputError
from interlocal.region.render import as_csv, as_json
from interlocal.region.wording import words
from interlocal.web import policies, tables
from interlocal.web.actions import regions as actions
from interlocal.web.asks import AT_ONCE, LARGEST_TO_GROUP, ask_of, command_line
from interlocal.web.atlas import SHOWN, Found, seen_by
from interlocal.web.forms.regions import asked
from interlocal.web.models import RegionRun
from interlocal.web.models.cases import as_values
from interlocal.web.policies import RegionAccess
from interlocal.web.views.regions import EDITORS

SCREENS = {"map": "Map", "services": "Services", "curves": "Cost curves", "checks": "Checks", "data": "Data used"}  # fmt: skip


@policies.of_region(*EDITORS)
def ask(request: HttpRequest, access: RegionAccess, kind: str) -> HttpResponse:
    """Ask for a scan or a division."""
    head = access.region.head
    if not head.checked:
        return redirect("region_mapping", access.region.pk)
    read = tables.region_of(head)
    shown: dict[str, Any] = {
        "access": access,
        "region": access.region,
        "at": kind,
        "kind": kind,
        "services": [(s, words(s)) for s in read.services],
        "places": read.names,
        "entry": request.POST,
        "chosen": request.POST.getlist("services") if request.method == "POST" else list(read.services),
        "has_agreements": bool(read.registers.agreements),
        "too_many": len(read.ids) > LARGEST_TO_GROUP,
        "largest": LARGEST_TO_GROUP,
    }
    if request.method != "POST":
        return render(request, "web/region_ask.html", shown)
    try:
        wanted = ask_of(kind, asked(request.POST, kind))
        wanted.check(read)
    except InputError as error:
        problems = [dataclasses.replace(p, path="service" if p.path == "services" and kind == "group" else p.path) for p in error.problems]  # fmt: skip
        return render(request, "web/region_ask.html", shown | {"problems": problems}, status=422)
    if access.region.runs.filter(status__in=("waiting", "running")).count() >= AT_ONCE:
        messages.error(request, "Three runs over this region are under way. Wait for one, or cancel it.")
        return redirect("region", access.region.pk)
    run = actions.ask_for_run(revision=head, kind=kind, options=wanted.model_dump(), by=request.user)
    return redirect("region_run", access.region.pk, run.pk)


def run_of(access: RegionAccess, pk: object, *, pairs: bool = False) -> RegionRun:
    """Return a run of the region; every pair that it looked at only where they are needed."""
    runs = RegionRun.objects.select_related("revision", "region")
    found = (runs if pairs else runs.defer("pairs")).filter(region=access.region, pk=pk).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, access: RegionAccess, run: RegionRun) -> dict[str, Any]:
    table = run.revision.files.defer("content").filter(role="table").first()
    posts = run.revision.files.defer("content").filter(role="posts").first()
    return {
        "access": access,
        "region": access.region,
        "run": run,
        "at": "runs",
        "command": command_line(
            run.kind,
            table.name if table else "",
            ask_of(run.kind, run.options),
            posts=posts.name if posts else None,
        ),
        "screens": {k: t for k, t in SCREENS.items() if k == "map" or k in run.views},
        "may_open": policies.organisations_to_start_in(request.user).exists(),
    }


@policies.of_region()
def progress(request: HttpRequest, access: RegionAccess, run: object) -> HttpResponse:
    """Show how far a run is; the page asks again by itself, with or without scripts."""
    found = run_of(access, run)
    if found.document:
        response = redirect("region_screen", access.region.pk, found.pk, "map")
        if request.headers.get("HX-Request"):
            response = HttpResponse(headers={"HX-Redirect": response.url})
        return response
    name = "web/region_progress_part.html" if request.headers.get("HX-Request") else "web/region_progress.html"  # fmt: skip
    return render(request, name, {"access": access, "region": access.region, "run": found, "at": "runs"})


@require_POST
@policies.of_region(*EDITORS)
def cancel(request: HttpRequest, access: RegionAccess, run: object) -> HttpResponse:
    """Stop a run; a division keeps the best so far."""
    actions.cancel_run(run=run_of(access, run), by=request.user)
    return redirect("region_run", access.region.pk, run)


@policies.of_region()
def screen(request: HttpRequest, access: RegionAccess, run: object, screen: str) -> HttpResponse:
    """Show one screen of what was found."""
    held = run_of(access, run)
    if not held.document or (screen != "map" and screen not in held.views):
        raise Http404
    shown = _shown(request, access, held) | {"screen": screen}
    if screen != "map":
        return render(request, "web/region_part.html", shown | {"fragment": held.views[screen]})
    found = Found(held, access)
    service = request.GET.get("service", "") if held.kind == "scan" else ""
    low = _number(request.GET.get("low"))
    rows = found.rows(low=low, service=service)
    everything = bool(request.GET.get("all"))
    least, most, step = found.lowest_ends
    shown |= {
        "found": found,
        "document": found.document,
        "rows": rows if everything else rows[:SHOWN],
        "more": 0 if everything else max(len(rows) - SHOWN, 0),
        "count": len(rows),
        "whole": len(found.entries),
        "picture": found.picture(rows, outline=held.kind == "group" or bool(service)),
        "low": least if low is None else low,
        "least": least,
        "most": most,
        "step": step,
        "service": service,
        "services": found.services(),
        "positive": any(e["saving"]["mean"] > 0 for e in found.entries),
        "sure": sum(r.saves_at_low_end for r in rows),
        "places": list(enumerate(found.region.names)),
    }
    name = "web/region_map_part.html" if request.headers.get("HX-Request") else "web/region_map.html"
    return render(request, name, shown)


def _number(text: str | None) -> float | None:
    try:
        value = float((text or "").replace(",", ""))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


@policies.of_region()
def place(request: HttpRequest, access: RegionAccess, run: object, place: int) -> HttpResponse:
    """Show one place: its candidates, every pair with its neighbours, what is not known of it."""
    held = run_of(access, run, pairs=True)
    if not held.document:
        raise Http404
    found = Found(held, access)
    if place >= len(found.region.ids):
        raise Http404
    rows, pairs = found.rows(place=place), found.pairs(place)
    shown = _shown(request, access, held) | {
        "found": found,
        "document": found.document,
        "screen": "place",
        "name": found.region.names[place],
        "people": found.region.population[place],
        "rows": rows,
        "pairs": [p for p in pairs if not p.mean.startswith("-")][:SHOWN],
        "losing": sum(p.mean.startswith("-") for p in pairs),
        "unknown": found.unknown(place),
        "best": found.best_partner(place),
        "picture": found.picture(rows or pairs[:1], outline=True, place=place),
    }
    return render(request, "web/region_place.html", shown)


@policies.of_region()
def document(request: HttpRequest, access: RegionAccess, run: object, form: str) -> HttpResponse:
    """Give what was found as JSON, the bytes that the command line writes, or as CSV."""
    held = run_of(access, run)
    if not held.document:
        raise Http404
    whole = as_values(held.document)
    seen = seen_by(access, whole)
    if form == "csv":
        text, kind = as_csv(seen), "text/csv; charset=utf-8"
    else:
        text, kind = held.document if seen is whole else as_json(seen), "application/json"
    response = HttpResponse(text.encode(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{held.kind}.{form}"'
    return response


@policies.of_region()
def open_candidate(request: HttpRequest, access: RegionAccess, run: object) -> HttpResponse:
    """Say what a case from a candidate would hold, and start it in the organisation that is chosen."""
    homes = policies.organisations_to_start_in(request.user)
    held = run_of(access, run, pairs=True)
    if not held.document:
        raise Http404
    found = Found(held, access)
    given = request.POST if request.method == "POST" else request.GET
    candidate = found.candidate({k: str(given.get(k, "")) for k in ("candidate", "service", "pair")})
    if candidate is None:
        raise Http404
    if not homes:
        raise PermissionDenied
    if request.method == "POST":
        home = next((o for o in homes if str(o.pk) == request.POST.get("organisation")), None) or homes[0]
        made = actions.open_as_case(revision=held.revision, candidate=candidate, organisation=home, by=request.user)  # fmt: skip
        messages.success(request, "The case is started. What the table says is filled in with its source; the joint cost is an assumption of the screening.")  # fmt: skip
        return redirect("case", made.pk)
    shown = _shown(request, access, held) | {
        "organisations": homes,
        "candidate": candidate,
        "service": words(candidate["service"]),
        "given": {k: given[k] for k in ("candidate", "service", "pair") if k in given},
        "currency": found.region.currency,
        "screen": "open",
    }
    return render(request, "web/region_open.html", shown)
