"""Reading a game from JSON, with one clear message for each thing that is wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from interlocal.problems import InputError, Problem, nearest
from interlocal.sharing.game import (
    Game,
    checked_table,
    kind_problems,
    number_problems,
    player_problems,
    table_limit_problem,
)

_KEYS = ("kind", "players", "table", "values")
_MISSING_SHOWN = 10


def read_game(document: Any, name: str = "game") -> Game:
    """Build a game from JSON text or from what JSON text says; see :meth:`Game.from_json`."""
    if isinstance(document, str | bytes):
        try:
            document = json.loads(document)
        except ValueError as error:
            place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise InputError(
                Problem(
                    "", f"{name}{place}", "text that is not JSON", "a JSON object", f"JSON says: {error}."
                )
            ) from None
    if not isinstance(document, dict):
        raise InputError(
            Problem(
                "",
                name,
                f"a JSON {_json_type(document)}",
                "a JSON object",
                'Write {"kind": …, "players": […], "table": […]}.',
            )
        )
    kind, players = document.get("kind"), document.get("players")
    named = player_problems(players)
    problems = [*_shape(document, name), *kind_problems(kind), *named]
    table: Any = None
    if not named and isinstance(players, list):
        if too_many := table_limit_problem(len(players), "players"):
            problems.append(too_many)
        elif isinstance(document.get("values"), list):
            table, more = _table(players, document["values"], name)
            problems += more
        elif isinstance(document.get("table"), list):
            table, more = checked_table(document["table"], len(players))
            problems += more
    if problems:
        raise InputError([_placed(p, name) for p in problems])
    return Game(tuple(players or ()), table, kind or "cost")


def _placed(problem: Problem, name: str) -> Problem:
    """Say where in the document a problem of the game stands: ``game.json, entry 2 of table``."""
    if problem.where.startswith(name):
        return problem
    key, *entry = problem.path.strip("/").split("/")
    place = f"entry {int(entry[0]) + 1} of {key}" if entry else key
    return replace(problem, where=f"{name}, {place}")


def _shape(document: dict[str, Any], name: str) -> list[Problem]:
    problems = []
    for key in document:
        if key not in _KEYS:
            like = nearest(key, _KEYS)
            problems.append(
                Problem(
                    f"/{key}",
                    name,
                    f"{key!r}",
                    "only kind, players, and table or values",
                    f"Did you mean {like!r}?" if like else "Remove it.",
                )
            )
    given = [key for key in ("table", "values") if key in document]
    if len(given) != 1:
        problems.append(
            Problem(
                "",
                name,
                "both a table and values" if given else "neither a table nor values",
                "one of them",
                "Give the value of every group, once.",
            )
        )
    elif not isinstance(document[given[0]], list):
        problems.append(
            Problem(
                f"/{given[0]}",
                name,
                f"a JSON {_json_type(document[given[0]])}",
                "a list",
                "Write the values of all groups as a list.",
            )
        )
    return problems


def _table(players: list[str], values: list[Any], name: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    index = {player: i for i, player in enumerate(players)}
    table = np.full(1 << len(players), np.nan)
    table[0] = 0
    seen: dict[int, int] = {}
    unread = 0
    for k, entry in enumerate(values):
        path, where = f"/values/{k}", f"{name}, entry {k + 1} of values"
        if (
            not isinstance(entry, dict)
            or set(entry) != {"group", "value"}
            or not isinstance(entry["group"], list)
        ):
            problems.append(
                Problem(
                    path, where, repr(entry)[:80], '{"group": […], "value": number}', "Write it in this form."
                )
            )
            continue
        mask, group_problems = _mask(entry["group"], index, path, where)
        problems += group_problems
        wrong = number_problems(entry["value"], f"{path}/value", where)
        problems += wrong
        if mask is None:
            unread += 1
            continue
        if mask in seen:
            problems.append(
                Problem(
                    f"{path}/group",
                    where,
                    f"the group {', '.join(entry['group'])} again; it stands in entry {seen[mask] + 1} too",
                    "each group once",
                    "Remove one of the two.",
                )
            )
        seen.setdefault(mask, k)
        table[mask] = 0 if wrong else entry["value"]
    missing = np.flatnonzero(np.isnan(table)).tolist()
    # A group whose entry could not be read is not missing as well.
    for mask in missing[:_MISSING_SHOWN] if len(missing) > unread else []:
        group = [player for i, player in enumerate(players) if mask >> i & 1]
        more = f" ({len(missing)} groups are missing in all)" if len(missing) > 1 else ""
        problems.append(
            Problem(
                "/values",
                f"{name}, values",
                f"no value for the group {', '.join(group)}{more}",
                "a value for every non-empty group",
                "Add the group with its value.",
            )
        )
    table[missing] = 0
    return table, problems


def _mask(group: list[Any], index: dict[str, int], path: str, where: str) -> tuple[int | None, list[Problem]]:
    problems = []
    mask = 0
    for player in group:
        if not isinstance(player, str) or player not in index:
            like = nearest(str(player), index)
            problems.append(
                Problem(
                    f"{path}/group",
                    where,
                    f"the player {player!r}",
                    f"one of {', '.join(index)}",
                    f"Did you mean {like!r}?" if like else "Name a player of the game.",
                )
            )
        elif mask >> index[player] & 1:
            problems.append(
                Problem(
                    f"{path}/group", where, f"{player!r} twice in a group", "each player once", "Remove one."
                )
            )
        else:
            mask |= 1 << index[player]
    if not group:
        problems.append(
            Problem(f"{path}/group", where, "a group of nobody", "at least one player", "Remove the entry.")
        )
    return (None if problems else mask), problems


def _json_type(value: Any) -> str:
    kinds = {dict: "object", list: "list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "number")
