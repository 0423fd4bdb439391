"""Services that are shared, measures of partners, and key posts: the words that cases use, with their synonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from interlocal.problems import InputError, Problem, nearest
from interlocal.reference.files import index, toml


@dataclass(frozen=True)
class ServiceMeasure:
    """A usual measure of how well a service does."""

    id: str
    name: str
    unit: str
    better: Literal["higher", "lower"]


@dataclass(frozen=True)
class Service:
    """A service that local governments share; drivers and measures are editorial (mark: judgement)."""

    id: str
    name: str
    aliases: tuple[str, ...]
    drivers: tuple[str, ...]
    """Usual cost drivers: ids of measures of partners."""
    measures: tuple[ServiceMeasure, ...]
    evidence: str
    """The class of published effects whose outside view applies; see ``outside_view``."""
    source: str
    mark: str


@dataclass(frozen=True)
class Measure:
    """A measure of a partner that costs follow or shares are computed by."""

    id: str
    name: str
    unit: str
    definition: str
    source: str
    mark: str


@dataclass(frozen=True)
class Post:
    """A key post and the titles that mean the same."""

    id: str
    name: str
    titles: tuple[str, ...]
    source: str
    mark: str


@cache
def services() -> Mapping[str, Service]:
    """Return every service by id."""
    data = toml("services")
    return index(
        {
            k: Service(
                id=k,
                name=v["name"],
                aliases=tuple(v["aliases"]),
                drivers=tuple(v["drivers"]),
                measures=tuple(ServiceMeasure(**m) for m in v["measures"]),
                evidence=v["evidence"],
                source=data["source"],
                mark=data["mark"],
            )
            for k, v in data["service"].items()
        }
    )


@cache
def measures() -> Mapping[str, Measure]:
    """Return every catalogued measure of partners by id."""
    data = toml("measures")
    return index(
        {k: Measure(k, source=data["source"], mark=data["mark"], **v) for k, v in data["measure"].items()}
    )


@cache
def posts() -> Mapping[str, Post]:
    """Return every key post by id."""
    data = toml("posts")
    return index(
        {
            k: Post(k, v["name"], tuple(v["titles"]), data["source"], data["mark"])
            for k, v in data["post"].items()
        }
    )


def find_service(text: str) -> Service | None:
    """Return the service with this id, name or alias; case, spaces and punctuation do not matter."""
    found = _service_words().get(_plain(text))
    return services()[found] if found else None


def require_service(text: str) -> Service:
    """Return the service meant by ``text``.

    Raises
    ------
    InputError
        If no service is called that; the nearest word is named.
    """
    found = find_service(text)
    if found is not None:
        return found
    word = nearest(_plain(text), _service_words())
    meant = services()[_service_words()[word]] if word else None
    raise InputError(
        Problem(
            path="",
            where="the service",
            found=repr(text),
            expected="the id, name or alias of a service in the catalogue",
            fix=f"Did you mean {meant.id} ({meant.name})?"
            if meant
            else "Run `interlocal evidence` to list all services.",
        )
    )


def find_post(title: str) -> Post | None:
    """Return the post that a title means, or None.

    ``Chief of Police``, ``interim police chief`` and ``police_chief`` are the same post; a deputy is another.
    """
    plain = _plain(re.sub(r"\(.*?\)", " ", title))
    found = _post_words().get(re.sub(r"^(interim|acting|temporary|vacant) ", "", plain))
    return posts()[found] if found else None


@cache
def _service_words() -> Mapping[str, str]:
    return _words((s.id, (s.id, s.name, *s.aliases)) for s in services().values())


@cache
def _post_words() -> Mapping[str, str]:
    return _words((p.id, (p.id, p.name, *p.titles)) for p in posts().values())


def _words(named: Iterable[tuple[str, tuple[str, ...]]]) -> Mapping[str, str]:
    return index({_plain(word): id_ for id_, words in named for word in words})


def _plain(text: str) -> str:
    """Return lower-case words with single spaces; apostrophes vanish, ``&`` is a word."""
    text = re.sub(r"['’]", "", text.casefold().replace("&", " and "))
    return " ".join(re.findall(r"[^\W_]+", text))
