"""The how-tos on sharing cost run from top to bottom and print what they say."""

import contextlib
import io
import re
from pathlib import Path

import pytest

HOWTO = Path(__file__).parents[2] / "docs" / "how-to"


@pytest.mark.parametrize("page", ["games-in-python.md", "share-the-cost.md"])
def test_every_example_of_the_how_to_prints_what_the_page_says(page, monkeypatch):
    monkeypatch.chdir(HOWTO.parents[1])
    blocks = re.findall(r"```(python|text)\n(.*?)```", (HOWTO / page).read_text(), re.DOTALL)
    space = {}
    printed = ""
    for language, block in blocks:
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(block, space)  # noqa: S102 - our own page
            printed = out.getvalue()
        else:
            assert printed == block
