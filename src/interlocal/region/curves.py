"""What a service costs by size, and how far that can be believed of a change of size.

The logarithm of spending per head is a broken line in the logarithm of population plus what else drives cost::

    log(c/P) = a + Σₖ tₖ Lₖ(log P) + Σⱼ bⱼ zⱼ + noise                                           (1)

with Lₖ(x) the length of segment k below x. Outliers are held down by Huber's weights (Huber 1964, 10.1214/aoms/1177703732).
Members keep their own density and level of service: only their scale moves, so only the slopes matter for savings.

The slopes t of a cross-section are not yet the slopes s of a change of scale, since larger places buy more service. With a
published belief s ~ N(m, S), a bias of the cross-section δ ~ N(0, C) and the error V of the fit, t̂ = s + δ + error gives::

    s | t̂ ~ N(m + K(t̂ − m), S − K S),   K = S (S + C + V)⁻¹                                    (2)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.costs.scale import Published, published
from interlocal.region.governments import Region

Floats = npt.NDArray[np.float64]

HUBER = 1.345
"""95 % efficient where the noise is normal (Huber 1964)."""
BIAS_MEASURED = 0.03
BIAS_UNMEASURED = 0.08
"""Judgement: standard deviation of the bias of a cross-sectional slope, with the level of service in the model or not."""
TAILS = 3.0
"""Judgement: degrees of freedom of that bias where the level of service is not measured; few, so that it can be large."""
COMMON = 0.75
"""Judgement: correlation of the published belief between segments; publications mostly speak of one slope."""
KINK = 0.3
"""Weak belief that holds the slopes of neighbouring segments together in the fit: standard deviation of a change."""
FEWEST = 12
"""With fewer governments nothing is fitted and the published belief stands alone."""
MOST_KNOTS = 2
KNOWN = 0.8
"""A driver known for a smaller share of the governments is not used."""


@dataclass(frozen=True)
class Fit:
    """Equation (1), fitted."""

    knots: tuple[float, ...]
    """Where the slope may change [log people]."""
    beta: Floats
    covariance: Floats
    scale: float
    """Robust standard deviation of the noise."""
    bic: float

    def predict(self, x: Floats, z: Floats) -> Floats:
        """Return the expected log spending per head at log population ``x`` and drivers ``z`` (rows, drivers)."""
        return np.asarray(_design(x, z, self.knots) @ self.beta)


@dataclass(frozen=True)
class Curve:
    """The cost curve of one service: the cross-section, the publications, and both together."""

    service: str
    governments: int
    knots: tuple[float, ...]
    flat_from: float
    """From here on size changes nothing [log people]."""
    raw: Floats
    """Slopes of the cross-section t̂, one per segment; empty where there were too few governments."""
    raw_se: Floats
    slopes: Floats
    """Slopes of a change of scale (2)."""
    covariance: Floats
    published: Published
    weight_on_table: float
    """How much of a shift of all t̂ reaches the slopes; the rest of the weight is on the publications."""
    level_measured: bool
    drivers: tuple[str, ...]
    unused: tuple[str, ...]
    fit: Fit | None

    def length(self, x: Floats) -> Floats:
        """Return Lₖ(x), flat from the smallest efficient size: shape (…, segments)."""
        return segment_lengths(np.minimum(x, self.flat_from), self.knots)

    def as_dict(self) -> dict[str, Any]:
        """Return what a report shows of the curve."""
        return {
            "governments": self.governments,
            "knots_population": [round(float(k)) for k in np.exp(self.knots)],
            "flat_from_population": round(float(np.exp(self.flat_from))),
            "slopes_of_the_table": [round(float(v), 4) for v in self.raw],
            "slopes_of_the_table_se": [round(float(v), 4) for v in self.raw_se],
            "slopes_used": [round(float(v), 4) for v in self.slopes],
            "slopes_used_sd": [round(float(v), 4) for v in np.sqrt(np.diag(self.covariance))],
            "published": self.published.as_dict(),
            "weight_on_table": round(self.weight_on_table, 3),
            "weight_on_publications": round(1 - self.weight_on_table, 3),
            "level_of_service_measured": self.level_measured,
            "drivers": list(self.drivers),
            "drivers_not_used": list(self.unused),
            "words": self.words(),
        }

    def words(self) -> str:
        """Say in plain words what the curve rests on."""
        if self.fit is None:
            start = (
                f"Only {self.governments} governments have a figure, too few to fit a curve: "
                "the publications stand alone."
            )
        else:
            start = (
                f"{self.governments} governments. The table has {self.weight_on_table:.0%} of the weight, "
                f"publications {1 - self.weight_on_table:.0%}."
            )
        level = (
            "The level of service is part of the model."
            if self.level_measured
            else "The level of service is not measured: larger places may simply buy more of it, so the interval is wider."
        )
        return f"{start} {level}"


def segment_lengths(x: Floats, knots: tuple[float, ...]) -> Floats:
    """Return the length of each segment below ``x``; one slope per segment makes a broken line."""
    edges = np.array([-np.inf, *knots, np.inf])
    first = np.minimum(x, edges[1])
    rest = [np.clip(x, low, high) - low for low, high in pairwise(edges[1:])]
    return np.stack([first, *rest], axis=-1)


def _design(x: Floats, z: Floats, knots: tuple[float, ...]) -> Floats:
    return np.column_stack([np.ones(len(x)), segment_lengths(x, knots), z])


def huber_fit(x: Floats, y: Floats, z: Floats, knots: tuple[float, ...]) -> Fit:
    """Fit equation (1) by iterated reweighting, with a weak belief against kinks and huge effects of drivers.

    Parameters
    ----------
    x, y
        Log population and log spending per head.
    z
        Standardised drivers, shape (governments, drivers).
    """
    design = _design(x, z, knots)
    segments = len(knots) + 1
    belief = np.zeros((design.shape[1], design.shape[1]))
    for k in range(1, segments):
        change = np.zeros(design.shape[1])
        change[k], change[k + 1] = -1.0, 1.0
        belief += np.outer(change, change) / KINK**2
    belief[range(segments + 1, design.shape[1]), range(segments + 1, design.shape[1])] = 1.0
    belief[1, 1] += 1.0
    weights = np.ones(len(y))
    scale = max(float(np.std(y)), 1e-6)
    beta: Floats = np.zeros(design.shape[1])
    for _ in range(50):
        weighted = design * weights[:, None]
        gram = weighted.T @ design / scale**2 + belief
        update: Floats = np.linalg.solve(gram, weighted.T @ y / scale**2).astype(np.float64)
        settled = np.max(np.abs(update - beta)) < 1e-8
        beta = update
        residual = y - design @ beta
        scale = max(1.4826 * float(np.median(np.abs(residual))), 1e-6)
        weights = np.minimum(1.0, HUBER * scale / np.maximum(np.abs(residual), 1e-12))
        if settled:
            break
    standard = np.abs(residual) / scale
    loss = np.where(standard <= HUBER, standard**2 / 2, HUBER * (standard - HUBER / 2))
    bic = 2 * float(loss.sum()) + 2 * len(y) * np.log(scale) + design.shape[1] * np.log(len(y))
    return Fit(knots, beta, np.asarray(np.linalg.inv(gram), dtype=np.float64), scale, bic)


def best_fit(x: Floats, y: Floats, z: Floats) -> Fit:
    """Choose the number of knots (at equal parts of the governments) by the Bayesian information criterion."""
    room = min(MOST_KNOTS, len(x) // 30)
    tried = [
        huber_fit(x, y, z, tuple(float(q) for q in np.unique(np.quantile(x, np.arange(1, k + 1) / (k + 1)))))
        for k in range(room + 1)
    ]
    return min(tried, key=lambda fit: fit.bic)


@dataclass(frozen=True)
class Observations:
    """What a curve is fitted to: the governments with a figure."""

    rows: npt.NDArray[np.int64]
    """Positions in the region."""
    x: Floats
    """Log population."""
    y: Floats
    """Log spending per head."""
    z: Floats
    """Standardised logarithms of the drivers."""
    drivers: tuple[str, ...]
    unused: tuple[str, ...]
    level_measured: bool


def observations(region: Region, service: str) -> Observations:
    """Gather the governments with a figure, and the drivers known for enough of them; gaps take the mean."""
    data = region.services[service]
    rows = np.flatnonzero(data.used)
    population = region.population[rows]
    candidates = dict(region.drivers)
    if data.volume is not None:
        candidates["volume per head"] = data.volume / region.population
    candidates |= {f"level: {name}": values for name, values in data.level.items()}
    used: dict[str, Floats] = {}
    unused: list[str] = []
    for name, values in candidates.items():
        here = np.log(values[rows])
        known = np.isfinite(here)
        spread = float(np.std(here[known])) if known.any() else 0.0
        if known.mean() < KNOWN or spread == 0.0:
            unused.append(name)
        else:
            mean = float(np.mean(here[known]))
            used[name] = np.where(known, (here - mean) / spread, 0.0)
    return Observations(
        rows=rows,
        x=np.log(population),
        y=np.log(data.spending[rows] / population),
        z=np.column_stack(list(used.values())) if used else np.empty((len(rows), 0)),
        drivers=tuple(used),
        unused=tuple(unused),
        level_measured=any(name == "volume per head" or name.startswith("level: ") for name in used),
    )


def fit_curve(region: Region, service: str, belief: Published | None = None) -> Curve:
    """Fit the cost curve of one service and shrink it toward what is published.

    Parameters
    ----------
    belief
        Replaces the published belief.
    """
    return curve_from(service, observations(region, service), belief or published(service), region.population)


def curve_from(service: str, seen: Observations, belief: Published, population: Floats) -> Curve:
    """Fit equation (1) to the observations and combine it with the belief by equation (2)."""
    fit = best_fit(seen.x, seen.y, seen.z) if len(seen.x) >= FEWEST else None
    knots = fit.knots if fit else ()
    segments = len(knots) + 1
    largest = float(np.quantile(seen.x, 0.95)) if fit else float(np.log(population).max())
    flat_from = float(np.log(belief.smallest_efficient)) if belief.smallest_efficient else largest
    mean: Floats = np.full(segments, belief.slope)
    ones = np.ones((segments, segments))
    prior = belief.sd**2 * (COMMON * ones + (1 - COMMON) * np.eye(segments))
    slopes: Floats
    if fit is None:
        raw, error = np.empty(0), np.empty((0, 0))
        gain: Floats = np.zeros((segments, segments))
        slopes = mean
    else:
        raw = fit.beta[1 : segments + 1]
        error = fit.covariance[1 : segments + 1, 1 : segments + 1]
        bias = _bias(raw, error, belief, measured=seen.level_measured)
        gain = np.asarray(np.linalg.solve(prior + bias + error, prior).T, dtype=np.float64)
        slopes = np.asarray(mean + gain @ (raw - mean), dtype=np.float64)
    left = np.asarray(prior - gain @ prior)
    return Curve(
        service=service,
        governments=len(seen.x),
        knots=knots,
        flat_from=flat_from,
        raw=raw,
        raw_se=np.sqrt(np.diag(error)),
        slopes=slopes,
        covariance=(left + left.T) / 2,
        published=belief,
        weight_on_table=float(np.clip(gain.sum() / segments, 0, 1)),
        level_measured=seen.level_measured,
        drivers=seen.drivers,
        unused=seen.unused,
        fit=fit,
    )


def _bias(raw: Floats, error: Floats, belief: Published, *, measured: bool) -> Floats:
    """Return the covariance of the bias of the cross-section.

    Where the level of service is measured, a small variance common to all segments. Where it is not, the bias has heavy
    tails (Student's t, scale ``BIAS_UNMEASURED``): the further a segment of the table lies from the publications, in
    whichever direction, the more of the distance is put down to bias. This is the scale mixture of Lange, Little &
    Taylor (1989, 10.1080/01621459.1989.10478852), with the scale of each segment found by iteration.
    """
    common = np.ones(error.shape)
    if measured:
        return BIAS_MEASURED**2 * common
    sampling = np.diag(error)
    apart = raw - belief.slope
    variance = np.full(len(raw), BIAS_UNMEASURED**2)
    for _ in range(100):
        bias = apart * variance / (variance + sampling + belief.sd**2)
        variance = (TAILS * BIAS_UNMEASURED**2 + bias**2) / (TAILS + 1)
    least = float(variance.min())
    return np.asarray(least * common + np.diag(variance - least))
