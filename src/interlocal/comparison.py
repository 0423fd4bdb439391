"""Two studies held against each other, future by future: what differs, and what is only chance.

Random numbers belong to names, so two studies of the same seed and number of draws see the same futures. What differs
is counted in each future before it is averaged; so a change of one figure shows although both answers are wide, and
what neither study changed differs by nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from interlocal import __version__
from interlocal.case.document import Case
from interlocal.costs.timing import steady_year
from interlocal.costs.world import Array
from interlocal.lessons.changed import advice_changes, finding_changes
from interlocal.numerics.draws import blocks
from interlocal.numerics.engine import run
from interlocal.numerics.summary import quantiles
from interlocal.problems import InputError, Problem
from interlocal.questions.joined import Joined
from interlocal.questions.simulation import BLOCK, simulate, why_unknown
from interlocal.study import Study

CLEAR = 3.0
"""Standard errors from which a difference is no chance: a page of thirty that differ by nothing names one in ten times."""
SLIGHT_CHANCE = 0.05
"""Half a step of "about 7 in 10": a clear difference that is smaller is called a little one."""
SLIGHT_AMOUNT = 0.02
"""Share of what it is held against below which a clear difference of money is called a little one."""
_EVEN = 1e-9
"""Share of a currency unit, or of what is called a little, up to which two amounts are one: numbers are rounded so."""
QUESTIONS = ("money", "service", "sustainability")

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Outcomes:
    """What each future brings for the proposed option of a case, by partner; ``None`` as key is the whole."""

    saving: Mapping[str | None, Array]
    """Net present saving ``(draws,)`` [currency]."""
    met: Mapping[str, Mapping[str | None, Flags]]
    """Per question, and for being better off: whether it is so ``(draws,)``."""
    bills: Mapping[str, Array]
    """Bill of the first steady year ``(detail draws,)`` [currency/year]."""
    alone: Mapping[str | None, float]
    """Mean present value of carrying on alone [currency]."""
    year: int
    annuity: float
    unknown: str | None


def compare(
    first: Study,
    second: Study,
    *,
    labels: tuple[str, str] = ("the first", "the second"),
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Return how the proposal of a second study differs from that of a first.

    Parameters
    ----------
    first, second
        Studies with the same seed, number of draws and audience, by this version of Interlocal.
    labels
        What each is called.
    progress, cancelled
        As for :func:`interlocal.study.study`.

    Returns
    -------
    dict
        ``answers`` (chance for the whole and each partner), ``better_off``, ``saving`` and ``bills`` with the
        difference counted in each future, ``findings`` whose verdict differs, ``advice``; a difference is the second
        less the first, and its ``word`` speaks of the second.

    Raises
    ------
    InputError
        Where the two did not see the same futures.
    """
    _same_futures(first, second)
    n = len(blocks(first.document["draws"], first.document["seed"], BLOCK))

    def told(start: int) -> Callable[[int, int], None] | None:
        return None if progress is None else lambda done, _: progress(start + done, 2 * n)

    a, b = (_outcomes(s, told(start), cancelled) for s, start in ((first, 0), (second, n)))
    answers = {q: _chances(a.met.get(q, {}), b.met.get(q, {})) for q in QUESTIONS}
    return {
        "format": 1,
        "interlocal": __version__,
        "seed": first.document["seed"],
        "draws": first.document["draws"],
        "audience": first.document["audience"],
        "sides": [_side(s, o, label) for s, o, label in zip((first, second), (a, b), labels, strict=True)],
        "partners": {p: row["name"] for s in (first, second) for p, row in s.document["case"]["partners"].items()},
        "answers": answers,
        "better_off": _chances(a.met.get("better_off", {}), b.met.get("better_off", {})),
        "saving": _savings(first.case, second.case, a, b),
        "bills": _bills(first.case, second.case, a, b),
        "findings": finding_changes(first.document, second.document, answers, CLEAR),
        "advice": advice_changes(first.document, second.document, CLEAR),
        "clear": CLEAR,
    }  # fmt: skip


def proposing(case: Case, option: str) -> Case:
    """Return a case that proposes another of its options."""
    return case.model_copy(update={"proposed": option})


def _same_futures(first: Study, second: Study) -> None:
    for key, what in (("draws", "futures"), ("seed", "seed"), ("audience", "audience"), ("interlocal", "version of Interlocal")):  # fmt: skip
        a, b = first.document[key], second.document[key]
        if a != b:
            raise InputError(Problem(f"/{key}", "the two studies", f"{what} {a} and {b}", f"the same {what} in both", "Run both again with the same settings."))  # fmt: skip
    if first.document["interlocal"] != __version__:
        made = first.document["interlocal"]
        raise InputError(Problem("/interlocal", "the two studies", f"studies by Interlocal {made}", f"studies by Interlocal {__version__}", "Run both again."))  # fmt: skip


def _outcomes(
    s: Study, progress: Callable[[int, int], None] | None, cancelled: Callable[[], bool] | None
) -> Outcomes:
    case, option = s.case, s.case.proposed_option
    horizon = case.assumptions.horizon
    rate = case.assumptions.discount.rate.central
    annuity = sum((1 + rate) ** -k for k in range(horizon.last - horizon.first + 1))
    reason = "The case proposes no shared option." if option is None else why_unknown(case, option)
    if option is None or reason is not None or option.kind == "do_nothing":
        return Outcomes({}, {}, {}, {}, horizon.first, annuity, reason or "To carry on as today is what all is held against.")  # fmt: skip
    cut = blocks(s.document["draws"], s.document["seed"], BLOCK)
    results = run(partial(simulate, case=case, in_depth=False), cut, progress=progress, cancelled=cancelled)
    j = Joined(case, option, results)
    rows: dict[str | None, int] = {p: case.partner_ids.index(p) for p in j.members}

    def by_partner(values: NDArray[Any]) -> dict[str | None, Any]:
        return {None: values[-1], **{p: values[i] for p, i in rows.items()}}

    npv = j.npv("pool")
    met: dict[str, dict[str | None, Flags]] = {
        "money": by_partner(npv > 0),
        "sustainability": by_partner(j.of(lambda part: part.stays)),
        "better_off": {p: j.of(lambda part: part.better_off)[i] for p, i in rows.items()},
    }
    if j.parts[0].service_met is not None:
        met["service"] = by_partner(j.of(lambda part: part.service_met))
    bills = j.of(lambda part: part.bills)
    steady = steady_year(option, horizon.first, horizon.first + bills.shape[2] - 1)
    alone = np.concatenate([r.alone for r in results], axis=1).mean(1)
    return Outcomes(
        saving=by_partner(npv),
        met=met,
        bills={p: bills[i, :, steady - horizon.first] for p, i in rows.items() if p} if option.kind == "shared" else {},
        alone={None: float(sum(alone[i] for i in rows.values())), **{p: float(alone[i]) for p, i in rows.items()}},
        year=steady,
        annuity=annuity,
        unknown=None,
    )  # fmt: skip


def _side(s: Study, found: Outcomes, label: str) -> dict[str, Any]:
    option = s.case.proposed_option
    return {
        "label": label,
        "sha256": s.case.sha256,
        "gate": s.case.gate,
        "option": option.id if option else None,
        "name": option.name if option else None,
        "members": list(s.case.members(option)) if option else [],
        "unknown": found.unknown,
    }


def _chances(a: Mapping[str | None, Flags], b: Mapping[str | None, Flags]) -> dict[str, Any]:
    """Return both chances and their difference, for the whole and for each partner in either."""
    return {
        "total": chances(a.get(None), b.get(None)),
        "partners": {p: chances(a.get(p), b.get(p)) for p in dict.fromkeys([*a, *b]) if p is not None},
    }


def chances(a: Flags | None, b: Flags | None) -> dict[str, Any]:
    """Return two chances over the same futures ``(draws,)``, their difference and the word for it.

    The standard error is that of paired proportions, with half a future added to each of the four ways in which two
    answers can fall: Agresti and Min (2005), doi:10.1002/sim.1781, so that a handful of futures proves nothing.
    """
    row: dict[str, Any] = {
        "first": None if a is None else float(a.mean()),
        "second": None if b is None else float(b.mean()),
        "difference": None,
        "standard_error": None,
        "word": "not known",
    }
    if a is None or b is None:
        return row
    n = a.size + 2
    won, lost = int(np.count_nonzero(b & ~a)), int(np.count_nonzero(a & ~b))
    apart, error = (won - lost) / n, sqrt(won + lost + 1 - (won - lost) ** 2 / n) / n
    row |= {"difference": row["second"] - row["first"], "standard_error": error}
    row["word"] = _word(apart, error, SLIGHT_CHANCE, differs=won + lost > 0)
    return row


def amounts(a: Array | None, b: Array | None, *, slight: float, scale: float = 1.0) -> dict[str, Any]:
    """Return two mean amounts over the same futures ``(draws,)``, their difference in each, and the word for it.

    Parameters
    ----------
    slight
        What is smaller is called a little [currency, before scaling].
    scale
        By which amounts are told, for instance as an equal yearly amount.
    """
    row: dict[str, Any] = {
        "first": None if a is None else float(a.mean()) * scale,
        "second": None if b is None else float(b.mean()) * scale,
        "difference": None,
        "p_more": None,
        "word": "not known",
    }
    if a is None or b is None:
        return row
    apart = b - a
    mean, error = float(apart.mean()), float(np.std(apart, ddof=1) / sqrt(apart.size))
    low, middle, high = quantiles(apart, (0.1, 0.5, 0.9))
    row["difference"] = {
        "mean": mean * scale, "p10": low * scale, "p50": middle * scale, "p90": high * scale, "standard_error": error * scale,
    }  # fmt: skip
    row["p_more"] = float(np.count_nonzero(apart > 0) / apart.size)
    row["word"] = _word(mean, error, slight, differs=bool(np.any(np.abs(apart) > _EVEN * max(1.0, slight))))
    return row


def _word(apart: float, error: float, slight: float, *, differs: bool) -> str:
    if not differs:
        return "no difference"
    if abs(apart) <= CLEAR * error:
        return "no clear difference"
    word = "better" if apart > 0 else "worse"
    return f"a little {word}" if abs(apart) < slight else word


def _savings(first: Case, second: Case, a: Outcomes, b: Outcomes) -> dict[str, Any]:
    """Return the saving as an equal yearly amount; where years or prices differ, both stand and none is better."""
    reason = _otherwise_counted(first, second)
    scale = 1 / a.annuity

    def one(p: str | None) -> dict[str, Any]:
        if reason is None:
            return amounts(a.saving.get(p), b.saving.get(p), slight=SLIGHT_AMOUNT * a.alone.get(p, 0.0), scale=scale)  # fmt: skip
        return _apart(amounts(a.saving.get(p), None, slight=0, scale=scale), amounts(None, b.saving.get(p), slight=0, scale=1 / b.annuity), reason)  # fmt: skip

    partners = [p for p in dict.fromkeys([*a.saving, *b.saving]) if p is not None]
    return {
        "currency": [first.currency, second.currency],
        "not_comparable": reason,
        "total": one(None),
        "partners": {p: one(p) for p in partners},
    }


def _apart(a: dict[str, Any], b: dict[str, Any], reason: str | None) -> dict[str, Any]:
    return {**a, "second": b["second"], "word": "not comparable" if reason else "not known"}


def _otherwise_counted(first: Case, second: Case) -> str | None:
    """Return why amounts of two cases cannot be held against each other, or None where they can."""
    x, y = first.assumptions, second.assumptions
    ways = [
        name
        for name, before, after in (
            ("the currency", first.currency, second.currency),
            ("the years counted", (x.horizon.first, x.horizon.last), (y.horizon.first, y.horizon.last)),
            ("prices of each year or constant prices", x.price_basis, y.price_basis),
            ("the discount rate", x.discount.rate, y.discount.rate),
        )
        if before != after
    ]
    return f"Amounts are counted otherwise: {', '.join(ways)} changed." if ways else None


def _bills(first: Case, second: Case, a: Outcomes, b: Outcomes) -> dict[str, Any]:
    """Return what each pays in the first steady year, where both look at the same one."""
    reason = _otherwise_counted(first, second)
    if reason is None and a.bills and b.bills and a.year != b.year:
        reason = f"The first steady year is {a.year} in one and {b.year} in the other."
    rows = {}
    for p in dict.fromkeys([*a.bills, *b.bills]):
        x, y = a.bills.get(p), b.bills.get(p)
        slight = SLIGHT_AMOUNT * float(x.mean()) if x is not None else 0.0
        rows[p] = (
            amounts(x, y, slight=slight)
            if reason is None
            else _apart(amounts(x, None, slight=0), amounts(None, y, slight=0), reason)
        )
    return {"years": [a.year, b.year], "not_comparable": reason, "partners": rows}
