"""How far people agree, from counts by level and from rank sums: distributions first, indices beside them.

Levels are 1 to K; the counts of level k stand at position k − 1.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from interlocal.consensus.aggregates import Aggregate, RankAggregate, pooled

FEW_RATERS = 8
"""With fewer answers it is too few to tell, and no significance is claimed (judgement)."""
STRENGTH, DISCUSS = 4.0, 3.0
"""Collaboration inventories on 1–5: 4.0 and more a strength, below 3.0 to address (recalled, confidence 0.9)."""
STABLE_SHIFT = 0.15
"""Largest share of answers that moved between two waves of the same people for the round to be settled (judgement)."""

Band = Literal["strength", "discuss", "address"]
Side = Literal["partner", "group"]


@dataclass(frozen=True)
class Agreement:
    """The answers to one statement, with what can be said of them."""

    counts: tuple[int, ...]
    invited: int
    mean: float
    median: float
    band: Band
    consensus: float
    """Tastle–Wierman, 0 (split between the ends) to 1 (all the same)."""
    disagreement: float
    """RAND/UCLA: spread over the allowed spread; above 1 the panel disagrees."""
    too_few: bool
    """Too few answers to tell: show the distribution, say nothing of agreement."""

    @property
    def answers(self) -> int:
        """Number of answers."""
        return sum(self.counts)

    @property
    def silent(self) -> float:
        """Share of those invited of whom no answer is shown; what they think we do not know."""
        return 1 - self.answers / self.invited if self.invited else 0.0


@dataclass(frozen=True)
class Difference:
    """Two sides that see a statement differently: ``high`` rates it ``gap`` levels better than ``low``."""

    statement: str
    side: Side
    high: str
    low: str
    gap: float


@dataclass(frozen=True)
class Concordance:
    """Kendall's W of m rankers over n items, and its test where there are enough rankers."""

    w: float
    rankers: int
    p_value: float | None
    """Chance of so high a W from rankings made at random; None with fewer than 8 rankers."""
    dividing: tuple[str, ...]
    """All items, those first whose place the rankers agree on least: their rank sums lie nearest the middle."""


def agreement(aggregates: Iterable[Aggregate]) -> Agreement | None:
    """Return the agreement over several panels, or None where nothing may be shown."""
    parts = list(aggregates)
    counts = pooled(parts)
    if not any(counts):
        return None
    return Agreement(
        counts,
        sum(part.invited for part in parts),
        mean(counts),
        percentile(counts, 0.5),
        band(mean(counts)),
        tastle_wierman(counts),
        rand_ucla(counts),
        sum(counts) < FEW_RATERS,
    )


def mean(counts: Sequence[int]) -> float:
    """Return the mean level."""
    return sum(level * count for level, count in enumerate(counts, 1)) / sum(counts)


def percentile(counts: Sequence[int], p: float) -> float:
    """Return the level below which a share ``p`` of answers lies, interpolated between neighbours in order."""
    answers = [level for level, count in enumerate(counts, 1) for _ in range(count)]
    place = p * (len(answers) - 1)
    below = math.floor(place)
    above = min(below + 1, len(answers) - 1)
    return answers[below] + (place - below) * (answers[above] - answers[below])


def band(level: float) -> Band:
    """Return the band of a mean level, read as it is printed: to one decimal, halves up."""
    printed = math.floor(level * 10 + 0.5) / 10
    return "strength" if printed >= STRENGTH else "discuss" if printed >= DISCUSS else "address"


def tastle_wierman(counts: Sequence[int]) -> float:
    """Return the consensus 1 + Σ pₖ log₂(1 − |k − μ| / d), with d the distance of the end levels.

    Tastle and Wierman (2007), doi:10.1016/j.ijar.2006.06.024. It is 1 where all agree and 0 where half stand at
    either end.
    """
    total, average, width = sum(counts), mean(counts), len(counts) - 1
    return 1 + sum(
        count / total * math.log2(1 - abs(level - average) / width)
        for level, count in enumerate(counts, 1)
        if count
    )


def allowed_spread(p30: float, p70: float) -> float:
    """Return the RAND/UCLA spread adjusted for symmetry, on the nine-point scale: 2.35 + 1.5 |5 − (P30 + P70) / 2|."""
    return 2.35 + 1.5 * abs(5 - (p30 + p70) / 2)


def rand_ucla(counts: Sequence[int]) -> float:
    """Return (P70 − P30) over the allowed spread; more than 1 is disagreement.

    The formula is made for nine levels; another number of levels is stretched to 1–9 first.
    """
    stretch = 8 / (len(counts) - 1)
    p30, p70 = (1 + (percentile(counts, p) - 1) * stretch for p in (0.3, 0.7))
    return (p70 - p30) / allowed_spread(p30, p70)


def kendall(ranking: RankAggregate) -> Concordance:
    """Return Kendall's coefficient of concordance, corrected for ties.

    W = 12 S / (m²(n³ − n) − m ΣT), S the squared deviations of the rank sums and T = Σ (t³ − t) of each ranker's ties;
    χ² = m (n − 1) W with n − 1 degrees of freedom. Kendall and Babington Smith (1939), doi:10.1214/aoms/1177732186.
    """
    m, n = ranking.rankers, len(ranking.items)
    middle = m * (n + 1) / 2
    squares = sum((rank_sum - middle) ** 2 for rank_sum in ranking.rank_sums)
    possible = m**2 * (n**3 - n) - m * ranking.tie_terms
    w = 12 * squares / possible if possible else 1.0
    p_value = None
    if m >= FEW_RATERS:
        from scipy.special import chdtrc  # noqa: PLC0415 - slow to import, and not needed for few rankers

        p_value = float(chdtrc(n - 1, m * (n - 1) * w))
    order = sorted(
        zip(ranking.rank_sums, ranking.items, strict=True), key=lambda pair: (abs(pair[0] - middle), pair[1])
    )
    return Concordance(w, m, p_value, tuple(item for _, item in order))


def who_sees_it_differently(
    aggregates: Iterable[Aggregate], side: Side, least: float = 0.0
) -> tuple[Difference, ...]:
    """Return, for each statement, the two sides that are furthest apart, the widest gap first.

    Only panels of one partner (or group) speak for it. Read the result before any average.

    Parameters
    ----------
    aggregates
        Published panels of one wave.
    side
        Compare partners, or groups.
    least
        Smallest gap of mean levels to report.
    """
    name: Callable[[Aggregate], str | None] = (
        (lambda a: a.partner) if side == "partner" else (lambda a: a.group)
    )
    by_statement: defaultdict[str, defaultdict[str, list[Aggregate]]] = defaultdict(lambda: defaultdict(list))
    for aggregate in aggregates:
        of = name(aggregate)
        if of is not None:
            by_statement[aggregate.statement][of].append(aggregate)
    found = []
    for statement, sides in by_statement.items():
        means = sorted((mean(pooled(panels)), of) for of, panels in sides.items())
        if len(means) > 1 and means[-1][0] - means[0][0] >= least:
            (low, of_low), (high, of_high) = means[0], means[-1]
            found.append(Difference(statement, side, of_high, of_low, high - low))
    return tuple(sorted(found, key=lambda d: (-d.gap, d.statement)))


def moved(before: Sequence[int], after: Sequence[int]) -> float:
    """Return the smallest share of answers that must have changed between two waves."""
    shares = zip(before, after, strict=True)
    return sum(abs(b / sum(before) - a / sum(after)) for b, a in shares) / 2


def settled(aggregates: Iterable[Aggregate]) -> dict[str, bool | None]:
    """Tell for each statement whether its last two waves are alike; None where no panel answered both.

    Stability between waves, not consensus, ends a round (von der Gracht 2012, doi:10.1016/j.techfore.2012.04.013).
    """
    by_statement: defaultdict[str, defaultdict[int, dict[object, Aggregate]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for aggregate in aggregates:
        by_statement[aggregate.statement][aggregate.wave][aggregate.cell] = aggregate
    result: dict[str, bool | None] = {}
    for statement, waves in by_statement.items():
        last = [waves[wave] for wave in sorted(waves)[-2:]]
        same = last[0].keys() & last[-1].keys()
        if len(last) < 2 or not same:
            result[statement] = None
            continue
        before, after = (pooled(wave[cell] for cell in same) for wave in last)
        result[statement] = moved(before, after) <= STABLE_SHIFT
    return result
