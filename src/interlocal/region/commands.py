"""What the commands ``scan`` and ``group`` do: tables in, a document ready for JSON out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interlocal import __version__
from interlocal.region.mapping import load_mapping
from interlocal.region.savings import COORDINATION, OWN_DEVIATION, Rules
from interlocal.region.scan import GROUPS_RULE, PAIRS_RULE, VARIETY_RULE, Options, ranked, scan_region
from interlocal.region.tables import Region, read_region
from interlocal.region.validation import PERMUTATIONS, validate

SCREENING = (
    "This is a screening, not a study. It says where a study may be worth its cost. Benefits and costs booked elsewhere, "
    "what people want, and who would run the service are not in it."
)


def scan(  # noqa: PLR0913 – one argument per option of the command
    *,
    governments: str | Path,
    mapping: str | Path,
    adjacency: str | Path | None = None,
    services: tuple[str, ...] = (),
    top: int = 50,
    largest: int = 6,
    hub_km: float = 25.0,
    hubs: tuple[str, ...] = (),
    coordination: float = COORDINATION,
    checks: bool = False,
    **engine_options: Any,
) -> dict[str, Any]:
    """Rank who could share what with whom.

    Parameters
    ----------
    governments
        Table of governments (CSV, Parquet, Excel).
    mapping
        Mapping file, or the name of one that is shipped.
    adjacency
        CSV of pairs or GeoJSON of borders, instead of the mapping's.
    services
        Only these; empty takes all.
    largest
        Largest group; 2 looks at pairs alone.
    hub_km
        How far a hub reaches beyond its neighbours [km].
    coordination
        Share of the joint cost that each partner beyond the first adds.
    checks
        Whether to run the checks of ``validation`` too.
    engine_options
        ``engine``, ``scheduler``, ``workers``, ``progress``, ``cancelled``.

    Raises
    ------
    InputError
        With everything that is wrong with the input.
    """
    region = read_region(governments, load_mapping(mapping), adjacency=adjacency, services=services)
    return scan_document(
        region,
        Options(top=top, largest=largest, hub_km=hub_km, hubs=hubs, rules=Rules(coordination=coordination)),
        checks=checks,
        **engine_options,
    )


def scan_document(
    region: Region, options: Options, *, checks: bool = False, **engine_options: Any
) -> dict[str, Any]:
    """Return the document of a scan of a region that has been read."""
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
