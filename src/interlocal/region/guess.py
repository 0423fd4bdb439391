"""What the columns of a table hold, and what a mapping of them could be: a start that its owner checks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interlocal.problems import InputError
from interlocal.reference import find_service
from interlocal.region.cells import Columns, are_truths, numbers
from interlocal.region.mapping import load_mapping, shipped
from interlocal.region.readers import read_columns

EXAMPLES = 3
_YEAR = re.compile(r"(?<!\d)(?:fy)?((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_SPENDING = re.compile(r"^(exp|expenditure|expenditures|spend|spending|cost|costs)_|_(exp|expenditure|spend|spending|cost|costs)$")  # fmt: skip
_THOUSANDS = re.compile(r"(^|_)(k|000s?|thousands?)($|_)")
_TOTAL = re.compile(r"(^|_)(total|all|sum)($|_)")
_CURRENCIES = ("usd", "gbp", "aud", "eur", "cad", "nzd", "chf")
_VOLUMES = {
    "calls",
    "visits",
    "permits",
    "incidents",
    "inspections",
    "cases",
    "volume",
    "loans",
    "tons",
    "tonnes",
}
_NAMES = {
    "id": ("id", "code", "geoid", "fips", "fscskey", "key", "number"),
    "name": ("name", "town", "municipality", "government", "council", "city", "county", "community", "district", "libname"),
    "population": ("population", "pop", "people", "residents", "inhabitants", "popu"),
    "kind": ("kind", "form", "type", "tier", "category", "class"),
    "lat": ("lat", "latitude", "intptlat"),
    "lon": ("lon", "long", "lng", "longitude", "longitud", "intptlong"),
    "area": ("area",),
    "valuation": ("valuation", "eqv"),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """What a column holds, so that a person can see whether it was read as it was meant."""

    name: str
    holds: str
    """numbers, words, yes or no, or nothing."""
    filled: int
    examples: tuple[str, ...]
    least: float | None = None
    most: float | None = None


def sketch(columns: Columns) -> list[Column]:
    """Return what each column holds."""
    return [_sketched(name, cells) for name, cells in columns.items()]


def _sketched(name: str, cells: list[str]) -> Column:
    filled = [cell for cell in cells if cell]
    examples = tuple(dict.fromkeys(filled))[:EXAMPLES]
    if not filled or are_truths(cells):
        return Column(name, "yes or no" if filled else "nothing", len(filled), examples)
    values, words = numbers(cells)
    if words or not np.isfinite(values).any():
        return Column(name, "words", len(filled), examples)
    return Column(name, "numbers", len(filled), examples, float(np.nanmin(values)), float(np.nanmax(values)))


def guess_mapping(table: Path, beside: Iterable[Path] = ()) -> dict[str, Any]:
    """Return the keys of a mapping as far as names and contents suggest them; what is not clear is left out.

    A shipped mapping that names this file and fits it is taken as it is.

    Parameters
    ----------
    beside
        Files that lie beside the table: a table of two of its ids in each row tells who borders whom.

    Raises
    ------
    InputError
        When the table cannot be read.
    """
    columns = read_columns(table)
    if (known := _shipped_for(table, columns)) is not None:
        return known
    look = _Look(columns)
    lat, lon = look.named("lat", "numbers"), look.named("lon", "numbers")
    found: dict[str, Any] = {
        "title": re.sub(r"[_-]+", " ", table.name.split(".", 1)[0]).strip().capitalize(),
        "table": table.name,
        "id": look.identity(),
        "name": look.named("name", "words") or look.first_of("words"),
        "kind": look.named("kind", "words"),
        "population": look.named("population", "numbers"),
        "place": {"lat": lat, "lon": lon} if lat and lon else None,
        "area": look.area(),
        "currency": look.currency(),
        "year": look.year(),
        "services": look.services() or None,
        "adjacency": _adjacency(beside, set(columns[look.identity() or ""]) if look.identity() else set()),
    }
    return {key: value for key, value in found.items() if value is not None}


def _shipped_for(table: Path, columns: Columns) -> dict[str, Any] | None:
    for name in shipped():
        mapping = load_mapping(name)
        if mapping.table == table.name and {mapping.id, mapping.name, mapping.population} <= set(columns):
            return mapping.model_dump(mode="json", exclude_defaults=True)
    return None


def _adjacency(beside: Iterable[Path], ids: set[str]) -> dict[str, str] | None:
    for path in beside:
        if path.suffix.lower() in {".geojson", ".json"}:
            return {"file": path.name}
        try:
            columns = read_columns(path)
        except InputError:
            continue
        both = [
            name for name, cells in columns.items() if ids and len(ids.intersection(cells)) >= len(ids) / 2
        ]
        if len(both) >= 2:
            return {"file": path.name, "a": both[0], "b": both[1]}
    return None


class _Look:
    """Looks at names and contents together: a name that fits counts only where the content does."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.sketches = {c.name: c for c in sketch(columns)}
        self.words = {name: _words(name) for name in columns if name}

    def named(self, what: str, holds: str) -> str | None:
        """Return the column whose name says this and that holds the right kind; earlier words of the list first."""
        fitting = [n for n in self.words if self.sketches[n].holds == holds]
        for wanted in _NAMES[what]:
            whole = [n for n in fitting if self.words[n] == [wanted]]
            part = [n for n in fitting if wanted in self.words[n]]
            if whole or part:
                # Of several years the latest.
                return max(whole or part, key=lambda n: max(map(int, _YEAR.findall(n)), default=0))
        return None

    def first_of(self, holds: str) -> str | None:
        """Return the first column of a kind."""
        return next((n for n in self.words if self.sketches[n].holds == holds), None)

    def identity(self) -> str | None:
        """Return the column that tells rows apart: one named so, else the first without repetition."""
        unique = [n for n in self.words if len(set(self.columns[n])) == len(self.columns[n])]
        for wanted in _NAMES["id"]:
            if found := [n for n in unique if wanted in self.words[n]]:
                return found[0]
        return next((n for n in unique if self.sketches[n].holds == "words"), unique[0] if unique else None)

    def area(self) -> dict[str, str] | None:
        """Return the column of land area and its unit, where the name says so."""
        fitting = [n for n in self.words if "area" in self.words[n] and self.sketches[n].holds == "numbers"]
        column = next((n for n in fitting if "land" in self.words[n]), fitting[0] if fitting else None)
        if column is None:
            return None
        squares = {"sqmi", "mi2", "mile", "miles", "mi"}
        return {"column": column} | ({"unit": "square_mile"} if squares & set(self.words[column]) else {})

    def currency(self) -> str | None:
        """Return the currency that some column's name says."""
        said = Counter(word for words in self.words.values() for word in words if word in _CURRENCIES)
        return said.most_common(1)[0][0].upper() if said else None

    def year(self) -> int | None:
        """Return the year that the columns of spending taken name most often."""
        taken = (service["spending"] for service in self.services().values())
        said = Counter(int(y) for name in taken for y in _YEAR.findall(name))
        return said.most_common(1)[0][0] if said else None

    def services_columns(self) -> dict[str, str]:
        """Return the columns that seem to hold spending, with the service as the rest of the name says it."""
        found: dict[str, str] = {}
        for name, words in self.words.items():
            told = _THOUSANDS.sub("_", _YEAR.sub("", "_".join(words)))
            plain = "_".join(w for w in told.split("_") if w and w not in _CURRENCIES and w != "fy")
            rest = _SPENDING.sub("", plain, count=1)
            says_so = _SPENDING.search(plain) or find_service(rest) is not None
            if self.sketches[name].holds == "numbers" and says_so and rest and not _TOTAL.search(plain):
                found[name] = re.sub(r"[^a-z0-9]+", "_", rest)[:64]
        return found

    def services(self) -> dict[str, dict[str, Any]]:
        """Return a service for each column of spending; of several years of one, the last."""
        condition = self.missing_if()
        found: dict[str, dict[str, Any]] = {}
        for column, service in sorted(self.services_columns().items()):
            told: dict[str, Any] = {"spending": column}
            if _THOUSANDS.search("_".join(self.words[column])):
                told["unit"] = 1000
            if (volume := self.volume(service)) is not None:
                told["volume"] = volume
            found[service] = {**told, **condition}
        order = list(self.words)
        return dict(sorted(found.items(), key=lambda item: order.index(item[1]["spending"])))

    def volume(self, service: str) -> str | None:
        """Return the column that counts what the service did."""
        first = service.split("_", 1)[0]
        fitting = (n for n, w in self.words.items() if first in w and _VOLUMES & set(w))
        return next((n for n in fitting if self.sketches[n].holds == "numbers"), None)

    def missing_if(self) -> Mapping[str, Any]:
        """Return the condition that a column such as ``filed`` suggests."""
        for name, words in self.words.items():
            if "filed" in words and self.sketches[name].holds == "yes or no":
                quoted = name if name.isidentifier() else f'col("{name}")'
                return {"missing_if": {"did not file": f"not {quoted}"}}
        return {}


def _words(name: str) -> list[str]:
    """Return the words of a column's name in lower case: ``landAreaKm2`` and ``Land area (km2)`` alike."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word]
