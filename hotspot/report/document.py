"""The council's paper as DOCX for editing, with the same content and a simpler look."""

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from hotspot.glossary import Language
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Figure, Heading, Points, Table, Text, cell_text, unbroken
from hotspot.report.content import council_paper
from hotspot.report.paper import PICTURES

_INK, _ACCENT = RGBColor(0x1D, 0x24, 0x30), RGBColor(0x4A, 0x26, 0x83)
_TEXT_CM = 16.8
_PAPER = RGBColor(0xFF, 0xFF, 0xFF)
_TONGUES = {"da": "da-DK", "en": "en-GB"}


def paper_docx(release: Release, language: Language) -> bytes:
    """Return the council's paper as a DOCX.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    bytes
        A4, with heading styles, table header rows marked and alternative text on pictures.
    """
    paper = council_paper(release, language)
    document = docx.Document()
    _page(document, language)
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    document.core_properties.language = _TONGUES[language]
    document.add_heading(paper.title, 1)
    document.add_paragraph(unbroken(paper.subtitle))
    for block in paper.blocks:
        _add(document, block, release, language)
    _foot(document, paper.footer)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _foot(document: Any, text: str) -> None:  # noqa: ANN401 - python-docx carries no types
    """Write the foot of each page, with the page's number and how many there are."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{text} · ")
    for i, name in enumerate(("PAGE", "NUMPAGES")):
        if i:
            paragraph.add_run(" / ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), name)
        paragraph._p.append(field)  # noqa: SLF001 - python-docx has no word for it
    document.styles["Footer"].font.size = Pt(8.5)


def _page(document: Any, language: Language) -> None:  # noqa: ANN401 - python-docx carries no types
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.1)
    section.top_margin = section.bottom_margin = Cm(2.0)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(10.5), _INK
    tongue = OxmlElement("w:lang")
    tongue.set(qn("w:val"), _TONGUES[language])
    normal.element.get_or_add_rPr().append(tongue)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.color.rgb = "Calibri", _ACCENT
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{name}"), None)
    settings = document.settings.element
    settings.append(OxmlElement("w:autoHyphenation"))
    caption = document.styles["Caption"]
    caption.font.color.rgb, caption.font.bold = _INK, False
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)


def _add(document: Any, block: Block, release: Release, language: Language) -> None:  # noqa: ANN401 - as above
    match block:
        case Heading():
            document.add_heading(block.text, block.level)
        case Text():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(6)
            run = paragraph.add_run(unbroken(block.text))
            run.font.size = {"lead": Pt(12), "note": Pt(9)}.get(block.style)
        case Points():
            for name, text in block.points:
                paragraph = document.add_paragraph(style="List Bullet")
                if name:
                    paragraph.add_run(f"{name}: ").bold = True
                paragraph.add_run(unbroken(text))
        case Figure():
            picture = document.add_picture(BytesIO(PICTURES[block.name](release, language, "png")), width=Cm(_TEXT_CM))
            picture._inline.docPr.set("descr", block.alt)  # noqa: SLF001 - python-docx has no word for it
            document.add_paragraph(block.caption, style="Caption")
        case Table():
            _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:  # noqa: ANN401 - as above
    document.add_paragraph(block.caption, style="Caption").paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.columns), style="Light List Accent 4")
    table.autofit = False
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "60")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)  # noqa: SLF001 - python-docx has no word for it
    total = sum(column.share for column in block.columns)
    texts = [[column.heading for column in block.columns]]
    texts += [[row.get(column.key, "") for column in block.columns] for row in block.rows]
    for made, column in zip(table.columns, block.columns, strict=True):
        made.width = Cm(_TEXT_CM * block.width * column.share / total)
    for i, line in enumerate(texts):
        row = table.rows[0] if i == 0 else table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx has no word for it
        for cell, column, text in zip(row.cells, block.columns, line, strict=True):
            cell.width = Cm(_TEXT_CM * block.width * column.share / total)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(cell_text(text))
            run.font.size, run.bold = Pt(8.5), i == 0
            if i == 0:
                run.font.color.rgb = _PAPER
            if column.align == "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    header = OxmlElement("w:tblHeader")
    header.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(header)  # noqa: SLF001 - python-docx has no word for it
