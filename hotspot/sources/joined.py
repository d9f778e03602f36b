"""Figures without shapes, such as a census table, added by name to areas that are already there."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from hotspot.errors import N_, SourceError, Told
from hotspot.schema import COVARIATE_PREFIX, contract_of
from hotspot.sources.fields import folded, match_columns
from hotspot.sources.personal import refuse_personal
from hotspot.sources.raw import Raw, read_raw
from hotspot.sources.values import numbers
from hotspot.tables import Delivery, Table, table_of

_MOST_NAMES = 0.5  # a table whose columns name at least half of the areas has its variables in rows


def read_figures(path: Path, areas: Table, source: str, mapping: Mapping[str, str] | None = None) -> Delivery:
    """Read figures about areas from a table without shapes.

    Parameters
    ----------
    path
        A table with one row per area, or one row per variable and one column per area.
    areas
        The areas that are already there.
    source
        Whose areas they are; the delivery takes the place of theirs.
    mapping
        Column, or row heading, to field: ``residents``, ``households`` or a covariate ``x_…``.

    Returns
    -------
    Delivery
        The same areas with the figures; rows of the file that name no area are set aside.

    Raises
    ------
    SourceError
        If no area or no figure is recognised.
    """
    raw = read_raw(path)
    cells, turned = _upright(raw, areas)
    fields = match_columns(cells.columns, "areas", mapping)
    refuse_personal(cells)
    wanted = {f: c for f, c in fields.columns.items() if _is_figure(f)}
    by_name = {
        folded(str(name)): area_id for area_id, name in zip(areas.frame["area_id"], areas.frame["name"], strict=True)
    }
    by_name |= {folded(str(each)): each for each in areas.frame["area_id"]}
    label = fields.columns.get("name") or fields.columns.get("area_id") or str(cells.columns[0])
    named = cells[label].map(lambda text: by_name.get(folded(str(text))))
    if not wanted or not named.notna().any():
        raise SourceError(
            N_("A table of figures names areas that are there, and says which figures it holds."),
            N_("{name}: {areas} areas recognised, figures: {figures}"),
            N_('name a figure: --map "HEADING=residents", or =households, or =x_share_65_plus'),
            name=path.name,
            areas=int(named.notna().sum()),
            figures=", ".join(wanted) or "–",
        )
    frame = areas.frame.set_index("area_id")
    for field, column in wanted.items():
        read = numbers(cells[column], raw.decimal).values
        frame[field] = read.groupby(named).first().reindex(frame.index)
    return _delivery(path, areas, source, frame.reset_index(), named, turned=turned, findings=raw.findings)


def lacks_places(path: Path, layer: str | None = None) -> bool:
    """Tell whether a file about areas has neither shapes nor columns that say where its rows lie.

    Parameters
    ----------
    path
        The file.
    layer
        Layer of a GeoPackage, sheet of a workbook.

    Returns
    -------
    bool
        True if it can only be figures for areas that are already there.
    """
    raw = read_raw(path, layer, "areas")
    fields = match_columns(raw.cells.columns, "areas").columns
    return raw.geometry is None and not {"x", "lon", "wkt", "cell_id"} & set(fields)


def _delivery(  # noqa: PLR0913 - everything that a delivery is made of
    path: Path,
    areas: Table,
    source: str,
    frame: pd.DataFrame,
    named: pd.Series,
    *,
    turned: bool,
    findings: Sequence[Told],
) -> Delivery:
    lost = named.index[named.isna()]
    told = [*findings]
    if turned:
        told.append(Told(N_("The table has its variables in rows and one column per area; it was turned.")))
    missing = frame.loc[~frame["area_id"].isin(named.dropna()), "name"].astype(str).tolist()
    if missing:
        told.append(Told(N_("No figures for: {names}."), {"names": missing}))
    quarantine = pd.DataFrame({"row": list(lost), "reason": [Told(N_("names no area that is there"))] * len(lost)})
    covers = tuple(each for each in areas.coverage if each.source == source) or areas.coverage
    made = table_of("areas", gpd.GeoDataFrame(frame, crs=areas.frame.crs), areas.place, covers)
    provenance = {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    return Delivery(made, quarantine, tuple(told), len(frame) + len(lost), source, provenance)


def _upright(raw: Raw, areas: Table) -> tuple[pd.DataFrame, bool]:
    """Turn a table whose columns are the areas so that its rows are."""
    cells = raw.cells
    known = {folded(str(name)) for name in areas.frame["name"]}
    columns = [column for column in cells.columns if folded(str(column)) in known]
    columns = [c for i, c in enumerate(columns) if folded(str(c)) not in {folded(str(b)) for b in columns[:i]}]
    if len(columns) < _MOST_NAMES * len(known):
        return cells, False
    first = next(
        c
        for c in cells.columns
        if c not in columns and cells[c].dropna().map(_is_heading).sum() / max(len(cells), 1) > _MOST_NAMES
    )
    headings = cells[first].fillna("").astype(str).str.strip()
    once = headings.ne("") & ~headings.duplicated()
    turned = cells.loc[once, columns].T
    turned.columns = pd.Index(headings[once])
    turned.insert(0, "name", [str(column).strip() for column in columns])
    return turned.reset_index(drop=True), True


def _is_heading(text: str) -> bool:
    return not text.strip().replace(",", "").replace(".", "").isdigit()


def _is_figure(field: str) -> bool:
    column = contract_of("areas").columns.get(field)
    return field.startswith(COVARIATE_PREFIX) or (column is not None and column.type == "number")
