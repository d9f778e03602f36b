"""A study on disk: immutable tables, one pointer to each that counts, results beside them."""

import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy.exc import DatabaseError

from hotspot.errors import N_, StoreError, Told
from hotspot.packaged import evidence_records, packaged_folder
from hotspot.store.category_table import NAME, Categories, by_category, read_categories
from hotspot.store.details import coverage_of, details_of
from hotspot.store.files import digest, write_text, write_whole
from hotspot.store.parquet import frame_of
from hotspot.store.register import Import, Register
from hotspot.store.shelf import DiskShelf
from hotspot.store.snapshot import Snapshot, registers_hash, told_twice, with_category
from hotspot.study import Study
from hotspot.tables import Delivery, Place, Table, table_of

_FOLDERS = ("tables", "quarantine", "results", "layers")
_BOUNDARY = "boundary.geojson"
_LEDGER = "released.jsonl"


class Store:
    """One study folder.

    Parameters
    ----------
    folder
        The folder, with a ``study.toml``.
    database
        Address of a PostgreSQL database for the register; empty keeps it in ``study.db``.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        self.folder = folder
        self.study = by_category(Study.read(folder / "study.toml"), folder / NAME)
        for path in (folder / name for name in _FOLDERS):
            if path.exists() and not path.is_dir():
                raise _unreadable(path)
        try:
            self._register = Register(database or folder / "study.db")
        except DatabaseError as broken:
            if database:
                raise
            raise _unreadable(folder / "study.db") from broken
        self._place: Place | None = None
        self._read: dict[str, Table] = {}
        self._twice: tuple[str, list[Told]] = ("", [])

    @classmethod
    def create(cls, folder: Path, study: Study, boundary: shapely.Geometry) -> Self:
        """Make a new study folder.

        Parameters
        ----------
        folder
            Where; must not hold a study yet.
        study
            The recipe.
        boundary
            The place's outline in the study's reference system.

        Returns
        -------
        Store
            Open and empty.

        Raises
        ------
        StoreError
            If there is a study already.
        """
        if (folder / "study.toml").exists():
            raise StoreError(
                N_("A new study starts in a folder without one."),
                N_("{folder} holds a study"),
                N_("choose another folder, or go on with hotspot import {folder} …"),
                folder=str(folder),
            )
        Place(study.name, boundary, study.crs, study.timezone)  # type: ignore[arg-type]  # checked there
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        for name in _FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        shape = json.loads(shapely.to_geojson(boundary))
        legacy = {"type": "name", "properties": {"name": study.crs}}
        write_text(folder / _BOUNDARY, json.dumps({"crs": legacy, **shape}))
        study.write(folder / "study.toml")
        return cls(folder)

    def close(self) -> None:
        """Let go of the database."""
        self._register.close()

    @property
    def place(self) -> Place:
        """Where the study looks."""
        if self._place is None:
            path = self.folder / _BOUNDARY
            try:
                shape = shapely.from_geojson(path.read_text("utf-8"))
            except (FileNotFoundError, shapely.errors.GEOSException) as broken:
                raise _unreadable(path) from broken
            self._place = Place(self.study.name, shape, self.study.crs, self.study.timezone)  # type: ignore[arg-type]
        return self._place

    @property
    def shelf(self) -> DiskShelf:
        """Where layers' answers are kept between runs."""
        return DiskShelf(self.folder / "results" / "kept")

    def keep(self, delivery: Delivery) -> Import:
        """Take a delivery in: files first, then the pointer, so that a crash leaves the store as it was.

        Parameters
        ----------
        delivery
            As read from a file.

        Returns
        -------
        Import
            What was entered; the one that already counted, if nothing differs.
        """
        kind, source = delivery.table.kind, delivery.source
        data = _parquet(delivery.table.frame)
        table_file = f"{kind}-{digest(data)}.parquet"
        details = details_of(delivery)
        counting = [each for each in self._register.current() if (each.kind, each.source) == (kind, source)]
        if counting and counting[0].table_file == table_file and counting[0].details == details:
            return counting[0]
        if not (self.folder / "tables" / table_file).exists():
            write_whole(self.folder / "tables" / table_file, lambda path: path.write_bytes(data))
        quarantine_file = self._keep_quarantine(delivery, table_file)
        made = Import(kind, source, table_file, quarantine_file, delivery.read, len(delivery.table), details)
        number = self._register.take_in(made)
        self.audit("import", {"kind": kind, "source": source, "number": number, "read": delivery.read})
        return self._register.history(kind, source)[0]

    def _keep_quarantine(self, delivery: Delivery, table_file: str) -> str:
        if not len(delivery.quarantine):
            return ""
        told = delivery.quarantine.assign(reason=[str(each) for each in delivery.quarantine["reason"]])
        name = table_file.replace(".parquet", f"-{digest(told.to_csv().encode())}.csv")
        write_text(self.folder / "quarantine" / name, told.to_csv(index=False))
        return name

    def undo(self, kind: str, source: str) -> Import | None:
        """Let what counted before the last change count again.

        Parameters
        ----------
        kind, source
            Which deliveries.

        Returns
        -------
        Import or None
            What counts now; None if nothing does.

        Raises
        ------
        StoreError
            If nothing was ever imported there.
        """
        there, earlier = self.earlier(kind, source)
        if not there:
            raise StoreError(
                N_("Only an import can be undone."),
                N_("nothing of {kind} from {source}"),
                N_("hotspot check {folder} lists what there is"),
                kind=kind,
                source=source,
                folder=str(self.folder),
            )
        number = earlier.number if earlier else None
        self._register.point(kind, source, number)
        self.audit("undo", {"kind": kind, "source": source, "number": number})
        return earlier

    def earlier(self, kind: str, source: str) -> tuple[bool, Import | None]:
        """Return whether an import can be undone, and what would count again.

        Parameters
        ----------
        kind, source
            Which deliveries.

        Returns
        -------
        tuple
            Whether there is one to undo; the import before it, None if there is none.
        """
        there, number = self._register.before(kind, source)
        return there, next((each for each in self._register.history(kind, source) if each.number == number), None)

    def imports(self) -> list[Import]:
        """Return the deliveries that count now."""
        return self._register.current()

    def quarantine(self, made: Import) -> pd.DataFrame:
        """Return the rows that an import rejected, with row number and reason."""
        if not made.quarantine_file:
            return pd.DataFrame({"row": [], "reason": []})
        return pd.read_csv(self.folder / "quarantine" / made.quarantine_file, dtype=str, keep_default_na=False)

    def snapshot(self) -> Snapshot:
        """Return exactly what counts now.

        Returns
        -------
        Snapshot
            Tables of all kinds with their hashes.

        Raises
        ------
        StoreError
            If a table that counts is missing or damaged.
        """
        counting = self._register.current()
        by_kind: dict[str, list[Import]] = {}
        for each in counting:
            by_kind.setdefault(each.kind, []).append(each)
        own = self.categories()
        layer_folders = (packaged_folder("layers"), self.folder / "layers")
        hashes = registers_hash(packaged_folder("data") / "evidence", layer_folders, own)
        hashes["place"] = digest(self.place.boundary.wkb + f"{self.place.crs} {self.place.timezone}".encode())
        for kind, made in by_kind.items():
            hashes[kind] = digest(
                repr([(each.source, each.table_file, each.details["coverage"]) for each in made]).encode()
            )
        if "incidents" in hashes:
            hashes["incidents"] = digest((hashes["incidents"] + hashes["codes"]).encode())
        tables = {kind: self._table(kind, made, hashes[kind], own) for kind, made in by_kind.items()}
        told = [Told.from_plain(each) for made in counting for each in made.details["findings"]]
        if "incidents" in tables:
            told += self._told_twice(hashes["incidents"], tables["incidents"])
        return Snapshot(
            place=self.place,
            tables=tables,
            hashes=hashes,
            evidence=evidence_records(),
            layer_folders=layer_folders,
            imports=tuple(counting),
            findings=tuple(told),
            categories=own.tree,
        )

    def categories(self) -> Categories:
        """Return what codes mean and what is said of each category; the study's own table goes first."""
        return read_categories(self.folder / NAME)

    def table(self, kind: str) -> Table | None:
        """Return what counts now of one kind, without its neighbours.

        Parameters
        ----------
        kind
            A kind of `hotspot.tables.KINDS`.

        Returns
        -------
        Table or None
            None if nothing of it counts.
        """
        made = [each for each in self._register.current() if each.kind == kind]
        own = self.categories()
        told = [(each.source, each.table_file, each.details["coverage"]) for each in made]
        key = digest(repr([*told, sorted(own.codes.items()) if kind == "incidents" else ""]).encode())
        return self._table(kind, made, key, own) if made else None

    def _table(self, kind: str, made: list[Import], key: str, own: Categories) -> Table:
        if key in self._read:
            return self._read[key]
        frames = [self._frame(each) for each in made]
        whole = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True)) if len(frames) > 1 else frames[0]
        if kind == "incidents":
            whole = gpd.GeoDataFrame(with_category(whole, own.codes))
        dropped: dict[str, int] = {}
        for each in made:
            for reason, n in each.details["dropped"].items():
                dropped[reason] = dropped.get(reason, 0) + n
        covers = tuple(coverage_of(row, each.source) for each in made for row in each.details["coverage"])
        self._read[key] = table_of(kind, whole, self.place, covers, dropped)
        return self._read[key]

    def _told_twice(self, key: str, incidents: Table) -> list[Told]:
        known = self._twice
        if known[0] != key:  # every look at the app asks, and comparing 15,000 incidents takes 35 ms
            known = self._twice = (key, told_twice(incidents.frame))
        return known[1]

    def _frame(self, made: Import) -> Any:  # noqa: ANN401 - with or without geometry
        path = self.folder / "tables" / made.table_file
        try:
            data = path.read_bytes()
        except FileNotFoundError as missing:
            raise self._damaged(made) from missing
        if f"{made.kind}-{digest(data)}.parquet" != made.table_file:
            raise self._damaged(made)
        return frame_of(data)

    def _damaged(self, made: Import) -> StoreError:
        return StoreError(
            N_("Every table of a study is whole, as its name says."),
            N_("{file} is missing or changed"),
            N_("restore it from a backup, or hotspot undo {folder} {kind} --source {source}"),
            file=made.table_file,
            folder=str(self.folder),
            kind=made.kind,
            source=made.source,
        )

    def result_folder(self, key: str) -> Path:
        """Return where a result lies."""
        return self.folder / "results" / key

    def set_current(self, key: str) -> None:
        """Point ``results/current`` at a result, in one step."""
        write_text(self.folder / "results" / "current", key + "\n")

    def current(self) -> str | None:
        """Return the key of the current result, or None."""
        path = self.folder / "results" / "current"
        return path.read_text("utf-8").strip() if path.exists() else None

    def released(self) -> list[dict[str, Any]]:
        """Return what was asked for and released under rules of disclosure, oldest first."""
        path = self.folder / _LEDGER
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def note_released(self, asked: Iterable[Mapping[str, Any]]) -> None:
        """Add to what was released; what is noted already is not noted twice.

        Parameters
        ----------
        asked
            Plain values of recipes, in the order of their release.
        """
        known = self.released()
        new = [each for each in asked if each not in known]
        if new:
            with (self.folder / _LEDGER).open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(each) + "\n" for each in new)

    def audit(self, what: str, details: Mapping[str, Any]) -> None:
        """Add one line to the account of who did what.

        Parameters
        ----------
        what
            The deed.
        details
            Plain values; never a filter in clear or anything that points at a person.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        line = json.dumps({"at": now, "what": what, **details}, ensure_ascii=False, default=str)
        with (self.folder / "audit.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _unreadable(path: Path) -> StoreError:
    return StoreError(
        N_("A study's own files are whole."),
        N_("{path} cannot be read"),
        N_("restore it from a backup"),
        path=str(path),
    )


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()
