"""Traps of Danish and foreign files: each told in words with its rows, refused or blank until accepted, right after."""

import json
import zipfile

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import shapely

from hotspot.errors import ReferenceSystemError, SourceError, TableError
from hotspot.sources import diagnose, read_figures, read_table
from hotspot.sources.values import numbers
from hotspot.tables import Place

PLACE = Place("Testby", shapely.box(700_000, 6_160_000, 720_000, 6_176_000), "EPSG:25832")
X, Y = 711_518.779, 6_168_138.655


def lamps(tmp_path, header, cells, name="lamper.csv"):
    rows = "".join(f"{number};{X + number};{Y};{cell}\n" for number, cell in enumerate(cells))
    path = tmp_path / name
    path.write_text(f"mast_id;x;y;{header}\n{rows}", "utf-8")
    return path


def incidents(tmp_path, times, name="politi.csv"):
    rows = "".join(f"{time};{X + n};{Y};Hærværk\n" for n, time in enumerate(times))
    path = tmp_path / name
    path.write_text(f"tidspunkt;x;y;type\n{rows}", "utf-8")
    return path


def proposals(path, kind, **asked):
    seen = diagnose(path, kind, PLACE, crs="EPSG:25832", **asked)
    return {finding.code: finding for finding in seen.findings if finding.code}


def sentences(delivery):
    return [str(told) for told in delivery.findings]


def areas(names, ids=None):
    shapes = [shapely.box(X + 1000 * i, Y, X + 1000 * i + 900, Y + 900) for i in range(len(names))]
    frame = gpd.GeoDataFrame({"navn": names}, geometry=shapes, crs=25832)
    return frame if ids is None else frame.assign(omr_kode=ids)


def area_table(tmp_path, names, ids=None):
    areas(names, ids).to_file(tmp_path / "omr.gpkg")
    return read_table(tmp_path / "omr.gpkg", "areas", PLACE).table


def test_names_that_are_almost_an_area_s_are_told_with_it(tmp_path):
    known = {"areas": area_table(tmp_path, ["Strandparken", "Ishøj Bymidte", "Gildbro"])}
    path = tmp_path / "p.csv"
    names = ("Strandpaken", "Ishoj Bymidte", "Gildbro", "Torslunde")
    rows = "".join(f"0{i + 1}-04-2024 14:30;{X + 10};{Y + 10};Vold;{name}\n" for i, name in enumerate(names))
    path.write_text(f"tidspunkt;x;y;type;kvarter\n{rows}")
    told = " ".join(sentences(read_table(path, "incidents", PLACE, crs="EPSG:25832", known=known)))
    assert "Strandpaken (1, Strandparken?)" in told
    assert "Ishoj Bymidte (1, Ishøj Bymidte?)" in told
    assert "Torslunde (1)" in told


def test_codes_that_are_none_or_two_at_once_are_unknown_once_accepted(tmp_path):
    path = lamps(tmp_path, "armatur", ["A2"] * 30 + ["A3"] * 20 + ["`", "?", "A2 / A3"])
    found = proposals(path, "lamps")["dirty-codes"]
    assert found.examples == ("52: `", "53: ?", "54: A2 / A3")
    assert "3 cells" in str(found.sentence)
    frame = read_table(path, "lamps", PLACE, crs="EPSG:25832", accept=["dirty-codes"]).table.frame
    assert frame["photometry"].isna().sum() == 3
    assert set(frame["photometry"].dropna()) == {"A2", "A3"}


def test_dirt_in_a_column_that_is_not_used_is_told_and_needs_no_fix(tmp_path):
    path = lamps(tmp_path, "maerke", ["A"] * 30 + ["B"] * 20 + ["?"])
    told = sentences(read_table(path, "lamps", PLACE, crs="EPSG:25832"))
    assert any("holds a code that is none" in each and "The column is not used." in each for each in told)


def test_areas_in_several_rows_are_put_together_once_accepted(tmp_path):
    areas(["Ø", "Ø", "Fastland"], ["0411", "0411", "0183"]).to_file(tmp_path / "k.gpkg")
    found = proposals(tmp_path / "k.gpkg", "areas")["parts"]
    assert found.examples == ("2: 0411",)
    whole = read_table(tmp_path / "k.gpkg", "areas", PLACE, accept=["parts"])
    frame = whole.table.frame.set_index("area_id")
    assert frame.loc["0411"].geometry.area == pytest.approx(2 * 900**2)
    assert (whole.read, len(whole.table), len(whole.quarantine)) == (3, 2, 1)


def test_zeros_that_a_spreadsheet_took_are_put_back_once_accepted(tmp_path):
    areas(["A", "B"]).assign(komkode=["183", "0411"]).to_file(tmp_path / "k.gpkg")
    assert proposals(tmp_path / "k.gpkg", "areas")["leading-zeros"].examples == ("1: 183",)
    frame = read_table(tmp_path / "k.gpkg", "areas", PLACE, accept=["leading-zeros"]).table.frame
    assert list(frame["area_id"]) == ["0183", "0411"]


def test_a_register_of_several_dates_is_read_at_the_latest(tmp_path):
    rows = [
        {"distrikt_id": f"100m_61681_71{cell}", "antal_samlet": 10 * date + cell, "udtraek_dato": f"2014-0{date}-01"}
        for date in (1, 4)
        for cell in (15, 16, 17)
    ]
    path = tmp_path / "befolkning.json"
    path.write_text(json.dumps([*rows, {"distrikt_id": "6806", "antal_samlet": 5, "udtraek_dato": "2014-04-01"}]))
    found = proposals(path, "population")["latest-date"]
    assert str(found.fix) == "read only the rows of 2014-04-01"
    taken = read_table(path, "population", PLACE, accept=["latest-date"])
    assert sorted(taken.table.frame["residents"]) == [55, 56, 57]
    assert dict(taken.table.dropped) == {"is of an earlier date than 2014-04-01": 3, "names no cell of a grid": 1}


def test_columns_without_a_known_name_are_told_by_their_values(tmp_path):
    path = tmp_path / "ukendt.csv"
    rows = "".join(f"{n + 1}-04-2024 14:30;{X + n:.1f};{Y:.1f};Hærværk;{n}\n".replace(".", ",") for n in range(20))
    path.write_text(f"a;b;c;d;e\n{rows}", "utf-8")
    seen = diagnose(path, "incidents", PLACE, accept=["columns", "reference-system"])
    reasons = {column.field: str(column.reason) for column in seen.columns}
    assert reasons["start"] == "100% of the values of a are dates or times."
    assert reasons["code"] == "100% of the values of d are known categories."
    assert reasons["x"] == "Together with c, 100% of the values of b are places inside the boundary."
    assert seen.delivery is not None
    assert len(seen.delivery.table) == 20
    with pytest.raises((SourceError, TableError)):
        read_table(path, "incidents", PLACE, crs="EPSG:25832")


def test_shapes_as_text_in_any_column_are_found(tmp_path):
    path = tmp_path / "graffiti.csv"
    point = '{""type"": ""Point"", ""coordinates"": [12.3587, 55.6131]}'
    path.write_text(f'COUNT;Stedet\n3;"{point}"\n', "utf-8")
    assert "columns" in proposals(path, "incidents")


def test_incidents_without_a_time_take_the_days_that_the_user_says(tmp_path):
    from hotspot.tables import Coverage

    path = tmp_path / "graffiti.csv"
    point = '{""type"": ""Point"", ""coordinates"": [12.3587, 55.6131]}'
    path.write_text(f'COUNT;Geom\n3;"{point}"\n1;"{point}"\n', "utf-8")
    days = Coverage("", None, pd.Timestamp("2024-01-01").date(), pd.Timestamp("2024-12-31").date())
    with pytest.raises(SourceError, match="a time"):
        read_table(path, "incidents", PLACE, accept=["all"])
    taken = read_table(path, "incidents", PLACE, coverage=days, accept=["undated", "one-category"])
    frame = taken.table.frame
    assert (frame["time_basis"] == "interval").all()
    assert frame["end"].max() - frame["start"].min() == pd.Timedelta(days=366)
    assert frame["weight"].sum() == 4
    written = '{"type": "Point", "coordinates": [12.3587, 55.6131]}'
    told = f"The places are written as GeoJSON in a column (rows ['2: {written}', '3: {written}'])."
    assert told in sentences(taken)


def test_what_a_spreadsheet_and_a_clock_do_is_told_with_rows(tmp_path):
    told = sentences(
        read_table(incidents(tmp_path, ["45292", "03-04-2024 24:00"]), "incidents", PLACE, crs="EPSG:25832")
    )
    assert "1 day is written as a spreadsheet counts them (45292 is 2024-01-01; row ['2'])." in told
    assert "1 time is written 24:00 (row ['3']), which is 00:00 of the next day." in told


@pytest.mark.parametrize(("encoding", "told"), [("cp1252", True), ("utf-16", True), ("utf-8-sig", False)])
def test_the_encoding_is_told_where_it_is_not_utf_8(tmp_path, encoding, told):
    path = tmp_path / "p.csv"
    path.write_text(f"tidspunkt;x;y;type\n03-04-2024 14:30;{X};{Y};Hærværk\n", encoding)
    found = read_table(path, "incidents", PLACE, crs="EPSG:25832")
    assert any("not in UTF-8" in each for each in sentences(found)) is told
    assert found.table.frame["code"].tolist() == ["Hærværk"]


def test_zero_and_blank_places_are_two_things(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(
        f"tidspunkt;x;y;type\n03-04-2024 14:30;{X};{Y};Vold\n03-04-2024 14:30;0;0;Vold\n03-04-2024 14:30;;;Vold\n"
    )
    taken = read_table(path, "incidents", PLACE, crs="EPSG:25832")
    assert dict(taken.table.dropped) == {"place given as 0,0": 1, "no place given": 1}
    assert "1 row gives its place as 0,0 (row ['3']): it is withheld." in sentences(taken)
    assert "“Vold”: 2 rows (67%; rows ['3', '4']) lack a place." in sentences(taken)


def test_piles_of_points_are_told_and_scattered_ones_are_not(tmp_path):
    rows = "".join(f"0{n % 9 + 1}-04-2024 1{n % 10}:30;{X + n // 5};{Y};Vold;{n}\n" for n in range(50))
    (tmp_path / "p.csv").write_text(f"tidspunkt;x;y;type;nr\n{rows}")
    told = sentences(read_table(tmp_path / "p.csv", "incidents", PLACE, crs="EPSG:25832"))
    assert any(each.startswith("50 rows lie on only 10 places, 5 of them on") for each in told)
    rows = "".join(f"0{n % 9 + 1}-04-2024 1{n % 10}:30;{X + n};{Y};Vold;{n}\n" for n in range(50))
    (tmp_path / "p.csv").write_text(f"tidspunkt;x;y;type;nr\n{rows}")
    assert not any(
        "rows lie on only" in each
        for each in sentences(read_table(tmp_path / "p.csv", "incidents", PLACE, crs="EPSG:25832"))
    )


def test_names_of_areas_are_held_against_their_polygons(tmp_path):
    known = {"areas": area_table(tmp_path, ["Arbutus Ridge", "Downtown"])}
    path = tmp_path / "p.csv"
    where = [(0, "Arbutus-Ridge"), (0, "Stanley Park"), (1000, "Downtown"), (1000, "Arbutus-Ridge")]
    rows = "".join(f"0{i + 1}-04-2024 14:30;{X + 10 + dx};{Y + 10};Vold;{name}\n" for i, (dx, name) in enumerate(where))
    path.write_text(f"tidspunkt;x;y;type;kvarter\n{rows}")
    told = sentences(read_table(path, "incidents", PLACE, crs="EPSG:25832", known=known))
    assert "1 name in kvarter is of no area: ['Stanley Park (1)'] (row ['3'])." in told
    assert "Names in kvarter are spelt otherwise: ['Arbutus-Ridge = Arbutus Ridge']." in told
    assert "50% of the rows with a place lie in the area that kvarter names; the place counts." in told


def test_answers_find_their_area_by_name_and_almost_by_name(tmp_path):
    known = {"areas": area_table(tmp_path, ["Vejleåparken", "Gildbroområdet"], ["1", "2"])}
    path = tmp_path / "svar.csv"
    path.write_text("svar_id;omraade;tryg_moerke\n1;Vejleåparken;2\n2;Gildbro-området;6\n3;Gildbroområde;6\n", "utf-8")
    taken = read_table(path, "responses", PLACE, known=known, accept=["near-names"])
    assert list(taken.table.frame["area_id"]) == ["1", "2", "2"]
    assert any(each.startswith("1 name is almost that of an area") for each in sentences(taken))


def test_streets_without_a_lamp_make_a_list_a_part_of_one(tmp_path):
    line = shapely.LineString([(X, Y), (X + 4000, Y)])
    gpd.GeoDataFrame({"vejnavn": ["A"]}, geometry=[line], crs=25832).to_file(tmp_path / "v.gpkg")
    known = {"roads": read_table(tmp_path / "v.gpkg", "roads", PLACE).table}
    path = tmp_path / "l.csv"
    path.write_text("mast_id;x;y\n" + "".join(f"{n};{X + 25 * n};{Y}\n" for n in range(60)))
    found = {f.code: f for f in diagnose(path, "lamps", PLACE, crs="EPSG:25832", known=known).findings}
    assert "have no lamp (for instance at 713000, 6168000" in str(found["partial-lamps"].sentence)
    assert "% of the place; whoever knows the list to be whole" in str(found["partial-lamps"].fix)
    whole = read_table(path, "lamps", PLACE, crs="EPSG:25832", known=known)
    part = read_table(path, "lamps", PLACE, crs="EPSG:25832", known=known, accept=["partial-lamps"])
    assert whole.table.coverage[0].area is None
    area = part.table.coverage[0].area
    assert area is not None
    assert not area.contains(shapely.Point(X + 3500, Y))
    assert area.contains(shapely.Point(X + 600, Y))


def test_two_columns_of_one_question_and_ten_steps(tmp_path):
    path = tmp_path / "svar.csv"
    one = "How.safe.do.you.feel.walking.in.your.neighborhood.at.night_2013"
    other = "How.safe.do.you.feel.walking.in.your.community.at.night._2015"
    path.write_text(f"id,Year,{one},{other}\n1,2013,10,NA\n2,2013,5,NA\n3,2015,NA,4\n4,2015,NA,1\n5,2011,NA,NA\n")
    found = proposals(path, "responses")
    assert {"same-question"} <= set(found)
    unread = read_table(path, "responses", PLACE).table.frame
    assert unread["unsafe_dark"].isna().all()
    frame = read_table(path, "responses", PLACE, accept=["same-question", "scale"]).table.frame
    assert frame["unsafe_dark"].tolist()[:4] == [0, 0, 1, 1]  # a third of the scale: 1 to 4
    assert pd.isna(frame["unsafe_dark"].iloc[4])
    assert frame["raw_unsafe_dark"].tolist()[:4] == ["10", "5", "4", "1"]


def test_topojson_is_decoded_with_its_own_transform(tmp_path):
    # Two squares that share an arc; steps in whole numbers, scaled and moved by the file's own transform.
    held = {
        "type": "Topology",
        "transform": {"scale": [0.001, 0.0005], "translate": [12.3, 55.6]},
        "arcs": [[[10, 0], [0, 20]], [[10, 20], [-10, 0], [0, -20], [10, 0]], [[10, 20], [10, 0], [0, -20], [-10, 0]]],
        "objects": {
            "sogne": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"SOGNEKODE": "7150"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "properties": {"SOGNEKODE": "7151"}, "arcs": [[-1, -3]]},
                ],
            }
        },
    }
    path = tmp_path / "sogne.topojson"
    path.write_text(json.dumps(held))
    taken = read_table(path, "areas", PLACE)
    told = "its own scale and origin (steps of 0.001, 0.0005; shapes ['1: 12.31, 55.6', '2: "
    assert any(told in each for each in sentences(taken))
    bounds = taken.table.frame.set_index("area_id").to_crs(4326).bounds.round(6)
    assert bounds.loc["7150"].tolist() == [12.3, 55.6, 12.31, 55.61]
    assert bounds.loc["7151"].tolist() == [12.31, 55.6, 12.32, 55.61]


def test_statbank_s_sheet_of_quarters_joins_by_name_once_accepted(tmp_path):
    known = area_table(tmp_path, ["Ishøj", "Høje Taastrup"], ["0183", "0169"])
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "FOLK1A"
    for row in (
        ["Population at the first day of the quarter by region and time"],
        ["Units: Number"],
        [None, None, "2022Q1", "2022Q2", "2022Q3", "2022Q4"],
        ["Total", "Ishøj", 23_100, 23_200, 23_400, 23_487],
        [None, "Høje-Taastrup", 54_000, 54_500, 55_000, 56_000],
        [None, "Aarhus", 340_000, 345_000, 350_000, 360_000],
    ):
        sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    with pytest.raises(SourceError, match="latest-period"):
        read_figures(tmp_path / "f.xlsx", known, "k")
    taken = read_figures(tmp_path / "f.xlsx", known, "k", accept=["latest-period"])
    assert taken.table.frame.set_index("name")["residents"].to_dict() == {"Ishøj": 23_487, "Høje Taastrup": 56_000}
    assert len(taken.quarantine) == 1
    assert "Some areas are spelt otherwise: ['Høje-Taastrup = Høje Taastrup']." in sentences(taken)


def test_codes_with_and_without_zeros_are_one_in_a_join(tmp_path):
    known = area_table(tmp_path, ["Ishøj", "Aarhus"], ["0183", "0751"])
    (tmp_path / "f.csv").write_text("komkode;indbyggere\n183;23.487\n751;360.000\n")
    frame = read_figures(tmp_path / "f.csv", known, "k").table.frame
    assert frame.set_index("area_id")["residents"].to_dict() == {"0183": 23_487, "0751": 360_000}


def test_a_name_almost_an_area_s_joins_only_once_accepted(tmp_path):
    known = area_table(tmp_path, ["Vejleåparken", "Strandgårdsparken"])
    (tmp_path / "f.csv").write_text("omraade;indbyggere\nVejleåparken;100\nStrandgårdspark;50\n", "utf-8")
    assert read_figures(tmp_path / "f.csv", known, "k").table.frame["residents"].sum() == 100
    assert read_figures(tmp_path / "f.csv", known, "k", accept=["near-names"]).table.frame["residents"].sum() == 150


def shapefile(tmp_path, *, without=()):
    frame = areas(["Vejleåparken"]).rename(columns={"navn": "omraadenavn"}).assign(antal_beboere=[120])
    frame.columns = [name[:10] if name != "geometry" else name for name in frame.columns]
    (tmp_path / "shp").mkdir()
    frame.to_file(tmp_path / "shp" / "omr.shp", encoding="cp1252")
    with zipfile.ZipFile(tmp_path / "omr.zip", "w") as archive:
        for path in (tmp_path / "shp").iterdir():
            if path.suffix not in without:
                archive.write(path, path.name)
    return tmp_path / "omr.zip"


def test_a_shapefile_keeps_ten_letters_of_a_name_and_its_own_encoding(tmp_path):
    frame = read_table(shapefile(tmp_path), "areas", PLACE).table.frame
    assert frame[["name", "residents"]].iloc[0].tolist() == ["Vejleåparken", 120]


def test_a_shapefile_without_its_prj_is_asked_for_its_system(tmp_path):
    path = shapefile(tmp_path, without=(".prj",))
    with pytest.raises(ReferenceSystemError, match="EPSG:25832, 100% of the points"):
        read_table(path, "areas", PLACE)
    assert len(read_table(path, "areas", PLACE, accept=["reference-system"]).table) == 1


def test_geojson_with_the_old_crs_member_is_read_in_that_system(tmp_path):
    areas(["A"]).to_file(tmp_path / "a.geojson", driver="GeoJSON", RFC7946="NO")
    held = json.loads((tmp_path / "a.geojson").read_text())
    assert held["crs"]["properties"]["name"].endswith("25832")
    frame = read_table(tmp_path / "a.geojson", "areas", PLACE).table.frame
    assert frame.geometry.iloc[0].area == pytest.approx(900**2)


@pytest.mark.parametrize(("column", "code"), [("inventar_type_kode", "7"), ("vedlhold_p_type_kode", "447010")])
def test_lamps_in_the_danish_model_are_current_public_and_of_their_code(tmp_path, column, code):
    rows = [
        {"objekt_id": "a", column: code, "systid_til": None, "off_kode": 1},
        {"objekt_id": "b", column: code, "systid_til": "2024-01-01", "off_kode": 1},
        {"objekt_id": "c", column: code, "systid_til": None, "off_kode": 2},
        {"objekt_id": "d", column: "441000", "systid_til": None, "off_kode": 1},
    ]
    points = gpd.points_from_xy([X + n for n in range(4)], [Y] * 4)
    gpd.GeoDataFrame(rows, geometry=points, crs=25832).to_file(tmp_path / "l.gpkg")
    taken = read_table(tmp_path / "l.gpkg", "lamps", PLACE)
    assert list(taken.table.frame["lamp_id"]) == ["l:a"]
    assert dict(taken.table.dropped) == {
        "no longer in force (systid_til is filled)": 1,
        "not public (off_kode 2 or 3)": 1,
        "of another theme (type code)": 1,
    }


def test_spaces_and_minus_signs_of_typesetters_are_numbers(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("tiltag;enhed;anlæg\nlighting_upgrade;per lamp;12\u00a0500,50 kr.\n", "utf-8")
    assert read_table(path, "prices", PLACE).table.frame["capex_dkk"].tolist() == [12_500.5]
    assert numbers(pd.Series(["\u22121,5", "1\u202f234"]), ",").values.tolist() == [-1.5, 1234]


def test_a_letter_of_two_signs_names_the_same_area_in_any_format(tmp_path):
    areas(["Vejlea\u030aparken"]).to_file(tmp_path / "a.gpkg")
    assert read_table(tmp_path / "a.gpkg", "areas", PLACE).table.frame["name"].tolist() == ["Vejleåparken"]
