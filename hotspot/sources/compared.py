"""What a delivery says held against what the study knows already: names of areas, streets without a lamp."""

import difflib
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot.errors import N_, ReferenceSystemError, Told
from hotspot.schema.readings import EXAMPLES, reading
from hotspot.sources.fields import folded
from hotspot.sources.findings import Proposal, Seen, noticed, proposed, shown
from hotspot.sources.moments import rows_of
from hotspot.sources.places import locate
from hotspot.tables import Place, Table

_NAMING = 0.3  # share of a column's different values that name areas, for it to be a column of areas (assumption)
_NEAR = 0.84  # likeness of two names that may be one (difflib's ratio; assumption)
_SIDE_M = 500.0  # squares in which streets and lamps are held together (assumption)
_STREET_M = 500.0  # street in a square that would have a lamp if lamps there were listed (assumption)


def names_of_areas(areas: Table) -> dict[str, str]:
    """Return what an area may be called: folded name or number to its ``area_id``.

    Parameters
    ----------
    areas
        The study's areas.

    Returns
    -------
    dict
        Names go before numbers.
    """
    frame = areas.frame
    by_number = {folded(str(each)): str(each) for each in frame["area_id"]}
    return by_number | {
        folded(str(name)): str(each) for each, name in zip(frame["area_id"], frame["name"], strict=True)
    }


def nearest_names(names: list[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return names that are almost those of an area, with the ``area_id`` of the nearest.

    Parameters
    ----------
    names
        Names that are nobody's as they stand.
    known
        As `names_of_areas`.

    Returns
    -------
    dict
        Only names with one clear neighbour.
    """
    near = {}
    for name in names:
        found = difflib.get_close_matches(folded(name), known, n=2, cutoff=_NEAR)
        if found and len({known[each] for each in found}) == 1:
            near[name] = known[found[0]]
    return near


def near_names(seen: Seen, _place: Place) -> Proposal | None:
    """Find answers whose area is spelt almost like one that is there."""
    if seen.kind != "responses" or "area_id" not in seen.named or "areas" not in seen.known:
        return None
    known = names_of_areas(seen.known["areas"])
    text = seen.named["area_id"].dropna()
    near = nearest_names([each for each in text.unique() if folded(each) not in known], known)
    if not near:
        return None
    told = [f"{name} = {area}" for name, area in sorted(near.items())]
    finding = proposed(
        "near-names",
        Told(N_("{n} {n:name is|names are} almost that of an area: {told}."), {"n": len(near), "told": told}),
        Told(N_("take them for these areas")),
        shown(text[text.isin(near)]),
    )
    return Proposal(finding, seen._replace(named=seen.named.assign(area_id=seen.named["area_id"].replace(near))))


def areas_by_name(seen: Seen, _place: Place) -> Proposal | None:
    """Find answers that give their area's name, or its number with other zeros or signs, and give its own number."""
    if seen.kind != "responses" or "area_id" not in seen.named or "areas" not in seen.known:
        return None
    known = names_of_areas(seen.known["areas"])
    text = seen.named["area_id"].dropna()
    other = {each: known[folded(each)] for each in text.unique() if known.get(folded(each), each) != each}
    if not other:
        return None
    told = [f"{name} = {area}" for name, area in sorted(other.items())]
    rows = rows_of(text[text.isin(other)])
    sentence = N_("Areas are told by their names: {told} ({rows:row|rows} {rows}).")
    finding = noticed(reading("areas-by-name", sentence, {"told": told, "rows": rows}, seen.word.decline))
    return Proposal(finding, seen._replace(named=seen.named.assign(area_id=seen.named["area_id"].replace(other))))


def told_of_names(cells: pd.DataFrame, placed: gpd.GeoDataFrame, areas: Table | None) -> list[Told]:
    """Say how the areas that incidents name agree with the polygons that they lie in.

    Parameters
    ----------
    cells
        Every column of the file.
    placed
        The rows that have a place, on the same index.
    areas
        The study's areas, or None.

    Returns
    -------
    list of Told
        Names that no area has, names spelt otherwise, and how many rows lie where they say. Places count; names
        are not stored.
    """
    if areas is None:
        return []
    known = names_of_areas(areas)
    column = _naming(cells, known)
    if column is None:
        return []
    text = cells[column].dropna()
    counts = text.value_counts()
    unknown = [name for name in counts.index if folded(name) not in known]
    own = {*areas.frame["name"].astype(str), *areas.frame["area_id"].astype(str)}
    other = [f"{name} = {known[folded(name)]}" for name in counts.index if folded(name) in known and name not in own]
    told = []
    if unknown:
        near = nearest_names(unknown, known)
        names = dict(zip(areas.frame["area_id"].astype(str), areas.frame["name"].astype(str), strict=True))
        told_near = {name: f", {names[near[name]]}?" if name in near else "" for name in unknown}
        values = {
            "column": column,
            "names": [f"{name} ({counts[name]}{told_near[name]})" for name in unknown],
            "n": len(unknown),
            "rows": rows_of(text[text.isin(unknown)]),
        }
        told.append(
            Told(N_("{n} {n:name|names} in {column} {n:is|are} of no area: {names} ({rows:row|rows} {rows})."), values)
        )
    if other:
        told.append(Told(N_("Names in {column} are spelt otherwise: {names}."), {"column": column, "names": other}))
    share = _share_as_named(text, placed, areas, known)
    if share == share:  # noqa: PLR0124 - not a number is unlike itself
        sentence = N_("{share:.0%} of the rows with a place lie in the area that {column} names; the place counts.")
        told.append(Told(sentence, {"share": share, "column": column}))
    return told


def _naming(cells: pd.DataFrame, known: Mapping[str, str]) -> str | None:
    """Return the column that names areas, if there is one."""
    best, most = None, 0.0
    for name in cells.columns:
        different = cells[name].dropna().unique()
        few = [str(each) for each in different] if 1 < len(different) <= 5 * len(known) else []
        exact = [each for each in few if folded(each) in known]
        near = nearest_names([each for each in few if each not in exact], known) if exact else {}
        share = (len(exact) + len(near)) / len(few) if few else 0.0
        if share >= _NAMING and share > most and not all(each.isdigit() for each in different):
            best, most = str(name), share
    return best


def _share_as_named(text: pd.Series, placed: gpd.GeoDataFrame, areas: Table, known: Mapping[str, str]) -> float:
    points = placed.loc[placed.index.intersection(text.index)]
    points = points[points.geometry.notna()]
    tree = shapely.STRtree(np.asarray(areas.frame.geometry.array))
    which, area = tree.query(shapely.centroid(np.asarray(points.geometry.array)), predicate="within")
    if not len(which):
        return float("nan")
    lies_in = areas.frame["area_id"].astype(str).to_numpy()[area]
    says = text[points.index].map(lambda name: known.get(folded(name))).to_numpy()[which]
    return float((says == lies_in).sum() / len(points))


def partial_lamps(seen: Seen, place: Place) -> Proposal | None:
    """Find streets without a single lamp for as far as a lamp list that is not whole would leave them."""
    if seen.kind != "lamps" or "roads" not in seen.known:
        return None
    try:
        shapes = locate(seen.raw, seen.named, place, seen.crs, seen.name).shapes
    except ReferenceSystemError:
        return None  # told of by its own finding
    points = shapely.centroid(np.asarray(shapes[shapes.notna()].array))
    lit = {*zip(*_squares(points), strict=True)}
    streets = _streets(seen.known["roads"])
    without = sorted(square for square, metres in streets.items() if metres >= _STREET_M and square not in lit)
    if not without or not lit:
        return None
    values = {
        "n": len(without),
        "all": sum(metres >= _STREET_M for metres in streets.values()),
        "side": _SIDE_M,
        "corners": "; ".join(f"{east * _SIDE_M:.0f}, {north * _SIDE_M:.0f}" for east, north in without[:EXAMPLES]),
    }
    sentence = N_(
        "{n} of {all} {all:square|squares} of {side:.0f} m with streets {n:has|have} no lamp (for instance at "
        "{corners}): the list may be a part of a larger one."
    )
    boxes = [shapely.box(e * _SIDE_M, n * _SIDE_M, (e + 1) * _SIDE_M, (n + 1) * _SIDE_M) for e, n in sorted(lit)]
    area = shapely.union_all(boxes).intersection(place.boundary)
    fix = Told(
        N_(
            "say nothing of light outside the squares that have a lamp, {share:.0%} of the place; whoever knows the "
            "list to be whole leaves partial-lamps out"
        ),
        {"share": 1 - area.area / place.boundary.area},
    )
    return Proposal(proposed("partial-lamps", Told(sentence, values), fix), seen._replace(area=area))


def _squares(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.floor(axis / _SIDE_M).astype(int) for axis in (shapely.get_x(points), shapely.get_y(points)))  # type: ignore[return-value]  # two of them


def _streets(roads: Table) -> dict[tuple[int, int], float]:
    """Return how much street lies in each square. [m]"""
    lines = shapely.segmentize(np.asarray(roads.frame.geometry.array), _SIDE_M / 10)
    ends, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    middle = shapely.points((ends[1:] + ends[:-1])[same] / 2)
    length = np.hypot(*(ends[1:] - ends[:-1])[same].T)
    east, north = _squares(middle)
    sums = pd.DataFrame({"east": east, "north": north, "metres": length}).groupby(["east", "north"]).sum().reset_index()
    keys = zip(sums["east"].astype(int), sums["north"].astype(int), strict=True)
    return dict(zip(keys, sums["metres"].astype(float), strict=True))
