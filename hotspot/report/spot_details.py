"""What else a reader of one hot spot asks: at which hours, is it new or lasting, and does one incident draw another."""

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspot.errors import N_
from hotspot.glossary import Language, say, words
from hotspot.release.contract import Release
from hotspot.report.words import class_name

_WINDOW = 6  # hours: a shift is seldom shorter (a judgement)
_HOURS = 24
_WHEN = N_("{first}–{last}: {share:.0%}")
_NO_HOURS = N_("no known hours")
_OVER_TIME, _REPEATS = "emerging", "near_repeats"


def hours_text(row: pd.Series, language: Language) -> str:
    """Say which six hours of the day hold most of a hot spot's incidents.

    Parameters
    ----------
    row
        A row of the release's hot spots.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Such as "20–02: 61%", of the incidents with a known hour; empty where it is withheld.
    """
    _ = words(language)
    hours = np.asarray(row["hours"], dtype=float)
    if bool(row.get("hidden", False)) or hours.shape != (_HOURS,) or np.isnan(hours).any():
        return ""
    if not hours.sum():
        return _(_NO_HOURS)
    within = np.array([np.roll(hours, -first)[:_WINDOW].sum() for first in range(_HOURS)])
    first = int(within.argmax())
    return _(
        _WHEN,
        first=f"{first:02d}",
        last=f"{(first + _WINDOW) % _HOURS:02d}",
        share=float(within[first] / hours.sum()),
    )


def patterns_over_time(release: Release, language: Language) -> dict[str, str]:
    """Say for each hot spot which pattern over time most of its cells show.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    dict
        ``hotspot_id`` to a pattern such as "intensifying"; none where the layer is missing, or withheld of any cell of
        the hot spot: whoever sees a pattern sees the same.
    """
    shown, cells = release.layers.get(_OVER_TIME), release.geometry.get("cells")
    if (
        shown is None
        or shown.frame is None
        or "pattern" not in shown.frame
        or cells is None
        or not len(release.hotspots)
    ):
        return {}
    inside = gpd.sjoin(
        gpd.GeoDataFrame(
            shown.frame[["pattern", "hidden"]],
            geometry=cells.geometry.reindex(shown.frame.index).centroid,
            crs=cells.crs,
        ),
        gpd.GeoDataFrame(geometry=release.hotspots.geometry, crs=cells.crs).rename_axis("spot"),
        predicate="within",
    ).groupby("spot")
    most = inside["pattern"].agg(lambda each: next(iter(each.mode()), ""))
    known = most[~inside["hidden"].any().astype(bool) & (most != "")]  # of some cells alone it would be another answer
    return {str(spot): class_name(pattern, language) for spot, pattern in known.items()}


def near_repeat_text(release: Release, language: Language) -> str:
    """Say whether one incident makes another more likely nearby, soon after.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The first note of the layer of near repeats; empty where the audience has none.
    """
    shown = release.layers.get(_REPEATS)
    return say(shown.notes[0], language) if shown is not None and shown.notes else ""


def spot_details(release: Release, language: Language) -> dict[str, dict[str, str]]:
    """Say for each hot spot at which hours it is, and its pattern over time.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    dict
        ``hotspot_id`` to ``hours`` and ``pattern``, empty where nothing may or can be said.
    """
    patterns = patterns_over_time(release, language)
    return {
        str(spot): {"hours": hours_text(row, language), "pattern": patterns.get(str(spot), "")}
        for spot, row in release.hotspots.iterrows()
    }
