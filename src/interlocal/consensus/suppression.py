"""From raw answers, which live in the database alone, to what may be published.

Three rules (their reasons and what they cost are in ``docs/adr/0030-survey-panels.md``):

1. Answers are counted by panels that never overlap, and every total is a sum of published panels. So there is no
   complement to take.
2. Over waves panels only split, and every piece holds the threshold: see :mod:`interlocal.consensus.panels`.
3. Counts are shown only where, for every rater, the answers of all others still differ. Then neither an outsider nor
   somebody who knows their own answer can work out anyone's: within a panel people can trade places.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interlocal.consensus.aggregates import (
    LEVELS,
    Aggregate,
    Published,
    Withheld,
)
from interlocal.consensus.panels import Panel, Unit, WavePanels, panels, raters
from interlocal.problems import InputError, Problem

THRESHOLD = 5
"""Fewest people behind any figure. It can be raised, never lowered."""

Key = Literal["partner", "group", "about"]
Values = Mapping[Unit, tuple[float, ...]]
"""What each unit answered in one wave: one level, or the rank of every item."""


@dataclass(frozen=True)
class Answer:
    """One person's answer to one statement in one wave; ``rater`` is an opaque name that says nothing of the answer."""

    rater: str
    partner: str
    group: str
    statement: str
    level: int
    wave: int = 1
    about: str = ""
    """The partner rated, for statements on trust between partners."""

    @property
    def unit(self) -> Unit:
        """Who answers, and about whom."""
        return (self.rater, self.about)


def publish(
    answers: Collection[Answer],
    invited: Mapping[tuple[int, str, str], int] | None = None,
    *,
    by: Sequence[Key] = ("group", "partner"),
    threshold: int = THRESHOLD,
) -> Published:
    """Return all that may be published of these answers.

    Parameters
    ----------
    answers
        Every answer of every wave so far. What was published of a wave is not changed by later ones.
    invited
        Number of people invited, by (wave, partner, group).
    by
        The hierarchy, coarsest first: small cells are pooled inside the cell above. ``("partner", "about")`` keeps
        pairs of partners apart where enough people answered. Fixed for a survey's life.
    threshold
        Fewest people behind any figure, 5 or more.

    Raises
    ------
    InputError
        For a threshold under 5, a level outside 1–5, or two answers where there can be one.
    """
    _check(answers, threshold)
    latest_first = sorted(answers, key=lambda a: (a.wave, a.partner, a.group), reverse=True)
    home = {answer.rater: answer for answer in latest_first}  # people stay where they were when first asked
    parts = [
        _publish_statement(
            [answer for answer in answers if answer.statement == statement],
            home,
            invited or {},
            by,
            threshold,
        )
        for statement in sorted({answer.statement for answer in answers})
    ]
    return Published(
        tuple(aggregate for part in parts for aggregate in part.aggregates),
        tuple(withheld for part in parts for withheld in part.withheld),
    )


def _publish_statement(
    answers: Sequence[Answer],
    home: Mapping[str, Answer],
    invited: Mapping[tuple[int, str, str], int],
    by: Sequence[Key],
    threshold: int,
) -> Published:
    statement = answers[0].statement
    numbers = sorted({answer.wave for answer in answers})
    values: list[dict[Unit, tuple[float, ...]]] = [{} for _ in numbers]
    paths: list[dict[Unit, tuple[str, ...]]] = [{} for _ in numbers]
    for answer in answers:
        wave = numbers.index(answer.wave)
        person = home[answer.rater]
        place: dict[Key, str] = {"partner": person.partner, "group": person.group, "about": answer.about}
        values[wave][answer.unit] = (answer.level,)
        paths[wave][answer.unit] = tuple(place[key] for key in by)
    cut = panels(paths, threshold)
    names = numbered(cut)
    decided = decide(cut, values)
    shown: list[Aggregate] = []
    withheld: list[Withheld] = []
    for wave, number in enumerate(numbers):
        at = cut[wave]
        asked = _asked(at, home, {(p, g): n for (w, p, g), n in invited.items() if w == number})
        for panel in at.counted:
            where = _labels(panel, home)
            if (wave, panel) in decided:
                levels = [values[wave][unit][0] for unit in panel]
                counts = tuple(levels.count(level) for level in range(1, LEVELS + 1))
                people = len(raters(panel))
                shown.append(Aggregate(statement, number, names[panel], *where, people, asked[panel], counts))
            else:
                withheld.append(Withheld(statement, number, *where, asked[panel], "alike"))
        if at.left_out:
            withheld.append(
                Withheld(statement, number, *_labels(at.left_out, home), asked[at.left_out], "waves")
            )
        if asked[at.few]:
            withheld.append(Withheld(statement, number, *_labels(at.few, home), asked[at.few], "few"))
    return Published(tuple(shown), tuple(withheld))


def _hidden(units: Iterable[Unit], values: Values) -> bool:
    """Tell whether, for every rater, the others' answers differ in every component."""
    units = list(units)
    for component in range(len(values[units[0]])):
        givers: defaultdict[float, set[str]] = defaultdict(set)
        for unit in units:
            givers[values[unit][component]].add(unit[0])
        for rater in raters(units):
            if sum(people != {rater} for people in givers.values()) < 2:
                return False
    return True


def decide(cut: Sequence[WavePanels], values: Sequence[Values]) -> set[tuple[int, Panel]]:
    """Return the (wave, panel) pairs whose counts may be shown, earlier waves first.

    A reader may suppose that people answer alike in two waves and take the difference of a panel and its part; so
    every such part and remainder must hide its people too.
    """
    shown: list[tuple[int, Panel]] = []
    for wave, wave_panels in enumerate(cut):
        for panel in wave_panels.counted:
            wholes = [(w, whole) for w, whole in shown if panel < whole]
            parts = [(w, panel) for w, _ in wholes]
            parts += [
                (w, whole.difference(panel, *(inner for _, inner in shown if inner < whole)))
                for w, whole in wholes
            ]
            if _hidden(panel, values[wave]) and all(_hidden(part, values[w]) for w, part in parts if part):
                shown.append((wave, panel))
    return set(shown)


def numbered(cut: Sequence[WavePanels]) -> dict[Panel, int]:
    """Return a number for each panel that does not change when later waves are added."""
    in_order = dict.fromkeys(panel for wave in cut for panel in wave.counted)
    return {panel: number for number, panel in enumerate(in_order)}


def _labels(
    units: Panel, home: Mapping[str, Answer]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    people = [home[rater] for rater in raters(units)]
    return (
        tuple(sorted({person.partner for person in people})),
        tuple(sorted({person.group for person in people})),
        tuple(sorted({about for _, about in units if about})),
    )


def _asked(
    at: WavePanels, home: Mapping[str, Answer], invited: Mapping[tuple[str, str], int]
) -> dict[Panel, int]:
    """Return the answers there could have been, by panel; silent people count with the first panel of their cell."""
    sets = [*at.counted, *([at.left_out] if at.left_out else []), at.few]
    asked = {units: len(units) for units in sets}
    cells = [{(home[r].partner, home[r].group, about) for r, about in units} for units in sets]
    answered = Counter(
        (home[rater].partner, home[rater].group, about) for units in sets for rater, about in units
    )
    rated = {about for _, _, about in answered}
    for (partner, group), number in invited.items():
        for about in rated - {partner}:
            cell = (partner, group, about)
            first = next((units for units, inside in zip(sets, cells, strict=True) if cell in inside), at.few)
            asked[first] += max(0, number - answered[cell])
    return asked


def _check(answers: Collection[Answer], threshold: int) -> None:
    problems = threshold_problems(threshold)
    problems += [
        Problem(
            f"/{row}/level",
            f"answer {row + 1}",
            f"level {answer.level}",
            f"a whole number from 1 to {LEVELS}",
            "Give the number of the level that was chosen.",
        )
        for row, answer in enumerate(answers)
        if answer.level not in range(1, LEVELS + 1)
    ]
    problems += repeated((a.rater, a.wave, a.statement, a.about) for a in answers)
    if problems:
        raise InputError(problems)


def threshold_problems(threshold: int) -> list[Problem]:
    """Say so where the threshold is lower than people were promised."""
    if threshold >= THRESHOLD:
        return []
    return [
        Problem(
            "/threshold",
            "the survey's smallest group",
            str(threshold),
            f"{THRESHOLD} or more",
            "Raise it; it protects the people who answer and can never be lowered.",
        )
    ]


def repeated(keys: Iterable[tuple[object, ...]]) -> list[Problem]:
    """Say which answers come a second time, where ``keys`` tells who answers what and when."""
    seen: dict[tuple[object, ...], int] = {}
    problems = []
    for row, key in enumerate(keys):
        if key in seen:
            problems.append(
                Problem(
                    f"/{row}",
                    f"answer {row + 1}",
                    f"a second answer by the rater of answer {seen[key] + 1} to the same question",
                    "one answer per person, question and wave",
                    "Keep the last one the person gave.",
                )
            )
        seen.setdefault(key, row)
    return problems
