"""The quantile of the PERT shape on [0, 1], quick for one score as for a million."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, betaln, ndtr

Floats = NDArray[np.float64]

# The beta quantile as a cubic Hermite table over equally spaced scores. Φ(±8.5) is within 10⁻¹⁶ of 0 and 1.
_TABLE_END = 8.5
_TABLE_STEP = 0.1
_TABLE_INTERVALS = 170


def pert_quantile(mode: float, z: Floats) -> Floats:
    """Return the quantile of the beta distribution with mean (1 + 4 mode) / 6 at standard normal scores.

    Parameters
    ----------
    mode
        The likely value, from 0 to 1.
    z
        Scores of any shape; the answer has the same. It differs from the exact quantile by less than 10⁻⁶.
    """
    place = (np.clip(z, -_TABLE_END, _TABLE_END) + _TABLE_END) / _TABLE_STEP
    interval = np.minimum(place.astype(np.intp), _TABLE_INTERVALS - 1)
    t = place - interval
    c0, c1, c2, c3 = (row[interval] for row in _table(mode))
    return np.asarray(np.clip(((c3 * t + c2) * t + c1) * t + c0, 0.0, 1.0))


@lru_cache(maxsize=1024)
def _table(mode: float) -> Floats:
    """Return polynomial coefficients (4, intervals) of the PERT quantile on [0, 1] in the score."""
    a, b = 1 + 4 * mode, 5 - 4 * mode
    half = np.arange(_TABLE_INTERVALS // 2 + 1, dtype=np.float64) * _TABLE_STEP
    # Each tail is computed from its own end, where it has all its digits.
    lower, lower_slope = _beta_tail(a, b, half)
    upper, upper_slope = _beta_tail(b, a, half)
    x = np.concatenate([lower[:0:-1], 1 - upper])
    slope = np.concatenate([lower_slope[:0:-1], upper_slope]) * _TABLE_STEP
    x[half.size - 1] = lower[0]
    rise = np.diff(x)
    left, right = slope[:-1], slope[1:]
    return np.stack([x[:-1], left, 3 * rise - 2 * left - right, left + right - 2 * rise])


def _beta_tail(a: float, b: float, depth: Floats) -> tuple[Floats, Floats]:
    """Return the beta(a, b) quantile at score −depth, and its slope: normal density over beta density."""
    x = betaincinv(a, b, ndtr(-depth))
    log_normal = -(depth**2) / 2 - math.log(2 * math.pi) / 2
    log_beta = (a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b)
    return x, np.exp(log_normal - log_beta)
