"""Bytes into rows: encodings, marks, title rows and cells too many."""

import pytest

from hotspot.errors import SourceError
from hotspot.sources.text import decode, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_danish_letters_survive_every_usual_encoding(encoding):
    assert decode("æøåÆØÅ".encode(encoding), "f.csv")[0] == "æøåÆØÅ"


def test_letters_encoded_twice_are_mended_and_told():
    text, told = decode("blåbærgrød".encode().decode("cp1252").encode(), "f.csv")
    assert text == "blåbærgrød"
    assert "3 letters" in str(told[0])


def test_bytes_in_no_known_encoding_are_refused():
    with pytest.raises(SourceError, match="neither"):
        decode(b"a\x81\xff", "f.csv")


def test_letters_of_two_signs_become_one():
    assert decode("a\u030a".encode(), "f.csv")[0] == "å"


@pytest.mark.parametrize(
    ("text", "decimal"),
    [
        ("a;b\n1,5;2\n", ","),
        ("a;b\n1.5;2\n", "."),
        ("a;b\n5.000;2\n", ","),  # thousands, as Danes write them
        ("a,b\n1.234,2\n", "."),
        ("a\tb\n637000,5\t1\n", ","),
    ],
)
def test_the_decimal_mark(tmp_path, text, decimal):
    path = tmp_path / "f.csv"
    path.write_text(text)
    assert read_text(path).decimal == decimal


def test_title_rows_are_skipped_and_rows_keep_their_number(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("Udtræk af hændelser;;\n;;\nid;type;x\n1;Vold;2\n\n2;Tyveri;3;4\n", "utf-8")
    sheet = read_text(path)
    assert list(sheet.cells.columns) == ["id", "type", "x"]
    assert list(sheet.cells.index) == [4, 6]
    assert sheet.ragged == [6]
    assert str(sheet.findings[0]) == "1 title row above the header is no data (row ['1'])."
