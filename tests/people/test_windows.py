from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interlocal.people.icalendar import icalendar
from interlocal.people.register import read_register
from interlocal.people.windows import PostRecord, windows
from interlocal.problems import InputError
from interlocal.reference import find_post

TODAY = date(2027, 1, 15)
NEIGHBOURS = [("Ash", "Elm"), ("Elm", "Oak")]


def like(title):
    post = find_post(title)
    return post.id if post else None


def ending(organisation, until, title="Police Chief"):
    return PostRecord(organisation, title, "ending", until=until)


def found(records, adjacency=NEIGHBOURS, **more):
    return [
        (w.organisations, w.first_day, w.last_day)
        for w in windows(records, adjacency, like, as_of=TODAY, **more)
    ]


def test_police_chief_and_chief_of_police_are_one_post():
    (window,) = windows(
        [
            PostRecord("Ash", "Police Chief", "vacant", since=date(2026, 11, 1)),
            ending("Elm", date(2027, 9, 30), "Chief of Police"),
        ],
        NEIGHBOURS,
        like,
        as_of=TODAY,
    )
    assert window.organisations == ("Ash", "Elm")
    assert window.titles == ("Chief of Police", "Police Chief")
    assert (window.first_day, window.last_day) == (TODAY, date(2027, 9, 30))


def test_another_post_a_filled_post_or_a_stranger_is_no_window():
    chief = ending("Ash", date(2027, 6, 30))
    assert found([chief, ending("Elm", date(2027, 6, 30), "Library Director")]) == []
    assert found([chief, PostRecord("Elm", "Police Chief", "filled")]) == []
    assert found([chief, ending("Oak", date(2027, 6, 30))]) == []
    assert len(found([chief, ending("Oak", date(2027, 6, 30))], adjacency=None)) == 1


def test_titles_nobody_knows_are_alike_when_they_are_equal():
    records = [ending("Ash", TODAY, "Keeper of Ponds"), ending("Elm", TODAY, "keeper of ponds")]
    assert len(found(records)) == 1


def test_the_window_is_a_year_unless_told_otherwise():
    records = [ending("Ash", date(2027, 3, 1)), ending("Elm", date(2028, 2, 29))]
    assert found(records) == [(("Ash", "Elm"), date(2027, 3, 1), date(2028, 2, 29))]
    assert found([records[0], ending("Elm", date(2028, 3, 1))]) == []
    assert found(records, days=90) == []


def test_groups_grow_through_neighbours_and_slide_along_in_time():
    records = [
        ending("Ash", date(2027, 3, 1)),
        ending("Elm", date(2027, 12, 1)),
        ending("Oak", date(2028, 6, 1)),
    ]
    assert [w[0] for w in found(records)] == [("Ash", "Elm"), ("Elm", "Oak")]
    assert [w[0] for w in found(records, days=500)] == [("Ash", "Elm", "Oak")]


def test_interims_that_overlap_give_the_time_in_which_all_are_open():
    records = [
        PostRecord("Ash", "HR Director", "interim", since=date(2026, 6, 1), until=date(2027, 8, 1)),
        PostRecord(
            "Elm", "Human Resources Director", "vacant", since=date(2027, 2, 1), until=date(2027, 5, 1)
        ),
    ]
    assert found(records) == [(("Ash", "Elm"), date(2027, 2, 1), date(2027, 5, 1))]


def test_what_is_over_is_passed_over():
    assert found([ending("Ash", date(2026, 12, 1)), ending("Elm", date(2027, 2, 1))]) == []


days = st.dates(date(2026, 6, 1), date(2031, 1, 1))
record = st.builds(
    PostRecord,
    st.sampled_from(["Ash", "Elm", "Oak", "Yew"]),
    st.sampled_from(["Police Chief", "Fire Chief"]),
    st.sampled_from(["vacant", "interim", "ending", "filled"]),
    st.none(),
    st.none() | days,
    st.none() | days,
)


@given(st.lists(record, max_size=12), st.integers(30, 800))
@example(
    [
        PostRecord("Ash", "Police Chief", "vacant"),
        PostRecord("Ash", "Police Chief", "vacant", until=date(2026, 6, 1)),
        PostRecord("Ash", "Police Chief", "vacant", since=date(2026, 6, 1)),
        PostRecord("Elm", "Police Chief", "vacant"),
    ],
    30,
)
def test_windows_are_short_enough_never_nested_and_the_same_in_any_order(records, length):
    result = windows(records, NEIGHBOURS, like, as_of=TODAY, days=length)
    assert result == windows(records[::-1], NEIGHBOURS, like, as_of=TODAY, days=length)
    for window in result:
        assert len(window.organisations) > 1
        assert timedelta(0) <= window.last_day - window.first_day <= timedelta(days=length)
        assert not any(
            set(window.records) < set(other.records) and window.post == other.post for other in result
        )


REGISTER = """Organization,Title,Status,From,Until,Reason
Ash,Police Chief,vacant,2026-11-01,,retired
Elm,"Chief of Police",Ending,,2027-09-30,contract
,,,,,
"""


def test_a_register_reads_into_posts():
    one, two = read_register(StringIO(REGISTER))
    assert one == PostRecord("Ash", "Police Chief", "vacant", None, date(2026, 11, 1), None, "retired")
    assert (two.status, two.until) == ("ending", date(2027, 9, 30))


def test_every_problem_of_a_register_is_named_with_its_row_and_column():
    bad = (
        "organisation,title,status,since,until\n"
        ",Chief,vacnt,2026-13-01,\n"
        "Ash,Chief,ending,,\n"
        "Elm,Chief,vacant,2027-02-01,2027-01-01\n"
        "Oak,Chief, of Police,vacant,,\n"
    )
    with pytest.raises(InputError) as error:
        read_register(StringIO(bad), "posts.csv")
    assert [p.path for p in error.value.problems] == [
        "/2/organisation",
        "/2/status",
        "/2/since",
        "/3/until",
        "/4/until",
        "/5",
    ]
    assert "posts.csv, row 2, column status: found vacnt" in str(error.value)
    assert "Write vacant." in str(error.value)


def test_a_missing_column_is_asked_for():
    with pytest.raises(InputError, match="Rename the column titel"):
        read_register(StringIO("organisation,titel,status\n"))


STAMP = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)


def test_calendar_lines_are_short_end_in_crlf_and_unfold_to_the_text():
    records = [
        PostRecord(
            "Pondé; Großer, Ort " * 4, "Police Chief", "ending", until=date(2027, 6, 30), reason="a\\b\nc"
        ),
        ending("Elm", date(2027, 5, 31)),
    ]
    text = icalendar(windows(records, None, like, as_of=TODAY), stamp=STAMP)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "Pondé\\; Großer\\, Ort" in unfolded
    assert "(a\\\\b\\nc)" in unfolded
    assert "CLASS:CONFIDENTIAL\r\n" in unfolded
    assert "DTSTART;VALUE=DATE:20270531\r\nDTEND;VALUE=DATE:20270701\r\n" in unfolded
    assert "DTSTAMP:20270115T090000Z\r\n" in unfolded


def test_an_event_keeps_its_uid_when_the_register_is_read_on_another_day():
    records = [PostRecord("Ash", "Police Chief", "vacant"), ending("Elm", date(2027, 6, 30))]
    one, two = (
        windows(records, NEIGHBOURS, like, as_of=day)[0] for day in (TODAY, TODAY + timedelta(days=3))
    )
    assert one.first_day != two.first_day
    assert one.id == two.id


def test_a_row_of_the_table():
    (window,) = windows([ending("Ash", TODAY), ending("Elm", TODAY)], NEIGHBOURS, like, as_of=TODAY)
    assert window.row() == {
        "post": "police_chief",
        "organisations": "Ash, Elm",
        "titles": "Ash: Police Chief (ending); Elm: Police Chief (ending)",
        "first_day": "2027-01-15",
        "last_day": "2027-01-15",
        "days": 1,
    }
