import csv
import dataclasses
import io
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from interlocal.region.brief import on_screen
from interlocal.region.commands import group_document, scan_document
from interlocal.region.demands import Demands
from interlocal.region.labels import Label
from interlocal.region.map import Map
from interlocal.region.mapping import load_mapping
from interlocal.region.mergers import Merger
from interlocal.region.render import as_csv, as_html, as_json
from interlocal.region.scan import Options
from interlocal.region.tables import read_region
from interlocal.region.wording import chance, number

EXAMPLE = Path(__file__).parents[2] / "examples" / "franklin-region"


@pytest.fixture(scope="module")
def documents(module_region):
    scan = scan_document(module_region, Options(top=10), checks=True)
    group = group_document(module_region, "records", Demands(max_size=3), replications=2)
    return module_region, {"scan": scan, "group": group}


@pytest.fixture(scope="module")
def module_region(region_of):
    merger = Merger("Newtown", "records", 2019, ("Ash", "Birch"), (900.0, 1100.0), (3e4, 4e4), 6.5e4)
    return dataclasses.replace(region_of(slope=-0.2, count=40), mergers=(merger,))


@pytest.mark.parametrize("kind", ["scan", "group"])
def test_the_page_asks_nothing_of_the_network_and_says_it_is_a_screening(documents, kind):
    region, made = documents
    html = as_html(made[kind], region)
    assert not re.search(r"""(src|href)=["'](https?:)?//|@import|url\(""", html)
    assert "Screening, not a study" in html
    assert html.count("<svg") == 2
    assert html.count("aria-label") >= 2


def test_the_page_shows_checks_and_mergers_that_happened(documents):
    region, made = documents
    html = as_html(made["scan"], region)
    assert "Newtown (Ash, Birch)" in html
    assert "Backtest" in screen(made["scan"])
    unchecked = as_html(
        scan_document(dataclasses.replace(region, mergers=()), Options(top=3), checks=True), region
    )
    assert "None in these data" in unchecked


def test_every_link_on_the_map_leads_somewhere(documents):
    region, _ = documents
    spaced = dataclasses.replace(region, ids=tuple(f"Town of {i}" for i in region.ids))
    html = as_html(scan_document(spaced, Options(top=3)), spaced)
    links = re.findall(r'href="#([^"]+)"', html)
    assert links
    assert set(links) <= set(re.findall(r'id="([^" ]+)"', html))


def test_names_cannot_break_out_of_the_page(documents):
    region, made = documents
    evil = dataclasses.replace(region, names=('<script>"x"</script>', *region.names[1:]))
    assert "<script" not in as_html(made["scan"], evil)


def test_csv_and_json_hold_the_same_candidates(documents):
    _, made = documents
    for document, entries in ((made["scan"], "candidates"), (made["group"], "reasons")):
        rows = list(csv.DictReader(io.StringIO(as_csv(document))))
        again = json.loads(as_json(document))
        assert [r["members"].split(";") for r in rows] == [e["members"] for e in again[entries]]


def test_a_name_is_never_a_formula_in_a_spreadsheet(documents):
    _, made = documents
    document = made["scan"] | {"candidates": [made["scan"]["candidates"][0] | {"names": ["=1+1", "B"]}]}
    (row,) = csv.DictReader(io.StringIO(as_csv(document)))
    assert row["names"].startswith("'=")


@pytest.mark.parametrize("kind", ["scan", "group"])
def test_the_terminal_names_the_best_and_says_how_many_more_there_are(documents, kind):
    _, made = documents
    entries = made[kind]["candidates" if kind == "scan" else "reasons"]
    shown = screen(made[kind], rows=2)
    assert all(name in shown for entry in entries[:2] for name in entry["names"])
    assert f"and {len(entries) - 2} more" in shown
    assert "screening, not a study" in shown


def test_the_terminal_says_where_there_is_no_saving_and_what_is_proven(region_of):
    region = region_of(slope=0.4, count=40, level=True)
    assert "No saving here" in screen(scan_document(region, Options(largest=2)))
    group = screen(group_document(region, "records", Demands(), replications=2))
    assert "No saving here" in group
    assert "that is proven" in group


def screen(document, rows=20):
    console = Console(width=200)
    with console.capture() as captured:
        console.print(*on_screen(document, rows), sep="\n")
    return captured.get()


def test_a_map_is_drawn_from_borders_where_there_are_any(documents):
    region, made = documents
    ring = np.array([[0, 0], [1, 0], [1, 1], [0, 0]], dtype=float)
    borders = dataclasses.replace(region.neighbours, borders={0: (ring,), 1: (ring + 1,)})
    html = as_html(made["scan"], dataclasses.replace(region, neighbours=borders))
    assert html.count('<path d="M') == 2


def test_numbers_are_rounded_to_what_is_known():
    assert [number(x) for x in (1_234_567, -98_765, 12)] == ["1,230,000", "-98,800", "12"]
    assert [chance(p) for p in (0.01, 0.68, 0.99)] == [
        "less than 1 in 10",
        "about 7 in 10",
        "more than 9 in 10",
    ]


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["scan", "group"])
def test_the_page_is_accessible_and_fits_a_phone(documents, kind, browser_page, axe, tmp_path):
    region, made = documents
    path = tmp_path / "page.html"
    path.write_text(as_html(made[kind], region), encoding="utf-8")
    browser_page.set_viewport_size({"width": 320, "height": 800})
    browser_page.goto(path.as_uri())
    assert axe(browser_page) == []
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_names_on_the_map_of_the_example_cover_no_other_name_and_no_dot():
    towns = read_region(EXAMPLE / "towns.csv", load_mapping(EXAMPLE / "mapping.yaml"), services=("police",))
    drawn = Map(towns).draw("map")
    dots = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)]
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)<', drawn)
    boxes = [Label(text, float(x), float(y), side).box for x, y, side, text in texts]
    assert len(boxes) == len(dots) == 26
    boxes += [(x - 7, y - 7, x + 7, y + 7) for x, y in dots]
    assert not [
        (a, b)
        for a, b in itertools.combinations(boxes, 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
