"""Shares by formula: they need only the players' own, separable and whole values, tau one pass over the table.

All are stated for cost games. In a savings game, "pays" reads "receives" and the separable cost becomes what a player
adds to the others; the formulas stay the same, except where a docstring says otherwise.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from interlocal.sharing.compiled import available, in_threads, kernel
from interlocal.sharing.game import Ends, Floats, Game, UndefinedError

PLAIN_PLAYERS = 16
"""Up to so many players numpy is quick enough that loading the compiler does not pay."""

_PARTS = 2


def equal(game: Ends) -> Floats:
    """Return equal shares of the whole."""
    return np.full(game.n, game.whole / game.n)


def equal_savings(game: Ends) -> Floats:
    """Return what each pays alone less an equal part of what all save together."""
    shares: Floats = game.alone + (game.whole - game.alone.sum()) / game.n
    return shares


def equal_charge(game: Ends) -> Floats:
    """Return each player's separable cost plus an equal part of the rest.

    The separable cost of a player is the cost of all less the cost of all the others.
    """
    shares: Floats = game.separable + (game.whole - game.separable.sum()) / game.n
    return shares


def moriarity(game: Ends) -> Floats:
    """Return shares in proportion to what each player pays alone.

    Everybody then saves the same percentage.

    Raises
    ------
    UndefinedError
        When the players' own values add up to zero, as in most savings games.

    References
    ----------
    S. Moriarity (1975), Another approach to allocating joint costs, *The Accounting Review* 50(4), 791–795.
    """
    total = game.alone.sum()
    if abs(total) <= game.tolerance:
        raise UndefinedError(
            "The players' own values add up to zero, so nothing can be shared in proportion to them."
        )
    shares: Floats = game.alone * (game.whole / total)
    return shares


def scrb(game: Ends) -> Floats:
    """Return separable costs plus the rest in proportion to remaining benefits.

    The remaining benefit of a player is what it pays alone less its separable cost; where benefits are known they may
    be less than the cost alone, and the cost alone must be replaced by them in the game.

    Raises
    ------
    UndefinedError
        When no player has a remaining benefit but there is a rest to share, or a player has a negative one.

    References
    ----------
    J. S. Ransmeier (1942), *The Tennessee Valley Authority*, Vanderbilt University Press; P. D. Straffin & J. P.
    Heaney (1981), Game theory and the Tennessee Valley Authority, *International Journal of Game Theory* 10, 35–43.
    """
    benefits = game.sign * (game.separable - game.alone)
    return _in_between(game, benefits, "remaining benefit")


def gately(game: Ends) -> Floats:
    """Return the point at which all players have the same propensity to disrupt.

    The propensity is what the others lose when a player leaves, over what the player loses itself. The formula agrees
    with :func:`scrb` (Straffin & Heaney 1981).

    Raises
    ------
    UndefinedError
        When a player's leaving would help the others more than it hurts the player alone, or nobody has anything to
        lose while there is something to share.

    References
    ----------
    D. Gately (1974), Sharing the gains from regional cooperation, *International Economic Review* 15(1), 195–208.
    """
    return _in_between(game, game.sign * (game.separable - game.alone), "loss from disruption")


def tau(game: Game) -> Floats:
    """Return the efficient point between each player's utopia share and the least it can demand.

    The utopia share is the separable cost. The least a player can demand is what remains for it of some group when
    all others in the group get their utopia shares. Defined on quasi-balanced games; a cost game is read as the
    savings game of the negated table.

    Raises
    ------
    UndefinedError
        When the game is not quasi-balanced.

    References
    ----------
    S. H. Tijs (1981), Bounds for the core and the τ-value, in *Game Theory and Mathematical Economics*, 123–132.
    """
    utopia, demand = (game.sign * end for end in tau_ends(game))
    whole = game.sign * game.whole
    slack = max(game.tolerance, 1e-9 * float(np.abs(utopia).max()))
    if (demand > utopia + slack).any():
        player = game.players[int(np.argmax(demand - utopia))]
        raise UndefinedError(
            f"The game is not quasi-balanced: {player} can demand more than it adds to the others."
        )
    if demand.sum() > whole + slack or utopia.sum() < whole - slack:
        raise UndefinedError(
            "The game is not quasi-balanced: the whole does not lie between the players' least demands and "
            "what they add to the others."
        )
    room = float((utopia - demand).sum())
    part = (whole - demand.sum()) / room if room > slack else 0.0
    return game.sign * (demand + part * (utopia - demand))


def tau_ends(game: Game) -> tuple[Floats, Floats]:
    """Return each player's utopia share, and the least it can demand: in a cost game the least and the most it pays."""
    utopia = game.sign * game.separable
    return game.separable, game.sign * (utopia + _largest_remainder(game, utopia))


def _in_between(game: Ends, benefits: Floats, name: str) -> Floats:
    rest = game.whole - game.separable.sum()
    total = float(benefits.sum())
    slack = max(game.tolerance, 1e-12 * float(np.abs(game.alone).max()))
    if (benefits < -slack).any():
        player = game.players[int(np.argmin(benefits))]
        raise UndefinedError(
            f"{player} has a negative {name}: it costs the others more than it would pay alone."
        )
    if total <= slack:
        if abs(rest) <= slack:
            return game.separable
        raise UndefinedError(f"No player has a {name}, so the rest cannot be shared in proportion to it.")
    shares: Floats = game.separable + benefits * (rest / total)
    return shares


def _largest_remainder(game: Game, utopia: Floats) -> Floats:
    """Return, for each player, the largest v(S) − Σ utopia over the groups S it belongs to."""
    n = game.n
    low = n // 2
    utopia_low = _sums(utopia[:low])
    utopia_high = _sums(utopia[low:])
    parts = _PARTS if n > PLAIN_PLAYERS and available() else 1
    edges = [utopia_high.size * k // parts for k in range(parts + 1)]
    by_high = np.empty(utopia_high.size)
    by_low = np.full((parts, utopia_low.size), -np.inf)
    scan = _remainders.plain if parts == 1 else _remainders

    def part(k: int) -> None:
        scan(game.table, game.sign, utopia_low, utopia_high, edges[k], edges[k + 1], by_low[k], by_high)

    in_threads(part, parts)
    tops = by_low.max(0)
    best = [tops[np.arange(tops.size) >> i & 1 == 1].max() for i in range(low)]
    best += [by_high[np.arange(by_high.size) >> i & 1 == 1].max() for i in range(n - low)]
    return np.array(best)


def _remainders_in_loops(block: Any, sign: float, low: Any, high: float, tops: Any, gaps: Any) -> float:
    size = block.size
    for j in range(size):
        gap = sign * block[j] - low[j] - high
        gaps[j] = gap
        tops[j] = gap if gap > tops[j] else tops[j]  # noqa: FURB136 - max is slower here
    while size > 1:
        size >>= 1
        for j in range(size):
            gaps[j] = gaps[j] if gaps[j] > gaps[j + size] else gaps[j + size]  # noqa: FURB136 - max is slower here
    return float(gaps[0])


def _block_remainders(block: Any, sign: float, low: Any, high: float, tops: Any, gaps: Any) -> float:
    np.multiply(sign, block, out=gaps)
    np.subtract(gaps, low, out=gaps)
    np.subtract(gaps, high, out=gaps)
    np.maximum(tops, gaps, out=tops)
    return float(gaps.max())


@kernel((_block_remainders, _remainders_in_loops))
def _remainders(
    table: Any,
    sign: float,
    utopia_low: Any,
    utopia_high: Any,
    first: int,
    last: int,
    by_low: Any,
    by_high: Any,
) -> None:
    """Keep the largest remainder of each low part over a run of high parts, and of each of those high parts."""
    size = utopia_low.size
    gaps = np.empty(size)
    for high in range(first, last):
        block = table[high * size : (high + 1) * size]
        by_high[high] = _block_remainders(block, sign, utopia_low, utopia_high[high], by_low, gaps)


def _sums(each: Floats) -> Floats:
    sums = np.zeros(1)
    for value in each:
        sums = np.concatenate([sums, sums + value])
    return sums
