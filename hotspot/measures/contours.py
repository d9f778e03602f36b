"""Tolerance contours: lines round where one kind of incident outweighs another beyond chance."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from contourpy import FillType, LineType, contour_generator
from pyproj import CRS
from scipy.special import ndtri

from hotspot.errors import HotspotError
from hotspot.stats.adaptive_density import Frame
from hotspot.stats.relative_risk import RelativeRisk

MORE, FEWER = "more", "fewer"
LEAST_P = 1e-300  # below, no number of standard errors is known
AT_LEAST = 1e-9  # standard errors outside the line that still count: p by relabelling is often exactly the level
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.uint32]


def tolerance_contours(
    risk: RelativeRisk,
    place: Frame,
    crs: CRS | str,
    levels: Sequence[float] = (0.05,),
    *,
    shape: Literal["lines", "areas"] = "lines",
) -> gpd.GeoDataFrame:
    """Where on the map is a relative risk beyond chance? Lines round it, or the areas within.

    Parameters
    ----------
    risk
        From `relative_risk` or `relabelled_risk`; with q in the place of p, lines hold after correction.
    place
        The lattice that it was made on.
    crs
        Reference system of the lattice, in metres.
    levels
        Two-sided p, each above 0 and below 1.
    shape
        ``"lines"`` are open where they reach the edge of the place or of what can be said; ``"areas"`` end there.

    Returns
    -------
    GeoDataFrame
        One row per level and side that is reached: ``level``, ``side`` ("more" cases than the controls let one
        expect, or "fewer") and ``geometry`` (multi-line or multi-polygon, in ``crs``). Empty where nothing is beyond
        chance.

    Raises
    ------
    HotspotError
        If a level is no probability.

    Notes
    -----
    p is turned into standard errors with the sign of the log ratio, which change evenly between cell centres where p
    does not; lines are linear between centres. They are tests of single places, uncorrected unless q is given: with
    5 %, one twentieth of a map of chance lies within. No line can be drawn at a p that so few relabellings cannot
    reach.

    References
    ----------
    Hazelton and Davies (2009) https://doi.org/10.1002/bimj.200810495; Davies, Marshall and Hazelton (2018)
    https://doi.org/10.1002/sim.7577
    """
    wrong = [each for each in levels if not 0.0 < each < 1.0]
    if wrong:
        raise HotspotError(
            "a contour is drawn at a probability between 0 and 1.", "{levels}", "give for example (0.01, 0.05)",
            levels=", ".join(map(str, wrong)),
        )  # fmt: skip
    tail = -ndtri(np.clip(risk.pvalue, LEAST_P, 1.0) / 2.0)
    rows = []
    for side, sign in ((MORE, 1.0), (FEWER, -1.0)):
        beyond = np.where(sign * risk.log_ratio > 0, tail, -tail)  # where the other side is favoured it is below 0
        beyond[np.isnan(risk.log_ratio) | np.isnan(risk.pvalue)] = np.nan
        for level in sorted(levels):
            found = _shapes(beyond, float(-ndtri(level / 2.0)) - AT_LEAST, place, areas=shape == "areas")
            if not found.is_empty:
                rows.append({"level": level, "side": side, "geometry": found})
    return gpd.GeoDataFrame(rows, columns=["level", "side", "geometry"], geometry="geometry", crs=crs)


def _shapes(
    beyond: Floats, least: float, place: Frame, *, areas: bool
) -> shapely.MultiLineString | shapely.MultiPolygon:
    """Draw where a surface is at, or at least, a number of standard errors."""
    rows, columns = beyond.shape
    if min(rows, columns) < 2 or not np.isfinite(beyond).any():  # noqa: PLR2004 - no line without two rows and columns
        return shapely.MultiLineString()
    x = place.origin[0] + (np.arange(columns) + 0.5) * place.cell_m
    y = place.origin[1] - (np.arange(rows) + 0.5) * place.cell_m
    drawn = contour_generator(
        x, y, np.ma.masked_invalid(beyond), corner_mask=True,
        line_type=LineType.Separate, fill_type=FillType.OuterOffset,
    )  # fmt: skip
    if not areas:
        lines = cast("list[Floats]", drawn.lines(least))
        return shapely.MultiLineString([line for line in lines if len(line) > 1])
    outlines, offsets = cast("tuple[list[Floats], list[Whole]]", drawn.filled(least, np.inf))
    shapes = []
    for outline, offset in zip(outlines, offsets, strict=True):
        rings = [outline[a:b] for a, b in pairwise(offset.tolist())]
        shapes.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(shapes)
