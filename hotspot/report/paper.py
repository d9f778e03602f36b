"""The council's paper as a tagged PDF (PDF/UA-1), set by typst from data that is never read as markup."""

import json
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from hotspot.glossary import Language
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Figure, Heading, Paper, Points, Table, Text, cell_text, unbroken
from hotspot.report.content import council_paper
from hotspot.report.figures import hotspots_map, priorities_map


def paper_pdf(release: Release, language: Language) -> bytes:
    """Return the council's paper as a PDF that a screen reader can read.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    bytes
        A4, tagged, PDF/UA-1; the same bytes for the same release.
    """
    paper = council_paper(release, language)
    with tempfile.TemporaryDirectory(prefix="hotspot-paper-") as name:
        folder = Path(name)
        for figure in (each for each in paper.blocks if isinstance(each, Figure)):
            (folder / f"{figure.name}.svg").write_bytes(PICTURES[figure.name](release, language, "svg"))
        (folder / "paper.json").write_text(json.dumps(plain(paper), ensure_ascii=False), "utf-8")
        main = folder / "paper.typ"
        main.write_text((files("hotspot.report") / "paper.typ").read_text("utf-8"), "utf-8")
        return bytes(typst.compile(str(main), root=str(folder), pdf_standards=["ua-1"], ignore_system_fonts=True))


PICTURES = {"priorities": priorities_map, "hotspots": hotspots_map}
"""Name of a figure in a paper to the function that draws it."""


def plain(paper: Paper) -> dict[str, Any]:
    """Return a paper as plain values for the template.

    Parameters
    ----------
    paper
        A paper.

    Returns
    -------
    dict
        What JSON can hold.
    """
    return {
        "language": paper.language,
        "title": paper.title,
        "subtitle": unbroken(paper.subtitle),
        "footer": paper.footer,
        "blocks": [_plain(block) for block in paper.blocks],
    }


def _plain(block: Block) -> Mapping[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Text():
            return {"kind": "text", "text": unbroken(block.text), "style": block.style}
        case Points():
            points = [[name, unbroken(text)] for name, text in block.points]
            return {"kind": "points", "points": points, "style": block.style}
        case Figure():
            return {"kind": "figure", "file": f"{block.name}.svg", "alt": block.alt, "caption": block.caption}
        case Table():
            columns = [{"heading": c.heading, "share": c.share, "align": c.align} for c in block.columns]
            rows = [[cell_text(row.get(column.key, "")) for column in block.columns] for row in block.rows]
            told = {"caption": block.caption, "columns": columns, "rows": rows, "width": block.width}
            return {"kind": "table", **told}
