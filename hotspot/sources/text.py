"""Bytes into rows of text: encoding, broken Danish letters, delimiter, title rows, header."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, SourceError, Told

_DELIMITERS = ";,\t|"
_CALLED = {"cp1252": "Windows-1252 (cp1252)", "utf-16": "UTF-16"}
_LOOKED_AT = 60  # lines that are enough to see the delimiter and the header
_SHOWN = 3  # lines or rows that a sentence names
_FILLED = 0.6  # a header names at least this share of the columns
_TWICE_ENCODED = re.compile("[ÂÃ][^\x00-\x7f]")
_DECIMAL_COMMA = re.compile(r"[-\u2212]?\d+,\d+")
_DECIMAL_DOT = re.compile(r"(?![-\u2212]?\d{1,3}(?:\.\d{3})+$)[-\u2212]?\d+\.\d+")  # 5.000 may be thousands


class Sheet(NamedTuple):
    """Rows of text under one header.

    Attributes
    ----------
    cells
        Text, NaN where empty; the index is the row's number in the file.
    ragged
        Numbers of rows with more cells than the header, kept in ``cells`` as far as the header goes.
    decimal
        The decimal mark, as far as the file shows it.
    findings
        What was noticed.
    titles
        What stands above the header.
    """

    cells: pd.DataFrame
    ragged: list[int]
    decimal: str
    findings: list[Told]
    titles: tuple[str, ...] = ()


def decode(raw: bytes, name: str) -> tuple[str, list[Told]]:
    """Return the text of a file and what was noticed about its encoding.

    Parameters
    ----------
    raw
        The file's bytes.
    name
        The file's name, for messages.

    Raises
    ------
    SourceError
        If the bytes are neither UTF-8, UTF-16 with a mark, nor cp1252.

    Notes
    -----
    UTF-8 is tried strictly first, then cp1252; latin-1 never fails and so would hide every mistake.
    """
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        composed = unicodedata.normalize("NFC", text)
        mended, findings = _repair(composed)
        return mended, [*_encoding_told(encoding, text, composed), *findings]
    raise SourceError(
        N_("A text file is written in UTF-8 or in Windows' own encoding (cp1252)."),
        N_("{name}, which is neither"),
        N_("save it again as CSV UTF-8"),
        name=name,
    )


def read_text(path: Path) -> Sheet:
    """Read a file of delimited text, whatever its delimiter, encoding and title rows."""
    text, findings = decode(path.read_bytes(), path.name)
    delimiter = _delimiter(text, path.name)
    numbered: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for row in reader:
        numbered.append((before + 1, row))
        before = reader.line_num
    sheet = sheet_of(numbered, path.name)
    decimal = "." if delimiter == "," else _decimal(text[:100_000])
    return sheet._replace(decimal=decimal, findings=findings + sheet.findings)


def sheet_of(numbered: Sequence[tuple[int, Sequence[str]]], name: str) -> Sheet:
    """Find the header among numbered rows of text and return what stands under it.

    Parameters
    ----------
    numbered
        Rows with their number in the file, the first being 1.
    name
        The file, for messages.

    Raises
    ------
    SourceError
        If there is no header or nothing under it.
    """
    rows = [(number, row) for number, row in numbered if any(cell.strip() for cell in row)]
    if not rows:
        raise SourceError(
            N_("A delivery holds a header and rows."),
            N_("{name}, which is empty"),
            N_("export it again"),
            name=name,
        )
    width = Counter(_used(row) for _, row in rows[:_LOOKED_AT]).most_common(1)[0][0]
    titles = next((i for i, (_, row) in enumerate(rows) if _is_header(row, width)), 0)
    header = _names(rows[titles][1])
    body = rows[titles + 1 :]
    findings = _titles_told([number for number, _ in rows[:titles]])
    wide = len(header)
    ragged = [number for number, row in body if any(cell.strip() for cell in row[wide:])]
    cells = pd.DataFrame(
        [[*row[:wide], *[""] * (wide - len(row))] for _, row in body],
        columns=header,
        index=[number for number, _ in body],
        dtype="str",
    )
    above = tuple(cell.strip() for _, row in rows[:titles] for cell in row if cell.strip())
    return Sheet(clean(cells), ragged, ".", findings, above)


def _titles_told(numbers: Sequence[int]) -> list[Told]:
    """Say which rows stand above the header, not what is in them: it may be about anybody."""
    sentence = N_("{n} title {n:row|rows} above the header {n:is|are} no data ({rows:row|rows} {rows}).")
    return [Told(sentence, {"n": len(numbers), "rows": list(map(str, numbers[:_SHOWN]))})] if numbers else []


def clean(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells without spaces around them and with letters in one piece, blank ones as NaN."""
    made = {name: cells[name].str.strip().str.normalize("NFC") for name in cells.columns}
    return pd.DataFrame({name: column.mask(column == "") for name, column in made.items()}, index=cells.index)


def _repair(text: str) -> tuple[str, list[Told]]:
    """Mend letters that were encoded twice (``Ã¦`` for ``æ``)."""
    broken = _TWICE_ENCODED.findall(text)
    if not broken:
        return text.replace("\xa0", " "), []
    mended = {pair: _mend(pair) for pair in set(broken)}
    n = sum(pair != mended[pair] for pair in broken)
    lines = _lines(text, lambda line: any(pair != mended[pair] for pair in _TWICE_ENCODED.findall(line)))
    text = _TWICE_ENCODED.sub(lambda match: mended[match[0]], text).replace("\xa0", " ")
    if not n:
        return text, []
    sentence = N_(
        "{n} {n:letter|letters} that had been encoded twice (Ã¦ for æ) {n:was|were} mended ({rows:line|lines} {rows})."
    )
    return text, [Told(sentence, {"n": n, "rows": lines})]


def _lines(text: str, claim: Callable[[str], bool]) -> list[str]:
    """Return the numbers of the first lines of which a claim holds."""
    found = (str(number) for number, line in enumerate(text.splitlines(), 1) if claim(line))
    return list(islice(found, _SHOWN))


def _mend(pair: str) -> str:
    try:
        return pair.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return pair


def _encoding_told(encoding: str, text: str, composed: str) -> list[Told]:
    """Say what was unusual about a file's bytes; plain UTF-8 is not."""
    told = []
    if encoding != "utf-8-sig" and not text.isascii():
        sentence = N_(
            "The text is written in {encoding}, not in UTF-8, and was read as such ({rows:line|lines} {rows})."
        )
        lines = _lines(text, lambda line: not line.isascii())
        told.append(Told(sentence, {"encoding": _CALLED[encoding], "rows": lines}))
    if composed != text:
        n = len(text) - len(composed)
        sentence = N_(
            "{n} {n:letter|letters} written as two signs (a and ° for å) became one ({rows:line|lines} {rows})."
        )
        lines = _lines(text, lambda line: not unicodedata.is_normalized("NFC", line))
        told.append(Told(sentence, {"n": n, "rows": lines}))
    return told


def _delimiter(text: str, name: str) -> str:
    lines = text.splitlines()[:_LOOKED_AT]
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        width, times = max(widths.items(), key=lambda item: (item[0] > 1) * item[1] * item[0], default=(1, 0))
        if width > 1 and width * times > score:
            best, score = delimiter, width * times
    if "\x00" in text[:1000]:
        raise SourceError(
            N_("A .csv file holds text."),
            N_("{name}, which does not"),
            N_("export it again as CSV UTF-8"),
            name=name,
        )
    return best


def _decimal(text: str) -> str:
    """Tell which mark decimals have in a file whose cells are not parted by commas; a comma, if none shows."""
    cells = re.split(r"[;|\t\n\r]", text)
    commas = sum(bool(_DECIMAL_COMMA.fullmatch(cell.strip(' "'))) for cell in cells)
    dots = sum(bool(_DECIMAL_DOT.fullmatch(cell.strip(' "'))) for cell in cells)
    return "." if dots > commas else ","


def _used(row: Sequence[str]) -> int:
    """How far a row is filled: spreadsheets export empty columns beyond their table."""
    return max((i for i, cell in enumerate(row, start=1) if cell.strip()), default=0)


def _is_header(row: Sequence[str], width: int) -> bool:
    names = [cell.strip() for cell in row if cell.strip()]
    return len(names) >= max(1, _FILLED * width) and len(set(names)) == len(names)


def _names(row: Sequence[str]) -> list[str]:
    names: list[str] = []
    last = max((i for i, cell in enumerate(row) if cell.strip()), default=0)
    for i, cell in enumerate(row[: last + 1], start=1):
        name = cell.strip() or f"column {i}"
        names.append(name if name not in names else f"{name} {i}")
    return names
