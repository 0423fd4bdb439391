"""Read the data files of this folder, each once, and the sources and marks that their rows name."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Source:
    """Where a figure comes from; DOI or address only where we have it."""

    id: str
    citation: str
    doi: str | None = None
    address: str | None = None


@cache
def toml(name: str) -> dict[str, Any]:
    """Return the data of ``name.toml``."""
    return tomllib.loads(_text(f"{name}.toml"))


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``name.csv``; lines that begin with # explain the file."""
    lines = (line for line in _text(f"{name}.csv").splitlines() if not line.startswith("#"))
    return tuple(csv.DictReader(lines))


def index(data: Mapping[Key, Value]) -> Mapping[Key, Value]:
    """Return a mapping that nobody can change."""
    return MappingProxyType(dict(data))


def frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its lists as tuples."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}


@cache
def sources() -> Mapping[str, Source]:
    """Return every source by id."""
    return index({k: Source(k, **v) for k, v in toml("sources")["source"].items()})


@cache
def marks() -> Mapping[str, str]:
    """Return what each mark means."""
    return index(toml("sources")["marks"])


def _text(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
