"""A cooperative game with transferable utility: what each group of players would pay, or save, by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem

Kind = Literal["cost", "savings"]
Floats = npt.NDArray[np.float64]

LARGEST_TABLE = 27
"""Players in a table: 2²⁷ numbers are one gibibyte."""

_BLOCK = 1 << 16


class UndefinedError(ValueError):
    """A method has no answer for this game; the message says why."""


class Ends(Protocol):
    """What the simplest methods need of a game: its whole, each player alone, and what each adds to all others."""

    @property
    def players(self) -> tuple[str, ...]:
        """Names, each once."""

    @property
    def n(self) -> int:
        """Number of players."""

    @property
    def sign(self) -> float:
        """1 where more is better (savings), −1 where less is (cost)."""

    @property
    def whole(self) -> float:
        """Value of all players together."""

    @property
    def alone(self) -> Floats:
        """Value of each player by itself."""

    @property
    def separable(self) -> Floats:
        """What each player adds to the value of all others."""

    @property
    def tolerance(self) -> float:
        """Excess below which a group counts as no worse off."""


class Sided:
    """Players, and which side of an amount they like."""

    players: tuple[str, ...]
    kind: Kind

    @property
    def n(self) -> int:
        """Return the number of players."""
        return len(self.players)

    @property
    def sign(self) -> float:
        """Return 1 for savings and −1 for cost: ``sign`` times a value is a game in which more is better."""
        return 1.0 if self.kind == "savings" else -1.0


@dataclass(frozen=True, eq=False)
class Game(Sided):
    """What every group of players pays (``cost``) or gains (``savings``) when it acts by itself.

    Parameters
    ----------
    players
        Names, each once.
    table
        2ⁿ numbers. Bit i of a position tells whether player i belongs to the group; the first, for nobody, is 0.
        It is kept as a read-only array of float64 without a copy where it is one already.
    kind
        Whether less is better (``cost``: shares are what each player pays) or more (``savings``: what each receives).

    Raises
    ------
    InputError
        With every problem of the players, the kind and the table.

    Examples
    --------
    >>> game = Game(("Ash", "Birch"), [0, 60, 50, 90], "cost")
    >>> game.value(["Ash", "Birch"])
    90.0
    """

    players: tuple[str, ...]
    table: Floats
    kind: Kind = "cost"

    def __post_init__(self) -> None:
        problems = [*player_problems(self.players), *kind_problems(self.kind)]
        table, table_problems = checked_table(self.table, len(self.players))
        problems += table_problems
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "players", tuple(self.players))
        object.__setattr__(self, "table", table)

    @classmethod
    def from_values(
        cls, players: Iterable[str], values: Mapping[Iterable[str], float], kind: Kind = "cost"
    ) -> Game:
        """Build a game from one value per non-empty group, for instance ``{("Ash",): 60, …}``.

        Raises
        ------
        InputError
            When a group is missing, named twice or has an unknown player, or a value is not a finite number.
        """
        from interlocal.sharing.game_document import read_game  # noqa: PLC0415 - it builds on this module

        listed = [
            {"group": [group] if isinstance(group, str) else list(group), "value": value}
            for group, value in values.items()
        ]
        return read_game({"kind": kind, "players": list(players), "values": listed})

    @classmethod
    def from_function(
        cls,
        players: Iterable[str],
        value: Callable[[npt.NDArray[np.int64]], npt.ArrayLike],
        kind: Kind = "cost",
    ) -> Game:
        """Build a game from a function of many groups at a time.

        Parameters
        ----------
        players
            Names, each once.
        value
            Takes an array of masks (bit i for player i) and returns as many values.
        kind
            ``cost`` or ``savings``.
        """
        names = tuple(players)
        if too_many := table_limit_problem(len(names), "players"):
            raise InputError(too_many)
        size = 1 << len(names)
        table = np.empty(size)
        for start in range(0, size, _BLOCK):
            masks = np.arange(start, min(start + _BLOCK, size), dtype=np.int64)
            table[masks] = value(masks)
        return cls(names, table, kind)

    @classmethod
    def from_json(cls, document: Any, name: str = "game") -> Game:
        """Read a game from a JSON document, as text or already parsed; ``name`` is what messages call it.

        The document is ``{"kind": "cost" | "savings", "players": […], "table": [2ⁿ numbers]}`` or has, in place of
        the table, ``"values": [{"group": […], "value": x}, …]`` for every non-empty group.

        Raises
        ------
        InputError
            With all problems at once.
        """
        from interlocal.sharing.game_document import read_game  # noqa: PLC0415 - it builds on this module

        return read_game(document, name)

    @property
    def whole(self) -> float:
        """Return the value of all players together: what the shares add up to."""
        return float(self.table[-1])

    @property
    def alone(self) -> Floats:
        """Return the value of each player by itself."""
        alone: Floats = self.table[1 << np.arange(self.n)]
        return alone

    @property
    def separable(self) -> Floats:
        """Return what each player adds to the value of all others."""
        others: Floats = self.table[(1 << self.n) - 1 - (1 << np.arange(self.n))]
        return self.whole - others

    @property
    def tolerance(self) -> float:
        """Return the excess below which a group counts as no worse off: 10⁻⁹ of the whole.

        Where the whole is 0, the largest value in the table takes its place.
        """
        return 1e-9 * (abs(self.whole) or float(max(self.table.max(), -self.table.min())))

    def mask(self, group: Iterable[str]) -> int:
        """Return a group's position in the table."""
        return sum(1 << self.players.index(player) for player in set(group))

    def group(self, mask: int) -> list[str]:
        """Return the names of a group, in the order of the players."""
        return [player for i, player in enumerate(self.players) if mask >> i & 1]

    def value(self, group: Iterable[str]) -> float:
        """Return what a group pays or gains by itself."""
        return float(self.table[self.mask(group)])

    def savings(self) -> Game:
        """Return what each group of a cost game saves by acting together: Σ c({i}) − c(S)."""
        if self.kind == "savings":
            return self
        return Game(self.players, additive(self.alone) - self.table, "savings")

    def by_player(self, shares: npt.ArrayLike) -> dict[str, float]:
        """Return shares as a dictionary."""
        return dict(zip(self.players, np.asarray(shares, float).tolist(), strict=True))


def pays(game: Game, savings: npt.ArrayLike) -> Floats:
    """Return what each player of a cost game pays when it receives these shares of the savings."""
    shares: Floats = game.alone - np.asarray(savings, float)
    return shares


def additive(each: npt.ArrayLike) -> Floats:
    """Return the table in which every group has the sum of its members' values."""
    table = np.zeros(1)
    for value in np.asarray(each, float):
        table = np.concatenate([table, table + value])
    return table


def table_limit_problem(n: int, path: str) -> Problem | None:
    """Return what is wrong with a table for so many players, if anything is."""
    if n <= LARGEST_TABLE:
        return None
    return Problem(
        path=f"/{path}",
        where="the game's players",
        found=f"{n} players, so a table of 2^{n} groups",
        expected=f"at most {LARGEST_TABLE} players in a table",
        fix="Join players that always act together into one, or use sampled_shapley, which needs no table.",
    )


def player_problems(players: Any) -> list[Problem]:
    """Return what is wrong with the names of the players."""
    where = "the game's players"
    if not isinstance(players, list | tuple) or not players:
        found = "nobody" if not players else repr(players)
        return [Problem("/players", where, found, "a list of names", "Name each player.")]
    if nameless := [player for player in players if not isinstance(player, str) or not player]:
        return [
            Problem("/players", where, f"{player!r} as a name", "text", "Give each player a name, in quotes.")
            for player in nameless
        ]
    doubled = sorted({player for player in players if list(players).count(player) > 1})
    return [
        Problem(
            "/players", where, f"{name!r} more than once", "each player once", "Remove or rename the double."
        )
        for name in doubled
    ]


def kind_problems(kind: Any) -> list[Problem]:
    """Return what is wrong with the kind of a game."""
    if kind in ("cost", "savings"):
        return []
    return [
        Problem(
            "/kind",
            "the game's kind",
            "nothing" if kind is None else repr(kind),
            '"cost" or "savings"',
            'Write "cost" where less is better, "savings" where more is.',
        )
    ]


def checked_table(given: Any, n: int) -> tuple[Floats, list[Problem]]:
    """Return a table as an array of float64, and what is wrong with it."""
    where = "the game's table"
    empty = np.zeros(0)
    if too_many := table_limit_problem(n, "players"):
        return empty, [too_many]
    if isinstance(given, np.ndarray):
        table = np.ascontiguousarray(given, np.float64)
        if table is given:
            # A view, so that marking ours read-only leaves the caller's own array as it was.
            table = given.view()
    else:
        table, problems = _numbers(given)
        if problems:
            return empty, problems
    if table.ndim != 1 or table.size != 1 << n:
        return empty, [
            Problem(
                "/table",
                where,
                f"{table.size} numbers",
                f"{1 << n} numbers, one for each group of {n} players and a first one for nobody",
                "Bit i of a position tells whether player i belongs to the group.",
            )
        ]
    problems = []
    # A sum is finite unless a term is not, or the terms are so large that none of the methods could add them.
    if not np.isfinite(table.sum()):
        problems += [
            Problem(f"/table/{i}", where, str(table[i]), "a finite number", "Mend or remove the entry.")
            for i in np.flatnonzero(~np.isfinite(table)).tolist()[:10]
        ] or [Problem("/table", where, "numbers too large to add", "smaller numbers", "Use a larger unit.")]
    if table[0] != 0:
        problems.append(
            Problem(
                "/table/0",
                where,
                f"{table[0]} for the group of nobody",
                "0",
                "Set the first entry to 0; what is paid whatever happens belongs to every group of one or more.",
            )
        )
    table.flags.writeable = False
    return table, problems


def _numbers(given: Any) -> tuple[Floats, list[Problem]]:
    where = "the game's table"
    if not isinstance(given, list | tuple):
        return np.zeros(0), [
            Problem(
                "/table",
                where,
                type(given).__name__,
                "a list of numbers",
                "Write the values of all groups as a list.",
            )
        ]
    problems = []
    for i, entry in enumerate(given):
        problems += number_problems(entry, f"/table/{i}", where)
    return (np.zeros(0) if problems else np.array(given, float)), problems


def number_problems(value: Any, path: str, where: str) -> list[Problem]:
    """Return what is wrong with a value, which must be a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return [Problem(path, where, repr(value), "a number", "Write a number without quotes or units.")]
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if finite:
        return []
    return [Problem(path, where, str(value)[:40], "a finite number", "Mend or remove the entry.")]
