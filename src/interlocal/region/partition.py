"""The best way to divide many governments into groups that may not overlap.

Each possible group is a column with its value; the best choice covers no government twice (a set-packing programme, with
equality for governments that must be in a group). Up to 22 governments ``exact`` answers;
beyond, the linear relaxation is tightened with subset-row cuts (Jepsen, Petersen, Spoorendonk & Pisinger 2008,
10.1287/opre.1070.0449), columns that cannot be in any better solution are fixed out by their reduced costs, and HiGHS
solves the rest. The bound comes from the relaxation, so that the gap is proven, whatever was found.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CUT_ROUNDS = 20
CUTS_PER_ROUND = 200
CUT_VIOLATION = 0.02
SURE = 0.7
"""A column that the relaxation takes to this extent is taken whole when diving; two such columns never overlap."""
FIRST_WINDOW = 0.0002
"""Columns whose reduced cost is within this share of the bound are tried first."""


@dataclass(frozen=True)
class Division:
    """Groups chosen, what they are worth, and how much better any other choice could be."""

    chosen: tuple[int, ...]
    """Columns."""
    objective: float
    bound: float
    """No choice is worth more than this."""
    stopped: str | None = None
    """Why the search ended early: cancelled, or the limit on work; None where it ran to its end."""

    @property
    def gap(self) -> float:
        """How much better another choice could be, as a share of the objective."""
        return (
            max(self.bound - self.objective, 0.0) / max(abs(self.objective), 1e-12) if self.bound > 0 else 0.0
        )


class Infeasible(Exception):  # noqa: N818 – an answer, which the caller puts in words
    """No choice of groups meets every demand."""


def divide(
    columns: Sequence[npt.NDArray[np.int64]],
    values: Floats,
    count: int,
    *,
    must: frozenset[int] = frozenset(),
    gap: float = 0.0,
    nodes: int = 2_000,
    cancelled: Callable[[], bool] | None = None,
) -> Division:
    """Choose groups of the highest total value that do not overlap; whoever is in none stays alone, worth 0.

    Parameters
    ----------
    columns
        Members of each possible group.
    values
        What each is worth [currency/year].
    must
        Governments that must be in a chosen group.
    gap
        Stop where no choice can be better by more than this share.
    nodes
        Limit on work: branching nodes. A clock would make runs differ.
    cancelled
        Asked now and then; when it says so, the best found so far is returned.

    Raises
    ------
    Infeasible
        When the governments that must be in a group cannot all be.
    """
    stop = cancelled or _never
    worth = [k for k, members in enumerate(columns) if values[k] > 0 or must.intersection(members.tolist())]
    if not worth:
        if must:
            raise Infeasible
        return Division((), 0.0, 0.0)
    search = _Search([columns[k] for k in worth], values[worth], count, must)
    division = search.run(gap, nodes, stop)
    return Division(
        tuple(worth[k] for k in division.chosen), division.objective, division.bound, division.stopped
    )


def _never() -> bool:
    return False


class _Search:
    """Relaxation, cuts, fixing, branching."""

    def __init__(
        self, columns: list[npt.NDArray[np.int64]], values: Floats, count: int, must: frozenset[int]
    ) -> None:
        from scipy import sparse  # noqa: PLC0415 – slow to import

        self.columns, self.values = columns, values
        sizes = [len(c) for c in columns]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self.matrix: Any = sparse.csc_array(
            (np.ones(starts[-1]), np.concatenate(columns), starts), shape=(count, len(columns))
        )
        self.lower = np.array([1.0 if i in must else -np.inf for i in range(count)])
        self.triples: list[tuple[int, ...]] = []

    def run(self, gap: float, nodes: int, stop: Callable[[], bool]) -> Division:
        solver, bound, primal, reduced = self._relaxed(stop)
        best = self._greedy(primal)
        if stop():
            return self._division(best, bound, "cancelled")
        if not self._near(best, bound, gap):
            best = self._better(best, self._dive(solver, primal))
        if self._near(best, bound, gap):
            return self._division(best, bound, None)
        window = FIRST_WINDOW * abs(bound)
        while True:
            kept = np.flatnonzero(reduced >= -window)
            kept = np.union1d(kept, np.array(best, dtype=np.int64)) if best is not None else kept
            found, inner_bound, ended = self._branch(kept, best, gap / 4, nodes, stop)
            best = self._better(best, found)
            reached = bound - self._value(best) if best is not None else np.inf
            left_out = bound - window if len(kept) < len(self.columns) else -np.inf
            proven = min(bound, max(inner_bound, left_out))
            if ended or self._near(best, proven, gap) or window >= reached or len(kept) == len(self.columns):
                if best is None:
                    raise Infeasible
                return self._division(best, proven, ended)
            window = min(16 * window + 1e-9, reached) if np.isfinite(reached) else 16 * window + 1.0

    def _value(self, chosen: Sequence[int]) -> float:
        return float(self.values[list(chosen)].sum())

    def _division(self, best: list[int] | None, bound: float, stopped: str | None) -> Division:
        if best is None:
            raise Infeasible
        return Division(tuple(best), self._value(best), max(bound, self._value(best)), stopped)

    def _near(self, best: list[int] | None, bound: float, gap: float) -> bool:
        return best is not None and bound - self._value(best) <= gap * abs(self._value(best)) + 1e-9

    def _better(self, best: list[int] | None, found: list[int] | None) -> list[int] | None:
        if best is None or found is None:
            return found if best is None else best
        return found if self._value(found) > self._value(best) else best

    def _dive(self, solver: _Highs, primal: Floats) -> list[int] | None:
        """Take the columns that the relaxation nearly takes, solve again, and so on: a good choice, quickly found."""
        while len(partly := np.flatnonzero((primal > 1e-6) & (primal < 1 - 1e-6))):
            sure = np.flatnonzero(primal > SURE)
            best = partly[np.argmax(primal[partly])]
            solver.take(np.union1d(sure, [best]))
            try:
                _, primal, _ = solver.solve()
            except Infeasible:
                return None
        return [int(k) for k in np.flatnonzero(primal > 0.5)]

    def _relaxed(self, stop: Callable[[], bool]) -> tuple[_Highs, float, Floats, Floats]:
        """Solve the relaxation, adding cuts while they bite; the bound holds at any time."""
        solver = _Highs(self.matrix, self.values, self.lower)
        for _ in range(CUT_ROUNDS):
            _, primal, _ = solver.solve()
            cuts = self._violated(primal) if not stop() else []
            if not cuts:
                break
            for triple in cuts:
                solver.add_row(self._row(triple))
            self.triples += cuts
        return solver, *solver.solve()

    def _row(self, triple: tuple[int, ...]) -> npt.NDArray[np.int32]:
        """Columns that hold two or more of three governments: at most one of them can be chosen."""
        held = self._by_member[list(triple)].sum(axis=0)
        return np.flatnonzero(np.asarray(held).ravel() >= 2).astype(np.int32)

    @property
    def _by_member(self) -> Any:
        if not hasattr(self, "_rows"):
            self._rows = self.matrix.tocsr()
        return self._rows

    def _violated(self, primal: Floats) -> list[tuple[int, ...]]:
        pair: dict[tuple[int, int], float] = {}
        triple: dict[tuple[int, ...], float] = {}
        together: dict[int, set[int]] = {}
        for k in np.flatnonzero((primal > 1e-6) & (primal < 1 - 1e-6)).tolist():
            members = self.columns[k].tolist()
            for two in combinations(members, 2):
                pair[two] = pair.get(two, 0.0) + primal[k]
                together.setdefault(two[0], set()).add(two[1])
            for three in combinations(members, 3):
                triple[three] = triple.get(three, 0.0) + primal[k]
        known = set(self.triples)
        found: dict[tuple[int, ...], float] = {}
        for (a, b), weight in pair.items():
            for c in sorted(together.get(a, set()) | together.get(b, set())):
                if c in (a, b):
                    continue
                x, y, z = sorted((a, b, c))
                three = (x, y, z)
                if three in found or three in known:
                    continue
                held = pair.get((x, y), 0.0) + pair.get((x, z), 0.0) + pair.get((y, z), 0.0)
                held -= 2 * triple.get(three, 0.0)
                if weight > 0 and held > 1 + CUT_VIOLATION:
                    found[three] = held
        return [*sorted(found, key=lambda t: (-found[t], t))[:CUTS_PER_ROUND]]

    def _greedy(self, primal: Floats) -> list[int] | None:
        """Take columns by their part in the relaxation, then by value per member, wherever they still fit."""
        per_member = self.values / np.array([len(c) for c in self.columns])
        order = np.lexsort((-per_member, -np.round(primal, 6)))
        taken = np.zeros(self.matrix.shape[0], dtype=np.bool_)
        chosen: list[int] = []
        for k in order.tolist():
            if self.values[k] > 0 and not taken[self.columns[k]].any():
                taken[self.columns[k]] = True
                chosen.append(k)
        return chosen if taken[self.lower > 0].all() else None

    def _branch(
        self, kept: Ints, best: list[int] | None, gap: float, nodes: int, stop: Callable[[], bool]
    ) -> tuple[list[int] | None, float, str | None]:
        solver = _Highs(self.matrix[:, kept], self.values[kept], self.lower)
        at = {int(k): j for j, k in enumerate(kept)}
        for triple in self.triples:
            row = [at[int(k)] for k in self._row(triple) if int(k) in at]
            if len(row) > 1:
                solver.add_row(np.array(row, dtype=np.int32))
        start = [at[k] for k in best] if best is not None else None
        chosen, bound, ended = solver.branch(start, gap, nodes, stop)
        return (None if chosen is None else [int(kept[j]) for j in chosen]), bound, ended


class _Highs:
    """One model in HiGHS: maximise value, cover each government at most once."""

    def __init__(self, matrix: Any, values: Floats, lower: Floats) -> None:
        import highspy  # noqa: PLC0415 – slow to import

        self.highspy = highspy
        self.highs = highspy.Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        rows, columns = matrix.shape
        self.columns = columns
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = values
        model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
        model.row_lower_, model.row_upper_ = lower, np.ones(rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = matrix.data
        self.highs.passModel(model)

    def add_row(self, columns: npt.NDArray[np.int32]) -> None:
        self.highs.addRow(-np.inf, 1.0, len(columns), columns, np.ones(len(columns)))

    def take(self, columns: Ints) -> None:
        """Force these columns into the solution."""
        for k in columns.tolist():
            self.highs.changeColBounds(k, 1.0, 1.0)

    def solve(self) -> tuple[float, Floats, Floats]:
        """Return the optimum of the relaxation, the solution and the reduced costs (≤ 0 for columns at zero)."""
        self.highs.run()
        if self.highs.getModelStatus() != self.highspy.HighsModelStatus.kOptimal:
            raise Infeasible
        solution = self.highs.getSolution()
        objective = float(self.highs.getInfo().objective_function_value)
        return objective, np.array(solution.col_value), np.array(solution.col_dual)

    def branch(
        self, start: list[int] | None, gap: float, nodes: int, stop: Callable[[], bool]
    ) -> tuple[list[int] | None, float, str | None]:
        """Solve in whole numbers: the columns chosen, the bound and why it ended early, if it did."""
        integer = np.full(self.columns, self.highspy.HighsVarType.kInteger)
        self.highs.changeColsIntegrality(self.columns, np.arange(self.columns, dtype=np.int32), integer)
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.setOptionValue("mip_max_nodes", nodes)
        self.highs.setOptionValue(
            "mip_heuristic_effort", 0.0
        )  # a good start is given; searching for one costs more
        if start is not None:
            solution = self.highspy.HighsSolution()
            chosen = np.zeros(self.columns)
            chosen[start] = 1.0
            solution.col_value = chosen
            self.highs.setSolution(solution)
        interrupted = False

        def ask(event: Any) -> None:
            nonlocal interrupted
            if stop():
                interrupted = True
                event.interrupt()

        self.highs.cbMipInterrupt.subscribe(ask)
        self.highs.run()
        status, info = self.highs.getModelStatus(), self.highs.getInfo()
        kinds = self.highspy.HighsModelStatus
        if status == kinds.kInfeasible:
            return None, -np.inf, None
        usable = info.primal_solution_status == self.highspy.SolutionStatus.kSolutionStatusFeasible
        columns = (
            np.flatnonzero(np.array(self.highs.getSolution().col_value) > 0.5).tolist() if usable else None
        )
        ended = "cancelled" if interrupted else None if status == kinds.kOptimal else "the limit on work"
        return columns, float(info.mip_dual_bound), ended
