"""The validated tables that flow through a run: checked once when made, never changed afterwards."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

import geopandas
import pandas as pd
import shapely

from hotspot import crs, schema
from hotspot.errors import N_, ReferenceSystemError, TableError, Told


@dataclass(frozen=True, eq=False)
class Place:
    """Where we look: one boundary, one metric reference system and one time zone for the whole run.

    Parameters
    ----------
    name
        What the place is called.
    boundary
        Its outline in ``crs``. [m]
    crs
        The metric reference system of everything, such as ``EPSG:25832``.
    timezone
        Where its clocks belong, such as ``Europe/Copenhagen``.
    """

    name: str
    boundary: shapely.Polygon | shapely.MultiPolygon
    crs: str
    timezone: str = "Europe/Copenhagen"

    def __post_init__(self) -> None:
        """Refuse a system without metres and an outline that encloses nothing."""
        if not crs.is_metric(self.crs):
            raise ReferenceSystemError(
                N_("A place works in a projected reference system in metres."),
                N_("{crs}"),
                N_("choose for instance EPSG:25832 for Denmark"),
                crs=self.crs,
            )
        if self.boundary.geom_type not in ("Polygon", "MultiPolygon") or self.boundary.is_empty:
            raise TableError(
                N_("A place has an outline that encloses something."),
                N_("{shape}"),
                N_("give a file with the municipality's polygon"),
                shape=self.boundary.geom_type,
            )

    @property
    def lonlat(self) -> tuple[float, float]:
        """Longitude and latitude of the centre, where the sun is reckoned. [degrees]"""
        centre = self.boundary.centroid
        lon, lat = crs.lonlat_of([centre.x], [centre.y], self.crs)
        return float(lon[0]), float(lat[0])

    @property
    def area_km2(self) -> float:
        """How large the place is. [km2]"""
        return float(self.boundary.area) / 1e6


@dataclass(frozen=True, eq=False)
class Coverage:
    """Where and when a source has looked: inside it nothing seen is zero, outside it is unknown.

    Parameters
    ----------
    source
        Whose delivery it is.
    area
        Polygon in the place's system; None means the whole place.
    start, end
        First and last day, both included; None means that the source is not about a period.
    """

    source: str
    area: shapely.Polygon | shapely.MultiPolygon | None = None
    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """A table that keeps the contract of its kind, with what it covers and what was dropped on the way.

    Parameters
    ----------
    frame
        The rows, in the columns of the kind's contract (`hotspot.schema`); geometry in the place's system.
    place
        Where it belongs.
    coverage
        One or more per source.
    dropped
        Reason to number of rows left out, so that kept and dropped add up to what was read.

    Raises
    ------
    TableError
        If rows or columns break the contract; all problems are told at once.
    ReferenceSystemError
        If the geometry is not in the place's own metric system.
    """

    frame: geopandas.GeoDataFrame
    place: Place
    coverage: tuple[Coverage, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)

    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Check the contract once, so that nobody needs to check it again."""
        object.__setattr__(self, "dropped", MappingProxyType(dict(self.dropped)))
        object.__setattr__(self, "coverage", tuple(self.coverage))
        if schema.contract_of(self.kind).shape is not None:
            if not isinstance(self.frame, geopandas.GeoDataFrame):
                raise TableError(
                    N_("A table of {kind} has a geometry column."),
                    N_("a plain table"),
                    N_("make it a GeoDataFrame in {crs}"),
                    kind=self.kind,
                    crs=self.place.crs,
                )
            crs.require_metric(self.frame)
            self._refuse_other_system()
        schema.validate(self.kind, self.frame)

    def _refuse_other_system(self) -> None:
        own, wanted = crs.name_of(self.frame.crs or ""), crs.name_of(self.place.crs)
        if own != wanted:
            raise ReferenceSystemError(
                N_("All tables of a run share the place's reference system, {wanted}."),
                N_("{kind} in {own}"),
                N_("to_metric(frame, '{wanted}')"),
                kind=self.kind,
                own=own,
                wanted=wanted,
            )

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.frame)

    def __repr__(self) -> str:
        """Say what is in it, for people."""
        sources = ", ".join(sorted({c.source for c in self.coverage})) or "unnamed source"
        lost = f", {sum(self.dropped.values())} dropped" if self.dropped else ""
        return f"<{len(self)} {self.kind} in {self.place.name} from {sources}{lost}>"


class Incidents(Table):
    """What happened, where and when: one row per recorded incident."""

    kind = "incidents"


class Lamps(Table):
    """Street lamps; what is not known of them is NaN."""

    kind = "lamps"


class Green(Table):
    """Green areas, hedges, trees, paving and park furniture."""

    kind = "green"


class Roads(Table):
    """Streets and paths."""

    kind = "roads"


class Buildings(Table):
    """Buildings' outlines."""

    kind = "buildings"


class Responses(Table):
    """Answers to a safety survey, 1 = unsafe or yes."""

    kind = "responses"


class Areas(Table):
    """Housing areas and the places between them."""

    kind = "areas"


class Population(Table):
    """Residents on the national 100 m grid; suppressed cells are NaN."""

    kind = "population"


class Visits(Table):
    """Places that draw people: stations, shops, workplaces, schools."""

    kind = "visits"


class Interventions(Table):
    """Measures planned, running or done."""

    kind = "interventions"


class Prices(Table):
    """What a measure costs to build and keep."""

    kind = "prices"


KINDS: Mapping[str, type[Table]] = MappingProxyType(
    {
        made.kind: made
        for made in (
            *(Incidents, Lamps, Green, Roads, Buildings, Responses),
            *(Areas, Population, Visits, Interventions, Prices),
        )
    }
)


def table_of(
    kind: str,
    frame: geopandas.GeoDataFrame,
    place: Place,
    coverage: tuple[Coverage, ...] = (),
    dropped: Mapping[str, int] | None = None,
) -> Table:
    """Return a checked table of a kind given by its name."""
    schema.contract_of(kind)
    return KINDS[kind](frame, place, coverage, dropped or {})


@dataclass(frozen=True, eq=False)
class Delivery:
    """One file, read: the rows that stand, those that do not and why, and what was found on the way.

    Parameters
    ----------
    table
        The rows that keep the contract.
    quarantine
        One row per rejected one: ``row`` as counted in the file, ``reason``, its mapped fields without text.
    findings
        What the reader of the file should know, in the order it was found.
    read
        Rows in the file; kept and quarantined add up to it.
    source
        Whose delivery it is.
    provenance
        File name, its hash and how it was read.
    """

    table: Table
    quarantine: pd.DataFrame
    findings: tuple[Told, ...]
    read: int
    source: str
    provenance: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Hold that nothing was lost between the file and the two tables."""
        kept, apart = len(self.table), len(self.quarantine)
        if kept + apart != self.read:
            message = f"{self.read} rows read, but {kept} kept and {apart} quarantined"
            raise AssertionError(message)


@dataclass(frozen=True, eq=False)
class Correction:
    """Rows that were set aside, handed in again.

    Parameters
    ----------
    delivery
        What stands of them now, and what still does not.
    file
        The first digits of the SHA-256 of the file that they were set aside from.
    rows
        Their numbers in that file: those that stand, in the order of the table.
    still_aside
        Their numbers in that file: those that do not, in the order of the quarantine.
    """

    delivery: Delivery
    file: str
    rows: tuple[int, ...]
    still_aside: tuple[int, ...]
