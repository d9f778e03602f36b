"""What every measure looks at: the tables of one snapshot as one recipe sees them, worked out once."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from hotspot.counting import in_period, places_of, total_by, years_in
from hotspot.environment.routes import nearest_segment, split_roads
from hotspot.environment.sun import light_shares
from hotspot.errors import N_, StudyError, Told
from hotspot.grid import Grid, Lattice, inside_mask, make_grid
from hotspot.study import Study
from hotspot.tables import Place, Table

_T = TypeVar("_T")
Keep = Callable[[str, Sequence[str], Callable[[], pd.DataFrame]], pd.DataFrame]
PIXEL_M = 25.0  # METHODS 16: kernel surfaces on 25 m pixels (assumption)
_SLIVER_M2 = 5_000.0  # leftovers between areas smaller than half a football pitch join no row of their own


class Scene:
    """One recipe's view of one snapshot's tables.

    Parameters
    ----------
    study
        The recipe.
    place
        Where.
    tables
        Kind to table; a kind that was never imported is not there.
    keep
        Keeps a table between runs: given its name, the kinds of table that it depends on and the work that makes it.

    Notes
    -----
    Everything here is worked out when first asked for and then kept; nothing is ever changed.
    """

    def __init__(
        self, study: Study, place: Place, tables: Mapping[str, Table], keep: Keep = lambda _name, _kinds, work: work()
    ) -> None:
        self.study, self.place, self.tables, self.keep = study, place, tables, keep
        self._kept: dict[str, Any] = {}

    def once(self, name: str, work: Callable[[], _T]) -> _T:
        """Return what some work gave, doing it only the first time it is asked for by this name."""
        if name not in self._kept:
            self._kept[name] = work()
        return cast("_T", self._kept[name])

    def inside_of(self, lattice: Lattice) -> npt.NDArray[np.bool_]:
        """Say which pixels of a raster frame lie inside the place."""
        return self.once(f"inside {lattice}", lambda: inside_mask(lattice, self.place.boundary))

    def has(self, kind: str) -> bool:
        """Say whether a kind of table is there and holds rows."""
        return kind in self.tables and len(self.tables[kind].frame) > 0

    def frame(self, kind: str) -> gpd.GeoDataFrame:
        """Return a table's rows; an empty frame with a geometry column if there is none."""
        if kind in self.tables:
            return self.tables[kind].frame
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=self.place.crs)

    @cached_property
    def grid(self) -> Grid:
        """The analysis cells."""
        return make_grid(self.place, self.study.cell_m)

    @cached_property
    def lattice(self) -> Lattice:
        """The raster frame of surfaces."""
        return self.grid.lattice(min(PIXEL_M, self.study.cell_m))

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Pixels inside the place."""
        return self.inside_of(self.lattice)

    @cached_property
    def period(self) -> tuple[dt.date, dt.date]:
        """The days counted: the study's, or those that every source of incidents covers."""
        if self.study.period:
            return self.study.period
        if not self.has("incidents"):
            return self._latest_year()
        covers = [(c.source, c.start, c.end) for c in self.tables["incidents"].coverage if c.start and c.end]
        if not covers:
            start = self.frame("incidents")["start"]
            return start.min().date(), start.max().date()
        first, last = max(start for _, start, _ in covers), min(end for _, _, end in covers)
        if first > last:
            raise StudyError(
                N_("The sources of incidents have some days in common."),
                N_("{sources}"),
                N_("give --period"),
                sources=[f"{source}: {start}..{end}" for source, start, end in covers],
            )
        return first, last

    def _latest_year(self) -> tuple[dt.date, dt.date]:
        """Return the year up to the last day that any table covers, for a study without incidents."""
        days = [each.end for table in self.tables.values() for each in table.coverage if each.end]
        last = max(days, default=dt.datetime.now(ZoneInfo(self.place.timezone)).date())
        return last - dt.timedelta(days=364), last

    @property
    def years(self) -> float:
        """Length of the period. [years]"""
        return years_in(self.period)

    @cached_property
    def incidents(self) -> gpd.GeoDataFrame:
        """Incidents of the recipe's categories with a chance of lying in its period.

        Indexed by ``incident_id``; adds ``cell_id``, ``area_id``, ``segment_id`` (missing where none is near), ``day``,
        ``dusk``, ``dark`` (shares of the incident's time), ``in_period`` and ``membership`` (the chance that
        it lies in the period and the recipe's light).
        """
        rows = self.frame("incidents").set_index("incident_id").sort_index()
        rows = rows[rows["category"].notna()]
        if self.study.categories:
            rows = rows[rows["category"].isin(self.study.categories)]
        rows = rows.assign(in_period=in_period(rows, self.period, self.place.timezone))
        rows = rows[rows["in_period"] > 0]
        shares = light_shares(
            rows["start"].to_numpy("datetime64[ns]"),
            rows["end"].to_numpy("datetime64[ns]"),
            *self.place.lonlat,
        )
        for column, light in enumerate(("day", "dusk", "dark")):
            rows[light] = shares[:, column]
        rows["membership"] = rows["in_period"] * rows[list(self.study.light)].sum(axis=1).clip(upper=1.0)
        if len(self.study.light) == len(("day", "dusk", "dark")):
            rows["membership"] = rows["in_period"]
        rows["cell_id"] = self.grid.cells_of(rows.geometry)
        rows["area_id"] = places_of(rows.geometry, self.places, self.place.boundary)
        if len(self.segments):
            rows["segment_id"] = nearest_segment(rows.geometry, self.segments).frame["segment_id"]
        return rows

    @cached_property
    def places(self) -> gpd.GeoDataFrame:
        """Areas and the places between them, indexed by ``area_id``, so that totals add up."""
        columns = ["area_id", "name", "kind", "owner", "residents", "households", "geometry"]
        areas = self.frame("areas")
        if not len(areas):
            whole = {
                "area_id": "whole",
                "name": self.place.name,
                "kind": "other",
                "geometry": self.place.boundary,
            }
            areas = gpd.GeoDataFrame([whole], geometry="geometry", crs=self.place.crs)
        areas = areas.reindex(columns=columns + [c for c in areas if str(c).startswith("x_")])
        rest = shapely.get_parts(shapely.difference(self.place.boundary, shapely.union_all(areas.geometry.array)))  # type: ignore[call-overload]  # the stubs are narrower than the library
        rest = rest[shapely.area(rest) >= _SLIVER_M2]
        order = np.lexsort((shapely.get_x(shapely.centroid(rest)), -shapely.get_y(shapely.centroid(rest))))
        between = gpd.GeoDataFrame(
            {
                "area_id": [f"between-{i + 1}" for i in range(len(rest))],
                "name": [f"{i + 1}" for i in range(len(rest))],
                "kind": "between",
            },
            geometry=rest[order],
            crs=self.place.crs,
        )
        parts = [part for part in (areas, between) if len(part)]
        return (
            gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=self.place.crs).set_index("area_id").sort_index()
        )

    @cached_property
    def segments(self) -> gpd.GeoDataFrame:
        """Pieces of path and street, indexed by ``segment_id``, each with the place its middle lies in."""
        if not self.has("roads"):
            empty: dict[str, list[object]] = {
                "road_id": [],
                "name": [],
                "kind": [],
                "length_m": [],
                "area_id": [],
                "geometry": [],
            }
            return gpd.GeoDataFrame(empty, geometry="geometry", crs=self.place.crs).rename_axis("segment_id")
        return cast("gpd.GeoDataFrame", self.keep("segments", ("roads", "areas"), self._split))

    def _split(self) -> gpd.GeoDataFrame:
        segments = split_roads(self.frame("roads")).frame
        middle = gpd.GeoSeries(segments.geometry.interpolate(0.5, normalized=True), crs=self.place.crs)
        return segments.assign(area_id=places_of(middle, self.places, self.place.boundary))

    @cached_property
    def cell_areas(self) -> pd.Series:
        """The place each cell's centre lies in, by ``cell_id``."""
        return places_of(
            gpd.GeoSeries(self.grid.frame.geometry.centroid, crs=self.place.crs), self.places, self.place.boundary
        )

    @cached_property
    def residents(self) -> pd.Series:
        """Residents per cell; NaN where the delivery suppressed them, 0 where it lists none."""
        return self._per_cell("population", "residents")

    @cached_property
    def visits(self) -> pd.Series:
        """Visits a day per cell, from jobs, shops, schools and stations."""
        return self._per_cell("visits", "visits_per_day")

    @cached_property
    def exposure(self) -> pd.Series | None:
        """Residents plus visits a day per cell, or None without either table."""
        if not (self.has("population") or self.has("visits")):
            return None
        return self.residents + self.visits

    def _per_cell(self, kind: str, column: str) -> pd.Series:
        if not self.has(kind):
            return pd.Series(0.0, index=self.grid.frame.index)
        rows = self.frame(kind)
        parts = self.grid.parts_of(rows.geometry)
        values = rows[column].iloc[parts["at"]].reset_index(drop=True)
        totals = total_by(parts["cell_id"], values.fillna(0.0) * parts["share"], self.grid.frame.index)
        unknown = total_by(parts["cell_id"], values.isna().astype(float), self.grid.frame.index) > 0
        return totals.mask(unknown)

    @cached_property
    def notes(self) -> tuple[Told, ...]:
        """Choices made in preparing the scene that the reader should know."""
        notes = (
            [
                Told(
                    N_("Counted period: {first} to {last}, the days that every source of incidents covers."),
                    {"first": self.period[0], "last": self.period[1]},
                )
            ]
            if self.has("incidents") and not self.study.period
            else []
        )
        if self.has("incidents"):
            rows = self.frame("incidents")
            unmapped = rows.loc[rows["category"].isna(), "code"].value_counts()
            notes += [
                Told(
                    N_(
                        "{n} {n:incident|incidents} coded “{code}” {n:belongs|belong} to no category and {n:is|are} "
                        "not counted; add "
                        "the code to categories.csv."
                    ),
                    {"n": int(n), "code": str(code)},
                )
                for code, n in unmapped.items()
            ]
        return tuple(notes)
