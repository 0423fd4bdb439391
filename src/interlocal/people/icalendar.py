"""Leadership windows as an iCalendar file; confidential by default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from interlocal import icalendar as calendar
from interlocal.people.windows import Window


def icalendar(windows: Iterable[Window], *, stamp: datetime) -> str:
    """Return the windows as all-day events; see :func:`interlocal.icalendar.icalendar`."""
    return calendar.icalendar(map(_event, windows), name="Leadership windows", stamp=stamp)


def _event(window: Window) -> calendar.Event:
    post = window.post.replace("_", " ")
    told = "\n".join(
        f"{r.organisation}: {r.title}, {r.status}"
        + (f" since {r.since}" if r.since else "")
        + (f" until {r.until}" if r.until else "")
        + (f" ({r.reason})" if r.reason else "")
        for r in window.records
    )
    return calendar.Event(
        f"leadership-window-{window.id}",
        window.first_day,
        window.last_day,
        f"Leadership window: {post} in " + ", ".join(window.organisations),
        told,
    )
