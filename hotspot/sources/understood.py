"""A file that was opened and mended, on its way to a checked table and its quarantine."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspot import schema
from hotspot.crs import same
from hotspot.errors import N_, TableError, Told
from hotspot.schema.readings import only_declined, reading, said
from hotspot.sources.compared import told_of_names
from hotspot.sources.fields import Fields
from hotspot.sources.findings import Finding, Seen
from hotspot.sources.moments import rows_of
from hotspot.sources.numbering import apart, numbers_of_content
from hotspot.sources.objects import PAIR
from hotspot.sources.opening import content_hash
from hotspot.sources.places import locate, stacked, withheld_by_code
from hotspot.sources.raw import Raw
from hotspot.sources.survey import few_answers
from hotspot.sources.typed import typed, unreadable_told
from hotspot.tables import Coverage, Delivery, Place, table_of

_OF_AREAS = ("incidents", "responses")  # may name the area they lie in
_OWN_IDS = ("areas", "population", "prices")
_ROUND = 1_000  # a list of exactly so many thousand rows was probably cut off
_NO_TEXT = ("time", "number", "day")
REPEATED = N_("repeats another row in every column")
_OUTAGE = ("out_from", "out_to")  # half an outage would mean something else
_NOT_TO_BE_BLANKED = ("finished",)  # a measure without its end is another measure


def understood(
    path: Path,
    place: Place,
    source: str,
    opened: tuple[Seen, Fields],
    mended: tuple[Seen, Iterable[Finding]],
    coverage: Coverage | None,
) -> Delivery:
    """Return what stands of a file and what is set aside.

    Parameters
    ----------
    path
        The file, for its name and what stands for its content.
    place
        The study's place.
    source
        Whose delivery it is.
    opened
        The file as it was opened, and which of its columns are known by name.
    mended
        The file with the fixes that were accepted, and what was noticed on the way there.
    coverage
        Where and when the source looked, as the user says; None takes what the file shows.

    Returns
    -------
    Delivery
        Kept and quarantined rows add up to the rows read.

    Raises
    ------
    SourceError, ReferenceSystemError, TableError
        If the file as a whole cannot be taken.
    """
    return _Understood(path, place, source, *opened).delivery(*mended, coverage)


class _Understood:
    """One file on its way in: what is known so far, and which rows are out and why."""

    def __init__(self, path: Path, place: Place, source: str, first: Seen, fields: Fields) -> None:
        self.path, self.kind, self.place, self.source = path, first.kind, place, source
        self.first, self.fields = first, fields
        self.contract = schema.contract_of(first.kind)
        self.accepted = list[str]()
        self.reasons: dict[object, Told] = {}
        self.findings: list[Told] = []
        self.cut_off = False
        self.declined = first.word.decline

    def delivery(self, seen: Seen, found: Iterable[Finding], coverage: Coverage | None) -> Delivery:
        fields, cells = self.fields, self.first.raw.cells
        self.findings += self.first.raw.findings
        self.tell_other_system(self.first)
        self.tell_fixes(found)
        self.set_aside_ragged(seen.raw)
        self.set_aside_duplicates(cells, seen.raw, fields)
        for row, why in seen.aside.items():
            self.aside([row], why)
        read = typed(seen, self.place.timezone, self.source)
        for row, why in read.wrong.items():
            self.aside([row], why)
        self.findings += read.findings
        frame = self.placed(read.frame, seen)
        if self.kind in _OF_AREAS and isinstance(frame, gpd.GeoDataFrame):
            self.findings += told_of_names(cells, frame, seen.known.get("areas"))
        frame = schema.complete(self.kind, self.with_ids(frame, seen.named, cells))
        frame = self.checked(frame)
        if self.kind == "responses":
            self.findings += few_answers(frame.drop(index=list(self.reasons)))
        self.tell_unused(fields, seen)
        self.tell_cut_off(frame, coverage)
        return self.finished(frame, coverage or (None if self.cut_off else self.covering(seen)))

    def covering(self, seen: Seen) -> Coverage | None:
        """Return what a fix says of where the source looked."""
        return None if seen.area is None else Coverage(self.source, cast("shapely.Polygon", seen.area))

    def tell_fixes(self, found: Iterable[Finding]) -> None:
        """Keep a record of each fix that was taken, and of what needs none."""
        for finding in found:
            if finding.fix is None:
                self.findings.append(finding.sentence)
            elif finding.accepted:
                self.accepted.append(finding.code)
                self.findings += [finding.sentence, Told(N_("Accepted: {fix}."), {"fix": finding.fix})]

    def tell_other_system(self, seen: Seen) -> None:
        if seen.crs and seen.raw.crs and not same(seen.crs, seen.raw.crs):
            said = {"file": seen.raw.crs, "crs": seen.crs}
            self.findings.append(Told(N_("The file says {file}; it is read as {crs}, as --crs says."), said))

    def aside(self, rows: Iterable[object], why: Told) -> None:
        for row in rows:
            self.reasons.setdefault(row, why)

    def set_aside_ragged(self, raw: Raw) -> None:
        self.aside(raw.ragged, Told(N_("more cells than the header has columns")))

    def set_aside_duplicates(self, cells: pd.DataFrame, raw: Raw, fields: Fields) -> None:
        """Set aside rows that repeat another in every column and in shape.

        Lamps only where they are numbered: without a number, two equal rows are two heads on one mast.
        """
        whole = cells.fillna("")
        if raw.geometry is not None:
            whole = whole.assign(**{"\0shape": shapely.to_wkb(np.asarray(raw.geometry.array), hex=True)})
        if self.kind not in ("incidents", "green", "lamps", "roads") or not len(whole.columns):
            return
        repeated = pd.Series(whole.duplicated(), index=whole.index)
        values = {"n": int(repeated.sum()), "rows": rows_of(repeated[repeated])}
        alike = N_(
            "{n} {n:lamp repeats|lamps repeat} another row and {n:has|have} no number ({rows:row|rows} {rows}): "
            "{n:it counts|they count} as further heads on one mast."
        )
        told = N_(
            "{n} {n:row repeats|rows repeat} another in every column ({rows:row|rows} {rows}) and {n:is|are} set aside."
        )
        heads = self.kind == "lamps" and "lamp_id" not in fields.columns
        code = "lamps-alike" if heads else "repeats"
        if repeated.any():
            self.findings.append(reading(code, alike if heads else told, values, self.declined))
        if heads == (code in self.declined):
            self.aside(whole.index[repeated], Told(REPEATED))

    def placed(self, frame: pd.DataFrame, seen: Seen) -> pd.DataFrame:
        """Give every row its place, or the reason why it has none."""
        named, raw = seen.named, seen.raw
        if self.contract.shape is None:
            return frame
        if (
            self.kind == "responses"
            and raw.geometry is None
            and not ({"x", "y"} <= set(named) or {"lon", "lat"} <= set(named))
        ):
            empty = gpd.GeoSeries([None] * len(frame), index=frame.index, crs=self.place.crs)  # type: ignore[arg-type]  # the stubs are narrower than the library
            return gpd.GeoDataFrame(frame, geometry=empty)
        found = locate(raw, named, self.place, seen.crs, self.path.name, declined=self.declined)
        self.findings += found.findings
        placed = gpd.GeoDataFrame(frame, geometry=found.shapes)
        if self.contract.needs_place:
            for row, why in found.reasons.items():
                self.aside([row], why)
            self.findings += withheld_by_code(frame, found.withheld)
        if self.kind == "incidents":
            self.findings += stacked(placed.geometry.drop(index=list(self.reasons)))
        return self.inside(placed)

    def inside(self, placed: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Set aside what lies outside the place altogether."""
        shapes = np.asarray(placed.geometry.array)
        shapely.prepare(self.place.boundary)
        outside = ~(shapely.intersects(self.place.boundary, shapes) | shapely.is_missing(shapes))
        if self.kind == "responses":
            return self.answers_inside(placed, outside)
        self.aside(placed.index[outside], Told(N_("outside the study's boundary")))
        return placed

    def answers_inside(self, placed: gpd.GeoDataFrame, outside: np.ndarray) -> gpd.GeoDataFrame:
        """Take from answers that were given elsewhere their place, or set them aside."""
        rows = placed.index[outside]
        if not len(rows):
            return placed
        sentence = N_(
            "{n} {n:answer lies|answers lie} outside the study's boundary ({rows:row|rows} {rows}) and "
            "{n:counts|count} without a place."
        )
        values = {"n": len(rows), "rows": [str(row) for row in rows[:3]]}
        self.findings.append(reading("answers-outside", sentence, values, self.declined))
        if "answers-outside" in self.declined:
            self.aside(rows, only_declined("answers-outside"))
        placed.loc[outside, "geometry"] = None
        return placed

    def with_ids(self, frame: pd.DataFrame, named: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
        """Give every row an identifier that does not depend on the row order."""
        name = self.contract.id
        if name in named and self.kind in _OWN_IDS:
            return frame.assign(**{name: frame[name].astype(object)})
        if self.kind == "areas" and "name" in frame and frame["name"].notna().all() and frame["name"].is_unique:
            return frame.assign(area_id=frame["name"].astype(str).str.strip())
        own = made = numbers_of_content(cells, frame)
        if name in named:
            given = named[name].where(named[name].notna(), made)
            own, told, out = apart(given, made, self.reasons, self.declined)
            self.findings += told
            for row, why in out.items():
                self.aside([row], why)
        return frame.assign(**{name: self.source + ":" + own.astype(str)})

    def checked(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Set aside rows that break the contract; a value that only may be there is taken as unknown instead."""
        doubtful: dict[str, list[object]] = {}
        for problem in schema.problems(self.kind, frame.drop(index=list(self.reasons))):
            column = self.contract.columns.get(problem.column)
            if column is None or column.required or problem.column in _NOT_TO_BE_BLANKED:
                why = Told(N_("{column}: {why}"), {"column": problem.column, "why": problem.why})
                self.aside([problem.row], why)
            else:
                doubtful.setdefault(problem.column, []).append(problem.row)
        frame = frame.copy()
        for field, rows in doubtful.items():
            given = frame.loc[frame.index.isin(rows), field].astype(str)
            self.findings += unreadable_told(field, given, pd.Series(data=True, index=given.index), self.declined)
            if "unreadable" in self.declined:
                self.aside(rows, only_declined("unreadable"))
            blanked = list(_OUTAGE) if field in _OUTAGE else [field]
            frame.loc[rows, blanked] = None
        return frame

    def tell_cut_off(self, frame: pd.DataFrame, coverage: Coverage | None) -> None:
        """Tell of a lamp list whose round number of rows says that its export stopped there."""
        suspect = self.kind == "lamps" and len(frame) >= _ROUND and len(frame) % _ROUND == 0 and coverage is None
        if suspect:
            sentence = N_(
                "The list has exactly {count} rows, as if its export had stopped there: nothing is said of "
                "light, since a gap may be a lamp not listed. If the list is whole, or whole in some part, say "
                "what it covers (--coverage)."
            )
            self.findings.append(reading("cut-off", sentence, {"count": len(frame)}, self.declined))
        self.cut_off = suspect and "cut-off" not in self.declined

    def tell_unused(self, fields: Fields, seen: Seen) -> None:
        used = {*seen.columns.values(), *PAIR}
        columns = [str(name) for name in fields.unused if name not in used]
        if columns:
            self.findings.append(Told(N_("Columns not used and not stored: {columns}."), {"columns": columns}))

    def finished(self, frame: pd.DataFrame, coverage: Coverage | None) -> Delivery:
        kept = frame.drop(index=list(self.reasons)).reset_index(drop=True)
        if not len(kept):
            first = next(iter(self.reasons.values()), Told(N_("the file has no rows")))
            raise TableError(
                N_("A delivery has at least one row that can be used."),
                N_("none of {n} {n:row|rows} in {name}; the first: {why}"),
                N_("check --crs and --map, or the file"),
                n=len(frame),
                name=self.path.name,
                why=first,
            )
        reasons = pd.Series(self.reasons, dtype=object)
        rejected = frame.loc[list(self.reasons)]
        plain = [
            name
            for name, column in self.contract.columns.items()
            if name in rejected and (column.type in _NO_TEXT or column.allowed)
        ]
        quarantine = pd.DataFrame({"row": list(reasons.index), "reason": reasons.to_list()})
        quarantine = quarantine.join(rejected[plain].reset_index(drop=True))
        quarantine["content"] = self.contents(list(reasons.index)).to_numpy()
        dropped = {str(why): int(n) for why, n in reasons.map(str).value_counts().items()}
        made = table_of(self.kind, cast("gpd.GeoDataFrame", kept), self.place, (self.covered(kept, coverage),), dropped)
        provenance = {
            "file": self.path.name,
            "sha256": content_hash(self.path),
            "accepted": ",".join(self.accepted),
            **said(self.findings, self.accepted, self.first.word),
        }
        return Delivery(made, quarantine, tuple(self.findings), len(frame), self.source, provenance)

    def contents(self, rows: list[object]) -> pd.Series:
        """Return what stands for rows as they stand in the file, whatever the order of its columns and rows."""
        raw = self.first.raw
        cells = raw.cells.loc[raw.cells.index.isin(rows), sorted(raw.cells.columns)]
        bare = pd.DataFrame(index=cells.index)
        shapes = None if raw.geometry is None else gpd.GeoDataFrame(geometry=raw.geometry.loc[cells.index])
        return numbers_of_content(cells, bare if shapes is None else shapes).reindex(rows)

    def covered(self, kept: pd.DataFrame, coverage: Coverage | None) -> Coverage:
        if coverage is not None:
            return Coverage(self.source, coverage.area, coverage.start, coverage.end)
        if self.kind == "lamps" and self.cut_off:
            return Coverage(self.source, shapely.Polygon())
        if self.kind != "incidents":
            return Coverage(self.source)
        local = kept["start"].dt.tz_convert(self.place.timezone)
        return Coverage(self.source, None, _day(local.min()), _day(local.max()))


def _day(moment: pd.Timestamp) -> dt.date:
    return moment.date()
