"""When an option's transition ends, and from when its costs are those of every year."""

from __future__ import annotations

from interlocal.case.options import CostLine, Option
from interlocal.costs.lines import ONE_OFF


def is_recurring(line: CostLine) -> bool:
    """Whether a line comes every year: neither spent once nor a grant, which ends."""
    return line.category not in ONE_OFF and line.category != "grant"


def transition_ends(option: Option, first: int) -> int:
    """Return the last year of the transition: of the one-off lines, and at least the first year of the option.

    Parameters
    ----------
    first
        First year of the study.
    """
    starts = option.starts or first
    return max([starts, *(x.end or x.start or starts for x in option.lines if x.category in ONE_OFF)])


def steady_year(option: Option, first: int, last: int) -> int:
    """Return the first year after the transition in which all recurring lines run, or the last year of the study."""
    begun = [x.start for x in option.lines if is_recurring(x) and x.start is not None]
    return min(max([transition_ends(option, first) + 1, *begun]), last)
