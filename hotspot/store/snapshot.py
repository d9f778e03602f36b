"""Exactly which data a run answers on: tables, registers, layer files and code, each with its hash."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.errors import N_, Told
from hotspot.packaged import Category, Tree, categories, folded_code
from hotspot.schema.twice import SAME_PLACE_M, alike
from hotspot.store.category_table import Categories
from hotspot.store.files import digest, digest_files
from hotspot.store.register import Import
from hotspot.study import Study
from hotspot.tables import Place, Table

_PACKAGE = Path(__file__).parent.parent


@cache
def code_version() -> str:
    """Return a hash over the package's source files, so that changed code never reuses old answers.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    hashed = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        if path.relative_to(_PACKAGE).parts[0] in ("ui", "cli", "service", "report", "_packaged"):
            continue
        hashed.update(path.relative_to(_PACKAGE).as_posix().encode() + path.read_bytes())
    return hashed.hexdigest()[:16]


@dataclass(frozen=True)
class Snapshot:
    """Exactly which data, evidence and layer files a run answers on.

    Parameters
    ----------
    place
        Where.
    tables
        Kind to table, all sources of a kind together; incidents carry their ``category``.
    hashes
        Content hash by kind of table, and of the place, the evidence and the layer files.
    evidence
        Measure key to its record.
    layer_folders
        Where layer files lie, the packaged ones first.
    imports
        What counts now, for the account of coverage.
    findings
        What was found when the tables were delivered.
    code
        Version of the code, as a hash over its files.
    categories
        Code to category: the product's tree with the study's own table before it.
    """

    place: Place
    tables: Mapping[str, Table]
    hashes: Mapping[str, str]
    evidence: Mapping[str, Mapping[str, Any]]
    layer_folders: tuple[Path, ...]
    imports: tuple[Import, ...] = ()
    findings: tuple[Told, ...] = ()
    code: str = field(default_factory=code_version)
    categories: Tree = field(default_factory=categories)

    def key_for(self, study: Study) -> str:
        """Return what stands for a recipe on exactly this snapshot.

        Parameters
        ----------
        study
            The recipe.

        Returns
        -------
        str
            Sixteen hexadecimal digits.
        """
        return digest(repr((study.key, sorted(self.hashes.items()), self.code)).encode())

    def coverage(self) -> pd.DataFrame:
        """Return what each delivery covers and what became of its rows.

        Returns
        -------
        DataFrame
            Columns kind, source, read, kept, quarantined, first, last, share (of the place's area; NaN for tables
            without a place).
        """
        rows = []
        for each in self.imports:
            covers = [c for c in self.tables[each.kind].coverage if c.source == each.source]
            area = [
                1.0 if c.area is None else c.area.intersection(self.place.boundary).area / self.place.boundary.area
                for c in covers
            ]
            rows.append(
                {
                    "kind": each.kind,
                    "source": each.source,
                    "read": each.read,
                    "kept": each.kept,
                    "quarantined": each.read - each.kept,
                    "first": min((c.start for c in covers if c.start), default=None),
                    "last": max((c.end for c in covers if c.end), default=None),
                    "share": max(area, default=float("nan")),
                }
            )
        columns = ["kind", "source", "read", "kept", "quarantined", "first", "last", "share"]
        return pd.DataFrame(rows, columns=columns)


def with_category(incidents: pd.DataFrame, meaning: Mapping[str, str]) -> pd.DataFrame:
    """Return incidents with the category that each source's code means.

    Parameters
    ----------
    incidents
        Column ``code``.
    meaning
        `folded_code` to category.

    Returns
    -------
    DataFrame
        The same rows with ``category``; missing where the code belongs to nothing.
    """
    codes = incidents["code"].astype(str).map(folded_code)
    return incidents.assign(category=codes.map(meaning).astype(object))


def without_category(codes: pd.Series, meaning: Mapping[str, str]) -> dict[str, int]:
    """Return the codes that belong to no category, the most frequent first.

    Parameters
    ----------
    codes
        As the source writes them.
    meaning
        `folded_code` to category.

    Returns
    -------
    dict
        Code to how many rows have it.
    """
    lost = codes[~codes.astype(str).map(folded_code).isin(meaning.keys())]
    return {str(code): int(n) for code, n in lost.value_counts().items()}


def told_twice(incidents: gpd.GeoDataFrame) -> list[Told]:
    """Say how many incidents two sources may both have reported; both still count.

    Parameters
    ----------
    incidents
        Columns source, category, start, end and geometry.

    Returns
    -------
    list of Told
        One sentence, or none.

    Notes
    -----
    `hotspot.schema.twice.alike` says which. Two true incidents can look the same, so this is told and nothing is taken
    out; a file that comes in beside another source proposes to leave its rows out (``reported-before``).
    """
    one, other = alike(incidents).T
    n = min(len(np.unique(one)), len(np.unique(other)))
    if not n:
        return []
    sentence = N_(
        "{n} {n:incident|incidents} may stand in two sources: same category, within {metres} m, at overlapping "
        "times. Both count."
    )
    return [Told(sentence, {"n": n, "metres": SAME_PLACE_M})]


def registers_hash(evidence_folder: Path, layer_folders: tuple[Path, ...], own: Categories) -> dict[str, str]:
    """Return hashes of everything beside the tables that a result depends on.

    Parameters
    ----------
    evidence_folder
        Where the evidence lies.
    layer_folders
        Where layer files lie.
    own
        What codes mean in the study, and what is said of each category.

    Returns
    -------
    dict
        ``evidence``, ``layers``, ``codes`` (what each code means), ``categories`` (all that is said of them).
        These two follow what a table says, not how it is written.
    """
    layers = [path for folder in layer_folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]
    return {
        "evidence": digest_files(sorted(evidence_folder.glob("*.toml"))),
        "layers": digest_files(layers),
        "codes": digest(repr(sorted(own.codes.items())).encode()),
        "categories": digest(repr([_plain(each) for each in own.tree.values()]).encode()),
    }


def _plain(category: Category) -> list[tuple[str, object]]:
    told = vars(category) | {"name": sorted(category.name.items())}
    return sorted(told.items())
