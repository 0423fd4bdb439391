import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import said
from hypothesis import given
from hypothesis import strategies as st

from interlocal import report
from interlocal.case.read import read_case
from interlocal.lessons import advice  # noqa: F401
from interlocal.lessons.catalogue import rules
from interlocal.problems import InputError
from interlocal.report import language, lessons, public, shares_words, words
from interlocal.report.files import write
from interlocal.report.language import _, catalogue, languages, own_words, speaking
from interlocal.report.papers import brief
from interlocal.report.saying import said as said_again
from interlocal.report.victories import victories
from interlocal.study import study

pytestmark = pytest.mark.heavy

FOLDER = Path(report.__file__).parent
# Their labels are addresses in the case, which have one language.
ADDRESSES = {"assumptions", "sources"}
EXAMPLES = Path(__file__).parents[2] / "examples"
OTHERS = [c for c in languages() if c != language.SOURCE]
VERDICTS = tuple({r.verdict for r in rules()})
# Texts that reach the reader through a value, not as a literal beside the call.
VALUES = [
    *words.QUESTIONS.values(), *words.AUDIENCES.values(), *words._VERDICTS.values(), *words._SMALL, *VERDICTS,
    "almost certainly not", "very unlikely", "very likely", "almost certain", *(f"about {k} in 10" for k in range(1, 10)),
    "explore", "study", "negotiate", "adopt", "transition", "stabilise", lessons.NOT_DUE, *lessons.TITLES.values(), *shares_words._FORMULAS.values(),
]  # fmt: skip


def marked():
    """Return every text that the code marks for translation."""
    found = set(VALUES)
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                found |= {a.value for a in node.args if isinstance(a, ast.Constant)}
    return found


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_every_text_and_none_that_nobody_says(code):
    """A text that is missing here gets an entry in ``locale/CODE/study.po``: its msgid is as it is shown."""
    known = set(catalogue(code))
    found = known | {text[:1].swapcase() + text[1:] for text in known}
    assert sorted((marked() | said.sentences()) - found) == []
    assert sorted(known - marked() - said.written()) == []


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="needs msgfmt of gettext")
def test_a_catalogue_is_one_that_gettext_takes(code):
    for path in (FOLDER / "locale" / code).glob("*.po"):
        subprocess.run(["msgfmt", "--check-format", "--check-header", "-o", "/dev/null", path], check=True)


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_every_place_for_a_figure(code):
    for text, translated in catalogue(code).items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", translated)), text
        assert translated


@pytest.mark.parametrize(
    ("example", "audience"),
    [("juniper-valley", "partners"), ("juniper-valley", "public"), ("franklin-police", "public")],
)
def test_nothing_english_is_left_where_a_resident_reads_spanish(example, audience):
    case = read_case(EXAMPLES / example / "case.yaml")
    found = study(case, draws=200, audience=audience)
    own = own_words(found.case.model_dump(mode="json"))
    with speaking("es", own):
        papers = [brief(found.document), victories(found.document, found.case)]
        parts = said_again(public.parts(found.document, found.case)) if audience == "public" else []
    for part in parts:
        if part.id not in ADDRESSES:
            for text in said.texts([part.title, *part.blocks]):
                assert said.english(text, own, "es") == set(), text
    for paper in papers:
        assert paper.language == "es"
        assert "borrador" in paper.blocks[0].text
        for text in said.texts(paper):
            assert said.english(text, own, "es") == set(), text


def test_a_study_is_written_as_a_page_in_the_language_too(tmp_path):
    found = study(read_case(EXAMPLES / "franklin-police" / "case.yaml"), draws=200, audience="public")
    names = [p.name for p in write(found, tmp_path, "es")]
    assert names == ["study.json", "study.html", "study.es.html"]
    page = (tmp_path / "study.es.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert "borrador" in page
    for said_in_spanish in ("¿Ahorra dinero?", "Formas de fracasar", "Quién paga qué"):
        assert said_in_spanish in page
    assert "Does it save money?" not in page
    assert "borrador" not in (tmp_path / "study.html").read_text(encoding="utf-8")


def test_a_language_holds_only_inside_its_block():
    with speaking("es"):
        assert words.chance(0.42) == "alrededor de 4 de 10"
        assert words.money(1_000_000, "USD").replace("\N{NO-BREAK SPACE}", " ") == "USD 1 millón"
    assert words.chance(0.42) == "about 4 in 10"


def test_a_text_that_a_catalogue_lacks_stays_as_it_is():
    with speaking("es"):
        assert _("Valley Courier") == "Valley Courier"


def test_a_sentence_is_said_by_its_shape_and_its_values_by_theirs():
    with speaking("es"):
        assert (
            _("3 of 4 partners have a named sponsor.") == "3 de 4 socios tienen un patrocinador con nombre."
        )


def test_what_people_wrote_is_not_translated_even_inside_a_sentence():
    with speaking("es", {"Fire and police", "Town of Partner and Year"}):
        told = _("Town of Partner and Year is better off in 12 of 100 futures.")
        assert told == "Town of Partner and Year sale ganando en 12 de 100 futuros."
        assert _("Fire and police") == "Fire and police"


@given(st.text(st.characters(categories=["L", "Zs", "P", "Nd"])))
def test_whatever_somebody_wrote_comes_back(text):
    with speaking("es", {text}):
        assert _(text) == text or (text in catalogue("es") and (text.islower() or " " in text))


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="es"), speaking("tlh"):
        pass
