import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.errors import PersonalDataError, ReferenceSystemError, SourceError, TableError
from hotspot.sources import read_areas, read_figures, read_incidents, read_outline, read_table
from hotspot.tables import Coverage, Place

BOX = shapely.box(636_000, 6_236_000, 640_000, 6_240_000)
PLACE = Place("Box", BOX, "EPSG:25832")
HEAD = "Sagsnr;Gerningstekst;Fra dato;Fra kl;Til dato;Til kl;X;Y\n"
ROWS = (
    "1;Hærværk;03-04-2024;22:15;04-04-2024;07:00;637000,5;6237000,25\n"
    "2;Tyveri;05-04-2024;;;;637100,0;6237100,0\n"
    "3;Vold;06-04-2024;12:00;;;0;0\n"
    "4;Vold;06-04-2024;13:00;;;;\n"
    "5;Tyveri;07-04-2024;13:00;;;900000,0;6237100,0\n"
    "6;Tyveri;07-04-2024;25:99;;;637100,0;6237100,0\n"
    "2;Tyveri;05-04-2024;;;;637100,0;6237100,0\n"
)


def write(path, text, encoding="cp1252"):
    path.write_bytes(text.encode(encoding))
    return path


def test_a_danish_police_file_is_read_without_a_flag_but_its_reference_system(tmp_path):
    delivery = read_table(write(tmp_path / "politi.csv", HEAD + ROWS), "incidents", PLACE, crs="EPSG:25832")
    assert delivery.read == 7
    assert len(delivery.table) + len(delivery.quarantine) == delivery.read
    frame = delivery.table.frame.set_index("code")
    first = frame.loc["Hærværk"]
    assert first["start"] == pd.Timestamp("2024-04-03 20:15", tz="UTC")  # 3 April, summer time
    assert first["end"] == pd.Timestamp("2024-04-04 05:00", tz="UTC")
    assert (first.geometry.x, first.geometry.y) == (637_000.5, 6_237_000.25)
    assert frame.loc["Tyveri", "time_basis"] == "date"
    assert dict(delivery.table.dropped) == {
        "no place given": 1,
        "place given as 0,0": 1,
        "outside the study's boundary": 1,
        "the time cannot be read": 1,
        "repeats another row in every column": 1,
    }
    told = [str(each) for each in delivery.findings]
    assert "“Vold”: all 2 rows lack a place, so no map of it can be made from this file." in told


def test_identifiers_do_not_depend_on_the_row_order(tmp_path):
    text = "type;dato;x;y\n" + "".join(f"Vold;0{i}-01-2024;63700{i};6237000\n" for i in range(1, 6))
    lines = text.splitlines(keepends=True)
    turned = write(tmp_path / "b.csv", lines[0] + "".join(lines[:0:-1]))
    one = read_table(write(tmp_path / "a.csv", text), "incidents", PLACE, crs="EPSG:25832", source="s").table.frame
    other = read_table(turned, "incidents", PLACE, crs="EPSG:25832", source="s").table.frame
    key = ["incident_id", "start"]
    assert sorted(map(tuple, one[key].to_numpy())) == sorted(map(tuple, other[key].to_numpy()))


def test_no_reference_system_is_never_guessed_but_named(tmp_path):
    with pytest.raises(ReferenceSystemError, match="--crs EPSG:25832"):
        read_table(write(tmp_path / "a.csv", HEAD + ROWS), "incidents", PLACE)
    with pytest.raises(ReferenceSystemError, match="EPSG:25832"):
        read_table(write(tmp_path / "a.csv", HEAD + ROWS), "incidents", PLACE, crs="EPSG:25833")


def test_millimetres_are_recognised(tmp_path):
    text = "mast_id;easting;northing\n" + "".join(f"{i};63700{i}000.00;6237000000.00\n" for i in range(5))
    with pytest.raises(ReferenceSystemError, match="millimetres"):
        read_table(write(tmp_path / "l.csv", text), "lamps", PLACE, crs="EPSG:25832")


def test_numbers_like_cpr_are_refused_and_a_dropped_column_lets_the_rest_in(tmp_path):
    text = "type;dato;x;y;note\n" + "Vold;01-01-2024;637000;6237000;070761-4285\n"
    path = write(tmp_path / "a.csv", text)
    with pytest.raises(PersonalDataError, match='--drop "note"'):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")
    kept = read_table(path, "incidents", PLACE, crs="EPSG:25832", drop=["note"])
    assert len(kept.table) == 1
    with pytest.raises(SourceError, match="--drop names columns"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832", drop=["remark"])


def test_columns_that_are_not_known_are_named_by_the_user(tmp_path):
    text = "a,b,c,d\nVold,2024-01-01 12:00,637000,6237000\n"
    path = write(tmp_path / "a.csv", text)
    with pytest.raises(SourceError, match="--map"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")
    mapping = {"a": "code", "b": "start", "c": "x", "d": "y"}
    found = read_table(path, "incidents", PLACE, crs="EPSG:25832", mapping=mapping).table.frame
    assert found["start"].iloc[0] == pd.Timestamp("2024-01-01 11:00", tz="UTC")
    with pytest.raises(SourceError, match="the nearest: code"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832", mapping={**mapping, "a": "cod"})


def test_a_file_with_nothing_usable_says_why(tmp_path):
    text = "type;dato;kl;x;y\nVold;01-01-2024;25:61;637000;6237000\nVold;99-99-2024;;637000;6237000\n"
    with pytest.raises(TableError, match="the time cannot be read"):
        read_table(write(tmp_path / "a.csv", text), "incidents", PLACE, crs="EPSG:25832")


def test_fkg_rows_that_are_past_or_closed_are_set_aside(tmp_path):
    frame = gpd.GeoDataFrame(
        {
            "objekt_id": list("abcd"),
            "systid_til": [None, "2020-01-01", None, None],
            "off_kode": [1, 1, 2, 1],
            "vedlhold_f_type_kode": [222000, 101000, 101000, 223000],
            "tilstand_kode": [1, 2, 3, 9],
        },
        geometry=[shapely.box(637_000 + i, 6_237_000, 637_001 + i, 6_237_001) for i in range(4)],
        crs="EPSG:25832",
    )
    frame.to_file(tmp_path / "g.gpkg", layer="t_6800_parl_fl")
    delivery = read_table(tmp_path / "g.gpkg", "green", PLACE)
    kept = delivery.table.frame.set_index("kind")
    assert kept["height_class"].to_dict() == {"thicket": "dense", "grove": "canopy"}
    assert kept.loc["thicket", "condition"] == 1.0
    assert np.isnan(kept.loc["grove", "condition"])
    assert sorted(map(str, delivery.quarantine["reason"])) == [
        "no longer in force (systid_til is filled)",
        "not public (off_kode 2 or 3)",
    ]


def test_survey_answers_are_recoded_and_never_going_out_is_an_answer(tmp_path):
    text = (
        "Svarnr;Dato;Indsamling;Vægt;Område;Tryghed i nabolaget (1-7);Tryg efter mørkets frembrud;Set ophold og uro\n"
        "1;01-09-2025;Stikprøve;1,5;B01;6;Meget utryg;Ja\n"
        "2;01-09-2025;Åbent link;;B01;2;Går aldrig ud;Nej\n"
        "3;01-09-2025;Stikprøve;0,5;B01;4;Ved ikke;Ved ikke\n"
    )
    frame = read_table(write(tmp_path / "s.csv", text), "responses", PLACE).table.frame
    assert frame["unsafe_area"].tolist() == [1.0, 0.0, 0.0]
    assert frame["unsafe_dark"].tolist()[0] == 1.0
    assert frame["unsafe_dark"].isna().tolist() == [False, True, True]
    assert frame["never_out_dark"].tolist() == [0.0, 1.0, 0.0]
    assert frame["saw_gathering"].tolist()[:2] == [1.0, 0.0]
    assert frame["mode"].tolist() == ["sample", "self-selected", "sample"]
    assert frame["weight"].tolist() == [1.5, 1.0, 0.5]
    assert frame["raw_unsafe_area"].tolist() == ["6", "2", "4"]


def test_a_lamp_list_cut_off_at_a_round_number_says_nothing_of_light(tmp_path):
    rows = "".join(f"{i};{637_000 + i};6237000;LED;35\n" for i in range(1000))
    path = write(tmp_path / "l.csv", "mast_id;x;y;lyskilde;effekt_w\n" + rows)
    delivery = read_table(path, "lamps", PLACE, crs="EPSG:25832")
    assert delivery.table.coverage[0].area.is_empty
    assert any("as if its export had stopped there" in str(each) for each in delivery.findings)
    whole = read_table(path, "lamps", PLACE, crs="EPSG:25832", coverage=Coverage("l"))
    assert whole.table.coverage[0].area is None


def test_cells_and_text_geometry_give_places(tmp_path):
    cells = read_table(
        write(tmp_path / "p.csv", "celle;beboere\n100m_62370_6370;12\n100m_62371_6370;\n"), "population", PLACE
    )
    frame = cells.table.frame.set_index("cell_id")
    assert frame.loc["100m_62370_6370"].geometry.bounds == (637_000, 6_237_000, 637_100, 6_237_100)
    assert np.isnan(frame.loc["100m_62371_6370", "residents"])
    text = 'id;type;besoeg_pr_dag;geom\n1;butik;20;"POINT (637000 6237000)"\n'
    shops = read_table(write(tmp_path / "v.csv", text), "visits", PLACE, crs="EPSG:25832").table.frame
    assert shops.geometry.iloc[0].equals(shapely.Point(637_000, 6_237_000))


@pytest.fixture
def two_areas(tmp_path):
    frame = gpd.GeoDataFrame(
        {"navn": ["Øst", "Vest-by"]},
        geometry=[
            shapely.box(638_000, 6_236_000, 640_000, 6_240_000),
            shapely.box(636_000, 6_236_000, 638_000, 6_240_000),
        ],
        crs="EPSG:25832",
    )
    frame.to_file(tmp_path / "areas.gpkg")
    return read_areas(tmp_path / "areas.gpkg", PLACE)


def test_a_census_with_variables_in_rows_joins_areas_by_name(tmp_path, two_areas):
    text = 'Made for nobody,,,\n\nID,Variable,Øst ,Vest by ,All,,\n1,People,"1,200",340,"1,540",,\n2,Young,12,30,42,,\n'
    delivery = read_figures(write(tmp_path / "c.csv", text, "latin-1"), two_areas, "areas", {"People": "residents"})
    assert delivery.table.frame.set_index("name")["residents"].to_dict() == {"Øst": 1200.0, "Vest-by": 340.0}
    assert any("variables in rows" in str(each) for each in delivery.findings)
    with pytest.raises(SourceError, match="figures: –"):
        read_figures(write(tmp_path / "c.csv", text, "latin-1"), two_areas, "areas")


def test_an_outline_is_all_polygons_together_in_the_study_s_system(tmp_path, two_areas):
    two_areas.frame.to_crs(4326).to_file(tmp_path / "o.geojson")
    outline = read_outline(tmp_path / "o.geojson", "EPSG:25832")
    assert outline.symmetric_difference(BOX).area / BOX.area < 1e-6
    (tmp_path / "p.geojson").write_text('{"type":"FeatureCollection","features":[]}')
    with pytest.raises(SourceError):
        read_outline(tmp_path / "p.geojson", "EPSG:25832")


def test_incidents_by_name(tmp_path):
    found = read_incidents(write(tmp_path / "politi.csv", HEAD + ROWS), PLACE, "EPSG:25832")
    assert found.kind == "incidents"
    assert len(found) == 2
