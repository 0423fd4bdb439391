"""The accessibility statement says what is so: its facts are those of the software and of its documents."""

import re
from pathlib import Path

from interlocal.report.language import DRAFT, NAMES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src/interlocal/web/templates"


def said(at):
    return re.sub(r"\s+", " ", at().get("/accessibility/").content.decode())


def test_each_language_that_nobody_reviewed_is_named_as_a_draft(at):
    drafts = {"es": "Spanish"}
    assert set(DRAFT) == set(drafts), "the statement names the drafts there are"
    for code, name in drafts.items():
        assert NAMES[code]
        assert (
            f"The {name} text of surveys, public pages and documents is a draft: no speaker has reviewed it"
            in said(at)
        )


def test_how_long_one_stays_signed_in_is_what_the_settings_say(at):
    from django.conf import settings

    assert f"signed out {settings.SESSION_COOKIE_AGE // 3600} hours after" in said(at)
    assert not settings.SESSION_SAVE_EVERY_REQUEST


def test_how_documents_are_checked_is_what_their_guide_says(at):
    guide = (ROOT / "docs/how-to/make-the-packet.md").read_text(encoding="utf-8")
    assert "PDF/UA-1 and PDF/A-2a" in guide
    assert "PDF/UA-1 and PDF/A-2a" in said(at)
    assert "veraPDF itself needs Java" in guide
    assert "It was not the reference checker, veraPDF" in said(at)
    assert re.search(r"No person\s+has read the files with a screen reader yet", guide)
    assert "No person who uses a screen reader" in said(at)


def test_pages_that_load_themselves_anew_are_the_ones_it_names(at):
    templates = ROOT / "src/interlocal/web/templates/web"
    found = {
        p.name for p in templates.glob("*.html") if 'http-equiv="refresh"' in p.read_text(encoding="utf-8")
    }
    assert found == {"progress.html", "comparison.html", "region_progress.html", "packet.html"}


def test_every_page_leads_to_the_statement_in_its_footer(at):
    found = {}
    for page in TEMPLATES.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if "<html" in text:
            found[str(page.relative_to(TEMPLATES))] = text.partition("<footer")[2]
    assert set(found) == {"web/base.html", "web/public/base.html", "web/survey_base.html", "web/500.html"}, (
        "the frames of all other pages"
    )
    assert [
        n for n, foot in found.items() if not re.search(r"url 'accessibility'|\"/accessibility/\"", foot)
    ] == []
    for address in ("/accounts/login/", "/public/", "/answer/none/", "/nowhere/"):
        assert 'href="/accessibility/"' in at().get(address).content.decode().partition("<footer")[2], address


def test_what_it_says_of_focus_colours_and_motion_is_tested(at):
    assert "presses Tab through pages of every kind" in said(at)
    assert "Where the system forces its colours" in said(at)
    css = (ROOT / "src/interlocal/web/static/web/interlocal.css").read_text(encoding="utf-8")
    assert all(f"@media ({x})" in css for x in ("forced-colors: active", "prefers-reduced-motion: reduce"))
    assert all((ROOT / "tests/web" / f).exists() for f in ("test_focus.py", "test_colours_and_motion.py"))
