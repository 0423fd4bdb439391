"""What a cell of the table of agreements may say: for each column where it goes, how it is written, and an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from interlocal.case.read import formula_from_text
from interlocal.problems import InputError
from interlocal.reference import find_service

_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\S+"


class Wrong(Exception):  # noqa: N818 - a cell that is wrong, told with all others
    """A cell that is not understood."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass
class Row:
    """One agreement as the table has it."""

    number: int
    cells: Mapping[str, str]
    wrong: dict[str, Wrong] = field(default_factory=dict)
    """By column what is not understood."""


@dataclass(frozen=True)
class Cell:
    """One column."""

    fills: str
    """Path of what it fills in the agreement."""
    says: str
    """How it is written."""
    example: str
    put: Callable[[dict[str, Any], str, dict[str, str]], None]
    """Puts a text into an agreement; the last argument is the names of organisations by id, to be added to."""


def slug(text: str) -> str:
    """Return a name as an id."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:64]


def entries(text: str) -> list[str]:
    """Return what stands between semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _quoted(text: str) -> str:
    return f"“{text[:60]}”"


def _plain(name: str) -> Callable[[dict[str, Any], str, dict[str, str]], None]:
    """Return what puts a text at a path as it stands."""
    *way, last = name.split("/")

    def put(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001 - as all of them
        for step in way:
            found = found.setdefault(step, {})
        found[last] = text

    return put


def _number(text: str) -> float:
    """Return a number, or a percentage as a part of one."""
    try:
        return float(text.rstrip("% ")) / (100 if text.endswith("%") else 1)
    except ValueError:
        raise Wrong(_quoted(text)) from None


def _parties(found: dict[str, Any], text: str, names: dict[str, str]) -> None:
    found["parties"] = []
    for entry in entries(text):
        said = re.fullmatch(rf"(.+?)(?:\s+since\s+({_DAY}))?(?:\s+until\s+({_DAY}))?", entry)
        assert said is not None, "an entry is not empty"
        name, since, until = said.groups()
        names.setdefault(slug(name), name)
        party = {"organisation": slug(name), "since": since, "until": until}
        found["parties"].append({k: v for k, v in party.items() if v})


def _service(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    service = find_service(text)
    found["service"] = service.id if service else text


def _lead(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    found["lead"] = slug(text)


def _insurance(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    policies = [entry.rpartition(" until ") for entry in entries(text)]
    found["insurance"] = [
        {"what": what.strip(), "expires": day.strip()} if until else {"what": day.strip()}
        for what, until, day in policies
    ]


def _escalator(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    try:
        found.setdefault("escalator", {})["rate"] = _number(text)
    except Wrong:
        found.setdefault("escalator", {})["index"] = text


def _formula(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    words = text if ":" in text else f"kind: {text}"
    try:
        made = formula_from_text(words if words.startswith("{") else f"{{{words}}}", "formula")
    except InputError as error:
        raise Wrong("; ".join(f"{p.found} ({p.expected})" for p in error.problems[:3])) from None
    found["formula"] = made.model_dump(mode="json", exclude_unset=True)


def _votes(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    votes: dict[str, float] = {}
    for entry in entries(text):
        name, _, number = entry.rpartition(" ")
        if not name:
            raise Wrong(_quoted(entry))
        votes[slug(name)] = _number(number)
    found.setdefault("voting", {})["votes"] = votes


def _quota(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    found.setdefault("voting", {})["quota"] = _number(text)


def _standards(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    made = []
    for entry in entries(text):
        said = re.fullmatch(r"(.+?):?\s+at\s+(least|most)\s+(-?[\d.]+)\s*(.*)", entry)
        if said is None:
            raise Wrong(_quoted(entry))
        name, way, target, unit = said.groups()
        better = "higher" if way == "least" else "lower"
        made.append({"id": slug(name), "name": name, "unit": unit or "number", "target": _number(target), "better": better})  # fmt: skip
    found["standards"] = made


def _documents(found: dict[str, Any], text: str, names: dict[str, str]) -> None:  # noqa: ARG001
    papers = [entry.rpartition(" at ") for entry in entries(text)]
    if not all(at for _, at, _ in papers):
        raise Wrong(_quoted(next(where for _, at, where in papers if not at)))
    found["documents"] = [{"title": title.strip(), "where": where.strip()} for title, _, where in papers]


def _menu(found: dict[str, Any], text: str, names: dict[str, str]) -> None:
    by_id = {party["organisation"]: party for party in found["parties"]}
    found["menu"] = []
    for entry in entries(text):
        item, _, takers = (part.strip() for part in entry.partition(":"))
        found["menu"].append({"id": slug(item), "name": item})
        for taker in filter(None, (t.strip() for t in takers.split(","))):
            if slug(taker) not in by_id:
                known = ", ".join(names[p] for p in by_id)
                raise Wrong(f"{taker}, which is no party ({known or 'none given'})")
            by_id[slug(taker)].setdefault("takes", []).append(slug(item))


_A_DAY = "a day as year-month-day, such as 2026-07-01"
CELLS: Mapping[str, Cell] = {
    "title": Cell("title", "a title", "Shared dispatch", _plain("title")),
    "parties": Cell(
        "parties", "names with semicolons between them; where one joined or left later, “since” or “until” and a day",
        "Alder Falls; Birch Hollow since 2026-01-01; Cedar Point", _parties,
    ),
    "starts": Cell("starts", _A_DAY, "2025-07-01", _plain("starts")),
    "id": Cell("id", "small letters, digits and _", "shared_dispatch", _plain("id")),
    "service": Cell("service", "a service of the catalogue, by its id or name", "dispatch", _service),
    "form": Cell("form", "a governance model of the catalogue, by its id", "joint_board", _plain("form")),
    "lead": Cell("lead", "the name of a party", "Alder Falls", _lead),
    "ends": Cell("ends", _A_DAY, "2030-06-30", _plain("ends")),
    "renewal": Cell("renewal/kind", "automatic, by_vote or none", "by_vote", _plain("renewal/kind")),
    "renewal_months": Cell("renewal/months", "a whole number", "60", _plain("renewal/months")),
    "notice_months": Cell("notice_months", "a whole number", "12", _plain("notice_months")),
    "review_date": Cell("review_date", _A_DAY, "2027-09-15", _plain("review_date")),
    "insurance": Cell(
        "insurance", "policies with semicolons between them, each with “until” and a day where it ends",
        "Public officials’ liability until 2027-06-30; Vehicles", _insurance,
    ),
    "escalator": Cell("escalator", "growth per year, such as 0.03 or 3%, or the name of an index", "3%", _escalator),
    "escalator_month": Cell("escalator/applies_on", "a month, 1 to 12", "7", _plain("escalator/applies_on")),
    "formula": Cell(
        "formula", "a rule, such as equal or per_head, or a rule with its parameters, such as kind: two_part, readiness_share: 0.4, use_by: calls",
        "kind: two_part, readiness_share: 0.4, use_by: calls", _formula,
    ),
    "votes": Cell("voting/votes", "a name and its votes, with semicolons between them", "Alder Falls 2; Birch Hollow 1; Cedar Point 1", _votes),
    "quota": Cell("voting/quota", "a part of all votes, such as 0.5 or 50%", "50%", _quota),
    "standards": Cell(
        "standards", "a measure, “at least” or “at most”, a number and its unit, with semicolons between them",
        "Calls answered within 15 seconds at least 90 percent; Mean response at most 8 minutes", _standards,
    ),
    "documents": Cell("documents", "a title, “at” and where it is kept, with semicolons between them", "Agreement of 8 March 2025 at Clerk of Alder Falls", _documents),
    "menu": Cell(
        "menu", "parts of the service with semicolons between them, each with a colon and who takes it",
        "Training: Alder Falls, Birch Hollow; Radio repair: Cedar Point", _menu,
    ),
    "fiscal_year_start": Cell("fiscal_year_start", "a month, 1 to 12", "7", _plain("fiscal_year_start")),
    "listed": Cell("publication/listed", "true or false", "false", _plain("publication/listed")),
}  # fmt: skip
"""The columns, in the order in which they are read: the parties before what names them."""
