"""Heights, watts and lumens of lamps in another unit or under each other's name: told, and right once accepted."""

import pytest

from hotspot.sources import read_table
from tests.sources.test_traps import PLACE, X, Y, lamps, proposals


@pytest.mark.parametrize(
    ("header", "cells", "metres"),
    [
        ("hoejde", [13.1, 19.7, 26.2, 26.2], 7.985),
        ("hoejde", [4000, 6000, 8000, 8000], 8.0),
        ("hoejde", [400, 600, 800, 800], 8.0),
        ("height_ft", [10, 13, 14, 14], 4.2672),
        ("hoejde", ["13 ft", "14 ft", "14 ft", "14 ft"], 4.2672),
        ("hoejde", ["3500 mm", "4000 mm", "4000 mm", "4000 mm"], 4.0),
    ],
)
def test_heights_in_another_unit(tmp_path, header, cells, metres):
    path = lamps(tmp_path, header, [str(cell).replace(".", ",") for cell in cells])
    found = proposals(path, "lamps")["height-unit"]
    assert found.examples[0].startswith("2: ")
    assert not found.accepted
    frame = read_table(path, "lamps", PLACE, crs="EPSG:25832", accept=["height-unit"]).table.frame
    assert frame["height_m"].max() == pytest.approx(metres, abs=0.01)


def test_metres_are_left_alone(tmp_path):
    assert "height-unit" not in proposals(lamps(tmp_path, "hoejde", ["3,5", "4", "6", "12"]), "lamps")


@pytest.mark.parametrize(
    ("header", "cells", "code", "field"),
    [("lumen", [20, 36, 54], "watts", "power_w"), ("watt", [2000, 4200, 7600], "lumens", "flux_lm")],
)
def test_watts_and_lumens_under_each_other_s_name(tmp_path, header, cells, code, field):
    path = lamps(tmp_path, header, cells)
    assert code in proposals(path, "lamps")
    frame = read_table(path, "lamps", PLACE, crs="EPSG:25832", accept=[code]).table.frame
    assert sorted(frame[field]) == cells
    other = {"power_w": "flux_lm", "flux_lm": "power_w"}[field]
    assert frame[other].isna().all()


def test_watts_and_lumens_that_changed_places_change_back(tmp_path):
    path = tmp_path / "l.csv"
    rows = "".join(f"L{n};{28 + n % 3};{3200 + n};{X + 20 * n};{Y}\n" for n in range(12))
    path.write_text(f"mast_id;lumen;effekt;x;y\n{rows}")
    assert "watts" in proposals(path, "lamps")
    frame = read_table(path, "lamps", PLACE, crs="EPSG:25832", accept=["all"]).table.frame
    assert (frame["flux_lm"].min(), frame["power_w"].max()) == (3200, 30)


def test_a_blank_column_of_watts_does_not_hide_watts_under_lumens(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("mast_id;lumen;effekt;x;y\n" + "".join(f"L{n};28 W;;{X + 20 * n};{Y}\n" for n in range(12)))
    assert "watts" in proposals(path, "lamps")
    frame = read_table(path, "lamps", PLACE, crs="EPSG:25832", accept=["watts"]).table.frame
    assert frame["power_w"].tolist() == [28.0] * 12
    assert frame["flux_lm"].isna().all()
