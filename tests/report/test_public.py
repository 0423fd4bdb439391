"""The parts of a public page: only what the public may see, and nothing of what was left out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlocal.blocks import Heading, Items, Paragraph, Picture, Table
from interlocal.case import parse_case, read_case
from interlocal.report import public
from interlocal.report.language import languages, speaking
from interlocal.report.public import Part
from interlocal.study import study

pytestmark = pytest.mark.heavy

FREE = {"source", "note", "reason", "because", "why", "text", "condition"}
"""Fields in which people write what they like."""


def marked(part, found, visibility="partners"):
    """Mark each free text of a case that is not public, and return how the marks were set."""
    if isinstance(part, list):
        return [marked(x, found, visibility) for x in part]
    if not isinstance(part, dict):
        return part
    visibility = part.get("visibility", visibility)
    told = visibility == "public" or "told_public_on" in part
    made = {}
    for key, value in part.items():
        if key in FREE and isinstance(value, str) and " " in value and not told:
            found.append(f"ZQ{len(found)}X")
            made[key] = f"{value} {found[-1]}"
        else:
            made[key] = marked(value, found, visibility)
    return made


@pytest.fixture(scope="module")
def residents(root):
    """Study and case as the public sees them."""
    case = read_case(root / "examples/juniper-valley/case.yaml")
    made = study(case, draws=200, audience="public")
    return made.document, made.case


@pytest.fixture(scope="module")
def parts(residents):
    return public.parts(*residents)


def test_no_part_says_what_was_written_for_the_partners(root):
    case = read_case(root / "examples/juniper-valley/case.yaml")
    marks = []
    data = marked(case.model_dump(mode="json", exclude_none=True), marks)
    assert len(marks) > 30
    made = study(parse_case(json.dumps(data).encode(), "case"), draws=200, audience="public")
    for code in languages():
        with speaking(code):
            said = json.dumps(public.as_data(public.parts(made.document, made.case)))
        assert [m for m in marks if m in said] == []


@pytest.mark.parametrize("audience", ["partners", "facilitator"])
def test_a_study_for_somebody_else_becomes_no_public_page(root, audience):
    case = read_case(root / "examples/juniper-valley/case.yaml")
    made = study(case, draws=50, audience=audience)
    with pytest.raises(ValueError, match=audience):
        public.parts(made.document, made.case)


def test_parts_are_kept_and_read_again_without_loss(parts):
    assert public.from_data(json.loads(json.dumps(public.as_data(parts)))) == parts


@pytest.mark.parametrize("code", languages())
def test_a_choice_made_in_one_language_holds_in_every_language(parts, residents, code):
    with speaking(code):
        spoken = public.parts(*residents)
    assert [p.id for p in spoken] == [p.id for p in parts]
    for source, part in zip(parts, spoken, strict=True):
        keys = {p.key for p in public.pieces(source)}
        shown, _ = public.without(source, part, keys)
        assert all(isinstance(b, Heading) for b in shown.blocks)


def texts(part):
    for b in part.blocks:
        if isinstance(b, Paragraph):
            yield f"{b.lead} {b.text}".strip()
        elif isinstance(b, Items):
            yield from (f"{i.lead} {i.text}".strip() for i in b.items)
        elif isinstance(b, Table):
            yield from (f"{b.caption}|{r[0].text}" for r in b.rows)
            yield from (f"{b.caption}/{c}" for c in b.columns[1:])


def names(piece):
    return {"row": f"{piece.within}|{piece.says}", "column": f"{piece.within}/{piece.says}"}.get(piece.kind, piece.says)  # fmt: skip


@given(data=st.data())
def test_what_is_left_out_is_gone_and_counted_and_the_rest_stands(parts, data):
    part = data.draw(st.sampled_from([p for p in parts if public.pieces(p)]))
    offered = public.pieces(part)
    gone = data.draw(st.lists(st.sampled_from(offered), unique=True))
    shown, count = public.without(part, part, {p.key for p in gone})
    left = set(texts(shown))
    assert left.isdisjoint(map(names, (p for p in gone if p.kind != "picture")))
    assert (count == 0) == (not gone)
    rows_gone = {p.within for p in gone if p.kind in {"row", "column"}}
    for p in offered:
        if p not in gone and p.kind != "picture" and p.within not in rows_gone:
            assert names(p) in left
    titles = {b.title for b in shown.blocks if isinstance(b, Picture)}
    assert titles.isdisjoint(p.says for p in gone if p.kind == "picture")


def test_a_picture_goes_with_any_row_of_the_table_behind_it(parts):
    part = next(p for p in parts if p.id == "answers")
    row = next(p for p in public.pieces(part) if p.kind == "row")
    before = sum(isinstance(b, Picture) for b in part.blocks)
    shown, count = public.without(part, part, {row.key})
    assert sum(isinstance(b, Picture) for b in shown.blocks) < before
    assert count >= 2


def part(*blocks, name="money"):
    return Part(name, "Money", blocks)


def table(rows, caption="Pays a year", columns=("Partner", "USD")):
    from interlocal.blocks import Cell

    return Table("t", caption, columns, tuple((Cell(n), Cell(f"{v:,}", v)) for n, v in rows))


def test_a_figure_left_out_that_the_sum_gives_back_is_named():
    made = part(table([("Colrain", 40), ("Leyden", 60), ("Heath", 30), ("All", 130)]))
    row = next(p for p in public.pieces(made) if p.says == "Colrain")
    assert public.echoes([made], {row.key}) == [
        ("Colrain", ["In “Pays a year” the other rows of “USD” give it back: one of them is the sum."])
    ]


def test_a_figure_left_out_that_a_sentence_or_another_table_still_has_is_named():
    rows = [("Colrain", 40), ("Leyden", 65)]
    made = part(Paragraph("Colrain pays 40 a year."), table(rows), table(rows, "Gains"))
    row = next(p for p in public.pieces(made) if p.says == "Colrain" and p.within == "Pays a year")
    ((name, places),) = public.echoes([made], {row.key})
    assert name == "Colrain"
    assert any("“Colrain pays 40 a year.”" in p for p in places)
    assert any("The table “Gains”" in p for p in places)


def test_a_figure_left_out_everywhere_has_no_echo():
    made = part(table([("Colrain", 40), ("Leyden", 65), ("Heath", 31)]))
    row = next(p for p in public.pieces(made) if p.says == "Colrain")
    assert public.echoes([made], {row.key}) == []
