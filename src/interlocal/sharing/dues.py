"""A dues schedule: what members of a council or a joint board pay by class of size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from interlocal.case.check_formulas import schedule_findings
from interlocal.case.formulas import DuesClass
from interlocal.problems import InputError, Problem
from interlocal.sharing.formulas import Array


def dues(
    size: npt.ArrayLike,
    classes: Sequence[DuesClass],
    *,
    role_discounts: npt.ArrayLike = 0.0,
    taken: npt.ArrayLike = 1.0,
) -> Array:
    """Return dues: (base + rate per head × size) × (1 − class discount) × (1 − role discount) × service taken.

    The floor and the cap of the class come last, so that no member pays less than the floor or more than the cap.

    Parameters
    ----------
    size
        ``(partners, …)`` population, or what the schedule counts.
    classes
        From the smallest to the largest; a member belongs to the first class whose ``up_to`` it does not exceed.
    role_discounts
        ``(partners, …)`` discount for a role the member fills, as a share.
    taken
        ``(partners, …)`` share of the service the member takes.

    Returns
    -------
    ``(partners, …)`` [currency/year]

    Raises
    ------
    InputError
        Where classes are out of order, contradict themselves, or the last one has a limit.
    """
    if problems := schedule_problems(classes):
        raise InputError(problems)
    x = np.asarray(size, dtype=np.float64)
    at = class_of(x, classes)

    def per_class(numbers: Sequence[float]) -> Array:
        return np.asarray(numbers, dtype=np.float64)[at]

    rate = per_class([c.base for c in classes]) + per_class([c.per_head for c in classes]) * x
    kept = (1 - per_class([c.discount for c in classes])) * (1 - np.asarray(role_discounts)) * taken
    floor = per_class([0.0 if c.floor is None else c.floor for c in classes])
    cap = per_class([np.inf if c.cap is None else c.cap for c in classes])
    bills: Array = np.clip(rate * kept, floor, cap)
    return bills


def class_of(size: Array, classes: Sequence[DuesClass]) -> npt.NDArray[np.intp]:
    """Return the position of the class each size belongs to."""
    limits = np.array([np.inf if c.up_to is None else c.up_to for c in classes])
    return np.searchsorted(limits, size, side="left")


def schedule_problems(classes: Sequence[DuesClass]) -> list[Problem]:
    """Return everything that is wrong with the classes of a schedule."""
    if not classes:
        return [Problem("/classes", "dues schedule", "no classes", "at least one class", "Add a class.")]
    return [
        Problem("".join(f"/{step}" for step in at), "dues schedule", found, expected, fix)
        for at, found, expected, fix in schedule_findings(classes)
    ]


def scaled_to_cost(bills: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
    """Scale dues by one factor so that they add up to the cost."""
    x = np.asarray(bills, dtype=np.float64)
    total = np.sum(x, axis=0)
    if np.any(total <= 0):
        raise InputError(
            Problem(
                "/classes",
                "dues schedule",
                "dues of 0 for all members",
                "dues above 0 for at least one member",
                "Set a base, a rate per head or a floor.",
            )
        )
    scaled: Array = x * (np.asarray(cost, dtype=np.float64) / total)
    return scaled


def difference(bills: npt.ArrayLike, cost: npt.ArrayLike) -> Array:
    """Return what dues leave over above the cost; below 0 where they do not cover it [currency/year]."""
    left: Array = np.sum(np.asarray(bills, dtype=np.float64), axis=0) - np.asarray(cost, dtype=np.float64)
    return left
