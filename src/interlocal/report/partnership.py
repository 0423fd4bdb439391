"""A running partnership as a document: what comes due, the money, promised against actual, how it lives, its wins."""

from __future__ import annotations

import math
from collections.abc import Iterable

from interlocal.blocks import Block, Cell, Heading, Items, Paper, Paragraph, Table
from interlocal.partnership.directory import directory as listed
from interlocal.partnership.dues import renewals
from interlocal.partnership.endings import settlement
from interlocal.partnership.ledger import Statement
from interlocal.partnership.overview import Overview
from interlocal.partnership.register import Register
from interlocal.partnership.rhythm import Sign
from interlocal.partnership.terms import term_end
from interlocal.problems import InputError
from interlocal.report import words
from interlocal.report.exact import cents, exact
from interlocal.report.language import _
from interlocal.report.outline import draft
from interlocal.report.promised import performance
from interlocal.report.pulses import pulses
from interlocal.report.saying import said_paper

_PAGE, _WIDE = 34, 88
"""Lines of a printed page that victories may take, and letters in a line; both leave room for long titles."""


def overview(o: Overview, *, trail: bool = True) -> Paper:
    """Return everything about a partnership for its members.

    Parameters
    ----------
    trail
        Whether every step of the way to the bills stands at the end.
    """
    a, register = o.agreement, o.register
    members = words.listed(register.name(p) for p in a.members_on(register.as_of))
    ends = term_end(a, register.as_of)
    term = f"since {a.starts}" + (f", until {ends}" if ends else ", until somebody ends it")
    blocks: list[Block] = [
        Paragraph(_headline(o), tone="lead"),
        Paragraph(f"{members} {term}."),
        *_made_up(o.register),
        *_due(o),
        *_money(o),
        *performance(o),
        *_rhythm(o),
        *_relationship(o),
        Heading("Victories"),
        *_wins(o, public=False),
        *_ending(o),
        *(_steps(o) if trail else ()),
    ]
    return Paper(
        a.title,
        tuple(blocks),
        subtitle=f"{register.title}, as of {register.as_of}",
        footer="For the members of the agreement",
        dated=register.as_of.isoformat(),
    )


def victories(o: Overview, *, one_page: bool = False) -> Paper:
    """Return what residents read: what was reached and saved, and nothing that is not public.

    Parameters
    ----------
    one_page
        Leave out the earliest where they do not fit on one printed page, and say how many.
    """
    page = Paper(
        _("What we have done together: {title}").format(title=o.agreement.title),
        (*draft(), *_made_up(o.register), *_wins(o, public=True, lines=_PAGE if one_page else None)),
        footer=_("For the public"),
        dated=o.register.as_of.isoformat(),
    )
    return said_paper(page)


def bills(o: Overview, organisation: str) -> Paper:
    """Return a member's bills of a year with how they came about, to the cent."""
    assert o.year is not None, "bills need a year with books"
    statement = next(s for s in o.statements if s.organisation == organisation)
    mine = [i for i in o.invoices if i.organisation == organisation]
    name, currency = o.register.name(organisation), o.register.currency
    rows = (
        ("Part of the budget", statement.gross),
        ("For the reserve", statement.reserve),
        ("Given in kind", -statement.gifts),
        ("Joining", statement.buy_in),
        ("From earlier years", statement.carried),
        ("To pay", statement.net),
    )
    blocks: list[Block] = [
        Paragraph(f"{name} pays {exact(statement.net, currency)} for {o.year}.", tone="lead"),
        *_made_up(o.register),
        Table("bill", f"Bill of {o.year} ({currency})", ("", "Amount"), tuple((Cell(k), cents(v)) for k, v in rows if v or k == "To pay")),
        Table(
            "parts",
            f"When it is due ({currency})",
            ("Invoice", "Issued", "Due", "Amount", "Came in"),
            tuple((Cell(i.number), Cell(str(i.issued)), Cell(str(i.due)), cents(i.cents), cents(i.paid)) for i in mine),
        ),
        Heading("How it came about"),
        Items(tuple(map(Paragraph, _way(o, organisation, statement))), numbered=True),
    ]  # fmt: skip
    return Paper(
        f"{o.agreement.title}: bill of {name} for {o.year}",
        tuple(blocks),
        footer=f"Invoices {mine[0].number} to {mine[-1].number}" if mine else "",
        dated=o.register.as_of.isoformat(),
    )


def _way(o: Overview, organisation: str, statement: Statement) -> list[str]:
    """Return how a member's bill came about, sentence by sentence."""
    assert o.year is not None, "bills need a year with books"
    currency = o.register.currency
    lines = [s.text for s in o.trail if s.organisation in {None, organisation}]
    if statement.reserve:
        lines.append(f"It adds {exact(statement.reserve, currency)} for the reserve.")
    if statement.gifts:
        lines.append(f"What it gives in kind counts {exact(statement.gifts, currency)}.")
    for year, moved in o.ledger.carried_from(o.year).items():
        amount = moved.get(organisation, 0)
        if amount:
            way = "it owes" if amount > 0 else "it gets back"
            lines.append(
                f"The books of {year}, worked out again with what became known since its last bills: {way} "
                f"{exact(abs(amount), currency)}."
            )
    return [*lines, f"That leaves {exact(statement.net, currency)} to pay."]


def _headline(o: Overview) -> str:
    signs = len(o.signs) + len(o.relationship.warnings)
    soon = [d for d in o.due if 0 <= d.days(o.register.as_of) <= 90]
    late = [d for d in o.due if d.days(o.register.as_of) < 0]
    saved = o.saved or "No saving is certified yet."
    none = _NO_SIGN if _is_watched(o) else _UNWATCHED
    warned = f"{signs} early {'sign' if signs == 1 else 'signs'} to look at." if signs else none
    return f"{saved} {len(late)} overdue, {len(soon)} coming within 90 days. {warned}"


_NO_SIGN = "No early sign of drift."
_UNWATCHED = "We do not know whether it drifts: no check-in, action, key post or election is on record."


def _is_watched(o: Overview) -> bool:
    life = o.agreement.life
    return bool(life.check_ins or life.actions or life.key_posts or life.elections)


def _made_up(register: Register) -> list[Block]:
    text = _("These places, people and figures are made up.")
    return [Paragraph(text, tone="mark")] if register.fictional else []


def _due(o: Overview) -> list[Block]:
    rows = tuple(
        (Cell(str(d.on)), _days(d.days(o.register.as_of)), Cell(d.text))
        for d in o.due
    )  # fmt: skip
    table = Table("due", "What is overdue or comes due within a year", ("Day", "Days left", "What"), rows)
    return [Heading("What comes due"), table if rows else Paragraph("Nothing within a year.")]


def _money(o: Overview) -> list[Block]:
    if o.year is None:
        return [Heading("Money"), Paragraph("We do not know: there are no books and formula to bill from.")]
    currency = o.register.currency
    assessed = o.ledger.billed(o.year)
    owed = o.statements
    paid = [sum(i.paid for i in o.invoices if i.organisation == s.organisation) for s in owed]
    figures = {
        "Part of the budget": [s.gross for s in owed],
        "Reserve": [s.reserve for s in owed],
        "In kind": [-s.gifts for s in owed],
        "Joining": [s.buy_in for s in owed],
        "Earlier years": [s.carried for s in owed],
        "To pay": [s.net for s in owed],
        "Came in": paid,
    }
    shown = {name: column for name, column in figures.items() if any(column) or name in {"To pay", "Came in"}}
    names = [*(o.register.name(s.organisation) for s in owed), "Together"]
    rows = tuple(
        (Cell(name), *map(cents, row))
        for name, row in zip(names, zip(*([*c, sum(c)] for c in shown.values()), strict=True), strict=True)
    )
    text = f"The members share {exact(assessed.total, currency)} for {o.year}."
    if assessed.uncovered > 0:
        text += (
            f" The rates leave {exact(assessed.uncovered, currency)} of it to other income or the reserve."
        )
    elif assessed.uncovered < 0:
        text += f" The rates raise {exact(-assessed.uncovered, currency)} more than that."
    left = {p: x for p, x in o.ledger.outstanding().items() if x}
    if left:
        told = ", ".join(f"{o.register.name(p)} {exact(x, currency)}" for p, x in left.items())
        text += f" Still to come on the next bills from closed books and corrected drivers: {told}; below 0 is paid back."
    return [
        Heading("Money"),
        Paragraph(text),
        Table("statements", f"Bills of {o.year} ({currency})", ("Member", *shown), rows),
        *_dues(o),
        *_again(o),
    ]


def _again(o: Overview) -> list[Block]:
    """Show by how much each earlier year, worked out again, differs from its bills."""
    found = {y: o.ledger.settled(y, o.register.as_of) for y in o.ledger.years}
    changed = {y: s.difference for y, s in found.items() if s is not None and any(s.difference.values())}
    if not changed:
        return []
    members = sorted({p for d in changed.values() for p in d})
    rows = tuple((Cell(o.register.name(p)), *(cents(d.get(p, 0)) for d in changed.values())) for p in members)
    caption = f"Years worked out again with closed books and corrected drivers, less their bills ({o.register.currency})"
    return [Table("again", caption, ("Member", *map(str, changed)), rows)]


def _dues(o: Overview) -> list[Block]:
    assert o.year is not None, "dues need a year with books"
    rows = tuple(
        (Cell(o.register.name(r.organisation)), Cell(r.name_of_class), Cell(words.percent(r.discount), r.discount), cents(r.cents),
         Cell(str(r.due or "")), Cell(f"on {r.renewed_on}" if r.renewed_on else "not yet"))
        for r in renewals(o.ledger, o.year)
    )  # fmt: skip
    columns = ("Member", "Class", "Discount", "Dues", "Due", "Renewed")
    return (
        [Table("dues", f"Dues of {o.year} and who renewed ({o.register.currency})", columns, rows)]
        if rows
        else []
    )


def _ending(o: Overview) -> list[Block]:
    ending = o.agreement.ending
    if ending is None:
        return []
    why = words.listed(reason.replace("_", " ") for reason in ending.why)
    blocks: list[Block] = [
        Heading("The end"),
        Paragraph(f"It ended on {ending.on}: {why}. {ending.text or ''}".strip()),
        *(Paragraph(text, "Learned:") for text in ending.learned),
        Paragraph(
            ending.worth_again_if or "Nobody wrote it down; ask those who took part.",
            "Worth trying again if:",
        ),
    ]
    if o.year is None:
        return blocks
    try:
        divided = settlement(o.ledger)
    except InputError as error:
        return [*blocks, *(Paragraph(f"Nothing can be divided yet: {p}") for p in error.problems)]
    members = sorted(divided.totals)
    divisions = [(d.text, d.parts) for d in divided.divisions]
    divisions.append(("Together: paid out above 0, to pay below", divided.totals))
    rows = tuple((Cell(text), *(cents(parts.get(p, 0)) for p in members)) for text, parts in divisions)
    caption = f"What is divided, by the parts of the last bills ({o.register.currency})"
    unsaid = [Paragraph(text) for text in divided.open]
    return [*blocks, Table("ending", caption, ("", *map(o.register.name, members)), rows), *unsaid]


def directory(register: Register) -> Paper:
    """Return the public directory: what members chose to publish, and nothing else."""
    rows = tuple(
        (Cell(x.title), Cell(x.service or _("not said")), Cell(x.form or _("not said")), Cell(words.listed(x.members)), Cell(str(x.since)),
         Cell(str(x.until or _("open"))), Cell(_("not published") if x.saved is None else exact(x.saved, register.currency)))
        for x in listed(register)
    )  # fmt: skip
    columns = (
        _("Agreement"),
        _("Service"),
        _("Form"),
        _("Members"),
        _("Since"),
        _("Until"),
        _("Saved, certified"),
    )
    table = Table("directory", _("Who shares what with whom"), columns, rows)
    page = Paper(
        _("Who shares what: {title}").format(title=register.title),
        (*draft(), *_made_up(register), table if rows else Paragraph(_("No agreement is published."))),
        footer=_("For the public"),
        dated=register.as_of.isoformat(),
    )
    return said_paper(page)


def _rhythm(o: Overview) -> list[Block]:
    r = o.rhythm
    held = f"{r.held} of {r.planned} planned check-ins were held" if r.planned else "No check-in is on record"
    came = f"; {words.percent(r.attendance)} of the members came" if r.attendance is not None else ""
    decided = (
        f" The last decision was on {r.last_decision}." if r.last_decision else " No decision is on record."
    )
    blocks: list[Block] = [Heading("Rhythm"), Paragraph(f"{held}{came}.{decided}")]
    if r.overdue:
        late = tuple(
            Paragraph(
                f"{x.days} days overdue"
                + (
                    f"; now with {x.escalated_to} by the agreed rule."
                    if x.escalated_to
                    else "; no rule says who takes it up."
                ),
                words.sentence(x.action.text),
            )
            for x in r.overdue
        )
        blocks.append(Items(late))
    return [*blocks, *_signs(o.signs, _NO_SIGN if _is_watched(o) else _UNWATCHED)]


def _relationship(o: Overview) -> list[Block]:
    found = o.relationship
    blocks: list[Block] = [Heading("Relationship")]
    if found.pulses:
        blocks += [
            *pulses(found),
            Paragraph("Only counts of groups that hide everybody are used.", tone="note"),
        ]
    else:
        blocks.append(
            Paragraph("We do not know: no pulse survey was held. Ask the people who work together.")
        )
    rows = [
        (Cell("Issue"), Cell(i.issue.text), Cell(str(i.days), i.days), Cell("open")) for i in found.issues
    ] + [
        (
            Cell("Dispute"),
            Cell(d.dispute.text),
            Cell(str(d.days), d.days),
            Cell(d.step or "no steps are agreed"),
        )
        for d in found.disputes
    ]
    if rows:
        blocks.append(
            Table(
                "open", "Open issues and disputes", ("Kind", "What", "Days open", "Agreed step"), tuple(rows)
            )
        )
    return [*blocks, *_signs(found.warnings, "No early warning." if found.pulses else "")]


def _signs(signs: Iterable[Sign], none: str) -> list[Block]:
    items = tuple(Paragraph(f"({s.evidence})", s.text) for s in signs)
    if items:
        return [Items(items)]
    return [Paragraph(none)] if none else []


def _wins(o: Overview, *, public: bool, lines: int | None = None) -> list[Block]:
    """Return what was reached, the latest first, as far as it fits into so many printed lines."""
    shown = [v for v in o.victories if v.public or not public]
    blocks: list[Block] = []
    if o.saved and (not public or o.agreement.publication.results):
        blocks.append(Paragraph(o.saved, tone="lead"))
    if not shown:
        return [*blocks, Paragraph(_("Nothing has been reached yet that everyone can see."))]
    items: list[Paragraph] = []
    left = lines
    for v in shown:
        if left is not None:
            left -= math.ceil(len(v.line) / _WIDE)
            if left < 0 and items:
                break
        told = "; ".join(f"{t.to} on {t.on}" + (f" ({t.how})" if t.how else "") for t in v.told)
        note = f"Told to {told}." if told else "Told to nobody yet."
        items.append(Paragraph("" if public else note, v.line))
    blocks.append(Items(tuple(items)))
    if more := shown[len(items) :]:
        text = _("There is no room here for {n} more, the first of them reached in {year}.")
        blocks.append(Paragraph(text.format(n=len(more), year=more[-1].on.year)))
    return blocks


def _steps(o: Overview) -> list[Block]:
    if not o.trail:
        return []
    return [
        Heading(f"How the bills of {o.year} came about"),
        Items(tuple(Paragraph(s.text) for s in o.trail), numbered=True),
    ]


def _days(days: int) -> Cell:
    return Cell(f"{-days} overdue" if days < 0 else str(days), days)
