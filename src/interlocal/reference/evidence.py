"""What is known elsewhere of one service, as a document and as plain text: ``interlocal evidence SERVICE``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from interlocal.reference.cases import ClaimedCase, claimed_cases, cost_shares
from interlocal.reference.catalogue import Service, measures, require_service, services
from interlocal.reference.effects import Effect, effects_on, general_effects, outside_view
from interlocal.reference.figures import ScaleFinding, judgement, not_found, scale_for
from interlocal.reference.files import marks, sources

WIDTH = 79
_COST = {"lower": "lower cost", "none": "no difference", "higher": "higher cost", "mixed": "mixed"}


def list_services() -> dict[str, Any]:
    """Return every service with the class of its evidence, ready for JSON."""
    return {
        "services": [
            {"id": s.id, "name": s.name, "evidence": s.evidence, "studies": len(effects_on(s.id))}
            for s in services().values()
        ]
    }


def evidence_for(service: str) -> dict[str, Any]:
    """Return what is known of a service by id, name or alias, ready for JSON.

    Raises
    ------
    InputError
        If the service is not in the catalogue; the nearest one is named.
    """
    found = require_service(service)
    document: dict[str, Any] = {
        "service": {"id": found.id, "name": found.name, "aliases": list(found.aliases), "mark": found.mark},
        "drivers": [
            {"id": d, "name": measures()[d].name, "unit": measures()[d].unit, "mark": found.mark}
            for d in found.drivers
        ],
        "measures": [{**asdict(m), "mark": found.mark} for m in found.measures],
        "effects": [_published(e) for e in effects_on(found.id)],
        "effects_on_spending_as_a_whole": [_published(e) for e in general_effects()],
        "scale": [_published(s) for s in scale_for(found.id)],
        "outside_view": outside_view(found.id).as_dict(),
        "years_until_savings": asdict(judgement("years_until_savings")),
        "claimed_and_realised": [_case(c) for c in claimed_cases(found.id)],
        "cost_shares": [asdict(c) for c in cost_shares(found.id)],
        "not_found": _not_found(found),
    }
    document["marks"] = {mark: marks()[mark] for mark in sorted(_marks_in(document))}
    return document


def render_services(document: Mapping[str, Any]) -> str:
    """Return the list of services as plain text."""
    rows = document["services"]
    wide = max(len(r["id"]) for r in rows)
    lines = [f"{len(rows)} services. Show one with: interlocal evidence SERVICE", ""]
    for r in rows:
        found = f"{r['studies']} finding{'s' if r['studies'] != 1 else ''}" if r["studies"] else "–"
        lines.append(f"{r['id']:<{wide}}  {found:<11} {r['name']}")
    lines += ["", "– no study of this service was found; what is known of all services applies."]
    return "\n".join(lines)


def render_evidence(document: Mapping[str, Any]) -> str:
    """Return the evidence on one service as plain text; the mark behind each figure says how well it is known."""
    service, view = document["service"], document["outside_view"]
    lines = [f"{service['name']} ({service['id']})", f"also called: {', '.join(service['aliases'])}", ""]
    lines += ["What sharing did to cost elsewhere"]
    lines += [
        f"  {_COST[e['direction']]}: {e['finding']} {e['place']}. {_cite(e)}" for e in document["effects"]
    ] or ["  No study of this service was found."]
    every = document["effects_on_spending_as_a_whole"]
    count = [f"{sum(e['direction'] == d for e in every)} {words}" for d, words in _COST.items()]
    lines += [f"  {len(every)} findings on spending as a whole: {', '.join(count)} (see --json).", ""]
    lines += [
        "Outside view: the saving to expect each year, as a share of the cost if nothing changes",
        f"  Saves with probability {view['p_saves']:.2f}; expected {_percent(view['mean'])}. [{view['mark']}]",
        *(
            f"  {_COST[c['direction']]}: weight {c['weight']:.2f}, {_percent(c['low'])} to {_percent(c['high'])}, "
            f"likely {_percent(c['likely'])}. [{c['mark']}]"
            for c in view["components"]
        ),
        f"  Why these weights: {view['why']}",
        _years(document["years_until_savings"]),
        "",
        "Size",
        *([f"  {s['finding']} {_cite(s)}" for s in document["scale"]] or ["  Nothing found."]),
        "",
    ]
    lines += ["Claimed and realised"]
    lines += [*map(_case_line, document["claimed_and_realised"])] or ["  No documented case."]
    if document["cost_shares"]:
        agreements = {c["case"]: c["formula"] for c in document["cost_shares"]}
        lines += ["", "How others share the cost", *(f"  {k}: {v}." for k, v in agreements.items())]
    lines += [
        "",
        "Usual cost drivers and service measures [judgement]",
        f"  Drivers: {', '.join(d['name'].lower() for d in document['drivers'])}.",
        *(f"  Measure: {m['name']} [{m['unit']}], {m['better']} is better." for m in document["measures"]),
        "",
        "Not found",
        *(f"  {gap}" for gap in document["not_found"]),
        "",
        "Marks",
        *(f"  [{mark}] {meaning}" for mark, meaning in document["marks"].items()),
    ]
    return "\n".join(_wrapped(lines))


def _published(row: Effect | ScaleFinding) -> dict[str, Any]:
    source = sources()[row.source]
    return {**asdict(row), "citation": source.citation, "doi": source.doi}


def _case(case: ClaimedCase) -> dict[str, Any]:
    citation = sources()[case.source].citation if case.source else None
    return {**asdict(case), "ratio": case.ratio, "citation": citation}


def _not_found(service: Service) -> list[str]:
    missing = []
    if not effects_on(service.id):
        missing.append("published effects of sharing this service")
    elif all(e.change is None for e in effects_on(service.id)):
        missing.append("the size of the effects on this service")
    if not scale_for(service.id):
        missing.append("elasticities or a smallest efficient size")
    if not any(c.ratio is not None for c in claimed_cases(service.id)):
        missing.append("a case with both a claimed and a realised figure")
    return [*missing, *not_found()]


def _marks_in(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("mark"):
            yield part["mark"]
        part = part.values()
    elif not isinstance(part, list | tuple):
        return
    for item in part:
        yield from _marks_in(item)


def _cite(row: Mapping[str, Any]) -> str:
    doi = f", doi:{row['doi']}" if row["doi"] else ""
    sure = f" {row['confidence']:g}" if row["confidence"] is not None else ""
    return f"{row['citation']}{doi}. [{row['mark']}{sure}]"


def _years(years: Mapping[str, Any]) -> str:
    low, high = years["range"]
    return f"  Years until savings come: {low:g} to {high:g}. [{years['mark']}]"


def _case_line(case: Mapping[str, Any]) -> str:
    said = f"claimed {_amount(case['claimed'], case)}, realised {_amount(case['realised'], case)}"
    ratio = f", {case['ratio']:.2f} times" if case["ratio"] else ""
    where = case["address"] or case["citation"]
    return f"  {case['place']} ({case['country']}), {case['what']}: {said}{ratio}. {where} [{case['mark']}]"


def _amount(value: float | None, case: Mapping[str, Any]) -> str:
    if value is None:
        return "unknown"
    per = {"year": " a year", "once": " once", "total": " in all"}.get(case["per"], "")
    year = f" ({case['year']})" if case["year"] else ""
    return f"{case['unit']} {value:,.10g}{per}{year}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %".replace("-", "−")


def _wrapped(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        inner = line.startswith("  ")
        yield from textwrap.wrap(
            line,
            WIDTH,
            subsequent_indent="    " if inner else "",
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
