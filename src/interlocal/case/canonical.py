"""A whole document in the one form that is kept and hashed, whatever file or screen it came from."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Any, Literal

from interlocal.case.values import Frozen


class Document(Frozen):
    """Something that is saved as one: a case, or an agreement with its life."""

    format: Literal[1]
    """The version of this format."""

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical JSON: the same for YAML, JSON, a workbook and the database."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def canonical_json(self) -> str:
        """Sorted keys, numbers in their shortest form, what was left out left out, UTF-8."""
        document = self.model_dump(mode="json", exclude_defaults=True)
        return json.dumps(
            {"format": self.format, **_normal(document)},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )


def _normal(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {k: _normal(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_normal(v) for v in value]
    return value
