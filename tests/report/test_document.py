"""The DOCX: the same words as the PDF, headings and table headers marked, pictures described."""

from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from hotspot.release.contract import Release
from hotspot.report.blocks import Heading
from hotspot.report.content import council_paper
from hotspot.report.document import paper_docx


@pytest.mark.parametrize("language", ["da", "en"])
def test_document(council: Release, language: str) -> None:
    document = docx.Document(BytesIO(paper_docx(council, language)))  # type: ignore[arg-type]
    paper = council_paper(council, language)  # type: ignore[arg-type]
    styles = [(each.style.name, each.text) for each in document.paragraphs]
    assert [text for name, text in styles if name == "Heading 1"] == [paper.title]
    assert [text for name, text in styles if name == "Heading 2"] == [
        block.text for block in paper.blocks if isinstance(block, Heading)
    ]
    assert len(document.tables) == 7
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
    described = [each._inline.docPr.get("descr") for each in document.inline_shapes]
    assert len(described) == 2
    assert all(described)
    assert document.core_properties.title == paper.title
    assert document.core_properties.language.startswith(language)


def test_hidden_stays_hidden(council: Release) -> None:
    document = docx.Document(BytesIO(paper_docx(council, "en")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "hidden" in cells
    assert any("hidden (protects fewer than 5)" in each.text for each in document.paragraphs)


def test_pages_are_numbered_and_words_may_break(council: Release) -> None:
    document = docx.Document(BytesIO(paper_docx(council, "da")))
    foot = document.sections[0].footer.paragraphs[0]._p
    assert [each.get(qn("w:instr")) for each in foot.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert document.settings.element.find(qn("w:autoHyphenation")) is not None


def test_numbers_stay_beside_their_unit(council: Release) -> None:
    document = docx.Document(BytesIO(paper_docx(council, "da")))
    said = [each.text for each in document.paragraphs] + [c.text for t in document.tables for c in t._cells]
    assert any("307.525\u00a0kr." in text for text in said)
    assert not any("307.525 kr." in text for text in said)
