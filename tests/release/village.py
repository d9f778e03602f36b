"""A village with known small counts, and a reader who puts together every number that its doors show."""

import datetime as dt
import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linprog

from hotspot.counting import areas_of
from hotspot.pipeline import run
from hotspot.release import before, note, release
from hotspot.release.order import OUT
from hotspot.report import priority_table, row_sentence
from hotspot.report.frames import column_of, portfolio_frame, priority_frame, support_frame
from hotspot.report.tables import coverage_table, findings_text
from hotspot.service.features import collections_of
from hotspot.store import Store
from hotspot.study import Study
from hotspot.tables import Coverage, Delivery, table_of

K, CRS, WEST, SOUTH, SIDE = 5, "EPSG:25832", 600_000.0, 6_200_000.0, 400.0
AREAS = tuple(f"V{each}" for each in range(6))
YEARS = (2023, 2024)
KINDS = ("vandalism", "theft")
COUNTED = ("observed_expected", "nuisance")
OWNER = "Landsbyens Boliger"
DAYS = dt.date(2023, 1, 1), dt.date(2024, 12, 31)
Atom = tuple[int, str, int, str]  # delivery, place, year, category
FIRST = {
    "vandalism": ((9, 3, 14, 2, 21, 6), (8, 1, 11, 7, 17, 5)),
    "theft": ((12, 2, 7, 4, 9, 1), (6, 3, 9, 2, 13, 8)),
}  # fmt: skip


def atoms(deliveries: int) -> list[Atom]:
    """Everything that a count can be made of."""
    return [(at, area, year, kind) for at in range(deliveries) for area in AREAS for year in YEARS for kind in KINDS]


def first_delivery() -> dict[Atom, int]:
    """The incidents of the first delivery."""
    return {
        (0, area, year, kind): FIRST[kind][y][a]
        for kind in KINDS
        for y, year in enumerate(YEARS)
        for a, area in enumerate(AREAS)
    }


def _corner(area: str) -> tuple[float, float]:
    at = AREAS.index(area)
    return WEST + SIDE * (at % 3), SOUTH + SIDE * (at // 3)


def _rows(counts: dict[Atom, int]) -> gpd.GeoDataFrame:
    words = {"vandalism": "Hærværk", "theft": "Tyveri"}
    rows = []
    for (delivery, area, year, kind), n in sorted(counts.items()):
        west, south = _corner(area)
        rng = np.random.default_rng(
            [7, delivery, AREAS.index(area), year, KINDS.index(kind)]
        )  # one more moves no other
        for number in range(n):
            when = pd.Timestamp(year, 2 + number % 9, 3 + number % 20, 12, tz="UTC")
            where = west + 110 + 80 * rng.random(), south + 110 + 80 * rng.random()  # all in one cell
            rows.append((f"{delivery}-{area}-{year}-{kind}-{number}", words[kind], when, shapely.Point(where)))
    names, codes, when, where = zip(*rows, strict=True)
    frame = {"incident_id": names, "source": "town", "code": codes, "start": when, "end": when, "weight": 1.0,
             "time_basis": "instant", "location_error_m": 5.0}  # fmt: skip
    return gpd.GeoDataFrame(frame, geometry=list(where), crs=CRS)


def _keep(store: Store, kind: str, frame: gpd.GeoDataFrame, days: tuple[dt.date, dt.date] | None = None) -> None:
    covers = Coverage("town", None, *days) if days else Coverage("town")
    table = table_of(kind, frame, store.place, (covers,))
    store.keep(Delivery(table, pd.DataFrame({"row": [], "reason": []}), (), len(frame), "town"))


def deliver(store: Store, counts: dict[Atom, int], days: tuple[dt.date, dt.date] = DAYS) -> None:
    """Deliver all incidents anew, with those that have come since."""
    _keep(store, "incidents", _rows(counts), days)


def village(folder, layers=COUNTED) -> Store:
    """A study of six areas and a first delivery."""
    box = shapely.box(WEST, SOUTH, WEST + 3 * SIDE, SOUTH + 2 * SIDE)
    study = Study("Landsby", CRS, language="en", layers=layers, cell_m=100.0, period=DAYS)
    store = Store.create(folder, study, box)
    shapes = [shapely.box(x, y, x + SIDE, y + SIDE) for x, y in map(_corner, AREAS)]
    about = {"area_id": AREAS, "name": [f"Place {each}" for each in AREAS], "kind": "housing",
             "owner": [OWNER] * 2 + ["Others"] * 4, "residents": 400.0, "households": 200.0}  # fmt: skip
    _keep(store, "areas", gpd.GeoDataFrame(about, geometry=shapes, crs=CRS))
    corners = [(WEST + 100 * i, SOUTH + 100 * j) for i in range(12) for j in range(8)]
    people = {"cell_id": [f"100m_{y / 100:.0f}_{x / 100:.0f}" for x, y in corners], "residents": 25.0,
              "households": 12.0, "age_0_17": 5.0, "age_18_29": 5.0, "age_30_64": 10.0, "age_65_plus": 5.0}  # fmt: skip
    cells = [shapely.box(x, y, x + 100, y + 100) for x, y in corners]
    _keep(store, "population", gpd.GeoDataFrame(people, geometry=cells, crs=CRS))
    deliver(store, first_delivery())
    return store


class Kept:
    """Answers of the village, each worked out once."""

    def __init__(self) -> None:
        self.found = {}

    def run(self, snapshot, study):
        """Return a recipe's result."""
        key = snapshot.key_for(study)
        if key not in self.found:
            self.found[key] = run(study, snapshot)
        return self.found[key]


def ask(store: Store, kept: Kept, audience: str, looking_back: bool = True, **change):  # noqa: FBT001, FBT002 - a case
    """Ask through the door that app and command line share, and note what was told."""
    snapshot = store.snapshot()
    result = kept.run(snapshot, store.study.but(**change))
    earlier = before(store, snapshot, result) if looking_back else None
    shown = release(result, audience, owner=OWNER if audience == "partner" else "", before=earlier)
    if looking_back:
        note(store, snapshot, result, audience, shown)
    return shown


class Reader:
    """Hears numbers through the doors and knows what each of them counts; no count is negative."""

    def __init__(self, counts: dict[Atom, int], deliveries: int) -> None:
        self.atoms = atoms(deliveries)
        self.truth = np.array([counts.get(each, 0) for each in self.atoms], dtype=float)
        self.exact, self.least, self.most = [], [], []

    def which(self, delivery, area="", years=YEARS, kinds=KINDS):
        """Return which atoms a count is made of; a later delivery holds the earlier ones."""
        return np.array([
            at <= delivery and area in ("", place) and year in years and kind in kinds
            for at, place, year, kind in self.atoms
        ])  # fmt: skip

    def hear(self, which, n, what):
        """Take in a number, which must be true."""
        if n is not None and np.isfinite(n):
            assert abs(self.truth[which].sum() - n) < 1e-6, (what, n)
            self.exact.append((which, n))

    def read(self, shown, delivery, years=YEARS, kinds=KINDS, *, table=True):
        """Read everything that the doors of this release tell, and its fixed table though no door prints it."""
        self._service(shown, delivery, years, kinds)
        for _, row in shown.counts.iterrows() if table else ():
            when = years if row["period"] == "" else (int(row["period"]),)
            what = kinds if row["category"] in ("", "property") else (row["category"],)
            self.hear(self.which(delivery, row["area_id"], when, what), row["n"], "counts")
        for key, layer in shown.layers.items():
            own = self._kinds(layer, kinds)
            self.hear(self.which(delivery, "", years, own), layer.facts.get("n"), f"{key} in all")
        for area_id, n in shown.places["n"].items():
            self.hear(self.which(delivery, area_id, years, kinds), n, "places")
        self._cells(shown, delivery, years, kinds)
        self._files(shown, delivery, years, kinds)
        self._texts(shown)

    def _kinds(self, layer, kinds):
        own = tuple(layer.spec.parameters.get("categories", ()))
        return tuple(each for each in kinds if not own or each in own)

    def _cells(self, shown, delivery, years, kinds):
        """All incidents of a place lie in one cell."""
        cells = [(key, layer) for key, layer in shown.layers.items() if layer.spec.support == "cells"]
        if not cells:
            return
        where = areas_of(gpd.GeoSeries(shown.geometry["cells"].centroid, crs=CRS), shown.geometry["areas"])
        for key, layer in cells:
            n = layer.frame["n"]
            for cell, count in n[n > 0].items():
                self.hear(self.which(delivery, where[cell], years, self._kinds(layer, kinds)), count, f"cell {key}")

    def _service(self, shown, delivery, years, kinds):
        for name, rows in collections_of(shown).items():
            told = json.loads(rows.to_json(na="null"))["features"]
            layer = shown.layers.get(name)
            for row in told:
                n = row["properties"].get("n")
                assert n is None or not 0 < n < K, (name, row["id"], n)
                if layer is not None and layer.spec.support == "areas":
                    self.hear(self.which(delivery, row["id"], years, self._kinds(layer, kinds)), n, name)

    def _files(self, shown, delivery, years, kinds):
        """Counts of places, scores, parts and what measures act on, as files and explanations tell them."""
        areas = support_frame(shown, "areas").set_index("area_id")
        for key, layer in shown.layers.items():
            own = self._kinds(layer, kinds)
            for area_id, n in areas.get(column_of(key, "n"), pd.Series(dtype=float)).items():
                if layer.spec.support == "areas":
                    self.hear(self.which(delivery, area_id, years, own), n, f"file {key}")
            for area_id, row in layer.frame.iterrows() if layer.spec.measure == "observed_expected" else ():
                made = row["value"] * row["expected"]  # what a reader multiplies back
                self.hear(self.which(delivery, area_id, years, own), round(made, 4), f"made of {key}")
        ranked = priority_frame(shown, "en").set_index("area_id")
        for key, layer in shown.layers.items():
            if layer.spec.support == "areas" and f"part_{key}" in ranked:
                gone = layer.frame.index[layer.frame["hidden"]].intersection(ranked.index)
                assert ranked.loc[gone, [f"part_{key}", f"value_{key}", "score"]].isna().all().all()
        measures = portfolio_frame(shown, "en")[["area_id", "acts_on"]].dropna()
        for area_id, per_year in measures.itertuples(index=False):
            self.least.append((self.which(delivery, area_id, years, kinds), per_year * len(years) - 0.1))

    def _texts(self, shown):
        names = {row["area_id"]: row for row in priority_table(shown, "en")}
        for key, layer in shown.layers.items():
            if layer.spec.support != "areas":
                continue
            for area_id in layer.frame.index[layer.frame["hidden"]]:
                said = row_sentence(layer, area_id, "en")
                assert not re.search(r"\d", said.replace(f"{K}", "")), said
                why, own = names[area_id]["why"], layer.spec.title["en"]
                assert own not in why.replace(OUT.format(component=own), ""), (key, area_id)
        for row in coverage_table(shown, "en"):
            if row["kind"] == "incidents":
                assert int(row["kept"].replace(",", "")) % 10 == 0
        text = json.dumps(findings_text(shown, "en"))
        assert not re.search(r"\b[1-4] (?:incidents|rows)\b", text), text

    def interval(self, which):
        """Return the least and most that a sum of atoms can be."""
        lines = np.array([line for line, _n in self.exact], dtype=float)
        told = [n for _line, n in self.exact]
        low = -np.array([line for line, _n in self.least], dtype=float) if self.least else None
        bounds = [-n for _line, n in self.least] if self.least else None
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * which.astype(float), A_eq=lines, b_eq=told, A_ub=low, b_ub=bounds, bounds=(0, 500),
                method="highs",
            )  # fmt: skip
            assert found.fun is not None, found.message
            ends.append(found.fun)
        return ends[0], -ends[1]

    def secrets(self, asked):
        """Small counts of places: of every table asked for, of the fixed table, and of what came between deliveries."""
        last = max(at for at, *_rest in self.atoms)
        tables = [(at, years, kinds) for at, years, kinds in asked]
        tables += [(at, years, kinds) for at in range(last + 1) for years in (YEARS, *((y,) for y in YEARS))
                   for kinds in (KINDS, *((kind,) for kind in KINDS))]  # fmt: skip
        found = {}
        for at, years, kinds in dict.fromkeys(tables):
            for area in AREAS:
                which = self.which(at, area, years, kinds)
                found[at, area, years, kinds] = which
                for old in range(at):
                    since = ("since", at, area, years, kinds, *([old] if old < at - 1 else []))
                    found[since] = which & ~self.which(old, area, years, kinds)
        return {name: which for name, which in found.items() if 0 < self.truth[which].sum() < K}

    def worked_out(self, asked):
        """The small counts that are known to within less than 1."""
        found = []
        for name, which in self.secrets(asked).items():
            low, high = self.interval(which)
            if high - low < 1 - 1e-6:
                found.append((name, low, high))
        return found
