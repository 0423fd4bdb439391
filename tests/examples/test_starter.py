import pytest

from interlocal.case import parse_case
from interlocal.case.document import Case
from interlocal.case.starter import starter, write_new
from interlocal.problems import InputError
from interlocal.study import study


@pytest.mark.parametrize("full", [False, True])
def test_a_starter_passes_the_check_and_yields_a_study_of_made_up_places(full):
    case = parse_case(starter(full=full).encode(), "starter", strict=True)
    assert case.fictional
    money = study(case, draws=500).document["questions"]["money"]["options"]
    assert money["together"]["pool"] is not None


def test_the_short_starter_holds_only_what_a_study_needs():
    case = parse_case(starter().encode(), "starter")
    assert len(case.partners) == 2
    assert [o.kind for o in case.options] == ["shared"]
    assert len(starter().splitlines()) < 80


def test_the_full_starter_shows_every_section_with_a_comment_above_it():
    lines = starter(full=True).splitlines()
    at = {line.split(":")[0]: i for i, line in enumerate(lines) if line and line[0].isalpha()}
    optional = set(Case.model_fields)
    assert optional <= set(at)
    bare = {k for k, i in at.items() if not lines[i - 1].startswith("#")}
    assert bare <= {"title", "currency", "summary", "partner_goals", "actions", "issues", "disputes"}


def test_a_starter_never_replaces_a_file(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_text("mine")
    with pytest.raises(InputError, match="already"):
        write_new(path)
    assert path.read_text() == "mine"


def test_a_starter_that_cannot_be_written_says_why(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        write_new(tmp_path / "missing" / "case.yaml")
