"""How long the 42 lessons take beyond the simulation of a case in which every lesson has something to read."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from interlocal.case.read import read_case
from interlocal.consensus.answer import consensus_answer
from interlocal.lessons import findings
from interlocal.study import study

CASE = Path(__file__).parents[1] / "examples" / "juniper-valley" / "case.yaml"
TARGET, REPEATS = 200, 9
"""Milliseconds that the findings may take; runs of which the median counts."""


def run() -> str:
    """Return the section of the results on the lessons."""
    case = read_case(CASE)
    document = study(case, draws=10_000).document
    rows = {
        "the 42 findings": [_milliseconds(lambda: findings(case, document)) for _ in range(REPEATS)],
        "what surveys found": [
            _milliseconds(lambda: consensus_answer(case, {"facilitator", "partners", "public"}))
            for _ in range(REPEATS)
        ],
    }
    lines = [f"| {name} | {statistics.median(times):,.0f} |" for name, times in rows.items()]
    return "\n".join(
        [
            "## The 42 lessons",
            "",
            f"All findings on `examples/juniper-valley`, beyond its simulation; at most {TARGET} ms are wanted.",
            "",
            "| what | median [ms] |",
            "| --- | ---: |",
            *lines,
            "",
        ]
    )


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
