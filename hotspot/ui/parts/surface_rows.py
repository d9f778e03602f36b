"""A surface told area by area: the twin of its map, for those who read tables or cannot see the map."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.errors import N_
from hotspot.glossary import Language, amount, words
from hotspot.grid import Lattice
from hotspot.release import Release, Shown
from hotspot.report.names import SCALES, named
from hotspot.report.words import CANNOT_SAY, is_missing, plain_value

Numbers = npt.NDArray[np.float64]
_HEADINGS = (N_("average"), N_("lowest"), N_("highest"))
_PART = N_("part of the area that is known")


def surface_rows(release: Release, shown: Shown, language: Language) -> pd.DataFrame:
    """Return what a surface says in each area.

    Parameters
    ----------
    release
        What the audience may see.
    shown
        A surface of it.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    DataFrame
        Code, place, average, lowest, highest and the part of the area that the surface knows and may tell, as text,
        the highest average first. Empty without areas.
    """
    surface, areas = shown.surface, release.geometry.get("areas")
    if surface is None or areas is None:
        return pd.DataFrame()
    _ = words(language)
    values = np.asarray(surface.values, dtype=float)
    known = values if shown.hidden is None else np.where(shown.hidden, np.nan, values)
    found = pd.DataFrame(
        [_told(_inside(known, surface.lattice, shape)) for shape in areas.geometry],
        index=areas.index, columns=["mean", "low", "high", "part"],
    ).sort_values("mean", ascending=False, na_position="last", kind="stable")  # fmt: skip
    names = areas["name"].reindex(found.index) if "name" in areas else pd.Series("", index=found.index)
    unit = "" if shown.spec.unit == "share" else f" ({named(shown.spec.unit, SCALES, language)})"
    texts = {
        _(heading) + unit: [_text(value, shown.spec.unit, language) for value in found[column]]
        for heading, column in zip(_HEADINGS, ("mean", "low", "high"), strict=True)
    }
    parts = [_(CANNOT_SAY) if is_missing(each) else amount(each, language, ".0%") for each in found["part"]]
    places = [name if isinstance(name, str) else "" for name in names]
    return pd.DataFrame({_("code"): found.index.astype(str), _("place"): places, **texts, _(_PART): parts})


def _text(value: float, unit: str, language: Language) -> str:
    rounded = value if is_missing(value) or unit in ("share", "ratio", "lx") else float(f"{round(value, 1):.3g}")
    return plain_value("value", rounded, unit, language)


def _told(values: Numbers) -> tuple[float, float, float, float]:
    """Return mean, lowest, highest and known part of pixels; NaN where nothing is known, or no pixel lies there."""
    known = values[np.isfinite(values)]
    if not known.size:
        return np.nan, np.nan, np.nan, 0.0 if values.size else np.nan
    return float(known.mean()), float(known.min()), float(known.max()), known.size / values.size


def _inside(values: Numbers, lattice: Lattice, shape: shapely.Geometry) -> Numbers:
    """Return the pixels whose centres lie in a shape."""
    xs, ys = lattice.centres()
    west, south, east, north = shapely.bounds(shape)  # NaN for an empty shape, in which nothing lies
    cols, rows = np.flatnonzero((xs >= west) & (xs <= east)), np.flatnonzero((ys >= south) & (ys <= north))
    x, y = np.meshgrid(xs[cols], ys[rows])
    shapely.prepare(shape)
    picked: Numbers = values[np.ix_(rows, cols)][shapely.contains_xy(shape, x, y)]
    return picked
