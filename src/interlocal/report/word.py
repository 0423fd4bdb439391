"""Blocks as a Word document that staff can edit: styles, real tables with repeated heads, pictures with words for them.

Word's own checker of accessibility asks for a title, a language, headings without gaps, heads on tables and text for
pictures; all of these are written here, once, for every document.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import singledispatchmethod
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as ParagraphOf

from interlocal.blocks import Block, Cell, Contents, Heading, Items, NewPage, Paper, Paragraph, Picture, Table
from interlocal.report.language import speaking
from interlocal.report.setting import breakable, figures, heads, picture_width, right_to_left, widths

INK, SOFT, ACCENT, WASH, LINE = "1B1B1B", "4A4F55", "1F4E79", "FFF6EC", "C6CACE"
_FONT = "Calibri"
"""A font that every Word has; the PDF brings its own."""
_STYLES = {"plain": "Normal", "lead": "Lead", "note": "Note", "mark": "Mark"}
_TEXT = 17.0
"""Width of the text on a page [cm]."""
_MANY = 7
"""A table of more columns than this gets smaller letters."""


def to_word(paper: Paper) -> bytes:
    """Return a document as the bytes of a ``.docx`` file; same document, same bytes.

    Parameters
    ----------
    paper
        What the document holds. A picture needs alternative text.
    """
    with speaking(paper.language):
        return _Writer(paper).bytes()


class _Writer:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.document = docx.Document()
        self._headings = [b for b in paper.blocks if isinstance(b, Heading)]
        self._bookmarks = 0
        self._pictures = 0
        self._widths: list[Any] = []
        self._figures: tuple[int, ...] = ()
        self._settings()
        self._styles()
        # By id: to look a style up by name for each paragraph takes seconds.
        self._ids = {style.name: style.style_id for style in self.document.styles}
        self._text(paper.title, "Title")
        if paper.subtitle:
            self._text(paper.subtitle, "Subtitle")
        for block in paper.blocks:
            self.add(block)
        self._footer()

    def bytes(self) -> bytes:
        held = io.BytesIO()
        self.document.save(held)
        return _without_times(held.getvalue())

    @singledispatchmethod
    def add(self, block: Block) -> None:
        raise TypeError(f"no way to write {type(block).__name__} in Word")

    @add.register
    def _(self, block: Heading) -> None:
        paragraph = self._text(block.text, f"Heading {block.level}")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmarks))
        start.set(qn("w:name"), f"_Toc{self._bookmarks:08d}")
        paragraph._p.insert(1, start)  # noqa: SLF001 - python-docx has no bookmarks of its own
        paragraph._p.append(end)  # noqa: SLF001
        self._bookmarks += 1

    @add.register
    def _(self, block: Paragraph) -> None:
        self._said(block, _STYLES[block.tone])

    @add.register
    def _(self, block: Items) -> None:
        number = self._new_numbering() if block.numbered else None
        for item in block.items:
            paragraph = self._said(item, "List Number" if block.numbered else "List Bullet")
            if number is not None:
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = number

    @add.register
    def _(self, block: Table) -> None:
        caption = self._text(block.caption, "Caption")
        caption.paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=1, cols=len(block.columns))
        table.style = "Interlocal Table"
        properties = table._tbl.tblPr  # noqa: SLF001
        for tag, value in (("w:tblCaption", block.caption), ("w:tblDescription", block.caption)):
            said = OxmlElement(tag)
            said.set(qn("w:val"), _clean(value))
            properties.append(said)
        size = Pt(8) if len(block.columns) > _MANY else None
        parts = widths([heads(block), *([c.text for c in row] for row in block.rows)])
        self._figures = figures(block)
        table.autofit = False
        self._widths = [Cm(_TEXT * part / sum(parts)) for part in parts]
        for column, width in zip(table.columns, self._widths, strict=True):
            column.width = width
        self._row(table._tbl.tr_lst[0], [Cell(c) for c in heads(block)], size, head=True)  # noqa: SLF001
        for row in block.rows:
            self._row(table._tbl.add_tr(), row, size)  # noqa: SLF001 - add_row takes time with each row
        self._text("", "After Table")

    @add.register
    def _(self, block: Picture) -> None:
        from interlocal.report.svg import png  # noqa: PLC0415 - 40 MB that only pictures need

        self._text(block.title, "Caption").paragraph_format.keep_with_next = True
        paragraph = self.document.add_paragraph()
        shape = paragraph.add_run().add_picture(
            io.BytesIO(png(block.svg)), width=Cm(picture_width(block.svg))
        )
        properties = shape._inline.docPr  # noqa: SLF001
        properties.set("descr", _clean(block.alternative))
        properties.set("title", _clean(block.title))
        self._pictures += 1
        properties.set("name", f"picture-{self._pictures}")

    @add.register
    def _(self, block: Contents) -> None:
        """Write the headings as links, inside a field that Word can bring up to date with the pages' numbers."""
        self._text(block.title, "Contents Title")
        shown = [(i, h) for i, h in enumerate(self._headings) if h.level <= 2]
        for place, (number, heading) in enumerate(shown):
            paragraph = self._paragraph("Contents Entry")
            paragraph.paragraph_format.left_indent = Cm(0.6 * (heading.level - 1))
            if place == 0:
                _field(paragraph, "begin", ' TOC \\o "1-2" \\h \\z \\u ')
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"_Toc{number:08d}")
            paragraph.add_run(heading.text)
            link.append(paragraph.runs[-1]._r)  # noqa: SLF001
            paragraph._p.append(link)  # noqa: SLF001
            if place == len(shown) - 1:
                _field(paragraph, "end")

    @add.register
    def _(self, block: NewPage) -> None:  # noqa: ARG002 - a page break holds nothing
        self.document.add_paragraph().paragraph_format.page_break_before = True

    def _paragraph(self, style: str) -> Any:
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self._ids[style]  # noqa: SLF001
        return paragraph

    def _text(self, text: str, style: str) -> Any:
        paragraph = self._paragraph(style)
        _run(paragraph, text)
        _direction(paragraph, text)
        return paragraph

    def _said(self, said: Paragraph, style: str) -> Any:
        paragraph = self._paragraph(style)
        if said.lead:
            _run(paragraph, f"{said.lead} ").bold = True
        _run(paragraph, said.text)
        _direction(paragraph, said.lead or said.text)
        return paragraph

    def _row(self, row: Any, cells: Sequence[Cell], size: Any, *, head: bool = False) -> None:
        properties = row.get_or_add_trPr()
        for tag in ("w:cantSplit", *(("w:tblHeader",) if head else ())):
            properties.append(OxmlElement(tag))
        for i, (cell, width) in enumerate(zip(cells, self._widths, strict=True)):
            place = row.tc_lst[i] if head else row.add_tc()
            place.width = width
            paragraph = ParagraphOf(place.p_lst[0], self.document._body)  # noqa: SLF001
            paragraph._p.style = self._ids["Table Text"]  # noqa: SLF001
            run = _run(paragraph, breakable(cell.text))
            run.bold = head or i == 0
            if size is not None:
                run.font.size = size
            if i in self._figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _direction(paragraph, cell.text)

    def _new_numbering(self) -> int:
        """Start a list at one: a new instance of the template's numbering."""
        numbering = self.document.part.numbering_part.element
        style = self.document.styles["List Number"].element
        base = style.pPr.numPr.numId.val
        abstract = next(n for n in numbering.num_lst if n.numId == base).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(number.numId)

    def _settings(self) -> None:
        paper, properties = self.paper, self.document.core_properties
        properties.title, properties.subject = _clean(paper.title)[:255], _clean(paper.subtitle)[:255]
        properties.language = paper.language
        properties.author, properties.comments = "Interlocal", ""
        when = datetime.fromisoformat(paper.dated or "2000-01-01").replace(tzinfo=UTC)
        properties.created = properties.modified = when
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(2.2 if side.startswith(("left", "right")) else 1.8))

    def _styles(self) -> None:
        styles = self.document.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        language = defaults.find(qn("w:lang"))
        for kind in ("w:val", "w:eastAsia"):
            language.set(qn(kind), self.paper.language)
        for name, size, colour, bold in (
            ("Normal", 10.5, INK, False), ("Title", 20, INK, True), ("Subtitle", 11, SOFT, False),
            ("Heading 1", 16, ACCENT, True), ("Heading 2", 13, ACCENT, True), ("Heading 3", 11, INK, True),
            ("Caption", 10, INK, True), ("List Bullet", 10.5, INK, False), ("List Number", 10.5, INK, False),
        ):  # fmt: skip
            _letters(styles[name], size, colour, bold=bold)
        for name, base, size, colour in (
            ("Lead", "Normal", 13, INK), ("Note", "Normal", 9, SOFT), ("Mark", "Normal", 10.5, INK),
            ("Table Text", "Normal", 9.5, INK), ("After Table", "Normal", 4, INK),
            ("Contents Title", "Normal", 14, ACCENT), ("Contents Entry", "Normal", 10.5, INK),
        ):  # fmt: skip
            style = styles.add_style(name, 1)
            style.base_style = styles[base]
            _letters(style, size, colour, bold=name == "Contents Title")
        for name, after in (("Table Text", 1), ("After Table", 4), ("Contents Entry", 0), ("Normal", 6)):
            styles[name].paragraph_format.space_after = Pt(after)
        styles["Normal"].paragraph_format.line_spacing = 1.05
        title = styles["Title"].element.get_or_add_pPr()
        for border in title.findall(qn("w:pBdr")):
            title.remove(border)
        _marked(styles["Mark"])
        _ruled(styles.add_style("Interlocal Table", 3))

    def _footer(self) -> None:
        paragraph = self.document.sections[0].footer.paragraphs[0]
        paragraph.style = self.document.styles["Note"]
        _run(paragraph, f"{self.paper.footer}  ·  " if self.paper.footer else "")
        _field(paragraph, "begin", " PAGE ")
        _run(paragraph, "1")
        _field(paragraph, "end")


def _run(paragraph: Any, text: str) -> Any:
    return paragraph.add_run(_clean(text))


def _clean(text: str) -> str:
    """Leave out control characters: XML has no place for most of them, and a title may have been pasted from anywhere."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def _direction(paragraph: Any, text: str) -> None:
    if right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))  # noqa: SLF001
        for run in paragraph.runs:
            run.font.rtl = True


def _field(paragraph: Any, kind: str, instruction: str = "") -> None:
    """Open a field with its instruction, or close it."""
    parts: Iterable[str] = ("begin", "instruction", "separate") if kind == "begin" else ("end",)
    for part in parts:
        run = paragraph.add_run()._r  # noqa: SLF001
        if part == "instruction":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = instruction
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), part)
        run.append(element)


def _letters(style: Any, size: float, colour: str, *, bold: bool) -> None:
    font = style.font
    font.name, font.size, font.color.rgb, font.bold, font.italic = (
        _FONT,
        Pt(size),
        RGBColor.from_string(colour),
        bold,
        False,
    )
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:cs"), "Arial")


def _marked(style: Any) -> None:
    """Give a style a bar at its side and a wash: seen in black and white too."""
    properties = style.element.get_or_add_pPr()
    borders, shade = OxmlElement("w:pBdr"), OxmlElement("w:shd")
    bar = OxmlElement("w:left")
    for key, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", "7A3B00")):
        bar.set(qn(f"w:{key}"), value)
    borders.append(bar)
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", WASH)):
        shade.set(qn(f"w:{key}"), value)
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")
    properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc")


def _ruled(style: Any) -> None:
    """Give a table style rules between rows and room around its words."""
    properties, borders, margins = (OxmlElement(f"w:{tag}") for tag in ("tblPr", "tblBorders", "tblCellMar"))
    for side, size in (("top", "8"), ("bottom", "8"), ("insideH", "4")):
        rule = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", LINE)):
            rule.set(qn(f"w:{key}"), value)
        borders.append(rule)
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "70")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.extend([borders, margins])
    style.element.append(properties)


def _without_times(packed: bytes) -> bytes:
    """Pack again with one fixed time, so that the same document gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(
                zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), old.read(entry), zipfile.ZIP_DEFLATED
            )
    return held.getvalue()
