"""What agreements can start from: almost nothing, a table, a register, the example, a case that was adopted."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import F, Q

from interlocal.case.text import as_node, is_workbook, parse, read_bytes
from interlocal.case.values import as_day
from interlocal.partnership.adopted import REACHED, agreement_of
from interlocal.partnership.document import Partnership, apart, partnership_from_node
from interlocal.partnership.register import parse_register, read_register
from interlocal.partnership.table import read_table
from interlocal.partnership.workbook import holds_agreement, parse_workbook
from interlocal.problems import InputError, Problem
from interlocal.region.readers import read_columns
from interlocal.web import policies
from interlocal.web.examples import slugs
from interlocal.web.models import CaseRecord, Person, StudyRun

_EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "seven-member-partnership" / "register.yaml"
"""Beside the checkout's sources; an installed package has none."""


def from_nothing(entry: Mapping[str, str]) -> Partnership:
    """Return the least an agreement can be: a title, two parties by name, and a first day.

    Raises
    ------
    InputError
        With what is missing.
    """
    names = [line.strip() for line in entry.get("parties", "").splitlines() if line.strip()]
    title, starts = entry.get("title", "").strip(), entry.get("starts", "").strip()
    problems = [
        Problem(field, where, found or "nothing", expected, fix)
        for field, good, where, found, expected, fix in (
            ("title", title, "Title", "", "a title", "Write what is shared."),
            ("parties", len(names) > 1, "Parties", "one name" if names else "", "at least two parties", "Write one name a line."),
            ("starts", as_day(starts) is not None, "First day", starts, "a day", "Write it like 2026-07-01."),
        )
        if not good
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    organisations = [{"id": i, "name": n} for i, n in zip(slugs(names), names, strict=True)]
    document: dict[str, Any] = {
        "format": 1,
        "id": slugs([title])[0],
        "title": title,
        "currency": entry.get("currency", "").strip().upper() or "USD",
        "organisations": organisations,
        "parties": [{"organisation": o["id"]} for o in organisations],
        "starts": starts,
    }
    if entry.get("service"):
        document["service"] = entry["service"]
    return partnership_from_node(as_node(document), "the new agreement")


def from_table(path: Path, *, currency: str, as_of: dt.date) -> tuple[Partnership, ...]:
    """Return the agreements of a table, one a row, or of a workbook of one; see :func:`interlocal.partnership.table.read_table`."""
    if holds_agreement(path.read_bytes(), str(path)):
        return from_file(path)
    return apart(read_table(path, as_of=as_of, currency=currency.strip().upper() or "USD"))


def as_text(path: Path) -> str:
    """Return a table as text with commas, to be mended in the page; empty where it is no table."""
    try:
        if holds_agreement(path.read_bytes(), str(path)):
            return ""
        columns = read_columns(path)
    except InputError:
        return ""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([list(columns), *zip(*columns.values(), strict=True)])
    return text.getvalue()


@dataclass(frozen=True)
class Adopted:
    """A case that reached adoption, with the study that says what it promises."""

    record: CaseRecord
    run: StudyRun | None
    """The latest for the partners over its latest revision; None where there is none yet."""


def adopted(person: Person) -> list[Adopted]:
    """Return the cases from which a person may start an agreement."""
    at_gate = Q()
    for gate in REACHED:
        at_gate |= Q(revisions__document__contains=f'"gate":"{gate}"')
    found = policies.cases_of(person).filter(at_gate, revisions__number=F("latest"))
    return [
        Adopted(a.case, a.case.studies.filter(status="done", audience="partners", revision__number=a.case.latest).first())
        for a in policies.accesses(person, found)
        if a.may("edit") and a.case.head.read.gate in REACHED
    ]  # fmt: skip


def from_case(adopted: Adopted, starts: str) -> Partnership:
    """Return the agreement that follows from an adopted case; see :func:`interlocal.partnership.adopted.agreement_of`."""
    problems, first = [], as_day(starts)
    if first is None:
        problems.append(Problem("case-starts", "First day", starts or "nothing", "a day", "Write it like 2026-07-01."))  # fmt: skip
    if adopted.run is None:
        problems.append(Problem("case", adopted.record.title, "no study of its latest revision for the partners", "the study that says what is promised", "Run the study for the partners, then come back."))  # fmt: skip
    if first is None or adopted.run is None:
        raise InputError(problems)
    return agreement_of(adopted.run.studied, adopted.run.answers, starts=first)


def from_file(path: Path) -> tuple[Partnership, ...]:
    """Return the agreements of a register in YAML or JSON, or one agreement: a workbook, or what somebody downloaded."""
    data = read_bytes(path)
    if is_workbook(data, str(path)):
        return (parse_workbook(data, str(path)),)
    root = parse(data, str(path))
    if isinstance(root.value, dict) and "parties" in root.value:
        return (partnership_from_node(root, str(path)),)
    return apart(parse_register(data, str(path)))


@cache
def example() -> tuple[Partnership, ...]:
    """Return the agreements of the example; none where it is not installed."""
    return apart(read_register(_EXAMPLE)) if _EXAMPLE.exists() else ()
