from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.numerics.distributions import Fixed, Pert
from interlocal.people.calendar import open_days
from interlocal.people.plan import Plan, Task, simulate
from interlocal.problems import InputError

MONDAY = date(2027, 3, 1)


def task(name, days, *after, **more):
    length = Pert(*days) if isinstance(days, tuple) else Fixed(float(days))
    return Task(name, name, length, after=after, **more)


def test_five_working_days_from_a_monday_end_on_friday():
    forecast = simulate(Plan((task("a", 5),), MONDAY))
    assert forecast.finish_date(0.5) == date(2027, 3, 5)
    assert forecast.probability_by(date(2027, 3, 5)) == 1
    assert forecast.probability_by(date(2027, 3, 4)) == 0


def test_no_work_proceeds_in_a_blackout_month():
    plan = Plan((task("a", 25),), MONDAY, frozenset({4}))
    assert simulate(plan).finish_date(0.5) == date(2027, 5, 4)  # 23 weekdays in March, then two in May


def test_a_task_waits_for_its_date_and_a_done_one_for_nothing():
    plan = Plan(
        (
            task("study", (5, 10, 20), done_on=date(2027, 3, 3)),
            task("vote", 1, "study", not_before=date(2027, 6, 15)),
        ),
        MONDAY,
    )
    forecast = simulate(plan)
    assert forecast.task_finish_date("study", 0.9) == date(2027, 3, 3)
    assert forecast.finish_date(0.9) == date(2027, 6, 15)
    assert forecast.criticality() == {"study": 0, "vote": 1}


def test_merge_bias_two_equal_parallel_tasks_end_later_than_either():
    plan = Plan((task("a", (10, 20, 40)), task("b", (10, 20, 40)), task("end", 1, "a", "b")), MONDAY)
    forecast = simulate(plan)
    mean = (10 + 4 * 20 + 40) / 6
    assert forecast.finish[:2].mean() == pytest.approx(mean, rel=0.02)
    assert forecast.end.mean() > mean + 1 + 2
    share = forecast.criticality()
    assert share["end"] == 1
    assert share["a"] == pytest.approx(0.5, abs=0.05)
    assert share["a"] + share["b"] == pytest.approx(1)


def test_hours_add_up_and_run_with_the_days():
    plan = Plan((Task("a", "A", Pert(1, 2, 6), Pert(10, 20, 60)),), MONDAY)
    forecast = simulate(plan)
    assert forecast.staff_hours(0.1) < forecast.staff_hours(0.5) < forecast.staff_hours(0.9)
    assert np.corrcoef(forecast.finish[0], forecast.hours[0])[0, 1] > 0.999


def test_the_order_in_which_tasks_are_written_changes_nothing():
    tasks = (
        task("a", (1, 2, 9)),
        task("b", (2, 3, 4), "a"),
        task("c", (1, 5, 6), "a"),
        task("d", 1, "b", "c"),
    )
    one, two = (simulate(Plan(order, MONDAY), seed=7) for order in (tasks, tasks[::-1]))
    assert np.array_equal(one.end, two.end)
    assert one.criticality() == two.criticality()


chains = st.lists(st.tuples(st.floats(0, 20), st.sets(st.integers(0, 7), max_size=3)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(chains)
def test_some_path_is_always_critical_and_nothing_starts_before_what_it_waits_for(rows):
    tasks = [
        task(str(i), (low, low + 1, low + 5), *(str(j) for j in sorted(after) if j < i))
        for i, (low, after) in enumerate(rows)
    ]
    forecast = simulate(Plan(tuple(tasks), MONDAY), draws=20)
    assert (forecast.slack.min(axis=0) <= 1e-9).all()
    assert (forecast.slack >= -1e-9).all()
    for i, one in enumerate(tasks):
        for other in one.after:
            assert (forecast.start[i] >= forecast.finish[int(other)]).all()


def test_a_circle_is_named():
    with pytest.raises(InputError, match=r"a circle: \w → \w → \w → \w"):
        Plan((task("a", 1, "c"), task("b", 1, "a"), task("c", 1, "b")), MONDAY)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(InputError) as error:
        Plan((task("study", 1), task("study", 1, "studi"), task("vote", 1, "zzzz")), MONDAY)
    text = str(error.value)
    assert "a second time" in text
    assert "Did you mean study?" in text
    assert "Add the task" in text


def test_a_plan_needs_a_task_and_a_month_to_work_in():
    with pytest.raises(InputError, match="no task"):
        Plan((), MONDAY)
    with pytest.raises(InputError, match="all twelve months"):
        open_days(MONDAY, 1, range(1, 13))
    with pytest.raises(InputError, match="found 13"):
        open_days(MONDAY, 1, [13])


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 800),
    st.sets(st.integers(1, 12), max_size=11),
)
def test_there_are_always_enough_open_days(first, count, blackout):
    days = open_days(first, count, blackout)
    assert len(days) >= count
    assert all(day.weekday() < 5 and day.month not in blackout for day in days[:50].tolist())
