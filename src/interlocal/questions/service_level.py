"""Equal or better service level? Forecasts held against today's level and the margin that does not matter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interlocal.case.document import Case
from interlocal.case.options import Forecast, Option
from interlocal.case.service import ServiceMeasure
from interlocal.costs.world import Array, World


@dataclass(frozen=True)
class ServiceDraws:
    """One block's draws for one option, by measure and partner, where both levels are known."""

    change: dict[tuple[str, str], Array]
    """``(draws,)`` change for the better, in the measure's unit; negative is worse."""
    met: dict[tuple[str, str], NDArray[np.bool_]]
    """Not worse by more than the margin."""
    worth: dict[str, Array]
    """``(draws,)`` value each partner puts on its change [currency/year]."""


def service_draws(option: Option, world: World) -> ServiceDraws:
    """Draw the change of every measure for every member; a measure nobody forecast is not there, and so unknown."""
    change: dict[tuple[str, str], Array] = {}
    met: dict[tuple[str, str], NDArray[np.bool_]] = {}
    worth: dict[str, Array] = {}
    size = world.draws.size
    for measure in world.case.service_measures:
        for p in world.case.members(option):
            forecast = _forecast(option, measure.id, p)
            if forecast is None or p not in measure.baseline:
                continue
            name = world.case.partner(p).name
            before = world.quantity(
                measure.baseline[p], f"service/{measure.id}/{p}", f"{name}: {measure.name} today"
            )
            key = f"options/{option.id}/forecasts/{measure.id}/{forecast.partner or 'all'}"
            after = world.quantity(forecast.value, key, f"{option.name}: {measure.name}")
            gain = (after - before if measure.better == "higher" else before - after)[:, 0]
            gain = np.broadcast_to(gain, (size,))
            change[measure.id, p] = gain
            met[measure.id, p] = gain >= -(measure.margin or 0.0)
            if p in measure.worth:
                value = world.money(
                    measure.worth[p], f"service/{measure.id}/worth/{p}", f"{name}: worth of {measure.name}"
                )
                worth[p] = worth.get(p, np.zeros(size)) + np.broadcast_to(value[:, 0], (size,)) * gain
    return ServiceDraws(change, met, worth)


def present_worth(service: ServiceDraws, world: World) -> Array:
    """Return the present value of the service level each partner said it is willing to pay for: ``(partners, draws)``."""
    worth = np.zeros((len(world.case.partner_ids), world.draws.size))
    years = world.discount()[:, : world.money_years].sum(1)
    for p, value in service.worth.items():
        worth[world.case.partner_ids.index(p)] = value * years
    return worth


def _forecast(option: Option, measure: str, partner: str) -> Forecast | None:
    own = [f for f in option.forecasts if f.measure == measure and f.partner == partner]
    for_all = [f for f in option.forecasts if f.measure == measure and f.partner is None]
    return next(iter(own + for_all), None)


def deciding(case: Case) -> tuple[ServiceMeasure, ...]:
    """Return the primary measures, or all where none is called primary."""
    return tuple(m for m in case.service_measures if m.primary) or case.service_measures


def missing(case: Case, option: Option) -> tuple[str, ...]:
    """Say what is not known before service can be judged for an option."""
    if not case.service_measures:
        return ("a service measure with today's level and a forecast",)
    lacking = []
    for measure in deciding(case):
        without = [p for p in case.members(option) if p not in measure.baseline]
        if without:
            lacking.append(f"today's {measure.name} of {', '.join(without)}")
        unforecast = [p for p in case.members(option) if _forecast(option, measure.id, p) is None]
        if unforecast:
            lacking.append(f"a forecast of {measure.name} for {', '.join(unforecast)}")
    return tuple(lacking)
