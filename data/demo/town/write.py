"""The raw files, each in the form in which a municipality would be likely to get it."""

import json
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .build import Town
from .people import AGES
from .plan import EPSG, NAME
from .survey import WAVES

SUPPRESS_BELOW, AGES_FROM = 5, 20
ROAD_TYPES: Final = {"main": "Vej", "street": "Vej", "residential": "Boligvej", "path": "Sti", "track": "Skovsti",
                     "tunnel": "Tunnel", "bridge": "Bro", "service": "Adgangsvej"}  # fmt: skip
VISIT_TYPES: Final = {"station": "Station", "shop": "Butik", "workplace": "Arbejdsplads", "school": "Skole",
                      "leisure": "Fritid"}  # fmt: skip
DELIVERIES: Final = (  # file, kind, source, reference system, layer, from, to, note
    ("kommunegraense.geojson", "boundary", "kommune", "EPSG:4326", "", "", "", "WGS84 længde/bredde som RFC 7946"),
    ("omraader.geojson", "areas", "kommune", "EPSG:25832", "", "2025-01-01", "2025-12-31", "crs-medlem i filen"),
    ("befolkning_100m.csv", "population", "statistik", "EPSG:25832", "", "2025-01-01", "2025-12-31",
     "semikolon, utf-8; tom = under 5 beboere, alder kun fra 20 beboere"),
    ("besoeg.csv", "visits", "kommune", "EPSG:25832", "", "2025-01-01", "2025-12-31", "semikolon, utf-8"),
    ("veje.gpkg", "roads", "kommune", "EPSG:25832", "veje", "2025-01-01", "2025-12-31", ""),
    ("bygninger.zip", "buildings", "kommune", "EPSG:25832", "bygninger", "2025-01-01", "2025-12-31", "shapefil"),
    ("gadelamper.parquet", "lamps", "driftsoperatør", "EPSG:25832", "", "2023-01-01", "2025-12-31",
     "alle lamper i kommunen, også boligselskabernes"),
    ("groent_fkg.gpkg", "green", "fkg", "EPSG:25832", "t_6800_parl_fl", "2025-01-01", "2025-12-31", "flader"),
    ("groent_fkg.gpkg", "green", "fkg", "EPSG:25832", "t_6801_parl_li", "2025-01-01", "2025-12-31", "linjer"),
    ("groent_fkg.gpkg", "green", "fkg", "EPSG:25832", "t_6802_parl_pkt", "2025-01-01", "2025-12-31", "punkter"),
    ("politi_haendelser.csv", "incidents", "politi", "EPSG:25832", "", "2023-01-01", "2025-12-31",
     "semikolon, cp1252, decimalkomma, lokal tid"),
    ("kommune_henvendelser.xlsx", "incidents", "kommune", "EPSG:25832", "Henvendelser", "2023-07-01", "2025-12-31",
     "lokal tid; registreret fra 1. juli 2023"),
    ("tryghed_2023.csv", "responses", "tryghed_2023", "EPSG:25832", "", "2023-09-04", "2023-10-15",
     "semikolon, cp1252, decimalkomma; 1 = tryg, 7 = utryg"),
    ("tryghed_2025.csv", "responses", "tryghed_2025", "EPSG:25832", "", "2025-09-01", "2025-10-12",
     "semikolon, utf-8 med BOM, decimalkomma; 1 = tryg, 7 = utryg; åbent link uden vægt"),
    ("tidligere_tiltag.geojson", "interventions", "kommune", "EPSG:25832", "", "2023-01-01", "2025-12-31", ""),
    ("priser.csv", "prices", "kommune", "", "", "2025-01-01", "2025-12-31", "fiktiv prisliste"),
)  # fmt: skip


def _geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """GeoJSON in the table's own reference system, named in the file as Danish exports do."""
    made = json.loads(frame.to_json(drop_id=True, na="null"))
    if frame.crs.to_epsg() != 4326:
        made["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{frame.crs.to_epsg()}"}}
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")


def _ground(town: Town, folder: Path) -> None:
    geo = town.geography
    edge = gpd.GeoDataFrame({"navn": [NAME]}, geometry=[geo.outline], crs=EPSG).to_crs(4326)
    _geojson(
        edge.set_geometry(shapely.set_precision(edge.geometry.to_numpy(), 1e-8)),
        folder / "kommunegraense.geojson",
    )
    areas = geo.areas.drop(columns="pattern").rename(columns={
        "area_id": "omr_kode", "name": "navn", "kind": "type", "owner": "ejer", "residents": "beboere",
        "households": "husstande"})  # fmt: skip
    _geojson(areas, folder / "omraader.geojson")
    roads = geo.roads[["road_id", "name", "kind", "lit", "geometry"]].rename(
        columns={"road_id": "vej_id", "name": "vejnavn"}
    )
    roads["vejtype"] = roads.pop("kind").map(ROAD_TYPES)
    roads["belyst"] = np.where(roads.pop("lit"), "ja", "nej")
    roads.to_file(folder / "veje.gpkg", layer="veje")
    houses = geo.buildings[["building_id", "use", "floors", "geometry"]]
    houses = houses.rename(columns={"building_id": "bygn_id", "use": "anvendelse", "floors": "etager"})
    houses.to_file(folder / "bygninger.shz", driver="ESRI Shapefile", layer="bygninger")
    (folder / "bygninger.shz").replace(folder / "bygninger.zip")
    lamps = geo.lamps.drop(columns=["road", "area_id"])
    lamps.to_parquet(folder / "gadelamper.parquet")
    for layer, table in geo.green.items():
        table.to_file(folder / "groent_fkg.gpkg", layer=layer)


def _people(town: Town, folder: Path) -> None:
    cells = town.geography.cells
    table = cells[["cell_id", "residents", "households", *AGES]].astype(
        dict.fromkeys(("residents", "households", *AGES), "Int64")
    )
    few = (cells["residents"] > 0) & (cells["residents"] < SUPPRESS_BELOW)
    table.loc[few, ["residents", "households", *AGES]] = pd.NA
    table.loc[(cells["residents"] > 0) & (cells["residents"] < AGES_FROM), list(AGES)] = pd.NA
    table.columns = pd.Index(["celle", "beboere", "husstande", "0-17 år", "18-29 år", "30-64 år", "65+ år"])
    table.to_csv(folder / "befolkning_100m.csv", sep=";", index=False)
    visits = town.geography.visits
    raw = pd.DataFrame({"sted_id": visits["visit_id"], "type": visits["kind"].map(VISIT_TYPES),
                        "besoeg_pr_dag": visits["visits_per_day"].astype(int), "x": visits["x"].round(1),
                        "y": visits["y"].round(1)})  # fmt: skip
    raw.to_csv(folder / "besoeg.csv", sep=";", index=False, decimal=",")


def _told(town: Town, folder: Path) -> None:
    town.police.to_csv(folder / "politi_haendelser.csv", sep=";", index=False, encoding="cp1252")
    town.reports.to_excel(folder / "kommune_henvendelser.xlsx", sheet_name="Henvendelser", index=False)
    for wave, encoding in zip(WAVES, ("cp1252", "utf-8-sig"), strict=True):
        town.survey[wave.year].to_csv(
            folder / f"tryghed_{wave.year}.csv", sep=";", index=False, decimal=",", encoding=encoding
        )
    _geojson(town.earlier, folder / "tidligere_tiltag.geojson")
    town.prices.to_csv(folder / "priser.csv", sep=";", index=False)


def write(town: Town, folder: Path) -> list[Path]:
    """Write every raw file and the list of them; return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in {row[0] for row in DELIVERIES}:
        (folder / name).unlink(missing_ok=True)
    _ground(town, folder)
    _people(town, folder)
    _told(town, folder)
    columns = ["fil", "kind", "kilde", "crs", "lag", "fra", "til", "bemaerkning"]
    listed = pd.DataFrame(DELIVERIES, columns=columns)
    listed.insert(5, "daekning", "hele kommunen (kommunegraense.geojson)")
    listed.to_csv(folder / "deliveries.csv", sep=";", index=False)
    return sorted({folder / row[0] for row in DELIVERIES} | {folder / "deliveries.csv"})
