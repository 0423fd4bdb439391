"""The JSON Schema of a case, so that editors complete and check it."""

from __future__ import annotations

from typing import Any

from interlocal.case.document import Case


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of format 1."""
    schema = Case.model_json_schema()
    _allow_short_amount(schema["$defs"]["CostLine"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Interlocal case, format 1",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def _allow_short_amount(line: dict[str, Any]) -> None:
    """Let a line say ``amount`` instead of a fixed behaviour, as the reader does."""
    line["properties"]["amount"] = {
        "$ref": "#/$defs/Money",
        "description": "Short for a fixed behaviour [currency/year], or [currency] for one-off categories.",
    }
    line["required"] = [name for name in line["required"] if name != "behaviour"]
    line["oneOf"] = [{"required": ["behaviour"]}, {"required": ["amount"]}]
