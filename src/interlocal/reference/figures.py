"""Figures that serve every service: scale, general facts, prices, rates, uplifts and our own judgements."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from interlocal.problems import InputError, Problem, nearest
from interlocal.reference.files import frozen, index, table, toml

if TYPE_CHECKING:
    from interlocal.numerics.distributions import Distribution


@dataclass(frozen=True)
class ScaleFinding:
    """How the cost of a service changes with size."""

    id: str
    services: tuple[str, ...]
    kind: Literal[
        "efficient_size", "diseconomies_above", "elasticity", "expected_saving", "inefficiency", "shape"
    ]
    finding: str
    source: str
    mark: str
    value: tuple[float, float] | None = None
    unit: str | None = None
    population: float | None = None
    """Size at which the figure holds [people]."""
    confidence: float | None = None


@dataclass(frozen=True)
class Fact:
    """A published fact that bears on every service."""

    id: str
    topic: str
    finding: str
    source: str
    mark: str
    value: tuple[float, ...] | None = None
    unit: str | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class PriceIndex:
    """Yearly values of a price index."""

    name: str
    values: Mapping[int, float]
    incomplete: frozenset[int]
    """Years of which not every month was published."""
    source: str
    mark: str

    def ratio(self, year: int, to: int) -> float:
        """Return prices of ``to`` over prices of ``year``.

        Raises
        ------
        InputError
            If a year is not in the index.
        """
        for y in (year, to):
            if y not in self.values:
                span = f"a year from {min(self.values)} to {max(self.values)}"
                raise InputError(
                    Problem("", f"price index {self.name}", str(y), span, "Give the price change yourself.")
                )
        return self.values[to] / self.values[year]


@dataclass(frozen=True)
class Uplift:
    """How far capital estimates of a category ran over, lower to upper [share of the estimate]."""

    category: str
    name: str
    cost: tuple[float, float]
    duration: tuple[float, float] | None
    source: str
    mark: str

    @property
    def distribution(self) -> Distribution:
        """The uplift of cost, evenly between lower and upper; that it is even is our judgement."""
        from interlocal.numerics.distributions import Uniform  # noqa: PLC0415 - scipy is slow to import

        return Uniform(*self.cost)


@dataclass(frozen=True)
class Judgement:
    """A default that nobody has measured, with the range that can be defended and the reason."""

    name: str
    title: str
    unit: str
    value: float
    range: tuple[float, float]
    spread: tuple[float, float, float] | None
    """Low, likely and high of a triangular distribution; None where the value is one number."""
    why: str
    mark: str = "judgement"

    @property
    def distribution(self) -> Distribution:
        """The spread, or the value alone where there is none."""
        from interlocal.numerics.distributions import Fixed, Triangular  # noqa: PLC0415 - scipy is slow

        return Triangular(*self.spread) if self.spread else Fixed(self.value)


@cache
def _scale() -> tuple[ScaleFinding, ...]:
    return tuple(ScaleFinding(**frozen(row)) for row in toml("scale")["scale"])


def scale_for(service: str | None = None) -> tuple[ScaleFinding, ...]:
    """Return findings on scale, all or those of a service (id)."""
    return tuple(s for s in _scale() if service is None or service in s.services)


@cache
def _facts() -> tuple[Fact, ...]:
    return tuple(Fact(**frozen(row)) for row in toml("facts")["fact"])


def facts(topic: str | None = None) -> tuple[Fact, ...]:
    """Return general facts, all or those of a topic such as ``exit`` or ``consensus``."""
    return tuple(f for f in _facts() if topic is None or f.topic == topic)


@cache
def not_found() -> tuple[str, ...]:
    """Return what was looked for in the literature and not found."""
    return tuple(toml("facts")["not_found"]["general"])


@cache
def price_index(name: str) -> PriceIndex:
    """Return a price index by name (``cpi_u``)."""
    rows = [row for row in table("prices") if row["index"] == name]
    if not rows:
        raise _unknown("price index", name, {row["index"] for row in table("prices")})
    return PriceIndex(
        name=name,
        values=index({int(row["year"]): float(row["value"]) for row in rows}),
        incomplete=frozenset(int(row["year"]) for row in rows if row["months"] != "12"),
        source=rows[0]["source"],
        mark=rows[0]["mark"],
    )


@cache
def rates() -> Mapping[str, Any]:
    """Return the tables of ``rates.toml``: reference discount rates, reserve norm, labour cost, deflator."""
    return index(toml("rates"))


def omb_rate(year: int, term: float, basis: Literal["nominal", "real"]) -> float:
    """Return the reference discount rate of OMB Circular A-94, Appendix C [share/year].

    Straight line between the published terms; above 30 years the 30-year rate holds.

    Parameters
    ----------
    year
        Calendar year of the circular; only some were obtained.
    term
        Length of the project [years], at least the shortest published term.
    basis
        Whether prices include inflation (nominal) or not (real).

    Raises
    ------
    InputError
        If the year was not obtained or the term is shorter than the shortest published one.
    """
    years = [y for y in rates()["omb"] if y.isdigit()]
    if str(year) not in years:
        raise _unknown("year of OMB Circular A-94, Appendix C", str(year), years)
    curve = {int(t): r for t, r in rates()["omb"][str(year)][basis].items()}
    terms = sorted(curve)
    if term < terms[0]:
        raise InputError(
            Problem(
                "",
                "term of the discount rate",
                f"{term:g} years",
                f"{terms[0]} years or more",
                "Give a rate.",
            )
        )
    if term >= terms[-1]:
        return float(curve[terms[-1]])
    right = bisect_left(terms, term)
    a, b = terms[max(right - 1, 0)], terms[right]
    part = (term - a) / (b - a) if b > a else 0.0
    return float(curve[a] + part * (curve[b] - curve[a]))


@cache
def uplifts() -> Mapping[str, Uplift]:
    """Return the uplifts for optimism in capital cost by category."""
    data = toml("optimism")
    return index(
        {
            k: Uplift(
                category=k,
                name=v["name"],
                cost=tuple(v["cost"]),
                duration=tuple(v["duration"]) if "duration" in v else None,
                source=data["source"],
                mark=data["mark"],
            )
            for k, v in data["category"].items()
        }
    )


def optimism(category: str) -> Uplift:
    """Return the uplift of a category, such as ``standard_buildings``."""
    if category not in uplifts():
        raise _unknown("category of uplift", category, uplifts())
    return uplifts()[category]


@cache
def judgements() -> Mapping[str, Judgement]:
    """Return every shipped judgement by name."""
    return index(
        {
            k: Judgement(
                name=k,
                title=v["title"],
                unit=v["unit"],
                value=v["default"],
                range=tuple(v["range"]),
                spread=tuple(v["spread"]) if "spread" in v else None,
                why=v["why"],
            )
            for k, v in toml("judgement").items()
        }
    )


def judgement(name: str) -> Judgement:
    """Return one shipped judgement, such as ``inside_weight``."""
    if name not in judgements():
        raise _unknown("judgement", name, judgements())
    return judgements()[name]


def _unknown(kind: str, name: str, known: Iterable[str]) -> InputError:
    names = sorted(known)
    close = nearest(name, names)
    fix = f"Did you mean {close}?" if close else f"Choose one of {', '.join(names)}."
    return InputError(Problem("", f"the {kind}", name, f"a {kind} that is shipped", fix))
