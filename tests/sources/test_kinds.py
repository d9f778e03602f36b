"""A file is guessed by what it shows: its columns, its shapes and its name, and not at all where these say little."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspot.sources.kinds import guess_kinds
from hotspot.sources.raw import read_raw


def guessed(path):
    return [each.kind for each in guess_kinds(read_raw(path), path)]


@pytest.mark.parametrize(
    ("name", "header", "kind"),
    [
        ("udtraek", "gerningstekst;gerningstidspunkt;x;y", "incidents"),
        ("udtraek", "mast;lumen;mastehoejde;x;y", "lamps"),
        ("udtraek", "visits_per_day;x;y", "visits"),
        ("gadelys", "id;x;y", "lamps"),
    ],
)
def test_telling_columns_or_a_telling_name_are_enough(tmp_path, name, header, kind):
    path = tmp_path / f"{name}.csv"
    path.write_text(header + "\n" + ";".join("1" for _ in header.split(";")) + "\n", "utf-8")
    assert guessed(path)[0] == kind


def test_numbers_alone_are_no_ground_for_a_guess(tmp_path):
    path = tmp_path / "udtraek.csv"
    path.write_text("id;x;y\n1;2;3\n", "utf-8")
    assert guessed(path) == []


def test_shapes_exclude_kinds_that_have_others(tmp_path):
    path = tmp_path / "politi_kriminalitet.geojson"
    gpd.GeoDataFrame({"navn": ["A"]}, geometry=[shapely.box(9, 55, 10, 56)], crs=4326).to_file(path)
    assert "incidents" not in guessed(path)


def test_reasons_name_the_columns_and_the_order_of_columns_does_not_matter(tmp_path):
    path = tmp_path / "udtraek.csv"
    columns = pd.DataFrame({"gerningstekst": ["Vold"], "gerningstidspunkt": ["1.1.2024"], "x": [1], "y": [2]})
    columns.to_csv(path, index=False)
    first = guess_kinds(read_raw(path), path)
    columns[columns.columns[::-1]].to_csv(path, index=False)
    again = guess_kinds(read_raw(path), path)
    assert [(e.kind, pytest.approx(e.weight)) for e in first] == [(e.kind, e.weight) for e in again]
    assert "gerningstekst" in str(first[0].reasons[0])


@pytest.mark.real
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("vancouver/crimedata_csv_AllNeighbourhoods_2025.csv", "incidents"),
        ("vancouver/local-area-boundary.geojson", "areas"),
        ("vancouver/CensusLocalAreaProfiles2016.csv", "areas"),
        ("vancouver/parks-polygon-representation.geojson", "green"),
        ("vancouver/street_lighting_poles_first10000.json", "lamps"),
        ("cambridge_ma/INFRA_StreetLights.geojson", "lamps"),
        ("cambridge_ma/RECREATION_OpenSpace.geojson", "green"),
        ("cambridge_ma/TRANS_Centerlines.geojson", "roads"),
        ("cambridge_ma/BOUNDARY_CDDNeighborhoods.geojson", "areas"),
        ("cambridge_ma/Police_Department_Crash_Data_-_Historical.csv", "incidents"),
        ("flensburg/241112_lichtpunktstandorte_flensburg_utf8.csv", "lamps"),
        ("flensburg/flensburg_stadtteile.zip", "areas"),
        ("somerville_survey/Somerville_Happiness_Survey_responses_-_2011__2013__2015.csv", "responses"),
        ("denmark/frederiksberg/kvadratnet_4326.geojson", "population"),
    ],
)
def test_real_files_are_guessed_right(real_data, file, kind):
    assert guessed(real_data / file)[0] == kind
