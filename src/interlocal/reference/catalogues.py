"""Catalogues that a case refers to by id: services, measures, posts, governance models and clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from interlocal.problems import nearest
from interlocal.reference.files import table


@dataclass(frozen=True)
class UsualMeasure:
    """A measure by which a service is usually judged."""

    id: str
    name: str
    unit: str
    better: str


@dataclass(frozen=True)
class Service:
    """A service that local governments share."""

    id: str
    name: str
    aliases: tuple[str, ...]
    drivers: tuple[str, ...]
    """Ids of the measures its cost usually follows."""
    measures: tuple[UsualMeasure, ...]
    evidence: str
    """Class of the outside view; ``general`` where no study of the service was found."""


@dataclass(frozen=True)
class Post:
    """A key post and the titles that mean it."""

    id: str
    name: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class GovernanceModel:
    """A form that a shared service can take."""

    id: str
    name: str
    good_when: str
    partners: tuple[int, ...]
    """Fewest and most partners it usually suits; no second number where it is open."""
    traits: Mapping[str, tuple[str, str]]
    """can_tax, can_borrow, … → (yes, no or depends; mark)."""
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Clause:
    """A clause of an agreement."""

    id: str
    title: str
    settles: str
    needed_by: tuple[str, ...]
    """Ids of governance models that usually need it."""
    questions: tuple[str, ...]


@cache
def services() -> Mapping[str, Service]:
    """Return the catalogue of services by id."""
    return MappingProxyType(
        {
            key: Service(
                id=key,
                name=s["name"],
                aliases=tuple(s.get("aliases", ())),
                drivers=tuple(s.get("drivers", ())),
                measures=tuple(UsualMeasure(**m) for m in s.get("measures", ())),
                evidence=s["evidence"],
            )
            for key, s in table("services.toml")["service"].items()
        }
    )


def find_service(text: str) -> Service | None:
    """Return the service with this id, name or alias, in any case; None where there is none."""
    wanted = _plain(text)
    for s in services().values():
        if wanted in {_plain(s.id), _plain(s.name), *(_plain(a) for a in s.aliases)}:
            return s
    return None


def nearest_service(text: str) -> Service | None:
    """Return the service whose name or alias is most like a text."""
    names = {_plain(n): s for s in services().values() for n in (s.id, s.name, *s.aliases)}
    found = nearest(_plain(text), names)
    return names[found] if found else None


@cache
def measures() -> Mapping[str, Mapping[str, str]]:
    """Return the catalogue of partners' measures by id: name, unit and definition."""
    return MappingProxyType(table("measures.toml")["measure"])


@cache
def posts() -> Mapping[str, Post]:
    """Return the catalogue of key posts by id."""
    return MappingProxyType(
        {k: Post(k, p["name"], tuple(p["titles"])) for k, p in table("posts.toml")["post"].items()}
    )


def find_post(title: str) -> Post | None:
    """Return the post that a title means: police chief and chief of police are one."""
    wanted = _plain(title)
    for p in posts().values():
        if wanted in {_plain(p.id), _plain(p.name), *(_plain(t) for t in p.titles)}:
            return p
    return None


@cache
def governance_models() -> Mapping[str, GovernanceModel]:
    """Return the forms of governance by id."""
    traits = ("can_tax", "can_borrow", "can_own", "can_employ", "separate_entity", "reversible")
    return MappingProxyType(
        {
            k: GovernanceModel(
                id=k,
                name=m["name"],
                good_when=m["good_when"],
                partners=tuple(m["partners"]),
                traits={t: (m[t][0], m[t][1]) for t in traits if t in m},
                reasons=tuple(m.get("reasons", ())),
            )
            for k, m in table("governance_models.toml")["model"].items()
        }
    )


@cache
def clauses() -> Mapping[str, Clause]:
    """Return the clauses of an agreement by id."""
    return MappingProxyType(
        {
            k: Clause(k, c["title"], c["settles"], tuple(c["needed_by"]), tuple(c["questions"]))
            for k, c in table("clauses.toml")["clause"].items()
        }
    )


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
