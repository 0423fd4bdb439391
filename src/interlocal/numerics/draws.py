"""Random numbers that belong to names, cut into blocks that depend on the number of draws alone.

An input's numbers follow from the seed, the block and the input's own name. Adding an input, leaving one out or
changing their order changes no other input's numbers, and every option and every stress that asks for a name sees the
same numbers (common random numbers), so that differences between options are differences between designs.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from interlocal.numerics.correlation import normal_correlation
from interlocal.numerics.distributions import Distribution, Floats, Mixture

BLOCK_SIZE = 8192


@dataclass(frozen=True)
class Block:
    """Some of a study's draws: the unit of work and of randomness."""

    seed: int
    index: int
    size: int

    def stream(self, *key: str) -> np.random.Generator:
        """Return a generator that belongs to this block and this key, and to nothing else."""
        digest = hashlib.sha256("\0".join(key).encode()).digest()
        words = (int.from_bytes(digest[i : i + 4], "little") for i in range(0, len(digest), 4))
        sequence = np.random.SeedSequence(self.seed, spawn_key=(self.index, *words))
        return np.random.Generator(np.random.SFC64(sequence))


def blocks(draws: int, seed: int, size: int = BLOCK_SIZE) -> tuple[Block, ...]:
    """Cut ``draws`` draws into blocks of at most ``size``; the cut depends on nothing else."""
    if draws < 1 or size < 1:
        raise ValueError(f"draws and block size must be at least 1, not {draws} and {size}")
    starts = range(0, draws, size)
    return tuple(Block(seed, index, min(size, draws - start)) for index, start in enumerate(starts))


class Draws(Protocol):
    """Where a model gets its inputs from, whether they are random, central or set by hand."""

    @property
    def size(self) -> int:
        """Number of draws."""

    def quantity(
        self,
        name: str,
        distribution: Distribution | Mixture,
        group: str | None = None,
        rank_correlation: float = 0.0,
    ) -> Floats:
        """Return the values (size,) of the input ``name``."""

    def normal(self, name: str, columns: int = 1) -> Floats:
        """Return standard normal noise (size, columns)."""

    def uniform(self, name: str) -> Floats:
        """Return numbers (size,) in [0, 1)."""


class RandomDraws:
    """The random inputs of one block.

    Each name is drawn once; asking again returns the same array, which nobody can write to.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self._noise: dict[tuple[str, str, int], Floats] = {}
        self._values: dict[tuple[Hashable, ...], Floats] = {}
        self._drivers: dict[str, Floats] = {}

    @property
    def size(self) -> int:
        """Number of draws."""
        return self.block.size

    @property
    def drawn(self) -> Mapping[str, Floats]:
        """Values of every uncertain quantity asked for so far, by name: what can have driven a result."""
        return self._drivers

    def quantity(
        self,
        name: str,
        distribution: Distribution | Mixture,
        group: str | None = None,
        rank_correlation: float = 0.0,
    ) -> Floats:
        """Return the values (size,) of the input ``name``.

        Parameters
        ----------
        name : str
            The same name means the same underlying random numbers, even where a stress changes the distribution.
        distribution : Distribution or Mixture
        group : str, optional
            Inputs of one group move together through a factor of that name (a Gaussian copula).
        rank_correlation : float, default 0
            Spearman correlation with another member of the group that states the same number. Members that state
            r₁ and r₂ correlate by about √(r₁r₂). A negative number turns its member against the group: it correlates
            negatively with the members whose number is positive.

        """
        key = (name, distribution, group, rank_correlation)
        if key not in self._values:
            score = self._score(name, group, rank_correlation)
            if isinstance(distribution, Mixture):
                values = distribution.from_normal(self._draw("pick", name)[:, 0], score)
            else:
                values = distribution.from_normal(score)
            self._values[key] = _shared(values)
            if not distribution.is_fixed:
                self._drivers[name] = self._values[key]
        return self._values[key]

    def normal(self, name: str, columns: int = 1) -> Floats:
        """Return standard normal noise (size, columns); asking for more columns leaves the first ones as they are."""
        return self._draw("normal", name, columns)

    def uniform(self, name: str) -> Floats:
        """Return numbers (size,) in [0, 1)."""
        return self._draw("uniform", name)[:, 0]

    def _score(self, name: str, group: str | None, rank_correlation: float) -> Floats:
        own = self._draw("quantity", name)[:, 0]
        if group is None or rank_correlation == 0:
            return own
        shared = normal_correlation(abs(rank_correlation))
        loading = math.copysign(math.sqrt(shared), rank_correlation)
        return loading * self._draw("group", group)[:, 0] + math.sqrt(1 - shared) * own

    def _draw(self, kind: str, name: str, columns: int = 1) -> Floats:
        key = (kind, name, columns)
        if key not in self._noise:
            stream = self.block.stream(kind, name)
            shape = (columns, self.size)
            numbers = stream.random(shape) if kind in {"uniform", "pick"} else stream.standard_normal(shape)
            self._noise[key] = _shared(np.ascontiguousarray(numbers.T))
        return self._noise[key]


class CentralDraws:
    """Every input at its median: the central path, which repeats itself in every draw."""

    def __init__(self, size: int = 1, overrides: Mapping[str, ArrayLike] | None = None) -> None:
        self.size = size
        self.overrides = dict(overrides or {})

    def quantity(
        self,
        name: str,
        distribution: Distribution | Mixture,
        group: str | None = None,  # noqa: ARG002 – a median knows no company
        rank_correlation: float = 0.0,  # noqa: ARG002
    ) -> Floats:
        """Return the median (size,) of ``distribution``, or what overrides it."""
        return _filled(self.overrides.get(name, distribution.median()), (self.size,))

    def normal(self, name: str, columns: int = 1) -> Floats:
        """Return noise (size, columns) that is nowhere but at its middle, 0."""
        return _filled(self.overrides.get(name, 0.0), (self.size, columns))

    def uniform(self, name: str) -> Floats:
        """Return the middle (size,), ½."""
        return _filled(self.overrides.get(name, 0.5), (self.size,))


class Overridden:
    """Other draws, with some inputs set by hand: how a stress changes a future and leaves the rest of it alone."""

    def __init__(self, draws: Draws, overrides: Mapping[str, ArrayLike]) -> None:
        self.draws = draws
        self.overrides = dict(overrides)

    @property
    def size(self) -> int:
        """Number of draws."""
        return self.draws.size

    def quantity(
        self,
        name: str,
        distribution: Distribution | Mixture,
        group: str | None = None,
        rank_correlation: float = 0.0,
    ) -> Floats:
        """Return the values (size,) of the input ``name``, or what overrides them."""
        if name in self.overrides:
            return _filled(self.overrides[name], (self.size,))
        return self.draws.quantity(name, distribution, group, rank_correlation)

    def normal(self, name: str, columns: int = 1) -> Floats:
        """Return noise (size, columns), or what overrides it."""
        if name in self.overrides:
            return _filled(self.overrides[name], (self.size, columns))
        return self.draws.normal(name, columns)

    def uniform(self, name: str) -> Floats:
        """Return numbers (size,) in [0, 1), or what overrides them."""
        if name in self.overrides:
            return _filled(self.overrides[name], (self.size,))
        return self.draws.uniform(name)


def escalation_path(rate: ArrayLike, volatility: ArrayLike, persistence: float, noise: Floats) -> Floats:
    """Return the factor by which prices have grown since the first year.

    Yearly growth wanders around ``rate``: its deviation is a stationary first-order autoregression,
    e_t = ρ e_{t−1} + σ √(1 − ρ²) z_t.

    Parameters
    ----------
    rate : (draws,) array or float
        Mean yearly growth [1/year], 0.03 for 3 %.
    volatility : (draws,) array or float
        Standard deviation σ of a single year's growth [1/year].
    persistence : float
        Correlation ρ of one year's deviation with the next, from 0 up to but not including 1.
    noise : (draws, years) array
        Standard normal z.

    Returns
    -------
    (draws, years) array
        1.0 in the first year; never below 0.

    """
    if not 0 <= persistence < 1:
        raise ValueError(f"persistence must be at least 0 and below 1, not {persistence:g}")
    size, years = noise.shape
    factor = np.ones((size, years))
    trend = 1 + np.asarray(rate, dtype=np.float64)
    sigma = np.asarray(volatility, dtype=np.float64)
    deviation = sigma * noise[:, 0]
    for year in range(1, years):
        deviation = persistence * deviation + sigma * math.sqrt(1 - persistence**2) * noise[:, year]
        factor[:, year] = factor[:, year - 1] * np.maximum(trend + deviation, 0.0)
    return factor


def _filled(value: ArrayLike, shape: tuple[int, ...]) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)


def _shared(values: Floats) -> Floats:
    values.flags.writeable = False
    return values
