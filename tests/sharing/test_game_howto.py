"""The how-to on games runs from top to bottom and prints what it says."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "games-in-python.md"


def test_every_example_of_the_how_to_prints_what_the_page_says():
    blocks = re.findall(r"```(python|text)\n(.*?)```", PAGE.read_text(), re.DOTALL)
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
