"""Tables of games of the kinds that the literature on cost sharing uses, for benchmarks and tests."""

import numpy as np


def over_groups(each, join=np.add, start=0.0):
    table = np.array([start])
    for value in each:
        table = np.concatenate([table, join(table, value)])
    return table


def random_game(n, rng):
    """Savings: a random part of the size of the group."""
    table = rng.random(1 << n) * over_groups(np.ones(n))
    table[0] = 0
    return table, "savings"


def airport_game(n, rng):
    """Cost: the longest runway that a member needs (Littlechild & Owen 1973)."""
    return over_groups(rng.integers(1, 1000, n).astype(float), np.maximum), "cost"


def facility_game(n, rng, sites=6):
    """Cost: the cheapest set of sites to open, and the way of each member to the nearest of them."""
    where, at = rng.random((n, 2)), rng.random((sites, 2))
    opening = 0.3 + 0.5 * rng.random(sites)
    distance = np.linalg.norm(where[:, None] - at, axis=2)
    best = np.full(1 << n, np.inf)
    for chosen in range(1, 1 << sites):
        open_sites = [j for j in range(sites) if chosen >> j & 1]
        total = over_groups(distance[:, open_sites].min(1)) + opening[open_sites].sum()
        np.minimum(best, total, out=best)
    best[0] = 0
    return best, "cost"


def spanning_tree_game(n, rng):
    """Cost: the shortest tree that joins the members to a source (Bird 1976)."""
    points = np.vstack([[0.5, 0.5], rng.random((n, 2))])
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    cost = np.zeros(1 << n)
    block = 1 << min(n, 16)
    for first in range(0, 1 << n, block):
        masks = np.arange(first, first + block)
        rows = np.arange(block)
        nearest = np.where(masks[:, None] >> np.arange(n) & 1 == 1, distance[0, 1:], np.inf)
        for _ in range(n):
            joined = nearest.argmin(1)
            step = nearest[rows, joined]
            cost[masks] += np.where(np.isfinite(step), step, 0)
            nearer = np.minimum(nearest, distance[1:, 1:][joined])
            nearest = np.where(np.isfinite(nearest), nearer, np.inf)
            nearest[rows, joined] = np.inf
    return cost, "cost"


def voting_game(n, rng):
    """Savings: 1 for a majority of random votes."""
    weights = rng.integers(1, 10, n).astype(float)
    return (over_groups(weights) > weights.sum() / 2).astype(float), "savings"


def bankruptcy_game(n, rng):
    """Savings: what is left of an estate when the others have been paid (O'Neill 1982)."""
    claims = rng.integers(1, 100, n).astype(float)
    estate = np.floor(claims.sum() * rng.random())
    return np.maximum(0, estate - over_groups(claims)[::-1]), "savings"


def symmetric_game(n, rng):
    """Cost: depends on the size of the group alone."""
    return np.sqrt(over_groups(np.ones(n))) * float(rng.integers(1, 100)), "cost"


def additive_game(n, rng):
    return over_groups(rng.integers(1, 100, n).astype(float)), "cost"


def zero_game(n, rng):
    del rng
    return np.zeros(1 << n), "savings"


def rough_game(n, rng):
    """Savings in small whole numbers: many ties, seldom superadditive."""
    table = rng.integers(-3, 4, 1 << n).astype(float)
    table[0] = 0
    return table, "savings"


BENCHMARKED = {
    "random": random_game,
    "spanning tree": spanning_tree_game,
    "airport": airport_game,
    "facility": facility_game,
}
ALL = {
    **BENCHMARKED,
    "voting": voting_game,
    "bankruptcy": bankruptcy_game,
    "symmetric": symmetric_game,
    "additive": additive_game,
    "zero": zero_game,
    "rough": rough_game,
}
