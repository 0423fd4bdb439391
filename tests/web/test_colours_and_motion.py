"""Pages for people whose system forces its own colours, or who asked it to keep still."""

import os

import pytest
import test_pages_in_a_browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]
signed_in = test_pages_in_a_browser.signed_in

# Pictures whose ink is dark need the light paper they were drawn for; a system's own may be black.
PAPER = """() => [...document.querySelectorAll('svg, .qr')].filter(e => e.getClientRects().length && !e.parentElement.closest('svg'))
  .map(e => getComputedStyle(e)).map(s => [s.backgroundColor, s.forcedColorAdjust].join(' '))"""
# What tells a place apart by its ground alone is told by a line as well.
LINED = """() => ['.top', '.usa-button:not(.usa-button--unstyled)', '.usa-sidenav .usa-current'].flatMap(s => [...document.querySelectorAll(s)])
  .filter(e => e.getClientRects().length)
  .map(e => getComputedStyle(e)).map(s => Math.max(...['Top', 'Right', 'Bottom', 'Left'].map(x => parseFloat(s[`border${x}Width`]))))"""
MOVES = """() => [...document.querySelectorAll('*')].filter(e => {
  const s = getComputedStyle(e);
  return s.transitionProperty !== 'none' && s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto';
}).map(e => e.outerHTML.slice(0, 100))"""


def test_where_the_system_forces_its_colours_pictures_keep_their_paper_and_grounds_get_lines(signed_in):
    world, record, run, page, _, url = signed_in
    page.emulate_media(forced_colors="active", color_scheme="dark")
    page.set_viewport_size({"width": 1280, "height": 900})
    pictures, lines = [], []
    for name, address in (
        ("study", f"/cases/{record.pk}/studies/{run.pk}/overview/"),
        ("money", f"/cases/{record.pk}/studies/{run.pk}/money/"),
        ("shares", f"/cases/{record.pk}/shares/"),
        ("edit", f"{world.url}edit/spending/"),
        ("sign-in", "/accounts/login/"),
    ):
        page.goto(url + address)
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(255, 255, 255)"
        pictures += page.evaluate(PAPER)
        lines += page.evaluate(LINED)
        if folder := os.environ.get("INTERLOCAL_PICTURES"):
            page.screenshot(path=f"{folder}/forced-{name}.png", full_page=True)
    assert len(pictures) > 5
    assert set(pictures) == {"rgb(255, 255, 255) none"}
    assert len(lines) > 5
    assert min(lines) >= 1


def test_who_asked_for_no_motion_gets_none(signed_in):
    world, record, run, page, _, url = signed_in
    addresses = (f"/cases/{record.pk}/studies/{run.pk}/overview/", f"{world.url}edit/spending/", f"{world.url}shares/")  # fmt: skip
    seen = {}
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        for address in addresses:
            page.goto(url + address)
            seen.setdefault(motion, []).extend(page.evaluate(MOVES))
    assert seen["no-preference"], (
        "something moves where nobody minds, so that the other half proves something"
    )
    assert seen["reduce"] == []
