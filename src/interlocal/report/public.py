"""A study for residents, part by part, and how a part leaves out what its publisher chose to leave out.

Parts are blocks of the outline, so that the public page says what brief and report say. They are made from the study
for the public alone. Each piece of a part (a paragraph, a point, a row, a column, a picture) has a key made from what
it says in the language of the code. So a choice to leave something out holds in every language, and no longer fits
once the study says something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from interlocal.blocks import Block, Cell, Heading, Items, Paragraph, Picture, Table
from interlocal.case.document import Case
from interlocal.report import charts, outline, tables, words
from interlocal.report.headline import headline
from interlocal.report.language import _
from interlocal.report.victories import victories
from interlocal.report.words import Document


@dataclass(frozen=True)
class Part:
    """A part of the page that its publisher shows or leaves out."""

    id: str
    title: str
    blocks: tuple[Block, ...]


def parts(document: Document, case: Case) -> list[Part]:
    """Return the parts in the language spoken now.

    Parameters
    ----------
    document
        A study for the public.
    case
        Its case, of which only steps that are public are read.

    Raises
    ------
    ValueError
        Where the study is for anybody else.
    """
    if document["audience"] != "public":
        raise ValueError(document["audience"])
    lead = Part("headline", _("In one sentence"), (Paragraph(headline(document), tone="lead"),))
    made = [lead, *(Part(name, *_titled(build(document))) for name, build in _PARTS.items())]
    steps = [b for b in victories(document, case).blocks if not isinstance(b, Paragraph) or b.tone != "mark"]
    return [*made, Part("steps", _("Steps reached, and what comes next"), tuple(_lower(steps)))]


def notices(document: Document) -> list[str]:
    """Return what a reader has to know before any figure."""
    marks = [b for b in outline.cautions(document) if isinstance(b, Paragraph)]
    return [f"{b.lead} {b.text}".strip() for b in marks]


def kept_back(document: Document) -> list[str]:
    """Return what this study leaves out because of who entered it for whom."""
    return [_(line) for line in words.left_out(document)]


def never_shown() -> list[str]:
    """Return what no public page shows, whatever its publisher chooses."""
    return [
        _("How partners rate one another, and any rating of a person or a post."),
        _("When a named post falls vacant."),
        _("The position of a member of a governing body, unless it was taken in an open meeting and entered as public."),
        _("Whatever its author entered for the partners or the facilitator alone."),
    ]  # fmt: skip


def _titled(blocks: list[Block]) -> tuple[str, tuple[Block, ...]]:
    first, *rest = blocks
    return (first.text if isinstance(first, Heading) else ""), tuple(rest)


def _lower(blocks: list[Block]) -> list[Block]:
    return [replace(b, level=b.level + 1) if isinstance(b, Heading) else b for b in blocks]


def _answers(document: Document) -> list[Block]:
    """Return each of the three questions with its answer, a picture and the table behind it."""
    option = words.proposed(document)
    blocks: list[Block] = [Heading(_("The three answers"))]
    for question, asked in words.QUESTIONS.items():
        p = words.probabilities(document, option, question)[0]
        verdict = words.verdict_word(p)
        said = words.answer(document, option, question)
        blocks += [
            Heading(_(asked), 2),
            Paragraph(verdict[:1].upper() + verdict[1:], tone="lead"),
            Paragraph(said),
        ]
        picture = charts.strip(document, option, question, f"public-{question}") if option else None
        place = f"/questions/{question}/options/{option}"
        blocks += outline.shown(picture, f"public-{question}-behind", place)
    return blocks


def _money(document: Document) -> list[Block]:
    option = words.proposed(document)
    blocks = outline.pays_and_gains(document)
    if option is None or document["questions"]["money"]["options"][option]["pool"] is None:
        return blocks
    drawn, said = outline.picture(document)
    place = f"/questions/money/options/{option}/yearly/total"
    return [
        *blocks,
        *(outline.shown(drawn, "public-fan-behind", place) if isinstance(drawn, Picture) else []),
        said,
    ]


def _options(document: Document) -> list[Block]:
    return [Heading(_("The options side by side")), *outline.cut(tables.options(document))]


def _service(document: Document) -> list[Block]:
    option = words.proposed(document)
    blocks: list[Block] = [Heading(_("Service")), Paragraph(words.answer(document, option, "service"))]
    return [
        *blocks,
        *(outline.cut(tables.service(document, option)) if option and _known(document, option) else []),
    ]


def _lasting(document: Document) -> list[Block]:
    option = words.proposed(document)
    blocks: list[Block] = [
        Heading(_("Staying power")),
        Paragraph(words.answer(document, option, "sustainability")),
    ]
    return [
        *blocks,
        *(outline.cut(tables.stays(document, option)) if option and _known(document, option) else []),
    ]


def _known(document: Document, option: str) -> bool:
    return document["questions"]["money"]["options"][option]["pool"] is not None


def _lists(document: Document) -> list[Block]:
    """Return the lists without the items that are not for the public, which the page counts among what it leaves out."""
    kept = [
        replace(b, rows=tuple(r for r in b.rows if not r[1].text.startswith("–")))
        if isinstance(b, Table)
        else b
        for b in outline.lists(document)
        if not isinstance(b, Picture) and not (isinstance(b, Table) and b.id.startswith("table-five"))
    ]
    empty = {i for i, b in enumerate(kept) if isinstance(b, Table) and not b.rows}
    return [b for i, b in enumerate(kept) if i not in empty and i + 1 not in empty]


_PARTS: Mapping[str, Callable[[Document], list[Block]]] = {
    "question": outline.question,
    "answers": _answers,
    "money": _money,
    "options": _options,
    "service": _service,
    "lasting": _lasting,
    "advice": outline.advice,
    "unknown": outline.unknown,
    "shares": outline.shares,
    "governance": outline.forms,
    "plan": outline.plan,
    "lists": _lists,
    "assumptions": outline.assumptions,
    "sources": outline.sources,
}
FIRST = frozenset({"headline", "question", "answers", "advice", "unknown"})
"""Parts that a page begins with until its publisher chooses otherwise."""


@dataclass(frozen=True)
class Piece:
    """Something in a part that can be left out."""

    key: str
    kind: str
    """``text``, ``picture``, ``row`` or ``column``."""
    says: str
    within: str = ""
    """Caption of the table it belongs to."""


def pieces(part: Part) -> list[Piece]:
    """Return what can be left out of a part, each once."""
    found: dict[str, Piece] = {}
    for block in part.blocks:
        for piece in _pieces(part.id, block):
            found.setdefault(piece.key, piece)
    return list(found.values())


def _pieces(part: str, block: Block) -> Iterator[Piece]:
    if isinstance(block, Paragraph):
        yield _piece(part, "text", f"{block.lead} {block.text}".strip())
    elif isinstance(block, Items):
        yield from (_piece(part, "text", f"{i.lead} {i.text}".strip()) for i in block.items)
    elif isinstance(block, Picture):
        yield _piece(part, "picture", block.title)
    elif isinstance(block, Table):
        yield from (_piece(part, "row", r[0].text, block.caption) for r in block.rows)
        yield from (_piece(part, "column", c, block.caption) for c in block.columns[1:])


def _piece(part: str, kind: str, says: str, within: str = "") -> Piece:
    told = hashlib.sha256(f"{kind}|{within}|{says}".encode()).hexdigest()
    return Piece(f"{part}-{told[:12]}", kind, says, within)


def without(source: Part, part: Part, keys: Collection[str]) -> tuple[Part, int]:
    """Return a part without some pieces, and how many are left out.

    Parameters
    ----------
    source
        The part in the language of the code, from which keys are made.
    part
        The same part in the language to be shown.
    keys
        Keys of the pieces to leave out. A picture goes with any row or column of a table beside it: it draws them.
    """
    kept: list[Block] = []
    left = 0
    for original, block in zip(source.blocks, part.blocks, strict=True):
        hit = [p.key in keys for p in _pieces(source.id, original)]
        left += sum(hit)
        if not any(hit):
            kept.append(block)
        elif isinstance(block, Items):
            rest = tuple(i for i, gone in zip(block.items, hit, strict=True) if not gone)
            kept += [replace(block, items=rest)] if rest else []
        elif isinstance(block, Table):
            if kept and isinstance(kept[-1], Picture):
                kept.pop()
                left += 1
            kept += [_cut(block, hit)] if not all(hit[: len(block.rows)]) else []
    return replace(part, blocks=tuple(kept)), left


def _cut(table: Table, hit: list[bool]) -> Table:
    rows, columns = hit[: len(table.rows)], [False, *hit[len(table.rows) :]]

    def some(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(c for c, gone in zip(row, columns, strict=True) if not gone)

    return replace(
        table,
        columns=some(table.columns),
        rows=tuple(some(r) for r, gone in zip(table.rows, rows, strict=True) if not gone),
    )


def echoes(found: list[Part], keys: Collection[str]) -> list[tuple[str, list[str]]]:
    """Return, for each row left out, where it can still be read or worked out, in the language of the code."""
    said: dict[str, list[str]] = {}
    for part in found:
        for table in (b for b in part.blocks if isinstance(b, Table)):
            for row, piece in zip(table.rows, _pieces(part.id, table), strict=False):
                if piece.key in keys:
                    said.setdefault(piece.says, []).extend(_echo(found, keys, table, row))
    return [(name, list(dict.fromkeys(where))) for name, where in said.items() if where]


def _echo(found: list[Part], keys: Collection[str], table: Table, row: tuple[Cell, ...]) -> Iterator[str]:
    name = row[0].text
    for part in found:
        for block in part.blocks:
            shown = {p.key: p for p in _pieces(part.id, block) if p.key not in keys}
            if isinstance(block, Picture) and any(name in map(str, r) for r in block.rows) and shown:
                yield f"The picture “{block.title}” in “{part.title}” draws it."
            for piece in shown.values():
                if piece.kind == "text" and name in piece.says and any(map(str.isdigit, piece.says)):
                    yield f"A sentence in “{part.title}” has a figure of it: “{piece.says[:200]}”"
                elif piece.kind == "row" and piece.says == name and block is not table:
                    yield f"The table “{piece.within}” in “{part.title}” has it."
    for n, column in enumerate(table.columns[1:], 1):
        if _given_back(table, row, n):
            yield f"In “{table.caption}” the other rows of “{column}” give it back: one of them is the sum."


def _given_back(table: Table, row: tuple[Cell, ...], n: int) -> bool:
    """Whether some row of a column is the sum of all others, the one left out among them."""
    figures = [float(r[n].value) for r in table.rows if r is not row and r[n].value is not None]  # type: ignore[arg-type]
    gone = row[n].value
    if gone is None or len(figures) < 2:
        return False
    whole = sum(figures) + gone
    return any(abs(whole - 2 * x) <= 0.01 * max(abs(x), 1e-9) for x in figures)


_KINDS = {k.__name__: k for k in (Heading, Paragraph, Items, Table, Picture)}


def as_data(found: list[Part]) -> list[dict[str, Any]]:
    """Return parts as plain values, which a database keeps."""
    return [
        {"id": p.id, "title": p.title, "blocks": [{"kind": type(b).__name__, **asdict(b)} for b in p.blocks]}
        for p in found
    ]


def from_data(data: list[Mapping[str, Any]]) -> list[Part]:
    """Return the parts that plain values hold."""
    return [Part(p["id"], p["title"], tuple(_block(b) for b in p["blocks"])) for p in data]


def _block(data: Mapping[str, Any]) -> Block:
    values = {k: v for k, v in data.items() if k != "kind"}
    if data["kind"] == "Items":
        values["items"] = tuple(Paragraph(**i) for i in values["items"])
    elif data["kind"] == "Table":
        values["columns"] = tuple(values["columns"])
        values["rows"] = tuple(tuple(Cell(**c) for c in r) for r in values["rows"])
    elif data["kind"] == "Picture":
        values["columns"], values["rows"] = tuple(values["columns"]), tuple(tuple(r) for r in values["rows"])
    made: Block = _KINDS[data["kind"]](**values)
    return made
