"""How long each page over a large register takes: a hundred agreements, thirty members, ten years of records."""

from __future__ import annotations

import datetime as dt
import json
import statistics
import time
from collections.abc import Callable

from interlocal.partnership.directory import directory
from interlocal.partnership.due import digest, due, feed
from interlocal.partnership.endings import learned
from interlocal.partnership.overview import Overview
from interlocal.partnership.register import Register
from interlocal.report.paper_page import to_page
from interlocal.report.partnership import overview, victories

AGREEMENTS, MEMBERS, YEARS, FIRST = 100, 30, 10, 2017
TARGET, REPEATS = 150, 7
"""Milliseconds that a page may take; runs of which the median counts."""


def run() -> str:
    """Return the section of the results on running partnerships."""
    text = json.dumps(_plain())
    started = time.perf_counter()
    register = Register.model_validate_json(text)
    read = 1000 * (time.perf_counter() - started)
    agreement = register.agreements[41]
    stamp = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)

    def fresh() -> Overview:
        return Overview(register, agreement)

    to_page(overview(fresh()))  # the first picture loads the drawing library
    rows = {
        "what comes due, all agreements": lambda: due(register),
        "calendar feed, all agreements": lambda: feed(register, due(register), stamp=stamp),
        "letter to one organisation": lambda: digest(register, "m1"),
        "public directory": lambda: directory(register),
        "what ended and what was learned": lambda: learned(register),
        "bills of the latest year, one agreement": lambda: fresh().statements,
        "promised against actual, one agreement": lambda: fresh().totals,
        "rhythm and relationship, one agreement": lambda: (fresh().rhythm, fresh().relationship),
        "whole page of one agreement": lambda: to_page(overview(fresh())),
        "page for residents": lambda: to_page(victories(fresh())),
    }
    intro = (
        f"A register of {AGREEMENTS} agreements with {MEMBERS} members and {YEARS} years of books and records each, read "
        f"from {len(text) / 1e6:.0f} MB in {read:,.0f} ms (once, when it is loaded). Each page from the register in memory, "
        f"nothing kept from one to the next; at most {TARGET} ms are wanted."
    )
    lines = [f"| {name} | {_median(work):,.0f} |" for name, work in rows.items()]
    return "\n".join(
        [
            "## Running partnerships",
            "",
            intro,
            "",
            "| page | median [ms] |",
            "| --- | ---: |",
            *lines,
            "",
        ]
    )


def _median(work: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def _plain() -> dict[str, object]:
    members = [f"m{i}" for i in range(MEMBERS)]
    return {
        "format": 1,
        "title": "A large register (made up)",
        "as_of": "2026-06-30",
        "currency": "USD",
        "fictional": True,
        "organisations": [{"id": p, "name": f"Member {p[1:]}"} for p in members],
        "agreements": [_agreement(k, members) for k in range(AGREEMENTS)],
    }


def _agreement(k: int, members: list[str]) -> dict[str, object]:
    years = range(FIRST, FIRST + YEARS)
    rule = {"kind": "two_part", "readiness_share": 0.4, "use_by": "calls"}
    return {
        "id": f"a{k}",
        "title": f"Agreement {k}",
        "service": "dispatch",
        "parties": [{"organisation": p} for p in members],
        "lead": "m0",
        "starts": f"{FIRST}-01-01",
        "ends": "2027-12-31",
        "notice_months": 12,
        "publication": {"listed": True, "results": True},
        "formula": {"rule": rule, "true_up": "year_end", "reserve_contribution": 0.02},
        "instalments": {"months": [1, 4, 7, 10]},
        "years": [
            {
                "year": y,
                "lines": [
                    {"id": f"l{j}", "budget": 100_000 * (j + 1) + k + y} | ({"actual": 101_000 * (j + 1)} if y < 2026 else {})
                    for j in range(5)
                ],
                "drivers": {d: {p: 1000 + 37 * i + y % 7 for i, p in enumerate(members)} for d in ("population", "calls")},
                "payments": [{"id": f"p{i}{q}", "organisation": p, "on": f"{y}-0{3 * q + 1}-20", "amount": 9000} for i, p in enumerate(members) for q in range(3)],
                "restatements": [{"id": "r", "organisation": "m3", "driver": "calls", "value": 990, "on": f"{y + 1}-02-01", "why": "counted twice"}] if y < 2026 else [],
            }
            | ({"closed_on": f"{y + 1}-04-01"} if y < 2026 else {})
            for y in years
        ],
        "baseline": {
            "frozen_on": "2016-10-01",
            "price_growth": 0.02,
            "price_year": 2016,
            "years": [{"organisation": p, "year": y, "do_nothing": 60_000, "together": 51_000} for y in years for p in members],
        },
        "records": [
            *({"id": f"c{y}{p}", "kind": "cost", "organisation": p, "year": y, "value": 50_000, "certified_by": "Auditor"} for y in years for p in members),
            *({"id": f"i{y}", "kind": "price_index", "year": y, "value": 100 + 2.2 * (y - 2016), "certified_by": "Auditor"} for y in years),
        ],
        "life": {
            "rhythm_days": 60,
            "check_ins": [{"planned": f"{y}-{m:02}-10", "held": f"{y}-{m:02}-10", "attended": members[:25], "decided": ["Go on"]} for y in years for m in range(1, 13, 2)],
            "actions": [{"id": f"x{y}{i}", "text": "Do it", "owner": "Chief", "due": f"{y}-06-01"} | ({"closed_on": f"{y}-05-20"} if y < 2026 else {}) for y in years for i in range(5)],
            "issues": [{"id": f"s{y}", "text": "Late report", "opened_on": f"{y}-03-01", "closed_on": f"{y}-04-01"} for y in years],
            "pulses": [{"id": f"w{y}", "kind": "pulse", "closed_on": f"{y}-05-01", "cells": [{"statement": "work", "panel": 1, "invited": 40, "counts": [1, 2, 9, 12, 6]}]} for y in years],
            "milestones": [{"id": f"v{y}", "text": "Something good", "due": f"{y}-12-01", "reached_on": f"{y}-11-01", "told_public_on": f"{y}-11-05"} for y in range(FIRST, 2026)],
        },
    }  # fmt: skip
