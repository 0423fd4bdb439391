"""The prenucleolus of four kinds of games, beside coopgame-py on the same tables."""

import math
import time

import coopgame
import numpy as np
from games import BENCHMARKED

from interlocal.sharing import Game, nucleolus, prenucleolus

SIZES = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24)
PEER_LARGEST = 20
LARGEST = {"spanning tree": 22}


def run():
    random = np.random.default_rng(11)
    # Beyond 16 players a first call loads the compiled form; smaller games use it from then on.
    nucleolus(Game(tuple(map(str, range(17))), BENCHMARKED["airport"](17, random)[0]))
    rows, ratios, times = [], {}, {}
    for n in SIZES:
        for name, make in BENCHMARKED.items():
            if n > LARGEST.get(name, n):
                continue
            table, kind = make(n, random)
            game = Game(tuple(map(str, range(n))), table, kind)
            ours, mine = best(lambda game=game: prenucleolus(game), 30 if n <= 12 else 5)
            times.setdefault(n, {})[name] = ours
            cell = ratio = "–"
            if n <= PEER_LARGEST:
                peer = coopgame.Game(game.sign * table[1:])
                theirs, other = best(
                    lambda peer=peer: coopgame.prenucleolus(peer)["allocation"], 10 if n <= 12 else 1
                )
                gap = np.abs(game.sign * mine - other).max() / np.abs(table).max()
                assert gap < 1e-9, (name, n, gap)
                ratios.setdefault(n, []).append(theirs / ours)
                cell, ratio = f"{1000 * theirs:.3f}", f"{theirs / ours:.0f}"
            rows.append(f"| {n} | {name} | {1000 * ours:.3f} | {cell} | {ratio} |")
    summary = []
    for before, n in zip((None, *times), times, strict=False):
        ratio = ratios.get(n)
        cells = (f"{geometric(ratio):.0f}", f"{min(ratio):.1f}") if ratio else ("–", "–")
        same = (
            [] if before is None else [times[n][k] / times[before][k] for k in times[n] if k in times[before]]
        )
        growth = f"{geometric(same) ** (1 / (n - before)):.2f}" if same else "–"
        summary.append(f"| {n} | {cells[0]} | {cells[1]} | {growth} |")
    return "\n".join(
        [
            "## Nucleolus",
            "",
            f"Best of several runs, each answer equal to the peer's within 10⁻⁹ of the table. The peer is run to n = {PEER_LARGEST}; tables of spanning trees are built to n = {LARGEST['spanning tree']}.",
            "",
            "| players | times faster, geometric mean | on the worst game | our growth per added player |",
            "| --: | --: | --: | --: |",
            *summary,
            "",
            "| players | game | ours [ms] | coopgame-py [ms] | times faster |",
            "| --: | --- | --: | --: | --: |",
            *rows,
        ]
    )


def geometric(values):
    return math.exp(np.mean(np.log(values)))


def best(function, repeats):
    result = function()
    shortest = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, result
