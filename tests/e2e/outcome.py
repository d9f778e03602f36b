"""Everything that comes out of a study, by name, so that two runs can be held against each other."""

import contextlib
import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio
import rasterio
from pypdf import PdfReader

from hotspot.cli.door import app

SECTIONS = (
    "In short", "Where to begin", "Measures within the budget", "Pilots with evaluation", "Significant hot spots",
    "What earlier measures did", "What this cannot say", "Method", "Data",
)  # fmt: skip
FOOT = re.compile(r"(Ternevig Kommune · )?[Rr]esult [0-9a-f]{16}( \d+ / \d+)?|Ternevig Kommune · +")
HEAD = re.compile(r"Kind Source Read Kept Set aside Period Share of the place")  # once more on each page of the table


def hotspot(*given: object) -> str:
    """What a command prints; in this process, since the product's start-up is tested elsewhere."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        app([str(each) for each in given], standalone_mode=False)
    return printed.getvalue()


class Outcome:
    """What a study says after a run: columns of tables, pictures of surfaces, sections of the paper."""

    def __init__(self, study: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        hotspot("run", study)
        package, paper, surfaces = folder / "all.gpkg", folder / "paper.pdf", folder / "surfaces"
        hotspot("export", study, "--audience", "admin", "--out", package)
        hotspot("export", study, "--audience", "admin", "--out", surfaces)
        hotspot("report", study, "--audience", "admin", "--language", "en", "--out", paper)
        self.tables: dict[str, pd.DataFrame] = {}
        for name in pyogrio.list_layers(package)[:, 0]:
            if name != "layer_styles":
                frame = pyogrio.read_dataframe(package, layer=name)
                keys = ["area_id", "measure"] if name == "portfolio" else [frame.columns[0]]
                self.tables[name] = pd.DataFrame(frame).set_index(keys).sort_index()
        self.surfaces = {path.stem: _pixels(path) for path in sorted(surfaces.rglob("*.tif"))}
        text = " ".join(page.extract_text() for page in PdfReader(paper).pages)
        whole = re.sub(r"\s+", " ", re.sub("\u00ad\\s*", "", text))
        self.paper = _sections(re.sub(r"\s+", " ", HEAD.sub(" ", FOOT.sub(" ", whole))))


def _pixels(path: Path) -> np.ndarray:
    with rasterio.open(path) as opened:
        return np.asarray(opened.read(1))


def _sections(text: str) -> dict[str, str]:
    starts = {name: text.find("Data Tables, what was" if name == "Data" else name) for name in SECTIONS}
    found = sorted((start, name) for name, start in starts.items() if start >= 0)
    ends = [start for start, _name in found[1:]] + [len(text)]
    return {name: text[start:end].strip() for (start, name), end in zip(found, ends, strict=True)}


def changed_columns(before: Outcome, after: Outcome) -> Mapping[str, pd.Index]:
    """``table.column`` to the rows in which it changed; a table whose rows are others changed in "rows"."""
    found = {}
    for name, old in before.tables.items():
        new = after.tables[name]
        if not old.index.equals(new.index) or list(old.columns) != list(new.columns):
            found[f"{name}.rows"] = old.index.symmetric_difference(new.index)
            continue
        for column in old.columns:
            same = (old[column] == new[column]) | (old[column].isna() & new[column].isna())
            if not same.all():
                found[f"{name}.{column}"] = old.index[~same]
    return found


def changed_surfaces(before: Outcome, after: Outcome) -> set[str]:
    return {
        name for name, old in before.surfaces.items() if not np.array_equal(old, after.surfaces[name], equal_nan=True)
    }


def changed_sections(before: Outcome, after: Outcome) -> set[str]:
    return {name for name in SECTIONS if before.paper.get(name) != after.paper.get(name)}
