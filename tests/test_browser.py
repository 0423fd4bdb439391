"""The accessibility check that the page tests rely on does find what is wrong."""

import pytest

pytestmark = pytest.mark.browser


def test_axe_reports_a_picture_without_alternative_text_and_passes_one_with_it(browser_page, axe):
    page = "<!doctype html><html lang=en><title>T</title><main><h1>T</h1><img src='data:,' {}></main></html>"
    browser_page.set_content(page.format(""))
    assert [violation["id"] for violation in axe(browser_page)] == ["image-alt"]
    browser_page.set_content(page.format("alt='Costs by year'"))
    assert axe(browser_page) == []
