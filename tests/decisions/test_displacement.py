"""Around the corner: the values of METHODS 11 and the ways in which nothing can be said."""

import numpy as np
import pytest

from hotspot.decisions.displacement import Change, displacement

GROUND, RING, ELSEWHERE = Change(207, 110), Change(178, 157), Change(308, 318)


def test_values_of_the_problem_oriented_policing_center() -> None:
    found = displacement(GROUND, RING, ELSEWHERE)
    assert found.gross == 97
    assert found.success == pytest.approx(-0.326166, abs=1e-6)
    assert found.around == pytest.approx(-0.084211, abs=1e-6)
    assert found.quotient == pytest.approx(0.258186, abs=1e-6)
    assert found.net == pytest.approx(130.5, abs=0.05)


def test_without_success_there_is_no_quotient() -> None:
    found = displacement(Change(110, 207), RING, ELSEWHERE)
    assert found.success > 0
    assert np.isnan(found.quotient)
    assert np.isfinite(found.net)


def test_a_loss_around_that_outweighs_the_gain_is_below_minus_one() -> None:
    assert displacement(Change(100, 80), Change(100, 150), Change(300, 300)).quotient == pytest.approx(-2.5)


@pytest.mark.parametrize("elsewhere", [Change(0, 5), Change(5, 0), Change(np.nan, 5)])
def test_a_comparison_without_incidents_compares_nothing(elsewhere: Change) -> None:
    found = displacement(GROUND, RING, elsewhere)
    assert found.gross == 97
    assert np.isnan(found[1:]).all()
