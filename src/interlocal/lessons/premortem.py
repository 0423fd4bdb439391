"""The pre-mortem: suppose it failed; how it went wrong, where the sign is today, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from interlocal.lessons.catalogue import items
from interlocal.lessons.finding import Finding
from interlocal.reference.files import toml

_SIGNS = ("warning", "watch", "unknown", "clear", None)
"""Verdicts in the order in which their stories are told: those with a sign first, what is withheld last."""


@cache
def stories() -> dict[str, str]:
    """Return how each way to fail goes, by item."""
    return {row["id"]: row["goes_wrong"] for row in toml("premortem")["story"]}


def premortem(findings: Sequence[Finding], hidden: Collection[str]) -> list[dict[str, Any]]:
    """Return the eleven stories, those with a sign in this case first.

    Parameters
    ----------
    findings
        The findings on a case.
    hidden
        Items whose findings are not for the audience: the story is told, the sign is not.

    Returns
    -------
    list of dict
        ``item``, ``label``, ``goes_wrong``, ``verdict`` (None where withheld), ``due``, ``signs`` (the evidence of the
        finding) and ``do`` (``text`` and ``who``).
    """
    told = [_told(f, withheld=f.item in hidden) for f in findings if f.item in stories()]
    return sorted(told, key=lambda row: (_SIGNS.index(row["verdict"]), not row["due"]))


def _told(finding: Finding, *, withheld: bool) -> dict[str, Any]:
    item = items()[finding.item]
    steps = item.remedy if withheld else finding.next_steps or item.remedy
    evidence = () if withheld else finding.because
    return {
        "item": item.id,
        "label": item.label,
        "goes_wrong": stories()[item.id],
        "verdict": None if withheld else finding.verdict,
        "due": finding.due,
        "signs": [{"text": e.text, "pointer": e.pointer} for e in evidence],
        "do": [asdict(s) for s in steps],
    }
