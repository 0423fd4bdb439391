"""Items that can be talked about, and how each is named and found again.

A place is a text: ``case`` is the whole case; ``case/options/together/lines`` a part of it, with entries named by their
id where they have one, so that it stays right when others are put before it; ``lesson/necessity.equity`` a lesson;
``study/money`` a screen of the answers; ``study/money/fan`` a section or picture of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from interlocal.case.released import kept
from interlocal.lessons.catalogue import items as lessons
from interlocal.web import audiences, guide
from interlocal.web.forms.merge import entry_of
from interlocal.web.forms.shape import at, label
from interlocal.web.models import StudyRun
from interlocal.web.policies import Access
from interlocal.web.results import SCREENS, as_first_shown

LONGEST = 300
"""Most letters of a place."""
_PART = re.compile(
    r'<(?:h2|title)[^>]*\bid="(?P<anchor>(?P<id>[\w.-]+?)(?:-title)?)"[^>]*>(?P<title>.*?)</', re.DOTALL
)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Item:
    """One item as a person may know it."""

    place: str
    name: str
    url: str | None
    """Where it is shown; None where it is no longer."""
    kept: bool = False
    """Whether it is kept between the facilitator and the partner it belongs to."""
    owner: str = ""
    """Id of that partner; empty where it is the facilitator's alone."""


def of_page(path: str, data: Any) -> str:
    """Return the place of a page of the form, such as ``options/0/lines``."""
    steps = []
    for step in path.split("/"):
        data = _into(data, step)
        named = step.isdecimal() and isinstance(data, dict) and data.get("id")
        steps.append(str(named or step))
    return "/".join(["case", *steps])


def crumbs(path: str, data: Any, guided: guide.Path = guide.PATH) -> list[tuple[str, str]]:
    """Return the way to a page of the form: what each step is called, and its own page."""
    titles = {p.path: p.title for s in reversed(guided) for p in reversed(s.pages)}
    found: list[tuple[str, str]] = []
    for step in path.split("/"):
        here = f"{found[-1][1]}/{step}" if found else step
        if "-" in step:
            name = "Entries {} to {}".format(*step.split("-"))
        else:
            data = _into(data, step)
            name = entry_name(data, int(step)) if step.isdecimal() else titles.get(here) or label(step)
        found.append((name, here))
    return found


def called(pointer: str, sides: Sequence[Any], guided: guide.Path = guide.PATH) -> str:
    """Return what the forms call a place, of which entries are told apart by their id or year.

    Parameters
    ----------
    pointer
        As :class:`interlocal.web.forms.merge.Change` has it.
    sides
        The documents in any of which it stands.
    """
    titles = {p.path: p.title for s in reversed(guided) for p in reversed(s.pages)}
    steps = pointer.strip("/").split("/")
    names = []
    for k, step in enumerate(steps):
        if any(isinstance(part, list) for part in sides):
            sides = [entry_of(part, step) for part in sides]
            names.append(next((str(s["name"]) for s in sides if isinstance(s, dict) and s.get("name")), step.replace("_", " ")))  # fmt: skip
        else:
            sides = [_into(part, step) for part in sides]
            names.append(titles.get("/".join(steps[: k + 1])) or label(step))
    return " › ".join(names) if pointer else "Everything"


def entry_name(part: Any, number: int) -> str:
    """Return what an entry of a list is called."""
    named = part.get("name") or part.get("id") if isinstance(part, dict) else None
    return str(named or f"Entry {number + 1}")


class Places:
    """Looks up items of one case with the eyes of one person."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.data = access.case.head.data

    @cached_property
    def _seen(self) -> Any:
        return audiences.hide(self.data, self.access)

    @cached_property
    def _all_kept(self) -> list[tuple[Any, str | None]]:
        return list(kept(self.data))

    @cached_property
    def _run(self) -> StudyRun | None:
        """The latest study this person may see."""
        return audiences.answers(self.access).first()

    def hides(self, place: str) -> bool:
        """Whether the item is kept from this person."""
        steps = place.split("/")[1:] if place.startswith("case/") else []
        return _path(self.data, steps) is not None and _path(self._seen, steps) is None

    def item(self, place: str, called: str = "") -> Item | None:
        """Return an item; None for what is not there, and for what is kept from this person.

        Parameters
        ----------
        place
            Where it is.
        called
            What it was called once: then also an item that is gone is returned.
        """
        kind, *steps = place[:LONGEST].split("/")
        found = None
        if kind == "case" and not self.hides(place):
            found = self._of_case(steps)
        elif kind == "lesson" and len(steps) == 1 and steps[0] in lessons():
            title = lessons()[steps[0]].label
            found = f"Lesson: {title[0].upper()}{title[1:]}", self._screen("lessons", f"lesson-{re.sub('[._]', '-', steps[0])}")  # fmt: skip
        elif kind == "study" and steps and steps[0] in SCREENS:
            found = self._of_study(*steps[:2]) if len(steps) < 3 else None
        if found is not None:
            return Item(place, *found, *self._kept(steps if kind == "case" else []))
        return Item(place, called, None) if called and not self.hides(place) else None

    def within(self, place: str) -> list[Item]:
        """Return the finer items that a page shows."""
        kind, *steps = place.split("/")
        if kind == "study" and len(steps) == 1:
            parts = [f"lesson/{i}" for i in lessons()] if steps == ["lessons"] else [f"{place}/{i}" for i in self._parts(steps[0])]  # fmt: skip
        elif kind == "case" and steps:
            path = _path(self._seen, steps)
            rows = path[1] if path is not None and isinstance(path[1], list) else []
            parts = [f"{place}/{r['id']}" for r in rows if isinstance(r, dict) and r.get("id")]
        else:
            parts = []
        return [item for part in parts if (item := self.item(part))]

    def _kept(self, steps: list[str]) -> tuple[bool, str]:
        found = _path(self.data, steps)
        way = found[0] if found else []
        for where, owner in self._all_kept if way else ():
            if way[: len(where)] == [str(step) for step in where]:
                return True, owner or ""
        return False, ""

    def _of_case(self, steps: list[str]) -> tuple[str, str | None] | None:
        case = self.access.case.pk
        if not steps:
            return "The whole case", reverse("case", args=[case])
        if steps == ["about"]:
            return crumbs("about", self.data)[0][0], reverse("edit", args=[case, "about"])
        found = _path(self._seen, steps)
        if found is None and (len(steps) > 1 or guide.page_of(steps[0]) is None):
            return None
        path = found[0] if found else steps
        name = " › ".join(name for name, _ in crumbs("/".join(path), self.data))
        # The nearest page: not every field has one of its own.
        while (shape := at("/".join(path))) is None or shape.kind not in {"part", "rows", "either", "table"}:
            path = path[:-1]
            if not path:
                return None
        return name, reverse("edit", args=[case, "/".join(path)])

    def _of_study(self, screen: str, part: str = "") -> tuple[str, str | None] | None:
        name = f"Study › {SCREENS[screen]}"
        if not part:
            return name, self._screen(screen)
        found = self._parts(screen).get(part)
        return (f"{name} › {found[0]}", self._screen(screen, found[1])) if found else None

    def _parts(self, screen: str) -> dict[str, tuple[str, str]]:
        """Return the sections and pictures of a screen: title and anchor by id."""
        text = as_first_shown(self._run.views, screen) if self._run else ""
        found: dict[str, tuple[str, str]] = {}
        for match in _PART.finditer(text):
            title = html.unescape(_TAG.sub("", match["title"])).strip()[:160]
            found.setdefault(match["id"], (title, match["anchor"]))
        return found

    def _screen(self, screen: str, part: str = "") -> str | None:
        if self._run is None or screen not in self._run.views:
            return None
        url = reverse("study_screen", args=[self.access.case.pk, self._run.pk, screen])
        return f"{url}#{part}" if part else url


def _into(data: Any, step: str) -> Any:
    if isinstance(data, list):
        return data[int(step)] if step.isdecimal() and int(step) < len(data) else None
    return data.get(step) if isinstance(data, dict) else None


def _path(data: Any, steps: list[str]) -> tuple[list[str], Any] | None:
    """Return the way to a part, with numbers for ids, and the part; None where it is not there or kept."""
    path: list[str] = []
    for step in steps:
        found = step
        if isinstance(data, list):
            ids = [str(r.get("id")) if isinstance(r, dict) else "" for r in data]
            found = str(ids.index(step)) if step in ids else step
        data = _into(data, found)
        if data is None or (isinstance(data, dict) and audiences.KEPT in data):
            return None
        path.append(found)
    return path, data
