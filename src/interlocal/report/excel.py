"""A study as a workbook of live formulas: inputs, yearly cost and shares that recompute when one is changed.

The formulas repeat the study's central path, the one run with every input at its median; they agree with it to the cent
until somebody changes an input. Probabilities need the simulation and are quoted from the study. What an audience may not
see is in the workbook only where it is part of a sum that the audience sees anyway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import xlsxwriter

from interlocal.case.document import Case
from interlocal.case.options import CostLine, FixedCost, MovedCost, Option, StepCost, VariableCost
from interlocal.case.scope import latest_spending
from interlocal.case.values import Entry, Money, Visibility
from interlocal.case.walk import walk
from interlocal.costs.flows import flows, uplift
from interlocal.costs.lines import ONE_OFF, is_joint, line_cost
from interlocal.costs.today import Today, do_nothing_option, partners_with_figures, today
from interlocal.costs.world import World
from interlocal.numerics.draws import CentralDraws
from interlocal.questions.views import CLAIMS, doubt, savings
from interlocal.report.live import Live, Operand, Page, live, total
from interlocal.sharing.apportion import shares

_YEARS = 5
"""Column of the first year."""
_KINDS = ("recurring", "coordination", "capital", "transition", "grant")
_ABOUT = (
    "Yellow cells with a frame are inputs: change one, and every sheet follows. All other figures are formulas.",
    (
        "This is one path: every uncertain input at its middle value (median), in the study's own view of its saving. "
        "A middle path says nothing about how sure the result is: the sheet Probabilities quotes that from the simulation, "
        "and it does not change when you change an input here."
    ),
    (
        "The sheet Results sets what the workbook says now beside what the study says. The difference is 0 until you change "
        "something."
    ),
    "Savings are positive, added cost is negative. Amounts are in the case's currency; each year is a study year.",
    "Shares of the members must add up to 1 in each year; the row “all shares” shows whether they do.",
    "Rows called “together, not shown line by line” hold figures of which some are not for this audience.",
    (
        "Names for your own formulas: discount_rate, optimism, delay_months, rate_ESCALATOR, price_OPTION_LINE, "
        "share_OPTION_PARTNER, npv_OPTION_PARTNER. Find them under Formulas, Name Manager."
    ),
)


def write_workbook(document: Mapping[str, Any], case: Case, path: str | Path) -> None:
    """Write a study as an Excel workbook.

    Parameters
    ----------
    document
        The study's document, made for an audience.
    case
        The case it answers.
    path
        File to write; one that is there is replaced.

    Raises
    ------
    ValueError
        Where the study is of another case.
    """
    if document["case"]["sha256"] != case.sha256:
        raise ValueError("the study is of another case than the one given")
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        about = {
            "title": case.title,
            "comments": f"Interlocal {document['interlocal']}, seed {document['seed']}",
        }
        book.set_properties(about | {"created": np.datetime64(case.as_of).astype("datetime64[s]").item()})
        _Study(document, case, book).write()


class _Study:
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

    def write(self) -> None:
        self._read_me()
        if self.document["central"] is not None:
            results = self._sheet("Results", 44)
            self._inputs()
            self._today_sheet()
            for option in self.case.options:
                if option.id in self.document["central"]["options"]:
                    self._option(option)
            self._results(results)
        self._probabilities()

    # --- sheets that explain and quote

    def _sheet(self, name: str, first: float = 62) -> Page:
        sheet = self.book.add_worksheet(name)
        sheet.set_column(0, 0, first, self.style["label"])
        sheet.set_column(1, 4, 14)
        sheet.set_column(_YEARS, _YEARS + 30, 15)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return Page(sheet, _YEARS)

    def _read_me(self) -> None:
        page = self._sheet("Read me", 110)
        lines = [self.case.summary or "", (f"For: {self.document['audience']}. Made by Interlocal "
                 f"{self.document['interlocal']} from {self.document['draws']:,} futures, seed {self.document['seed']}.")]  # fmt: skip
        if self.case.fictional:
            lines.insert(0, "The places in this case are made up.")
        told = _ABOUT if self.document["central"] is not None else (
            "The yearly figures are for the partners; this workbook, made for the public, quotes the results.",
        )  # fmt: skip
        page.sheet.write_string(0, 0, self.case.title, self.style["title"])
        for row, text in enumerate([*filter(None, lines), *told], start=2):
            page.sheet.write_string(row, 0, text, self.style["text"])

    def _probabilities(self) -> None:
        page = self._sheet("Probabilities")
        sheet = page.sheet
        sheet.write_string(
            0, 0, "From the simulation; these do not follow the inputs of this workbook", self.style["title"]
        )
        heads = ("saves money", "mean saving", "1 in 10 below", "middle", "1 in 10 above")
        sheet.write_string(2, 0, "present value over the horizon, pooled view", self.style["head"])
        for j, head in enumerate(heads, start=1):
            sheet.write_string(2, j, head, self.style["head"])
        sheet.freeze_panes(3, 1)
        row = 3
        for answer in self.document["questions"]["money"]["options"].values():
            pool = answer["pool"]
            if pool is None:
                sheet.write_string(row, 0, f"{answer['name']}: we do not know", self.style["label"])
                row += 1
                continue
            named = {"all together": pool["total"]} | {
                self.case.partner(p).name: n for p, n in pool["partners"].items() if n is not None
            }
            for who, n in named.items():
                sheet.write_string(row, 0, f"{answer['name']}: {who}", self.style["label"])
                if n["p_saves"] is not None:
                    sheet.write_number(row, 1, n["p_saves"], self.style["percent"])
                    for j, key in enumerate(("mean", "p10", "p50", "p90"), start=2):
                        sheet.write_number(row, j, n["npv"][key], self.style["number"])
                row += 1

    def _results(self, page: Page) -> None:
        sheet, stored = page.sheet, self.document["central"]
        sheet.write_string(
            0, 0, "Present value of the saving over the horizon, on the middle path", self.style["title"]
        )
        for j, head in enumerate(("", "now", "in the study", "difference")):
            sheet.write_string(2, j, head, self.style["head"])
        sheet.freeze_panes(3, 1)
        page.row = 3
        discount = np.array(stored["discount"])
        for o, kept in stored["options"].items():
            found = {p: float(np.array(v["saving"]) @ discount) for p, v in kept["partners"].items()}
            for p, value in found.items():
                sheet.write_string(page.row, 0, f"{self.case.option(o).name}: {self.case.partner(p).name}")
                now = page.cell(1, self.npv[o, p], self.style["number"])
                self._difference(page, now, value, "number")
            sheet.write_string(page.row, 0, f"{self.case.option(o).name}: all together", self.style["bold"])
            now = page.cell(1, total([self.npv[o, p] for p in found]), self.style["total"])
            self._difference(page, now, sum(found.values()), "total")

    def _difference(self, page: Page, now: Live, stored: float, style: str) -> None:
        kept = page.cell(2, stored, self.style[style])
        rounded = Live(f"ROUND({now.text}-{kept.text},2)", round(now.value - kept.value, 2))
        page.cell(3, rounded, self.style[style])
        page.row += 1

    # --- inputs

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

    # --- rows over the years

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

    # --- today

    def _today_sheet(self) -> None:
        page = self._sheet("Today")
        self._heads(page, "What each partner pays if nothing changes")
        option = do_nothing_option(self.case)
        for p in partners_with_figures(self.case):
            self._section(page, self.case.partner(p).name)
            path = today(p, self.world)
            lines = [x for x in option.lines if x.payer == p] if option else []
            if option is None or not lines:
                entry = latest_spending(self.case)[p]
                cost = self._over_years(path.recurring)
                if self._shown(entry):
                    money = entry.amount.model_copy(update={"year": entry.year})
                    rows = [self._priced(page, "Cost today", f"price_today_{p}", money, None, cost)]
                else:
                    rows = [self._row(page, "together, not shown line by line", cost)]
                nothing = [live(0.0) for _ in self.years]
                self.today[p] = (self._sum(rows), nothing, nothing)
            else:
                self.today[p] = self._today_by_line(page, option, p, lines, path)
            self._row(page, "Today, every year", self.today[p][0], "total")

    def _today_by_line(
        self, page: Page, option: Option, partner: str, lines: Sequence[CostLine], path: Today
    ) -> tuple[list[Live], list[Live], list[Live]]:
        yearly = [x for x in lines if x.category not in ONE_OFF]
        once = [x for x in lines if x.category in ONE_OFF]
        rows = self._lines(page, option, yearly, (partner,), raised=False)
        renewals = self._lines(page, option, once, (partner,), raised=False) if once else []
        if len(rows) != len(yearly):
            stranded = [self._row(page, "of this, cost that would go on", self._over_years(path.stranded))]
        else:
            stranded = []
            for line, row in zip(yearly, rows, strict=True):
                label = f"{line.name or line.id.replace('_', ' ')}: would go on"
                part = float(
                    self.world.quantity(
                        line.avoidable, f"options/{option.id}/lines/{line.id}/avoidable", label
                    )[0, 0]
                )
                if part < 1:
                    ends = line.stranded_until or self.world.last
                    avoidable = page.cell(4, part, self.style["rate"])
                    stranded.append(self._row(
                        page, label, [(1 - avoidable) * c * float(y <= ends) for c, y in zip(row, self.years, strict=True)]
                    ))  # fmt: skip
        return self._sum(rows), self._sum(renewals), self._sum(stranded)

    def _sum(self, rows: Sequence[Sequence[Operand]]) -> list[Live]:
        return [total([row[i] for row in rows]) for i in range(len(self.years))]

    # --- one option

    def _option(self, option: Option) -> None:
        page = self._sheet(f"Option {self.case.options.index(option) + 1} {option.id}"[:31])
        self._heads(page, f"{option.name}: yearly cost, shares and savings")
        members = self.case.members(option)
        starts = option.starts or self.world.first
        on = [float(y >= starts) for y in self.years]
        joint = {k: self._kind(page, option, k, None, members) for k in _KINDS}
        taken = {p: option.tiers[p].share if p in option.tiers else 1.0 for p in members}
        base = self._sum(
            [[t * taken[p] * x for t, x in zip(self._today_of(p), on, strict=True)] for p in members]
        )
        believed = joint["recurring"]
        if option.kind in CLAIMS:
            self._section(page, "How far the claimed saving is believed")
            addition = self._addition(page, base)
            believed = self._sum([joint["recurring"], addition])
        together = self._sum([believed, joint["coordination"]])
        together = self._row(page, "Joint cost every year, to be shared", together, "total")
        on_time = self._on_time(page, option, starts)
        part, capital_part = self._shares(page, option, members)
        discount = self._discount(page)
        for i, p in enumerate(members):
            self._section(page, f"{self.case.partner(p).name}: what it pays and saves")
            own = {
                k: self._kind(page, option, k, p, (p,))
                for k in ("recurring", "coordination", "one_off", "grant")
            }
            moved = self._moved(page, option, p, starts)
            running, renewals, stranded = self.today.get(p, ([live(0.0) for _ in on],) * 3)
            goes_on = [
                (s * taken[p] + c * (1 - taken[p])) * x if option.replaces else c * x
                for c, s, x in zip(running, stranded, on, strict=True)
            ]
            goes_on = self._row(page, "Today's cost that goes on", goes_on)
            bill = self._row(
                page,
                "Bill: its share of the joint cost",
                [s * c for s, c in zip(part[i], together, strict=True)],
            )
            yearly = [
                (c * (x * (taken[p] > 0)) - own_cost - rest - gone - own_work - b) * late
                for c, x, own_cost, rest, gone, own_work, b, late in zip(
                    running,
                    on,
                    own["recurring"],
                    goes_on,
                    moved,
                    own["coordination"],
                    bill,
                    on_time,
                    strict=True,
                )
            ]
            yearly = self._row(page, "Saving of every year", yearly)
            once = [
                r * (x * taken[p] if option.replaces else 0.0) - o - cp * cap - s * (t + g) - og
                for r, x, o, cp, cap, s, t, g, og in zip(
                    renewals, on, own["one_off"], capital_part[i], joint["capital"], part[i], joint["transition"],
                    joint["grant"], own["grant"], strict=True,
                )
            ]  # fmt: skip
            once = self._row(page, "Spent or saved once", once)
            saving = self._row(page, "Saving", [a + b for a, b in zip(yearly, once, strict=True)], "total")
            page.sheet.write_string(page.row, 0, "Present value of the saving", self.style["bold"])
            npv = page.cell(
                1, total([s * d for s, d in zip(saving, discount, strict=True)]), self.style["total"]
            )
            self._name(f"npv_{option.id}_{p}", npv)
            self.npv[option.id, p] = npv
            page.row += 1

    def _today_of(self, partner: str) -> list[Live]:
        return self.today[partner][0] if partner in self.today else [live(0.0) for _ in self.years]

    def _kind(
        self, page: Page, option: Option, kind: str, payer: str | None, who: tuple[str, ...]
    ) -> list[Live]:
        """Write the lines of a kind, joint ones or a partner's own, and return their sum."""
        chosen = [
            x
            for x in option.lines
            if _kind_of(x) == kind
            and (is_joint(x) if payer is None else x.payer == payer and not is_joint(x))
        ]
        if not chosen:
            return [live(0.0) for _ in self.years]
        if payer is None:
            self._section(page, f"Joint cost: {kind}")
        return self._sum(self._lines(page, option, chosen, who, raised=True))

    def _addition(self, page: Page, base: list[Live]) -> list[Live]:
        label = "Addition for optimism"
        if self._shown(self.case.assumptions.views):
            return self._row(page, label, [b * self.optimism for b in base])
        too_high = float(self.world.draws.quantity("views/optimism", self.views.optimism)[0])
        return self._row(page, label, [b.value * too_high for b in base])

    def _on_time(self, page: Page, option: Option, starts: int) -> list[Live]:
        """Write the part of each year's saving that comes; less in the first year where the start is late."""
        parts: list[Operand] = [1.0] * len(self.years)
        if option.kind in CLAIMS and starts in self.years:
            at = int(np.flatnonzero(self.years == starts)[0])
            late = float(
                np.clip(self.world.draws.quantity("views/delay_months", self.views.delay)[0] / 12, 0, 1)
            )
            shown = self._shown(self.case.assumptions.views)
            parts[at] = Live(f"(1-MIN(1,MAX(0,{self.delay.text}/12)))", 1 - late) if shown else 1 - late
        return self._row(page, "Part of the year's saving that comes", parts, "part")

    def _shares(
        self, page: Page, option: Option, members: tuple[str, ...]
    ) -> tuple[list[list[Live]], list[list[Live]]]:
        self._section(page, "Shares of the joint cost")
        formula = option.formula
        whole = _parts(option, members, self.world)
        part = self._part_rows(page, option, members, whole, "share")
        if formula is None or formula.capital_rule is None:
            return part, part
        self._section(page, "Shares of capital")
        return part, self._part_rows(
            page, option, members, shares(formula.capital_rule, option, members, self.world), "capital_share"
        )

    def _part_rows(
        self, page: Page, option: Option, members: tuple[str, ...], whole: Any, name: str
    ) -> list[list[Live]]:
        rows = []
        for p in members:
            values = self._over_years(whole[self.case.partner_ids.index(p)])
            first = page.cell(_YEARS, values[0], self.style["rate"])
            alike = len(set(values)) == 1
            cells = [first, *(
                page.cell(_YEARS + j, Live(first.text, v) if alike else v, self.style["part" if alike else "rate"])
                for j, v in enumerate(values[1:], start=1)
            )]  # fmt: skip
            page.sheet.write_string(page.row, 0, self.case.partner(p).name)
            self._name(f"{name}_{option.id}_{p}", first)
            page.row += 1
            rows.append(cells)
        self._row(page, "all shares", self._sum(rows), "total")
        return rows

    def _discount(self, page: Page) -> list[Live]:
        stored = self.document["central"]["discount"]
        if not self._shown(self.case.assumptions.discount):
            return self._row(page, "Discount factor", stored, "part")
        first = float(self.world.first)
        values = [(live(1.0) + self.discount) ** (first - float(y)) for y in self.years]
        return self._row(page, "Discount factor", values, "part")

    def _moved(self, page: Page, option: Option, partner: str, starts: int) -> list[Live]:
        rows = []
        for m in (m for m in option.moved if m.partner == partner):
            cost = _moved_cost(m, option, self.world, starts)
            values = self._over_years(cost)
            if self._shown(m):
                rows.append(
                    self._priced(
                        page, f"Moved to {m.to}", f"price_{option.id}_{m.id}", m.amount, m.escalator, values
                    )
                )
            else:
                rows.append(self._row(page, "together, not shown line by line", values))
        return self._sum(rows)


def _moved_cost(m: MovedCost, option: Option, world: World, starts: int) -> Any:
    amount = world.money(m.amount, f"options/{option.id}/moved/{m.id}", m.to)
    return (
        amount
        * world.growth(m.escalator, m.amount.year or world.price_year)
        * (world.years >= (m.start or starts))
    )


def _parts(option: Option, members: tuple[str, ...], world: World) -> Any:

    paths = {p: today(p, world) for p in partners_with_figures(world.case)}
    return savings(option, flows(option, members, world, paths), paths, world, doubt(world.case)).part


def _kind_of(line: CostLine) -> str:
    if is_joint(line):
        return line.category if line.category in _KINDS else "recurring"
    if line.category in ONE_OFF:
        return "one_off"
    return line.category if line.category in {"coordination", "grant"} else "recurring"


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
