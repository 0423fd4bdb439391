"""The figures of governments out of columns of text: odd ones are left out or kept, and noted in any case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem
from interlocal.region.cells import Columns, Typed, numbers
from interlocal.region.expressions import ExpressionError, condition
from interlocal.region.governments import Floats, Note, ServiceData
from interlocal.region.mapping import Driver, Mapping, Service

KM2_PER_SQUARE_MILE = 2.589988
OUTLIER = 5.0
"""Robust standard deviations of the logarithm of spending per head beyond which a figure is named an outlier."""


def where_it_holds(text: str, typed: Typed, rows: int, where: str) -> npt.NDArray[np.bool_]:
    """Return the rows in which a condition of the mapping holds."""
    try:
        return condition(text, typed, rows)
    except (ExpressionError, TypeError, ValueError) as error:
        raise InputError(
            Problem(
                "/" + where.replace(".", "/"),
                f"mapping, {where}",
                text,
                "a condition on columns, such as: not filed or spending < 100",
                f"The condition: {error}.",
            )
        ) from error


class Figures:
    """Reads the columns of the usable rows, noting what is wrong with them."""

    def __init__(
        self,
        path: Path,
        columns: Columns,
        mapping: Mapping,
        notes: list[Note],
        ids: tuple[str, ...],
        population: Floats,
    ) -> None:
        self.path, self.columns, self.mapping, self.notes = path, columns, mapping, notes
        self.ids, self.population = ids, population
        self.typed = Typed(columns)

    def number(self, column: str, service: str | None = None) -> Floats:
        """Return a column as numbers, nan where there is none; words are noted."""
        values, words = numbers(self.columns[column], self.mapping.missing_codes)
        self.notes += [
            Note(
                "not_a_number",
                self.ids[r],
                f"{column} is “{self.columns[column][r]}”, not a number",
                service,
                True,
            )
            for r in words
        ]
        return values

    def positive(self, column: str, service: str | None = None) -> Floats:
        """Return a column as numbers, nan where it is not above zero."""
        values = self.number(column, service)
        return np.where(values > 0, values, np.nan)

    def places(self) -> tuple[Floats, Floats]:
        """Return latitude and longitude [degrees], nan where not known."""
        blank = np.full(len(self.ids), np.nan)
        if self.mapping.place is None:
            return blank, blank
        lat, lon = self.number(self.mapping.place.lat), self.number(self.mapping.place.lon)
        wrong = ~((np.abs(lat) <= 90) & (np.abs(lon) <= 180))
        self.notes += [
            Note("place", self.ids[i], "no place, or one that is not on Earth") for i in np.flatnonzero(wrong)
        ]
        return np.where(wrong, np.nan, lat), np.where(wrong, np.nan, lon)

    def drivers(self) -> dict[str, Floats]:
        """Return what else makes spending differ."""
        found: dict[str, Floats] = {}
        if self.mapping.area:
            scale = KM2_PER_SQUARE_MILE if self.mapping.area.unit == "square_mile" else 1.0
            found["density"] = self.population / (self.positive(self.mapping.area.column) * scale)
        if self.mapping.valuation:
            found["wealth"] = self.positive(self.mapping.valuation) / self.population
        for name, given in self.mapping.drivers.items():
            driver = Driver(column=given) if isinstance(given, str) else given
            values = self.positive(driver.column)
            found[name] = values / self.population if driver.per_head else values
        return found

    def service(self, name: str, service: Service) -> ServiceData:
        """Return the figures of one service, each with the reason where it is not used."""
        spending = self.number(service.spending, name) * service.unit
        why = np.full(len(self.ids), "", dtype=object)
        conditions = service.missing_if
        if isinstance(conditions, str):
            conditions = {"the mapping says it is missing": conditions}
        for reason, text in conditions.items():
            holds = where_it_holds(text, self.typed, len(self.ids), f"services.{name}.missing_if")
            why[holds & (why == "")] = reason
        zero = (
            "zero, which may mean not reported" if service.zero == "not_reported" else "zero: no such service"
        )
        why[np.isnan(spending) & (why == "")] = "blank or not a number"
        why[(spending == 0) & (why == "")] = zero
        why[(spending < 0) & (why == "")] = "negative"
        self._odd_sizes(name, spending, why)
        spending = np.where(why == "", spending, np.nan)
        return ServiceData(
            id=name,
            spending=spending,
            why_not=tuple(why),
            volume=self.positive(service.volume, name) if service.volume else None,
            level={key: self.positive(column, name) for key, column in service.level.items()},
            units=self.number(service.units, name) if service.units else None,
            floor=service.floor,
            excludes=service.excludes,
            catalogue=service.catalogue,
        )

    def _odd_sizes(self, name: str, spending: Floats, why: npt.NDArray[np.object_]) -> None:
        """Name outliers, and leave out figures that look as if they were in thousands (or not, where others are)."""
        used = np.flatnonzero(why == "")
        if len(used) < 8:
            return
        per_head = np.log(spending[used] / self.population[used])
        middle = np.median(per_head)
        spread = 1.4826 * np.median(np.abs(per_head - middle))
        away = per_head - middle
        scale = np.abs(np.abs(away) - np.log(1000)) < np.log(2)
        for i in np.flatnonzero(scale & (np.abs(away) > OUTLIER * spread)):
            why[used[i]] = "a thousand times off: wrong unit?"
            size = "a thousandth of" if away[i] < 0 else "a thousand times"
            text = f"spending per head is about {size} the middle government's; it looks like another unit"
            self.notes.append(Note("unit", self.ids[used[i]], text, name, left_out=True))
        for i in np.flatnonzero(~scale & (np.abs(away) > OUTLIER * spread) & (spread > 0)):
            ratio = np.exp(away[i])
            size = f"{ratio:.3g} times" if ratio > 1 else f"{100 * ratio:.2g} % of"
            text = f"spending per head is {size} the middle government's; kept, but weighs little"
            self.notes.append(Note("outlier", self.ids[used[i]], text, name))
        if np.exp(middle) < 0.05:
            text = (
                f"the middle government spends {np.exp(middle):.3g} {self.mapping.currency} per head: "
                "is the column in thousands? Set unit: 1000"
            )
            self.notes.append(Note("unit", self.path.name, text, name))
