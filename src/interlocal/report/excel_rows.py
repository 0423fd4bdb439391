"""The rows that a workbook of live formulas is made of: inputs with names, prices that grow, lines and their sums."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np

from interlocal.case.document import Case
from interlocal.case.options import CostLine, FixedCost, Option, StepCost, VariableCost
from interlocal.case.values import Entry, Money, Visibility
from interlocal.case.walk import walk
from interlocal.costs.flows import uplift
from interlocal.costs.lines import ONE_OFF, line_cost
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.questions.views import doubt
from interlocal.report.live import Live, Operand, Page, live, total

FIRST_YEAR = 5
"""Column of the first year."""


class Rows:
    """Writes rows over the years of a study; each gives back its cells, to build on."""

    def __init__(self, document: Mapping[str, Any], case: Case, book: Any) -> None:
        self.document, self.case, self.book = document, case, book
        levels = get_args(Visibility)
        self.visible = frozenset(levels[levels.index(document["audience"]) :])
        self.world = World(case, CentralDraws())
        self.views = doubt(case)
        self.years = self.world.years[: self.world.money_years]
        base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
        number = base | {"num_format": "#,##0.00;[Red]-#,##0.00"}
        entered = number | {"bg_color": "#FFF4C2", "border": 1}
        self.style = {
            "text": book.add_format(base | {"text_wrap": True}),
            "title": book.add_format(base | {"bold": True, "font_size": 15}),
            "head": book.add_format(base | {"bold": True, "bg_color": "#1F3B57", "font_color": "#FFFFFF"}),
            "label": book.add_format(base),
            "bold": book.add_format(base | {"bold": True}),
            "number": book.add_format(number),
            "total": book.add_format(number | {"bold": True, "top": 1}),
            "input": book.add_format(entered),
            "rate": book.add_format(entered | {"num_format": "0.0000"}),
            "part": book.add_format(base | {"num_format": "0.0000"}),
            "percent": book.add_format(base | {"num_format": "0 %"}),
        }
        self.rates: dict[str, Live] = {}
        self.npv: dict[tuple[str, str], Live] = {}
        self.today: dict[str, tuple[list[Live], list[Live], list[Live]]] = {}

    def _sheet(self, name: str, first: float = 62) -> Page:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, first, self.style["label"])
        sheet.set_column(1, 4, 14)
        sheet.set_column(FIRST_YEAR, FIRST_YEAR + 30, 15)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return Page(sheet, FIRST_YEAR)

    def _name(self, name: str, cell: Live) -> None:
        self.book.define_name(re.sub(r"\W", "_", name), "=" + cell.text)

    def _inputs(self) -> None:
        page = self._sheet("Inputs")
        page.sheet.write_string(
            0, 0, "Yardsticks; prices stand with their lines, shares with their option", self.style["title"]
        )
        page.row = 2
        a = self.case.assumptions
        if self._shown(a.discount):
            rate = a.discount.rate.central
            self.discount = self._input(page, "Discount rate, per year", "discount_rate", rate)
        for e in a.escalators:
            if self._shown(e):
                self.rates[e.id] = self._input(
                    page, f"Growth of prices, per year: {e.id}", f"rate_{e.id}", e.rate.central
                )
        draws = self.world.draws
        if self._shown(a.views):
            optimism = float(draws.quantity("views/optimism", self.views.optimism)[0])
            delay = float(draws.quantity("views/delay_months", self.views.delay)[0])
            self.optimism = self._input(
                page, "Optimism: part of today's cost by which a saving is too high", "optimism", optimism
            )
            self.delay = self._input(page, "Delay of the start, months", "delay_months", delay)

    def _input(self, page: Page, label: str, name: str, value: float) -> Live:
        page.sheet.write_string(page.row, 0, label)
        cell = page.cell(1, value, self.style["rate"])
        self._name(name, cell)
        page.row += 1
        return cell

    def _shown(self, part: Any) -> bool:
        return all(e.visibility in self.visible for _, e in walk(part) if isinstance(e, Entry))

    def _heads(self, page: Page, title: str) -> None:
        page.sheet.write_string(0, 0, title, self.style["title"])
        for j, head in enumerate(("", "price", "grows by", "prices of", "factor")):
            page.sheet.write_string(2, j, head, self.style["head"])
        page.row = 2
        page.cells(
            [float(y) for y in self.years], self.book.add_format({"bold": True, "bg_color": "#DCE6F0"})
        )
        page.sheet.freeze_panes(3, 1)
        page.row = 3

    def _row(self, page: Page, label: str, values: Sequence[Operand], style: str = "number") -> list[Live]:
        page.sheet.write_string(page.row, 0, label, self.style["bold" if style == "total" else "label"])
        cells = page.cells(values, self.style[style])
        page.row += 1
        return cells

    def _section(self, page: Page, title: str) -> None:
        page.row += 1
        page.sheet.write_string(page.row, 0, title, self.style["bold"])
        page.row += 1

    def _over_years(self, values: Any) -> list[float]:
        row = np.broadcast_to(values, (values.shape[0], len(self.world.years)))[0, : self.world.money_years]
        return [float(x) for x in row]

    def _priced(
        self,
        page: Page,
        label: str,
        name: str,
        money: Money | None,
        escalator: str | None,
        cost: list[float],
        *,
        factor: float = 1.0,
    ) -> list[Live]:
        """Write a line as price × growth × factor × quantity; without a price, the cost itself is the quantity."""
        growth = self.rates.get(escalator or self.world.default_escalator)
        rates = self.world._rates  # noqa: SLF001
        price = 0.0 if money is None else money.central * (rates[money.currency] if money.currency else 1.0)
        if price == 0.0 or growth is None or money is None:
            level = page.cell(1, 1.0, self.style["input"])
            self._name(name, level)
            quantity = self._row(page, f"{label}: cost at the level 1", cost)
            return self._row(page, label, [level * q for q in quantity])
        base = money.year or self.world.price_year
        priced = page.cell(1, price, self.style["input"])
        page.sheet.write_string(page.row, 2, escalator or self.world.default_escalator)
        page.sheet.write_number(page.row, 3, base)
        times = page.cell(4, factor, self.style["rate"])
        self._name(name, priced)
        grown = [(1.0 + growth.value) ** float(y - base) for y in self.years]
        units = [c / (price * factor * g) if factor else 0.0 for c, g in zip(cost, grown, strict=True)]
        quantity = self._row(page, f"{label}: quantity", units, "part")
        return self._row(
            page,
            label,
            [
                priced * times * q * (live(1.0) + growth) ** float(y - base)
                for q, y in zip(quantity, self.years, strict=True)
            ],
        )

    def _lines(
        self, page: Page, option: Option, lines: Sequence[CostLine], who: tuple[str, ...], *, raised: bool
    ) -> list[list[Live]]:
        """Write lines one by one, or as one row where one of them is not for the audience."""
        costs = []
        for line in lines:
            factor = 1 + float(uplift(line, self.world)[0, 0]) if raised and line.category in ONE_OFF else 1.0
            costs.append((line, factor, self._over_years(factor * line_cost(line, option, who, self.world))))
        if not all(self._shown(line) for line in lines):
            return [
                self._row(
                    page,
                    "together, not shown line by line",
                    [sum(c) for c in zip(*(x[2] for x in costs), strict=True)],
                )
            ]
        return [
            self._priced(
                page,
                line.name or line.id.replace("_", " "),
                f"price_{option.id}_{line.id}",
                _price_of(line),
                line.escalator,
                cost,
                factor=factor,
            )
            for line, factor, cost in costs
        ]

    def _sum(self, rows: Sequence[Sequence[Operand]]) -> list[Live]:
        return [total([row[i] for row in rows]) for i in range(len(self.years))]


def _price_of(line: CostLine) -> Money | None:
    match line.behaviour:
        case FixedCost(amount=amount):
            return amount
        case VariableCost(rate=rate):
            return rate
        case StepCost(step=step):
            return step
        case _:
            return None
