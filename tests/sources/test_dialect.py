"""How a file is written is said as it is: encoding, delimiter, decimal mark and header row."""

import geopandas as gpd
import pytest
import shapely

from hotspot.sources.dialect import dialect
from hotspot.sources.raw import read_raw


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a;b\nø;1,5\n".encode(), ("UTF-8", "semicolons", "comma", 1)),
        ("Titel;\n;\na;b\nø;1,5\n".encode("cp1252"), ("Windows-1252", "semicolons", "comma", 3)),
        (b"a,b\nx,1.5\n", ("UTF-8", "commas", "point", 1)),
        ("a\tb\nø\t1,5\n".encode("utf-16"), ("UTF-16", "tabs", "comma", 1)),
        (b"a;b;;\nx;1,5;;\n", ("UTF-8", "semicolons", "comma", 1)),
    ],
)
def test_text_is_described(tmp_path, data, said):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    told = dialect(path, read_raw(path)).values
    assert (told["encoding"], str(told["delimiter"]), str(told["mark"]), told["header"]) == said
    assert (told["n"], told["columns"]) == (1, 2)


def test_shapes_tell_their_system(tmp_path):
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(1, 2)], crs=25832)
    frame.to_file(tmp_path / "x.gpkg")
    assert "EPSG:25832" in str(dialect(tmp_path / "x.gpkg", read_raw(tmp_path / "x.gpkg")))


@pytest.mark.real
def test_the_census_of_vancouver(real_data):
    path = real_data / "vancouver" / "CensusLocalAreaProfiles2016.csv"
    told = dialect(path, read_raw(path)).values
    assert (told["encoding"], str(told["delimiter"]), told["header"]) == ("Windows-1252", "commas", 5)
