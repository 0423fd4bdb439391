"""How a budget was mapped, for a terminal."""

from __future__ import annotations

from rich.console import Group
from rich.table import Table

from interlocal.case.budget import Budget, BudgetRow


def account(budget: Budget) -> Group:
    """Return the lines that a budget gives, what was left out and what nobody mapped; the parts add up to the whole."""
    lines = Table(
        "cost line",
        "category",
        "rows",
        "amount",
        title=f"{budget.name}, {budget.mapping.year}",
        title_justify="left",
    )
    for m in budget.mapping.lines:
        rows = budget.lines[m.id]
        lines.add_row(m.id, m.category, str(len(rows)), f"{sum(r.amount for r in rows):,.2f}")
    parts: list[Table | str] = [lines]
    if budget.left_out:
        parts.append(_rows("Left out on purpose", [(r, why) for r, why in budget.left_out]))
    if budget.not_mapped:
        parts.append(_rows("Not mapped: no cost line has these rows", [(r, "") for r in budget.not_mapped]))
    else:
        parts.append("Every row with an amount is mapped or left out on purpose.")
    return Group(*parts)


def _rows(title: str, rows: list[tuple[BudgetRow, str]]) -> Table:
    table = Table("where", "account", "text", "amount", "why", title=title, title_justify="left")
    for row, why in rows:
        table.add_row(row.where, row.account, row.text, f"{row.amount:,.2f}", why)
    table.add_row("", "", "together", f"{sum(r.amount for r, _ in rows):,.2f}", "")
    return table
