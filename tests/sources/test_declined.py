"""What is read without asking can be declined: told as declined, done otherwise, and nothing is lost either way."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspot.errors import HotspotError, SourceError
from hotspot.schema.readings import READINGS, is_declined, only_declined, reading_of
from hotspot.sources import diagnose, read_figures, read_table
from hotspot.tables import Place

PLACE = Place("Testby", shapely.box(700_000, 6_160_000, 720_000, 6_176_000), "EPSG:25832")
X, Y = 711_518.779, 6_168_138.655


def written(tmp_path, text, name="politi.csv", encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return tmp_path / name


def incidents(tmp_path, times, more="", **options):
    rows = "".join(f"{n};Hærværk;{time};{X + n};{Y}\n" for n, time in enumerate(times))
    return written(tmp_path, f"sagsnr;type;tidspunkt;x;y\n{rows}{more}", **options)


def both(path, kind, code, **options):
    """Read a file with a reading and without it."""
    options = {"crs": "EPSG:25832", **options}
    made, declined = (read_table(path, kind, PLACE, decline=no, **options) for no in ((), (code,)))
    assert [is_declined(each) for each in made.findings if reading_of(each) == code] == [False]
    assert [is_declined(each) for each in declined.findings if reading_of(each) == code] == [True]
    assert code in made.provenance["readings"].split(",")
    assert code not in declined.provenance["readings"].split(",")
    assert (made.provenance["declined"], declined.provenance["declined"]) == ("", code)
    assert made.read == declined.read
    return made, declined


def aside(delivery, code):
    return [row for row, why in zip(delivery.quarantine["row"], delivery.quarantine["reason"], strict=True)
            if why == only_declined(code)]  # fmt: skip


KNOWN = ["03-04-2024 14:30"] * 40
MOMENTS = {
    "24-00": "03-04-2024 24:00",
    "spreadsheet-days": "45292,5",
    "whole-days": "04-04-2024",
    "clocks-forward": "31-03-2024 02:30",
}


@pytest.mark.parametrize("code", MOMENTS)
def test_times_that_are_not_to_be_read_so_are_set_aside(tmp_path, code):
    made, declined = both(incidents(tmp_path, [*KNOWN, MOMENTS[code]]), "incidents", code)
    assert (len(made.table), len(declined.table)) == (41, 40)
    assert aside(declined, code) == [42]


def test_a_midnight_that_is_declined_as_false_is_exact(tmp_path):
    made, declined = both(incidents(tmp_path, [*KNOWN, *["05-04-2024 00:00"] * 9]), "incidents", "midnight")
    bases = [each.table.frame["time_basis"].value_counts().to_dict() for each in (made, declined)]
    assert bases == [{"instant": 40, "date": 9}, {"instant": 49}]


def test_an_hour_that_comes_twice_is_the_first_one_where_the_interval_is_declined(tmp_path):
    made, declined = both(incidents(tmp_path, [*KNOWN, "27-10-2024 02:30"]), "incidents", "clocks-back")
    lasting = [(each.table.frame["end"] - each.table.frame["start"]).max() for each in (made, declined)]
    assert lasting == [pd.Timedelta(hours=1), pd.Timedelta(0)]
    assert declined.table.frame["start"].max() == pd.Timestamp("2024-10-27 00:30", tz="UTC")


def test_ends_before_beginnings_are_exchanged_or_set_aside(tmp_path):
    text = f"type;start;slut;x;y\nVold;02-02-2024 03:00;01-02-2024 22:00;{X};{Y}\nVold;01-02-2024 22:00;;{X};{Y}\n"
    made, declined = both(written(tmp_path, text), "incidents", "backwards")
    assert (len(made.table), len(declined.table), aside(declined, "backwards")) == (2, 1, [2])


def test_repeated_rows_are_one_or_rows_of_their_own(tmp_path):
    twice = f"0;Hærværk;{KNOWN[0]};{X};{Y}\n"
    made, declined = both(incidents(tmp_path, KNOWN, twice), "incidents", "repeats")
    assert (len(made.table), len(declined.table)) == (40, 41)
    assert declined.table.frame["incident_id"].is_unique
    assert "1 row repeats another in every column (row ['42']) and is set aside." in map(str, made.findings)


def test_lamps_without_a_number_are_two_heads_or_one_row_twice(tmp_path):
    path = written(tmp_path, f"hoejde;x;y\n6;{X};{Y}\n6;{X};{Y}\n", "l.csv")
    made, declined = both(path, "lamps", "lamps-alike")
    assert (len(made.table), len(declined.table)) == (2, 1)


def test_rows_that_share_a_number_are_two_or_the_first(tmp_path):
    path = incidents(tmp_path, KNOWN, f"0;Vold;05-04-2024 14:00;{X};{Y}\n")
    made, declined = both(path, "incidents", "shared-numbers")
    assert (len(made.table), len(declined.table), aside(declined, "shared-numbers")) == (41, 40, [42])


def test_shapes_that_cross_themselves_are_mended_or_set_aside(tmp_path):
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    frame = gpd.GeoDataFrame({"navn": ["A", "B"]}, geometry=[bow, shapely.box(X, Y, X + 9, Y + 9)], crs=25832)
    frame.to_file(tmp_path / "a.gpkg")
    made, declined = both(tmp_path / "a.gpkg", "areas", "mended-shapes", crs=None)
    assert (len(made.table), len(declined.table), aside(declined, "mended-shapes")) == (2, 1, [1])


def test_the_next_code_page_is_taken_or_the_file_refused(tmp_path):
    old = incidents(tmp_path, KNOWN, encoding="cp850")
    made, declined = both(old, "incidents", "code-page")
    assert [set(each.table.frame["code"]) for each in (made, declined)] == [{"H\u2018rv\u2018rk"}, {"Hærværk"}]
    assert "The text is written in DOS (cp850)" in str(declined.findings[1])
    windows = incidents(tmp_path, KNOWN, encoding="cp1252")
    with pytest.raises(SourceError, match="leave out --decline code-page"):
        read_table(windows, "incidents", PLACE, crs="EPSG:25832", decline=["code-page"])


def test_letters_encoded_twice_are_mended_or_left(tmp_path):
    path = written(tmp_path, incidents(tmp_path, KNOWN).read_bytes().decode("cp1252"), "p.csv")
    made, declined = both(path, "incidents", "twice-encoded")
    assert [set(each.table.frame["code"]) for each in (made, declined)] == [{"Hærværk"}, {"HÃ¦rvÃ¦rk"}]


def test_titles_are_left_out_or_are_the_header(tmp_path):
    path = written(tmp_path, "Udtræk;;;;\n" + incidents(tmp_path, KNOWN).read_text("utf-8"), "p.csv")
    assert any(
        reading_of(each) == "title-rows" for each in read_table(path, "incidents", PLACE, crs="EPSG:25832").findings
    )
    with pytest.raises(SourceError, match="have a time"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832", decline=["title-rows"])


def test_a_mark_before_three_digits_is_that_of_thousands_or_of_decimals(tmp_path):
    x, y = (f"{each:.1f}".replace(".", ",") for each in (X, Y))
    path = written(tmp_path, f"mast_id;lumen;x;y\n1;5.000;{x};{y}\n2;3.200;{x};{y}\n3;900;{x};{y}\n", "l.csv")
    made = read_table(path, "lamps", PLACE, crs="EPSG:25832")
    assert made.table.frame["flux_lm"].tolist() == [5000, 3200, 900]
    told = (
        "2 numbers in flux_lm have a mark before three digits (['5.000', '3.200']; rows ['2', '3']): they are read as"
    )
    assert any(str(each).startswith(told) for each in made.findings)
    declined = read_table(path, "lamps", PLACE, crs="EPSG:25832", decline=["thousands"])
    assert declined.table.frame["flux_lm"].isna().tolist() == [True, True, False], "5 lm is no street lamp's"
    assert "thousands" in declined.provenance["declined"]


def test_what_says_nothing_is_unknown_or_set_aside(tmp_path):
    path = written(tmp_path, f"mast_id;hoejde;x;y\n1;6;{X};{Y}\n2;høj;{X};{Y}\n3;900;{X};{Y}\n", "l.csv")
    made, declined = (read_table(path, "lamps", PLACE, crs="EPSG:25832", decline=no) for no in ((), ("unreadable",)))
    assert made.table.frame["height_m"].isna().sum() == 2, "a word, and a mast of 900 m"
    assert aside(declined, "unreadable") == [3, 4]


def test_a_list_of_exactly_so_many_thousand_is_cut_off_or_whole(tmp_path):
    rows = "".join(f"{i};{X + i};{Y}\n" for i in range(1000))
    made, declined = both(written(tmp_path, f"mast_id;x;y\n{rows}", "l.csv"), "lamps", "cut-off")
    assert made.table.coverage[0].area.is_empty
    assert declined.table.coverage[0].area is None


def test_past_rows_are_set_aside_or_kept_and_closed_ones_never(tmp_path):
    rows = [
        {"objekt_id": "a", "vedlhold_f_type_kode": 101000, "systid_til": None, "off_kode": 1},
        {"objekt_id": "b", "vedlhold_f_type_kode": 101000, "systid_til": "2020-01-01", "off_kode": 1},
        {"objekt_id": "c", "vedlhold_f_type_kode": 101000, "systid_til": None, "off_kode": 2},
    ]
    shapes = [shapely.box(X + n, Y, X + n + 1, Y + 1) for n in range(3)]
    gpd.GeoDataFrame(rows, geometry=shapes, crs=25832).to_file(tmp_path / "g.gpkg")
    made, declined = both(tmp_path / "g.gpkg", "green", "fkg-rows", crs=None)
    assert (len(made.table), len(declined.table)) == (1, 2)
    assert [str(each) for each in declined.quarantine["reason"]] == ["not public (off_kode 2 or 3)"]


def test_heights_follow_from_the_kind_or_are_unknown(tmp_path):
    path = written(tmp_path, f'Objekt_id;Elementtype;wkt\n1;Hæk;"LINESTRING ({X} {Y}, {X + 9} {Y})"\n', "g.csv")
    made, declined = both(path, "green", "height-by-kind")
    assert made.table.frame["height_class"].tolist() == ["dense"]
    assert declined.table.frame["height_class"].isna().all()


SURVEY = "svar_id;omraade;vaegt;tryg_moerke\n1;a;1,5;6\n2;a;;2\n3;b;1;1\n"


def test_a_survey_s_readings_can_be_declined(tmp_path):
    path = written(tmp_path, SURVEY, "svar.csv")
    made, declined = both(path, "responses", "national-scale", crs=None)
    assert made.table.frame["unsafe_dark"].tolist() == [1, 0, 0]
    assert declined.table.frame["unsafe_dark"].isna().all()
    made, declined = both(path, "responses", "sample", crs=None)
    assert [set(each.table.frame["mode"]) for each in (made, declined)] == [{"sample"}, {"self-selected"}]
    made, declined = both(path, "responses", "blank-weights", crs=None)
    assert (len(made.table), aside(declined, "blank-weights")) == (3, [3])


def test_answers_from_elsewhere_count_without_a_place_or_are_set_aside(tmp_path):
    path = written(tmp_path, f"svar_id;x;y;tryg_moerke\n1;{X};{Y};6\n2;{X + 90_000};{Y};2\n", "svar.csv")
    made, declined = both(path, "responses", "answers-outside")
    assert made.table.frame.geometry.isna().tolist() == [False, True]
    assert aside(declined, "answers-outside") == [3]


@pytest.fixture
def two_areas(tmp_path):
    shapes = [shapely.box(X + 1000 * n, Y, X + 1000 * n + 900, Y + 900) for n in range(2)]
    gpd.GeoDataFrame({"navn": ["Øst", "Vest"], "omr_kode": ["1", "2"]}, geometry=shapes, crs=25832).to_file(
        tmp_path / "omr.gpkg"
    )
    return read_table(tmp_path / "omr.gpkg", "areas", PLACE).table


def test_areas_told_by_name_are_numbered_or_left(tmp_path, two_areas):
    path = written(tmp_path, SURVEY.replace(";a;", ";Øst;").replace(";b;", ";Vest;"), "svar.csv")
    made, declined = both(path, "responses", "areas-by-name", crs=None, known={"areas": two_areas})
    assert [each.table.frame["area_id"].tolist() for each in (made, declined)] == [
        ["1", "1", "2"],
        ["Øst", "Øst", "Vest"],
    ]


def test_a_table_on_its_side_is_turned_or_refused(tmp_path, two_areas):
    path = written(tmp_path, "Variabel,Øst,Vest\nBeboere,120,80\nUnge,12,8\n", "c.csv")
    made = read_figures(path, two_areas, "omr", {"Beboere": "residents"})
    told = next(str(each) for each in made.findings if reading_of(each) == "variables-in-rows")
    assert "(['Øst', 'Vest']); it was turned (rows ['2: Beboere', '3: Unge'])" in told
    with pytest.raises(SourceError, match="figures: –"):
        read_figures(path, two_areas, "omr", decline=["variables-in-rows"])


def test_a_declined_reading_stays_in_the_diagnosis_to_be_taken_back(tmp_path):
    path = incidents(tmp_path, [*KNOWN, MOMENTS["24-00"]])
    seen = diagnose(path, "incidents", PLACE, crs="EPSG:25832", decline=["24-00"])
    found = {each.code: each for each in seen.findings if each.otherwise is not None}
    assert (found["24-00"].accepted, str(found["24-00"].otherwise)) == (False, "these rows are set aside")


@pytest.mark.parametrize(
    ("accept", "decline", "why"),
    [
        ((), ("midnigth",), "--decline names readings"),
        (("midnight",), ("midnight",), "What is accepted is not declined"),
    ],
)
def test_a_word_that_is_none_is_refused(tmp_path, accept, decline, why):
    with pytest.raises(SourceError, match=why):
        read_table(incidents(tmp_path, KNOWN), "incidents", PLACE, accept=accept, decline=decline)


def test_a_proposed_fix_can_be_declined_from_among_all(tmp_path):
    path = incidents(tmp_path, ["01/13/2024 12:00"] * 3)
    with pytest.raises(SourceError, match="day first"):
        read_table(path, "incidents", PLACE, crs="EPSG:25832", accept=["all"], decline=["month-first"])


MESSY = (
    "Udtræk;;;;\nsagsnr;type;tidspunkt;x;y\n"
    + "".join(f"{n};HÃ¦rvÃ¦rk;{time};{X + n};{Y}\n" for n, time in enumerate([*KNOWN, *MOMENTS.values()]))
    + f"0;HÃ¦rvÃ¦rk;{KNOWN[0]};{X};{Y}\n0;Vold;05-04-2024 00:00;{X};{Y}\n90;Vold;27-10-2024 02:30;0;0\n"
    + "91;Vold;06-04-2024 12:00;;\n92;Vold;35-04-2024 12:00;711000;6168000\n"
)
ROWS = len(MESSY.splitlines()) - 2


@given(st.sets(st.sampled_from(sorted(READINGS))))
@settings(max_examples=60)
def test_nothing_is_lost_whatever_is_declined(tmp_path_factory, declined):
    path = written(tmp_path_factory.mktemp("messy"), MESSY, encoding="cp1252")
    if {"title-rows", "code-page"} & declined:
        with pytest.raises(HotspotError, match="fix: "):
            read_table(path, "incidents", PLACE, crs="EPSG:25832", decline=declined)
        return
    read = read_table(path, "incidents", PLACE, crs="EPSG:25832", decline=declined)
    assert len(read.table) + len(read.quarantine) == read.read == ROWS
    assert sorted({*read.quarantine["row"]}) == sorted(read.quarantine["row"]), "each row stands aside once"
    assert sum(read.table.dropped.values()) == len(read.quarantine)
    assert {reading_of(each) for each in read.findings if is_declined(each)} <= declined
