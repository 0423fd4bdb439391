"""From people's rankings of goals or options to rank sums and tie terms, under the rules of suppression."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from interlocal.consensus.aggregates import RankAggregate
from interlocal.consensus.panels import Unit, panels
from interlocal.consensus.suppression import THRESHOLD, decide, numbered, repeated, threshold_problems
from interlocal.problems import InputError, Problem


@dataclass(frozen=True)
class Ranking:
    """One person's ranking of the items, as scores of which the lowest is the most important; equal scores tie."""

    rater: str
    scores: tuple[float, ...]
    wave: int = 1


def publish_rankings(
    items: Sequence[str], rankings: Collection[Ranking], *, threshold: int = THRESHOLD
) -> tuple[RankAggregate, ...]:
    """Return rank sums and tie terms of the panels that may be published, over all partners together.

    The rank of each item is an answer of its own: nothing is shown where any one of them could be worked out.

    Raises
    ------
    InputError
        For a threshold under 5, a ranking that does not score every item, or two rankings where there can be one.
    """
    problems = threshold_problems(threshold)
    problems += [
        Problem(
            f"/{row}/scores",
            f"ranking {row + 1}",
            f"{len(ranking.scores)} scores",
            f"one for each of the {len(items)} items",
            "Score every item; equal scores are ties.",
        )
        for row, ranking in enumerate(rankings)
        if len(ranking.scores) != len(items)
    ]
    problems += repeated((ranking.rater, ranking.wave) for ranking in rankings)
    if problems:
        raise InputError(problems)
    numbers = sorted({ranking.wave for ranking in rankings})
    values: list[dict[Unit, tuple[float, ...]]] = [{} for _ in numbers]
    for ranking in rankings:
        values[numbers.index(ranking.wave)][ranking.rater, ""] = _mean_ranks(ranking.scores)
    cut = panels([dict.fromkeys(wave, ()) for wave in values], threshold)
    names = numbered(cut)
    decided = decide(cut, values)
    return tuple(
        RankAggregate(
            number,
            names[panel],
            tuple(items),
            len(panel),
            tuple(sum(column) for column in zip(*(values[wave][unit] for unit in panel), strict=True)),
            sum(_tie_term(values[wave][unit]) for unit in panel),
        )
        for wave, number in enumerate(numbers)
        for panel in cut[wave].counted
        if (wave, panel) in decided
    )


def _mean_ranks(scores: Sequence[float]) -> tuple[float, ...]:
    return tuple(
        sum(other < score for other in scores) + (sum(other == score for other in scores) + 1) / 2
        for score in scores
    )


def _tie_term(ranks: Sequence[float]) -> float:
    return float(sum(ranks.count(rank) ** 3 - ranks.count(rank) for rank in set(ranks)))
