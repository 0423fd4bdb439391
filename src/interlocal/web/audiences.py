"""Who sees which entry of a case.

An entry for ``facilitator`` is seen by the facilitator and by the people of the partner it belongs to: the one it names
as ``partner`` or ``payer``, or in whose own section it stands. So a partner keeps its figures to itself until it
releases them. For everybody else a marker stands in its place, which says where the entry is and nothing about it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from interlocal.web.models import StudyRun
from interlocal.web.policies import Access

KEPT = "__kept"
"""Key of a marker; its value is the JSON pointer of the entry."""


def hide(data: Any, access: Access, pointer: str = "", owner: str | None = None) -> Any:
    """Return a document with a marker wherever an entry is not for this person."""
    if access.audience == "facilitator":
        return data
    if isinstance(data, dict):
        owner = data.get("payer") or data.get("partner") or owner
        owner = data.get("id") if _is_partner(pointer) else owner
        if data.get("visibility") == "facilitator" and owner not in access.partners:
            return {KEPT: pointer}
        ids = access.partners & data.keys()
        return {k: hide(v, access, f"{pointer}/{k}", k if k in ids else owner) for k, v in data.items()}
    if isinstance(data, list):
        return [hide(v, access, f"{pointer}/{i}", owner) for i, v in enumerate(data)]
    return data


def _is_partner(pointer: str) -> bool:
    parts = pointer.split("/")
    return len(parts) == 3 and parts[1] == "partners"


def kept_at(data: Any, pointer: str, access: Access) -> Any:
    """Return the entry a marker stands for, to be put back as it was; None where no hidden entry is there."""
    if not any(found == pointer for found in markers(hide(data, access))):
        return None
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data


def markers(data: Any) -> Iterator[str]:
    """Yield the pointer of each marker in a document."""
    if isinstance(data, dict):
        if KEPT in data:
            yield data[KEPT]
        for value in data.values():
            yield from markers(value)
    elif isinstance(data, list):
        for value in data:
            yield from markers(value)


def put_back(data: Any, held: Any, access: Access) -> Any:
    """Return a document with the hidden entries of ``held`` in place of their markers."""
    if isinstance(data, dict):
        if KEPT in data:
            return kept_at(held, data[KEPT], access)
        return {k: put_back(v, held, access) for k, v in data.items()}
    return [put_back(v, held, access) for v in data] if isinstance(data, list) else data


def without_hidden(data: Any, access: Access) -> Any:
    """Return a document without the entries that are not for this person."""
    return _drop(hide(data, access))


def _drop(data: Any) -> Any:
    if isinstance(data, dict):
        return {k: _drop(v) for k, v in data.items() if not (isinstance(v, dict) and KEPT in v)}
    if isinstance(data, list):
        return [_drop(v) for v in data if not (isinstance(v, dict) and KEPT in v)]
    return data


def as_json(data: Any) -> str:
    """Return a document as people read it."""
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def studies(access: Access) -> QuerySet[StudyRun]:
    """Return the runs this person may see, the latest first."""
    runs = access.case.studies.select_related("revision").defer("document", "views")
    return runs if access.audience == "facilitator" else runs.exclude(audience="facilitator")
