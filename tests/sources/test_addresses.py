import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
import sqlalchemy as sql

from hotspot.errors import SourceError
from hotspot.sources import read_table
from hotspot.sources.addresses import copied, is_address, without_secrets
from hotspot.tables import Place
from tests.sources.services import PAGE, postgis, serving

COUNT = 2 * PAGE + 30
SQUARE = shapely.box(600_000, 6_200_000, 602_000, 6_202_000)
PLACE = Place("Et sted", SQUARE, "EPSG:25832")


def lamps():
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0, 2_000, (2, COUNT)).round(2)
    return gpd.GeoDataFrame(
        {"mastenr": [f"M{n:04}" for n in range(COUNT)], "hoejde_m": rng.choice([4, 5, 6], COUNT).astype(str)},
        geometry=shapely.points(600_000 + x, 6_200_000 + y),
        crs=25832,
    )


@pytest.fixture(scope="module")
def home():
    with serving({"lamper": lamps(), "baenke": lamps().head(3)}) as address:
        yield address


def agree(path, tolerance=0.01):
    """What was copied is all of what was served, where it was."""
    got = pyogrio.read_dataframe(path).to_crs(25832).sort_values("mastenr", ignore_index=True)
    wanted = lamps()
    assert list(got["mastenr"]) == list(wanted["mastenr"])
    assert shapely.distance(np.asarray(got.geometry), np.asarray(wanted.geometry)).max() < tolerance


def test_a_wfs_is_read_whole_over_its_pages(home):
    with copied(f"{home}/wfs", "lamper") as path:
        agree(path)
    assert not path.exists()


def test_an_ogc_api_is_read_whole_over_its_pages(home):
    with copied(f"{home}/ogc", "lamper") as path:
        agree(path)


def test_latitude_first_is_put_right():
    with (
        serving({"lamper": lamps().to_crs(4326)}, urn="urn:ogc:def:crs:EPSG::4326") as home,
        copied(f"{home}/wfs") as path,
    ):
        agree(path)


def test_a_table_of_a_database_is_read_with_its_own_system():
    with postgis() as address:
        engine = sql.create_engine(address.replace("postgresql", "postgresql+psycopg"))
        lamps().rename_geometry("geom").to_postgis("lamper", engine)
        engine.dispose()
        for table in (None, "lamper", "public.lamper"):
            with copied(address, table) as path:
                agree(path)
        with pytest.raises(SourceError, match=r"with public.lamper"), copied(address, "findes ikke"):
            pass


def test_what_was_copied_goes_the_way_of_any_file(home):
    with copied(f"{home}/wfs", "kort:lamper") as path:
        delivery = read_table(path, "lamps", PLACE, source="forsyningen")
    assert (delivery.read, len(delivery.table)) == (COUNT, COUNT)
    assert set(delivery.table.frame["height_m"]) == {4.0, 5.0, 6.0}


def test_a_service_that_stops_halfway_is_refused():
    with (
        serving({"lamper": lamps()}, pages=False) as home,
        pytest.raises(SourceError, match=f"{PAGE} of {COUNT} rows"),
        copied(f"{home}/wfs"),
    ):
        pass


def test_several_layers_are_named(home):
    with pytest.raises(SourceError, match="baenke") as told, copied(f"{home}/ogc"):
        pass
    assert "--layer" in str(told.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/wfs", "postgresql://kort:hemmelig@127.0.0.1:9/kort"])
def test_silence_is_told_without_the_password(address):
    with pytest.raises(SourceError) as told, copied(address, "lamper"):
        pass
    assert "hemmelig" not in str(told.value)
    assert "127.0.0.1" in str(told.value)


def test_an_answer_that_is_no_service_is_told(home):
    with pytest.raises(SourceError, match="is that of a WFS"), copied(f"{home}/nothing", "lamper"):
        pass


def test_addresses_are_told_from_paths():
    assert is_address("https://kort.example/wfs")
    assert is_address("postgresql://host/base")
    assert not is_address("data/lamper.csv")
    assert not is_address("C://kort/lamper.csv")


def test_secrets_are_left_out():
    shown = without_secrets("https://bruger:kode@kort.example/wfs?token=abc&typename=lamper")
    assert shown == "https://kort.example/wfs?typename=lamper"
