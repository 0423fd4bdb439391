"""A document of a scan or a grouping as a page, as CSV and as a table in a terminal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from interlocal.region.curves import fit_curve
from interlocal.region.drawing import anchor, curve_chart, curve_table, region_map, words
from interlocal.region.tables import Region

_COLUMNS = ("rank", "members", "names", "service", "kind", "today", "mean", "p10", "p50", "p90", "p_saves")


CHECKS = ("Service", "Held", "Share", "95 % interval", "Slope", "80 % of shuffled slopes", "p")
"""Headings of ``checks_rows``."""


def as_json(document: dict[str, Any]) -> str:
    """Return the document as JSON, the same bytes for the same input."""
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def as_csv(document: dict[str, Any]) -> str:
    """Return one row per candidate or group; members are joined with a semicolon, money is [currency/year]."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for rank, entry in enumerate(_entries(document), start=1):
        saving = entry["saving"]
        writer.writerow(
            {
                "rank": rank,
                "members": ";".join(entry["members"]),
                "names": _inert("; ".join(entry["names"])),
                "service": entry.get("service", document.get("service")),
                "kind": entry.get("kind", "group"),
                "today": entry["today"],
                **{key: saving[key] for key in ("mean", "p10", "p50", "p90")},
                "p_saves": entry["p_saves"],
            }
        )
    return out.getvalue()


def _inert(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return "'" + text if text[:1] in "=+-@" else text


def as_table(document: dict[str, Any], rows: int = 20) -> Any:
    """Return a table for a terminal (rich)."""
    from rich.table import Table  # noqa: PLC0415 – only a terminal needs it

    unit = f"{document['currency']} a year, {document['year']}"
    table = Table(title=f"{document['title']}: screening, not a study ({unit})")
    for name in ("Members", "Service"):
        table.add_column(name)
    for name in ("Expected", "Low", "High"):
        table.add_column(name, justify="right")
    table.add_column("Saves")
    for entry in _entries(document)[:rows]:
        saving = entry["saving"]
        table.add_row(
            ", ".join(entry["names"]),
            words(entry.get("service", document.get("service", ""))),
            *(number(saving[key]) for key in ("mean", "p10", "p90")),
            chance(entry["p_saves"]),
        )
    return table


def as_html(document: dict[str, Any], region: Region) -> str:
    """Return a self-contained page: no request leaves it, and each picture has its table.

    Parameters
    ----------
    region
        The region that the document was made from.
    """
    import jinja2  # noqa: PLC0415 – slow to import

    names = dict(zip(region.ids, region.names, strict=True))
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["name_of"] = lambda identity: names.get(identity, identity)
    template = environment.from_string((Path(__file__).parent / "page.html.j2").read_text("utf-8"))
    at = {identity: i for i, identity in enumerate(region.ids)}
    colour = {at[i]: n for n, group in enumerate(document.get("groups", [])) for i in group}
    linked = {at[p["government"]] for p in document.get("best_partner", [])}
    services = list(document.get("services", [document.get("service")]))
    alt = f"Map of {region.title}: {len(region.ids)} governments; everything on it stands in the tables"
    return template.render(
        doc=document,
        names=names,
        picture=region_map(region, colour, linked, alt),
        borders=bool(region.neighbours.borders),
        curves={name: _curve(region, name) for name in services},
        words=words,
        anchor=anchor,
        number=number,
        chance=chance,
        alike=alike,
        checks=checks_rows(document),
        check_headings=CHECKS,
        marks=marks_in_words,
    )


def _curve(region: Region, service: str) -> dict[str, Any]:
    curve = fit_curve(region, service)
    return {
        "words": curve.words(),
        "published": curve.published.source,
        "chart": curve_chart(region, curve),
        "table": curve_table(region, curve),
    }


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


def checks_table(document: dict[str, Any]) -> Any:
    """Return the checks as a table for a terminal (rich); None where they were not run."""
    from rich.table import Table  # noqa: PLC0415 – only a terminal needs it

    rows = checks_rows(document)
    if not rows:
        return None
    table = Table(
        title="Checks: an 80 % interval of spending, made without a government's own figure; sizes shuffled"
    )
    for name in CHECKS:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    return table


def _entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (
        document["candidates"] if document["kind"] == "scan" else document["reasons"]
    )
    return entries


def number(value: float) -> str:
    """Return a number as people read it, rounded to three figures where it is large: not more is known."""
    if abs(value) < 1000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):,.0f}"


def chance(probability: float) -> str:
    """Say a probability in tenths."""
    tenths = round(10 * probability)
    if tenths == 0:
        return "less than 1 in 10"
    return "more than 9 in 10" if tenths == 10 else f"about {tenths} in 10"


def alike(unlikeness: dict[str, float | None]) -> str:
    """Say how far apart the members are."""
    said = [
        f"{name.replace('_', ' ')} × {ratio:g}"
        for name, ratio in unlikeness.items()
        if ratio and name != "km"
    ]
    if (apart := unlikeness.get("km")) is not None:
        said.append(f"{apart:g} km")
    return ", ".join(said)


def marks_in_words(entry: dict[str, Any]) -> str:
    """Say what registers tell of a candidate."""
    said = [f"already shares: {', '.join(entry['agreements'])}"] if entry["agreements"] else []
    if entry["duplicated"]["units"]:
        said.append(f"{entry['duplicated']['units']:g} units between them")
    if entry["duplicated"]["posts"]:
        said.append(f"posts held twice: {', '.join(entry['duplicated']['posts'])}")
    said += [f"{w['post']} free in {w['year']}" for w in entry["leadership_windows"]]
    return "; ".join(said) or "none known"
