"""The reproducible point pattern of METHODS 6.2."""

import numpy as np
import pytest
from scipy.special import ndtri


@pytest.fixture(scope="session")
def pattern() -> np.ndarray:
    """200 points: 100 about (300, 400) and 100 about (700, 600), from a linear congruential generator."""
    state, uniform = 12345, []
    for _ in range(400):
        state = (1103515245 * state + 12345) % 2**31
        uniform.append(state / 2**31)
    z = ndtri(np.array(uniform).reshape(200, 2))
    return np.vstack([[300, 400] + 60 * z[:100], [700, 600] + 90 * z[100:]]).clip(0, 1000)
