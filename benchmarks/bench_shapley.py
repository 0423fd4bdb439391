"""The Shapley value of a table, beside coopgame-py on the same tables."""

import time
from concurrent.futures import ThreadPoolExecutor

import coopgame
import numba
import numpy as np

from interlocal.sharing import Game, shapley

SIZES = (10, 15, 20, 21, 22, 23, 24, 25, 26)
PEER_SIZES = (10, 15, 20, 24)


def run():
    random = np.random.default_rng(7)
    rows, times, limits = [], {}, {}
    for n in SIZES:
        table = random.random(1 << n)
        table[0] = 0
        game = Game(tuple(map(str, range(n))), table, "savings")
        ours = theirs = None
        repeats = 200 if n < 16 else 40 if n < 22 else 10
        if n in PEER_SIZES:
            peer = coopgame.Game(table[1:])
            ours, mine = best(lambda game=game: shapley(game), repeats)
            theirs, other = best(lambda peer=peer: coopgame.shapley(peer), 3 if n < 22 else 1)
            assert np.abs(mine - other).max() < 1e-9
        else:
            ours, _ = best(lambda game=game: shapley(game), repeats)
        limit = read_time(table) if n >= 20 else None
        times[n], limits[n] = ours, limit
        growth = times[n] / times[n - 1] if n - 1 in times else None
        rows.append(
            f"| {n} | {1000 * ours:.3f} | {show(theirs, lambda t: f'{1000 * t:.2f}')} | "
            f"{show(theirs, lambda t, ours=ours: f'{t / ours:.0f}')} | "
            f"{show(growth, '{:.2f}'.format)} | {show(limit, lambda t, ours=ours: f'{100 * t / ours:.0f} %')} |"
        )
    return "\n".join(
        [
            "## Shapley value",
            "",
            "Best of several runs on one table of random numbers in memory. The last column is the time that one or two threads, whichever are quicker, take to read and add up the same table, as a part of ours. The peer is run where it takes seconds.",
            "",
            "| players | ours [ms] | coopgame-py [ms] | times faster | growth per player | of the read limit |",
            "| --: | --: | --: | --: | --: | --: |",
            *rows,
            "",
            f"From 20 to 26 players each adds a factor of {per_player(times):.2f} to our time, and {per_player(limits):.2f} to the time of reading the table.",
        ]
    )


def per_player(times, first=20, last=26):
    return (times[last] / times[first]) ** (1 / (last - first))


def show(value, how):
    return "–" if value is None else how(value)


def best(function, repeats):
    result = function()
    shortest = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, result


@numba.njit(nogil=True, fastmath=True)
def add_up(part):
    total = 0.0
    for value in part:
        total += value
    return total


def read_time(table):
    with ThreadPoolExecutor(1) as other:
        half = table.size // 2

        def both():
            waiting = other.submit(add_up, table[:half])
            return add_up(table[half:]) + waiting.result()

        return min(best(both, 10)[0], best(lambda: add_up(table), 10)[0])
