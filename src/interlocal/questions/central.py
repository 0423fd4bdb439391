"""The central path: one run with every input at its median, kept in the study so that a workbook can repeat it."""

from __future__ import annotations

from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.costs.flows import flows
from interlocal.costs.lines import is_joint, line_cost
from interlocal.costs.timing import steady_year
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import CentralDraws
from interlocal.questions.money import every_draw, present_value
from interlocal.questions.simulation import why_unknown
from interlocal.questions.views import doubt, savings
from interlocal.sharing.apportion import shares

_GRID = 41


def central_path(case: Case) -> dict[str, Any]:
    """Every option's costs and savings at the medians, in the inside view [currency/year]."""
    world = World(case, CentralDraws())
    views = doubt(case)
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    result: dict[str, Any] = {
        "years": [int(y) for y in world.years[: world.money_years]],
        "discount": _list(world.discount(), world),
        "do_nothing": {p: _list(t.recurring + t.one_off, world) for p, t in paths.items()},
        "options": {},
    }
    for option in case.options:
        if option.kind == "do_nothing" or why_unknown(case, option) is not None:
            continue
        members = case.members(option)
        f = flows(option, members, world, paths)
        s = savings(option, f, paths, world, views)
        inside = s.pool if s.inside is None else s.inside
        partners = {}
        for i, p in enumerate(case.partner_ids):
            if p in members:
                partners[p] = {
                    "bill": _list(s.bills[i], world),
                    "own": _list(f.own[i] + f.own_coordination[i] + f.own_grants[i], world),
                    "one_off": _list(f.own_one_off[i], world),
                    "retained": _list(f.retained[i], world),
                    "moved": _list(f.moved[i], world),
                    "saving": _list(inside[i], world),
                }
        result["options"][option.id] = {"partners": partners, "lines": _lines(case, option, s.part, world)}
    return result


def components(case: Case, option_id: str) -> dict[str, Any]:
    """Take an option's saving apart, at the medians, in the inside view: present values over the horizon [currency].

    Each row is what a kind of cost takes from the saving (negative) or adds to it; rows add up to the saving.
    ``levelling`` is part of ``joint`` and stands apart.
    """
    option = case.option(option_id)
    world, saved, rows = _parts(case, option)
    named = {k: _present(v, world) for k, v in rows.items()}
    answer = {k: _by_partner(v, case, option) for k, v in named.items() if np.any(v != 0)}
    level = None
    if case.staffing.levelling is not None and case.staffing.levelling.rule != "none":
        equal_pay = case.staffing.model_copy(update={"levelling": None})
        _, without, _ = _parts(case.model_copy(update={"staffing": equal_pay}), option)
        level = _by_partner(_present(saved - without, world), case, option)
    return {
        "basis": "one run with every input at its median, inside view, discounted to the first year of the horizon",
        "rows": answer,
        "saving": _by_partner(_present(saved, world), case, option),
        "of_which_levelling_of_pay": level,
    }


def _parts(case: Case, option: Option) -> tuple[World, Array, dict[str, Array]]:
    """Split an option's yearly saving by kind: ``(partners, 1, years)`` each; the parts add up to it."""
    world = World(case, CentralDraws())
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    f = flows(option, case.members(option), world, paths)
    s = savings(option, f, paths, world, doubt(case))
    takes_part = (f.taken > 0)[:, None, None]
    zero = np.zeros((1, len(world.years)))
    today_cost = np.stack(
        np.broadcast_arrays(zero, *(paths[p].recurring if p in paths else zero for p in case.partner_ids))
    )[1:]
    inside = s.pool if s.inside is None else s.inside
    rows = {
        "today": today_cost * f.live * takes_part,
        "joint": -s.part * f.joint,
        "optimism": -s.part * (s.believed - f.joint),
        "coordination": -s.part * f.joint_coordination - f.own_coordination,
        "own": -f.own,
        "still_done_alone": -(f.retained - f.stranded),
        "stranded": -f.stranded,
        "moved": -f.moved,
        "transition_and_capital": -s.part * (f.joint_transition + f.joint_capital) - f.own_one_off,
        "grants": -s.part * f.joint_grants - f.own_grants,
    }
    rows["delay_and_renewals"] = inside - sum(rows.values())
    return world, inside, rows


def _present(saving: Array, world: World) -> Array:
    return present_value(every_draw(saving, world), world)[:, 0]


def _by_partner(values: Array, case: Case, option: Option) -> dict[str, Any]:
    members = case.members(option)
    return {
        "total": float(values.sum()),
        "partners": {p: float(values[i]) for i, p in enumerate(case.partner_ids) if p in members},
    }


def _lines(case: Case, option: Option, part: Array, world: World) -> list[dict[str, Any]]:
    """Return each line with its cost by year, and how its formula shares it in the first steady year."""
    members = case.members(option)
    rule = option.formula.capital_rule if option.formula else None
    capital_part = shares(rule, option, members, world) if rule else part
    steady = steady_year(option, world.first, world.last) - world.first
    rows = []
    for line in option.lines:
        cost = line_cost(line, option, members if is_joint(line) else (line.payer or "",), world)
        row: dict[str, Any] = {
            "id": line.id,
            "name": line.name or line.id.replace("_", " "),
            "category": line.category,
            "payer": line.payer,
            "cost": _list(cost, world),
        }
        if option.formula is not None and is_joint(line):
            by_formula = capital_part if line.category == "capital" else part
            wide = np.broadcast_to(by_formula[:, 0], (len(by_formula), len(world.years)))
            row["shares"] = {
                p: float(wide[i, steady]) for i, p in enumerate(case.partner_ids) if p in members
            }
        rows.append(row)
    return rows


def break_even(
    case: Case, option_id: str, names: list[str], ranges: dict[str, tuple[float, float]]
) -> dict[str, float | None]:
    """Value of each input at which the option saves nothing at the medians, inside view; None where there is none near.

    Parameters
    ----------
    ranges
        Lowest and highest value looked at, by input.
    """
    found: dict[str, float | None] = {}
    for name in names:
        low, high = ranges[name]
        for _ in range(2):
            grid = np.linspace(low, high, _GRID)
            total = _central_npv(case, option_id, name, grid)
            crossing = np.flatnonzero(np.sign(total[:-1]) != np.sign(total[1:]))
            if crossing.size == 0:
                found[name] = None
                break
            k = crossing[0]
            found[name] = float(np.interp(0.0, *_ascending(total[k : k + 2], grid[k : k + 2])))
            low, high = float(grid[k]), float(grid[k + 1])
    return found


def _ascending(x: Array, y: Array) -> tuple[Array, Array]:
    return (x, y) if x[0] <= x[1] else (x[::-1], y[::-1])


def _central_npv(case: Case, option_id: str, name: str, grid: Array) -> Array:
    world = World(case, CentralDraws(len(grid), {name: grid}))
    paths = {p: today(p, world) for p in partners_with_figures(case)}
    option = case.option(option_id)
    s = savings(option, flows(option, case.members(option), world, paths), paths, world, doubt(case))
    by_partner = present_value(every_draw(s.pool if s.inside is None else s.inside, world), world)
    total: Array = by_partner.sum(0)
    return total


def _list(values: Array, world: World) -> list[float]:
    row = np.broadcast_to(values, (values.shape[0], len(world.years)))[0, : world.money_years]
    return [float(x) for x in row]
