"""What a group would save: for all candidates at once, as closed-form distributions.

Member i of group G costs cᵢ·exp{g(P_G) − g(Pᵢ)}, with g the log cost per head of equation (1) in ``curves``, so that each
member keeps its own level of service, density and wealth. The slopes are normal, hence the logarithm of the joint cost
is very nearly normal too (linear in the slopes, each member weighted with its part of the cost), and a further deviation
of the group of its own is added. The tests compare this with draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interlocal.region.adjacency import distance_km
from interlocal.region.curves import Curve
from interlocal.region.governments import Region

Floats = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]

OWN_DEVIATION = 0.06
"""Judgement: standard deviation of a group's own departure from the curve, from the published range of −17 to +8 %
read as about two standard deviations either way."""
COORDINATION = 0.01
"""Judgement: coordination costs this share of the joint cost for each partner beyond the first."""
Z80 = 1.2815515655446004
"""The standard normal's 90 % quantile: an 80 % interval reaches this far either way."""


@dataclass(frozen=True)
class Savings:
    """One entry per candidate group; a saving is positive, money is [currency/year]."""

    groups: Groups
    """Members by position, shape (candidates, members)."""
    today: Floats
    """What the members spend today."""
    mean: Floats
    """Expected saving after selection."""
    p10: Floats
    p50: Floats
    p90: Floats
    p_saves: Floats
    unselected: Floats
    """Expected saving before it was pulled back for selection."""

    def __len__(self) -> int:
        return len(self.groups)

    def take(self, rows: npt.NDArray[np.int64]) -> Savings:
        """Return these candidates only."""
        return Savings(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Rules:
    """The judgements that a saving rests on, beside the curve."""

    coordination: float = COORDINATION
    own_deviation: float = OWN_DEVIATION


def score(region: Region, curve: Curve, groups: Groups, rules: Rules | None = None) -> Savings:
    """Return the distribution of the yearly saving of each group, all of one size.

    Parameters
    ----------
    groups
        Members by position in the region, shape (candidates, members); each must have a figure for the service.
    """
    rules = rules or Rules()
    joint = _Joint(region, curve, groups)
    log_ratio, gradient = joint.at(curve.slopes)
    pulled, variance = _after_selection(log_ratio, gradient, curve.covariance)
    sd = np.sqrt(variance + rules.own_deviation**2)
    overhead = 1 + rules.coordination * (groups.shape[1] - 1)
    least = joint.floor / joint.today

    def saving(log_cost: Floats) -> Floats:
        return np.asarray(joint.today * (1 - overhead * np.maximum(np.exp(log_cost), least)))

    whole = np.sqrt(np.einsum("mk,kl,ml->m", gradient, curve.covariance, gradient) + rules.own_deviation**2)
    reachable = overhead * least < 1
    return Savings(
        groups=groups,
        today=joint.today,
        mean=saving(pulled + sd**2 / 2),
        p10=saving(pulled + Z80 * sd),
        p50=saving(pulled),
        p90=saving(pulled - Z80 * sd),
        p_saves=np.where(reachable, _normal_cdf((-np.log(overhead) - pulled) / sd), 0.0),
        unselected=saving(log_ratio + whole**2 / 2),
    )


def draw(region: Region, curve: Curve, groups: Groups, slopes: Floats, rules: Rules | None = None) -> Floats:
    """Return the saving of each group if these were the slopes, without any deviation of its own [currency/year]."""
    rules = rules or Rules()
    joint = _Joint(region, curve, groups)
    log_ratio, _ = joint.at(slopes)
    cost = np.maximum(np.exp(log_ratio), joint.floor / joint.today)
    return np.asarray(joint.today * (1 - (1 + rules.coordination * (groups.shape[1] - 1)) * cost))


class _Joint:
    """The joint cost of each group as a function of the slopes."""

    def __init__(self, region: Region, curve: Curve, groups: Groups) -> None:
        data = region.services[curve.service]
        own = curve.length(np.log(region.population))
        together = curve.length(np.log(region.population[groups].sum(axis=1)))
        self.spending = data.spending[groups]
        self.today = self.spending.sum(axis=1)
        self.moved = together[:, None, :] - own[groups]
        self.floor = np.zeros(len(groups))
        if data.floor is not None:
            units = _units_kept(region, groups, data.floor.reach_km)
            self.floor = data.floor.amount * units

    def at(self, slopes: Floats) -> tuple[Floats, Floats]:
        """Return log(joint cost / cost today) and its gradient in the slopes."""
        cost = self.spending * np.exp(self.moved @ slopes)
        joint = cost.sum(axis=1)
        gradient = np.einsum("mi,mik->mk", cost / joint[:, None], self.moved)
        return np.log(joint / self.today), gradient


def _units_kept(region: Region, groups: Groups, reach_km: float | None) -> Floats:
    """How many staffed units a group needs: members beyond the reach of an earlier unit keep one of their own."""
    units = np.ones(len(groups))
    if reach_km is None:
        return units
    has_unit = np.zeros(groups.shape, dtype=np.bool_)
    has_unit[:, 0] = True
    for i in range(1, groups.shape[1]):
        here = groups[:, i]
        reached = np.zeros(len(groups), dtype=np.bool_)
        for j in range(i):
            there = groups[:, j]
            apart = distance_km(region.lat[here], region.lon[here], region.lat[there], region.lon[there])
            reached |= has_unit[:, j] & (apart <= reach_km)
        has_unit[:, i] = ~reached
    return np.asarray(has_unit.sum(axis=1), dtype=np.float64)


def _after_selection(log_ratio: Floats, gradient: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Pull back the candidates that look better than the rest: the best of many is partly luck.

    The error of a candidate's lead over the mean candidate is g̃ᵀΣg̃ with g̃ its gradient less the mean one (what errs for
    all alike does not choose between them). A normal–normal empirical Bayes estimate (Efron & Morris 1975,
    10.1080/01621459.1975.10479864) keeps A/(A + error) of the lead, with A the variance of the estimates between
    candidates. Only leads are pulled back, never lags: no group is given a saving because others have one.
    """
    if len(log_ratio) < 2:
        return log_ratio, np.einsum("mk,kl,ml->m", gradient, covariance, gradient)
    middle = float(log_ratio.mean())
    average = gradient.mean(axis=0)
    apart = gradient - average
    error = np.einsum("mk,kl,ml->m", apart, covariance, apart)
    spread = float(log_ratio.var())
    kept = np.where(log_ratio < middle, spread / np.maximum(spread + error, 1e-300), 1.0)
    common = float(average @ covariance @ average)
    variance = common + 2 * kept * (apart @ covariance @ average) + kept * error
    return middle + kept * (log_ratio - middle), np.maximum(variance, 0.0)


def _normal_cdf(z: Floats) -> Floats:
    from scipy.special import ndtr  # noqa: PLC0415 – slow to import

    return np.asarray(ndtr(z))
