"""What must hold between a cost line, its payer and the option it belongs to.

Each rule yields ``(location, found, expected, fix)``, as in :mod:`interlocal.case.check`.
"""

from __future__ import annotations

from collections.abc import Iterator

from interlocal.case.document import Case
from interlocal.case.options import CostLine, Option, StepCost, VariableCost
from interlocal.case.walk import Location
from interlocal.problems import nearest

Finding = tuple[Location, str, str, str]


def check_lines(case: Case) -> Iterator[Finding]:
    """Yield everything in leads and cost lines that does not fit their option."""
    for o, option in enumerate(case.options):
        members = case.members(option)
        if option.lead is not None and option.lead not in members:
            yield (
                ("options", o, "lead"),
                f"the lead {option.lead}, which is not a member",
                "one of the members",
                "Add it to members, or name another lead.",
            )
        for i, line in enumerate(option.lines):
            at: Location = ("options", o, "lines", i)
            yield from _line(case, option, members, line, at)


def _line(
    case: Case, option: Option, members: tuple[str, ...], line: CostLine, at: Location
) -> Iterator[Finding]:
    joint = line.scope == "joint" or (line.scope is None and line.payer is None)
    if joint and option.kind != "shared":
        yield (
            (*at, "payer"),
            "a joint line" if line.scope else "no payer",
            "the partner that pays, as nothing is shared in this option",
            "Add payer.",
        )
    if line.scope == "joint" and line.payer is not None:
        yield (
            (*at, "payer"),
            f"a joint line with payer {line.payer}",
            "one or the other",
            "Remove payer or scope.",
        )
    if line.scope == "own" and line.payer is None:
        yield (*at, "scope"), "an own line without payer", "the partner that pays it", "Add payer."
    if line.payer is not None and line.payer in case.partner_ids and line.payer not in members:
        yield (
            (*at, "payer"),
            f"{line.payer}, which is not a member of this option",
            "one of its members",
            "Add it to members, or name another payer.",
        )
    if any(not 0 <= x <= 1 for x in line.avoidable.numbers()):
        yield (
            (*at, "avoidable"),
            f"{max(line.avoidable.numbers(), key=abs):g}",
            "a share from 0 to 1",
            "Write 0.8 for 80 %.",
        )
    behaviour = line.behaviour
    if isinstance(behaviour, (StepCost, VariableCost)):
        who = members if joint else tuple(p for p in (line.payer,) if p in case.partner_ids)
        lacking = [p for p in who if behaviour.driver not in case.partner(p).measures]
        if lacking:
            known = {m for p in case.partners for m in p.measures}
            close = nearest(behaviour.driver, known)
            yield (
                (*at, "behaviour", "driver"),
                f"the measure {behaviour.driver}, which {', '.join(lacking)} "
                + ("does not have" if len(lacking) == 1 else "do not have"),
                "a measure that each of them has",
                f"Did you mean {close}?"
                if close and close != behaviour.driver
                else "Add it to their measures.",
            )
