import io

import pytest
from rich.console import Console

from interlocal.report import words
from interlocal.report.terminal import summary


def said(document, *, terminal=False, **console):
    out = io.StringIO()
    Console(file=out, width=80, force_terminal=terminal, **console).print(summary(document, files=()))
    return out.getvalue()


def test_summary_fits_one_screen_and_says_the_three_answers(document):
    text = said(document)
    assert len(text.splitlines()) <= 40
    flat = " ".join(text.split())
    for question, asked in words.QUESTIONS.items():
        assert asked in flat
        assert words.answer(document, "joint_department", question) in flat
    assert "made up" in text


def test_summary_without_colour_has_no_escape_sequence(document):
    document["case"]["title"] = "\x1b[31mred\x1b]0;title\x07"
    assert "\x1b" not in said(document)
    assert "\x1b[31m" not in said(document, terminal=True, no_color=True)


def test_many_partners_still_fit(document):
    pool = document["questions"]["money"]["options"]["joint_department"]["pool"]
    one = pool["partners"]["juniper"]
    pool["partners"] |= {f"town_{i}": one for i in range(30)}
    text = said(document)
    assert "and 26 more" in text
    assert len(text.splitlines()) <= 48


@pytest.mark.parametrize("width", [40, 80, 200])
def test_unknown_answers_are_said(unknown, width):
    out = io.StringIO()
    Console(file=out, width=width).print(summary(unknown))
    assert "We do not know what the service costs" in " ".join(out.getvalue().split())
