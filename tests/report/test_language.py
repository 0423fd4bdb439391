import ast
import re
from pathlib import Path

import pytest

from interlocal import report
from interlocal.lessons import advice  # noqa: F401
from interlocal.lessons.catalogue import rules
from interlocal.problems import InputError
from interlocal.report import language, words
from interlocal.report.language import _, catalogue, languages, speaking

FOLDER = Path(report.__file__).parent
VERDICTS = tuple({r.verdict for r in rules()})
# Texts that reach the reader through a value, not as a literal beside the call.
VALUES = [
    *words.QUESTIONS.values(), *words.AUDIENCES.values(), *words._VERDICTS.values(), *words._SMALL, *VERDICTS,
    "almost certainly not", "very unlikely", "very likely", "almost certain", *(f"about {k} in 10" for k in range(1, 10)),
    "explore", "study", "negotiate", "adopt", "transition", "stabilise",
]  # fmt: skip


def marked():
    """Return every text that the code marks for translation."""
    found = set(VALUES)
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return found


@pytest.mark.parametrize("code", [c for c in languages() if c != language.SOURCE])
def test_a_catalogue_has_every_text_and_none_that_nobody_says(code):
    from interlocal.reference import services

    names = {s.name for s in services().values()}
    known = set(catalogue(code))
    assert marked() - known == set()
    assert known - marked() - names == set()


@pytest.mark.parametrize("code", [c for c in languages() if c != language.SOURCE])
def test_a_translation_keeps_every_place_for_a_figure(code):
    for text, translated in catalogue(code).items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated)), text
        assert translated


def test_a_language_holds_only_inside_its_block():
    with speaking("es"):
        assert words.chance(0.42) == "alrededor de 4 de 10"
        assert words.money(1_000_000, "USD").replace("\N{NO-BREAK SPACE}", " ") == "USD 1 millón"
    assert words.chance(0.42) == "about 4 in 10"


def test_a_text_that_a_catalogue_lacks_stays_as_it_is():
    with speaking("es"):
        assert _("Valley Courier") == "Valley Courier"


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="es"), speaking("tlh"):
        pass
