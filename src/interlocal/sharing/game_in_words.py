"""How a rule of game theory comes to each member's share of the whole cost, in figures that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable

from interlocal.phrases import listed
from interlocal.sharing.case_game import WITHOUT_TABLE, sampled
from interlocal.sharing.game import Ends, Game
from interlocal.sharing.large import LargeGame
from interlocal.sharing.nucleoli import Stage, stages
from interlocal.sharing.points import tau_ends
from interlocal.sharing.semivalues import additions_by_place, shapley

Say = Callable[[float], str]
"""Says an amount with its currency."""


def game_in_words(kind: str, game: Game | LargeGame, names: tuple[str, ...], money: Say) -> list[list[str]]:
    """Return sentences for each player of a cost game that lead to its share of the whole by a rule.

    Parameters
    ----------
    kind
        As a case names it.
    names
        What the players are called.
    """
    if kind == "moriarity":
        return _moriarity(game, names, money)
    if kind in WITHOUT_TABLE:
        return _separable(kind, game, names, money)
    if isinstance(game, LargeGame):
        return [[f"{name}: {sampled(game).note}"] for name in names]
    if kind == "shapley":
        return _shapley(game, names, money)
    if kind == "tau":
        return _tau(game, names, money)
    return _nucleolus(game, names, money, per_capita=kind == "per_capita_nucleolus")


def _moriarity(game: Ends, names: tuple[str, ...], money: Say) -> list[list[str]]:
    total = float(game.alone.sum())
    answer = []
    for name, x in zip(names, game.alone.tolist(), strict=True):
        part = f"{name} would pay {money(x)} alone, of {money(total)} for all added up: {_percent(x / total)}. That part of "
        answer.append([f"{part}{money(game.whole)} is {money(x * game.whole / total)}."])
    return answer


def _separable(kind: str, game: Ends, names: tuple[str, ...], money: Say) -> list[list[str]]:
    whole, adds = game.whole, game.separable.tolist()
    rest = whole - sum(adds)
    spared = (game.alone - game.separable).tolist()
    pays = WITHOUT_TABLE[kind](game).tolist()
    answer = []
    for i, name in enumerate(names):
        without = f"{money(whole)} − {money(whole - adds[i])} = {money(adds[i])}"
        lines = [
            f"{name} adds to the cost of the others {without}.",
            f"What all add comes to {money(sum(adds))}; the rest to share is {money(rest)}.",
        ]
        if kind == "equal_charge":
            sum_ = f"{money(adds[i])} + {money(rest)} / {len(names)} = {money(pays[i])}"
            lines.append(f"{name} pays that and an equal part of the rest: {sum_}.")
        elif sum(spared) > 0:
            sum_ = f"{money(adds[i])} + {money(rest)} × {money(spared[i])} / {money(sum(spared))} = {money(pays[i])}"
            lines.append(
                f"{name} has a remaining benefit of {money(float(game.alone[i]))} alone − {money(adds[i])} = "
                f"{money(spared[i])}, and pays what it adds and its part of the rest: {sum_}."
            )
        if kind == "gately" and pays[i] < game.alone[i] - game.tolerance:
            others, own = pays[i] - adds[i], float(game.alone[i]) - pays[i]
            lines.append(
                f"If {name} left, the others would lose {money(others)} and it would lose {money(own)}: {others / own:.4f} "
                "times as much. The rule makes this number the same for all."
            )
        answer.append(lines)
    return answer


def _shapley(game: Game, names: tuple[str, ...], money: Say) -> list[list[str]]:
    answer = []
    for name, each, pays in zip(names, additions_by_place(game), shapley(game).tolist(), strict=True):
        places = ", ".join(f"{money(x)} as number {k}" for k, x in enumerate(each.tolist(), 1))
        added = f"{name} adds on average, over all orders in which members could join: {places}."
        answer.append([added, f"The mean of these {len(names)} is {money(pays)}."])
    return answer


def _tau(game: Game, names: tuple[str, ...], money: Say) -> list[list[str]]:
    best, worst = tau_ends(game)
    lowest, highest = float(best.sum()), float(worst.sum())
    room = highest - lowest
    part = (game.whole - lowest) / room if room > game.tolerance else 0.0
    way = f"({money(game.whole)} − {money(lowest)}) / ({money(highest)} − {money(lowest)}) = {_percent(part)}"
    answer = []
    for name, low, high in zip(names, best.tolist(), worst.tolist(), strict=True):
        ends = (
            f"{name} pays at best what it adds to the others, {money(low)}; at worst {money(high)}, the least that a "
            "group with it leaves it to pay when the rest of that group pay what they pay at best."
        )
        sum_ = f"{money(low)} + {_percent(part)} × {money(high - low)} = {money(low + part * (high - low))}"
        if room > game.tolerance:
            answer.append(
                [ends, f"The whole cost lies {way} of the way from all best to all worst; {name}: {sum_}."]
            )
        else:
            answer.append([ends, f"Best and worst are the same for all, so {name} pays {money(low)}."])
    return answer


def _nucleolus(game: Game, names: tuple[str, ...], money: Say, *, per_capita: bool) -> list[list[str]]:
    found = stages(game, per_capita=per_capita)
    gain = "gain of any group, a member," if per_capita else "gain of any group"
    rule = f"The rule makes the smallest {gain} as large as it can be, then the next smallest, until all is fixed."
    answer: list[list[str]] = []
    for i, name in enumerate(names):
        held = [
            f"{_held(game, mask, stage, names, money, bound=bound, per_capita=per_capita)} (step {step} of {len(found)})."
            for step, stage in enumerate(found, 1)
            for mask, bound in zip(stage.masks, stage.rational, strict=True)
            if mask >> i & 1
        ]
        left = f"{name} pays what the groups of the others leave of {money(game.whole)}."
        first, *more = held or [left]
        answer.append([f"{rule} {first}", *more])
    return answer


def _held(
    game: Game,
    mask: int,
    stage: Stage,
    names: tuple[str, ...],
    money: Say,
    *,
    bound: bool,
    per_capita: bool,
) -> str:
    members = [names[i] for i in range(game.n) if mask >> i & 1]
    alone = float(game.table[mask])
    one = len(members) == 1
    by_itself = f"{listed(members)} would pay {money(alone)} by {'itself' if one else 'themselves'}"
    if bound:
        return f"{by_itself} and pays no more"
    gain = -stage.level * (len(members) if per_capita else 1)
    how = f"{money(abs(gain))} {'less' if gain >= 0 else 'more'}"
    each = f", {money(abs(stage.level))} a member" if per_capita and not one else ""
    return f"{by_itself} and {'pays' if one else 'pay'} {how}{each}: {money(alone - gain)}"


def _percent(part: float) -> str:
    return f"{100 * part:.6f} %"
