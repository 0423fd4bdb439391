"""Somebody who works by keyboard alone."""


class Keyboard:
    """Somebody who uses no mouse: every control is reached by Tab and seen to have the focus."""

    def __init__(self, page):
        self.page = page

    def to(self, selector):
        for _ in range(200):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{selector} has the focus and does not show it"
                return self
        raise AssertionError(f"{selector} is not reached by keyboard on {self.page.url}")

    def type(self, text):
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        return self

    def enter(self):
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self
