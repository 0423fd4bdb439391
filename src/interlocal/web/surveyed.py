"""Whom a survey asks, and where what it found is kept: all that surveys know of a case or an agreement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interlocal.case.deciding import SurveyWave
from interlocal.case.document import Case
from interlocal.partnership.document import Partnership
from interlocal.web import kinds
from interlocal.web.models import CaseRecord

BEFORE = ("trust", "readiness", "safety")
"""Kinds of survey that a case can hold at every gate."""
RUNNING = ("pulse",)
"""Kinds that ask about a partnership that runs."""


@dataclass(frozen=True)
class Surveyed:
    """A case or an agreement, as surveys see it."""

    title: str
    fictional: bool
    as_of: dt.date
    """The day up to which its closed waves are read."""
    partners: Mapping[str, str]
    """Names by id of the partners whose people can be asked."""
    names: Mapping[str, str]
    """The same with those that have left."""
    kinds: tuple[str, ...]
    """Kinds of survey that can be begun."""
    waves: tuple[SurveyWave, ...]
    """Closed waves on record, whoever held them."""


def surveyed(record: CaseRecord) -> Surveyed:
    """Return what surveys need to know of a record as it stands."""
    held = kinds.said(record.head, record)
    return _case(held) if isinstance(held, Case) else _agreement(held)


def _case(case: Case) -> Surveyed:
    names = {p.id: p.name for p in case.partners}
    asks = (*BEFORE, *RUNNING) if case.gate == "run" else BEFORE
    return Surveyed(case.title, case.fictional, case.as_of, names, names, asks, case.surveys)


def _agreement(agreement: Partnership) -> Surveyed:
    today = dt.datetime.now(tz=dt.UTC).date()
    names = {o.id: o.name for o in agreement.organisations}
    partners = {p: names[p] for p in agreement.partners_on(today)}
    return Surveyed(
        agreement.title, agreement.fictional, today, partners, names, RUNNING, agreement.life.pulses
    )


def with_wave(record: CaseRecord, wave: SurveyWave) -> dict[str, Any]:
    """Return a record's document with one closed wave more, as plain values."""
    data, new = record.head.data, wave.model_dump(mode="json", exclude_defaults=True)
    if record.kind == kinds.CASE.name:
        return {**data, "surveys": [*data.get("surveys", []), new]}
    life = data.get("life", {})
    return {**data, "life": {**life, "pulses": [*life.get("pulses", []), new]}}
