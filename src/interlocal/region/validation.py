"""Whether the curves can be believed: checks out of sample, made for any table.

Coverage of *spending* says nothing of savings that nobody has seen yet; the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.region.backtest import NONE, backtest
from interlocal.region.curves import FEWEST, Fit, Observations, best_fit, huber_fit, observations
from interlocal.region.governments import Region

Floats = npt.NDArray[np.float64]
OUTER, INNER = 10, 5
PERMUTATIONS = 199


@dataclass(frozen=True)
class Coverage:
    """How often an 80 % interval, made without a government's own figure, held that figure."""

    held: int
    of: int
    low: float
    high: float
    """Exact 95 % binomial interval of the share (Clopper & Pearson 1934, 10.1093/biomet/26.4.404)."""

    def as_dict(self) -> dict[str, Any]:
        """Return counts, share and interval."""
        return {
            "held": self.held,
            "of": self.of,
            "share": self.held / self.of,
            "interval_95": [self.low, self.high],
            "contains_80_percent": self.low <= 0.8 <= self.high,
        }


def validate(
    region: Region, service: str, *, permutations: int = PERMUTATIONS, seed: int = 0
) -> dict[str, Any]:
    """Run all checks for one service.

    Returns
    -------
    ``coverage`` (nested cross-validation), ``permutation`` (sizes shuffled) and ``backtest`` (mergers that happened); each
    null with a reason where there is too little to go on.
    """
    seen = observations(region, service)
    if len(seen.x) < 2 * FEWEST:
        reason = f"only {len(seen.x)} governments have a figure; at least {2 * FEWEST} are needed"
        return {
            "coverage": None,
            "permutation": None,
            "backtest": backtest(region, service),
            "because": reason,
        }
    rng = np.random.default_rng(seed)
    return {
        "coverage": nested_coverage(seen, rng).as_dict(),
        "permutation": shuffled_sizes(seen, rng, permutations),
        "backtest": (held := backtest(region, service)),
        "because": None if held else f"no backtest: {NONE}",
        "says_nothing_of": "Coverage of spending says nothing of savings that have not happened yet.",
    }


def nested_coverage(seen: Observations, rng: np.random.Generator) -> Coverage:
    """Count how often the 80 % interval of spending holds, each government predicted without its own figure.

    In each outer part the number of knots is chosen, the curve fitted and the width of the interval taken from an inner
    cross-validation, all without the part that is then predicted.
    """
    held = 0
    for inside, outside in _folds(len(seen.x), OUTER, rng):
        fit, spread, quantiles = _interval(seen.x[inside], seen.y[inside], seen.z[inside], rng)
        centre = fit.predict(seen.x[outside], seen.z[outside])
        width = _spread_at(spread, seen.x[outside])
        low, high = centre + quantiles[0] * width, centre + quantiles[1] * width
        held += int(((seen.y[outside] >= low) & (seen.y[outside] <= high)).sum())
    low_share, high_share = exact_binomial(held, len(seen.x))
    return Coverage(held, len(seen.x), low_share, high_share)


def spending_band(seen: Observations, at: Floats, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Return the middle and the 80 % band of log spending per head at log populations ``at``, other drivers average."""
    fit, spread, quantiles = _interval(seen.x, seen.y, seen.z, np.random.default_rng(seed))
    centre = fit.predict(at, np.zeros((len(at), seen.z.shape[1])))
    width = _spread_at(spread, at)
    return centre, centre + quantiles[0] * width, centre + quantiles[1] * width


def _folds(
    count: int, parts: int, rng: np.random.Generator
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    order = rng.permutation(count)
    pieces = np.array_split(order, parts)
    return [
        (np.concatenate([p for j, p in enumerate(pieces) if j != i]), piece) for i, piece in enumerate(pieces)
    ]


def _interval(
    x: Floats, y: Floats, z: Floats, rng: np.random.Generator
) -> tuple[Fit, Floats, tuple[float, float]]:
    """Fit a curve, and the 10 and 90 % quantiles of the errors it makes for governments it has not seen.

    Small places vary more: errors are divided by a spread that is log-linear in size before quantiles are taken.
    """
    error = np.empty(len(x))
    for inside, outside in _folds(len(x), INNER, rng):
        error[outside] = y[outside] - best_fit(x[inside], y[inside], z[inside]).predict(
            x[outside], z[outside]
        )
    size = np.column_stack([np.ones(len(x)), x])
    spread = np.linalg.lstsq(size, np.log(np.maximum(np.abs(error), 1e-3)), rcond=None)[0]
    standard = error / _spread_at(spread, x)
    edge = min(0.9 * (1 + 1 / len(x)), 1.0)
    low, high = np.quantile(standard, [1 - edge, edge])
    return best_fit(x, y, z), spread, (float(low), float(high))


def _spread_at(spread: Floats, x: Floats) -> Floats:
    return np.asarray(np.exp(spread[0] + spread[1] * x))


def shuffled_sizes(seen: Observations, rng: np.random.Generator, times: int) -> dict[str, Any]:
    """Shuffle who has which size, and see whether the table alone still finds that size pays.

    Spending per head and everything else stay with their government; only sizes are dealt anew. The measure is the
    average slope of the cross-section, publications left out. With sizes shuffled there is nothing to be found, so the
    slopes found must lie around zero; p is the share of shuffles with a slope at least as far from zero.
    """
    slope = _slope(seen.x, seen.y, seen.z)
    shuffled = np.array([_slope(rng.permutation(seen.x), seen.y, seen.z) for _ in range(times)])
    far = int((np.abs(shuffled) >= abs(slope)).sum())
    return {
        "slope_of_the_table": slope,
        "times": times,
        "mean_slope_when_shuffled": float(shuffled.mean()),
        "interval_80_when_shuffled": [float(q) for q in np.quantile(shuffled, [0.1, 0.9])],
        "p": (far + 1) / (times + 1),
    }


def _slope(x: Floats, y: Floats, z: Floats) -> float:
    return float(huber_fit(x, y, z, ()).beta[1])


def exact_binomial(held: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper & Pearson 1934)."""
    from scipy.special import betaincinv  # noqa: PLC0415 – slow to import

    tail = (1 - level) / 2
    low = 0.0 if held == 0 else float(betaincinv(held, of - held + 1, tail))
    high = 1.0 if held == of else float(betaincinv(held + 1, of - held, 1 - tail))
    return low, high
