"""What the screens of a run over a region show: candidates that save enough, the map with them, one place at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from interlocal.region.governments import Region
from interlocal.region.map import Marks
from interlocal.region.wording import alike, chance, marks_in_words, number, words
from interlocal.web import tables
from interlocal.web.models import RegionRun
from interlocal.web.models.cases import as_values
from interlocal.web.policies import RegionAccess
from interlocal.web.whole import whole

STEPS = 40
"""Stops of the slider."""
OUTLINED = 30
"""Candidates that are outlined on the map at most; more would hide each other."""
BAR = 200
"""Width of an interval's picture [px]."""
SHOWN = 100


@dataclass(frozen=True)
class Row:
    """A candidate or a group, as a page says it."""

    number: int
    key: str
    """What its link to a new case says: ``candidate=3``."""
    members: tuple[int, ...]
    service: str
    names: str
    mean: str
    low: str
    high: str
    chance: str
    alike: str
    marks: str
    saves_at_low_end: bool
    bar: tuple[float, float, float, float] | None
    """Left end, width, middle and zero of the interval's picture [px]."""


class Found:
    """The answer of a run as this person may see it."""

    def __init__(self, run: RegionRun, access: RegionAccess) -> None:
        self.run = run
        self.document = seen_by(access, as_values(run.document))
        self.region: Region = tables.region_of(run.revision)
        self.at = {identity: i for i, identity in enumerate(self.region.ids)}

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The candidates of a scan or the groups of a division, each with its service, best first."""
        if self.document["kind"] == "scan":
            return list(self.document["candidates"])
        return [{**g, "service": self.document["service"]} for g in self.document["reasons"]]

    @cached_property
    def scale(self) -> tuple[float, float]:
        """The lowest and highest end of any interval, and zero in between."""
        ends = [v for e in self.entries for v in (e["saving"]["p10"], e["saving"]["p90"])]
        return min([0.0, *ends]), max([0.0, *ends])

    @cached_property
    def lowest_ends(self) -> tuple[int, int, int]:
        """Where the slider begins, ends and how far it steps."""
        lows = [0, *(e["saving"]["p10"] for e in self.entries)]
        least, most = min(lows), max(lows)
        step = max(1, int(float(f"{(most - least) / STEPS:.1g}")))
        return least // step * step, -(-most // step) * step, step

    def rows(self, *, low: float | None = None, service: str = "", place: int | None = None) -> list[Row]:
        """Return the entries whose interval begins no lower, of a service, with a place."""
        made = []
        for n, entry in enumerate(self.entries, start=1):
            members = tuple(self.at[i] for i in entry["members"])
            if low is not None and entry["saving"]["p10"] < low:
                continue
            if (service and entry["service"] != service) or (place is not None and place not in members):
                continue
            made.append(self._row(n, f"candidate={n}", members, entry))
        return made

    def pairs(self, place: int) -> list[Row]:
        """Return every pair of a place that a scan looked at, best first."""
        listed = {(r.service, r.members) for r in self.rows(place=place)}
        made = []
        for service, a, b, today, p10, p50, p90, mean, p_saves in json.loads(self.run.pairs or "[]"):
            if place in {a, b} and (service, (a, b)) not in listed:
                saving = {"p10": p10, "p50": p50, "p90": p90, "mean": mean}
                entry = {"service": service, "today": today, "saving": saving, "p_saves": p_saves}
                made.append(self._row(0, f"service={service}&pair={a},{b}", (a, b), entry))
        return made

    def candidate(self, given: Mapping[str, str]) -> dict[str, Any] | None:
        """Return the candidate that a link names, as the core opens one as a case; None where there is none."""
        chosen = given.get("candidate", "")
        if chosen.isdecimal():
            nth = whole(chosen, 0)
            return self.entries[nth - 1] if 1 <= nth <= len(self.entries) else None
        ends = given.get("pair", "").split(",")
        for service, a, b, today, p10, p50, p90, mean, p_saves in json.loads(self.run.pairs or "[]"):
            if service == given.get("service") and [str(a), str(b)] == ends:
                return {
                    "members": [self.region.ids[a], self.region.ids[b]],
                    "names": [self.region.names[a], self.region.names[b]],
                    "service": service,
                    "today": today,
                    "saving": {"p10": p10, "p50": p50, "p90": p90, "mean": mean},
                    "p_saves": p_saves,
                }
        return None

    def _row(self, n: int, key: str, members: tuple[int, ...], entry: Mapping[str, Any]) -> Row:
        saving = entry["saving"]
        return Row(
            number=n,
            key=key,
            members=members,
            service=words(entry["service"]),
            names=", ".join(self.region.names[i] for i in members),
            mean=number(saving["mean"]),
            low=number(saving["p10"]),
            high=number(saving["p90"]),
            chance=chance(entry["p_saves"]),
            alike=alike(entry["unlikeness"]) if "unlikeness" in entry else "",
            marks=marks_in_words(dict(entry)) if "duplicated" in entry else "",
            saves_at_low_end=saving["p10"] > 0,
            bar=self._bar(saving),
        )

    def _bar(self, saving: Mapping[str, float]) -> tuple[float, float, float, float] | None:
        least, most = self.scale
        if most <= least:
            return None

        def x(value: float) -> float:
            return round(4 + (BAR - 8) * (min(max(value, least), most) - least) / (most - least), 1)

        left = x(saving["p10"])
        return left, round(max(x(saving["p90"]) - left, 2), 1), x(saving["mean"]), x(0)

    def picture(self, rows: Sequence[Row], *, outline: bool, place: int | None = None) -> str | None:
        """Return the map: places with a row stand out, rows are outlined, each place leads to its own page."""
        counts: dict[int, int] = {}
        for row in rows:
            for i in row.members:
                counts[i] = counts.get(i, 0) + 1
        what = "candidate" if self.document["kind"] == "scan" else "group"
        address = reverse("region_place", args=[self.run.region_id, self.run.pk, 0])[:-2]
        marks = Marks(
            groups=[row.members for row in rows[:OUTLINED]] if outline else (),
            links={i: f"{address}{i}/" for i in range(len(self.region.ids))},
            notes={i: _counted(counts.get(i, 0), what) for i in range(len(self.region.ids))}
            if what == "candidate"
            else {},
            standing_out=frozenset(counts) if place is None else frozenset({place}),
        )
        alt = f"Map of {self.region.title}; the table below says the same. Each place leads to its own page."
        return tables.map_of(self.run.revision).draw(alt, marks)

    def unknown(self, place: int) -> list[tuple[str, str]]:
        """Return the services of which nothing is known of a place, and why."""
        services = self.document.get("services") or {self.document.get("service"): None}
        named = [self.region.services[s] for s in services if s in self.region.services]
        return [(words(s.id), s.why_not[place]) for s in named if s.why_not[place]]

    def best_partner(self, place: int) -> dict[str, str] | None:
        """Return the best partner of a place over all services, as a scan says it."""
        found = next((p for p in self.document.get("best_partner", []) if p["government"] == self.region.ids[place]), None)  # fmt: skip
        if found is None:
            return None
        name = self.region.names[self.at[found["with"]]]
        return {"name": name, "service": words(found["service"]), "saving": number(found["saving"]), "chance": chance(found["p_saves"])}  # fmt: skip

    def services(self) -> list[tuple[str, str]]:
        """Return the services that were looked at, by id and in words."""
        return [(s, words(s)) for s in self.document.get("services", {})]


def seen_by(access: RegionAccess, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what a register of posts tells of people, for those who only read."""
    if access.may_edit or document["kind"] != "scan":
        return document
    made = copy.deepcopy(document)
    for candidate in made["candidates"]:
        candidate["leadership_windows"] = []
        candidate["duplicated"]["posts"] = []
    made["data"]["notes"] = [n for n in made["data"]["notes"] if "register of posts" not in n["text"]]
    return made


def _counted(times: int, what: str) -> str:
    return f"{times} {what}{'' if times == 1 else 's'}" if times else f"no {what}"
