"""Expectations, the plan and trust on the page: what is said, and to whom."""

import json
import re
from html import unescape

import pytest

from interlocal.case import read_case
from interlocal.report import ledger, schedule, trust, waves
from interlocal.report.page import render_page
from interlocal.study import study

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def editions(root):
    case = read_case(root / "examples/juniper-valley/case.yaml")
    return {
        a: json.loads(study(case, draws=200, audience=a).to_json())
        for a in ("facilitator", "partners", "public")
    }


def said(document):
    return unescape(re.sub(r"<[^>]+>", " ", render_page(document)))


def test_each_expectation_stands_with_its_chance_and_its_percentile(editions):
    document = editions["partners"]
    rows = document["expectations"]["rows"]
    assert [r["who"] for r in rows] == ["Juniper council", "City manager", "Stony Brook residents"]
    cells = ledger.table(document).rows
    assert [row[1].value for row in cells] == [r["p_met"] for r in rows]
    assert [row[2].text for row in cells] == [str(r["percentile"]) for r in rows]
    assert "(promised in public)" in cells[0][3].text
    assert all(r["who"] in ledger.picture(document).alternative for r in rows)


def test_an_expectation_that_nothing_computed_speaks_to_says_so(editions):
    document = json.loads(json.dumps(editions["partners"]))
    for row in document["expectations"]["rows"]:
        row |= {"p_met": None, "percentile": None, "read_off": None}
    assert ledger.picture(document) is None
    assert "there is nothing to hold it against" in said(document)


def test_the_plan_tells_dates_hours_the_promise_and_the_months_without_work(editions):
    plan = editions["partners"]["plan"]
    page = said(editions["partners"])
    for word in (*plan["finish"].values(), plan["promised_finish"], "April, May, June"):
        assert word in page
    assert f"{plan['staff_hours']['p50']:,.0f} in the middle" in page
    assert plan["finish"]["p10"] <= plan["finish"]["p50"] <= plan["finish"]["p90"]
    rows = {row[0].text: row for row in schedule.table(editions["partners"]).rows}
    assert rows["Four votes"][6].value == next(t["criticality"] for t in plan["tasks"] if t["id"] == "votes")
    assert rows["Study"][4].text == "done 2026-03-02"


def test_the_picture_of_the_plan_shows_what_is_left_to_do(editions):
    picture = schedule.picture(editions["partners"])
    assert [row[0] for row in picture.rows] == [
        t["name"] for t in editions["partners"]["plan"]["tasks"] if not t["done_on"]
    ]


@pytest.mark.slow
def test_pairs_are_for_the_facilitator_alone(editions):
    assert trust.matrix(editions["partners"]) is None
    assert trust.pairs(editions["partners"]) is None
    assert trust.sentences(editions["public"]) == []
    pair = editions["facilitator"]["consensus"]["trust"]["pairs"][0]
    found = trust.pairs(editions["facilitator"])
    assert f"{pair['level']:.1f}" in " ".join(c.text for row in found.rows for c in row)
    assert "too few answers" in " ".join(c.text for row in found.rows for c in row)
    assert "For the facilitator only." in said(editions["facilitator"])
    assert "For the facilitator only." not in said(editions["partners"])


def test_the_public_sees_neither_plan_nor_expectations_that_were_not_given_to_it(editions):
    public = editions["public"]
    assert public["expectations"] == {"rows": [], "contradictions": [], "left_out": 3}
    assert public["plan"]["tasks"] == []
    assert "not for this audience" in said(public)
    assert "Juniper council" not in said(public)


def test_waves_of_a_survey_stand_beside_each_other_and_hold_only_what_may_be_shown(editions):
    document = json.loads(json.dumps(editions["partners"]))
    first = next(w for w in document["consensus"]["surveys"] if w["kind"] == "trust")
    second = json.loads(json.dumps(first)) | {"closed_on": "2026-06-30"}
    second["statements"][0] |= {"counts": [0, 1, 4, 7, 3], "mean": 3.8}
    del second["statements"][1]["counts"]
    document["consensus"]["surveys"].insert(0, second)
    drawn = next(p for p in waves.pictures(document) if "trust" in p.title)
    told = [(row[0], row[1]) for row in drawn.rows]
    assert told == [("reliability", first["closed_on"]), ("reliability", "2026-06-30"), ("openness", first["closed_on"])]  # fmt: skip
    assert "reliability, 2026-06-30: mean 3.8 of 5." in drawn.alternative
    assert drawn.svg.count(">–<") == 1
    page = render_page(document)
    assert drawn.svg in page
    assert "closed 2026-06-30" in page


def test_the_network_of_pairs_is_for_the_facilitator_alone(editions):
    for audience, document in editions.items():
        assert ("How partners rate one another" in said(document)) is (audience == "facilitator")


def test_nothing_is_drawn_where_no_answer_may_be_shown(editions):
    document = json.loads(json.dumps(editions["partners"]))
    for wave in document["consensus"]["surveys"]:
        for statement in wave["statements"]:
            statement.pop("counts", None)
    assert waves.pictures(document) == []
    assert "What people answered" not in said(document)
