"""Registers beside the governments table: agreements that exist and key posts that come free."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from interlocal.problems import InputError, Problem, nearest
from interlocal.region.readers import Columns, numbers, read_columns

if TYPE_CHECKING:
    from interlocal.region.mapping import Mapping


@dataclass(frozen=True)
class Post:
    """A key post of one government."""

    post: str
    leaves: int | None
    """Year in which its holder is expected to leave, where somebody said so."""


@dataclass(frozen=True)
class Registers:
    """Agreements by member and service, posts by member and service; members are positions in the region."""

    agreements: dict[tuple[int, str | None], frozenset[str]] = field(default_factory=dict)
    exclude: bool = False
    posts: dict[tuple[int, str], tuple[Post, ...]] = field(default_factory=dict)
    faults: tuple[tuple[str, str], ...] = ()

    def shared_agreements(self, members: tuple[int, ...], service: str) -> tuple[str, ...]:
        """Return the agreements for this service to which all of the members belong."""
        held = [
            self.agreements.get((i, service), frozenset()) | self.agreements.get((i, None), frozenset())
            for i in members
        ]
        return tuple(sorted(frozenset.intersection(*held))) if held else ()


def read_registers(folder: Path, mapping: Mapping, ids: tuple[str, ...]) -> Registers:
    """Read the registers that the mapping names; rows about unknown governments become faults.

    Raises
    ------
    InputError
        When a file or a column is not there.
    """
    at = {identity: i for i, identity in enumerate(ids)}
    faults: list[tuple[str, str]] = []
    agreements: dict[tuple[int, str | None], set[str]] = defaultdict(set)
    posts: dict[tuple[int, str], list[Post]] = defaultdict(list)
    if a := mapping.agreements:
        rows = _columns(folder, a.file, (a.member, a.agreement, *([a.service] if a.service else [])))
        services: list[str | None] = [*rows[a.service]] if a.service else [None] * len(rows[a.member])
        for member, agreement, service in zip(rows[a.member], rows[a.agreement], services, strict=True):
            if member in at:
                agreements[at[member], service].add(agreement)
            else:
                faults.append((member, f"{a.file} names a government that is not in the table"))
    if r := mapping.register_:
        rows = _columns(folder, r.file, (r.member, r.service, r.post, *([r.leaves] if r.leaves else [])))
        years = numbers(rows[r.leaves])[0] if r.leaves else None
        for n, (member, service, post) in enumerate(
            zip(rows[r.member], rows[r.service], rows[r.post], strict=True)
        ):
            if member in at:
                leaves = int(years[n]) if years is not None and years[n] == years[n] else None
                posts[at[member], service].append(Post(post, leaves))
            else:
                faults.append((member, f"{r.file} names a government that is not in the table"))
    return Registers(
        {key: frozenset(value) for key, value in agreements.items()},
        bool(a and a.treat == "exclude"),
        {key: tuple(value) for key, value in posts.items()},
        tuple(faults),
    )


def _columns(folder: Path, file: str, wanted: tuple[str, ...]) -> Columns:
    columns = read_columns(folder / Path(file).name)
    problems = [
        Problem(
            "",
            file,
            f"no column {name}",
            "the columns that the mapping names",
            f"Did you mean {guess}?"
            if (guess := nearest(name, columns))
            else f"It has: {', '.join(columns)}.",
        )
        for name in wanted
        if name not in columns
    ]
    if problems:
        raise InputError(problems)
    return columns
