"""The central path: one run with every input at its median, kept in the study so that a workbook can repeat it."""

from __future__ import annotations

from typing import Any

import numpy as np

from interlocal.case.document import Case
from interlocal.costs.flows import flows
from interlocal.costs.lines import is_joint, line_cost
from interlocal.costs.today import partners_with_figures, today
from interlocal.costs.world import Array, World
from interlocal.numerics.draws import CentralDraws
from interlocal.questions.money import every_draw, present_value
from interlocal.questions.views import doubt, savings
from interlocal.sharing.apportion import shares
from interlocal.questions.simulation import why_unknown

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
        result["options"][option.id] = {"partners": partners, "lines": _lines(case, option.id, world)}
    return result


def _lines(case: Case, option_id: str, world: World) -> list[dict[str, Any]]:
    option = case.option(option_id)
    members = case.members(option)
    part = shares(option.formula.rule, option, members, world) if option.formula else None
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
        if part is not None and is_joint(line):
            row["shares"] = {p: float(part[i, 0, 0]) for i, p in enumerate(case.partner_ids) if p in members}
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
