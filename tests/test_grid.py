import geopandas as gpd
import numpy as np
import pytest
import shapely

from hotspot.errors import StudyError
from hotspot.grid import cell_names, inside_mask, make_grid
from hotspot.tables import Place

BOX = shapely.box(636_050, 6_236_000, 636_400, 6_236_250)
PLACE = Place("Box", BOX, "EPSG:25832")


def test_cells_are_named_as_the_national_grid():
    # the published name of a cell of the Danish grid, a documented test point
    assert cell_names(np.array([711_518.779]), np.array([6_168_138.655]))[0] == "100m_61681_7115"


def test_cells_touching_the_place_are_kept_with_their_share():
    grid = make_grid(PLACE)
    assert len(grid.frame) == 4 * 3
    assert grid.frame["share_inside"].sum() * 100**2 == pytest.approx(BOX.area)
    assert grid.frame.loc["100m_62360_6360", "share_inside"] == pytest.approx(0.5)
    assert grid.frame.loc["100m_62362_6360", "share_inside"] == pytest.approx(0.25)
    assert grid.frame.loc["100m_62362_6360", ["row", "col"]].tolist() == [0, 0]


def test_pixels_divide_cells_exactly_and_point_north():
    lattice = make_grid(PLACE).lattice(25)
    assert lattice.shape == (12, 16)
    assert lattice.bounds == (636_000, 6_236_000, 636_400, 6_236_300)
    x, y = lattice.centres()
    assert (x[0], y[0]) == (636_012.5, 6_236_287.5)
    assert lattice.pixels_of(x, y[[0] * 16])[1].tolist() == list(range(16))
    with pytest.raises(StudyError, match="divide"):
        make_grid(PLACE).lattice(30)


def test_the_mask_holds_the_place_s_area():
    lattice = make_grid(PLACE).lattice(25)
    mask = inside_mask(lattice, BOX)
    assert mask.sum() * 25**2 == BOX.area
    assert not mask[:2].any()
    assert not inside_mask(lattice, shapely.Polygon()).any()


def test_points_find_their_cells_and_those_outside_none():
    grid = make_grid(PLACE)
    points = gpd.GeoSeries(gpd.points_from_xy([636_100, 636_399, 0], [6_236_100, 6_236_000, 0]), index=list("abc"))
    cells = grid.cells_of(points)
    assert cells["a"] == "100m_62361_6361"
    assert cells["b"] == "100m_62360_6363"
    assert cells.isna().tolist() == [False, False, True]


def test_a_grid_too_fine_is_refused():
    with pytest.raises(StudyError, match="--cell"):
        make_grid(Place("Large", shapely.box(0, 0, 1e6, 1e6), "EPSG:25832"), 100)


def test_cells_of_another_grid_are_shared_by_area():
    shapes = gpd.GeoSeries(
        [
            shapely.box(636_100, 6_236_000, 636_200, 6_236_100),  # a cell of the grid
            shapely.box(636_150, 6_236_050, 636_250, 6_236_150),  # a quarter in each of four
            shapely.box(636_130, 6_236_100, 636_230, 6_236_200),  # 70 and 30 of 100
            shapely.box(635_950, 6_236_000, 636_050, 6_236_100),  # half of it outside the grid: all that is inside
            shapely.Point(636_399, 6_236_249),
            shapely.Point(640_000, 6_236_000),
        ]
    )
    parts = make_grid(PLACE).parts_of(shapes)
    assert parts.groupby("at")["share"].sum().tolist() == pytest.approx([1] * 6)
    told = {at: dict(zip(own["cell_id"], own["share"].round(9), strict=True)) for at, own in parts.groupby("at")}
    assert told[0] == {"100m_62360_6361": 1}
    assert set(told[1].values()) == {0.25}
    assert told[2] == {"100m_62361_6361": 0.7, "100m_62361_6362": 0.3}
    assert told[3] == {"100m_62360_6360": 1}
    assert told[4] == {"100m_62362_6363": 1}
    assert parts.loc[parts["at"] == 5, "cell_id"].isna().all()


def test_finer_cells_share_what_a_cell_of_the_national_grid_holds():
    shapes = gpd.GeoSeries([shapely.box(636_100, 6_236_000, 636_200, 6_236_100)])
    parts = make_grid(PLACE, 50.0).parts_of(shapes)
    assert sorted(parts["cell_id"]) == [f"50m_{124720 + n}_{12722 + e}" for n in (0, 1) for e in (0, 1)]
    assert set(parts["share"]) == {0.25}
