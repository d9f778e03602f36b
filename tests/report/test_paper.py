"""The PDF as a screen reader meets it: tagged, titled, in its language, with nothing hidden in it."""

import dataclasses
import json
import re
from io import BytesIO
from typing import Any

import pypdf
import pytest

from hotspot.glossary import words
from hotspot.release.contract import Release
from hotspot.report.content import council_paper
from hotspot.report.paper import paper_pdf, plain
from hotspot.report.words import HIDDEN


def read(release: Release, language: str) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(paper_pdf(release, language)))  # type: ignore[arg-type]


def flat(reader: pypdf.PdfReader) -> str:
    text = "\n".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", re.sub(r"[-\u00ad\u2010]\n", "", text))


def elements(reader: pypdf.PdfReader) -> list[Any]:
    """Every element of the structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            waiting += list(node)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            found += [node] if "/S" in node else []
            waiting += [node["/K"]] if "/K" in node else []
    return found


@pytest.mark.parametrize("language", ["da", "en"])
def test_document_is_tagged_titled_and_in_its_language(council: Release, language: str) -> None:
    reader = read(council, language)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith(language)
    assert reader.metadata is not None
    assert reader.metadata.title == council_paper(council, language).title  # type: ignore[arg-type]
    assert "Havnstrup" in str(reader.metadata.title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert 3 <= len(reader.pages) <= 6


def test_structure(council: Release) -> None:
    tags = elements(read(council, "en"))
    names = [tag["/S"] for tag in tags]
    assert names.count("/H1") == 1
    assert names.count("/H2") == 9
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert len(figures) == 2
    assert all(len(str(tag["/Alt"])) > 40 for tag in figures)
    tables = [tag for tag in tags if tag["/S"] == "/Table"]
    assert len(tables) == 7
    assert names.count("/TH") >= 6 * 3
    headers = [tag for tag in tags if tag["/S"] == "/TH"]
    assert all(tag["/A"] for tag in headers)


@pytest.mark.parametrize("language", ["da", "en"])
def test_hidden_numbers_are_told_and_not_printed(council: Release, language: str) -> None:
    spots = council.hotspots.copy()
    spots.loc["hot-2", ["n", "ratio", "lower", "upper"]] = 3777.0
    text = flat(read(dataclasses.replace(council, hotspots=spots), language))
    assert words(language)(HIDDEN, k=5) in text  # type: ignore[arg-type]
    assert not re.search(r"3[.,]?777|0[.,]7131|2[.,]08|0[.,]14[,. ]", text)


def test_numbers_are_written_as_the_language_does(council: Release) -> None:
    danish, english = flat(read(council, "da")), flat(read(council, "en"))
    assert "307.525" in danish
    assert "307,525" in english
    assert "2,9 (2,2" in danish
    assert "2.9 (2.2" in english


def test_markup_in_data_stays_text(council: Release) -> None:
    spots = council.hotspots.copy()
    spots.loc["hot-1", "name"] = '#panic("x") *fed* $x^2$ \\ <a>'
    text = flat(read(dataclasses.replace(council, hotspots=spots), "en"))
    assert '#panic("x") *fed*' in text.replace("“", '"').replace("”", '"')


def test_same_release_same_bytes(council: Release) -> None:
    assert paper_pdf(council, "da") == paper_pdf(council, "da")


def test_plain_values_are_json(council: Release) -> None:
    told = plain(council_paper(council, "en"))
    assert json.loads(json.dumps(told)) == told
    assert {block["kind"] for block in told["blocks"]} == {"heading", "text", "points", "table", "figure"}
