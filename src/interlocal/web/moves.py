"""What people do in a running agreement, as small steps: record a check-in, close an action, tell a victory.

Each is a few fields of one entry of the document, with the day filled in. It saves the same document as the page of the
guided path where the entry stands, so that what the command line says of it is the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.partnership.agreement import Agreement
from interlocal.partnership.document import Partnership
from interlocal.partnership.fiscal import year_of
from interlocal.problems import InputError, Problem
from interlocal.web.examples import slugs
from interlocal.web.forms.shape import EXTRA, Shape, at, label

Step = str | int


@dataclass(frozen=True)
class Move:
    """One thing that people do."""

    id: str
    screen: str
    """Name of the page where it is offered, and shown afterwards."""
    title: str
    asks: str
    place: str
    """Path of the list it adds to or changes an entry of, or of the one part it fills."""
    fields: tuple[str, ...]
    changes: bool = False
    """Whether it changes an entry that is there."""
    once: str = ""
    """A field that is empty until this is done; it is done once."""
    today: tuple[str, ...] = ()
    """Fields that start with the day."""
    needs: tuple[str, ...] = ()
    """Fields that this step asks for although the document can do without."""
    fixed: tuple[tuple[str, Any], ...] = ()

    @property
    def steps(self) -> list[Step]:
        """The way to its list or part."""
        return list(self.place.split("/"))

    @property
    def entry(self) -> Shape:
        """The shape of a whole entry."""
        found = at(self.place, Partnership)
        if found is None:
            raise LookupError(self.place)
        return found.item or found

    @property
    def shape(self) -> Shape:
        """What its form asks, in its own order, and what every entry may say about itself."""
        by_name = {f.name: f for f in self.entry.fields}
        asked = [by_name[name] for name in dict.fromkeys((*self.fields, *EXTRA)) if name in by_name]
        fields = tuple(dataclasses.replace(f, required=f.required or f.name in self.needs) for f in asked)
        return dataclasses.replace(self.entry, fields=fields)

    def start(self, agreement: Agreement, day: dt.date) -> dict[str, str]:
        """Return what its form starts with on a day."""
        known = {"year": str(year_of(agreement, day) - 1)} if "year" in self.fields else {}
        return dict.fromkeys(self.today, day.isoformat()) | known


_MOVES = (
    Move("plan-check-in", "rhythm", "Plan a check-in", "When do the partners meet next?", "life/check_ins", ("planned",)),
    Move("check-in", "rhythm", "Record a check-in", "Who came, and what was decided?", "life/check_ins", ("planned", "held", "attended", "decided"), today=("planned", "held"), needs=("held",)),
    Move("held", "rhythm", "Record how it went", "Who came, and what was decided?", "life/check_ins", ("held", "attended", "decided"), changes=True, once="held", today=("held",), needs=("held",)),
    Move("action", "rhythm", "Agree on an action", "Who does what by when?", "life/actions", ("text", "owner", "partner", "due"), needs=("owner", "due")),
    Move("decision", "rhythm", "Put a decision on the list", "What is to be decided, who sees to it, by when?", "life/actions", ("text", "owner", "partner", "due"), needs=("owner", "due"), fixed=(("is_decision", True),)),
    Move("done", "rhythm", "Mark as done", "Done, or decided, on which day?", "life/actions", ("closed_on",), changes=True, once="closed_on", today=("closed_on",), needs=("closed_on",)),
    Move("moved", "rhythm", "Give it another owner or day", "Who has it now, and by when?", "life/actions", ("owner", "partner", "due"), changes=True, needs=("owner", "due")),
    Move("post", "rhythm", "Note a key post", "Which post is open, or falls open?", "life/key_posts", ("partner", "title", "status", "since", "until", "reason")),
    Move("post-changed", "rhythm", "Say how the post stands", "Is it filled, and since when?", "life/key_posts", ("status", "since", "until", "reason"), changes=True),
    Move("election", "rhythm", "Note an election", "Which election can change who decides?", "life/elections", ("organisation", "on", "what")),
    Move("issue", "relationship", "Raise an issue", "What went wrong between the partners?", "life/issues", ("text", "opened_on", "raised_by"), today=("opened_on",)),
    Move("issue-closed", "relationship", "Close the issue", "On which day was it settled?", "life/issues", ("closed_on",), changes=True, once="closed_on", today=("closed_on",), needs=("closed_on",)),
    Move("dispute", "relationship", "Open a dispute", "What is in dispute, since when? From that day the agreed steps run.", "life/disputes", ("text", "opened_on"), today=("opened_on",)),
    Move("dispute-closed", "relationship", "Close the dispute", "How and when did it end?", "life/disputes", ("closed_on", "how"), changes=True, once="closed_on", today=("closed_on",), needs=("closed_on", "how")),
    Move("milestone", "victories", "Plan a milestone", "What will be reached by when, in words a resident understands?", "life/milestones", ("text", "due")),
    Move("reached", "victories", "It is reached", "Say it in a line that a resident understands. Everybody may see it once it is told, or marked public below.", "life/milestones", ("text", "reached_on"), changes=True, once="reached_on", today=("reached_on",), needs=("reached_on",)),
    Move("told", "victories", "Tell a victory", "To whom was it told, when and how?", "life/told", ("milestone", "to", "on", "how"), today=("on",)),
    Move("attempt", "endings", "Close an attempt that stopped", "What was learned, and what would make it worth trying again?", "life/attempts", ("title", "year", "members", "stopped_because", "lessons", "worth_again_if"), needs=("stopped_because", "lessons", "worth_again_if")),
    Move("end", "endings", "End the agreement", "Why does it end, and on which day?", "ending", ("on", "why", "text", "learned", "worth_again_if")),
    Move("record", "figures", "Record a figure", "What was spent or measured in a year, and where does the figure come from?", "records", ("kind", "year", "organisation", "measure", "value", "to", "source", "certified_by", "certified_on"), needs=("source",)),
    Move("certify", "figures", "Certify the figure", "Which office vouches for it?", "records", ("certified_by", "certified_on"), changes=True, once="certified_on", today=("certified_on",), needs=("certified_by", "certified_on")),
)  # fmt: skip
MOVES: Mapping[str, Move] = {m.id: m for m in _MOVES}


def of_screen(screen: str) -> list[Move]:
    """Return what can be begun on a page, in order."""
    return [m for m in _MOVES if m.screen == screen and not m.changes]


def key_of(entry: Mapping[str, Any]) -> str:
    """Return by what an entry is found again: its id, or the day of a check-in."""
    return str(entry.get("id") or entry.get("planned") or "")


def found(move: Move, data: Any, key: str) -> dict[str, Any] | None:
    """Return the entry that a move changes, as it stands in a document; None where none is shown."""
    place = _position(move, data, key)
    entry = None if place is None else _at(data, [*move.steps, place])
    return entry if isinstance(entry, dict) else None


def applied(move: Move, data: dict[str, Any], key: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:  # fmt: skip
    """Return the document after a move and the pointer of the entry it made or changed.

    Raises
    ------
    InputError
        Where what the step asks for is missing, or it was done already.
    """
    new = {**values, **dict(move.fixed)}
    problems = [Problem(name, label(name), "nothing", "an entry", "This step asks for it.") for name in move.needs if new.get(name) in (None, "", [])]  # fmt: skip
    steps: list[Step] = move.steps
    if move.changes:
        position = _position(move, data, key)
        old = _at(data, [*steps, position]) if position is not None else None
        if position is None or old is None:
            raise InputError(Problem("", move.title, "an entry that is gone", "one that stands in the agreement", "Go back to the list."))  # fmt: skip
        if move.once and old.get(move.once):
            raise InputError(Problem("", move.title, f"that it was done already: {old[move.once]}", "an entry that is open", "Somebody was quicker. To correct it, change it among what the agreement says."))  # fmt: skip
        shown = {f.name for f in move.shape.fields}
        new = {k: v for k, v in old.items() if k not in shown} | new
        steps = [*steps, position]
    elif (at(move.place, Partnership) or move.entry).kind == "rows":
        held = _at(data, steps) or []
        new = _with_id(move, new, [str(e.get("id")) for e in held if isinstance(e, dict)])
        steps = [*steps, len(held)]
    else:
        shown = {f.name for f in move.shape.fields}
        new = {k: v for k, v in (_at(data, steps) or {}).items() if k not in shown} | new
    if problems:
        raise InputError(problems)
    return _put(data, steps, new), "".join(f"/{s}" for s in steps)


def _position(move: Move, data: Any, key: str) -> int | None:
    """Return where the entry stands; of several of one key, the first that is open."""
    held = _at(data, move.steps) or []
    places = [i for i, e in enumerate(held) if isinstance(e, dict) and key and key_of(e) == key]
    still = [i for i in places if move.once and not held[i].get(move.once)]
    return next(iter(still or places), None)


def _at(data: Any, steps: list[Step]) -> Any:
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else (data or {}).get(step)
    return data


def _put(data: Any, steps: list[Step], value: Any) -> Any:
    """Return a document with another value at a place; what is beside the way there is shared with the one before."""
    if not steps:
        return value
    first, rest = steps[0], steps[1:]
    if isinstance(first, int):
        held = list(data or [])
        inner = _put(held[first] if first < len(held) else None, rest, value)
        return [*held[:first], inner, *held[first + 1 :]]
    return {**(data or {}), first: _put((data or {}).get(first), rest, value)}


def _with_id(move: Move, new: dict[str, Any], taken: list[str]) -> dict[str, Any]:
    if move.entry.field_of("id") is None or new.get("id"):
        return new
    words = [new.get(k) for k in ("text", "title")]
    words += [" ".join(str(new[k]) for k in ("kind", "year", "organisation", "measure") if new.get(k))]
    name = next((str(w) for w in words if w), "entry")
    return {"id": slugs([*taken, name])[-1], **new}
