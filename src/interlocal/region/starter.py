"""A candidate of a scan as a starter case: what is known filled in, what is not left for people to say."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import yaml

from interlocal.phrases import listed
from interlocal.problems import InputError, Problem
from interlocal.reference import find_service
from interlocal.region.governments import Region
from interlocal.region.scan import positions

FALLBACK = "general_administration"
YEARS = 10
_HEAD = """\
# A starter case made by a screening of {title}. It is not a design: nobody was asked, and the joint cost is what cost
# curves suggest, not what posts, buildings and contracts add up to. Replace every value marked as an assumption.
#
#   interlocal check CASE     lists what is wrong
#   interlocal study CASE     answers what can be answered so far

"""


class _Plain(yaml.SafeDumper):
    """Writes every value out: the case format allows no references."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 – its signature is yaml's
        return True


def as_case(region: Region, candidate: dict[str, Any], *, as_of: dt.date) -> str:
    """Return a candidate (an entry of ``candidates`` of a scan) as the text of a case.

    Parameters
    ----------
    region
        The region that was scanned.
    as_of
        The day the case describes; given, so that the same candidate gives the same bytes.
    """
    rows = positions(region, tuple(candidate["members"]), "candidates")
    ids = _slugs([region.names[i] for i in rows], [region.ids[i] for i in rows])
    data = region.services[candidate["service"]]
    known = find_service(data.catalogue or data.id)
    service = known.id if known else FALLBACK
    words = data.id.replace("_", " ")
    borders = {(a, b) for a, b in region.neighbours.pairs.tolist()}
    first = as_of.year + 1
    source = f"{region.source}, {region.year}"
    scope = {
        "direct": "included",
        **dict.fromkeys(("benefits", "overhead", "capital", "debt"), "unknown"),
        **({"booked_elsewhere": list(data.excludes)} if data.excludes else {}),
    }
    saving, today = candidate["saving"], candidate["today"]
    joint = {
        "p10": today - saving["p90"],
        "p50": today - saving["p50"],
        "p90": today - saving["p10"],
        "basis": "assumption",
        "source": "screening by cost curves; coordination included",
    }
    case = {
        "format": 1,
        "title": f"Shared {words} for {listed([region.names[i] for i in rows])}",
        "as_of": as_of,
        "currency": region.currency,
        "summary": "Made by a screening, which is not a study. No member was asked.",
        "service": {
            "id": service,
            "scope": f"What the table calls {words}. "
            + (
                ""
                if service == data.id
                else "That is broader than the service named here: say which part is meant."
            ),
        },
        "partners": [
            _partner(
                region,
                i,
                ids[n],
                [ids[m] for m, j in enumerate(rows) if (min(i, j), max(i, j)) in borders],
                source,
            )
            for n, i in enumerate(rows)
        ],
        "spending": [
            {
                "partner": ids[n],
                "year": region.year,
                "amount": round(float(data.spending[i])),
                "scope": scope,
                "source": source,
                "basis": "fact",
            }
            for n, i in enumerate(rows)
        ],
        "assumptions": {
            "horizon": {"first": first, "last": first + YEARS - 1},
            "discount": {
                "rate": 0.04,
                "prices": "nominal",
                "year": as_of.year,
                "source": "Placeholder; ask the treasurers what the partners pay when they borrow",
            },
            "escalators": [
                {
                    "id": "costs",
                    "rate": {"low": 0.015, "likely": 0.03, "high": 0.047, "basis": "assumption"},
                    "volatility": 0.01,
                    "year": as_of.year,
                    "source": "Placeholder; look at the last contracts",
                }
            ],
        },
        "options": [
            {"id": "do_nothing", "name": "Everybody carries on alone", "kind": "do_nothing"},
            {
                "id": "together",
                "name": f"One {words} service for all",
                "kind": "shared",
                "starts": first + 1,
                "basis": "assumption",
                "formula": {"rule": {"kind": "per_head"}, "basis": "assumption"},
                "cost_scope": scope,
                "lines": [
                    {"id": "joint_service", "category": "operating", "amount": joint, "basis": "assumption"},
                ],
            },
        ],
    }
    return _HEAD.format(title=region.title) + yaml.dump(
        case, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110
    )


def case_of_rank(region: Region, document: dict[str, Any], rank: int, *, as_of: dt.date) -> str:
    """Return candidate number ``rank`` (1 is the best) of a scan as the text of a case.

    Raises
    ------
    InputError
        When there is no such candidate.
    """
    candidates = document["candidates"]
    if not 1 <= rank <= len(candidates):
        raise InputError(
            Problem(
                "",
                "--as-case",
                str(rank),
                f"a number from 1 to {len(candidates)}",
                "Take one from the list; or raise --top.",
            )
        )
    return as_case(region, candidates[rank - 1], as_of=as_of)


def _partner(region: Region, i: int, identity: str, adjacent: list[str], source: str) -> dict[str, Any]:
    partner: dict[str, Any] = {"id": identity, "name": region.names[i]}
    if region.kinds[i]:
        partner["kind"] = region.kinds[i]
    if region.law:
        partner["place"] = region.law
    if np.isfinite(region.lat[i]) and np.isfinite(region.lon[i]):
        partner |= {"latitude": float(region.lat[i]), "longitude": float(region.lon[i])}
    if adjacent:
        partner["adjacent"] = adjacent
    people = {
        "value": round(float(region.population[i])),
        "unit": "people",
        "source": source,
        "basis": "fact",
    }
    return partner | {"measures": {"population": people}}


def _slugs(names: list[str], ids: list[str]) -> list[str]:
    """Ids from names; where two would be alike, the table's own id is added."""
    made = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "member" for name in names]
    own = [re.sub(r"[^a-z0-9]+", "_", identity.lower()).strip("_")[:20] for identity in ids]
    return [m if made.count(m) == 1 else f"{m}_{o}" for m, o in zip(made, own, strict=True)]
