"""How a luminaire spreads its light: METHODS 2.3, the light that reaches the ground, and where it ends."""

import numpy as np
import pytest

from hotspot.environment.lamps import LightPoints
from hotspot.environment.photometry import (
    HEMISPHERE,
    LAMBERT,
    UNIFORM_DISC,
    Photometry,
    add_to_points,
    add_to_raster,
    lamp_terms,
    reach_m,
    shape_of,
)

PRESETS = [HEMISPHERE, LAMBERT, Photometry("cosine", 2.0), UNIFORM_DISC]


def lamp(flux: float = 3_000.0, height: float = 5.0, x: float = 0.0) -> LightPoints:
    one = np.ones(1)
    return LightPoints(np.array(["l"], dtype=object), x * one, 0 * one, height * one, flux * one)


def lux_at(distances: list[float], photometry: Photometry, lamps: LightPoints) -> np.ndarray:
    lux = np.zeros(len(distances))
    points = np.column_stack([distances, np.zeros(len(distances))])
    add_to_points(lux, points, lamp_terms(lamps, photometry), shape_of(photometry))
    return lux


@pytest.mark.parametrize(
    ("photometry", "expected"),
    [
        (HEMISPHERE, (19.0986, 13.6658, 6.7524, 1.7082, 0.6040, 0.2725)),
        (LAMBERT, (38.1972, 24.4462, 9.5493, 1.5279, 0.3820, 0.1322)),
        (Photometry("cosine", 2.0), (57.2958, 32.7980, 10.1286, 1.0249, 0.1812, 0.0481)),
        (UNIFORM_DISC, (8.3057, 8.3057, 8.3057, 8.3057, 0, 0)),
    ],
)
def test_known_distances(photometry: Photometry, expected: tuple[float, ...]) -> None:
    assert lux_at([0, 2.5, 5, 10, 15, 20], photometry, lamp()) == pytest.approx(expected, abs=6e-5)


@pytest.mark.parametrize(("power", "intensity"), [(0.0, 477.465), (1.0, 954.930), (2.0, 1432.394)])
def test_intensity_straight_down(power: float, intensity: float) -> None:
    assert lux_at([0], Photometry("cosine", power), lamp(height=5.0))[0] * 25 == pytest.approx(intensity, abs=5e-3)


@pytest.mark.parametrize("photometry", PRESETS[1:])
def test_the_light_on_the_ground_is_the_light_of_the_lamp(photometry: Photometry) -> None:
    edges = np.linspace(0, reach_m(5.0), 20_001)
    middle = (edges[1:] + edges[:-1]) / 2
    ground = np.sum(lux_at(list(middle), photometry, lamp()) * np.pi * np.diff(edges**2))
    assert 0.99 * 3_000 < ground < 3_000.5  # Lambert loses H2 / (H2 + R2) = .7 % beyond its reach


@pytest.mark.parametrize("photometry", PRESETS)
def test_twice_the_flux_twice_the_light_and_the_share_below_the_horizon(photometry: Photometry) -> None:
    one = lux_at([0, 3, 8], photometry, lamp())
    assert lux_at([0, 3, 8], photometry, lamp(6_000.0)) == pytest.approx(2 * one)
    assert lux_at([0, 3, 8], photometry._replace(downward_share=0.7), lamp()) == pytest.approx(0.7 * one)
    assert (lux_at([0, 3, 8], photometry, lamp(0.0)) == 0).all()


@pytest.mark.parametrize("photometry", PRESETS)
def test_raster_and_points_agree_in_any_tile(photometry: Photometry) -> None:
    columns, rows = np.arange(-30.5, 31, 1.0), np.arange(-20.5, 21, 1.0)
    terms, shape = lamp_terms(lamp(x=3.2), photometry), shape_of(photometry)
    whole = np.zeros((len(rows), len(columns)), dtype=np.float32)
    add_to_raster(whole, columns, rows, np.array([0, len(rows), 0, len(columns)]), terms, shape)
    x, y = np.meshgrid(columns, rows)
    lux = np.zeros(x.size)
    add_to_points(lux, np.column_stack([x.ravel(), y.ravel()]), terms, shape)
    assert whole.ravel() == pytest.approx(lux, rel=1e-4, abs=1e-6)
    tile = np.zeros((10, 20), dtype=np.float32)
    add_to_raster(tile, columns, rows, np.array([15, 25, 20, 40]), terms, shape)
    assert (tile == whole[15:25, 20:40]).all()


def test_reach_is_five_heights_and_never_less_than_sixty_metres() -> None:
    assert reach_m(np.array([2.0, 12.0, 14.0])).tolist() == [60, 60, 70]
    assert lux_at([59.9, 60.1], LAMBERT, lamp())[1] == 0
    assert lux_at([59.9], LAMBERT, lamp())[0] > 0
