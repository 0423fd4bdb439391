"""The shapes an uncertain number can have, each as a function of a standard normal score.

Every shape says what it makes of a standard normal score z (``from_normal``); its quantile function is then
``ppf(u) = from_normal(Φ⁻¹(u))``. Scores are what the Gaussian copula draws, and unlike probabilities they keep their
digits in both tails.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from interlocal.numerics.pert import pert_quantile

Floats = NDArray[np.float64]

_Z90 = float(ndtri(0.9))
_PROBABILITY_SLACK = 1e-6


class Distribution(ABC):
    """An uncertain number in one dimension."""

    @abstractmethod
    def mean(self) -> float:
        """Return the expected value."""

    @abstractmethod
    def _at(self, z: Floats) -> Floats:
        """Return the value at each score; never decreasing, and the bounds at ±∞."""

    def from_normal(self, z: ArrayLike) -> Floats:
        """Return the values at standard normal scores ``z``, in their shape; never decreasing in ``z``."""
        return self._at(np.asarray(z, dtype=np.float64))

    def ppf(self, u: ArrayLike) -> Floats:
        """Return the values undercut with probability ``u`` (the quantile function)."""
        return self.from_normal(ndtri(np.asarray(u, dtype=np.float64)))

    def median(self) -> float:
        """Return the value undercut half the time."""
        return float(self.from_normal(0.0))

    @property
    def is_fixed(self) -> bool:
        """Whether only one value is possible."""
        lowest, highest = self.from_normal([-np.inf, np.inf])
        return bool(lowest == highest)


@dataclass(frozen=True)
class Fixed(Distribution):
    """A number that is known."""

    value: float

    def __post_init__(self) -> None:
        _require_finite("value", self.value)

    def _at(self, z: Floats) -> Floats:
        return np.full(z.shape, float(self.value))

    def mean(self) -> float:
        """Return the number."""
        return float(self.value)


@dataclass(frozen=True)
class Uniform(Distribution):
    """Every value between two bounds equally likely."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _require_ascending(low=self.low, high=self.high)

    def _at(self, z: Floats) -> Floats:
        u: Floats = ndtr(z)
        return self.low + (self.high - self.low) * u

    def mean(self) -> float:
        """Return the middle."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Triangular(Distribution):
    """Density rising straight from ``low`` to ``likely`` and falling straight to ``high``."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _require_ascending(low=self.low, likely=self.likely, high=self.high)

    def _at(self, z: Floats) -> Floats:
        u: Floats = ndtr(z)
        width = self.high - self.low
        is_rising = u * width < self.likely - self.low
        squared = np.where(is_rising, u * (self.likely - self.low), (1 - u) * (self.high - self.likely))
        distance = np.sqrt(squared * width)
        # The product under the root has few digits left where the bounds nearly meet.
        return np.clip(np.where(is_rising, self.low + distance, self.high - distance), self.low, self.high)

    def mean(self) -> float:
        """Return the mean of the three points."""
        return (self.low + self.likely + self.high) / 3


@dataclass(frozen=True)
class Pert(Distribution):
    """Beta distribution between two bounds whose mean is (low + 4 likely + high) / 6.

    The shape of Malcolm, Roseboom, Clark and Fazar (1959), doi:10.1287/opre.7.5.646, in its usual form
    (weight 4 on the likely value). Values come from a table of the beta quantile, for one draw as for a million;
    they differ from the exact quantile by less than 10⁻⁶ of the range.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        _require_ascending(low=self.low, likely=self.likely, high=self.high)

    def _at(self, z: Floats) -> Floats:
        width = self.high - self.low
        if width == 0:
            return np.full(z.shape, float(self.low))
        return self.low + width * pert_quantile((self.likely - self.low) / width, z)

    def mean(self) -> float:
        """Return (low + 4 likely + high) / 6."""
        return (self.low + 4 * self.likely + self.high) / 6


@dataclass(frozen=True)
class Normal(Distribution):
    """The bell curve with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        _require_finite("mean", self.mu)
        _require_spread(self.sigma)

    def _at(self, z: Floats) -> Floats:
        return self.mu + _scaled(self.sigma, z)

    def mean(self) -> float:
        """Return ``mu``."""
        return float(self.mu)


@dataclass(frozen=True)
class Lognormal(Distribution):
    """A positive number whose logarithm is normal with mean ``mu`` and standard deviation ``sigma``."""

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        _require_finite("mean of the logarithm", self.mu)
        _require_spread(self.sigma)

    @classmethod
    def from_median(cls, median: float, sigma: float) -> Lognormal:
        """Return the lognormal with this median and standard deviation of the logarithm."""
        _require_positive("median", median)
        return cls(math.log(median), sigma)

    @classmethod
    def from_mean_sd(cls, mean: float, sd: float) -> Lognormal:
        """Return the lognormal with this mean and standard deviation of the number itself."""
        _require_positive("mean", mean)
        _require_spread(sd)
        variance = math.log1p((sd / mean) ** 2)
        return cls(math.log(mean) - variance / 2, math.sqrt(variance))

    @classmethod
    def from_p10_p90(cls, p10: float, p90: float) -> Lognormal:
        """Return the lognormal undercut 1 time in 10 at ``p10`` and 9 times in 10 at ``p90``."""
        _require_positive("p10", p10)
        _require_ascending(p10=p10, p90=p90)
        return cls(math.log(p10 * p90) / 2, math.log(p90 / p10) / (2 * _Z90))

    def _at(self, z: Floats) -> Floats:
        return np.asarray(np.exp(self.mu + _scaled(self.sigma, z)))

    def mean(self) -> float:
        """Return exp(mu + sigma² / 2)."""
        return math.exp(self.mu + self.sigma**2 / 2)


@dataclass(frozen=True)
class Percentiles(Distribution):
    """Half a bell curve on each side of the median, each wide enough to meet its percentile exactly."""

    p10: float
    p50: float
    p90: float

    def __post_init__(self) -> None:
        _require_ascending(p10=self.p10, p50=self.p50, p90=self.p90)

    def _at(self, z: Floats) -> Floats:
        scores = z / _Z90
        below = _scaled(self.p50 - self.p10, np.minimum(scores, 0.0))
        above = _scaled(self.p90 - self.p50, np.maximum(scores, 0.0))
        return self.p50 + below + above

    def mean(self) -> float:
        """Return the median, moved towards the wider side."""
        # E[z; z > 0] = 1/√(2π), so that the halves pull apart by their difference in width.
        return self.p50 + (self.p90 - 2 * self.p50 + self.p10) / (_Z90 * math.sqrt(2 * math.pi))


@dataclass(frozen=True)
class Discrete(Distribution):
    """One of a few values, each with its probability."""

    values: tuple[float, ...]
    probabilities: tuple[float, ...]

    def __init__(self, values: Sequence[float], probabilities: Sequence[float]) -> None:
        if not values or len(values) != len(probabilities):
            raise ValueError(f"{len(values)} values need as many probabilities, not {len(probabilities)}")
        if min(probabilities) < 0 or abs(math.fsum(probabilities) - 1) > _PROBABILITY_SLACK:
            raise ValueError(
                f"probabilities must be at least 0 and sum to 1, not to {math.fsum(probabilities):g}"
            )
        for value in values:
            _require_finite("value", value)
        possible = sorted((v, p) for v, p in zip(values, probabilities, strict=True) if p > 0)
        object.__setattr__(self, "values", tuple(float(v) for v, _ in possible))
        object.__setattr__(self, "probabilities", tuple(float(p) for _, p in possible))

    def _at(self, z: Floats) -> Floats:
        steps = np.cumsum(self.probabilities)[:-1]
        chosen = np.searchsorted(steps, ndtr(z))
        return np.asarray(np.array(self.values)[chosen], dtype=np.float64)

    def mean(self) -> float:
        """Return the mean weighted by probability."""
        products = (v * p for v, p in zip(self.values, self.probabilities, strict=True))
        return math.fsum(products) / math.fsum(self.probabilities)


@dataclass(frozen=True)
class Empirical(Distribution):
    """What was observed: order statistics joined by straight lines, never beyond the observed extremes.

    Definition 7 of Hyndman and Fan (1996), doi:10.1080/00031305.1996.10473566, as ``numpy.quantile`` uses it.
    """

    values: tuple[float, ...]

    def __init__(self, values: Sequence[float]) -> None:
        if len(values) == 0:
            raise ValueError("at least one observed value is needed")
        for value in values:
            _require_finite("value", value)
        object.__setattr__(self, "values", tuple(sorted(float(v) for v in values)))

    def _at(self, z: Floats) -> Floats:
        probability = ndtr(z)
        last = len(self.values) - 1
        return np.asarray(np.interp(probability * last, np.arange(last + 1), self.values))

    def mean(self) -> float:
        """Return the mean of the joined-up values: the extremes count half."""
        if len(self.values) == 1:
            return self.values[0]
        inner = math.fsum(self.values) - (self.values[0] + self.values[-1]) / 2
        return inner / (len(self.values) - 1)


@dataclass(frozen=True)
class Mixture:
    """One of several distributions, picked in each draw with probabilities proportional to the weights.

    It takes two independent random numbers per draw, one to pick and one to draw, and so has no quantile function of
    its own that could be correlated with other inputs.
    """

    weights: tuple[float, ...]
    components: tuple[Distribution, ...]

    def __init__(self, weights: Sequence[float], components: Sequence[Distribution]) -> None:
        if not components or len(weights) != len(components):
            raise ValueError(f"{len(components)} components need as many weights, not {len(weights)}")
        if min(weights) < 0 or not 0 < math.fsum(weights) < math.inf:
            raise ValueError("weights must be at least 0 and not all 0")
        parts = [(w, c) for w, c in zip(weights, components, strict=True) if w > 0]
        total = math.fsum(weights)
        object.__setattr__(self, "weights", tuple(float(w / total) for w, _ in parts))
        object.__setattr__(self, "components", tuple(c for _, c in parts))

    def sample(self, pick: ArrayLike, u: ArrayLike) -> Floats:
        """Return one value per pair: ``pick`` chooses the component, ``u`` the place in it; both in (0, 1)."""
        return self.from_normal(pick, ndtri(np.asarray(u, dtype=np.float64)))

    def from_normal(self, pick: ArrayLike, z: ArrayLike) -> Floats:
        """Return one value per pair, with a standard normal score for the place in the component."""
        steps = np.cumsum(self.weights)[:-1]
        chosen = np.searchsorted(steps, np.asarray(pick, dtype=np.float64))
        return np.choose(chosen, [component.from_normal(z) for component in self.components])

    def mean(self) -> float:
        """Return the expected value."""
        return math.fsum(w * c.mean() for w, c in zip(self.weights, self.components, strict=True))

    def median(self) -> float:
        """Return the value undercut half the time, to about 10⁻⁴ in probability."""
        u = (np.arange(10_001) + 0.5) / 10_001
        values = np.concatenate([c.ppf(u) for c in self.components])
        weights = np.repeat(self.weights, u.size)
        order = np.argsort(values, kind="stable")
        middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
        return float(values[order][middle])

    @property
    def is_fixed(self) -> bool:
        """Whether only one value is possible."""
        return all(c.is_fixed for c in self.components) and len({c.median() for c in self.components}) == 1


def _scaled(width: float, z: Floats) -> Floats:
    # 0 × ∞ is not a number, but the end of a distribution without width is where its middle is.
    return width * z if width else np.zeros(z.shape)


def _require_finite(name: str, value: float) -> None:
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, not {value}")


def _require_positive(name: str, value: float) -> None:
    _require_finite(name, value)
    if value <= 0:
        raise ValueError(f"{name} must be above 0, not {value:g}")


def _require_spread(sd: float) -> None:
    _require_finite("standard deviation", sd)
    if sd < 0:
        raise ValueError(f"standard deviation must be at least 0, not {sd:g}")


def _require_ascending(**numbers: float) -> None:
    for name, value in numbers.items():
        _require_finite(name, value)
    values = list(numbers.values())
    if values != sorted(values):
        raise ValueError(f"{' ≤ '.join(numbers)} must hold, not {', '.join(f'{v:g}' for v in values)}")
