"""Read the data files of this folder, each once."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return a TOML file of this folder as plain data."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a CSV file of this folder; lines that begin with # explain it."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    return tuple(csv.DictReader(line for line in lines if not line.startswith("#")))
