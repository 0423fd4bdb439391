"""From draws to answers: probabilities with their standard errors, percentiles, payback; JSON-ready.

A saving is positive and a cost negative. What is not known is None, with a reason beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlocal.costs.world import Array
from interlocal.numerics.summary import probability, quantiles

VERDICTS = ((0.9, "yes"), (0.67, "likely"), (0.33, "even"), (0.1, "unlikely"), (0.0, "no"))


def verdict(p: float | None) -> str:
    """Word for a probability: yes, likely, even, unlikely, no; unknown where there is none."""
    if p is None:
        return "unknown"
    return next(word for least, word in VERDICTS if p >= least)


def number(npv: Array, payback: NDArray[np.float32]) -> dict[str, Any]:
    """Answer for one partner or the whole: the object N of study.json.

    Parameters
    ----------
    npv
        ``(draws,)`` net present saving [currency].
    payback
        ``(draws,)`` payback year; inf where never.
    """
    p, error = probability(npv > 0)
    low, middle, high = quantiles(npv, (0.1, 0.5, 0.9))
    return {
        "p_saves": p,
        "npv": {"mean": float(npv.mean()), "p10": low, "p50": middle, "p90": high},
        "payback_year": payback_answer(payback),
        "standard_error": error,
    }


def payback_answer(payback: NDArray[np.float32]) -> dict[str, Any] | None:
    """Percentiles of the payback year, None for those that lie beyond the horizon; None where it seldom pays back."""
    within = float(np.isfinite(payback).mean())
    if within < 0.1:
        return None
    ordered = np.sort(payback)
    at = {k: ordered[min(int(np.ceil(q * len(ordered))) - 1, len(ordered) - 1)] for k, q in _PERCENT.items()}
    return {k: int(v) if np.isfinite(v) else None for k, v in at.items()} | {"p_within_horizon": within}


_PERCENT = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def both(
    npv: Array, payback: NDArray[np.float32], partners: Sequence[str], members: Sequence[str]
) -> dict[str, Any]:
    """Answers for the whole and for each member: the object R of study.json; the last row is the whole."""
    return {
        "total": number(npv[-1], payback[-1]),
        "partners": {p: number(npv[i], payback[i]) for i, p in enumerate(partners) if p in members},
    }


def fan(
    yearly: Array, years: Sequence[int], partners: Sequence[str], members: Sequence[str]
) -> dict[str, Any]:
    """Percentiles of yearly savings: ``(partners + 1, draws, years)`` → one band per partner and for the whole."""

    def band(row: int) -> dict[str, list[float]]:
        rows = np.quantile(yearly[row], [0.1, 0.25, 0.5, 0.75, 0.9], axis=0)
        return {
            k: [float(x) for x in row]
            for k, row in zip(("p10", "p25", "p50", "p75", "p90"), rows, strict=True)
        }

    return {
        "years": list(years),
        "draws": int(yearly.shape[1]),
        "total": band(-1),
        "partners": {p: band(i) for i, p in enumerate(partners) if p in members},
    }


def share_of(flags: NDArray[np.bool_]) -> dict[str, float]:
    """Probability with its standard error."""
    p, error = probability(flags)
    return {"p": p, "standard_error": error}
