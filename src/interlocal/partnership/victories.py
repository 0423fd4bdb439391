"""Milestones reached, as lines that a resident understands, and whom they were told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from interlocal.case.people import Milestone
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.performance import YearTotal


@dataclass(frozen=True)
class Telling:
    """To whom a victory was told, when and how."""

    to: str
    on: date
    how: str | None


@dataclass(frozen=True)
class Victory:
    """Something that was reached."""

    on: date
    line: str
    """A sentence for residents."""
    early_days: int
    """Days before the day it was due; below 0 it came later."""
    told: tuple[Telling, ...]
    public: bool
    """Whether it may stand on a public page: marked public, or told to somebody already."""
    milestone: str
    """Id of what was reached."""


def victories(agreement: Agreement, as_of: date) -> tuple[Victory, ...]:
    """Return what was reached by a day, the latest first."""
    reached = [
        m
        for m in agreement.life.milestones
        if m.reached_on is not None and m.reached_on <= as_of and m.visible_win
    ]
    return tuple(
        _victory(m, agreement, as_of)
        for m in sorted(reached, key=lambda m: (m.reached_on or m.due, m.id), reverse=True)
    )


def saved_line(agreement: Agreement, found: tuple[YearTotal, ...], currency: str) -> str | None:
    """Return what the members saved together, in a sentence; only certified years count, None where there is none."""
    certified = [t for t in found if t.certified and t.realised is not None]
    total = sum(t.realised or 0 for t in certified)
    if not certified or total <= 0:
        return None
    years = (
        f"in {certified[0].year}"
        if len(certified) == 1
        else f"in {len(certified)} years since {certified[0].year}"
    )
    kept = len(agreement.members())
    return f"Together the {kept} members saved {round(total / 100):,} {currency} {years}, certified, with rising prices taken into account."


def _victory(m: Milestone, agreement: Agreement, as_of: date) -> Victory:
    assert m.reached_on is not None, "only milestones that were reached come here"
    told = [Telling(t.to, t.on, t.how) for t in agreement.life.told if t.milestone == m.id and t.on <= as_of]
    if m.told_public_on is not None and m.told_public_on <= as_of:
        told.append(Telling("the public", m.told_public_on, m.told_how))
    text = m.text if m.text.endswith((".", "!", "?")) else f"{m.text}."
    done = f"Done on {m.reached_on:%B} {m.reached_on.day}, {m.reached_on.year}."
    return Victory(
        m.reached_on,
        f"{text[0].upper()}{text[1:]} {done}",
        (m.due - m.reached_on).days,
        tuple(sorted(told, key=lambda t: (t.on, t.to))),
        m.visibility == "public" or bool(told),
        m.id,
    )
