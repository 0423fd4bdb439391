import re
from html import unescape
from html.parser import HTMLParser

import pytest

from interlocal.case import read_case
from interlocal.report import governance, words
from interlocal.report.page import render_page
from interlocal.study import study

pytestmark = pytest.mark.heavy

POSITIONS = ("principle.trust", "necessity.trust", "necessity.political_will", "pitfall.no_leader")
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 3


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.values, self.tags, self.attributes = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.attributes += list(given)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "data":
            self.values.append(float(given["value"]))


def numbers(part):
    if isinstance(part, dict):
        return {x for v in part.values() for x in numbers(v)}
    if isinstance(part, list):
        return {x for v in part for x in numbers(v)}
    return {float(part)} if isinstance(part, (int, float)) and not isinstance(part, bool) else set()


@pytest.fixture(scope="module")
def html(_whole):
    return render_page(_whole)


def test_page_is_deterministic(html, document):
    assert render_page(document) == html


def test_page_needs_no_network_and_no_script(html):
    page = Page(html)
    assert not {"script", "link", "iframe", "img", "object", "form"} & set(page.tags)
    assert not [a for a in page.attributes if a.startswith("on")]
    assert not [x for x in page.links if not x.startswith("#")]
    assert not re.search(r"url\((?!#)|@import", html)


def test_ids_are_unique_and_every_link_arrives(html):
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {x[1:] for x in page.links} <= set(page.ids)


def test_every_figure_on_the_page_is_in_the_document(html, document):
    known = numbers(document)
    option = words.proposed(document)
    # Three kinds of figure are worked out for the page: sums over years, a total less one partner, and what a saving is
    # worth to a household each year.
    lines = document["central"]["options"][option]["lines"]
    exits = document["questions"]["sustainability"]["options"][option]["exits"]
    known |= {sum(x["cost"]) for x in lines}
    known |= {x["total"]["change"] - x["partners"][p]["change"] for p, x in exits.items()}
    answer = document["questions"]["money"]["options"][option]
    gained, shown = answer["pool"]["partners"], document["case"]["partners"]
    most = max(answer["per_year"]["partners"], key=lambda p: abs(answer["per_year"]["partners"][p]["amount"]))
    years = gained[most]["npv"]["mean"] / answer["per_year"]["partners"][most]["amount"]
    known |= {n["npv"][k] / years / shown[p]["households"] for p, n in gained.items() for k in ("p10", "p50", "p90")}  # fmt: skip
    assert set(Page(html).values) - known == set()


def test_the_three_answers_and_each_partner_are_there(html, document):
    option = words.proposed(document)
    for question in words.QUESTIONS:
        assert words.answer(document, option, question) in html
    for p in document["case"]["partners"].values():
        assert p["name"] in html


def test_made_up_case_says_so_on_top_and_warnings_are_shown(html, document):
    assert "This case is made up" in html
    document["case"]["fictional"] = False
    document["warnings"] = ["One department: 50 draws are too few."]
    other = render_page(document)
    assert "This case is made up" not in other
    assert "50 draws are too few" in other


def test_hostile_words_are_escaped(document):
    hostile = "<script>alert(1)</script>"
    document["case"] |= {"title": hostile, "summary": hostile}
    document["case"]["partners"]["juniper"]["name"] = hostile
    document["questions"]["money"]["options"]["joint_department"]["name"] = hostile
    document["collect_next"][0] |= {"text": hostile, "who": hostile}
    html = render_page(document)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_unknown_answers_show_their_reason(unknown):
    html = render_page(unknown)
    assert html.count("We do not know what the service costs Town of Cedar Ford today.") >= 4
    assert "None" not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def test_public_page_without_lines_of_cost_says_what_is_left_out(document):
    document |= {"audience": "public", "central": None}
    document["sources"] |= {
        "left_out": 12,
        "left_out_reason": "kept from the audience “public” by whoever entered it",
    }
    html = render_page(document)
    assert "12 entries of the case are left out" in html
    assert "not shown to this audience" in html


def test_all_42_lessons_are_cells_with_a_word_and_a_shape_and_stories_tell_the_signs(html, document):
    assert html.count('<li class="cell ') == 42
    for row in document["premortem"]:
        assert row["goes_wrong"] in html
    assert document["collect_next_method"] in html
    assert document["advice"]["verdict"] in html


@pytest.mark.slow
def test_public_page_shows_no_withheld_finding_and_says_what_it_leaves_out(root):
    case = read_case(root / "examples/juniper-valley/case.yaml")
    whole = study(case, draws=200, audience="facilitator").document
    public = study(case, draws=200, audience="public").document
    html = unescape(render_page(public))
    told = {e["text"] for f in whole["lessons"] if f["audience"] == "facilitator" for e in f["because"]}
    told |= {e["text"] for f in whole["lessons"] if f["item"] in POSITIONS for e in f["because"]}
    told -= {r["because"] for r in public["advice"]["rules"]}
    assert len(told) > 10
    assert [text for text in told if text in html] == []
    assert {"What this page leaves out", "How each pair of partners rates the other."} <= set(
        re.split(r"<[^>]+>", html)
    )


@pytest.fixture
def shown(browser_page, tmp_path):
    """Open a page in a browser of some width and return it with the addresses it asked for."""

    def show(document, width):
        path = tmp_path / "study.html"
        path.write_text(render_page(document), encoding="utf-8")
        asked = []
        browser_page.on("request", lambda request: asked.append(request.url))
        browser_page.set_viewport_size({"width": width, "height": 900})
        browser_page.goto(path.as_uri())
        return browser_page, asked

    return show


def _scrolls(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 320])
def test_page_is_accessible_and_loads_nothing(document, shown, axe, width):
    page, asked = shown(document, width)
    assert [u for u in asked if not u.startswith("file:")] == []
    assert not _scrolls(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in axe(page)] == []
    assert not _scrolls(page)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("name", [LONG, "مدينة العرعر", "Peñalolén de los Ríos del Año"])
def test_names_of_every_kind_fit_a_narrow_screen(document, shown, name):
    document["case"]["title"] = name
    document["case"]["partners"]["juniper"]["name"] = name
    page, _ = shown(document, 320)
    assert not _scrolls(page)
    assert page.locator("h1").inner_text() == name


@pytest.mark.browser
@pytest.mark.slow
def test_page_of_unknown_answers_is_accessible(unknown, shown, axe):
    page, _ = shown(unknown, 320)
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in axe(page)] == []
    assert not _scrolls(page)


def test_forms_of_governance_are_ranked_with_every_reason_and_what_is_impossible(html, document):
    found = document["governance"]
    assert all(f["name"] in html for f in (*found["forms"], *found["screened"]))
    for form in found["forms"]:
        assert all(r["because"] in html and r["fact"] in html for r in form["reasons"])
    assert "This form cannot borrow in its own name." in html
    assert "Ask counsel" in html


@pytest.mark.parametrize(
    ("answer", "says"),
    [("tie", "A tie"), ("unknown", "We do not know"), ("none", "No form is possible"), ("so_far", "so far")],
)
def test_how_firm_the_first_form_is_stands_in_words(document, answer, says):
    document["governance"]["answer"] = answer
    assert says in governance.headline(document)
    assert governance.headline(document) in render_page(document)


def test_a_page_without_forms_or_clauses_says_why(document):
    document["governance"] |= {
        "forms": [],
        "first": [],
        "answer": "none",
        "model": None,
        "unknown": "None was chosen.",
    }
    document["governance"]["clauses"] = {"rows": [], "unknown": "Choose a form first."}
    page = render_page(document)
    assert "None was chosen." in page
    assert "Choose a form first." in page
