"""The plan as a network of tasks, simulated: when it ends, what it takes, and which tasks decide.

Where paths join, the later one decides, so a plan with parallel tasks ends later than any of its paths does on
average (merge bias). Tasks are drawn independently of each other, which narrows the range: a cause that slows all of
them is not in it. In one draw a task that takes long takes many hours as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from interlocal.numerics.distributions import Distribution, Fixed
from interlocal.numerics.draws import Block
from interlocal.people.calendar import open_days
from interlocal.problems import InputError, Problem, nearest

Floats = NDArray[np.float64]

DRAWS = 2_000
_TOLERANCE = 1e-9
_NONE = Fixed(0.0)


@dataclass(frozen=True)
class Task:
    """One task of the plan; ``days`` are working days and ``hours`` staff hours, both usually ``Pert``."""

    id: str
    name: str
    days: Distribution
    hours: Distribution = _NONE
    after: tuple[str, ...] = ()
    phase: str = ""
    not_before: date | None = None
    """First day on which the task can be worked on."""
    done_on: date | None = None
    """A task that is done takes no more days or hours; what follows it may start on the next day."""


@dataclass(frozen=True)
class Plan:
    """Tasks, the day work starts, and the months of every year (1–12) in which none proceeds."""

    tasks: tuple[Task, ...]
    start: date
    blackout_months: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        problems = _network_problems(self.tasks)
        if problems:
            raise InputError(problems)


@dataclass(frozen=True)
class Forecast:
    """Draws of a plan; arrays have one row per task in the plan's order and one column per draw."""

    plan: Plan
    days: NDArray[np.datetime64]
    """Open days; times below are positions among them."""
    start: Floats
    finish: Floats
    slack: Floats
    """How much later each task could end without moving the end of the plan [working days]."""
    hours: Floats

    @cached_property
    def end(self) -> Floats:
        """Position of the end of the plan in each draw."""
        return np.asarray(self.finish.max(axis=0))

    def finish_date(self, p: float) -> date:
        """Return the day by which the plan has ended with probability ``p``."""
        return self._date(np.quantile(self.end, p, method="inverted_cdf"))

    def task_finish_date(self, task: str, p: float) -> date:
        """Return the day by which a task has ended with probability ``p``."""
        row = [t.id for t in self.plan.tasks].index(task)
        return self._date(np.quantile(self.finish[row], p, method="inverted_cdf"))

    def task_start_date(self, task: str, p: float) -> date:
        """Return the day on or before which work on a task begins with probability ``p``."""
        row = [t.id for t in self.plan.tasks].index(task)
        return self._date(np.floor(np.quantile(self.start[row], p, method="inverted_cdf")) + 1)

    def staff_hours(self, p: float) -> float:
        """Return the staff hours still to come that are not exceeded with probability ``p`` [hours]."""
        return float(np.quantile(self.hours.sum(axis=0), p))

    def criticality(self) -> dict[str, float]:
        """Return for each task the share of draws in which a day's delay of it delays the plan."""
        share = (self.slack <= _TOLERANCE).mean(axis=1)
        return {task.id: float(x) for task, x in zip(self.plan.tasks, share, strict=True)}

    def probability_by(self, promised: date) -> float:
        """Return the probability that the plan has ended by the promised day."""
        by_then = np.searchsorted(self.days, np.datetime64(promised), side="right")
        return float((self.end <= by_then + _TOLERANCE).mean())

    def _date(self, position: float) -> date:
        index = max(int(np.ceil(position - _TOLERANCE)) - 1, 0)
        found: date = self.days[index].item()
        return found


def simulate(plan: Plan, *, draws: int = DRAWS, seed: int = 0) -> Forecast:
    """Return draws of the plan; the same seed gives the same draws whatever the order of its tasks.

    Parameters
    ----------
    plan
        The network of tasks.
    draws
        Number of draws.
    seed
        Seed of all draws. Each task has a stream of its own, so that a task added leaves the others' draws alone.

    Examples
    --------
    >>> from interlocal.numerics.distributions import Pert
    >>> plan = Plan((Task("a", "Agree on data", Fixed(5.0)), Task("b", "Study", Fixed(10.0), after=("a",))),
    ...             date(2027, 3, 1))
    >>> simulate(plan).finish_date(0.5)
    datetime.date(2027, 3, 19)
    """
    row = {task.id: i for i, task in enumerate(plan.tasks)}
    block = Block(seed, 0, draws)
    length = np.zeros((len(row), draws))
    hours = np.zeros((len(row), draws))
    for i, task in enumerate(plan.tasks):
        if task.done_on is None:
            score = block.stream("plan", task.id).standard_normal(draws)
            length[i] = np.maximum(task.days.from_normal(score), 0.0)
            hours[i] = np.maximum(task.hours.from_normal(score), 0.0)
    latest = max(task.done_on or task.not_before or plan.start for task in plan.tasks)
    # Enough days for the longest chain of all tasks after the last date that any of them waits for.
    needed = int(np.ceil(length.sum(axis=0).max())) + max(0, (latest - plan.start).days) + 1
    days = open_days(plan.start, needed, plan.blackout_months)
    order = list(TopologicalSorter({task.id: task.after for task in plan.tasks}).static_order())
    start, finish = np.zeros_like(length), np.zeros_like(length)
    for name in order:
        i, task = row[name], plan.tasks[row[name]]
        if task.done_on is not None:
            start[i] = np.searchsorted(days, np.datetime64(task.done_on), side="right")
        else:
            earliest = np.searchsorted(days, np.datetime64(task.not_before or plan.start))
            start[i] = np.max([finish[row[other]] for other in task.after], axis=0, initial=float(earliest))
        finish[i] = start[i] + length[i]
    return Forecast(plan, days, start, finish, _slack(plan, order, finish, length), hours)


def _slack(plan: Plan, order: Sequence[str], finish: Floats, length: Floats) -> Floats:
    row = {task.id: i for i, task in enumerate(plan.tasks)}
    latest = np.broadcast_to(finish.max(axis=0), finish.shape).copy()
    for name in reversed(order):
        i = row[name]
        task = plan.tasks[i]
        for other in task.after if task.done_on is None else ():
            np.minimum(latest[row[other]], latest[i] - length[i], out=latest[row[other]])
    slack = latest - finish
    slack[[i for i, task in enumerate(plan.tasks) if task.done_on is not None]] = np.inf
    return slack


def _network_problems(tasks: Collection[Task]) -> list[Problem]:
    ids = [task.id for task in tasks]
    problems = []
    if not ids:
        problems.append(
            Problem("/tasks", "the plan", "no task", "at least one", "Add the first thing to do.")
        )
    for i, task in enumerate(tasks):
        if task.id in ids[:i]:
            problems.append(
                Problem(
                    f"/tasks/{i}/id",
                    f"task {i + 1}",
                    f"the id {task.id} a second time",
                    "an id of its own",
                    "Rename one of the two.",
                )
            )
        for other in task.after:
            if other not in ids:
                like = nearest(other, ids)
                problems.append(
                    Problem(
                        f"/tasks/{i}/after",
                        f"task {task.id}",
                        f"after: {other}",
                        "the id of another task",
                        f"Did you mean {like}?" if like else "Add the task or take the dependency out.",
                    )
                )
    return problems or _cycle_problems({task.id: task.after for task in tasks})


def _cycle_problems(after: Mapping[str, Collection[str]]) -> list[Problem]:
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        cycle = " → ".join(error.args[1])
        return [
            Problem(
                "/tasks",
                "the plan's dependencies",
                f"a circle: {cycle}",
                "tasks that can be put in an order",
                "Take out one of these dependencies.",
            )
        ]
    return []
