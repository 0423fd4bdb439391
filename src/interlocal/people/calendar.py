"""The days on which work goes on: weekdays outside the blackout months; holidays are not known."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from interlocal.problems import InputError, Problem


def open_days(first: date, count: int, blackout_months: Collection[int] = ()) -> NDArray[np.datetime64]:
    """Return at least ``count`` open days from ``first`` on, in order.

    Parameters
    ----------
    first
        The earliest day that may count.
    count
        Number of days needed [working days].
    blackout_months
        Months (1–12) of every year in which no work proceeds, such as budget season.

    Raises
    ------
    InputError
        For a month that does not exist, or where no month is left.
    """
    problems = [
        Problem(
            "/blackout_months",
            "the plan's blackout months",
            str(month),
            "the number of a month, 1 to 12",
            "Write 1 for January.",
        )
        for month in sorted(set(blackout_months) - set(range(1, 13)))
    ]
    if set(range(1, 13)) <= set(blackout_months):
        problems.append(
            Problem(
                "/blackout_months",
                "the plan's blackout months",
                "all twelve months",
                "at least one month for work",
                "Take some months out.",
            )
        )
    if problems:
        raise InputError(problems)
    a_year = 18 * (12 - len(set(blackout_months)))  # any month holds more weekdays than that
    last = first + timedelta(days=366 * (2 + count // a_year))
    days = np.arange(np.datetime64(first), np.datetime64(last))
    month = days.astype("datetime64[M]").astype(int) % 12 + 1
    return np.asarray(days[np.is_busday(days) & ~np.isin(month, list(blackout_months))])
