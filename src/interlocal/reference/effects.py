"""What studies found when a service was shared, and the outside view that follows from it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from interlocal.reference.catalogue import require_service
from interlocal.reference.files import frozen, index, toml

if TYPE_CHECKING:
    from interlocal.numerics.distributions import Mixture as Drawable

Interval = tuple[float, float]


@dataclass(frozen=True)
class Effect:
    """One published finding on cost; ``services`` is ``("any",)`` where it covers spending as a whole."""

    id: str
    services: tuple[str, ...]
    place: str
    direction: Literal["lower", "none", "higher", "mixed"]
    finding: str
    source: str
    mark: str
    change: Interval | None = None
    """Change of cost as a share, lowest and highest; None where no size was obtained."""
    confidence: float | None = None


@dataclass(frozen=True)
class Component:
    """One part of a mixture: a triangular distribution of the recurring saving [share of do-nothing cost]."""

    direction: Literal["lower", "none", "higher"]
    """Of cost: lower cost is a saving."""
    weight: float
    low: float
    likely: float
    high: float
    mark: str
    why: str

    def cdf(self, x: float) -> float:
        """Return the probability of a saving of at most ``x``."""
        if x <= self.low:
            return 0.0
        if x >= self.high:
            return 1.0
        width = self.high - self.low
        if x < self.likely:
            return (x - self.low) ** 2 / (width * (self.likely - self.low))
        return 1 - (self.high - x) ** 2 / (width * (self.high - self.likely))


@dataclass(frozen=True)
class Mixture:
    """The outside view of a service: what is published, as a distribution of the recurring saving.

    Weights and shapes are judgement informed by the cited range; ``why`` gives the reason, ``effects`` the findings on
    this very service that the class rests on (none for the class ``general``).
    """

    service: str
    evidence: str
    components: tuple[Component, ...]
    effects: tuple[str, ...]
    mark: str
    why: str

    def mean(self) -> float:
        """Return the expected saving [share of do-nothing cost]."""
        return math.fsum(c.weight * (c.low + c.likely + c.high) / 3 for c in self.components)

    def probability_above(self, saving: float = 0.0) -> float:
        """Return the probability of a recurring saving above ``saving`` [share of do-nothing cost]."""
        return math.fsum(c.weight * (1 - c.cdf(saving)) for c in self.components)

    @property
    def distribution(self) -> Drawable:
        """The mixture as something that can be drawn from."""
        from interlocal.numerics.distributions import Mixture, Triangular  # noqa: PLC0415 - scipy is slow

        return Mixture(
            [c.weight for c in self.components],
            [Triangular(c.low, c.likely, c.high) for c in self.components],
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the mixture with its mean and probability of saving, ready for JSON."""
        return {
            **asdict(self),
            "effects": list(self.effects),
            "components": [asdict(c) for c in self.components],
            "unit": "recurring saving as a share of do-nothing cost; positive saves",
            "mean": round(self.mean(), 4),
            "p_saves": round(self.probability_above(), 4),
        }


@cache
def effects() -> Mapping[str, Effect]:
    """Return every published effect by id."""
    return index({e["id"]: Effect(**frozen(e)) for e in _data()["effect"]})


def effects_on(service: str) -> tuple[Effect, ...]:
    """Return the effects found for this very service (id)."""
    return tuple(e for e in effects().values() if service in e.services)


def general_effects() -> tuple[Effect, ...]:
    """Return the effects found for spending as a whole."""
    return effects_on("any")


@cache
def evidence_classes() -> Mapping[str, Mapping[str, Any]]:
    """Return the classes of services by id, each with its weights and the reason for them."""
    return index({c["id"]: index(c) for c in _data()["class"]})


@cache
def outside_view(service: str) -> Mixture:
    """Return what published effects say of a service, by id, name or alias.

    Raises
    ------
    InputError
        If the service is not in the catalogue.
    """
    found = require_service(service)
    kind = evidence_classes()[found.evidence]
    components = tuple(
        Component(
            direction=c["direction"],
            weight=kind["weights"][c["direction"]],
            mark=c["mark"],
            why=c["why"],
            **c["r"],
        )
        for c in _data()["component"]
    )
    rests_on = tuple(e.id for e in effects_on(found.id))
    return Mixture(found.id, found.evidence, components, rests_on, kind["mark"], kind["why"])


@cache
def _data() -> dict[str, Any]:
    return toml("effects")
