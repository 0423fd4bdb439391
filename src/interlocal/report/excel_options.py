"""What each partner pays today and under each option, as live formulas: cost, shares, bills and savings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from interlocal.case.options import CostLine, MovedCost, Option
from interlocal.case.scope import latest_spending
from interlocal.costs.flows import flows
from interlocal.costs.lines import ONE_OFF, is_joint
from interlocal.costs.today import Today, do_nothing_option, partners_with_figures, today
from interlocal.costs.world import World
from interlocal.questions.views import CLAIMS, doubt, savings
from interlocal.report.excel_rows import FIRST_YEAR, Rows
from interlocal.report.live import Live, Operand, Page, live, total
from interlocal.sharing.apportion import shares

_KINDS = ("recurring", "coordination", "capital", "transition", "grant")


class Options(Rows):
    """Writes a sheet of today and a sheet for each option."""

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
            first = page.cell(FIRST_YEAR, values[0], self.style["rate"])
            alike = len(set(values)) == 1
            cells = [first, *(
                page.cell(FIRST_YEAR + j, Live(first.text, v) if alike else v, self.style["part" if alike else "rate"])
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
