"""One's cases: the list, a new one, one case's guided path, its files, its end."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from interlocal.case.document import Case
from interlocal.case.read import read_case
from interlocal.problems import InputError
from interlocal.reference import services
from interlocal.web import audiences, examples, kinds, policies, uploads
from interlocal.web.actions import cases as actions
from interlocal.web.models.people import UNNAMED
from interlocal.web.results import at_a_glance


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
            return uploads.read(request, read_case, "a case in YAML, JSON or Excel"), "Started from a file"
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


@policies.of_case("see")
def case(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show a case: what it is, the guided path, the latest study."""
    runs = audiences.studies(access)
    run = runs.first()
    done = audiences.answers(access).first()
    shown = {
        "access": access,
        "case": access.case,
        "at": "case",
        "document": access.case.head.read,
        "steps": kinds.steps(access),
        "run": run,
        "done": done,
        "glance": done and at_a_glance(done.views, reverse("study", args=[access.case.pk, done.pk])),
        "drafts": access.case.drafts.filter(person=request.user),
        "to_answer": [s for s in access.case.statements.all() if s.state == "open" and access.voice in s.quorums],
    }  # fmt: skip
    return render(request, "web/case.html", shown)


@policies.of_document("see")
def download(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Give a case or an agreement as JSON, with what this person may see."""
    data = audiences.without_hidden(access.case.head.data, access)
    response = HttpResponse(audiences.as_json(data), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{access.case.kind}-{access.case.latest}.json"'
    return response


@require_POST
@policies.of_document("manage")
def delete(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Delete a case or an agreement, once its title was typed."""
    if request.POST.get("title", "").strip() != access.case.title.strip():
        messages.error(request, "Nothing was deleted: the title you typed is another.")
        return redirect(kinds.address(access.case, "case_people"))
    kind = access.case.kind
    actions.delete_case(record=access.case, by=request.user)
    messages.success(request, f"The {kind} is deleted.")
    return redirect(f"{kind}s")
