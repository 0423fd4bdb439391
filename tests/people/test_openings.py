"""Leadership windows of a case and of a region's register, as a document, a picture with its table, and a command."""

import json
from datetime import date

import pytest
from cases import case

from interlocal.people.openings import openings, region_openings
from interlocal.problems import InputError
from interlocal.report.timeline import timeline, windows_page, windows_table

REGISTER = """organisation,title,status,since,until,reason
Ash,Police Chief,vacant,2026-10-01,,retired
Elm,Chief of Police,ending,,2027-04-30,retirement
Oak,Interim Police Chief,interim,2026-12-01,2027-06-30,
Elm,Town Manager,filled,,,
"""
POSTS = [
    {"id": "a", "partner": "ash", "title": "Police chief", "status": "vacant"},
    {"id": "b", "partner": "birch", "title": "Chief of police", "status": "ending", "until": "2024-06-30"},
]
TODAY = date(2027, 1, 15)


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def pairs(tmp_path, text):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def bordering():
    partners = [dict(p.model_dump(mode="json", exclude_unset=True)) for p in case().partners]
    return [p | ({"adjacent": ["birch"]} if p["id"] == "ash" else {}) for p in partners]


def test_a_case_gives_its_windows_with_the_partners_names():
    (window,) = openings(case(key_posts=POSTS, partners=bordering()), 12)["windows"]
    assert window["post"] == "Police chief"
    assert window["organisations"] == ["Ash", "Birch"]
    assert (window["first_day"], window["last_day"]) == ("2024-01-15", "2024-06-30")


def test_a_case_without_borders_says_what_is_missing():
    document = openings(case(key_posts=POSTS), 12)
    assert document["windows"] == []
    assert "which partners border one another" in windows_table(document)


def test_a_register_gives_windows_of_neighbours_only(register, tmp_path):
    apart = pairs(tmp_path, "a,b\nAsh,Elm\n")
    document, found = region_openings(register, apart, 12, TODAY)
    assert [w["organisations"] for w in document["windows"]] == [["Ash", "Elm"]]
    assert len(found) == 1
    everyone, _ = region_openings(register, None, 12, TODAY)
    assert everyone["windows"][0]["organisations"] == ["Ash", "Elm", "Oak"]
    assert document["posts_on_record"] == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [("a,b\nAsh,\n,Elm\n", "row 2"), ("a,b\nRowan,Willow\n", "no pair")],
    ids=["half a pair", "other names"],
)
def test_pairs_that_do_not_fit_are_refused_with_the_place(register, tmp_path, text, found):
    with pytest.raises(InputError) as raised:
        region_openings(register, pairs(tmp_path, text), 12, TODAY)
    assert found in str(raised.value)


def test_the_picture_says_in_words_and_as_a_table_what_it_shows(register):
    document, _ = region_openings(register, None, 12, TODAY)
    picture = timeline(document)
    assert "Police chief: Ash, Elm, Oak, between 2027-01-15 and 2027-04-30." in picture.alternative
    assert [row[:4] for row in picture.rows] == [
        ("Police chief", "Ash", "Police Chief", "vacant"),
        ("Police chief", "Elm", "Chief of Police", "ending"),
        ("Police chief", "Oak", "Interim Police Chief", "interim"),
    ]
    page = windows_page(document)
    assert "For the facilitator only" in page
    assert page.count("<td>Elm</td>") == 1


def test_where_there_is_no_window_the_page_says_so(register):
    document, _ = region_openings(register, None, 12, date(2030, 1, 1))
    assert timeline(document) is None
    assert "No window: among 4 posts on record" in windows_page(document)


def test_names_from_a_register_cannot_become_markup(tmp_path):
    path = tmp_path / "posts.csv"
    path.write_text(REGISTER.replace("Ash", "<script>A"), encoding="utf-8")
    assert "<script>A" not in windows_page(region_openings(path, None, 12, TODAY)[0])


def test_the_command_writes_table_calendar_and_json(register, tmp_path, run_cli):
    calendar = tmp_path / "windows.ics"
    ran = run_cli("windows", str(register), "--as-of", "2027-01-15", "--ics", str(calendar), "--json")
    assert ran.code == 0, ran.stderr
    assert json.loads(ran.stdout)["windows"][0]["post"] == "Police chief"
    assert b"\r\nCLASS:CONFIDENTIAL\r\n" in calendar.read_bytes()
    table = run_cli("windows", str(register), "--as-of", "2027-01-15", "--within", "1")
    assert "Police chief" in table.stdout
    wrong = run_cli("windows", str(register), "--as-of", "next week")
    assert wrong.code == 1
    assert "a day such as 2027-06-30" in wrong.stderr
