"""What can be asked of a region: the options of the commands ``scan`` and ``group``, for forms and programs alike."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from interlocal.problems import InputError, Problem
from interlocal.region.demands import Demands, check_demands
from interlocal.region.governments import Region
from interlocal.region.savings import Rules
from interlocal.region.scan import Options, named_groups

MOST_NAMED = 300
LARGEST_TO_GROUP = 1_000
AT_ONCE = 3
"""Runs of a region that may be under way."""
Names = Annotated[list[str], Field(max_length=MOST_NAMED)]
Groups = Annotated[list[Names], Field(max_length=MOST_NAMED)]
Share = Annotated[float, Field(ge=0, le=1)]
Km = Annotated[float, Field(ge=0, le=1000)]
_FIELDS = {"--fixed": "fixed", "--hub": "hubs", "--together": "together", "--apart": "apart", "--max-size": "max_size", "--together, --apart, --max-size": "together"}  # fmt: skip
_SAID = {"fixed": "Partnerships that stay", "hubs": "Hubs", "together": "Must be in one group", "apart": "May not be in one group", "max_size": "Largest group"}  # fmt: skip


class _Ask(BaseModel):
    model_config = ConfigDict(extra="forbid")

    fixed: Groups = []
    hubs: Names = []
    hub_km: Km = 25.0
    coordination: Share = 0.01

    def _common(self) -> list[str]:
        words = [w for g in self.fixed for w in ("--fixed", ",".join(g))]
        words += [w for h in self.hubs for w in ("--hub", h)]
        words += ["--hub-km", f"{self.hub_km:g}"] if self.hub_km != 25 else []
        return words + (["--coordination", f"{self.coordination:g}"] if self.coordination != 0.01 else [])


class ScanAsk(_Ask):
    """Who could share what with whom."""

    services: Names = []
    """Only these; empty looks at all."""
    top: Annotated[int, Field(ge=1, le=1000)] = 200
    largest: Annotated[int, Field(ge=2, le=6)] = 6
    exclude_agreements: bool = False
    checks: bool = False

    def options(self) -> Options:
        """Return them as the core takes them."""
        return Options(
            top=self.top,
            largest=self.largest,
            hub_km=self.hub_km,
            hubs=tuple(self.hubs),
            fixed=tuple(map(tuple, self.fixed)),
            rules=Rules(coordination=self.coordination),
        )

    def check(self, region: Region) -> None:
        """Look at what was asked, before anything is begun.

        Raises
        ------
        InputError
            With every name that is not in the region.
        """
        problems: list[Problem] = []
        options = self.options()
        named_groups(region, options.fixed, "--fixed", problems)
        named_groups(region, (options.hubs,), "--hub", problems)
        problems += [_service(s, region) for s in self.services if s not in region.services]
        if problems:
            raise InputError(list(map(_placed, problems)))

    def command(self) -> list[str]:
        """Return the words of the command line beyond table and mapping."""
        words = [w for s in self.services for w in ("--service", s)] + ["--top", str(self.top)]
        words += ["--largest", str(self.largest)] if self.largest != 6 else []
        words += self._common() + (["--exclude-agreements"] if self.exclude_agreements else [])
        return words + (["--checks"] if self.checks else [])


class GroupAsk(_Ask):
    """A division of the region for one service."""

    service: str
    max_size: Annotated[int, Field(ge=1, le=6)] = 5
    together: Groups = []
    apart: Groups = []
    gap: Share | None = None
    replications: Annotated[int, Field(ge=0, le=200)] = 20
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0

    def demands(self) -> Demands:
        """Return them as the core takes them."""
        return Demands(
            max_size=self.max_size,
            together=tuple(map(tuple, self.together)),
            apart=tuple(map(tuple, self.apart)),
            fixed=tuple(map(tuple, self.fixed)),
            hubs=tuple(self.hubs),
            hub_km=self.hub_km,
            gap=self.gap,
            rules=Rules(coordination=self.coordination),
        )

    def check(self, region: Region) -> None:
        """Look at what was asked, before anything is begun.

        Raises
        ------
        InputError
            With every name that is not in the region, and demands that contradict each other.
        """
        if self.service not in region.services:
            raise InputError(_service(self.service, region))
        if len(region.ids) > LARGEST_TO_GROUP:
            raise InputError(Problem("service", "the region", f"{len(region.ids):,} governments", f"at most {LARGEST_TO_GROUP:,}", "A nation is divided by state: use fewer rows of the table."))  # fmt: skip
        try:
            check_demands(region, self.service, self.demands())
        except InputError as error:
            raise InputError(list(map(_placed, error.problems))) from None

    def command(self) -> list[str]:
        """Return the words of the command line beyond table and mapping."""
        words = ["--service", self.service, "--max-size", str(self.max_size)]
        words += [w for g in self.together for w in ("--together", ",".join(g))]
        words += [w for g in self.apart for w in ("--apart", ",".join(g))]
        words += self._common() + (["--gap", f"{self.gap:g}"] if self.gap is not None else [])
        words += ["--replications", str(self.replications)] if self.replications != 20 else []
        return words + (["--seed", str(self.seed)] if self.seed else [])


Ask = ScanAsk | GroupAsk


def ask_of(kind: str, given: Mapping[str, Any]) -> Ask:
    """Return what was asked, from plain values.

    Raises
    ------
    InputError
        With every value that is out of bounds.
    """
    model: type[Ask] = ScanAsk if kind == "scan" else GroupAsk
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise InputError([_wrong(e) for e in error.errors()]) from None


def _wrong(error: Any) -> Problem:
    field = str(error["loc"][0]) if error["loc"] else ""
    found = "nothing" if error["type"] == "missing" else repr(error["input"])[:60]
    return Problem(field, _SAID.get(field, field.replace("_", " ").capitalize()), found, error["msg"], "Change it.")  # fmt: skip


def _service(name: str, region: Region) -> Problem:
    field = "services"
    return Problem(field, "Service", name or "nothing", "a service of the mapping", f"It has: {', '.join(region.services)}.")  # fmt: skip


def _placed(problem: Problem) -> Problem:
    field = _FIELDS.get(problem.where, problem.path)
    fix = problem.fix.replace("--max-size", "the largest group")
    return replace(problem, path=field, where=_SAID.get(field, problem.where), fix=fix)


def command_line(kind: str, table: str, ask: Ask, *, posts: str | None) -> str:
    """Return the command that gives the same result, with the mapping as ``mapping.yaml``."""
    words = ["interlocal", kind, table, "--map", "mapping.yaml", *ask.command()]
    words += ["--register", posts] if posts and kind == "scan" else []
    return " ".join(map(shlex.quote, [*words, "--json"]))
