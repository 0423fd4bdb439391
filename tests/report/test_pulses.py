"""How a pulse moved from wave to wave, as a picture with its table."""

import re
import textwrap
from datetime import date

import pytest

from interlocal.blocks import Picture, Table
from interlocal.partnership.relationship import Asked, Pulse, Relationship
from interlocal.report.drawing import BLUE, LINE
from interlocal.report.pulses import MOST, pulses

OPEN, FAIR = "We can raise a problem without it being held against us.", "Bills are fair."


def _found(*levels, asked=()):
    days = [date(2016 + i, 6, 1) for i in range(len(levels))]
    waves = tuple(Pulse(day, level) for day, level in zip(days, levels, strict=True))
    return Relationship(
        waves,
        None,
        False,
        tuple(Asked(t, t, n) for t, n in asked),
        issues=(),
        disputes=(),
        settled=0,
        warnings=(),
    )


def test_without_a_wave_there_is_nothing_to_draw():
    assert pulses(_found()) == []


def test_a_first_wave_is_a_table_for_there_is_no_way_to_draw():
    (table,) = pulses(_found(3.96, asked=[(OPEN, (4.6,)), (FAIR, (None,))]))
    assert isinstance(table, Table)
    assert [[c.text for c in row] for row in table.rows] == [
        ["All together", "4.0"], [OPEN, "4.6"], [FAIR, "too few answers to show"]]  # fmt: skip


def test_later_waves_are_drawn_and_the_table_says_the_same():
    picture, table = pulses(_found(3.9, 2.8, asked=[(OPEN, (4.6, 2.9))]))
    assert isinstance(picture, Picture)
    assert table.columns == ("Statement", "2016-06-01", "2017-06-01")
    assert [[c.text for c in row] for row in table.rows] == [
        ["All together", "3.9", "2.8"],
        [OPEN, "4.6", "2.9"],
    ]
    assert "All together: 3.9, 2.8." in picture.alternative
    for text in (
        "All together",
        *textwrap.wrap(OPEN, LINE),
        "3.9",
        "2.8",
        "4.6",
        "2.9",
        "2016-06-01",
        "2017-06-01",
    ):
        assert f">{text}<" in picture.svg


@pytest.mark.parametrize(
    ("levels", "lines"), [((4.0, 3.5, 3.0), 2), ((4.0, None, 3.0), 0), ((4.0, 3.5, None), 1)]
)
def test_no_line_is_drawn_over_a_wave_that_hides_itself(levels, lines):
    picture, _ = pulses(_found(*levels))
    assert len(re.findall(rf'<line [^>]*stroke="{BLUE}"', picture.svg)) == lines
    assert ("too few answers to show" in picture.alternative) == (None in levels)


def test_only_the_latest_waves_are_drawn():
    _, table = pulses(_found(*[3.0] * (MOST + 2)))
    assert len(table.columns) == 1 + MOST
    assert table.columns[1] == "2018-06-01"
