"""All-day events as an iCalendar file (RFC 5545) that any calendar program opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FOLD = 75


@dataclass(frozen=True)
class Event:
    """Something that fills whole days."""

    uid: str
    """The same from one file to the next, so that a calendar updates the event and does not double it."""
    first: date
    last: date
    summary: str
    description: str = ""
    confidential: bool = True


def icalendar(events: Iterable[Event], *, name: str, stamp: datetime) -> str:
    """Return the events as text with the line ends the standard asks for.

    Parameters
    ----------
    name
        What the calendar holds.
    stamp
        When the file is made, with its time zone; passed in, so that the same input gives the same bytes.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Interlocal//{_escaped(name)}//EN",
        "CALSCALE:GREGORIAN",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}@interlocal.invalid",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(event.summary)}",
            f"DESCRIPTION:{_escaped(event.description)}",
            f"CLASS:{'CONFIDENTIAL' if event.confidential else 'PUBLIC'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


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
