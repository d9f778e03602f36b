"""The door: a paper in the format that its name asks for."""

from pathlib import Path

import pytest

from hotspot import report
from hotspot.errors import StudyError
from hotspot.release.contract import Release


def test_format_follows_the_ending(council: Release, tmp_path: Path) -> None:
    report.write_report(council, tmp_path / "a.pdf", "da")
    report.write_report(council, tmp_path / "a.DOCX", "en")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "a.DOCX").read_bytes().startswith(b"PK")


def test_other_ending_is_refused_and_nothing_written(council: Release, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="A paper is a PDF or a DOCX"):
        report.write_report(council, tmp_path / "a.html", "da")
    assert list(tmp_path.iterdir()) == []


def test_the_door_holds_what_it_promises() -> None:
    assert all(callable(getattr(report, name)) for name in report.__all__)
