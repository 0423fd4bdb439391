"""The register of agreements that exist."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from interlocal.problems import InputError
from interlocal.region.joining import lacking
from interlocal.region.readers import read_columns

if TYPE_CHECKING:
    from interlocal.region.mapping import Mapping


@dataclass(frozen=True)
class Registers:
    """Agreements that exist; members are positions in the region."""

    agreements: dict[tuple[str, str | None], frozenset[int]] = field(default_factory=dict)
    """Members by name of the agreement and service; a service of None is every service."""
    exclude: bool = False
    """Whether candidates leave out those who already share, rather than mark them."""
    faults: tuple[tuple[str, str], ...] = ()

    def partnerships(self, service: str) -> dict[str, frozenset[int]]:
        """Return the agreements for a service that have two members or more in the region."""
        held: dict[str, frozenset[int]] = defaultdict(frozenset)
        for (name, about), members in self.agreements.items():
            if about in {None, service}:
                held[name] |= members
        return {name: members for name, members in sorted(held.items()) if len(members) > 1}

    def shared(self, members: tuple[int, ...], service: str) -> list[str]:
        """Return the agreements for this service to which two of the members or more belong."""
        return [
            name for name, held in self.partnerships(service).items() if len(held.intersection(members)) > 1
        ]


def read_registers(
    folder: Path,
    mapping: Mapping,
    ids: tuple[str, ...],
    agreements: str | Path | None = None,
    *,
    exclude: bool | None = None,
) -> Registers:
    """Read the agreements from the file asked for, or from the mapping's; rows about unknown governments become faults.

    Raises
    ------
    InputError
        When a file or a column is not there.
    """
    from interlocal.region.mapping import Agreements  # noqa: PLC0415 – the mapping's words need no register

    told = mapping.agreements or Agreements()
    path = Path(agreements) if agreements else folder / Path(told.file).name if told.file else None
    if path is None:
        return Registers()
    rows = read_columns(path)
    named = {"agreements.member": told.member, "agreements.agreement": told.agreement}
    if told.service:
        named["agreements.service"] = told.service
    if problems := lacking(path.name, rows, named):
        raise InputError(problems)
    at = {identity: i for i, identity in enumerate(ids)}
    about = rows.get(told.service or "service", [""] * len(rows[told.member]))
    faults: list[tuple[str, str]] = []
    found: dict[tuple[str, str | None], set[int]] = defaultdict(set)
    for member, agreement, service in zip(rows[told.member], rows[told.agreement], about, strict=True):
        if member not in at:
            faults.append((member, f"{path.name} names a government that is not in the table"))
        elif service and service not in mapping.services:
            faults.append((member, f"{path.name} names the service {service}, which the mapping does not"))
        else:
            found[agreement, service or None].add(at[member])
    left_out = told.treat == "exclude" if exclude is None else exclude
    return Registers({key: frozenset(value) for key, value in found.items()}, left_out, tuple(faults))
