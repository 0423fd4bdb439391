"""One's cases: the list, a new one, one case's guided path, its files, its end."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from interlocal.case.document import Case
from interlocal.case.read import read_case
from interlocal.problems import InputError, Problem
from interlocal.reference import services
from interlocal.web import audiences, examples, guide, policies
from interlocal.web.actions import cases as actions
from interlocal.web.models.people import UNNAMED

LARGEST = 8_000_000
"""Largest file that is read [bytes]."""


@policies.of_everyone_signed_in
def cases(request: HttpRequest) -> HttpResponse:
    """List one's cases."""
    found = policies.cases_of(request.user)
    may_start = policies.organisations_to_start_in(request.user).exists()
    unnamed = request.user.organisations.filter(name=UNNAMED, memberships__role="owner").first()
    shown = {"cases": found, "may_start": may_start, "unnamed": unnamed}
    return render(request, "web/cases.html", shown)


@policies.of_everyone_signed_in
def new_case(request: HttpRequest) -> HttpResponse:
    """Start a case: from nothing, from a file, from an example."""
    homes = policies.organisations_to_start_in(request.user)
    shown = {
        "organisations": homes,
        "examples": examples.titles(),
        "services": sorted(services().values(), key=lambda s: s.name),
        "entry": request.POST,
    }
    if request.method != "POST":
        return render(request, "web/new_case.html", shown)
    home = next((o for o in homes if str(o.pk) == request.POST.get("organisation")), None) or homes.first()
    if home is None:
        return policies_denied(request)
    try:
        case, about = _started(request)
    except InputError as error:
        return render(request, "web/new_case.html", shown | {"problems": error.problems}, status=422)
    record = actions.start_case(case=case, organisation=home, by=request.user, about=about)
    return redirect("case", record.pk)


def policies_denied(request: HttpRequest) -> HttpResponse:
    """Say that one's role starts no cases."""
    return render(request, "web/403.html", status=403)


def _started(request: HttpRequest) -> tuple[Case, str]:
    match request.POST.get("from"):
        case "file":
            return read_upload(request), "Started from a file"
        case "example":
            name = request.POST.get("example", "")
            return examples.case(name), f"Started from the example {name}"
        case _:
            return examples.from_nothing(
                title=request.POST.get("title", ""),
                service=request.POST.get("service", ""),
                partners=request.POST.get("partners", ""),
                currency=request.POST.get("currency", ""),
                as_of=dt.datetime.now(tz=dt.UTC).date(),
            ), "Started from nothing"


def read_upload(request: HttpRequest) -> Case:
    """Read the file a person sent as a case: bounded, checked, and never kept as a file."""
    sent = request.FILES.get("file")
    if sent is None or sent.size is None:
        raise InputError(Problem("file", "the file", "no file", "a case in YAML, JSON or Excel", "Choose a file."))  # fmt: skip
    if sent.size > LARGEST:
        raise InputError(Problem("file", sent.name or "the file", f"{sent.size / 1e6:.0f} MB", f"at most {LARGEST / 1e6:.0f} MB", "Check that it is the right file."))  # fmt: skip
    name = Path(sent.name or "case.yaml").name
    with tempfile.TemporaryDirectory() as folder:
        # The reader chooses the form by the ending; the rest of a stranger's file name goes nowhere.
        path = Path(folder) / f"case{Path(name).suffix.lower()[:6]}"
        path.write_bytes(sent.read())
        try:
            return read_case(path)
        except InputError as error:
            raise InputError([Problem(p.path, p.where.replace(str(path), name), p.found, p.expected, p.fix) for p in error.problems]) from None  # fmt: skip


@policies.of_case("see")
def case(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show a case: what it is, the guided path, the latest study."""
    run = next(iter(audiences.studies(access)), None)
    shown = {
        "access": access,
        "case": access.case,
        "at": "case",
        "document": access.case.head.read,
        "steps": guide.steps(access),
        "run": run,
        "drafts": access.case.drafts.filter(person=request.user),
        "to_answer": [s for s in access.case.statements.all() if s.state == "open" and access.voice in s.quorums],
    }  # fmt: skip
    return render(request, "web/case.html", shown)


@policies.of_case("see")
def download(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Give the case as JSON, with what this person may see."""
    data = audiences.without_hidden(access.case.head.data, access)
    response = HttpResponse(audiences.as_json(data), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="case-{access.case.latest}.json"'
    return response


@require_POST
@policies.of_case("manage")
def delete(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Delete a case, once its title was typed."""
    if request.POST.get("title", "").strip() != access.case.title.strip():
        messages.error(request, "Nothing was deleted: the title you typed is not the case’s.")
        return redirect("case_people", access.case.pk)
    actions.delete_case(record=access.case, by=request.user)
    messages.success(request, "The case is deleted.")
    return redirect("cases")
