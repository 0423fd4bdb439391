"""How far a body consents, from what its members chose: endorse, can live with, or block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Level = Literal["endorse", "live_with", "block"]
LEVELS: tuple[Level, ...] = ("endorse", "live_with", "block")
"""The most willing first."""


def graded(chosen: Sequence[Level], *, quorum: int) -> Level | None:
    """Return the most willing level that more than half of those who answered reach; None without a quorum.

    Who endorses can also live with it. A tie falls to the less willing side, as a motion that ties is lost in most
    bodies' rules of order. A body without a quorum has not spoken, so nothing is said for it.

    Parameters
    ----------
    chosen
        One level per member who answered.
    quorum
        Fewest answers that count [members], 1 or more.
    """
    if len(chosen) < max(quorum, 1):
        return None
    for place, level in enumerate(LEVELS):
        if 2 * sum(c in LEVELS[: place + 1] for c in chosen) > len(chosen):
            return level
    return "block"
