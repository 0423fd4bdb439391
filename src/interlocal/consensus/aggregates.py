"""What may leave the database of a survey: counts by level, rank sums and tie terms of panels large enough to hide in.

A *panel* is a fixed set of people (for trust: of people and the partner they rate). Panels of one statement never
overlap, so any total shown is a sum of panels: see :mod:`interlocal.consensus.suppression`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LEVELS = 5
"""Anchored levels of every statement, 1 the weakest and 5 the strongest."""

Why = Literal["few", "alike", "waves"]


@dataclass(frozen=True)
class Aggregate:
    """The answers of one panel to one statement in one wave."""

    statement: str
    wave: int
    panel: int
    """The same number in two waves means the same people."""
    partners: tuple[str, ...]
    """Partners the raters belong to; more than one where small cells had to be pooled."""
    groups: tuple[str, ...]
    about: tuple[str, ...]
    """Partners rated; empty where the statement rates no partner."""
    raters: int
    """People behind the counts."""
    invited: int
    """Answers there could have been; those who stayed away count with the first panel of their cell, so that the
    numbers of panels and of what is withheld add up to all who were asked."""
    counts: tuple[int, ...]
    """Answers at levels 1 to 5."""

    @property
    def cell(self) -> tuple[object, ...]:
        """What must be the same for two waves to be compared."""
        return (self.statement, self.panel, self.partners, self.groups, self.about)

    @property
    def partner(self) -> str | None:
        """The raters' partner, or None where partners are pooled."""
        return _only(self.partners)

    @property
    def group(self) -> str | None:
        """The raters' group, or None where groups are pooled."""
        return _only(self.groups)

    @property
    def rated(self) -> str | None:
        """The one partner rated, or None where there is none or several are pooled."""
        return _only(self.about)


@dataclass(frozen=True)
class Withheld:
    """A panel, or what is left over from all panels, whose answers are not shown, and why.

    ``few``: fewer people than the threshold. ``alike``: the answers are so alike that one would give away others.
    ``waves``: showing it beside an earlier wave would single out fewer people than the threshold.
    """

    statement: str
    wave: int
    partners: tuple[str, ...]
    groups: tuple[str, ...]
    about: tuple[str, ...]
    invited: int
    why: Why


@dataclass(frozen=True)
class RankAggregate:
    """The rankings of one panel: what Kendall's W needs and nothing more."""

    wave: int
    panel: int
    items: tuple[str, ...]
    rankers: int
    rank_sums: tuple[float, ...]
    """Sum over rankers of each item's rank, 1 the most important, ties at their mean rank."""
    tie_terms: float
    """Sum over rankers and their groups of t tied items of t³ − t."""


@dataclass(frozen=True)
class Published:
    """All that may be known of a survey outside its database."""

    aggregates: tuple[Aggregate, ...]
    withheld: tuple[Withheld, ...]


def pooled(aggregates: Iterable[Aggregate]) -> tuple[int, ...]:
    """Return the counts by level over several panels; the only way in which a total is ever made.

    Examples
    --------
    >>> one = Aggregate("s", 1, 0, ("a",), ("staff",), (), 5, 7, (0, 1, 1, 3, 0))
    >>> two = Aggregate("s", 1, 1, ("b",), ("staff",), (), 6, 6, (0, 0, 2, 2, 2))
    >>> pooled([one, two])
    (0, 1, 3, 5, 2)
    """
    total = [0] * LEVELS
    for aggregate in aggregates:
        for level, count in enumerate(aggregate.counts):
            total[level] += count
    return tuple(total)


def _only(names: tuple[str, ...]) -> str | None:
    return names[0] if len(names) == 1 else None
