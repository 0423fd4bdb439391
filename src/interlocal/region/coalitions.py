"""Connected groups of neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem

MOST_BYTES = 500_000_000
"""Memory that the groups of one size may take while they are found."""

Groups = npt.NDArray[np.int64]


class Graph:
    """Neighbours as arrays: those of ``i`` are ``targets[starts[i]:starts[i + 1]]``."""

    def __init__(self, pairs: Groups, count: int) -> None:
        both = np.concatenate([pairs, pairs[:, ::-1]])
        order = np.lexsort((both[:, 1], both[:, 0]))
        self.count = count
        self.targets = both[order, 1]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=count))])

    def grow(self, groups: Groups) -> Groups:
        """Return all groups that are one neighbour larger, each once, members in order."""
        size = groups.shape[1]
        flat = groups.ravel()
        degree = self.starts[flat + 1] - self.starts[flat]
        owner = np.repeat(np.arange(len(flat)), degree)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(degree) - degree, degree)
        neighbour = self.targets[self.starts[flat[owner]] + offset]
        base = groups[owner // size]
        new = (base != neighbour[:, None]).all(axis=1)
        grown = np.sort(np.column_stack([base[new], neighbour[new]]), axis=1)
        return distinct(grown, self.count)


def distinct(groups: Groups, count: int) -> Groups:
    """Return each row once, in lexicographic order; members must be below ``count``."""
    if len(groups) == 0:
        return groups
    if count ** groups.shape[1] < 2**62:
        powers = count ** np.arange(groups.shape[1] - 1, -1, -1)
        return groups[np.unique(groups @ powers, return_index=True)[1]]
    return np.unique(groups, axis=0)


def connected_groups(pairs: Groups, count: int, largest: int) -> list[Groups]:
    """Return every connected group of 2 … ``largest`` members, one array per size.

    Raises
    ------
    InputError
        When there are more of one size than fit into ``MOST_BYTES``.
    """
    graph = Graph(pairs, count)
    levels = [distinct(np.sort(pairs, axis=1), count)]
    degree = np.diff(graph.starts)
    while (size := levels[-1].shape[1]) < largest:
        found = int(degree[levels[-1]].sum())
        if found * (size + 1) * levels[-1].itemsize > MOST_BYTES:
            raise _too_many(size + 1, found)
        levels.append(graph.grow(levels[-1]))
    return levels[: max(largest - 1, 0)]


def _too_many(size: int, found: int) -> InputError:
    return InputError(
        Problem(
            "",
            "--max-size",
            f"about {float(f'{found:.2g}'):,.0f} ways to make a group of {size}",
            "fewer",
            "Lower --max-size, or count fewer governments as neighbours.",
        )
    )
