"""The displacement difference with unequal periods and places: Wheeler and Ratcliffe's own examples (METHODS 11)."""

import math

import pytest

from hotspot.decisions.evaluation import Counts, wdd


def test_unequal_periods() -> None:
    found = wdd(Counts(80, 20, 100, 50), time=(2, 1))
    assert found.estimate == pytest.approx(-20)
    assert found.error == pytest.approx(math.sqrt(115))


def test_unequal_places() -> None:
    found = wdd(Counts(207, 110, 308, 318), Counts(178, 157, 150, 140), areas=(1.2, 0.9), around=(1.5, 1.6))
    assert found.estimate == pytest.approx(-99.694444, abs=1e-6)
    assert found.error == pytest.approx(35.4280755, abs=1e-6)
    assert found.z == pytest.approx(-2.813995, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((-169.1322, -30.2567), abs=1e-3)
