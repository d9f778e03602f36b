"""How a file is written, in one sentence for the person who brings it."""

import csv
from pathlib import Path

from hotspot.errors import N_, Told
from hotspot.sources.raw import Raw

_DELIMITERS = {";": N_("semicolons"), ",": N_("commas"), "\t": N_("tabs"), "|": N_("bars")}
_MARKS = {",": N_("comma"), ".": N_("point")}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def dialect(path: Path, raw: Raw) -> Told:
    """Say how a file is written: encoding, delimiter, decimal mark and header row, or what else it is.

    Parameters
    ----------
    path
        The file.
    raw
        The same, read.

    Returns
    -------
    Told
        One sentence.
    """
    rows = {"n": len(raw.cells), "columns": len(raw.cells.columns)}
    if path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        if raw.geometry is None:
            return Told(N_("A table of {n} {n:row|rows} and {columns} {columns:column|columns}."), rows)
        return Told(
            N_("{n} {n:shape|shapes} with {columns} {columns:column|columns}; reference system: {crs}."),
            rows | {"crs": raw.crs or Told(N_("not stated"))},
        )
    encoding, text = _decoded(path.read_bytes())
    first = int(raw.cells.index[0]) if len(raw.cells) else 2
    header, delimiter = _header(text.splitlines()[: first - 1], len(raw.cells.columns))
    return Told(
        N_(
            "Text in {encoding}, cells parted by {delimiter}, decimal {mark}, header in row {header}, "
            "{n} {n:row|rows} and {columns} {columns:column|columns} under it."
        ),
        rows | {
            "encoding": encoding,
            "delimiter": Told(_DELIMITERS[delimiter]),
            "mark": Told(_MARKS.get(raw.decimal, raw.decimal)),
            "header": header,
        },
    )  # fmt: skip


def _decoded(data: bytes) -> tuple[str, str]:
    if data[:2] in _UTF16:
        return "UTF-16", data.decode("utf-16", errors="replace")
    try:
        return "UTF-8", data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "Windows-1252", data.decode("cp1252", errors="replace")


def _header(lines: list[str], width: int) -> tuple[int, str]:
    """Return the row that holds the header and what parts its cells: the split that gives as many as were read."""
    for number in range(len(lines), 0, -1):
        for delimiter in _DELIMITERS:
            cells = next(csv.reader([lines[number - 1]], delimiter=delimiter), [])
            if len([cell for cell in cells if cell.strip()]) > 0 and width <= len(cells) <= width + _padded(cells):
                return number, delimiter
    return 1, ","


def _padded(cells: list[str]) -> int:
    """Return how many empty cells a spreadsheet added at the end."""
    return len(cells) - max((i for i, cell in enumerate(cells, 1) if cell.strip()), default=0)
