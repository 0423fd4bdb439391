"""What every route may answer where something is wrong or refused."""

from __future__ import annotations

from typing import Any

from ninja import Schema


class Wrong(Schema):
    """What is wrong with an input, as the command line says it with ``--json``."""

    problems: list[dict[str, str]]


class Refused(Schema):
    """Why something cannot be done."""

    detail: str


REFUSALS: dict[int, Any] = {401: Refused, 403: Refused, 404: Refused}
CHANGED: dict[int, Any] = {422: Wrong, **REFUSALS}
"""Of routes that change something."""
