"""The displacement difference with unequal periods, places and harm: its authors' own examples (METHODS 11)."""

import math

import pytest

from hotspot.decisions.evaluation import Counts, Difference, wdd, weighted_wdd


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


def test_kinds_that_weigh_differently() -> None:
    """Wheeler's example: thefts of and from vehicles, burglary, robbery and assault, with weights 3, 2, 5, 7 and 10."""
    counted = [(130, 74, 133, 91), (327, 202, 388, 305), (398, 190, 148, 97), (144, 92, 86, 64), (183, 96, 94, 67)]
    found = weighted_wdd([wdd(Counts(*each)) for each in counted], (3, 2, 5, 7, 10))
    assert found.estimate == pytest.approx(-1721)
    assert found.error == pytest.approx(304.10360077, abs=1e-6)
    assert found.z == pytest.approx(-5.65925558, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((-2317.03210507, -1124.96789493), abs=1e-3)


def test_equal_weights_are_one_difference_of_all_kinds() -> None:
    kinds = [Counts(20, 10, 20, 20), Counts(30, 20, 30, 25), Counts(80, 20, 60, 70)]
    together = wdd(Counts(*map(sum, zip(*kinds, strict=True))))
    assert weighted_wdd(list(map(wdd, kinds)), (1, 1, 1)) == pytest.approx(together)
    twice = weighted_wdd(list(map(wdd, kinds)), (2, 2, 2))
    assert (twice.estimate, twice.z) == pytest.approx((2 * together.estimate, together.z))


def test_of_no_kind_nothing_is_known() -> None:
    assert weighted_wdd([], ()) == pytest.approx(Difference(0, 0, math.nan, 0, 0), nan_ok=True)
    with pytest.raises(ValueError, match="argument"):
        weighted_wdd([wdd(Counts(1, 1, 1, 1))], ())
