"""What comes due in all of a person's agreements, as a calendar and as a letter."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from interlocal.icalendar import Event, icalendar
from interlocal.web import policies, running
from interlocal.web.models import Person

AHEAD = 90
"""Days that a letter looks ahead."""


def calendar(person: Person) -> str:
    """Return what is overdue or comes due within a year as an iCalendar feed; the same all day until somebody saves."""
    stamp = dt.datetime.combine(running.today(), dt.time(), dt.UTC)
    events = (
        Event(
            "-".join(filter(None, (str(c.record.pk), c.due.kind, c.due.key))),
            c.due.on,
            c.due.on,
            f"{c.record.title}: {c.due.text}",
            f"{settings.BASE_URL}{reverse('agreement', args=[c.record.pk])}",
        )
        for c in _coming(person)
    )
    return icalendar(events, name="What comes due", stamp=stamp)


def letter(person: Person) -> tuple[str, str] | None:
    """Return the subject and text of a person's letter; None where nothing is overdue and nothing comes due soon."""
    found = [c for c in _coming(person) if c.days <= AHEAD]
    if not found:
        return None
    late, soon = [c for c in found if c.days < 0], [c for c in found if c.days >= 0]
    lines = [f"What comes due in your agreements within {AHEAD} days of {running.today()}", ""]
    for heading, these in (("Overdue", late), ("Coming", soon)):
        if these:
            lines += [f"{heading}:", *(f"- {c.due.on}  {c.record.title}: {c.due.text}" for c in these), ""]
    lines += [
        f"All of it: {settings.BASE_URL}{reverse('agreements')}",
        f"To get no more of these letters: {settings.BASE_URL}{reverse('reminders')}",
    ]
    return f"{len(late)} overdue, {len(soon)} coming within {AHEAD} days", "\n".join(lines) + "\n"


def _coming(person: Person) -> list[running.Coming]:
    return running.coming(policies.accesses(person, policies.agreements_of(person)))
