"""From all that is published, with complements and over waves, nobody's answer can be worked out.

The attacker knows everything but the answers: who belongs where, who answered in each wave, these very rules, and,
as an insider, one person's own answer. Every world of answers is enumerated; worlds that look alike from outside are
put together; in no such set may somebody's answer be the same throughout. People of one class (the same panels, the
same waves) can trade places, so a class is described by how many gave each answer.
"""

import itertools
from collections import defaultdict

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from interlocal.consensus.panels import panels
from interlocal.consensus.suppression import Answer, decide, publish

LEVELS = (2, 4)


def splits(size, kinds):
    """All ways in which ``size`` alike people can give ``kinds`` different answers."""
    if kinds == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for rest in splits(size - first, kinds - 1):
            yield (first, *rest)


def classes(cut, waves):
    """People by what the attacker can tell apart: the panels they are counted in and the waves they answered."""
    found = defaultdict(list)
    for unit in sorted(set().union(*waves)):
        mark = tuple(
            (unit in wave, tuple(i for i, panel in enumerate(at.counted) if unit in panel))
            for at, wave in zip(cut, waves, strict=True)
        )
        found[mark].append(unit)
    return found


def kinds_of_people(mark, *, stable):
    """What one person of this class may have answered, wave by wave; None where the person did not answer."""
    choices = [LEVELS if answered else (None,) for answered, _ in mark]
    if stable:
        return [tuple(level if answered else None for answered, _ in mark) for level in LEVELS]
    return list(itertools.product(*choices))


def assert_nobody_is_found_out(waves, *, stable, insider, limit=2500):
    """Fail where anyone is found out; ``limit`` skips examples with more worlds, None takes them all."""
    cut = panels(waves, 5)
    groups = classes(cut, waves)
    kinds = {mark: kinds_of_people(mark, stable=stable) for mark in groups}
    spaces = [list(splits(len(members), len(kinds[mark]))) for mark, members in groups.items()]
    count = 1
    for space in spaces:
        count *= len(space)
    if limit:
        assume(count <= limit)
    alike = defaultdict(list)
    for world in itertools.product(*spaces):
        values = [{} for _ in waves]
        for (mark, members), numbers in zip(groups.items(), world, strict=True):
            answers = [kind for kind, n in zip(kinds[mark], numbers, strict=True) for _ in range(n)]
            for unit, kind in zip(members, answers, strict=True):
                for wave, level in enumerate(kind):
                    if level is not None:
                        values[wave][unit] = (level,)
        shown = decide(cut, values)
        seen = tuple(
            tuple(sorted(values[wave][unit] for unit in panel)) if (wave, panel) in shown else None
            for wave, at in enumerate(cut)
            for panel in at.counted
        )
        alike[seen].append(world)
    for same in alike.values():
        for knower in itertools.product(range(len(groups)), range(4)) if insider else [(None, None)]:
            _assert_open(same, groups, kinds, knower, len(waves))


def _assert_open(same, groups, kinds, knower, n_waves):
    """``knower`` is (class, kind) of an insider, who is taken out of the class; (None, None) for an outsider."""
    marks = list(groups)
    own_class, own_kind = knower
    if own_class is not None:
        if own_kind >= len(kinds[marks[own_class]]):
            return
        same = [world for world in same if world[own_class][own_kind]]
    if not same:
        return
    for index, mark in enumerate(marks):
        size = len(groups[mark]) - (index == own_class)
        for wave in range(n_waves):
            if not size or kinds[mark][0][wave] is None:
                continue
            possible = {
                kind[wave]
                for world in same
                for k, kind in enumerate(kinds[mark])
                if world[index][k] - ((index, k) == (own_class, own_kind)) > 0
            }
            assert len(possible) > 1, (mark, wave, possible)


def wave_of(cells):
    return {(name, ""): path for name, path in cells.items()}


cell = st.sampled_from([("managers", "ash"), ("managers", "elm"), ("staff", "ash"), ("staff", "elm")])


@st.composite
def memberships(draw, n_waves, most):
    people = [f"r{i:02}" for i in range(draw(st.integers(5, most)))]
    cells = {name: draw(cell) for name in people}
    first = draw(st.lists(st.sampled_from(people), min_size=5, unique=True))
    waves = [first]
    for _ in range(n_waves - 1):
        changed = draw(st.sets(st.sampled_from(people), max_size=7))
        waves.append([name for name in people if (name in waves[-1]) != (name in changed)])
    return [wave_of({name: cells[name] for name in wave}) for wave in waves]


@settings(max_examples=25, deadline=None)
@given(memberships(1, 16), st.booleans())
def test_within_a_wave(waves, insider):
    assert_nobody_is_found_out(waves, stable=False, insider=insider)


@settings(max_examples=25, deadline=None)
@given(memberships(3, 16), st.booleans())
def test_over_three_waves_when_people_keep_their_answers(waves, insider):
    assert_nobody_is_found_out(waves, stable=True, insider=insider, limit=800)


@settings(max_examples=15, deadline=None)
@given(memberships(2, 11), st.booleans())
def test_over_two_waves_when_people_change_their_answers(waves, insider):
    assert_nobody_is_found_out(waves, stable=False, insider=insider, limit=800)


TEN = {f"r{i}": ("staff", "ash") for i in range(10)}


@pytest.mark.parametrize("stable", [True, False])
@pytest.mark.parametrize(
    "second",
    [
        {name: TEN[name] for name in list(TEN)[1:]},
        {name: TEN[name] for name in list(TEN)[5:]},
        TEN | {"new": ("staff", "ash")},
    ],
    ids=["one leaves", "five leave", "one joins"],
)
def test_known_ways_in(second, stable):
    assert_nobody_is_found_out([wave_of(TEN), wave_of(second)], stable=stable, insider=True, limit=None)


def test_end_to_end_every_world_of_a_small_survey():
    """The same attack on ``publish`` itself: one cell of five beside one of seven, every answer of everyone."""
    people = [(f"r{i}", "ash" if i < 5 else "elm") for i in range(11)]
    alike = defaultdict(list)
    for world in itertools.product(LEVELS, repeat=len(people)):
        if world[:5] != tuple(sorted(world[:5])) or world[5:] != tuple(sorted(world[5:])):
            continue  # trading places inside a cell looks the same
        answers = [
            Answer(rater, partner, "staff", "s", level)
            for (rater, partner), level in zip(people, world, strict=True)
        ]
        alike[publish(answers)].append(world)
    for same in alike.values():
        for inside in (slice(0, 5), slice(5, 11)):
            assert len({level for world in same for level in world[inside]}) > 1
