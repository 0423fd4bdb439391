"""What a register of posts says of candidates: posts that two members hold, and leadership windows between them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from interlocal.people.windows import PostRecord, windows
from interlocal.reference.catalogue import find_post, posts
from interlocal.region.governments import Region


def add_windows(
    region: Region, document: dict[str, Any], records: tuple[PostRecord, ...], *, as_of: dt.date
) -> None:
    """Add to each candidate of a scan the posts that two or more of its members have, and their leadership windows.

    Rows about organisations that are not in the region, by id or by a name that only one bears, become notes.

    Parameters
    ----------
    as_of
        The day for which the register is true.
    """
    at = {name: i for i, name in enumerate(region.names) if region.names.count(name) == 1}
    at |= {identity: i for i, identity in enumerate(region.ids)}
    for stranger in sorted({r.organisation for r in records} - set(at)):
        text = "the register of posts names it, and it is not in the governments table"
        note = {"kind": "register", "about": stranger, "service": None, "text": text, "left_out": True}
        document["data"]["notes"].append(note)
    known = [r for r in records if r.organisation in at]
    of = {r.organisation: region.ids[at[r.organisation]] for r in known}
    pairs = {(region.ids[a], region.ids[b]) for a, b in region.neighbours.pairs.tolist()}
    adjacency = {(a, b) for a, x in of.items() for b, y in of.items() if (x, y) in pairs}
    found = windows(known, adjacency, _like, as_of=as_of)
    for candidate in document["candidates"]:
        members = set(candidate["members"])
        held = {
            (of[r.organisation], r.post or _like(r.title)) for r in known if of[r.organisation] in members
        }
        times = Counter(post for _, post in held if post)
        candidate["duplicated"]["posts"] = sorted(
            posts()[post].name for post, holders in times.items() if holders > 1 and post in posts()
        )
        for window in found:
            inside = [r for r in window.records if of[r.organisation] in members]
            if len({of[r.organisation] for r in inside}) > 1:
                candidate["leadership_windows"] += [
                    {"government": of[r.organisation], "post": r.title, "year": window.first_day.year}
                    for r in inside
                ]


def _like(title: str) -> str | None:
    post = find_post(title)
    return post.id if post else None
