"""The life of an agreement: its rhythm, relationship, victories, stops and figures, and the small steps people do there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interlocal.partnership.endings import learned, settlement
from interlocal.problems import InputError, Problem
from interlocal.report.partnership import victories as paper
from interlocal.report.pdf import to_pdf
from interlocal.report.pulses import MOST
from interlocal.web import audiences, kinds, money, moves, policies, running
from interlocal.web.actions.moves import make_move
from interlocal.web.forms.entries import Entry, Reader, fill
from interlocal.web.forms.page import Builder
from interlocal.web.forms.shape import label
from interlocal.web.models import Revision
from interlocal.web.views.edit import placed, where

LATEST = 24
"""Check-ins that were held, shown on the page; all stand among what the agreement says."""


@policies.of_agreement("see")
def rhythm(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show check-ins, decisions and actions, what is overdue and with whom, and early signs of drift."""
    o = running.overview(access.case, access.audience)
    life, day = o.agreement.life, o.register.as_of
    active = [a for a in life.actions if a.closed_on is None or a.closed_on > day]
    late = {x.action.id: x for x in o.rhythm.overdue}
    return _screen(
        request, access, "rhythm", o=o,
        signs=running.signs(access.case, access.audience),
        active=[(a, late.get(a.id)) for a in sorted(active, key=lambda a: (a.due is None, a.due, a.id))],
        done=[a for a in life.actions if a not in active],
        ahead=sorted((c for c in life.check_ins if c.held is None), key=lambda c: c.planned),
        held=sorted((c for c in life.check_ins if c.held), key=lambda c: c.planned, reverse=True)[:LATEST],
        elections=[(e, o.register.name(e.organisation)) for e in sorted((e for e in life.elections if e.on >= day), key=lambda e: e.on)],
    )  # fmt: skip


@policies.of_agreement("see")
def relationship(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show the pulse and its trend, open issues and disputes with their ages, and early warnings with their evidence."""
    o = running.overview(access.case, access.audience)
    life = o.agreement.life
    closed = [*(i for i in life.issues if i.closed_on), *(d for d in life.disputes if d.closed_on)]
    found = o.relationship
    return _screen(
        request, access, "relationship", o=o, found=found, closed=closed,
        pulse=access.case.surveys.filter(kind="pulse").first(), manages=access.may("manage"),
        earlier=found.pulses[:-MOST], report=running.pulses_part(access.case, access.audience),
    )  # fmt: skip


@policies.of_agreement("see")
def victories(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what was reached, in lines for residents, who was told, and what is planned."""
    o = running.overview(access.case, access.audience)
    milestones = o.agreement.life.milestones
    reached = [m for m in milestones if m.reached_on is not None and m.reached_on <= o.register.as_of]
    return _screen(
        request, access, "victories", o=o, ahead=[m for m in milestones if m not in reached],
        told=not reached or o.victories, reached=[m for m in reached if m.visible_win],
    )  # fmt: skip


@policies.of_agreement("see")
def victories_pdf(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Give the page for residents, with nothing that is not public."""
    work = lambda: to_pdf(paper(running.overview(access.case, access.audience), one_page=True))  # noqa: E731
    response = HttpResponse(
        running.kept(access.case, access.audience, "victories", work), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'attachment; filename="victories.pdf"'
    return response


@policies.of_agreement("see")
def endings(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what stopped here and elsewhere, what was learned of it, and how an ending divides what is shared."""
    o = running.overview(access.case, access.audience)
    divided, open_ = None, None
    if o.agreement.ending is not None:
        try:
            divided = settlement(o.ledger)
        except InputError as error:
            open_ = error.problems
    rows = sorted(divided.totals.items()) if divided else ()
    return _screen(
        request, access, "endings", o=o, learned=learned(o.register), divided=divided, open=open_,
        totals=[(o.register.name(p), [d.parts.get(p, 0) for d in divided.divisions], total) for p, total in rows] if divided else (),
        leavers=() if o.agreement.ending else money.leavers(access), terms=money.TERMS.values(),
        elsewhere=running.learned_elsewhere(request.user, o.agreement.service, access.case),
    )  # fmt: skip


@policies.of_everyone_signed_in
def learned_before(request: HttpRequest) -> HttpResponse:
    """Show what stopped or ended in all of one's agreements and cases, for the next attempt."""
    return render(request, "web/learned.html", {"learned": running.learned_elsewhere(request.user, None)})


@policies.of_agreement("see")
def figures(request: HttpRequest, access: policies.Access) -> HttpResponse:
    """Show what was recorded by period, with its source and who certifies it."""
    o = running.overview(access.case, access.audience)
    records = sorted(o.agreement.records, key=lambda r: (-r.year, r.kind, r.organisation or "", r.id))
    years = sorted({r.year for r in records}, reverse=True)
    asked = request.GET.get("year", "")
    year = next((y for y in years if str(y) == asked), years[0] if years else None)
    names = dict(kinds.AGREEMENT.known(o.agreement)["measures"]) if records else {}
    rows = [
        (r, o.register.name(r.organisation) if r.organisation else "All together", names.get(r.measure or "", label(r.measure) if r.measure else ""))
        for r in records if r.year == year
    ]  # fmt: skip
    open_ = sum(r.certified_by is None for r in records)
    return _screen(request, access, "figures", o=o, years=years, year=year, rows=rows, uncertified=open_)


def _screen(request: HttpRequest, access: policies.Access, screen: str, **more: Any) -> HttpResponse:
    shown = {
        "access": access,
        "case": access.case,
        "at": screen,
        "today": running.today(),
        "begins": moves.of_screen(screen) if access.may("edit") else (),
        "may_edit": access.may("edit"),
    }
    return render(request, f"web/{screen}.html", shown | more)


@policies.of_agreement("edit")
def move(request: HttpRequest, access: policies.Access, move: str, key: str = "") -> HttpResponse:
    """Show the form of a step, and make it."""
    step = moves.MOVES.get(move)
    if step is None or step.changes != bool(key):
        raise Http404
    data = audiences.hide(access.case.head.data, access)
    old = moves.found(step, data, key) if step.changes else None
    if step.changes and old is None:
        raise Http404
    if request.method != "POST":
        entry: Entry = {}
        fill(step.shape, old or _one(step, data), "", entry)
        begun = {k: v for k, v in step.start(access.case.head.partnership, running.today()).items() if not entry.get(k)}  # fmt: skip
        asked = {f: request.GET[f] for f in step.fields if f in request.GET}
        return _form(request, access, step, old, entry | begun | asked)
    entry = {k: "\n".join(request.POST.getlist(k)) for k in request.POST if k != "csrfmiddlewaretoken"}
    made = _made(request, access, step, key, entry)
    if not isinstance(made, Revision):
        return _form(request, access, step, old, entry, made)
    messages.success(request, f"{step.title}: saved as revision {made.number}.")
    return redirect(f"agreement_{step.screen}", access.case.pk)


def _made(
    request: HttpRequest, access: policies.Access, step: moves.Move, key: str, entry: Entry
) -> Revision | list[Problem]:
    """Make a step, or return everything that needs mending; nothing of it quotes a hidden entry."""
    reader = Reader(entry, lambda _: None)
    values = reader.read(step.shape, "") or {}
    wrong, found = reader.problems, []
    try:
        document, start = moves.applied(step, access.case.head.data, key, values)
    except InputError as error:
        return [*wrong, *_untold(error.problems, wrong)]
    try:
        if not wrong:
            return make_move(record=access.case, move=step, key=key, values=values, by=request.user)
        kinds.AGREEMENT.checked(document, "the agreement")
    except InputError as error:
        problems = audiences.unquoted(error.problems, document, access)
        found = [placed(p, start, reader.places, kinds.AGREEMENT) for p in problems]
    return [*wrong, *_untold(found, wrong)]


def _untold(problems: Iterable[Problem], told: list[Problem]) -> list[Problem]:
    """Return problems of fields that nothing is said about yet: one not understood need not be missing as well."""
    return [p for p in problems if not p.path or p.path not in {t.path for t in told}]


def _one(step: moves.Move, data: Any) -> Any:
    """Return what stands where a step fills the one part that there is."""
    held = data.get(step.place)
    return held if isinstance(held, dict) and audiences.KEPT not in held else {}


def _form(
    request: HttpRequest, access: policies.Access, step: moves.Move, old: Any, entry: Entry, problems: Any = ()
) -> HttpResponse:  # fmt: skip
    seen = kinds.seen(access)
    told = [Problem(p.path, where(p.path) if p.where == p.path else p.where, p.found, p.expected, p.fix) for p in problems]  # fmt: skip
    shown = Builder(kinds.AGREEMENT.known(seen), entry, told, currency=seen.currency).show(step.shape, "")
    # What a step asks for stands among its fields, though it is folded away elsewhere.
    asked = [f for f in shown.extras if f.name in step.fields]
    shown.parts, shown.extras = [*shown.parts, *asked], [f for f in shown.extras if f not in asked]
    said = old and next((old[k] for k in ("text", "title") if old.get(k)), json.dumps(moves.key_of(old))[1:-1])  # fmt: skip
    context = {
        "access": access,
        "case": access.case,
        "at": step.screen,
        "step": step,
        "about": said,
        "shown": shown,
        "problems": told,
        "may_edit": True,
        "back": f"agreement_{step.screen}",
    }
    return render(request, "web/move.html", context, status=422 if told else 200)
