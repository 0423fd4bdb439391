"""How the findings about a region are said: numbers, chances, likenesses and marks in plain words."""

from __future__ import annotations

from typing import Any


def words(service: str) -> str:
    """Return a service's id as words."""
    return service.replace("_", " ").capitalize()


def number(value: float) -> str:
    """Return a number as people read it, rounded to three figures where it is large: not more is known."""
    if abs(value) < 1000:
        return f"{value:,.0f}"
    return f"{float(f'{value:.3g}'):,.0f}"


def chance(probability: float) -> str:
    """Say a probability in tenths."""
    tenths = round(10 * probability)
    if tenths == 0:
        return "less than 1 in 10"
    return "more than 9 in 10" if tenths == 10 else f"about {tenths} in 10"


def alike(unlikeness: dict[str, float | None]) -> str:
    """Say how far apart the members are."""
    said = [
        f"{name.replace('_', ' ')} × {ratio:.3g}"
        for name, ratio in unlikeness.items()
        if ratio and name != "km"
    ]
    if (apart := unlikeness.get("km")) is not None:
        said.append(f"{apart:g} km")
    return ", ".join(said)


def marks_in_words(entry: dict[str, Any]) -> str:
    """Say what registers tell of a candidate."""
    said = [f"already shares: {', '.join(entry['agreements'])}"] if entry["agreements"] else []
    if entry["duplicated"]["units"]:
        said.append(f"{entry['duplicated']['units']:g} units between them")
    if entry["duplicated"]["posts"]:
        said.append(f"posts held twice: {', '.join(entry['duplicated']['posts'])}")
    said += [f"{w['post']} free in {w['year']}" for w in entry["leadership_windows"]]
    return "; ".join(said) or "none known"
