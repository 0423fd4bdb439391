"""Documented cases: what was claimed and what became of it, and who pays what under real agreements."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from interlocal.reference.files import table


@dataclass(frozen=True)
class ClaimedCase:
    """One figure of a documented case; money is nominal, None is unknown."""

    id: str
    case: str
    country: str
    place: str
    partners: str | None
    services: tuple[str, ...]
    """Ids of services by our reading; empty where the case spans several that are not named."""
    service_as_described: str
    arrangement: str
    what: str
    kind: str
    """cost, saving or staff."""
    year: int | None
    claimed: float | None
    realised: float | None
    unit: str
    """Currency, or FTE."""
    per: str | None
    """year, once or total."""
    basis: str | None
    mark: str
    source: str | None
    """Id of a source, where there is no address."""
    address: str | None
    note: str | None

    @property
    def ratio(self) -> float | None:
        """Realised over claimed, where both are known: above 1 is worse for a cost, better for a saving."""
        if self.claimed is None or self.realised is None:
            return None
        return self.realised / self.claimed


@dataclass(frozen=True)
class CostShare:
    """What one partner pays under a documented agreement; None is unknown."""

    id: str
    case: str
    country: str
    services: tuple[str, ...]
    service_as_described: str
    year: str | None
    partner: str
    population: int | None
    share_percent: float | None
    amount: float | None
    currency: str
    formula: str
    derived: str | None
    mark: str
    address: str
    note: str | None


_NUMBERS = {"claimed": float, "realised": float, "share_percent": float, "amount": float, "population": int}


@cache
def _claimed() -> tuple[ClaimedCase, ...]:
    return tuple(
        ClaimedCase(**{**_typed(row), "year": int(row["year"]) if row["year"] else None})
        for row in table("cases_claimed")
    )


def claimed_cases(service: str | None = None) -> tuple[ClaimedCase, ...]:
    """Return claimed and realised figures, all or those that name a service (id)."""
    return tuple(c for c in _claimed() if service is None or service in c.services)


@cache
def _shares() -> tuple[CostShare, ...]:
    return tuple(CostShare(**_typed(row)) for row in table("cases_cost_shares"))


def cost_shares(service: str | None = None) -> tuple[CostShare, ...]:
    """Return documented cost shares, all or those of a service (id)."""
    return tuple(c for c in _shares() if service is None or service in c.services)


def _typed(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        k: _NUMBERS.get(k, str)(v) if v else None for k, v in row.items() if k != "services"
    }
    return {**values, "services": tuple(filter(None, row["services"].split(";")))}
