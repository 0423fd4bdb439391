"""The short file that says which column of somebody's table means what."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from interlocal.problems import InputError, Problem, nearest

MOST_ENTRIES = 20_000
LONGEST_NAME = 255
"""Longest name of a file that systems know [bytes]."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=64)]
Column = Annotated[str, Field(min_length=1, json_schema_extra={"refers": "columns"})]


def _file_name(name: str) -> str:
    """Refuse a name that no file can have: looking for it would fail."""
    if "\0" in name or len(name.encode()) > LONGEST_NAME:
        raise PydanticCustomError("file_name", "the name of a file, at most 255 bytes long")
    return name


File = Annotated[str, AfterValidator(_file_name), Field(json_schema_extra={"refers": "files"})]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Place(_Part):
    """Where a government lies."""

    lat: Column
    """Degrees north."""
    lon: Column
    """Degrees east."""


class Area(_Part):
    """Land area, for density: merging thinly settled places does not bring them closer together."""

    column: Column
    unit: Literal["km2", "square_mile"] = "km2"


class Driver(_Part):
    """Something beside size that makes a service dearer or cheaper."""

    column: Column
    per_head: bool = False
    """Divide the column by the population first."""


class Pivot(_Part):
    """A table with one row per government and line, turned so that each line becomes a column."""

    names: Column
    """The column whose words become column names."""
    values: Column
    """The column that holds the amounts."""


class Table(_Part):
    """A further table beside the governments table, joined on the government's id."""

    file: File
    """Name of a file in the folder of the governments table."""
    key: Column
    """The column that holds the id."""
    where: dict[Column, str | int | bool] = {}
    """Keep only the rows in which these columns hold these words: a year, a form."""
    pivot: Pivot | None = None


class Floor(_Part):
    """The least one staffed unit costs, whatever its size."""

    amount: Annotated[float, Field(gt=0)]
    """[currency/year]"""
    reach_km: Annotated[float, Field(gt=0)] | None = None
    """How far one unit reaches; members further apart keep a unit each. Empty: one unit serves any group."""


class Service(_Part):
    """Where the figures of one service stand."""

    spending: Column
    catalogue: Slug | None = None
    """The nearest service of the catalogue, where the table's own is broader; starter cases are about it."""
    unit: Literal[1, 1000, 1_000_000] = 1
    """What one unit of the column is worth."""
    volume: Column | None = None
    """How much was done: calls, visits, permits."""
    level: dict[Slug, Column] = {}
    """Measures of the level of service: hours open, minutes to arrive, share inspected."""
    excludes: tuple[str, ...] = ()
    """What is booked elsewhere, in words."""
    missing_if: str | dict[str, str] = {}
    """An expression on columns, or one per reason: where it holds, the figure says nothing about the service."""
    zero: Literal["not_reported", "no_service"] = "not_reported"
    """What a zero means. Neither kind enters a curve; the reason given differs."""
    floor: Floor | None = None
    units: Column | None = None
    """Stations, branches, desks: what could be duplicated."""


class Adjacency(_Part):
    """Who borders whom."""

    file: File | None = None
    """CSV of pairs, or GeoJSON of borders; empty: by distance."""
    a: Column = "id_a"
    b: Column = "id_b"
    id: Column | None = None
    """GeoJSON: the property that holds the id."""
    within_km: Annotated[float, Field(gt=0)] = 15.0
    """Without a file: governments whose places lie this close count as neighbours [km]."""


class Agreements(_Part):
    """A register of agreements that exist: one row per member."""

    file: File | None = None
    """Empty: the file is named when the table is read."""
    member: Column = "member"
    """The column that holds the id of a government."""
    agreement: Column = "agreement"
    service: Column | None = None
    """Empty: a column ``service`` if there is one; an agreement without a service counts for all."""
    treat: Literal["mark", "exclude"] = "mark"
    """Whether candidates among those who already share are marked or left out."""


class Mapping(_Part):
    """What the columns of a governments table mean."""

    title: str = "Region"
    source: str = "not stated"
    table: File | None = None
    """Usual file name of the governments table, by which it is found in a folder of tables."""
    id: Column
    name: Column
    kind: Column | None = None
    population: Column
    place: Place | None = None
    area: Area | None = None
    valuation: Column | None = None
    """Total taxable property value [currency]; becomes the driver ``wealth`` per head."""
    tax_effort: Column | None = None
    """How hard the government taxes its people; tells how alike two governments are, and no more."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    year: int
    law: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] | None = None
    """Country and state whose law applies (ISO 3166), for starter cases."""
    missing_codes: tuple[float, ...] = ()
    """Numbers that stand for "not reported", such as -1."""
    use_if: str | None = None
    """An expression on columns; rows where it does not hold are left out."""
    pivot: Pivot | None = None
    where: dict[Column, str | int | bool] = {}
    tables: tuple[Table, ...] = ()
    services: Annotated[dict[Slug, Service], Field(min_length=1)]
    drivers: dict[Slug, Column | Driver] = {}
    adjacency: Adjacency | None = None
    agreements: Agreements | None = None
    mergers: File | None = None
    """CSV of mergers that happened, for the backtest: a row per merger and service with the columns ``merged``, ``service``,
    ``year``, ``members``, ``population``, ``before`` and ``after``; values of members are joined with semicolons."""


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that come with interlocal."""
    folder = resources.files("interlocal.reference") / "mappings"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


def load_mapping(source: str | Path | Dictionary[str, Any]) -> Mapping:
    """Read a mapping from a file, from the name of one that is shipped, or from a dictionary.

    Raises
    ------
    InputError
        With every fault of the mapping and how to mend it.
    """
    if isinstance(source, Dictionary):
        return _validated(dict(source), "mapping")
    path = Path(source)
    if path.is_file():
        text = path.read_text(encoding="utf-8")
    elif str(source) in shipped():
        text = (resources.files("interlocal.reference") / "mappings" / f"{source}.yaml").read_text("utf-8")
    else:
        guess = nearest(str(source), shipped())
        raise InputError(
            Problem(
                "",
                str(source),
                "no such file",
                "a mapping file or the name of a shipped mapping",
                f"Did you mean {guess}?" if guess else f"Shipped mappings: {', '.join(shipped())}.",
            )
        )
    return _validated(mapping_keys(text, str(source)), str(source))


def mapping_keys(text: str, where: str) -> dict[str, Any]:
    """Return what a mapping's text says, not yet checked.

    Parameters
    ----------
    where
        What messages call it.

    Raises
    ------
    InputError
        When it is not YAML, or grows without end by what it repeats.
    """
    try:
        data = yaml.safe_load(text)
        whole = _entries(data, MOST_ENTRIES)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        because = " ".join(str(error).split())
        raise InputError(Problem("", where, "text that is not YAML", "a mapping in YAML", because)) from error
    if not isinstance(data, dict) or not whole:
        raise InputError(
            Problem(
                "",
                where,
                type(data).__name__ if whole else "more entries than a mapping has, through repetition",
                "keys and values: id, name, population, …",
                "See the how-to.",
            )
        )
    return data


def _entries(value: Any, left: int) -> int:
    """Return how many entries more there may be; 0 where there are too many: a short text can repeat itself a million-fold."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    left -= 1
    for part in parts:
        if left <= 0:
            return 0
        left = _entries(part, left)
    return max(left, 0)


def as_yaml(mapping: Mapping) -> str:
    """Return a mapping as the text of a file that says what differs from the defaults."""
    told = mapping.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=110)


def _validated(data: dict[str, Any], where: str) -> Mapping:
    try:
        return Mapping.model_validate(data)
    except ValidationError as error:
        raise InputError([_problem(e, where) for e in error.errors()]) from error


def _problem(error: Any, where: str) -> Problem:
    location = [str(part) for part in error["loc"]]
    key = location[-1] if location else ""
    if error["type"] == "missing":
        return Problem(
            "/" + "/".join(location),
            f"{where}, {'.'.join(location)}",
            "nothing",
            f"the key {key}",
            f"Add {key}.",
        )
    if error["type"] == "extra_forbidden":
        guess = nearest(key, Mapping.model_fields | Service.model_fields | Table.model_fields)
        return Problem(
            "/" + "/".join(location),
            f"{where}, {'.'.join(location)}",
            f"the unknown key {key}",
            "a key of the mapping format",
            f"Did you mean {guess}?" if guess else "Take it out.",
        )
    found = repr(error["input"])
    return Problem(
        "/" + "/".join(location),
        f"{where}, {'.'.join(location)}",
        found if len(found) < 80 else found[:77] + "…",
        error["msg"],
        "Change the value.",
    )
