"""Every page that people meet is in the list of some file that lets axe look at it."""

from pathlib import Path

from test_pages_in_a_browser import VISITORS, addresses, shows_a_page

HERE = Path(__file__).parent
# Pages whose state takes several steps to make are walked in files of their own.
ELSEWHERE = {
    "test_region_browser.py": (
        "regions", "new_region", "region", "region_mapping", "region_tables", "region_scan", "region_group",
        "region_run", "region_screen", "region_place", "region_open",
    ),
    "test_surveys_browser.py": ("surveys", "survey", "survey_links", "agreement_survey", "agreement_survey_links", "answer", "answered"),
    "test_deciding_browser.py": ("statement", "comment_edit"),
    "test_open_process_browser.py": (
        "public", "public_page", "public_comment", "public_thanks", "public_rules", "publish_desk", "publish_leave_out",
        "publish_preview", "publish_record", "public_edition", "residents", "residents_log",
    ),
    "test_life_browser.py": ("agreement_move", "agreement_move_entry"),
    "test_end_to_end.py": ("study",),
}  # fmt: skip
GIVES_A_FILE = {"health", "metrics", "packet_file", "public_document"}


def test_each_page_that_people_meet_is_looked_at(world):
    from django.urls import get_resolver, resolve

    from interlocal.web import beginnings
    from interlocal.web.actions import cases, studies
    from interlocal.web.actions.comparisons import ask_for_comparison

    run = studies.ask_for_study(revision=world.case.head, audience="partners", by=world.alice, draws=200)
    one = next(o.id for o in run.studied.options if o.kind != "do_nothing")
    ask_for_comparison(first=run, second=run, first_option=one, second_option=one, by=world.alice)
    cases.start_agreements(
        agreements=beginnings.example(), organisation=world.town, by=world.alice, about="x"
    )
    known = [a.split("?")[0] for a in addresses(world, world.case, run) if a != "/nowhere/"]
    listed = {resolve(a).url_name for a in [*known, *VISITORS]} | {
        n for names in ELSEWHERE.values() for n in names
    }
    ours = {p.name: p for p in get_resolver().url_patterns if getattr(p, "name", None)}
    assert {n for n, p in ours.items() if n not in listed | GIVES_A_FILE and shows_a_page(p)} == set()
    assert all("axe" in (HERE / file).read_text(encoding="utf-8") for file in ELSEWHERE)
    assert set().union(*ELSEWHERE.values(), GIVES_A_FILE) <= set(ours)
