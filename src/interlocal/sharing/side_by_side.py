"""Everything about a game in one JSON-ready document: its core, its splits, and every method's shares side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interlocal.sharing import nucleoli, points, semivalues
from interlocal.sharing.certificate import certificate_in_cents
from interlocal.sharing.excess import in_core, violations
from interlocal.sharing.game import Floats, Game, UndefinedError
from interlocal.sharing.splits import Split, partitions, splits_that_beat_the_whole

METHODS: dict[str, Callable[[Game], Floats]] = {
    "shapley": semivalues.shapley,
    "nucleolus": nucleoli.nucleolus,
    "prenucleolus": nucleoli.prenucleolus,
    "per_capita_nucleolus": nucleoli.per_capita_nucleolus,
    "per_capita_prenucleolus": nucleoli.per_capita_prenucleolus,
    "scrb": points.scrb,
    "tau": points.tau,
    "gately": points.gately,
    "equal_charge": points.equal_charge,
    "moriarity": points.moriarity,
    "equal_savings": points.equal_savings,
    "equal": points.equal,
    "banzhaf": semivalues.banzhaf,
}
"""The methods by the name they have in documents, in the order they are shown."""

NUCLEOLI = {
    "nucleolus": {"per_capita": False, "rational": True},
    "prenucleolus": {"per_capita": False, "rational": False},
    "per_capita_nucleolus": {"per_capita": True, "rational": True},
    "per_capita_prenucleolus": {"per_capita": True, "rational": False},
}
"""The methods whose shares are proven, with what tells them apart."""

SMALLEST_SLOW = 17
"""From so many players on, trying all ways to part the players takes longer than all else: it is left to those who ask."""


def answer(game: Game) -> dict[str, Any]:
    """Return a game's answer document.

    Returns
    -------
    dict
        ``players``, ``kind``; ``core_empty``; ``least_core_epsilon``: above 0, the amount by which some group is worse
        off than by itself however the whole is shared; at or below 0, the core is not empty; ``subadditive`` (for
        savings, superadditive); ``splits_that_beat_the_whole``: at most ten splits into two groups, with the count of
        all in ``splits_that_beat_the_whole_count``; ``best_partition``: the best split into any number of groups, or
        null where none beats the whole; ``methods``: for each its ``shares``, whether they lie ``in_core``, at most
        ten ``violations`` and their ``violations_count``, for a nucleolus its ``certificate`` (see
        :func:`~interlocal.sharing.certificate.certificate_in_cents`), or why it is ``undefined``. Where a value is
        null for want of an answer, the same key with ``_why`` says so.
    """
    splits = splits_that_beat_the_whole(game)
    out: dict[str, Any] = {"players": list(game.players), "kind": game.kind}
    if game.n == 1:
        out |= {
            "core_empty": False,
            "least_core_epsilon": None,
            "least_core_epsilon_why": "One player alone has no group that could be worse off.",
        }
    else:
        epsilon = nucleoli.least_core(game).epsilon
        out |= {"core_empty": epsilon > game.tolerance, "least_core_epsilon": epsilon}
    if game.n < SMALLEST_SLOW:
        found = partitions(game)
        out |= {
            "subadditive": found.subadditive,
            "best_partition": _split(game, found.best) if len(found.best.groups) > 1 else None,
        }
    else:
        why = f"Not tried for {SMALLEST_SLOW} players or more: there are too many ways to part them."
        out |= {
            "subadditive": None if splits.count == 0 else False,
            "best_partition": None,
            "best_partition_why": why,
        }
        if splits.count == 0:
            out["subadditive_why"] = why
    out |= {
        "splits_that_beat_the_whole": [_split(game, split) for split in splits.largest],
        "splits_that_beat_the_whole_count": splits.count,
        "methods": {name: _method(game, name) for name in METHODS},
    }
    return out


def _method(game: Game, name: str) -> dict[str, Any]:
    try:
        shares = METHODS[name](game)
    except UndefinedError as error:
        return {"undefined": str(error)}
    against = violations(game, shares)
    proof = (
        {"certificate": certificate_in_cents(game, shares.tolist(), **NUCLEOLI[name])}
        if name in NUCLEOLI
        else {}
    )
    return {
        "shares": game.by_player(shares),
        "in_core": in_core(game, shares),
        "violations": [{"group": list(each.group), "excess": each.excess} for each in against.worst],
        "violations_count": against.count,
        **proof,
    }


def _split(game: Game, split: Split) -> dict[str, Any]:
    return {
        "groups": [list(group) for group in split.groups],
        "cost" if game.kind == "cost" else "value": split.value,
        "beats_by": split.beats_by,
    }
