"""Files are whole or not there."""

from pathlib import Path

import pytest

from hotspot.report.files import whole


def test_file_appears_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole(path) as private:
        private.write_text("new", "utf-8")
        assert not path.exists()
    assert path.read_text("utf-8") == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_failure_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", "utf-8")

    def fail() -> None:
        with whole(path) as private:
            private.write_text("half", "utf-8")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        fail()
    assert path.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]
