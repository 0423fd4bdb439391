"""Forms of regions: files that come in, the mapping as fields, what is asked of a scan or a division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, QueryDict

from interlocal.problems import InputError, Problem
from interlocal.region import mapping as core
from interlocal.region.cells import Columns
from interlocal.web.forms.entries import Entry, Reader, fill
from interlocal.web.forms.known import catalogues
from interlocal.web.forms.page import Builder, Shown
from interlocal.web.forms.shape import label, shape_of
from interlocal.web.tables import ENDINGS, Upload, taken
from interlocal.web.whole import whole

MAPPING = shape_of(core.Mapping)
GROUPS = (
    ("Who they are", "", ("title", "source", "id", "name", "kind", "population", "law")),
    ("Money", "", ("currency", "year", "missing_codes")),
    ("Services", "For each service: which column holds what was spent on it, and what to know of that column.", ("services",)),
    ("Where they are, and who borders whom", "Without a file of neighbours, places that lie near each other count as neighbours.", ("place", "area", "adjacency")),
    ("What else makes spending differ", "Folded, because a scan works without.", ("valuation", "tax_effort", "drivers")),
    ("Rows, further tables and registers", "Folded, because most tables need none of it.", ("table", "use_if", "where", "pivot", "tables", "agreements", "mergers")),
)  # fmt: skip
FOLDED = 2
"""Groups of fields from the end that are folded until they hold something."""
NUMBERS = {"top": "whole", "largest": "whole", "max_size": "whole", "replications": "whole", "seed": "whole", "hub_km": "number", "coordination": "number", "gap": "number"}  # fmt: skip


def uploads(request: HttpRequest) -> list[Upload]:
    """Return the files that somebody sent.

    Raises
    ------
    InputError
        With every file that is not taken.
    """
    problems: list[Problem] = []
    found: list[Upload] = []
    for role in ENDINGS:
        for sent in request.FILES.getlist(role):
            try:
                found.append(taken(role, sent.name or "table.csv", sent.read()))
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def entry_of(mapping: Mapping[str, Any]) -> Entry:
    """Return a mapping as the fields of its form."""
    entry: Entry = {}
    fill(MAPPING, _spelled_out(mapping), "", entry)
    return entry


def _spelled_out(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with each short form written long: a form has one way to say a thing."""
    made = dict(mapping)
    made["drivers"] = {k: {"column": d} if isinstance(d, str) else d for k, d in (made.get("drivers") or {}).items()}  # fmt: skip
    services: dict[str, Any] = {}
    for name, service in (made.get("services") or {}).items():
        told = service.get("missing_if")
        because = {"missing_if": {"the mapping says it is missing": told}} if isinstance(told, str) else {}
        services[name] = {**service, **because}
    return {**made, "services": services}


def read_entry(entry: Mapping[str, str]) -> tuple[dict[str, Any], Reader]:
    """Return the mapping that an entry says, not yet checked, and its reader with what it did not understand."""
    reader = Reader(entry, lambda _: None)
    found: dict[str, Any] = reader.read(MAPPING, "") or {}
    for service in (found.get("services") or {}).values():
        if isinstance(service, dict) and "unit" in service:
            service["unit"] = whole(str(service["unit"]), service["unit"])
    return found, reader


def placed(problem: Problem, reader: Reader) -> Problem:
    """Return a problem with the name of the field it is about."""
    rest = problem.path
    while rest and rest not in reader.places:
        rest = rest.rpartition("/")[0]
    name = reader.places.get(rest, "") if rest else ""
    where = " › ".join(label(w) for w in problem.where.removeprefix("mapping, ").split(".")) if problem.where.startswith("mapping, ") else problem.where  # fmt: skip
    return Problem(name, where, problem.found, problem.expected, problem.fix)


def shown_mapping(
    entry: Mapping[str, str],
    columns: Columns,
    files: Sequence[str],
    problems: Sequence[Problem] = (),
    new: Mapping[str, int] | None = None,
) -> list[tuple[str, str, list[Shown], bool]]:
    """Return the groups of fields of the form: heading, what to know, fields, whether they are folded."""
    names = [(name, name) for name in columns if name]
    offers = {"columns": names, "files": [(f, f) for f in files]}
    builder = Builder({**catalogues(), **offers}, entry, problems, new or {})
    form = builder.show(MAPPING, "")
    fields = {f.shape.name: f for f in [*form.parts, *form.extras]}
    made = []
    for n, (title, about, keys) in enumerate(GROUPS):
        shown = [fields[key] for key in keys]
        folded = n >= len(GROUPS) - FOLDED and not any(f.has_errors for f in shown) and not (new and any(k in keys for k in (w.split(".")[0] for w in new)))  # fmt: skip
        made.append((title, about, shown, folded))
    return made


def asked(sent: QueryDict, kind: str) -> dict[str, Any]:
    """Return what a form of a scan or a division says, as plain values.

    Raises
    ------
    InputError
        With every field that holds no number where one is needed.
    """
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, holds in NUMBERS.items():
        text = sent.get(name, "").strip()
        if not text:
            continue
        try:
            found[name] = int(text) if holds == "whole" else float(text.replace(",", "."))
        except ValueError:
            problems.append(Problem(name, label(name), f"“{text[:40]}”", "a number", "Write it in digits."))
    found |= {name: _lines(sent.get(name, "")) for name in ("fixed", "together", "apart") if sent.get(name)}
    found["hubs"] = [name for line in _lines(sent.get("hubs", "")) for name in line]
    if kind == "scan":
        found["services"] = sent.getlist("services")
        found |= {name: sent.get(name) == "on" for name in ("checks", "exclude_agreements")}
    else:
        found["service"] = sent.get("service", "")
    if problems:
        raise InputError(problems)
    return found


def _lines(text: str) -> list[list[str]]:
    """Return names a line, parted by commas or semicolons."""
    rows = ([w.strip() for w in line.replace(";", ",").split(",") if w.strip()] for line in text.splitlines())
    return [row for row in rows if row]
