"""The game behind an option: what each group of its members would pay by itself, and the rules that share by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from interlocal.case.document import Case
from interlocal.case.options import Option
from interlocal.costs.today import partners_with_figures
from interlocal.costs.world import Array
from interlocal.problems import InputError, Problem
from interlocal.sharing.amounts import pointer
from interlocal.sharing.game import Ends, Floats, Game, UndefinedError
from interlocal.sharing.large import LargeGame
from interlocal.sharing.points import equal_charge, gately, moriarity, scrb
from interlocal.sharing.sampling import SampledShapley
from interlocal.sharing.side_by_side import METHODS
from interlocal.sharing.stand_alone import StandAloneCosts, mask_of, whole_table

LARGEST_EXACT = 20
"""Members up to which every group is costed: a million groups take seconds, and all that is said of them can be found."""

WITHOUT_TABLE: dict[str, Callable[[Ends], Floats]] = {
    "scrb": scrb,
    "gately": gately,
    "moriarity": moriarity,
    "equal_charge": equal_charge,
}
"""Rules that need no more than the cost of each member alone and of all others without it."""


@dataclass(frozen=True)
class CaseGame:
    """A cost game of an option's members."""

    game: Game | LargeGame
    """Cost of each group: joint cost, members' own lines, and what is left of today's cost."""
    own: Array
    """``(members,)`` the part of a group's cost that each member bears itself, outside the formula."""
    year: int
    """The first year after the transition in which every recurring line runs."""
    basis: str
    """What the costs are and where they come from, in words."""
    period: str
    """The time the costs are of, in words: ``in 2027``, or ``over 2026–2035, in present value``."""
    in_present_value: bool
    """Whether costs are present values over the horizon [currency] rather than of one year [currency/year]."""


def cost_game(option: Option, case: Case, members: Sequence[str] | None = None) -> CaseGame:
    """Build the cost game of an option; beyond :data:`LARGEST_EXACT` members, one without a table.

    Parameters
    ----------
    members
        Those who take part; all members of the option where None.

    Raises
    ------
    InputError
        Where a member's cost of today is not known, or smaller groups are listed in an option too large for a table.
    """
    names = tuple(members or case.members(option))
    problems = []
    if unknown := [p for p in names if p not in partners_with_figures(case)]:
        problems.append(
            Problem(
                f"{pointer(option, case)}/formula/rule",
                f"option {option.id}, formula",
                f"a rule that needs what each partner pays alone, and no cost of today for {', '.join(unknown)}",
                "what each member pays today",
                "Add their spending, or choose a formula by a measure.",
            )
        )
    kind = option.stand_alone.kind if option.stand_alone else "lines"
    if len(names) > LARGEST_EXACT and (kind == "table" or option.feasible_groups is not None):
        key = "stand_alone" if kind == "table" else "feasible_groups"
        problems.append(
            Problem(
                f"{pointer(option, case)}/{key}",
                f"option {option.id}",
                f"groups listed one by one for {len(names)} members",
                f"at most {LARGEST_EXACT} members where groups are listed",
                "Name possible_leads instead: then any group with one of them could share.",
            )
        )
    if problems:
        raise InputError(problems)
    return _cost_game(_Asked(case.sha256, option.model_dump_json(), names, case, option))


def parts_by_game(kind: str, option: Option, members: Sequence[str], case: Case) -> Mapping[str, Array]:
    """Return each member's part of the joint cost by a rule of game theory: ``(1, 1)`` by member.

    The rule divides the whole cost; what a member bears itself is taken off its share first. Parts come from the
    expected game and are the same in every draw and year. Beyond :data:`LARGEST_EXACT` members the Shapley value is
    sampled; see :func:`sampled`.

    Raises
    ------
    InputError
        Where the rule has no answer for this game, with the reason.
    """
    if len(members) == 1:
        return {members[0]: np.ones((1, 1))}
    built = cost_game(option, case, members)
    joint = built.game.whole - float(built.own.sum())
    if joint <= 0:
        raise InputError(_undefined(kind, "There is no joint cost to share.", option, case))
    try:
        paid = _paid(kind, built.game)
    except UndefinedError as reason:
        raise InputError(_undefined(kind, str(reason), option, case)) from None
    return {p: np.full((1, 1), x) for p, x in zip(members, (paid - built.own) / joint, strict=True)}


@lru_cache(maxsize=16)
def sampled(game: LargeGame) -> SampledShapley:
    """Return the sampled Shapley value of a large game, always by the same draws."""
    return game.shapley()


def _paid(kind: str, game: Game | LargeGame) -> Floats:
    if isinstance(game, Game):
        return METHODS[kind](game)
    if kind == "shapley":
        return sampled(game).shares
    if kind in WITHOUT_TABLE:
        return WITHOUT_TABLE[kind](game)
    raise UndefinedError(
        f"It needs the cost of every group, and {game.n} partners have 2^{game.n} of them; up to {LARGEST_EXACT} "
        "partners are worked out"
    )


def _undefined(kind: str, reason: str, option: Option, case: Case) -> Problem:
    return Problem(
        f"{pointer(option, case)}/formula/rule",
        f"option {option.id}, formula",
        f"the rule {kind}, which has no answer for these costs: {reason.rstrip('.')}",
        "a rule that has one",
        "Try another rule, such as shapley or per_head.",
    )


@dataclass(frozen=True)
class _Asked:
    """What a game was asked for; the same content gives the same game."""

    sha256: str
    as_given: str
    members: tuple[str, ...]
    case: Case = field(compare=False)
    option: Option = field(compare=False)


@lru_cache(maxsize=64)
def _cost_game(asked: _Asked) -> CaseGame:
    members, n = asked.members, len(asked.members)
    exact = n <= LARGEST_EXACT
    costs = StandAloneCosts(asked.option, asked.case, members, 1 << n if exact else n * n)
    game: Game | LargeGame
    game = Game(members, whole_table(costs), "cost") if exact else LargeGame(members, _value(costs), "cost")
    return CaseGame(game, costs.own, costs.year, costs.basis, costs.period, costs.in_present_value)


def _value(costs: StandAloneCosts) -> Callable[[npt.NDArray[np.bool_]], Array]:
    """Return the cost of groups as a function: together where a group has a possible lead, and else each alone."""
    option, members = costs.option, costs.members
    leads = mask_of([p for p in members if not option.possible_leads or p in option.possible_leads], members)
    can_lead = np.array([bool(leads >> i & 1) for i in range(len(members))])

    def value(groups: npt.NDArray[np.bool_]) -> Array:
        numbers = groups.astype(float)
        could = (groups[:, can_lead].any(1) & (numbers.sum(1) > 1)) | groups.all(1)
        return np.where(could, costs.together(lambda each: numbers @ each), numbers @ costs.alone)

    return value
