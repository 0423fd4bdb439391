"""Leadership windows as an iCalendar file (RFC 5545) that any calendar program opens; confidential by default."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from interlocal.people.windows import Window

_FOLD = 75


def icalendar(windows: Iterable[Window], *, stamp: datetime) -> str:
    """Return the windows as all-day events, each with a UID that stays the same from one file to the next.

    Parameters
    ----------
    windows
        What to write.
    stamp
        When the file is made, with its time zone; passed in, so that the same input gives the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Interlocal//Leadership windows//EN",
        "CALSCALE:GREGORIAN",
    ]
    for window in windows:
        lines += _event(window, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(window: Window, stamp: datetime) -> list[str]:
    post = window.post.replace("_", " ")
    told = "\n".join(
        f"{r.organisation}: {r.title}, {r.status}"
        + (f" since {r.since}" if r.since else "")
        + (f" until {r.until}" if r.until else "")
        + (f" ({r.reason})" if r.reason else "")
        for r in window.records
    )
    return [
        "BEGIN:VEVENT",
        f"UID:leadership-window-{window.id}@interlocal.invalid",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{window.first_day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{window.last_day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(f'Leadership window: {post} in ' + ', '.join(window.organisations))}",
        f"DESCRIPTION:{_escaped(told)}",
        "CLASS:CONFIDENTIAL",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """Break a line after at most 75 octets, never inside a character (RFC 5545, section 3.1)."""
    pieces, size = [""], 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD:
            pieces.append("")
            size = 1  # the space that marks a continued line
        pieces[-1] += character
        size += octets
    return "\r\n ".join(pieces)
