import html
import re
from xml.etree import ElementTree as ET

import pytest

from interlocal.report import charts, drawing, words

pytestmark = pytest.mark.heavy

OPTION = "joint_department"
PICTURES = {
    "fan": charts.fan,
    "gains": charts.gains,
    "views": charts.views,
    "drivers": charts.drivers,
    "stress": charts.stress,
}


@pytest.fixture(params=PICTURES)
def picture(request, document):
    return PICTURES[request.param](document, OPTION)


def test_every_picture_has_a_table_and_words(picture):
    assert picture.rows
    assert all(len(row) == len(picture.columns) for row in picture.rows)
    assert picture.title
    assert len(picture.alternative) > 40


def test_svg_scales_and_is_named_for_a_screen_reader(picture):
    svg = ET.fromstring(picture.svg)  # noqa: S314 - our own picture
    assert svg.get("viewBox").split()[2] == "400"
    assert svg.get("width") == "100%"
    assert svg.get("height") is None
    assert svg.get("role") == "img"
    named = {e.get("id"): e.text for e in svg.iter() if e.get("id")}
    assert [named[i] for i in svg.get("aria-labelledby").split()] == [picture.title, picture.alternative]


def test_same_study_same_bytes(document):
    assert charts.fan(document, OPTION).svg == charts.fan(document, OPTION).svg


def test_ids_of_two_pictures_on_one_page_differ(document):
    ids = [i for draw in PICTURES.values() for i in re.findall(r'\bid="([^"]+)"', draw(document, OPTION).svg)]
    assert len(ids) == len(set(ids))


def test_alternative_text_follows_the_data(document):
    before = charts.gains(document, OPTION).alternative
    document["questions"]["money"]["options"][OPTION]["pool"]["partners"]["juniper"]["npv"]["p50"] = -42_000.0
    after = charts.gains(document, OPTION).alternative
    assert before != after
    assert words.money(-42_000, "USD") in after


def test_a_picture_of_a_hostile_name_stays_well_formed(document):
    document["case"]["partners"]["juniper"]["name"] = '</svg><script>alert("x")</script>&'
    picture = charts.gains(document, OPTION)
    assert "<script" not in picture.svg
    ET.fromstring(picture.svg)  # noqa: S314 - our own picture


def test_unknown_answer_has_no_picture(unknown):
    assert charts.strip(unknown, OPTION, "money", "k") is None


def test_a_long_label_takes_two_lines_and_loses_no_word():
    long = "The lead's post is vacant in 2029: no saving that year at all"
    bars = [(long, "−USD 390,000", -390_000.0), ("Volumes rise", "−USD 1", -1.0)]
    drawn = drawing.bars(bars, "k", "t", "s", (("", ""), ()), axis=charts._AMOUNT)
    texts = [html.unescape(t) for t in re.findall(r"<text[^>]*>([^<]*)</text>", drawn.svg)]
    found = drawing.named(long, "−USD 390,000")
    assert f"{found['above']} {found['label']}" == long
    assert {*found.values(), "Volumes rise"} <= set(texts)
