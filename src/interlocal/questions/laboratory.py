"""The laboratory of shares: every formula side by side, held against each partner and each group on its own.

Game-theoretic shares are fixed from the expected game and then held against each draw of the study's simulation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.formulas import (
    ByUsage,
    ByValue,
    Equal,
    Formula,
    GameBased,
    PerHead,
    Rule,
)
from interlocal.case.options import Option
from interlocal.costs.flows import flows
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import CentralDraws, RandomDraws, blocks
from interlocal.problems import InputError, Problem
from interlocal.questions.money import every_draw, present_value
from interlocal.questions.service_level import present_worth, service_draws
from interlocal.questions.simulation import BLOCK, why_unknown
from interlocal.questions.views import doubt, savings
from interlocal.sharing.apportion import formula_shares
from interlocal.sharing.case_game import CaseGame, cost_game
from interlocal.sharing.core import core_empty, core_range, nearest_core_point
from interlocal.sharing.excess import violations
from interlocal.sharing.explain import explain
from interlocal.sharing.nucleoli import least_core
from interlocal.sharing.splits import is_subadditive, splits_that_beat_the_whole
from interlocal.sharing.voting import banzhaf_index, shapley_shubik

DRAWS = 2 * BLOCK
"""Draws behind each formula's chances: enough for about two points in a hundred."""
GAMES = ("shapley", "nucleolus", "per_capita_nucleolus", "scrb", "gately", "tau", "moriarity", "equal_charge")


def laboratory(
    case: Case, *, formulas: Sequence[str] = (), seed: int = 1, chances: bool = True
) -> dict[str, Any]:
    """Hold formulas for a case's proposed option side by side.

    Parameters
    ----------
    formulas
        Names to look at: ``equal``, ``per_head``, ``by_value``, ``by_usage:calls``, ``shapley``, …; the usual
        ones where empty. The proposed formula is always there.
    seed
        Of the draws behind the chances.
    chances
        Also hold each formula against draws: how likely each partner is better off, how much its bill swings.

    Raises
    ------
    InputError
        Where the case has no shared option whose cost is known, or a formula is unknown.
    """
    option = _option(case)
    world = World(case, CentralDraws())
    found = cost_game(option, case)
    game, members = found.game, list(found.game.players)
    rules = _rules(case, option, formulas)
    alone = {p: float(game.table[1 << i]) for i, p in enumerate(members)}
    empty = core_empty(game)
    document: dict[str, Any] = {
        "option": option.id,
        "name": option.name,
        "currency": case.currency,
        "year": found.year,
        "basis": found.basis,
        "names": {p: case.partner(p).name for p in members},
        "whole": float(game.table[-1]),
        "stand_alone": alone,
        "core_empty": empty,
        "least_core_epsilon": least_core(game).epsilon if game.n > 1 else None,
        "subadditive": is_subadditive(game),
        "splits_that_beat_the_whole": [
            {"groups": [list(g) for g in s.groups], "beats_by": float(s.beats_by)}
            for s in splits_that_beat_the_whole(game).largest
        ],
        "core_range": None if empty or game.n == 1 else _core_range(found, members),
        "votes": _votes(option, members),
        "draws": DRAWS if chances else None,
        "formulas": {
            name: _formula(case, option, rule, found, world, seed if chances else None)
            for name, rule in rules.items()
        },
    }
    if option.formula is not None:
        document["explained"] = [
            {"partner": x.partner, "step": x.step, "text": x.text, "amount": x.amount}
            for x in explain(option, case)
        ]
    return document


def _option(case: Case) -> Option:
    option = case.proposed_option
    reason = "The case has no shared option." if option is None else why_unknown(case, option)
    if option is None or reason is not None:
        raise InputError(
            Problem(
                "/options",
                "the case",
                reason or "no shared option",
                "a shared option whose cost is known",
                "Add it.",
            )
        )
    return option


def _rules(case: Case, option: Option, asked: Iterable[str]) -> dict[str, Formula]:
    """Formulas by name; the proposed one whole, the others as a bare rule."""
    members = case.members(option)
    rules: dict[str, Formula] = {}
    if option.formula is not None:
        rules["proposed"] = option.formula
    shared = [
        m for m in case.partner(members[0]).measures if all(m in case.partner(p).measures for p in members)
    ]
    known: dict[str, Rule] = {"equal": Equal(kind="equal")}
    if "population" in shared:
        known["per_head"] = PerHead(kind="per_head")
    if "equalised_valuation" in shared:
        known["by_value"] = ByValue(kind="by_value")
    for m in shared:
        if m not in {"population", "equalised_valuation"}:
            known[f"by_usage:{m}"] = ByUsage(kind="by_usage", measure=m)
    for kind in GAMES:
        known[kind] = GameBased.model_validate({"kind": kind})
    wanted = tuple(asked) or tuple(k for k in known if not k.startswith("by_usage:"))
    problems = [
        Problem(
            "",
            "--formula",
            name,
            f"one of {', '.join(known)}",
            "Choose one of these, or add the measure to the case.",
        )
        for name in wanted
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return rules | {name: Formula(rule=known[name]) for name in wanted}


def _formula(
    case: Case, option: Option, formula: Formula, found: CaseGame, world: World, seed: int | None
) -> dict[str, Any]:
    changed = option.model_copy(update={"formula": formula})
    members, game = list(found.game.players), found.game
    try:
        parts = formula_shares(changed, members, world)
    except InputError as error:
        return {"undefined": "; ".join(p.found for p in error.problems)}
    at = [case.partner_ids.index(p) for p in members]
    part = np.broadcast_to(parts, (parts.shape[0], 1, len(world.years)))[at, 0, found.year - world.first]
    pays = found.own + part * (game.table[-1] - found.own.sum())
    broken = violations(game, pays)
    drawn: dict[str, Any] = {"p_better_off": None, "volatility": None}
    if seed is not None:
        chances, swings = _held_against_draws(case, changed, seed)
        drawn = {
            "p_better_off": {p: chances[i] for p, i in zip(members, at, strict=True)},
            "volatility": {p: swings[i] for p, i in zip(members, at, strict=True)},
        }
    nearest = None
    if game.n > 1 and not core_empty(game):
        point = nearest_core_point(game, pays)
        nearest = {
            "shares": dict(zip(members, map(float, point), strict=True)),
            "change": {p: float(x - y) for p, x, y in zip(members, point, pays, strict=True)},
        }
    alone = {p: float(game.table[1 << i]) for i, p in enumerate(members)}
    shares = dict(zip(members, map(float, pays), strict=True))
    return {
        "rule": formula.rule.kind,
        "shares": shares,
        "in_core": not broken.worst,
        "violations": [{"group": list(v.group), "excess": float(v.excess)} for v in broken.worst],
        "violations_count": broken.count,
        "gains_over_alone": {p: alone[p] - shares[p] for p in members},
        "nearest_core_point": nearest,
        **drawn,
        "words": {p: _words(case, p, shares[p], alone[p]) for p in members},
    }


def _held_against_draws(case: Case, option: Option, seed: int) -> tuple[list[float], list[float]]:
    """Chance that each partner is better off, and how much its bill swings from year to year (share, median draw)."""
    views = doubt(case)
    better: list[NDArray[np.bool_]] = []
    swings: list[Array] = []
    for block in blocks(DRAWS, seed, BLOCK):
        world = World(case, RandomDraws(block))
        paths = {p: today(p, world) for p in partners_with_figures(case)}
        s = savings(
            option, flows(option, case.members(option), world, paths), paths, world, views, pool_only=True
        )
        npv = present_value(every_draw(s.pool, world), world)
        better.append(npv + present_worth(service_draws(option, world), world) > 0)
        bills = every_draw(s.bills, world)[
            ..., (option.starts or world.first) + 1 - world.first : world.money_years
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            change = np.diff(bills, axis=-1) / bills[..., :-1]
        swings.append(np.std(np.nan_to_num(change), axis=-1))
    chance = np.concatenate(better, axis=1).mean(1)
    swing = np.median(np.concatenate(swings, axis=1), axis=1)
    return [float(x) for x in chance], [float(x) for x in swing]


def _core_range(found: CaseGame, members: Sequence[str]) -> dict[str, list[float]]:
    bounds = core_range(found.game)
    return {p: [float(a), float(b)] for p, a, b in zip(members, bounds.least, bounds.most, strict=True)}


def _votes(option: Option, members: Sequence[str]) -> dict[str, Any]:
    given: Mapping[str, float] = option.voting.votes if option.voting else {}
    weights = [given.get(p, 1.0 if not given else 0.0) for p in members]
    quota = (option.voting.quota if option.voting else 0.5) * sum(weights)
    total = sum(weights)
    # A decision needs more than the quota; with whole votes that is the next whole number.
    needed = (
        float(np.floor(quota) + 1)
        if all(w == int(w) for w in weights)
        else float(np.nextafter(quota, np.inf))
    )
    needed = min(needed, total)
    return {
        "decided": bool(option.voting and option.voting.votes),
        "votes": dict(zip(members, map(float, weights), strict=True)),
        "needed": needed,
        "shapley_shubik": dict(zip(members, map(float, shapley_shubik(weights, needed)), strict=True)),
        "banzhaf": dict(zip(members, map(float, banzhaf_index(weights, needed)), strict=True)),
    }


def _words(case: Case, partner: str, pays: float, alone: float) -> str:
    p = case.partner(partner)
    heads = p.measures["population"].central if "population" in p.measures else 0
    difference = abs(alone - pays)
    per_head = f", {difference / heads:,.2f} per head" if heads else ""
    direction = "less" if pays < alone else "more"
    if difference < 0.5:
        return f"{p.name} pays {case.currency} {pays:,.0f} a year, as much as on its own."
    return (
        f"{p.name} pays {case.currency} {pays:,.0f} a year: {case.currency} {difference:,.0f}{per_head} {direction} "
        "than on its own."
    )
