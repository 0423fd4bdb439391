"""What bends a formula: floors, caps, a fairness band, phase-in, gifts in kind, buy-ins and the year-end true-up.

Where a bound binds, what it takes from one partner falls on the partners not at a bound, in proportion to their
bills, again and again until nobody moves. The end of that is the one scale λ with Σ clip(λ × bill, low, high) = cost;
it is found in at most one round per partner (Bitran and Hax 1981, "Disaggregation and resource allocation using
convex knapsack problems with bounded variables", Management Science 27(4)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem
from interlocal.sharing.formulas import Array


def bounded(
    bills: npt.ArrayLike, low: npt.ArrayLike, high: npt.ArrayLike, names: Sequence[str] | None = None
) -> Array:
    """Hold bills within bounds without changing their sum.

    Parameters
    ----------
    bills
        ``(partners, …)`` [currency/year]; where all are within their bounds they stay as they are.
    low, high
        ``(partners, …)`` least and most each partner pays [currency/year].
    names
        What messages call the partners.

    Returns
    -------
    ``(partners, …)`` with the same sum over partners.

    Raises
    ------
    InputError
        Where floors add up to more than the cost, caps to less, or a floor exceeds a cap.
    """
    x, low, high = np.broadcast_arrays(
        np.asarray(bills, dtype=np.float64), np.asarray(low, float), np.asarray(high, float)
    )
    if problems := bounds_problems(np.sum(x, axis=0), low, high, names):
        raise InputError(problems)
    return _held(x, low, high)


def bounds_problems(
    total: npt.ArrayLike, low: Array, high: Array, names: Sequence[str] | None = None
) -> list[Problem]:
    """Return why bounds ``(partners, …)`` cannot hold for a cost, if they cannot."""
    names = names or [f"partner_{i + 1}" for i in range(len(low))]
    cost = np.asarray(total, dtype=np.float64)
    slack = 1e-9 * np.maximum(np.abs(cost), 1)
    problems = [
        Problem(
            f"/floors/{name}",
            "floors and caps",
            f"a floor of {np.max(a):,.2f} above a cap of {np.min(b):,.2f} for {name}",
            "a floor of the cap or less",
            "Lower the floor or raise the cap.",
        )
        for name, a, b in zip(names, low, high, strict=True)
        if np.any(a > b + slack)
    ]
    floors, caps = np.sum(low, axis=0), np.sum(high, axis=0)
    if np.any(floors > cost + slack):
        problems.append(
            Problem(
                "/floors",
                "floors and caps",
                f"floors that add up to {np.max(floors):,.2f} for a cost of {np.min(cost):,.2f}",
                "floors that add up to the cost or less",
                "Lower the floors.",
            )
        )
    if np.any(caps < cost - slack):
        problems.append(
            Problem(
                "/caps",
                "floors and caps",
                f"caps that add up to {np.min(caps):,.2f} for a cost of {np.max(cost):,.2f}",
                "caps that add up to the cost or more",
                "Raise the caps, or leave one partner without a cap.",
            )
        )
    return problems


def as_far_as_possible(bills: Array, low: Array, high: Array) -> Array:
    """Hold bills within bounds; where the cost of a draw or year leaves no room, the bounds give way in proportion.

    Caps that do not cover the cost are all raised by one factor, floors that exceed it all lowered by one, so that a
    future dearer or cheaper than the plan still has bills that add up. :func:`bounded` refuses instead. A surplus
    (a cost below 0) is left as the rule shares it.
    """
    x, low, high = np.broadcast_arrays(bills, low, high)
    total = np.sum(x, axis=0)
    floors = np.sum(low, axis=0)
    low = low * np.divide(
        np.maximum(total, 0), floors, out=np.ones_like(total), where=floors > np.maximum(total, 0)
    )
    high = np.maximum(high, low)
    caps = np.sum(high, axis=0)
    # No factor raises caps of 0.
    high = np.where((caps <= 0) & (total > 0), np.inf, high)
    high = high * np.divide(total, caps, out=np.ones_like(total), where=(caps < total) & (caps > 0))
    return np.where(total < 0, x, _held(x, low, high))


def _held(x: Array, low: Array, high: Array) -> Array:
    within = np.all((x >= low) & (x <= high), axis=0)
    if np.all(within):
        return np.array(x)
    total = np.sum(x, axis=0)
    fixed, at = np.zeros(x.shape, dtype=bool), np.zeros(x.shape)
    result = np.array(x)
    for _ in range(len(x) + 1):
        room = total - np.sum(at, axis=0)
        weight = np.where(fixed, 0.0, np.maximum(x, 0))
        # Partners with a bill of 0 are the last to take what nobody else can, each the same.
        weight = np.where(np.sum(weight, axis=0) > 0, weight, ~fixed)
        sum_of_weights = np.sum(weight, axis=0)
        result = np.where(fixed, at, room * weight / np.where(sum_of_weights > 0, sum_of_weights, 1))
        over, under = ~fixed & (result > high), ~fixed & (result < low)
        if not np.any(over | under):
            break
        cut = np.sum(np.where(over, result - high, 0), axis=0)
        raised = np.sum(np.where(under, low - result, 0), axis=0)
        over &= cut >= raised
        under &= cut <= raised
        at = np.where(over, high, np.where(under, low, at))
        fixed |= over | under
    return np.where(within, x, result)


def band(reference: npt.ArrayLike, within: float) -> tuple[Array, Array]:
    """Return the least and greatest part within ±``within`` (a share) of each reference part."""
    parts = np.asarray(reference, dtype=np.float64)
    return parts * (1 - within), parts * (1 + within)


def phase_in(start: npt.ArrayLike, target: npt.ArrayLike, year: npt.ArrayLike, years: int) -> Array:
    """Return parts in a year of a phase-in: a straight line from the old parts to the formula.

    Parameters
    ----------
    start, target
        ``(partners, …)`` parts before, and by the formula.
    year
        1 for the first year; from ``years`` on the formula holds in full. An array stands for the last axis.
    """
    done = np.clip(np.asarray(year, dtype=np.float64) / years, 0, 1)
    parts: Array = (1 - done) * np.asarray(start, dtype=np.float64) + done * np.asarray(
        target, dtype=np.float64
    )
    return parts


def in_kind(bills: npt.ArrayLike, value: npt.ArrayLike) -> Array:
    """Return the money that is left to pay when gifts in kind count at their value [currency/year].

    The cost contains the gifts, so that money and gifts together add up to it. Below 0, a partner gives more than
    its bill and is paid the difference.
    """
    money: Array = np.asarray(bills, dtype=np.float64) - np.asarray(value, dtype=np.float64)
    return money


def buy_in(amounts: npt.ArrayLike, parts: npt.ArrayLike) -> Array:
    """Return what each partner pays (+) and receives (−) once when joiners buy in [currency]; it adds up to 0.

    Parameters
    ----------
    amounts
        ``(partners,)`` what each pays.
    parts
        ``(partners,)`` parts of the capital cost: each buy-in goes to all others in proportion to them.
    """
    paid, share = np.asarray(amounts, dtype=np.float64), np.asarray(parts, dtype=np.float64)
    others = np.sum(share) - share
    alone = [
        Problem(
            f"/buy_in/{i}",
            "buy-in",
            f"a buy-in of {paid[i]:,.2f} by partner {i + 1}, and nobody else with a part of the capital cost",
            "another partner with a part of the capital cost",
            "Remove the buy-in, or give others a part.",
        )
        for i in np.flatnonzero((paid > 0) & (others <= 0)).tolist()
    ]
    if alone:
        raise InputError(alone)
    each = np.divide(paid, others, out=np.zeros_like(paid), where=others > 0)
    settled: Array = paid - share * (np.sum(each) - each)
    return settled


@dataclass(frozen=True)
class Settlement:
    """The bills of a year once its cost and use are known."""

    due: Array
    """``(partners,)`` what each should have paid [currency]."""
    owed: Array
    """``(partners,)`` due less billed: still to pay where above 0, paid back where below [currency]."""


def true_up(billed: npt.ArrayLike, actual_cost: float, actual_parts: npt.ArrayLike) -> Settlement:
    """Settle a year's bills against its actual cost and use.

    Parameters
    ----------
    billed
        ``(partners,)`` paid during the year [currency].
    actual_cost
        What the year cost [currency].
    actual_parts
        ``(partners,)`` the formula's parts with the year's actual measures; they add up to 1.

    Raises
    ------
    InputError
        Where there is not one part for each bill, or the parts do not add up to 1.
    """
    paid, parts = np.asarray(billed, dtype=np.float64), np.asarray(actual_parts, dtype=np.float64)
    problems = []
    if paid.shape != parts.shape:
        problems.append(
            Problem(
                "/actual_parts",
                "true-up",
                f"{parts.size} parts for {paid.size} bills",
                "one part for each bill",
                "Name the same partners in both.",
            )
        )
    if not abs(float(np.sum(parts)) - 1) <= 1e-6:
        problems.append(
            Problem(
                "/actual_parts",
                "true-up",
                f"parts that add up to {np.sum(parts):.4g}",
                "a sum of 1 (100 %)",
                "Work the parts out again from the year's actual use.",
            )
        )
    if problems:
        raise InputError(problems)
    due = parts * actual_cost
    return Settlement(due, due - paid)
