"""The JSON Schema of a case, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from interlocal.case.document import Case


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of format 1."""
    schema = Case.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Interlocal case, format 1",
        **{k: v for k, v in schema.items() if k != "title"},
    }
