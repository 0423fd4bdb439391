"""The decision log: added to, never changed, and safe in a spreadsheet."""

import csv
import io

import pytest

GOOD = {"on": "2026-01-05", "what": "Study it together", "ground": "Minutes of 5 January"}


def test_a_decision_by_hand_and_its_correction(world, at):
    url = f"{world.url}decisions/"
    assert at(world.bob).post(url, GOOD)["Location"] == f"{url}#d-1"
    at(world.charlie).post(url, GOOD | {"what": "Study it together, with Cedar", "corrects": "1"})
    page = at(world.vic).get(url).content.decode()
    assert "by Bob" in page
    assert "the case stood at revision 1" in page
    assert 'corrects <a href="#d-1">entry 1</a>' in page
    assert "Study it together<" in page


def test_an_entry_is_never_changed(world):
    import datetime as dt

    from interlocal.web.actions import decisions

    made = decisions.record(case=world.case, on=dt.date(2026, 1, 5), what="x", ground="y", by=world.bob)
    made.what = "z"
    with pytest.raises(TypeError, match="never changed"):
        made.save()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"on": "soon"}, "found soon; expected a day up to"),
        ({"on": "2999-01-01"}, "Record decisions after they were taken"),
        ({"on": "0001-01-01"}, "a day up to"),
        ({"what": " "}, "What was decided"),
        ({"what": "x" * 1001}, "1001 letters"),
        ({"ground": ""}, "On which ground"),
        ({"ground": "x" * 4001}, "4001 letters"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_the_entry_stays(world, at, changed, says):
    answer = at(world.bob).post(f"{world.url}decisions/", GOOD | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert all(v.strip() in page for v in (GOOD | changed).values())
    assert not world.case.decisions.exists()


def test_the_table_holds_no_formula_that_a_spreadsheet_would_run(world, at):
    evil = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", " =1", "\t=1")
    for text in evil:
        at(world.bob).post(f"{world.url}decisions/", GOOD | {"what": text + "x", "ground": text + "y"})
    answer = at(world.vic).get(f"{world.url}decisions/?as=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="decisions.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == len(evil)
    for row in rows:
        assert row["decided"].startswith("'")
        assert row["ground"].startswith("'")
        assert row["recorded_by"] == "Bob"


def test_the_table_of_who_did_what_is_as_safe(world, at):
    from interlocal.web.actions.audit import note

    note(person=world.alice, did="x", about="  =cmd()", case=world.case)
    table = at(world.alice).get(f"{world.url}audit/?as=csv").content.decode()
    assert "'  =cmd()" in table
