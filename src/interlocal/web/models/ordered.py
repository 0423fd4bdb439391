"""Plain values whose keys keep their order."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class OrderedJSON(models.TextField[Any, Any]):
    """JSON as text. PostgreSQL's own type for it sorts keys, and with them what is written from them."""

    def from_db_value(self, value: str | None, *_: object) -> Any:
        """Return what is kept as plain values."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Return plain values as they are kept."""
        return None if value is None else json.dumps(value, ensure_ascii=False)

    def to_python(self, value: Any) -> Any:
        """Return plain values, also those of a fixture."""
        return json.loads(value) if isinstance(value, str) else value
