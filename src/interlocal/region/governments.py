"""The governments of a region as arrays, with an account of what was used, what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from interlocal.region.adjacency import Neighbours
    from interlocal.region.mapping import Floor
    from interlocal.region.mergers import Merger
    from interlocal.region.registers import Registers

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Note:
    """Something about the data that a reader should know."""

    kind: str
    """duplicate, not_a_number, missing, zero, unit, outlier, neighbour, year, place."""
    about: str
    """The government's id, or the file."""
    text: str
    service: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class ServiceData:
    """One service, one number per government; nan where the figure is not used."""

    id: str
    spending: Floats
    """[currency/year]"""
    why_not: tuple[str, ...]
    """Why the figure is not used; empty where it is."""
    volume: Floats | None = None
    level: dict[str, Floats] = field(default_factory=dict)
    units: Floats | None = None
    floor: Floor | None = None
    excludes: tuple[str, ...] = ()
    catalogue: str | None = None
    """The nearest service of the catalogue."""

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """Where there is a figure to work with."""
        return np.isfinite(self.spending)


@dataclass(frozen=True)
class Region:
    """Every government of a region; arrays have one entry per government, in the order of the table."""

    title: str
    source: str
    currency: str
    year: int
    law: str | None
    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    population: Floats
    """[people]"""
    lat: Floats
    lon: Floats
    drivers: dict[str, Floats]
    """What else makes spending differ: ``density`` [people/km²], ``wealth`` [currency/head], …"""
    tax_effort: Floats | None
    services: dict[str, ServiceData]
    neighbours: Neighbours
    registers: Registers
    mergers: tuple[Merger, ...]
    notes: tuple[Note, ...]
    rows_read: int

    def summary(self) -> dict[str, Any]:
        """Say what was used, what was left out and why."""
        return {
            "rows_read": self.rows_read,
            "governments_used": len(self.ids),
            "neighbour_pairs": len(self.neighbours.pairs),
            "neighbours_from": self.neighbours.basis,
            "without_neighbours": [self.ids[i] for i in self.neighbours.islands(len(self.ids))],
            "services": {
                s.id: {
                    "used": int(s.used.sum()),
                    "left_out": self._left_out(s),
                    "booked_elsewhere": list(s.excludes),
                }
                for s in self.services.values()
            },
            "notes": [
                {
                    "kind": n.kind,
                    "about": n.about,
                    "service": n.service,
                    "text": n.text,
                    "left_out": n.left_out,
                }
                for n in self.notes
            ],
        }

    def _left_out(self, data: ServiceData) -> dict[str, list[str]]:
        """Return the governments whose figure is not used, by the reason."""
        reasons = sorted(set(data.why_not) - {""})
        return {
            reason: [i for i, why in zip(self.ids, data.why_not, strict=True) if why == reason]
            for reason in reasons
        }
