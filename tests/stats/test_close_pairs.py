"""How many pairs lie near each other: each once, as many as even scatter has."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hotspot.stats.close_pairs import pairs

SIDE_M = 1_000.0


def scattered(n: int, seed: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).uniform(0, SIDE_M, (n, 2))


@pytest.mark.parametrize("within_m", [50.0, 200.0, 500.0])
def test_even_scatter_has_pi_r_squared_less_what_the_edge_takes(within_m: float) -> None:
    # two places anywhere in a square lie within r of its side: pi r^2 - 8/3 r^3 + r^4 / 2 (square line picking)
    r, n, maps = within_m / SIDE_M, 400, 40
    expected = n * (n - 1) / 2 * (np.pi * r**2 - 8 / 3 * r**3 + r**4 / 2)
    found = [len(pairs(scattered(n, seed), within_m).first) for seed in range(maps)]
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / np.sqrt(maps))
    assert abs(np.mean(found) / expected - 1) < 0.05  # counted from both ends it would be twice as many


def test_each_pair_is_there_once_and_order_changes_none() -> None:
    xy = scattered(60, 1)
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    wanted = {(i, j) for i, j in zip(*np.nonzero(far < 150), strict=True) if i < j}
    found = pairs(xy, 150.0)
    assert {*zip(found.first.tolist(), found.second.tolist(), strict=True)} == wanted
    turned = pairs(xy[::-1].copy(), 150.0)
    assert np.sort(turned.distance) == pytest.approx(np.sort(found.distance))


def test_nobody_one_alone_and_a_pair_at_the_very_distance() -> None:
    assert len(pairs(np.empty((0, 2)), 100.0).first) == 0
    assert len(pairs(np.array([[5.0, 5.0]]), 100.0).first) == 0
    assert len(pairs(np.array([[0.0, 0.0], [100.0, 0.0]]), 100.0).first) == 0
    assert len(pairs(np.array([[0.0, 0.0], [0.0, 0.0]]), 100.0).first) == 1
