"""The draft agreement and its companions: all clauses, what is not agreed marked and asked, bills to the cent."""

import copy
import io
import json

import docx
import pytest
from cases import document as small
from hypothesis import given, settings
from hypothesis import strategies as st

from interlocal.blocks import Heading, Items, Paper, Paragraph, Table
from interlocal.case import read_case
from interlocal.case.document import Case
from interlocal.governance.agreement import agreement
from interlocal.governance.answer import governance_answer
from interlocal.governance.letters import memo, resolution
from interlocal.reference import clauses, governance_models
from interlocal.report.word import to_word
from interlocal.study import study

EVERYONE = frozenset({"facilitator", "partners", "public"})
MODELS = [m for m in governance_models() if m != "consolidation"]
NASTY = '<b>Ash & "Birch"</b> O\'Neill ]]>'


@pytest.fixture(scope="module")
def valley(root):
    return read_case(root / "examples/juniper-valley/case.yaml")


@pytest.fixture(scope="module")
def answer(valley):
    return json.loads(study(valley, draws=200).to_json())


@pytest.fixture(scope="module")
def paper(valley, answer):
    return agreement(valley, answer)


@pytest.fixture(scope="module")
def thin_answer():
    return json.loads(study(Case.model_validate(small()), draws=50).to_json())


def said(block):
    match block:
        case Paragraph():
            return f"{block.lead} {block.text}"
        case Items():
            return " ".join(said(i) for i in block.items)
        case Table():
            return " ".join([block.caption, *block.columns, *(c.text for r in block.rows for c in r)])
        case Heading():
            return block.text
    return ""


def sections(paper):
    """Return the blocks under each heading of the first level, by its text without the number."""
    found, now = {}, None
    for block in paper.blocks:
        if isinstance(block, Heading) and block.level == 1:
            now = block.text.partition(". ")[2] if block.text[0].isdigit() else block.text
            found[now] = []
        elif now is not None:
            found[now].append(block)
    return found


def marks(blocks):
    return [b for b in blocks if isinstance(b, Paragraph) and b.tone == "mark"]


def drafted(thin_answer, statuses=None, form="interlocal_agreement", **changes):
    plain = small(**changes)
    plain["options"][0] |= {"form": form, "clauses": statuses or []}
    case = Case.model_validate(plain)
    told = copy.deepcopy(thin_answer) | {"governance": governance_answer(case, 1, EVERYONE)}
    return agreement(case, told)


@pytest.mark.parametrize("form", MODELS)
def test_every_clause_of_the_model_appears_in_its_usual_order(thin_answer, form):
    titles = [c.title for c in clauses().values() if form in c.needed_by]
    assert [t for t in sections(drafted(thin_answer, form=form)) if t in titles] == titles


@settings(max_examples=40)
@given(
    told=st.dictionaries(
        st.sampled_from(sorted(clauses())), st.sampled_from(["agreed", "open", "not_needed"]), max_size=34
    )
)
def test_a_clause_reads_as_agreed_only_where_the_case_says_so(thin_answer, told):
    statuses = [{"id": k, "status": v, "text": f"Words of {k}."} for k, v in told.items()]
    found = sections(drafted(thin_answer, statuses))
    for id_, clause in clauses().items():
        if clause.title not in found:
            continue
        blocks = found[clause.title]
        text = " ".join(map(said, blocks))
        settled = told.get(id_) in {"agreed", "not_needed"}
        assert ("Not yet agreed." in text) == (not settled)
        assert all((q in text) == (not settled) for q in clause.questions)
        assert (f"Words of {id_}." in text) == (id_ in told)
        if not settled:
            assert marks(blocks)
            assert isinstance(blocks[2], Items)


def test_a_clause_agreed_without_words_asks_for_them(paper):
    purpose = sections(paper)["Purpose"]
    assert [m.lead for m in marks(purpose)] == ["Words to come."]


def test_it_says_first_that_it_is_no_legal_advice_and_on_every_page(paper, valley, answer):
    for each in (paper, resolution(valley, answer), memo(valley, answer)):
        assert "not legal advice" in said(each.blocks[0])
        assert each.blocks[0].tone == "mark"
        assert "not legal advice" in each.footer
        assert "made up" in said(each.blocks[1])


def test_the_bills_of_the_annex_sum_to_the_cent(paper):
    bills = next(b for b in paper.blocks if isinstance(b, Table) and b.id == "bills")
    *each, total = [round(100 * row[1].value) for row in bills.rows]
    assert sum(each) == total
    assert all(row[1].text == f"USD {row[1].value:,.2f}" for row in bills.rows)


def test_the_annex_tells_the_formula_line_by_line_as_the_study_explains_it(paper, answer):
    text = " ".join(map(said, paper.blocks))
    for line in answer["sharing"]["laboratory"]["explained"]:
        assert line["text"] in text


def test_terms_of_the_case_fill_their_clauses(paper, valley):
    found = {k: " ".join(map(said, v)) for k, v in sections(paper).items()}
    assert all(p.name in found["Parties"] for p in valley.partners)
    assert "50 percent by population" in found["Cost formula"]
    assert "more than 60 percent of all 7 votes" in found["Votes"]
    assert "18 months" in found["Notice"]
    assert "60 percent of the cost" in found["Stranded cost"]
    assert "2031-03-01" in found["Duration"]
    assert "actual cost" in found["True-up"]
    assert "minutes" in found["Services and standards"]
    assert "not a promise" in found["Services and standards"]


def test_what_the_case_does_not_say_is_not_made_up(thin_answer):
    bare = drafted(thin_answer)
    found = {k: " ".join(map(said, v)) for k, v in sections(bare).items()}
    for title in ("Notice", "Stranded cost", "Votes", "Duration", "Payment schedule", "Liability"):
        assert "Proposed" not in found[title]
    assert "Nobody has decided this formula" in found["Cost formula"]


def test_a_study_that_cannot_work_out_the_formula_says_so(thin_answer):
    told = copy.deepcopy(thin_answer)
    told["sharing"]["laboratory"] = None
    text = " ".join(map(said, sections(drafted(told))["Annex A. The cost formula, worked out line by line"]))
    assert "We do not know" in text


def test_a_form_that_cannot_hold_the_needs_is_warned_of(thin_answer):
    bad = drafted(thin_answer, form="handshake", governance={"needs_debt": True})
    assert any("cannot hold" in said(b) for b in bad.blocks[:4])


@pytest.mark.parametrize("form", ["consolidation", None])
def test_without_a_form_that_needs_clauses_there_is_no_draft(thin_answer, form):
    if form is None:
        told = copy.deepcopy(thin_answer)
        told["governance"]["clauses"] |= {"model": None, "rows": []}
        assert agreement(Case.model_validate(small()), told) is None
    else:
        assert drafted(thin_answer, form=form) is None


def test_a_public_draft_shows_nothing_kept_from_the_public(valley):
    public = json.loads(study(valley, draws=50, audience="public").to_json())
    paper = agreement(valley, public)
    assert paper is None
    assert "audience" in public["governance"]["clauses"]["unknown"]


def test_terms_kept_from_the_public_are_left_out_of_its_draft(thin_answer):
    told = copy.deepcopy(thin_answer) | {"audience": "public"}
    plain = small()
    plain["options"][0] |= {"form": "interlocal_agreement", "exit": {"notice_months": 17}, "visibility": "public"}  # fmt: skip
    for visibility, shown in (("partners", False), ("public", True)):
        plain["options"][0]["exit"]["visibility"] = visibility
        case = Case.model_validate(plain)
        told["governance"] = governance_answer(case, 1, frozenset({"public"}))
        assert ("17 months" in " ".join(map(said, agreement(case, told).blocks))) == shown


def test_a_resolution_carries_figures_of_the_study_and_leaves_the_vote_blank(valley, answer):
    text = " ".join(map(said, resolution(valley, answer, "juniper").blocks))
    assert "City of Juniper resolves" in text
    assert answer["case"]["sha256"] in text
    assert answer["advice"]["verdict"] in text
    assert "we do not know" in text or "in 10" in text


@pytest.mark.parametrize(
    ("verdict", "warned"), [("not yet", True), ("proceed on conditions", False), ("proceed", False)]
)
def test_a_resolution_against_the_advice_says_so(valley, answer, verdict, warned):
    told = answer | {"advice": answer["advice"] | {"verdict": verdict}}
    assert ("decides otherwise" in " ".join(map(said, resolution(valley, told).blocks))) == warned


def test_what_is_asked_follows_the_gate(thin_answer):
    asked = set()
    for gate in ("explore", "negotiate", "adopt", "run"):
        papers = [write(Case.model_validate(small(gate=gate)), thin_answer) for write in (memo, resolution)]
        leads = [b for b in papers[0].blocks if isinstance(b, Paragraph) and b.tone == "lead"]
        what = leads[0].text.partition("is asked ")[2].rstrip(".")
        assert what in " ".join(map(said, papers[1].blocks))
        asked.add(what)
    assert len(asked) == 4


def test_a_memo_says_what_is_not_known(thin_answer):
    told = copy.deepcopy(thin_answer)
    told["questions"]["money"]["options"]["joint"] |= {"pool": None, "unknown": "Scopes differ."}
    text = " ".join(map(said, memo(Case.model_validate(small()), told).blocks))
    assert "we do not know. Scopes differ." in text


def words_of(paper: Paper):
    document = docx.Document(io.BytesIO(to_word(paper)))
    cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return document, "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_names_survive_in_word_whatever_they_hold(thin_answer):
    plain = small()
    plain["partners"][0]["name"] = NASTY
    document, text = words_of(drafted(thin_answer, partners=plain["partners"]))
    assert NASTY in text
    assert document.core_properties.language == "en"
    assert document.core_properties.title.startswith("Draft agreement")


def test_in_word_every_clause_is_a_heading_and_every_table_repeats_its_head(paper):
    document, _ = words_of(paper)
    heads = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert heads == [b.text for b in paper.blocks if isinstance(b, Heading) and b.level == 1]
    assert all("w:tblHeader" in t.rows[0]._tr.xml for t in document.tables)
    marked = [p for p in document.paragraphs if p.style.name == "Mark"]
    assert len(marked) == len(marks(paper.blocks))
