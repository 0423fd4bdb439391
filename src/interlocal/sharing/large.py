"""Games of more players than a table of all groups can hold: what is exact, what is sampled, and what stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from interlocal.sharing.excess import SHOWN, Violation
from interlocal.sharing.game import Floats, Kind, Sided
from interlocal.sharing.sampling import SampledShapley, sampled_shapley

Value = Callable[[npt.NDArray[np.bool_]], npt.ArrayLike]

SAMPLED_GROUPS = 4096


@dataclass(frozen=True, eq=False)
class LargeGame(Sided):
    """A game given by a function of groups.

    Parameters
    ----------
    players
        Names, each once.
    value
        Takes an array of groups, shape (k, n), True where a player belongs, and returns k values.
    kind
        ``cost`` or ``savings``.
    """

    players: tuple[str, ...]
    value: Value
    kind: Kind = "cost"

    @cached_property
    def whole(self) -> float:
        """Return the value of all players together."""
        return float(self._of(np.ones((1, self.n), bool))[0])

    @cached_property
    def alone(self) -> Floats:
        """Return the value of each player by itself."""
        return self._of(np.eye(self.n, dtype=bool))

    @cached_property
    def separable(self) -> Floats:
        """Return what each player adds to the value of all others."""
        return self.whole - self._of(~np.eye(self.n, dtype=bool))

    @property
    def tolerance(self) -> float:
        """Return the excess below which a group counts as no worse off: 10⁻⁹ of the whole."""
        return 1e-9 * (abs(self.whole) or float(np.abs(self.alone).max()))

    def shapley(self, *, rounds: int = 32, seed: int = 0, confidence: float = 0.95) -> SampledShapley:
        """Return an estimate of the Shapley value, with intervals; see :func:`sampled_shapley`."""
        return sampled_shapley(self.value, self.n, rounds=rounds, seed=seed, confidence=confidence)

    def _of(self, groups: npt.NDArray[np.bool_]) -> Floats:
        return np.asarray(self.value(groups), float)


@dataclass(frozen=True)
class Sought:
    """The groups that would walk, among those that were looked at."""

    looked_at: int
    count: int
    """Of those looked at; others may exist."""
    worst: tuple[Violation, ...]

    @property
    def note(self) -> str:
        """Return a sentence that says how far was looked."""
        return (
            f"Not all groups can be tried. {self.looked_at:,} were: each partner, each pair, all but one or two, and "
            "random groups. Finding none that would walk is no proof that there is none."
        )


def seek_violations(game: LargeGame, shares: npt.ArrayLike, *, seed: int = 0) -> Sought:
    """Look for groups that are worse off under shares than by themselves, among some of the 2ⁿ groups.

    Looked at are single players, pairs, all but one or two, and random groups with every size as likely as any other.
    """
    n = game.n
    random = np.random.default_rng(np.random.SeedSequence(seed))
    single = np.eye(n, dtype=bool)
    first, second = np.triu_indices(n, 1)
    pairs = single[first] | single[second]
    sizes = random.integers(1, n, SAMPLED_GROUPS)
    drawn = random.random((SAMPLED_GROUPS, n)).argsort(1).argsort(1) < sizes[:, None]
    groups = np.unique(np.concatenate([single, pairs, ~single, ~pairs, drawn]), axis=0)
    groups = groups[groups.any(1) & ~groups.all(1)]
    excess = game.sign * (np.asarray(game.value(groups), float) - groups @ np.asarray(shares, float))
    at = np.flatnonzero(excess > game.tolerance)
    worst = at[np.argsort(-excess[at], kind="stable")][:SHOWN]
    return Sought(
        len(groups),
        len(at),
        tuple(
            Violation(
                tuple(p for p, inside in zip(game.players, groups[k], strict=True) if inside),
                float(excess[k]),
            )
            for k in worst
        ),
    )
