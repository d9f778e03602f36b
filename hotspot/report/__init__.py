"""What leaves a release on paper and in files: sentences, maps, the council's paper, and files for a GIS.

Reading order: `names`, `words`, `values` and `sentences` (numbers to text), `tables`, `measures` and
`outcomes` (rows of text), `classes`, `patterns`, `drawing`, `figures` and `screen` (maps), `blocks`, `short`,
`budget`, `content` and `limits` (what the paper says), `paper` (PDF) and `document` (DOCX), `frames`, `columns`,
`styles`, `geopackage` and `export` (files).
"""

from pathlib import Path

from hotspot.errors import N_, StudyError
from hotspot.glossary import Language
from hotspot.release.contract import Release
from hotspot.report.measures import measure_table
from hotspot.report.outcomes import evaluation_table, hotspot_table
from hotspot.report.sentences import pixel_sentence, reason_texts, row_sentence
from hotspot.report.tables import coverage_table, findings_text, headings, priority_table
from hotspot.report.values import value_text, value_texts
from hotspot.report.words import class_name, hidden_text, number

__all__ = [
    "class_name",
    "coverage_table",
    "evaluation_table",
    "findings_text",
    "headings",
    "hidden_text",
    "hotspot_table",
    "measure_table",
    "number",
    "pixel_sentence",
    "priority_table",
    "reason_texts",
    "row_sentence",
    "value_text",
    "value_texts",
    "write_report",
]


def write_report(release: Release, path: Path, language: Language) -> None:
    """Write the council's paper.

    Parameters
    ----------
    release
        What the audience may see.
    path
        The file; ``.pdf`` for a tagged PDF, ``.docx`` for editing.
    language
        ``"da"`` or ``"en"``.

    Raises
    ------
    StudyError
        If the ending is neither.
    """
    from hotspot.report.files import whole

    ending = path.suffix.lower()
    if ending == ".pdf":
        from hotspot.report.paper import paper_pdf

        made = paper_pdf(release, language)
    elif ending == ".docx":
        from hotspot.report.document import paper_docx

        made = paper_docx(release, language)
    else:
        raise StudyError(
            N_("A paper is a PDF or a DOCX."),
            N_("{path}"),
            N_("end its name in .pdf or .docx"),
            path=path.name,
        )
    with whole(path) as private:
        private.write_bytes(made)
