"""How far a wave is, by partner: enough to know where to remind, too little to tell who has answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Turnout:
    """Links of some partners and how many of them were used in the wave that runs."""

    partners: tuple[str, ...]
    """More than one where a partner has too few links to stand alone."""
    invited: int
    answered: int | None
    """None where the number would tell of single people: nobody or one, everybody or all but one."""
    most: bool
    """Whether more than half answered."""

    @property
    def words(self) -> str:
        """What may be said."""
        if self.answered is not None:
            return f"{self.answered} of {self.invited}"
        return f"all or all but one of {self.invited}" if self.most else f"none or one of {self.invited}"


def turnout(links: Mapping[str, tuple[int, int]], smallest: int) -> list[Turnout]:
    """Return one line per partner with enough links, and one for all others together.

    Parameters
    ----------
    links
        By partner, links and used links.
    smallest
        Fewest links behind a line. Where the others together have fewer, the smallest line joins them; so no line can
        be had by taking lines from a total. With fewer links in all, there is no line.
    """
    ordered = sorted(links.items(), key=lambda pair: (pair[1][0], pair[0]), reverse=True)
    alone = [pair for pair in ordered if pair[1][0] >= smallest]
    pooled = [pair for pair in ordered if pair[1][0] < smallest]
    while pooled and alone and sum(n for _, (n, _) in pooled) < smallest:
        pooled.append(alone.pop())
    sets = [[pair] for pair in alone] + ([pooled] if pooled else [])
    lines = [_line(rows) for rows in sets]
    return sorted((x for x in lines if x.invited >= smallest), key=lambda x: (len(x.partners), x.partners))


def _line(rows: list[tuple[str, tuple[int, int]]]) -> Turnout:
    invited, answered = (sum(pair[i] for _, pair in rows) for i in (0, 1))
    tells = answered <= 1 or answered >= invited - 1
    names = tuple(sorted(name for name, _ in rows))
    return Turnout(names, invited, None if tells else answered, answered * 2 > invited)
