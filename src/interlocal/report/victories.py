"""One page of victories for the public: what was reached, what comes next, and nothing that is not public."""

from __future__ import annotations

from interlocal.blocks import Block, Heading, Items, Paper, Paragraph
from interlocal.case.document import Case
from interlocal.case.people import Milestone
from interlocal.report import words
from interlocal.report.language import _
from interlocal.report.outline import warnings
from interlocal.report.saying import said_paper
from interlocal.report.words import Document


def victories(document: Document, case: Case) -> Paper:
    """Return visible wins that are public: marked so, or already told to the public.

    Parameters
    ----------
    document
        The study's document, of which only what is public in every case is read: title, service, partners' names.
    case
        The case; wins stand in its plan.
    """
    public = [
        m
        for m in (case.plan.milestones if case.plan else ())
        if m.visible_win and (m.visibility == "public" or m.told_public_on)
    ]
    reached = sorted((m for m in public if m.reached_on), key=lambda m: (m.reached_on or m.due, m.id))
    ahead = sorted((m for m in public if not m.reached_on), key=lambda m: (m.due, m.id))
    partners = words.listed(words.partner_name(document, p) for p in case.partner_ids)
    opening = _("{partners} look at sharing a service: {service}.").format(
        partners=partners, service=_(document["case"]["service"]["name"]).lower()
    )
    blocks: list[Block] = [
        *(b for b in warnings(document) if isinstance(b, Paragraph) and b.text not in document["warnings"]),
        Paragraph(opening, tone="lead"),
        Heading(_("What was reached")),
        _wins(reached) if reached else Paragraph(_("Nothing has been reached yet that everyone can see.")),
        Heading(_("What comes next")),
        _wins(ahead) if ahead else Paragraph(_("No next step has been made public yet.")),
    ]
    return said_paper(Paper(
        _("Victories: {title}").format(title=case.title),
        tuple(blocks),
        footer=_("For the public"),
        dated=case.as_of.isoformat(),
    ))  # fmt: skip


def _wins(found: list[Milestone]) -> Items:
    return Items(tuple(Paragraph(_when(m), words.sentence(m.text)) for m in found))


def _when(m: Milestone) -> str:
    if m.reached_on is None:
        return _("Planned for {day}.").format(day=m.due.isoformat())
    early = (m.due - m.reached_on).days
    kept = _("as promised") if early >= 0 else _("{n} days later than promised").format(n=-early)
    return _("Reached on {day}, {kept}.").format(day=m.reached_on.isoformat(), kept=kept)
