"""Bytes into rows of text: encoding, broken Danish letters, delimiter, title rows, header."""

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hotspot.errors import N_, SourceError, Told
from hotspot.schema.readings import EXAMPLES, reading

_DELIMITERS = ";,\t|"
_CALLED = {"cp1252": "Windows-1252 (cp1252)", "utf-16": "UTF-16", "cp850": "DOS (cp850)", "mac_roman": "Mac Roman"}
_NEXT = ("cp850", "mac_roman")  # what older programs wrote in western Europe before or beside cp1252
_LETTERS = "æøåäöüéèêëáàâãíìîïóòôõúùûñçý"  # of the languages of western Europe, beside ß
_NO_WORDS = re.compile(f"[^\\x00-\\x7fß{_LETTERS}{_LETTERS.upper()}]|(?<=[a-z])[{_LETTERS.upper()}]")
_LOOKED_AT = 60  # lines that are enough to see the delimiter and the header
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


def decode(raw: bytes, name: str, declined: Collection[str] = ()) -> tuple[str, list[Told]]:
    """Return the text of a file and what was noticed about its encoding.

    Parameters
    ----------
    raw
        The file's bytes.
    name
        The file's name, for messages.
    declined
        Codes of readings that the owner declines: ``code-page``, ``twice-encoded``.

    Raises
    ------
    SourceError
        If the bytes are neither UTF-8, UTF-16 with a mark, nor cp1252, or the owner says that they are not.

    Notes
    -----
    UTF-8 is tried strictly first, then cp1252; latin-1 never fails and so would hide every mistake.
    """
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        told = _encoding_told(encoding, text, declined)
        if told and "code-page" in declined:
            other, text = _otherwise_encoded(raw, encoding, name)
            told += _encoding_told(other, text, ())
        composed = unicodedata.normalize("NFC", text)
        mended, findings = _repair(composed, declined)
        return mended, [*told, *_composed_told(text, composed), *findings]
    raise SourceError(
        N_("A text file is written in UTF-8 or in Windows' own encoding (cp1252)."),
        N_("{name}, which is neither"),
        N_("save it again as CSV UTF-8"),
        name=name,
    )


def _otherwise_encoded(raw: bytes, first: str, name: str) -> tuple[str, str]:
    """Return the next way of writing in which every sign beyond ASCII is a letter where such a letter can stand."""
    for encoding in _NEXT if first != "utf-16" else ():
        text = raw.decode(encoding)
        if not _NO_WORDS.search(text):
            return encoding, text
    raise SourceError(
        N_("A text file is read in the code page that it shows, or in the next that gives only letters."),
        N_("{name}, which shows {encoding} and gives signs that are no letters in every other"),
        N_("leave out --decline code-page, or save it again as CSV UTF-8"),
        name=name,
        encoding=_CALLED[first],
    )


def read_text(path: Path, declined: Collection[str] = ()) -> Sheet:
    """Read a file of delimited text, whatever its delimiter, encoding and title rows.

    Parameters
    ----------
    path
        The file.
    declined
        Codes of readings that the owner declines.
    """
    text, findings = decode(path.read_bytes(), path.name, declined)
    delimiter = _delimiter(text, path.name)
    numbered: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    for row in reader:
        numbered.append((before + 1, row))
        before = reader.line_num
    sheet = sheet_of(numbered, path.name, declined)
    decimal = "." if delimiter == "," else _decimal(text[:100_000])
    return sheet._replace(decimal=decimal, findings=findings + sheet.findings)


def sheet_of(numbered: Sequence[tuple[int, Sequence[str]]], name: str, declined: Collection[str] = ()) -> Sheet:
    """Find the header among numbered rows of text and return what stands under it.

    Parameters
    ----------
    numbered
        Rows with their number in the file, the first being 1.
    name
        The file, for messages.
    declined
        Codes of readings that the owner declines: ``title-rows``.

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
    above_it = next((i for i, (_, row) in enumerate(rows) if _is_header(row, width)), 0)
    findings = _titles_told([number for number, _ in rows[:above_it]], declined)
    titles = 0 if "title-rows" in declined else above_it
    header = _names(rows[titles][1])
    body = rows[titles + 1 :]
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


def _titles_told(numbers: Sequence[int], declined: Collection[str]) -> list[Told]:
    """Say which rows stand above the header, not what is in them: it may be about anybody."""
    sentence = N_("{n} title {n:row|rows} above the header {n:is|are} no data ({rows:row|rows} {rows}).")
    values = {"n": len(numbers), "rows": list(map(str, numbers[:EXAMPLES]))}
    return [reading("title-rows", sentence, values, declined)] if numbers else []


def clean(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells without spaces around them and with letters in one piece, blank ones as NaN."""
    made = {name: cells[name].str.strip().str.normalize("NFC") for name in cells.columns}
    return pd.DataFrame({name: column.mask(column == "") for name, column in made.items()}, index=cells.index)


def _repair(text: str, declined: Collection[str]) -> tuple[str, list[Told]]:
    """Mend letters that were encoded twice (``Ã¦`` for ``æ``)."""
    broken = _TWICE_ENCODED.findall(text)
    if not broken:
        return text.replace("\xa0", " "), []
    mended = {pair: _mend(pair) for pair in set(broken)}
    n = sum(pair != mended[pair] for pair in broken)
    lines = _lines(text, lambda line: any(pair != mended[pair] for pair in _TWICE_ENCODED.findall(line)))
    if "twice-encoded" not in declined:
        text = _TWICE_ENCODED.sub(lambda match: mended[match[0]], text)
    text = text.replace("\xa0", " ")
    if not n:
        return text, []
    sentence = N_(
        "{n} {n:letter|letters} that had been encoded twice (Ã¦ for æ) {n:was|were} mended ({rows:line|lines} {rows})."
    )
    return text, [reading("twice-encoded", sentence, {"n": n, "rows": lines}, declined)]


def _lines(text: str, claim: Callable[[str], bool]) -> list[str]:
    """Return the numbers of the first lines of which a claim holds."""
    found = (str(number) for number, line in enumerate(text.splitlines(), 1) if claim(line))
    return list(islice(found, EXAMPLES))


def _mend(pair: str) -> str:
    try:
        return pair.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return pair


def _encoding_told(encoding: str, text: str, declined: Collection[str]) -> list[Told]:
    """Say what was unusual about a file's bytes; plain UTF-8 is not."""
    if encoding == "utf-8-sig" or text.isascii():
        return []
    sentence = N_("The text is written in {encoding}, not in UTF-8, and was read as such ({rows:line|lines} {rows}).")
    values = {"encoding": _CALLED[encoding], "rows": _lines(text, lambda line: not line.isascii())}
    return [Told(sentence, values) if encoding in _NEXT else reading("code-page", sentence, values, declined)]


def _composed_told(text: str, composed: str) -> list[Told]:
    if composed == text:
        return []
    sentence = N_("{n} {n:letter|letters} written as two signs (a and ° for å) became one ({rows:line|lines} {rows}).")
    lines = _lines(text, lambda line: not unicodedata.is_normalized("NFC", line))
    return [Told(sentence, {"n": len(text) - len(composed), "rows": lines})]


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
