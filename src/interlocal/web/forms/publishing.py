"""The form in which somebody chooses what a public page is to hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from django.http import QueryDict

from interlocal.problems import InputError, Problem
from interlocal.report.public import Piece
from interlocal.web.actions.residents import cleaned, unsaid
from interlocal.web.publishing import Prepared

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TAKEN = frozenset({"rules"})
"""Words that are no address of a case."""
LONGEST_SLUG, LONGEST_LINE, LONGEST_TEXT, MOST_DATES = 80, 300, 3_000, 50


def prepared_from(sent: QueryDict, before: Prepared, address: str | None = None) -> Prepared:
    """Return what somebody chose on the first screen; what is left out stays as it was.

    Parameters
    ----------
    address
        Under which the case was public already; it stays, so that links to it hold.

    Raises
    ------
    InputError
        With every field that cannot be read.
    """
    problems: list[Problem] = []
    slug = address or sent.get("slug", "").strip().lower()
    if slug and (not _SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG or slug in TAKEN):
        problems.append(Problem("slug", "The address", slug[:90], f"small letters, digits and single hyphens, at most {LONGEST_SLUG} characters", "Write it like joint-fire-department."))  # fmt: skip
    dates = _dates(sent.get("dates", ""), problems)
    days = {k: _day(sent.get(k, ""), k, problems) for k in ("comments_from", "comments_until")}
    if days["comments_from"] and days["comments_until"] and days["comments_until"] < days["comments_from"]:
        problems.append(Problem("comments_until", "Comments until", days["comments_until"], f"{days['comments_from']} or later", "Mend one of the two days."))  # fmt: skip
    take_part = cleaned(sent.get("take_part", ""))
    if len(take_part) > LONGEST_TEXT:
        problems.append(Problem("take_part", "How to take part", f"{len(take_part):,} characters", f"at most {LONGEST_TEXT:,}", "Shorten it."))  # fmt: skip
    if problems:
        raise InputError(problems)
    return replace(
        before,
        run=sent.get("run", "")[:40],
        slug=slug,
        parts=tuple(sent.getlist("parts")),
        documents=tuple(sent.getlist("documents")),
        dates=dates,
        comments="comments" in sent,
        comments_from=days["comments_from"],
        comments_until=days["comments_until"],
        take_part=take_part,
    )


def left_out_from(sent: QueryDict, before: Prepared, offered: Iterable[Piece]) -> Prepared:
    """Return what somebody chose to leave out, and why.

    Raises
    ------
    InputError
        Where something is left out without a reason, or with one that is too long.
    """
    keys = set(sent.getlist("piece"))
    chosen = {p.key: p.says for p in offered if p.key in keys}
    why = cleaned(sent.get("why", ""))
    if chosen and (problems := unsaid("why", "Why it is left out", why, "the public")):
        raise InputError(problems)
    return replace(before, left_out=chosen, why=why)


def written_dates(dates: Iterable[tuple[str, str]]) -> str:
    """Return dates as a person writes them: one a line."""
    return "\n".join(f"{on} {text}" for on, text in dates)


def _dates(given: str, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    found = []
    for n, line in enumerate(filter(None, map(str.strip, cleaned(given).splitlines())), 1):
        on, _, text = line.partition(" ")
        try:
            day = dt.date.fromisoformat(on)
        except ValueError:
            day = None
        if day is None or not text.strip() or len(text) > LONGEST_LINE:
            problems.append(Problem("dates", f"Dates, line {n}", line[:90], "a day and what happens", "Write it like: 2027-03-31 Hearing in the town hall."))  # fmt: skip
        else:
            found.append((day.isoformat(), text.strip()))
    if len(found) > MOST_DATES:
        problems.append(Problem("dates", "Dates", f"{len(found)} lines", f"at most {MOST_DATES}", "Keep the important ones."))  # fmt: skip
    return tuple(sorted(found))


def _day(given: str, name: str, problems: list[Problem]) -> str:
    given = given.strip()
    if not given:
        return ""
    try:
        return dt.date.fromisoformat(given).isoformat()
    except ValueError:
        where = "Comments from" if name == "comments_from" else "Comments until"
        problems.append(Problem(name, where, given[:40], "a day such as 2027-03-31", "Write a day, or leave it empty."))  # fmt: skip
        return ""
