"""A document of a scan or a grouping as a page, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from interlocal.cells import inert
from interlocal.region.brief import CHECKS, checks_rows, how_proven, merger_rows
from interlocal.region.curves import fit_curve
from interlocal.region.drawing import curve_chart, curve_table
from interlocal.region.governments import Region
from interlocal.region.map import Map, Marks, anchor
from interlocal.region.wording import alike, chance, marks_in_words, number, words

_COLUMNS = ("rank", "members", "names", "service", "kind", "today", "mean", "p10", "p50", "p90", "p_saves")


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
                "members": inert(";".join(entry["members"])),
                "names": inert("; ".join(entry["names"])),
                "service": entry.get("service", document.get("service")),
                "kind": entry.get("kind", "group"),
                "today": entry["today"],
                **{key: saving[key] for key in ("mean", "p10", "p50", "p90")},
                "p_saves": entry["p_saves"],
            }
        )
    return out.getvalue()


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
    marks = Marks(
        groups=[[at[i] for i in group] for group in document.get("groups", [])],
        links={at[p["government"]]: f"#{anchor(p['government'])}" for p in document.get("best_partner", [])},
    )
    services = list(document.get("services", [document.get("service")]))
    alt = f"Map of {region.title}: {len(region.ids)} governments; everything on it stands in the tables"
    return template.render(
        doc=document,
        names=names,
        picture=Map(region).draw(alt, marks),
        borders=bool(region.neighbours.borders),
        curves={name: _curve(region, name) for name in services},
        words=words,
        anchor=anchor,
        number=number,
        chance=chance,
        alike=alike,
        checks=checks_rows(document),
        mergers=merger_rows(document),
        check_headings=CHECKS,
        marks=marks_in_words,
        how_proven=how_proven,
    )


def _curve(region: Region, service: str) -> dict[str, Any]:
    curve = fit_curve(region, service)
    return {
        "words": curve.words(),
        "published": curve.published.source,
        "chart": curve_chart(region, curve),
        "table": curve_table(region, curve),
    }


def _entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (
        document["candidates"] if document["kind"] == "scan" else document["reasons"]
    )
    return entries
