"""Density beyond memory: tiles give what the whole gives, wherever they are cut and whoever works them out."""

import numpy as np
import pandas as pd
import pytest
import rasterio

from hotspot.errors import HotspotError
from hotspot.experiments.large_density import density_in_tiles
from hotspot.grid import Lattice
from hotspot.stats.kde import kde_grid

LATTICE = Lattice(1_000.0, 9_000.0, 20.0, 200, 150)
SIGMA_M = 90.0


@pytest.fixture(scope="module")
def incidents():
    rng = np.random.default_rng(2)
    clumps = rng.uniform((1_000, 5_000), (4_000, 9_000), (40, 2))
    return clumps[rng.integers(0, 40, 3_000)] + rng.normal(0, 150, (3_000, 2))


@pytest.fixture(scope="module")
def source(incidents, tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "incidents.parquet"
    frame = pd.DataFrame(incidents, columns=["x", "y"]).sort_values("y")
    frame.to_parquet(path, row_group_size=250)
    return path


def values(source, out, **how):
    told = density_in_tiles(source, LATTICE, SIGMA_M, out, crs="EPSG:25832", **how)
    with rasterio.open(out) as file:
        assert file.crs.to_epsg() == 25832
        assert tuple(file.bounds) == LATTICE.bounds
        return told, file.read(1)


def test_tiles_are_the_surface_of_all_incidents_at_once(incidents, source, tmp_path):
    frame = (LATTICE.west, LATTICE.north), LATTICE.pixel_m, LATTICE.shape, SIGMA_M, "gaussian", None
    whole = kde_grid(incidents, None, *frame, "none", forced=True).intensity * 1e6
    for tile in (64, 1_000):
        told, found = values(source, tmp_path / f"{tile}.tif", tile=tile)
        assert np.abs(found - whole).max() < 3e-6 * whole.max()
        assert told.highest == pytest.approx(whole.max(), rel=1e-5)
    assert told.tiles == 1
    assert told.read == len(incidents)


def test_no_incident_gives_zeros_and_a_file_without_places_is_refused(source, tmp_path):
    nothing = tmp_path / "nothing.parquet"
    pd.read_parquet(source).iloc[:0].to_parquet(nothing)
    told, found = values(nothing, tmp_path / "none.tif")
    assert (told.read, found.max()) == (0, 0)
    other = tmp_path / "other.parquet"
    pd.DataFrame({"lon": [1.0]}).to_parquet(other)
    with pytest.raises(HotspotError, match="columns x and y"):
        density_in_tiles(other, LATTICE, SIGMA_M, tmp_path / "x.tif", crs="EPSG:25832")
    assert not (tmp_path / "x.tif").exists()
