"""What the commands ``scan`` and ``group`` do: tables in, a document ready for JSON out."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from interlocal import __version__
from interlocal.numerics.engine import Cancelled
from interlocal.region.demands import Demands
from interlocal.region.governments import Region
from interlocal.region.grouping import Grouping, best_grouping
from interlocal.region.likeness import marks, unlikeness
from interlocal.region.savings import OWN_DEVIATION
from interlocal.region.scan import GROUPS_RULE, PAIRS_RULE, VARIETY_RULE, Options, ranked, scan_region
from interlocal.region.stability import REPLICATION_GAP, stability
from interlocal.region.validation import PERMUTATIONS, validate

SCREENING = (
    "This is a screening, not a study. It says where a study may be worth its cost. Benefits and costs booked elsewhere, "
    "what people want, and who would run the service are not in it."
)


def scan_document(
    region: Region, options: Options, *, checks: bool = False, **engine_options: Any
) -> dict[str, Any]:
    """Return the document of a scan of a region that has been read: who could share what with whom, ranked.

    Parameters
    ----------
    checks
        Whether to run the checks of ``validation`` too.
    engine_options
        ``engine``, ``scheduler``, ``workers``, ``progress``, ``cancelled``.

    Raises
    ------
    InputError
        When the options name governments that are not in the region.
    """
    scans = scan_region(region, options, **engine_options)
    return {
        "format": 1,
        "kind": "scan",
        **header(region),
        "candidates": ranked(region, scans, options.top),
        "services": {
            name: {
                "finding": s.finding,
                "pairs": s.pairs,
                "pairs_that_more_likely_save": s.saving_pairs,
                "curve": s.curve.as_dict(),
                "checks": validate(region, name, permutations=PERMUTATIONS) if checks else None,
            }
            for name, s in scans.items()
        },
        "best_partner": best_partners(region, scans),
        "rules": {
            "pairs": PAIRS_RULE,
            "groups": GROUPS_RULE,
            "variety": VARIETY_RULE,
            "coordination_share_per_partner": options.rules.coordination,
            "own_deviation": OWN_DEVIATION,
            "order": "expected yearly saving after selection, highest first",
        },
        "data": region.summary(),
    }


def group_document(
    region: Region,
    service: str,
    demands: Demands,
    *,
    replications: int = 20,
    seed: int = 0,
    **engine_options: Any,
) -> dict[str, Any]:
    """Return the document of a division of a region for one service.

    Parameters
    ----------
    replications
        How often the curve is drawn anew to see which pairs always stay; 0 leaves it out.
    engine_options
        ``engine``, ``scheduler``, ``workers``, ``progress``, ``cancelled``. Cancelling keeps the best division so far.

    Raises
    ------
    InputError
        With everything that is wrong with the demands.
    """
    found = best_grouping(region, service, demands, cancelled=engine_options.get("cancelled"))
    pairs, stopped = None, found.stopped
    if replications and found.stopped != "cancelled":
        try:
            pairs = stability(
                region, service, demands, replications=replications, seed=seed, **engine_options
            )
        except Cancelled:
            stopped = "cancelled"
    ids = region.ids
    return {
        "format": 1,
        "kind": "group",
        **header(region),
        "service": service,
        "groups": [[ids[i] for i in members] for members in found.groups],
        "objective": round(found.objective, 2),
        "bound": round(found.bound, 2),
        "gap": found.gap,
        "proven_best": found.gap <= 1e-9 and found.stopped is None,
        "method": found.method,
        "stopped": found.stopped,
        "stability": None
        if pairs is None
        else [{"pair": [ids[a], ids[b]], "share": share} for (a, b), share in pairs.items()],
        "replications": {
            "times": replications if pairs is not None else 0,
            "gap": REPLICATION_GAP,
            "seed": seed,
            "stopped": stopped,
            "always_together": []
            if pairs is None
            else [[ids[a], ids[b]] for (a, b), share in pairs.items() if share == 1.0],
        },
        "reasons": [_reason(region, found, j, pairs) for j in range(len(found.groups))],
        "alone": _alone(region, found),
        "existing": [[ids[i] for i in members] for members in found.fixed],
        "cut_off_because_a_part_could_do_better": [[ids[i] for i in members] for members in found.unstable],
        "groups_considered": found.considered,
        "curve": found.curve.as_dict(),
        "rules": {
            "max_size": demands.max_size,
            "coordination_share_per_partner": demands.rules.coordination,
            "order": "expected yearly saving after selection, highest first",
        },
        "data": region.summary(),
    }


def _reason(
    region: Region, found: Grouping, j: int, pairs: dict[tuple[int, int], float] | None
) -> dict[str, Any]:
    members, savings = found.groups[j], found.savings[j]
    held = None if pairs is None else min(pairs.get(pair, 0.0) for pair in combinations(members, 2))
    return {
        "members": [region.ids[i] for i in members],
        "names": [region.names[i] for i in members],
        "today": round(float(savings.today[0])),
        "saving": {key: round(float(getattr(savings, key)[0])) for key in ("p10", "p50", "p90", "mean")},
        "p_saves": round(float(savings.p_saves[0]), 4),
        "population": round(float(region.population[list(members)].sum())),
        "least_stable_pair": held,
        "every_member_can_gain": True,
        "unlikeness": unlikeness(region, found.curve.service, members),
        **marks(region, found.curve.service, members),
    }


def _alone(region: Region, found: Grouping) -> list[dict[str, str]]:
    grouped = {i for members in (*found.groups, *found.fixed) for i in members}
    data = region.services[found.curve.service]
    return [
        {
            "government": region.ids[i],
            "name": region.names[i],
            "because": data.why_not[i] or "no group was expected to save more with it than without it",
        }
        for i in range(len(region.ids))
        if i not in grouped
    ]


def header(region: Region) -> dict[str, Any]:
    """Return what every document of a region begins with."""
    return {
        "interlocal": __version__,
        "title": region.title,
        "screening": SCREENING,
        "currency": region.currency,
        "year": region.year,
        "source": region.source,
    }


def best_partners(region: Region, scans: dict[str, Any]) -> list[dict[str, Any]]:
    """Return for each government its best partner over all services, where one is expected to save."""
    found: list[dict[str, Any]] = []
    for i, identity in enumerate(region.ids):
        offers = [
            (float(s.partner_saving[i]), name, s) for name, s in scans.items() if s.partner_saving[i] > 0
        ]
        if offers:
            saving, name, s = max(offers, key=lambda offer: offer[:2])
            found.append(
                {
                    "government": identity,
                    "with": region.ids[int(s.partner[i])],
                    "service": name,
                    "saving": round(saving),
                    "p_saves": round(float(s.partner_chance[i]), 4),
                }
            )
    return found
