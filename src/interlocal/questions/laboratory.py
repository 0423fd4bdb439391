"""The laboratory of shares: every formula side by side, held against each partner and each group on its own.

Game-theoretic shares are fixed from the expected game and then held against each draw of the study's simulation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.formulas import Formula
from interlocal.case.options import Option
from interlocal.case.stand_alone import FromCurve
from interlocal.costs.flows import flows
from interlocal.costs.today import today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import CentralDraws
from interlocal.problems import InputError, Problem
from interlocal.questions.formulas_tried import formulas_tried
from interlocal.questions.held_against_draws import DRAWS, Held, held_against_draws
from interlocal.questions.simulation import why_unknown
from interlocal.sharing.apportion import formula_shares, shares
from interlocal.sharing.case_game import CaseGame, cost_game, sampled
from interlocal.sharing.certificate import certificate_in_cents
from interlocal.sharing.core import core_empty, core_range, nearest_core_point
from interlocal.sharing.excess import violations
from interlocal.sharing.explain import explain
from interlocal.sharing.game import Floats, Game
from interlocal.sharing.large import LargeGame, seek_violations
from interlocal.sharing.nucleoli import least_core
from interlocal.sharing.side_by_side import NUCLEOLI
from interlocal.sharing.splits import Split, partitions, splits_that_beat_the_whole
from interlocal.sharing.voting import banzhaf_index, shapley_shubik


def laboratory(
    case: Case, *, formulas: Sequence[str] = (), seed: int = 1, draws: int = DRAWS
) -> dict[str, Any]:
    """Hold formulas for a case's proposed option side by side.

    Parameters
    ----------
    formulas
        What to look at: ``equal``, ``per_head``, ``by_value``, ``by_usage:calls``, ``shapley``, …, or a formula as a
        case has it; the usual ones where empty. The proposed formula is always there.
    seed
        Of the draws behind the chances.
    draws
        How many to hold each formula against: how likely each partner is better off, how much its bill swings. With
        none, these stay unknown.

    Raises
    ------
    InputError
        Where the case has no shared option whose cost is known, or a formula is unknown.
    """
    option = _option(case)
    found = cost_game(option, case)
    members = list(found.game.players)
    tried = formulas_tried(case, option, formulas)
    document: dict[str, Any] = {
        "option": option.id,
        "name": option.name,
        "currency": case.currency,
        "year": found.year,
        "period": found.period,
        "basis": found.basis,
        "names": {p: case.partner(p).name for p in members},
        "whole": found.game.whole,
        "stand_alone": _by_partner(members, found.game.alone),
        **_groups(found.game, members),
        "outside_view": _outside_view(case, option, found),
        "votes": _votes(option, members),
        "draws": draws or None,
        "formulas": _formulas(case, option, tried, found, seed, draws),
    }
    if option.formula is not None:
        document["explained"] = _explained(option, case)
    for name in _asked_for(formulas, document["formulas"]):
        changed = option.model_copy(update={"formula": tried[name]})
        document["formulas"][name]["explained"] = _explained(changed, case)
    return document


def _asked_for(asked: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """Return the formulas somebody named that have an answer here; the proposed one is explained by itself."""
    return [name for name, found in known.items() if asked and name != "proposed" and "shares" in found]


def _explained(option: Option, case: Case) -> list[dict[str, Any]]:
    return [
        {"partner": x.partner, "step": x.step, "text": x.text, "amount": x.amount}
        for x in explain(option, case)
    ]


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


def _groups(game: Game | LargeGame, members: Sequence[str]) -> dict[str, Any]:
    """Return what the game says whatever the formula; what cannot be worked out for so many partners is null."""
    if isinstance(game, LargeGame):
        return {
            "core_empty": None,
            "least_core_epsilon": None,
            "subadditive": None,
            "splits_that_beat_the_whole": None,
            "best_partition": None,
            "core_range": None,
        }
    empty = core_empty(game)
    parted = partitions(game)
    bounds = None if empty or game.n == 1 else core_range(game)
    return {
        "core_empty": empty,
        "least_core_epsilon": least_core(game).epsilon if game.n > 1 else None,
        "subadditive": parted.subadditive,
        "splits_that_beat_the_whole": [_split(s) for s in splits_that_beat_the_whole(game).largest],
        "best_partition": _split(parted.best) if len(parted.best.groups) > 1 else None,
        "core_range": bounds
        and {p: [float(a), float(b)] for p, a, b in zip(members, bounds.least, bounds.most, strict=True)},
    }


def _split(split: Split) -> dict[str, Any]:
    return {"groups": [list(g) for g in split.groups], "beats_by": float(split.beats_by)}


def _outside_view(case: Case, option: Option, inside: CaseGame) -> dict[str, Any] | None:
    """Hold the proposed formula against what is published of cost by size, in place of the case's own figures.

    None where there is no formula, a member has no population, or the case goes by a curve anyway.
    """
    members = inside.game.players
    if option.formula is None or isinstance(option.stand_alone, FromCurve):
        return None
    if not all("population" in case.partner(p).measures for p in members):
        return None
    basis = option.stand_alone.basis if option.stand_alone else "first_steady_year"
    curve = FromCurve(kind="curve", basis=basis)
    found = cost_game(option.model_copy(update={"stand_alone": curve, "feasible_groups": None}), case)
    pays = _pays(option, found, World(case, CentralDraws()))
    return {
        "basis": found.basis,
        "whole": found.game.whole,
        "shares": _by_partner(members, pays),
        **_held_against_groups(found.game, pays),
    }


def _formulas(
    case: Case, option: Option, tried: Mapping[str, Formula], found: CaseGame, seed: int, draws: int
) -> dict[str, Any]:
    changed = {name: option.model_copy(update={"formula": formula}) for name, formula in tried.items()}
    pays: dict[str, Floats] = {}
    undefined: dict[str, str] = {}
    for name, each in changed.items():
        try:
            pays[name] = _pays(each, found, World(case, CentralDraws()))
        except InputError as error:
            undefined[name] = "; ".join(p.found for p in error.problems)
    held = held_against_draws(case, {name: changed[name] for name in pays}, seed, draws) if draws else {}
    return {
        name: {"rule": formula.rule.kind, "undefined": undefined[name]}
        if name in undefined
        else _formula(case, formula, found, pays[name], held.get(name))
        for name, formula in tried.items()
    }


def _formula(
    case: Case, formula: Formula, found: CaseGame, pays: Floats, held: Held | None
) -> dict[str, Any]:
    members, game = list(found.game.players), found.game
    chances: dict[str, Any] = {"p_better_off": None, "volatility": None}
    if held is not None:
        at = [case.partner_ids.index(p) for p in members]
        chances = {
            "p_better_off": _by_partner(members, held.better_off[at]),
            "volatility": _by_partner(members, held.volatility[at]),
        }
    kind, pure = formula.rule.kind, formula == Formula(rule=formula.rule)
    if isinstance(game, Game) and pure and kind in NUCLEOLI:
        chances["certificate"] = certificate_in_cents(game, pays.tolist(), **NUCLEOLI[kind])
    if isinstance(game, LargeGame) and pure and kind == "shapley":
        drawn = sampled(game)
        chances |= {
            "sampled": drawn.note,
            "intervals": {
                p: [float(a), float(b)] for p, a, b in zip(members, drawn.low, drawn.high, strict=True)
            },
        }
    return {
        "rule": formula.rule.kind,
        "shares": _by_partner(members, pays),
        **_held_against_groups(game, pays),
        "gains_over_alone": _by_partner(members, game.alone - pays),
        "subsidy": _by_partner(members, _subsidy(game, pays)),
        "nearest_core_point": _nearest(game, pays),
        **chances,
        "words": {
            p: _words(case, p, float(x), float(alone), found)
            for p, x, alone in zip(members, pays, game.alone, strict=True)
        },
    }


def _pays(option: Option, found: CaseGame, world: World) -> Floats:
    """Return what each member pays by the option's formula, with what it bears itself: ``(members,)``."""
    part = _part(option, found, world)
    pays: Floats = found.own + part * (found.game.whole - found.own.sum())
    return pays


def _part(option: Option, found: CaseGame, world: World) -> Array:
    """Return each member's part of the joint cost: of the first steady year, or of all years at the medians."""
    members = found.game.players
    at = [world.case.partner_ids.index(p) for p in members]
    parts = _wide(formula_shares(option, members, world), world)[at]
    of_the_year: Array = parts[:, found.year - world.first]
    if not found.in_present_value:
        return of_the_year
    f = flows(option, members, world, {p: today(p, world) for p in members})
    rule = option.formula.capital_rule if option.formula else None
    capital_parts = parts if rule is None else _wide(shares(rule, option, members, world), world)[at]
    other = f.joint + f.joint_coordination + f.joint_transition + f.joint_grants
    other, capital = (
        _wide(x[None], world)[0] * _wide(world.discount()[None], world)[0] for x in (other, f.joint_capital)
    )
    bills = (parts * other + capital_parts * capital)[:, : world.money_years].sum(1)
    return bills / bills.sum() if bills.sum() > 0 else of_the_year


def _wide(values: Array, world: World) -> Array:
    """Return one draw of ``(partners, draws, years)``, every year written out."""
    return np.broadcast_to(values, (*values.shape[:-1], len(world.years)))[:, 0]


def _held_against_groups(game: Game | LargeGame, pays: Floats) -> dict[str, Any]:
    if isinstance(game, LargeGame):
        sought = seek_violations(game, pays)
        in_core, worst, count, note = (
            (False if sought.count else None),
            sought.worst,
            sought.count,
            sought.note,
        )
    else:
        broken = violations(game, pays)
        in_core, worst, count, note = not broken.worst, broken.worst, broken.count, None
    return {
        "in_core": in_core,
        "violations": [{"group": list(v.group), "excess": float(v.excess)} for v in worst],
        "violations_count": count,
        **({"in_core_why": note} if note else {}),
    }


def _subsidy(game: Game | LargeGame, pays: Floats) -> Floats:
    """Return what each member gives the others (above 0) or takes from them (below 0): ``(members,)``.

    A member gives what it pays above its cost alone, and takes what it pays below the cost it adds to the others'
    (G. R. Faulhaber 1975, "Cross-subsidization: pricing in public enterprises", American Economic Review 65(5)).
    """
    given: Floats = np.maximum(pays - game.alone, 0) - np.maximum(game.separable - pays, 0)
    return given


def _nearest(game: Game | LargeGame, pays: Floats) -> dict[str, Any] | None:
    if isinstance(game, LargeGame) or game.n == 1 or core_empty(game):
        return None
    point = nearest_core_point(game, pays)
    return {"shares": game.by_player(point), "change": game.by_player(point - pays)}


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


def _words(case: Case, partner: str, pays: float, alone: float, found: CaseGame) -> str:
    p = case.partner(partner)
    heads = p.measures["population"].central if "population" in p.measures else 0
    difference = abs(alone - pays)
    per_head = f" ({difference / heads:,.2f} per head)" if heads else ""
    time = found.period if found.in_present_value else "a year"
    if difference < 0.5:
        return f"{p.name} pays {case.currency} {pays:,.0f} {time}, as much as on its own."
    gap = f"{case.currency} {difference:,.0f}{per_head}"
    if pays < alone:
        return f"{p.name} pays {case.currency} {pays:,.0f} {time}: {gap} less than on its own."
    return f"{p.name} pays {case.currency} {pays:,.0f} {time}: {gap} more than on its own."


def _by_partner(members: Sequence[str], values: Array) -> dict[str, float]:
    return dict(zip(members, map(float, values), strict=True))
