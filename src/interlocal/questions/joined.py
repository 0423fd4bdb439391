"""One option's draws from all blocks, put together in the order of the blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.questions.answers import both
from interlocal.questions.simulation import BlockResult, OptionDraws


class Joined:
    """One option's draws from all blocks, in the order of the blocks."""

    def __init__(self, case: Case, option: Option, results: Sequence[BlockResult]) -> None:
        self.case, self.option = case, option
        self.parts: list[OptionDraws] = [r.options[option.id] for r in results]
        self.members = case.members(option)

    def npv(self, view: str) -> np.ndarray[Any, Any]:
        """Return net present savings in a view: ``(partners + 1, draws)`` [currency]."""
        return np.concatenate([p.money.npv[view] for p in self.parts], axis=1)

    def payback(self, view: str) -> np.ndarray[Any, Any]:
        """Return payback years in a view: ``(partners + 1, draws)``."""
        return np.concatenate([p.money.payback[view] for p in self.parts], axis=1)

    def has(self, view: str) -> bool:
        """Whether the option was looked at in a view."""
        return view in self.parts[0].money.npv

    def of(self, take: Callable[[OptionDraws], Any]) -> np.ndarray[Any, Any]:
        """Draws of all blocks; arrays have draws as their only or second axis."""
        arrays = [take(p) for p in self.parts]
        return np.concatenate(arrays, axis=min(1, arrays[0].ndim - 1))

    def answer(self, view: str) -> dict[str, Any] | None:
        """Return the object R of study.json for a view, None where there is none."""
        if not self.has(view):
            return None
        return both(self.npv(view), self.payback(view), self.case.partner_ids, self.members)
