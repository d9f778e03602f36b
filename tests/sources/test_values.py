"""Numbers as Danes and Britons write them, and words that stand for figures."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.sources import read_table
from hotspot.sources.values import numbers, thousands
from hotspot.tables import Place

PLACE = Place("Box", shapely.box(636_000, 6_236_000, 640_000, 6_240_000), "EPSG:25832")


@pytest.mark.parametrize(
    ("cells", "decimal", "expected"),
    [
        (["1.234,5", "2"], ".", [1234.5, 2]),
        (["1,234.5", "2"], ",", [1234.5, 2]),
        (["1.234"], ",", [1234]),
        (["1.234"], ".", [1.234]),
        (["1,234"], ".", [1234]),
        (["12,34"], ".", [12.34]),
        (["\u22123", "4 500 kr.", "1\u00a0200"], ".", [-3, 4500, 1200]),
        (["35 W", "6 m"], ".", [35, 6]),
    ],
)
def test_numbers(cells, decimal, expected):
    assert numbers(pd.Series(cells, dtype="str"), decimal).values.tolist() == expected


def test_what_is_not_known_is_no_mistake_but_nonsense_is():
    read = numbers(pd.Series(["ukendt", "?", None, "høj"], dtype="str"))
    assert np.isnan(read.values).all()
    assert read.unreadable.tolist() == [False, False, False, True]


def delivered(tmp_path, kind, text):
    path = tmp_path / "f.csv"
    path.write_text(text, "utf-8")
    return read_table(path, kind, PLACE, crs="EPSG:25832")


def test_words_for_figures_are_found_whatever_their_letters(tmp_path):
    line = "LINESTRING(637000 6237000, 637100 6237000)"
    roads = f"id;vejtype;belyst;wkt\n1;Sti;Ikke belyst;{line}\n2;Sti;Ja;{line}\n3;Sti;;{line}\n"
    assert delivered(tmp_path, "roads", roads).table.frame["lit"].tolist()[:2] == [0, 1]
    spot = "POINT(637000 6237000)"
    green = f"id;elementtype;tilstand;wkt\n1;Krat;Dårlig;{spot}\n2;Krat;God;{spot}\n"
    assert delivered(tmp_path, "green", green).table.frame["condition"].tolist() == [1, 3]


def test_danish_thousands_in_a_price_list(tmp_path):
    prices = "tiltag;enhed;anlæg;drift\nNy belysning;pr lampe;25.000;150\n"
    frame = delivered(tmp_path, "prices", prices).table.frame
    assert frame.loc[0, ["measure", "unit", "capex_dkk"]].tolist() == ["lighting_upgrade", "per lamp", 25_000]


def test_an_unbelievable_value_costs_the_value_and_not_the_lamp(tmp_path):
    text = "id;højde;effekt;x;y\n1;0;35;637000;6237000\n2;6;9999999;637010;6237000\n3;6;35;637020;6237000\n"
    delivery = delivered(tmp_path, "lamps", text)
    frame = delivery.table.frame
    assert len(frame) == 3
    assert frame["height_m"].isna().tolist() == [True, False, False]
    assert frame["power_w"].isna().tolist() == [False, True, False]
    assert sum("taken as unknown" in str(each) for each in delivery.findings) == 2


def test_half_an_outage_is_none(tmp_path):
    text = "id;fejl_fra;fejl_til;x;y\n1;05-01-2024;03-01-2024;637000;6237000\n"
    frame = delivered(tmp_path, "lamps", text).table.frame
    assert frame[["out_from", "out_to"]].isna().all(axis=None)


def test_two_heads_on_one_mast_are_two_lamps_where_lamps_have_no_number(tmp_path):
    assert len(delivered(tmp_path, "lamps", "effekt;x;y\n35;637000;6237000\n35;637000;6237000\n").table) == 2
    numbered = "mast;effekt;x;y\nM1;35;637000;6237000\nM1;35;637000;6237000\n"
    assert len(delivered(tmp_path, "lamps", numbered).table) == 1


def test_the_reason_names_the_column(tmp_path):
    text = "type;dato;x;y\n;01-02-2024;637000;6237000\nVold;01-02-2024;637000;6237000\n"
    assert dict(delivered(tmp_path, "incidents", text).table.dropped) == {"code: is missing": 1}


def test_only_a_column_that_does_not_tell_itself_is_read_by_the_file_s_mark():
    ambiguous = pd.Series(["5.000", "12", "1.200 m", None])
    assert thousands(ambiguous, ",").tolist() == ["5.000", "1.200 m"]
    assert thousands(ambiguous, ".").empty, "the point is the file's own decimal mark"
    assert thousands(pd.Series(["5.000", "1.234,5"]), ",").empty
    assert thousands(pd.Series(["1,200", "340"]), ".").tolist() == ["1,200"]
