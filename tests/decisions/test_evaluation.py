"""Before and after: the published and computed values of METHODS 11, and what may be claimed."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.decisions.evaluation import (
    CANNOT_SHOW,
    FELL,
    NOT_SHOWN,
    ROSE,
    Counts,
    detectable,
    rate_ratio,
    verdict,
    wdd,
)

TREATED = Counts(207, 110, 308, 318)
COUNT = st.integers(1, 5_000)


def test_displacement_difference_of_wheeler_and_ratcliffe() -> None:
    assert wdd(Counts(20, 20, 20, 10)).estimate == 10  # the comparison fell, the treated place did not
    assert wdd(Counts(20, 10, 20, 20)).estimate == -10
    found = wdd(TREATED, Counts(178, 157, 150, 140))
    assert found.estimate == -118
    assert found.error == pytest.approx(math.sqrt(1568))
    assert (found.z, found.lower, found.upper) == pytest.approx((-2.98, -195.61, -40.39), abs=0.005)


def test_displaced_places_enter_estimate_and_variance() -> None:
    alone, around = wdd(TREATED), wdd(TREATED, Counts(178, 157, 150, 140))
    assert alone.estimate == -107
    assert around.estimate - alone.estimate == (157 - 178) - (140 - 150)
    assert around.error**2 - alone.error**2 == pytest.approx(178 + 157 + 150 + 140)


def test_no_incident_at_all_has_no_z() -> None:
    found = wdd(Counts(0, 0, 0, 0))
    assert (found.estimate, found.error) == (0, 0)
    assert math.isnan(found.z)


@pytest.mark.parametrize(
    ("dispersion", "lower", "upper"),
    [(1.0, 0.38925, 0.68056), (2.0, 0.34672, 0.76404), (0.09, 0.38925, 0.68056)],  # calmer than chance shrinks nothing
)
def test_rate_ratio_and_its_interval(dispersion: float, lower: float, upper: float) -> None:
    found = rate_ratio(TREATED, dispersion)
    assert found.ratio == pytest.approx(0.514690, abs=5e-7)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=6e-6)
    assert found.log_error == pytest.approx(0.142525 * math.sqrt(max(dispersion, 1)), abs=1e-6)


def test_half_an_incident_is_added_everywhere_where_one_is_zero() -> None:
    assert rate_ratio(Counts(10, 0, 20, 20)).ratio == pytest.approx((0.5 / 10.5) / (20.5 / 20.5))
    assert all(math.isnan(each) for each in rate_ratio(Counts(0, 0, 0, 0)))
    assert all(math.isnan(each) for each in rate_ratio(Counts(-1, 3, 4, 4)))


@given(COUNT, COUNT, COUNT, COUNT)
def test_exchanging_the_places_inverts_the_ratio(a: int, b: int, c: int, d: int) -> None:
    one, other = rate_ratio(Counts(a, b, c, d)), rate_ratio(Counts(c, d, a, b))
    assert one.ratio * other.ratio == pytest.approx(1)
    assert one.lower * other.upper == pytest.approx(1)
    assert one.lower < one.ratio < one.upper


@pytest.mark.parametrize(
    ("treated", "control", "reduction"),
    [(50, 200, 0.530), (100, 200, 0.418), (200, 400, 0.308), (500, 1000, 0.203)],
)
def test_smallest_reduction_that_would_be_seen(treated: int, control: int, reduction: float) -> None:
    # METHODS 11, rounded up there: .4173 and .2023 are printed as .418 and .203
    assert detectable(treated, control) == pytest.approx(reduction, abs=8e-4)
    assert detectable(treated, control, 2.0) > detectable(treated, control)
    assert detectable(treated, control, 0.1) == detectable(treated, control)


@pytest.mark.parametrize("pair", [(0, 100), (100, 0), (math.nan, 100)])
def test_nothing_before_can_show_nothing(pair: tuple[float, float]) -> None:
    assert math.isnan(detectable(*pair))


@pytest.mark.parametrize(
    ("counts", "klass"),
    [
        (TREATED, FELL),
        (Counts(110, 207, 318, 308), ROSE),
        (Counts(2000, 1990, 4000, 4000), NOT_SHOWN),
        (Counts(50, 44, 200, 200), CANNOT_SHOW),
        (Counts(0, 3, 20, 20), CANNOT_SHOW),
    ],
)
def test_what_may_be_claimed(counts: Counts, klass: str) -> None:
    said = verdict(counts)
    assert said.klass == klass
    assert "nan" not in str(said.told)
    assert bool(said.caveats) == (klass == FELL)


def test_a_verdict_says_its_numbers() -> None:
    said = verdict(TREATED)
    assert str(said.told) == "Incidents fell by 49% more than elsewhere (95% interval 32% to 61%)."
    assert "regression to the mean" in str(said.caveats[0])
    few = verdict(Counts(50, 44, 200, 200))
    assert few.detectable == pytest.approx(0.530, abs=8e-4)
    assert "at least 53%" in str(few.told)
    assert "hardly any fall" in str(verdict(Counts(7, 7, 200, 200)).told)


def test_overdispersion_takes_a_claim_back() -> None:
    assert verdict(Counts(60, 35, 200, 200)).klass == FELL
    assert verdict(Counts(60, 35, 200, 200), dispersion=3.0).klass == CANNOT_SHOW


def test_what_is_plausible_decides_between_nothing_shown_and_cannot_be_shown() -> None:
    counts = Counts(200, 196, 400, 400)  # would show 31 %
    assert verdict(counts, plausible=0.30).klass == CANNOT_SHOW
    assert verdict(counts, plausible=0.32).klass == NOT_SHOWN
