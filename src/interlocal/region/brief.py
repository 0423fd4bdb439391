"""What a scan or a grouping found, on a screenful of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interlocal.region.wording import chance, number, words

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

CHECKS = ("Service", "Held", "Share", "95 % interval", "Slope", "80 % of shuffled slopes", "p")
"""Headings of ``checks_rows``."""


def on_screen(document: dict[str, Any], rows: int = 20) -> list[RenderableType]:
    """Return what a terminal shows of a document (rich): what was found, then the best ``rows`` entries."""
    title = f"{document['title']}: screening, not a study ({document['currency']} a year, {document['year']})"
    found = _services(document) if document["kind"] == "scan" else _division(document)
    return [title, found, *_backtest(document), *_entries(document, rows)]


def _services(document: dict[str, Any]) -> Table:
    services = document["services"]
    checked = any(s["checks"] for s in services.values())
    held = ("80 % held", "Shuffled p") if checked else ()
    table = _table("Service", "Finding", "Likely pairs", *held)
    for name, s in services.items():
        cells = [words(name), s["finding"], f"{s['pairs_that_more_likely_save']:,} of {s['pairs']:,}"]
        if checked:
            cells += _verdict(s["checks"])
        table.add_row(*cells)
    return table


def _verdict(checks: dict[str, Any]) -> tuple[str, str]:
    if checks["coverage"] is None:
        return "too few", ""
    fails = "" if checks["coverage"]["contains_80_percent"] else ": not 80 %"
    return f"{100 * checks['coverage']['share']:.1f} %{fails}", f"{checks['permutation']['p']:.3f}"


def _division(document: dict[str, Any]) -> str:
    said = (
        f"{words(document['service'])}: {number(len(document['groups']))} groups, together expected to save "
        f"{number(document['objective'])} a year. {how_proven(document)}"
    )
    if document["stability"] is None:
        return said
    times, always = document["replications"]["times"], len(document["replications"]["always_together"])
    return f"{said}\nPairs that stay together in all {times} draws of the curve: {always or 'none'}."


def how_proven(document: dict[str, Any]) -> str:
    """Say how much better another division could be."""
    if document["proven_best"]:
        return "No other division does better by this measure: that is proven."
    return f"No other division can be better by more than {100 * document['gap']:.2f} %: that is proven."


def _entries(document: dict[str, Any], rows: int) -> list[RenderableType]:
    scan = document["kind"] == "scan"
    entries = [e for e in document["candidates" if scan else "reasons"] if e["saving"]["mean"] > 0]
    if not entries:
        what = "candidates" if scan else "groups"
        return [f"No saving here: none of the {what} is expected to save."]
    lines = [_line(n, e, scan=scan) for n, e in enumerate(entries[:rows], start=1)]
    if len(entries) > rows:
        lines.append(f"… and {len(entries) - rows:,} more in the page, CSV and JSON.")
    what = "Candidates for a study" if scan else "Groups"
    return [f"{what}, best first: saving (80 % interval), chance to save", *lines]


def _line(rank: int, entry: dict[str, Any], *, scan: bool) -> str:
    saving, names = entry["saving"], entry["names"]
    members = f"{', '.join(names[:-1])} and {names[-1]}"
    what = f"{words(entry['service'])}: {members}" if scan else members
    low, high = number(saving["p10"]), number(saving["p90"])
    return f"{rank:>3}. {what}\n     {number(saving['mean'])} ({low} to {high}), {chance(entry['p_saves'])}"


def _backtest(document: dict[str, Any]) -> list[RenderableType]:
    if not any(s["checks"] for s in document.get("services", {}).values()):
        return []
    rows = merger_rows(document)
    if not rows:
        return ["Backtest: none in these data, for they tell of no merger.", ""]
    held = sum(row["held"] for row in rows)
    return [f"Backtest: the 80 % interval held spending after {held} of {len(rows)} mergers.", ""]


def merger_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each merger of the backtest of a scan, with its service."""
    return [
        row | {"service": name}
        for name, service in document.get("services", {}).items()
        for row in (service["checks"] or {}).get("backtest") or []
    ]


def checks_table(document: dict[str, Any]) -> Table:
    """Return the checks of a scan as a table for a terminal (rich)."""
    table = _table(*CHECKS)
    table.title = (
        "Checks: an 80 % interval of spending, made without a government's own figure; sizes shuffled"
    )
    for row in checks_rows(document):
        table.add_row(*row)
    return table


def _table(*columns: str) -> Table:
    from rich import box  # noqa: PLC0415 – only a terminal needs it
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for n, name in enumerate(columns):
        table.add_column(name, no_wrap=n != 1)
    return table


def checks_rows(document: dict[str, Any]) -> list[list[str]]:
    """Return the checks of a scan, a row per service: held, share, 95 % interval, slope, shuffled slopes, p.

    A service with too few governments has its reason in the second place and nothing after it.
    """
    rows: list[list[str]] = []
    for name, service in document.get("services", {}).items():
        if (checks := service["checks"]) is None:
            continue
        if (held := checks["coverage"]) is None:
            rows.append([words(name).lower(), checks["because"]])
            continue
        low, high = held["interval_95"]
        shuffled = checks["permutation"]
        least, most = shuffled["interval_80_when_shuffled"]
        rows.append(
            [
                words(name).lower(),
                f"{held['held']:,} of {held['of']:,}",
                f"{100 * held['share']:.1f} %",
                f"{100 * low:.1f}–{100 * high:.1f} %",
                _signed(shuffled["slope_of_the_table"]),
                f"{_signed(least)} to {_signed(most)}",
                f"{shuffled['p']:.3f}",
            ]
        )
    return rows


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
