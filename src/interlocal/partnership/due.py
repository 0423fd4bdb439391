"""What comes due: notices, renewals, reviews, bills, actions and all else with a date, as a list, a feed and a letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from interlocal import icalendar as calendar
from interlocal.partnership.agreement import Agreement
from interlocal.partnership.fiscal import add_months, last_day, month_of, presence
from interlocal.partnership.register import Register
from interlocal.partnership.rhythm import rhythm
from interlocal.partnership.terms import term_end

HORIZONS = (30, 90, 365)
"""Days ahead that are looked at."""


@dataclass(frozen=True)
class Due:
    """Something with a date."""

    on: date
    kind: str
    """notice, renewal, review, insurance, invoice, action, check_in, election, post, milestone, books or baseline."""
    agreement: str
    text: str
    organisations: tuple[str, ...]
    """Whom it concerns."""
    key: str = ""
    """Tells two of one kind apart, the same from one day to the next."""

    def days(self, as_of: date) -> int:
        """Return the days left; below 0 it is overdue."""
        return (self.on - as_of).days


def due(
    register: Register, *, within: int = 365, agreement: str | None = None, organisation: str | None = None
) -> tuple[Due, ...]:
    """Return what is overdue or comes due within some days of the register's day, the earliest first.

    Parameters
    ----------
    within
        Days ahead.
    agreement, organisation
        Only what concerns this one.
    """
    last = register.as_of + timedelta(days=within)
    found = [
        d
        for a in register.agreements
        if agreement in (None, a.id)
        for d in _of(a, register)
        if d.on <= last and (organisation is None or organisation in d.organisations)
    ]
    return tuple(sorted(found, key=lambda d: (d.on, d.agreement, d.kind, d.key)))


def _of(a: Agreement, register: Register) -> Iterator[Due]:
    day = register.as_of
    if a.ending is not None and a.ending.on <= day:
        return
    members = a.members_on(max(day, a.starts))
    yield from _terms(a, day, members)
    yield from _money(a, day, members)
    yield from _life(a, day, members)
    yield from _people(a, day, members, register)
    if a.baseline is None:
        text = (
            "No baseline is frozen: without the levels at the start nobody can say later what became better"
        )
        yield Due(day, "baseline", a.id, text, members)


def _terms(a: Agreement, day: date, members: tuple[str, ...]) -> Iterator[Due]:
    ends = term_end(a, day)
    if ends is not None:
        yield Due(ends, "renewal", a.id, _term_in_words(a, over=ends < day), members)
        if a.notice_months is not None:
            last = add_months(ends, -a.notice_months)
            if last >= day:
                text = f"Last day to give notice, {a.notice_months} months before the term ends; run the study again before"
                yield Due(last, "notice", a.id, text, members)
    if a.review_date is not None:
        past = "; enter the day of the next once it is done" if a.review_date < day else ""
        yield Due(a.review_date, "review", a.id, f"Review of the agreement{past}", members)
    for i, policy in enumerate(a.insurance):
        if policy.expires is not None:
            text = f"Insurance {'expired' if policy.expires < day else 'expires'}: {policy.what}"
            yield Due(policy.expires, "insurance", a.id, text, members, str(i))


def _term_in_words(a: Agreement, *, over: bool) -> str:
    if not over:
        months = (
            f" for {a.renewal.months} months" if a.renewal.months and a.renewal.kind == "automatic" else ""
        )
        return f"The term ends; renewal: {_RENEWAL[a.renewal.kind].format(months=months)}"
    if a.renewal.kind == "automatic":
        return "The term is over. It renews by itself, and nothing says for how long: enter the months of the next term"
    return (
        "The term is over, and nothing says whether it goes on: enter its new last day, or end the agreement"
    )


_RENEWAL = {
    "automatic": "by itself{months}, unless somebody gives notice",
    "by_vote": "by a vote of the members",
    "none": "none is agreed",
}


def _money(a: Agreement, day: date, members: tuple[str, ...]) -> Iterator[Due]:
    parts = sorted(set(a.instalments.months))
    for y in a.years:
        ends = last_day(a, y.year)
        over = max(ends, y.billed_on or date.min) + timedelta(days=a.instalments.days_to_pay) < day
        for k, month in enumerate(() if over else parts, 1):
            falls = max(month_of(a, y.year, month), y.billed_on or date.min) + timedelta(
                days=a.instalments.days_to_pay
            )
            if falls >= day:
                text = f"Bills of {y.year} fall due, part {k} of {len(parts)}"
                yield Due(falls, "invoice", a.id, text, tuple(presence(a, y.year)), f"{y.year}-{k}")
        if y.closed_on is None and ends < day:
            text = f"The books of {y.year} are not closed; actual cost and the true-up wait for it"
            yield Due(ends + timedelta(days=1), "books", a.id, text, members, str(y.year))


def _life(a: Agreement, day: date, members: tuple[str, ...]) -> Iterator[Due]:
    gone_to = {late.action.id: late.escalated_to for late in rhythm(a, day).overdue if late.escalated_to}
    for action in a.life.actions:
        if action.due is not None and action.closed_on is None:
            owner = f" ({action.owner})" if action.owner else ""
            if action.id in gone_to:
                owner += f"; now with {gone_to[action.id]}, by the agreed rule"
            whom = (action.partner,) if action.partner else members
            yield Due(action.due, "action", a.id, f"{action.text}{owner}", whom, action.id)
    last_held = max((c.planned for c in a.life.check_ins if c.held is not None), default=date.min)
    for meeting in a.life.check_ins:
        # What was missed before the last one held is history; nobody makes up for it.
        if meeting.held is None and meeting.planned >= min(last_held, day):
            text = "Check-in, not recorded as held" if meeting.planned < day else "Check-in"
            yield Due(meeting.planned, "check_in", a.id, text, members, str(meeting.planned))
    for milestone in a.life.milestones:
        if milestone.reached_on is None:
            yield Due(milestone.due, "milestone", a.id, f"Milestone: {milestone.text}", members, milestone.id)


def _people(a: Agreement, day: date, members: tuple[str, ...], register: Register) -> Iterator[Due]:
    for i, election in enumerate(a.life.elections):
        if election.on >= day:
            text = f"Election in {register.name(election.organisation)}: {election.what}"
            yield Due(election.on, "election", a.id, text, members, str(i))
    for post in a.life.key_posts:
        if post.status == "ending" and post.until is not None and post.until >= day:
            text = f"The post of {post.title} in {register.name(post.partner)} falls open"
            yield Due(post.until, "post", a.id, text, members, post.id)


def feed(register: Register, found: Iterable[Due], *, stamp: datetime) -> str:
    """Return what comes due as an iCalendar feed; see :func:`interlocal.icalendar.icalendar`."""
    titles = {a.id: a.title for a in register.agreements}
    events = (
        calendar.Event(
            "-".join(filter(None, (d.agreement, d.kind, d.key))),
            d.on,
            d.on,
            f"{titles[d.agreement]}: {d.text}",
        )
        for d in found
    )
    return calendar.icalendar(events, name=f"What comes due: {register.title}", stamp=stamp)


def digest(register: Register, organisation: str, *, within: int = 90) -> str:
    """Return what concerns one organisation as the plain text of an e-mail."""
    found = due(register, within=within, organisation=organisation)
    titles = {a.id: a.title for a in register.agreements}
    lines = [f"{register.name(organisation)}: what comes due within {within} days of {register.as_of}", ""]
    if not found:
        lines.append("Nothing.")
    for heading, these in (
        ("Overdue", [d for d in found if d.on < register.as_of]),
        ("Coming", [d for d in found if d.on >= register.as_of]),
    ):
        if these:
            lines += [f"{heading}:", *(f"- {d.on}  {titles[d.agreement]}: {d.text}" for d in these), ""]
    if register.fictional:
        lines.append("These places are made up.")
    return "\n".join(lines).rstrip() + "\n"
