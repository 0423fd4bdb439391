"""The formulas governments share cost by, on plain arrays, so that a finance officer can repeat each by hand.

Arrays have the partners first and any further axes after them (draws, years). A *part* is a share of the cost; the
parts of all partners add up to 1. A *bill* is money [currency/year].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem

Array = npt.NDArray[np.float64]


def equal(partners: int) -> Array:
    """Return the same part for each of so many partners: 1 / n."""
    if partners < 1:
        raise InputError(
            Problem("", "equal formula", f"{partners} partners", "at least one partner", "Name the partners.")
        )
    return np.full(partners, 1 / partners)


def proportional(driver: npt.ArrayLike, name: str = "driver") -> Array:
    """Return parts in proportion to a driver: heads, equalised value, use, or any other measure.

    Parameters
    ----------
    driver
        ``(partners, …)`` in any one unit; none below 0 and not all 0.
    name
        What messages call the driver.

    Raises
    ------
    InputError
        With every partner whose driver is below 0 or not a number, or when all are 0.
    """
    x = np.asarray(driver, dtype=np.float64)
    where = f"formula by {name.replace('_', ' ')}"
    problems = [
        Problem(
            f"/{i}",
            where,
            f"{np.min(row):g} for partner {i + 1}",
            "a number of 0 or more",
            "Correct the figure.",
        )
        for i, row in enumerate(x)
        if not (np.all(np.isfinite(row)) and np.all(row >= 0))
    ]
    total = np.sum(x, axis=0)
    if not problems and np.any(total <= 0):
        problems = [
            Problem(
                "",
                where,
                "0 for all partners",
                "at least one partner above 0",
                "Fill in the measure, or choose another formula.",
            )
        ]
    if problems:
        raise InputError(problems)
    parts: Array = x / total
    return parts


def usage(history: Mapping[int, float], years: int) -> float:
    """Return the mean use over the last so many years on record, so that one odd year moves no bill far.

    Parameters
    ----------
    history
        Use by year; years that nobody recorded are left out, not counted as 0.
    years
        Years in the average.
    """
    if years < 1 or not history:
        raise InputError(
            Problem(
                "/history",
                "formula by usage",
                f"{len(history)} years on record, {years} in the average",
                "at least one of each",
                "Record the use of at least one year.",
            )
        )
    recent = [history[year] for year in sorted(history)][-years:]
    return sum(recent) / len(recent)


def hybrid(drivers: Mapping[str, npt.ArrayLike], weights: Mapping[str, float]) -> Array:
    """Return Σ weight × part by each driver: each driver is turned into parts first, so that units set no weight.

    Parameters
    ----------
    drivers
        ``(partners, …)`` by name, each in its own unit.
    weights
        By the same names; none below 0, and they add up to 1.

    Raises
    ------
    InputError
        When names differ, or the weights do not add up to 1.
    """
    problems = [
        Problem(
            f"/weights/{name}",
            "hybrid formula",
            f"a weight for {name}, which is not among the drivers"
            if name in weights
            else f"no weight for the driver {name}",
            "a weight for each driver",
            "Name the same drivers and weights.",
        )
        for name in sorted(set(drivers) ^ set(weights))
    ]
    problems += [
        Problem(
            f"/weights/{name}",
            "hybrid formula",
            f"a weight of {w:g}",
            "a weight from 0 to 1",
            "Correct the weight.",
        )
        for name, w in weights.items()
        if not 0 <= w <= 1
    ]
    if not problems and abs(sum(weights.values()) - 1) > 1e-6:
        problems = [
            Problem(
                "/weights",
                "hybrid formula",
                f"weights that add up to {sum(weights.values()):.4g}",
                "a sum of 1 (100 %)",
                "Correct them so that they add up to 1.",
            )
        ]
    if problems:
        raise InputError(problems)
    terms = [w * proportional(drivers[name], name) for name, w in weights.items()]
    parts: Array = np.sum(np.broadcast_arrays(*terms), axis=0)
    return parts


def two_part(readiness_share: float, readiness: npt.ArrayLike, use: npt.ArrayLike) -> Array:
    """Return parts of a cost that is split into readiness, by one driver, and the rest, by use.

    Parameters
    ----------
    readiness_share
        Part of the cost that stands ready whether or not anyone calls, from 0 to 1.
    readiness, use
        ``(partners, …)`` drivers, each in its own unit.
    """
    if not 0 <= readiness_share <= 1:
        raise InputError(
            Problem(
                "/readiness_share",
                "two-part formula",
                f"{readiness_share:g}",
                "a share from 0 to 1",
                "Write 40 percent as 0.4.",
            )
        )
    parts: Array = readiness_share * proportional(readiness, "readiness") + (
        1 - readiness_share
    ) * proportional(use, "use")
    return parts


def contract(prices: npt.ArrayLike, lead: int, cost: npt.ArrayLike) -> Array:
    """Return bills where buyers pay the lead partner a price and the lead bears the rest of the cost.

    A fixed price is an amount; a unit price is rate × units bought; cost-plus is (1 + markup) × the cost the buyer
    is charged with: its part of the full cost, or the marginal cost that it adds.

    Parameters
    ----------
    prices
        ``(partners, …)`` [currency/year]; the lead's own entry is not used.
    lead
        Position of the partner that provides the service.
    cost
        ``(…)`` cost of the service to all [currency/year]. Where prices exceed it the lead gains, and its bill is
        below 0.
    """
    bills = np.array(prices, dtype=np.float64)
    bills[lead] = 0
    bills[lead] = np.asarray(cost) - np.sum(bills, axis=0)
    return bills


def levy(values: npt.ArrayLike, mills: npt.ArrayLike) -> Array:
    """Return what a millage raises: mills are currency per thousand of equalised value."""
    raised: Array = np.asarray(values, dtype=np.float64) * np.asarray(mills) / 1000
    return raised


def levy_rate(values: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
    """Return the millage that raises the cost [currency/1000 of value]."""
    x = np.asarray(values, dtype=np.float64)
    proportional(x, "equalised value")
    rate: Array = 1000 * np.asarray(cost, dtype=np.float64) / np.sum(x, axis=0)
    return rate


def whole_cents(bills: Sequence[float] | Array) -> Array:
    """Round bills to cents so that they add up exactly to the rounded total, by the largest remainder.

    Each bill is first rounded down to a whole cent; the cents left over go one each to the bills that lost most,
    the first of them where two lost the same. (The rule of Hamilton for seats, here for cents.)

    Parameters
    ----------
    bills
        ``(partners,)`` [currency].
    """
    cents = np.asarray(bills, dtype=np.float64) * 100
    # A bill of 0.29 is 28.999… cents in binary; without the nudge it would lose a cent it has.
    down = np.floor(cents + 1e-6)
    left = round(float(np.sum(cents))) - int(np.sum(down))
    order = np.argsort(-(cents - down), kind="stable")
    down[order[:left] if left >= 0 else order[left:]] += np.sign(left)
    return down / 100
