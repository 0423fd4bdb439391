"""Attempts that stopped and agreements that ended: what was learned, and how things are divided to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from interlocal.partnership.fiscal import year_of
from interlocal.partnership.ledger import Ledger
from interlocal.partnership.membership import reserve_paid
from interlocal.partnership.money import cents, split
from interlocal.partnership.register import Register
from interlocal.problems import InputError, Problem


@dataclass(frozen=True)
class Learned:
    """What an attempt or an ended agreement leaves to the next."""

    title: str
    year: int
    members: tuple[str, ...]
    why: str
    lessons: tuple[str, ...]
    worth_again_if: str | None
    """None where nobody wrote down what would make it worth trying again."""


def learned(register: Register, *, service: str | None = None) -> tuple[Learned, ...]:
    """Return what stopped or ended in a register, the latest first, so that the next attempt sees it.

    Parameters
    ----------
    service
        Only agreements about this service of the catalogue.
    """
    found = []
    for a in register.agreements:
        if service not in (None, a.service):
            continue
        found += [
            Learned(
                t.title, t.year, t.members, t.stopped_because or "not on record", t.lessons, t.worth_again_if
            )
            for t in a.life.attempts
        ]
        if a.ending is not None:
            why = ", ".join(reason.replace("_", " ") for reason in a.ending.why)
            why += f": {a.ending.text}" if a.ending.text else ""
            lessons = a.ending.learned
            found.append(
                Learned(a.title, a.ending.on.year, a.members(), why, lessons, a.ending.worth_again_if)
            )
    return tuple(sorted(found, key=lambda e: (-e.year, e.title)))


@dataclass(frozen=True)
class Division:
    """One thing divided at the end [cents]; it adds up to what there is to divide."""

    name: str
    text: str
    parts: Mapping[str, int]
    """What each gets (+) or bears (−) in money."""


@dataclass(frozen=True)
class Settlement:
    """How an ending divides what the members had together."""

    divisions: tuple[Division, ...]
    open: tuple[str, ...] = ()
    """What the terms do not say, in words."""

    @property
    def totals(self) -> dict[str, int]:
        """What each member is paid (+) or pays (−) in all [cents]."""
        members = sorted({p for d in self.divisions for p in d.parts})
        return {p: sum(d.parts.get(p, 0) for d in self.divisions) for p in members}


def settlement(ledger: Ledger) -> Settlement:
    """Divide assets and obligations by the parts of the last year's bills, and the reserve by the terms of leaving.

    An asset that one member keeps is paid out to the others; one that nobody keeps is sold and its worth divided.
    Obligations are the cost that the end strands. What earlier years leave open is settled with it.

    Raises
    ------
    InputError
        Where no ending is on record, or nobody was billed anything before it.
    """
    a = ledger.agreement
    if a.ending is None:
        raise _refused(a.id, "no ending", "ending: the day and the reasons", "Add the ending first.")
    over = [y for y in ledger.years if y <= year_of(a, a.ending.on)]
    last = [y for y in over if any(g > 0 for g in ledger.billed(y).gross.values())]
    if not last:
        found = "no bills above 0 before the end" if over else "no books before the end"
        raise _refused(a.id, found, "a fiscal year with bills to divide by", "Add the last year's books.")
    gross = ledger.billed(last[-1]).gross
    by = tuple(max(g, 0) for g in gross.values())
    divided = []
    for asset in sorted(a.ending.assets, key=lambda x: x.id):
        parts = dict(zip(gross, split(cents(asset.value), by), strict=True))
        text = f"{asset.name} is sold and its worth divided."
        if asset.kept_by is not None:
            parts[asset.kept_by] = parts.get(asset.kept_by, 0) - cents(asset.value)
            text = f"{ledger.register.name(asset.kept_by)} keeps {asset.name} and pays the others their parts of its worth."
        divided.append(Division(asset.name, text, parts))
    for owed in sorted(a.ending.obligations, key=lambda x: x.id):
        parts = dict(zip(gross, (-x for x in split(cents(owed.amount), by)), strict=True))
        divided.append(
            Division(owed.name, f"{owed.name} goes on after the end and is borne by parts.", parts)
        )
    staying = a.members_on(a.ending.on)
    paid_in = {p: x for p, x in reserve_paid(ledger, a.ending.on).items() if p in staying}
    if paid_in and a.exit is not None and a.exit.reserve_returned:
        text = "Each gets back what it paid into the reserve, by the terms of leaving."
        divided.append(Division("Reserve", text, paid_in))
    left = {p: -x for p, x in ledger.outstanding().items() if x}
    if left:
        divided.append(
            Division("Earlier years", "What true-ups and corrected drivers of earlier years leave.", left)
        )
    return Settlement(tuple(divided), tuple(_open(ledger, paid_in)))


def _open(ledger: Ledger, paid_in: Mapping[str, int]) -> Iterator[str]:
    a = ledger.agreement
    assert a.ending is not None, "only an ending is settled"
    if paid_in and (a.exit is None or not a.exit.reserve_returned):
        held = f"{sum(paid_in.values()) / 100:,.2f} {ledger.register.currency}"
        yield f"The members paid {held} into the reserve. The terms do not give it back; agree on who gets what is left of it."
    if not a.ending.assets:
        yield "Nothing is on record that the members own together."
    if not a.ending.obligations:
        yield "No cost is on record that goes on after the end, such as leases, debt or pensions."


def _refused(agreement: str, found: str, expected: str, fix: str) -> InputError:
    return InputError(
        Problem(f"/agreements/{agreement}/ending", f"agreement {agreement}", found, expected, fix)
    )
