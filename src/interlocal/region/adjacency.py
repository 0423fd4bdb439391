"""Who borders whom: from a table of pairs, from borders, or from places within a distance."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from interlocal.problems import InputError, Problem
from interlocal.region.mapping import Adjacency
from interlocal.region.readers import read_columns

Floats = npt.NDArray[np.float64]
Ring = npt.NDArray[np.float64]
EARTH_RADIUS_KM = 6371.0088
BORDER_GRID = 1e-5
"""Degrees, about a metre: points of two borders this close are the same point."""
_NAMES = (("id_a", "id_b"), ("a", "b"), ("from", "to"), ("name_a", "name_b"))


@dataclass(frozen=True)
class Neighbours:
    """Pairs of positions in the region, first below second, each once, in order."""

    pairs: npt.NDArray[np.int64]
    """Shape (pairs, 2)."""
    basis: str
    """Where they come from, in words."""
    borders: dict[int, tuple[Ring, ...]]
    """Rings of (longitude, latitude) by position, where borders were given."""
    faults: tuple[tuple[str, str], ...] = ()

    def islands(self, count: int) -> list[int]:
        """Return the positions that have no neighbour."""
        return sorted(set(range(count)) - set(self.pairs.ravel().tolist()))


def distance_km(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Return the great-circle distance [km] (haversine formula); nan where a place is not known."""
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half += np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half)))


def within_distance(lat: Floats, lon: Floats, km: float) -> npt.NDArray[np.int64]:
    """Return all pairs of places at most ``km`` apart along the ground; places that are not known have none."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 – slow to import

    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    phi, lam = np.radians(lat[known]), np.radians(lon[known])
    points = np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    chord = 2 * np.sin(min(km / EARTH_RADIUS_KM, np.pi) / 2)
    pairs = cKDTree(points).query_pairs(chord, output_type="ndarray")
    return _sorted(known[pairs].astype(np.int64))


def read_neighbours(
    folder: Path,
    told: Adjacency | None,
    override: str | Path | None,
    ids: tuple[str, ...],
    lat: Floats,
    lon: Floats,
) -> Neighbours:
    """Find the neighbours by the first of: the file asked for, the mapping's file, distance between places.

    Raises
    ------
    InputError
        When a file asked for is not there or cannot be read, or there is nothing to go by.
    """
    told = told or Adjacency()
    path = Path(override) if override else folder / Path(told.file).name if told.file else None
    if path is not None and (override or path.is_file()):
        at = {identity: i for i, identity in enumerate(ids)}
        if path.suffix.lower() in {".geojson", ".json"}:
            return _from_borders(path, told.id, at)
        return _from_pairs(path, told, at)
    if not np.isfinite(lat).any():
        raise InputError(
            Problem(
                "/adjacency",
                "mapping, adjacency",
                "neither a file of neighbours nor places",
                "one of them",
                "Give --adjacency FILE, or place: {lat, lon} in the mapping.",
            )
        )
    absent = (
        ()
        if path is None
        else ((path.name, "the file of neighbours is not there; distance is used instead"),)
    )
    basis = f"places within {told.within_km:g} km of each other"
    return Neighbours(within_distance(lat, lon, told.within_km), basis, {}, absent)


def _sorted(pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if len(pairs) == 0:
        return np.empty((0, 2), dtype=np.int64)
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _from_pairs(path: Path, told: Adjacency, at: dict[str, int]) -> Neighbours:
    columns = read_columns(path)
    named = next((pair for pair in ((told.a, told.b), *_NAMES) if set(pair) <= set(columns)), None)
    if named is None:
        raise InputError(
            Problem(
                "/adjacency",
                f"{path}, row 1",
                ", ".join(columns),
                f"columns {told.a} and {told.b}",
                "Name the two columns in the mapping: adjacency: {file, a, b}.",
            )
        )
    pairs: list[tuple[int, int]] = []
    faults: dict[tuple[str, str], None] = {}
    for row, (a, b) in enumerate(zip(columns[named[0]], columns[named[1]], strict=True), start=2):
        for identity in (a, b):
            if identity not in at:
                faults[identity, f"{path.name} names a neighbour that is not in the governments table"] = None
        if a == b:
            faults[a, f"{path.name}, row {row}: it is listed as its own neighbour"] = None
        elif a in at and b in at:
            pairs.append((at[a], at[b]))
    if not pairs:
        raise _strangers(path, columns[named[0]], at)
    return Neighbours(_sorted(np.array(pairs, dtype=np.int64).reshape(-1, 2)), path.name, {}, tuple(faults))


def _strangers(path: Path, found: list[str], at: dict[str, int]) -> InputError:
    """Return the error of a file of neighbours in which no government of the table stands."""
    return InputError(
        Problem(
            "/adjacency",
            str(path),
            f"no government of the table; it names {', '.join(found[:5]) or 'nobody'}",
            f"ids as in the governments table, such as {', '.join(list(at)[:3])}",
            "Name the columns, or for GeoJSON the property id, that hold these ids: adjacency: {file, a, b} or {file, id}.",
        )
    )


def _from_borders(path: Path, key: str | None, at: dict[str, int]) -> Neighbours:
    """Neighbours share at least two border points: a corner is not a border."""
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = [_rings(feature.get("geometry") or {}) for feature in features]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise InputError(
            Problem(
                "/adjacency",
                str(path),
                "a file that is not GeoJSON",
                "a FeatureCollection",
                "Save it as GeoJSON, longitude before latitude.",
            )
        ) from error
    borders: dict[int, tuple[Ring, ...]] = {}
    faults: list[tuple[str, str]] = []
    for number, (feature, rings) in enumerate(zip(features, shapes, strict=True)):
        identity = _identity(feature, key, at)
        if identity not in at:
            faults.append(
                (identity or f"feature {number}", f"{path.name}: a border of no government in the table")
            )
            continue
        borders[at[identity]] = (*borders.get(at[identity], ()), *rings)
    strangers = [identity for identity, _ in faults]
    faults += [
        (identity, f"{path.name} has no border for it") for identity, i in at.items() if i not in borders
    ]
    if not borders:
        raise _strangers(path, strangers, at)
    pairs = np.array(_touching(borders), dtype=np.int64).reshape(-1, 2)
    return Neighbours(_sorted(pairs), f"borders in {path.name}", borders, tuple(faults))


def _touching(borders: dict[int, tuple[Ring, ...]]) -> list[tuple[int, int]]:
    """Return the pairs whose borders have two points or more in common."""
    owners: dict[tuple[int, int], set[int]] = defaultdict(set)
    for i, rings in borders.items():
        for ring in rings:
            for x, y in np.rint(ring / BORDER_GRID).astype(int).tolist():
                owners[x, y].add(i)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for owning in owners.values():
        members = sorted(owning)
        for n, a in enumerate(members):
            for b in members[n + 1 :]:
                shared[a, b] += 1
    return [pair for pair, points in shared.items() if points >= 2]


def _identity(feature: dict[str, Any], key: str | None, at: dict[str, int]) -> str:
    given = feature.get("properties")
    properties = given if isinstance(given, dict) else {}
    if key:
        return str(properties.get(key, ""))
    candidates = [feature.get("id"), *properties.values()]
    known = next((str(c) for c in candidates if str(c) in at), None)
    return known or next((str(c) for c in candidates if c is not None), "")


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    match geometry:
        case {"type": "Polygon", "coordinates": polygons}:
            parts = [polygons]
        case {"type": "MultiPolygon", "coordinates": parts}:
            pass
        case _:
            parts = []
    rings = [
        np.array(ring, dtype=np.float64)[:, :2] for polygon in parts for ring in polygon if len(ring) > 2
    ]
    if not all(np.isfinite(ring).all() and np.abs(ring[:, 1]).max() <= 90 for ring in rings):
        raise ValueError("a point that is not on Earth")
    return rings
