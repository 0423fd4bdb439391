"""Trust between partners: each partner's people rate working with each other partner.

The score of a pair is the mean over the dimensions (reliability, openness, shared mission) of the mean level of the
statements in each, so that a dimension with more statements does not weigh more. A pair has a score only where
somebody may see its counts, and that is the facilitator; partners and the public see the pooled level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from interlocal.consensus.aggregates import Aggregate, pooled
from interlocal.consensus.agreement import mean

FLOOR = 3.0
"""A pair below this level is a weak link: the lower bound of "discuss" (judgement)."""

Pair = tuple[str, str]
"""(partner whose people rate, partner rated)."""


@dataclass(frozen=True)
class PairTrust:
    """How one partner's people see working with another, on levels 1 to 5."""

    rater: str
    rated: str
    level: float
    by_dimension: Mapping[str, float]
    answers: int
    """Answers behind the level, all statements together."""

    def below(self, floor: float = FLOOR) -> bool:
        """Tell whether the pair lies below the floor."""
        return self.level < floor


@dataclass(frozen=True)
class Trust:
    """The trust of one wave."""

    wave: int
    level: float | None
    """All pairs pooled, every answer that may be counted; None where nothing may be shown."""
    by_dimension: Mapping[str, float]
    pairs: Mapping[Pair, PairTrust]
    """Facilitator's audience."""
    hidden: tuple[Pair, ...]
    """Pairs of which we may not speak, for want of answers or because they are too alike."""

    @property
    def weakest(self) -> PairTrust | None:
        """The pair with the lowest level, the first by name where levels are equal."""
        return min(self.pairs.values(), key=lambda pair: (pair.level, pair.rater, pair.rated), default=None)

    def asymmetries(self) -> tuple[tuple[str, str, float], ...]:
        """Return (a, b, level of a's people in b less the reverse) with a positive gap, the widest first."""
        gaps = [
            (a, b, pair.level - self.pairs[b, a].level)
            for (a, b), pair in self.pairs.items()
            if (b, a) in self.pairs and pair.level > self.pairs[b, a].level
        ]
        return tuple(sorted(gaps, key=lambda gap: (-gap[2], gap[:2])))


@dataclass(frozen=True)
class Trend:
    """Change of the level between two waves, over the same people and statements."""

    first: int
    last: int
    change: float | None
    """None where no panel answered both waves."""
    pairs: Mapping[Pair, float]


def trust(
    aggregates: Iterable[Aggregate], dimension: Mapping[str, str], partners: Iterable[str], wave: int
) -> Trust:
    """Return the trust of one wave.

    Parameters
    ----------
    aggregates
        Published panels, of any statements and waves.
    dimension
        The dimension of each trust statement; other statements are passed over.
    partners
        All partners, so that pairs that cannot be shown are named.
    wave
        The wave to read.
    """
    chosen = [a for a in aggregates if a.wave == wave and a.statement in dimension]
    by_pair: defaultdict[Pair, list[Aggregate]] = defaultdict(list)
    for aggregate in chosen:
        if aggregate.partner is not None and aggregate.rated is not None:
            by_pair[aggregate.partner, aggregate.rated].append(aggregate)
    pairs = {}
    for (a, b), parts in sorted(by_pair.items()):
        levels = _by_dimension(parts, dimension)
        pairs[a, b] = PairTrust(a, b, _average(levels), levels, sum(pooled(parts)))
    names = sorted(partners)
    hidden = tuple((a, b) for a in names for b in names if a != b and (a, b) not in pairs)
    overall = _by_dimension(chosen, dimension)
    return Trust(wave, _average(overall) if overall else None, overall, pairs, hidden)


def trend(aggregates: Iterable[Aggregate], dimension: Mapping[str, str], first: int, last: int) -> Trend:
    """Return the change from wave ``first`` to wave ``last``, on panels and statements present in both."""
    chosen = [a for a in aggregates if a.wave in (first, last) and a.statement in dimension]
    in_wave = [{a.cell for a in chosen if a.wave == wave} for wave in (first, last)]
    same = [a for a in chosen if a.cell in in_wave[0] & in_wave[1]]
    names = {partner for a in same for partner in (*a.partners, *a.about)}
    before, after = (trust(same, dimension, names, wave) for wave in (first, last))
    if before.level is None or after.level is None:
        return Trend(first, last, None, {})
    changes = {pair: after.pairs[pair].level - before.pairs[pair].level for pair in before.pairs}
    return Trend(first, last, after.level - before.level, changes)


def _by_dimension(parts: Iterable[Aggregate], dimension: Mapping[str, str]) -> dict[str, float]:
    by_statement: defaultdict[str, list[Aggregate]] = defaultdict(list)
    for part in parts:
        by_statement[part.statement].append(part)
    levels: defaultdict[str, list[float]] = defaultdict(list)
    for statement, its_parts in by_statement.items():
        levels[dimension[statement]].append(mean(pooled(its_parts)))
    return {name: sum(values) / len(values) for name, values in sorted(levels.items())}


def _average(levels: Mapping[str, float]) -> float:
    return sum(levels.values()) / len(levels)
