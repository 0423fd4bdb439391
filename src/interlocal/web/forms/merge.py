"""Bring two people's changes to one part of a case together; where they changed the same thing, say so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_NOTHING = object()


@dataclass(frozen=True)
class Change:
    """Something that differs: where, as JSON pointer, and what stands there on both sides."""

    pointer: str
    theirs: str
    mine: str


def merge(base: Any, theirs: Any, mine: Any, pointer: str = "") -> tuple[Any, list[Change]]:
    """Return both changes together (mine where both changed the same), and what both changed."""
    if mine in (base, theirs):
        return theirs, []
    if theirs == base:
        return mine, []
    if all(isinstance(x, dict) for x in (base, theirs, mine)):
        return _merge_keys(base, theirs, mine, pointer)
    keyed = [_by_id(x) for x in (base, theirs, mine)]
    if all(k is not None for k in keyed):
        first, second, third = (k or {} for k in keyed)
        merged, changes = _merge_keys(first, second, third, pointer)
        return list(merged.values()), changes
    return mine, [Change(pointer, as_text(theirs), as_text(mine))]


def _merge_keys(base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any], pointer: str) -> tuple[dict[str, Any], list[Change]]:  # fmt: skip
    merged, changes = {}, []
    for key in dict.fromkeys([*theirs, *mine]):
        value, found = merge(base.get(key, _NOTHING), theirs.get(key, _NOTHING), mine.get(key, _NOTHING), f"{pointer}/{key}")  # fmt: skip
        changes += found
        if value is not _NOTHING:
            merged[key] = value
    return merged, changes


def _by_id(value: Any) -> dict[str, Any] | None:
    """Return entries by what tells them apart, their id or their year; None where nothing does."""
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        return None
    for name in ("id", "year"):
        found = {str(v[name]): v for v in value if name in v}
        if len(found) == len(value):
            return found
    return None


def entry_of(entries: Any, key: str) -> Any:
    """Return the entry of a list that a pointer means by this id or year; None where there is none."""
    return (_by_id(entries) or {}).get(key)


def differences(before: Any, after: Any, pointer: str = "") -> list[Change]:
    """Return what changed from one document to another, place by place."""
    if before == after:
        return []
    pair = (before, after)
    if not all(isinstance(x, dict) for x in pair):
        pair = tuple(_by_id(x) for x in pair)  # type: ignore[assignment]
    if all(isinstance(x, dict) for x in pair):
        first, second = pair
        return [
            c
            for key in dict.fromkeys([*first, *second])
            for c in differences(first.get(key, _NOTHING), second.get(key, _NOTHING), f"{pointer}/{key}")
        ]
    return [Change(pointer, as_text(before), as_text(after))]


def as_text(value: Any) -> str:
    """Return a value as people read it beside another."""
    if value is _NOTHING or value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
