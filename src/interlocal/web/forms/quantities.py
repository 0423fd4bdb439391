"""Quantities as people say them: ``180–210k``, ``about 12 %``, ``180k, likely 190k, to 210k``; and back into such words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

EXAMPLES = "412,000 · 180–210k · 180k, likely 190k, to 210k · about 12 % · p10 180k, p50 190k, p90 210k · mean 190k, sd 12k"
_UNITS = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "%": 0.01, "percent": 0.01}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>[-−])?\s*(?:[$€£]|[A-Z]{3}\s)?\s*(?P<digits>\d[\d,_]*(?:\.\d+)?|\.\d+)(?:[eE](?P<power>[-+]?\d+))?"
    r"\s*(?P<unit>%|(?:k|m|bn|thousand|million|billion|percent)\b)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^(about|around|roughly|approximately|approx\.?|ca\.?|some|~|≈)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:–|—|\bto\b|\band\b|\.\.|(?<=[\d%kKmM])\s*-)\s*", re.IGNORECASE)
_LIKELY = re.compile(
    r"[,;(]?\s*(?:most\s+)?(?:likely|probably)\s+"
    r"(?P<n>[-−$€£\s]*(?:\d(?:[\d,._]*\d)?|\.\d+)(?:e[-+]?\d+)?\s*(?:%|(?:k|m|bn|thousand|million|billion|percent)\b)?)\s*\)?",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(p10|p50|p90|mean|sd)\b\s*[:=]?\s*", re.IGNORECASE)
_SHAPE = re.compile(r"[,;(]?\s*\b(triangular|lognormal|pert|normal)\b\s*\)?", re.IGNORECASE)


class NotUnderstood(ValueError):  # noqa: N818 - what happened, said to a person
    """The words are not a quantity; the message says what was expected."""


def understand(text: str) -> dict[str, Any]:
    """Return the numbers of a quantity as the case format writes them.

    Raises
    ------
    NotUnderstood
        Where the words are not a quantity.
    """
    text = text.strip()
    shape = _SHAPE.search(text)
    rest = _SHAPE.sub("", text).strip() if shape else text
    found = _numbers(rest)
    if shape:
        found["shape"] = shape.group(1).lower()
    return found


def _numbers(text: str) -> dict[str, Any]:
    about = _ABOUT.match(text)
    if about:
        text = text[about.end() :]
    if _NAMED.search(text):
        parts = _NAMED.split(text)[1:]
        names = [n.lower() for n in parts[::2]]
        return dict(zip(names, _same_unit([p.strip(" ,;") for p in parts[1::2]]), strict=True))
    if ":" in text:
        pairs = [p.split(":") for p in re.split(r"[;\n]", text) if p.strip()]
        if any(len(p) != 2 for p in pairs):
            raise NotUnderstood("values with their chances, like 100: 30 %; 200: 70 %")
        return {"values": [_one(v) for v, _ in pairs], "probabilities": [_one(p) for _, p in pairs]}
    if ";" in text:
        return {"values": [_one(v) for v in text.split(";") if v.strip()]}
    text = re.sub(r"^between\s+", "", text, flags=re.IGNORECASE)
    likely = _LIKELY.search(text)
    if likely:
        ends = [e.strip(" ,;") for e in _RANGE.split(_LIKELY.sub(" – ", text, count=1)) if e.strip(" ,;")]
        if len(ends) != 2:
            raise NotUnderstood("a lowest, a likely and a highest value, like 180k, likely 190k, to 210k")
        low, middle, high = _same_unit([ends[0], likely.group("n"), ends[1]])
        return {"low": low, "likely": middle, "high": high}
    if "±" in text:
        middle_text, _, spread_text = text.partition("±")
        middle, spread = _one(middle_text), _one(spread_text)
        # "190k ± 5 %" means five percent of it; "12 % ± 2 %" means two points.
        if "%" in spread_text and "%" not in middle_text:
            spread *= middle
        return {"low": middle - spread, "likely": middle, "high": middle + spread}
    ends = [e for e in _RANGE.split(text) if e.strip()]
    if len(ends) == 2:
        low, high = _same_unit(ends)
        return {"low": low, "likely": round((low + high) / 2, 10), "high": high}
    if len(ends) == 3:
        low, middle, high = _same_unit(ends)
        return {"low": low, "likely": middle, "high": high}
    return {"value": _one(text)} | ({"basis": "estimate"} if about else {})


def _same_unit(texts: list[str]) -> list[float]:
    """Read numbers of which the last may carry the unit of all: ``180–210k``."""
    matches = [_match(t) for t in texts]
    unit = matches[-1].group("unit")
    return [_value(m, unit) for m in matches]


def _one(text: str) -> float:
    return _value(_match(text), None)


def _match(text: str) -> re.Match[str]:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise NotUnderstood(f"a number or a range, like {EXAMPLES}")
    return match


def _value(match: re.Match[str], unit_of_all: str | None) -> float:
    unit = match.group("unit") or unit_of_all
    digits = match.group("digits").replace(",", "").replace("_", "")
    number = float(f"{digits}e{match.group('power') or 0}")
    if unit:
        factor = _UNITS[unit.lower()]
        number = round(number * factor, 12) if factor < 1 else number * factor
    if not math.isfinite(number):
        raise NotUnderstood(f"a number that can be counted with, like {EXAMPLES}")
    return -number if match.group("sign") else number


def say(quantity: Any) -> str:
    """Return a quantity of a case in words that :func:`understand` reads back to the same numbers."""
    if not isinstance(quantity, Mapping):
        return _plain(quantity)
    q = quantity
    shape = f", {q['shape']}" if q.get("shape") else ""
    if "value" in q:
        return _plain(q["value"])
    if "likely" in q:
        return f"{_plain(q['low'])}, likely {_plain(q['likely'])}, to {_plain(q['high'])}{shape}"
    if "p10" in q or "mean" in q:
        names = ("p10", "p50", "p90") if "p10" in q else ("mean", "sd")
        return ", ".join(f"{n} {_plain(q[n])}" for n in names if n in q) + shape
    if "probabilities" in q:
        return "; ".join(
            f"{_plain(v)}: {_plain(p)}" for v, p in zip(q["values"], q["probabilities"], strict=True)
        )
    if "values" in q:
        return "; ".join(map(_plain, q["values"])) + (";" if len(q["values"]) == 1 else "")
    return ""


def understood(quantity: Any) -> str:
    """Return what was understood, in a sentence a person can check."""
    if not isinstance(quantity, Mapping):
        return _plain(quantity)
    q = quantity
    if "value" in q:
        return _plain(q["value"]) + (", an estimate" if q.get("basis") == "estimate" else "")
    if "likely" in q:
        return f"between {_plain(q['low'])} and {_plain(q['high'])}, most likely {_plain(q['likely'])}"
    if "p10" in q:
        return f"1 in 10 below {_plain(q['p10'])}, half below {_plain(q['p50'])}, 1 in 10 above {_plain(q['p90'])}"  # fmt: skip
    if "mean" in q:
        return f"around {_plain(q['mean'])}, give or take {_plain(q.get('sd', 0))}"
    if "probabilities" in q:
        return ", ".join(
            f"{_plain(v)} in {p:.0%} of futures" for v, p in zip(q["values"], q["probabilities"], strict=True)
        )
    return f"one of {', '.join(map(_plain, q.get('values', ())))}"


def _plain(number: Any) -> str:
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        number = int(number)
    return f"{number:,}" if isinstance(number, int) else repr(number)
