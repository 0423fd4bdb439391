"""Published effects, uplifts and judgements as things that can be drawn from, each with its mark and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from interlocal.numerics.distributions import Distribution, Fixed, Mixture, Triangular, Uniform
from interlocal.reference.catalogues import services
from interlocal.reference.files import table


@dataclass(frozen=True)
class Judgement:
    """A default that nobody has measured: ours, with a range and the reason."""

    id: str
    title: str
    unit: str
    value: float
    range: tuple[float, float]
    why: str
    distribution: Distribution


@dataclass(frozen=True)
class Uplift:
    """Addition for optimism in a category of capital projects, as a share of the estimate."""

    id: str
    name: str
    lower: float
    upper: float

    @property
    def distribution(self) -> Distribution:
        """Anything between a project managed well and one that was not."""
        return Uniform(self.lower, self.upper)


@dataclass(frozen=True)
class OutsideView:
    """What was published for a kind of service, as a mixture of recurring savings (share of do-nothing cost)."""

    evidence: str
    weights: Mapping[str, float]
    """Weight of lower, none and higher cost."""
    why: str
    components: tuple[Mapping[str, Any], ...]
    effects: tuple[Mapping[str, Any], ...]
    """The rows of evidence on this service."""

    @property
    def distribution(self) -> Mixture:
        """The mixture to draw from; a saving is positive."""
        shapes = [Triangular(c["r"]["low"], c["r"]["likely"], c["r"]["high"]) for c in self.components]
        return Mixture([self.weights[c["direction"]] for c in self.components], shapes)

    def as_dict(self) -> dict[str, Any]:
        """Return the view with its evidence for a study's sources."""
        return {
            "class": self.evidence,
            "weights": dict(self.weights),
            "mark": "judgement",
            "why": self.why,
            "components": [dict(c) for c in self.components],
            "effects": [dict(e) | source(e["source"]) for e in self.effects],
        }


@cache
def judgement(name: str) -> Judgement:
    """Return a shipped judgement by its id in judgement.toml."""
    j = table("judgement.toml")[name]
    shape = Triangular(*j["spread"]) if "spread" in j else Fixed(j["default"])
    if name == "optimism":
        # The default is the middle of what we would defend, so the range is drawn from and not only stated.
        shape = Triangular(j["range"][0], j["default"], j["range"][1])
    return Judgement(
        name, j["title"], j["unit"], j["default"], (j["range"][0], j["range"][1]), j["why"], shape
    )


@cache
def optimism(category: str) -> Uplift:
    """Return the published uplift of a category of capital projects."""
    c = table("optimism.toml")["category"][category]
    return Uplift(category, c["name"], *c["cost"])


def optimism_categories() -> tuple[str, ...]:
    """Return the ids of categories with a published uplift of cost."""
    return tuple(k for k, c in table("optimism.toml")["category"].items() if "cost" in c)


@cache
def outside_view(service: str) -> OutsideView:
    """Return the outside view for a service of the catalogue."""
    data = table("effects.toml")
    evidence = services()[service].evidence
    found = next(c for c in data["class"] if c["id"] == evidence)
    return OutsideView(
        evidence=evidence,
        weights=found["weights"],
        why=found["why"],
        components=tuple(data["component"]),
        effects=tuple(e for e in data["effect"] if service in e["services"]),
    )


def source(key: str) -> dict[str, str]:
    """Return citation and, where we have it, DOI or address of a source."""
    return {k: str(v) for k, v in table("sources.toml")["source"].get(key, {"citation": key}).items()}
