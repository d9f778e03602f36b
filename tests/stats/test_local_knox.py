"""Which incidents take part in near repeats: scipy's hypergeometric, pointpats, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointpats import KnoxLocal
from scipy.stats import hypergeom

from hotspot.errors import HotspotError
from hotspot.stats.close_pairs import others_within
from hotspot.stats.local_knox import _as_many, local_knox

NEAR = {"within_m": 100.5, "within_days": 7.5}


@pytest.fixture(scope="module")
def incidents():
    rng = np.random.default_rng(9)
    xy, days = rng.integers(0, 900, (150, 2)).astype(float), rng.integers(0, 200, 150).astype(float)
    again = rng.integers(0, 150, 30)
    return np.vstack([xy, xy[again] + rng.integers(-40, 40, (30, 2))]), np.append(days, days[again] + 3)


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # pointpats on pandas 3
def test_pairs_and_p_are_those_of_pointpats(incidents):
    xy, days = incidents
    found = local_knox(xy, days, **NEAR)
    peer = KnoxLocal(xy, days[:, None], delta=100.5, tau=7.5, permutations=0)
    assert found.together.tolist() == peer.nsti.tolist()
    in_time = others_within(days, 7.5)
    assert found.pvalue == pytest.approx(hypergeom.sf(found.together - 1, 179, in_time, found.near), rel=1e-9)
    # pointpats deals the incident's own time out as well: the mean over all times it might have had.
    mean = np.mean([_as_many(found.together, found.near, np.full(180, each), 179) for each in in_time], axis=0)
    assert mean == pytest.approx(np.asarray(peer.p_hypergeom), rel=1e-9)


@given(st.integers(1, 60), st.data())
def test_upper_tail_is_the_hypergeometric(size, data):
    marked, drawn = data.draw(st.integers(0, size)), data.draw(st.integers(0, size))
    found = data.draw(st.integers(max(0, drawn + marked - size), min(drawn, marked)))
    ours = _as_many(*(np.array([float(each)]) for each in (found, drawn, marked)), size)
    assert ours[0] == pytest.approx(hypergeom.sf(found - 1, size, marked, drawn), rel=1e-9)


def test_first_and_followers_are_told_apart():
    found = local_knox([(0, 0), (10, 0), (20, 0), (900, 0)], [0, 3, 3, 3], within_m=50, within_days=7)
    assert found.later.tolist() == [2, 0, 0, 0]
    assert found.earlier.tolist() == [0, 1, 1, 0]
    assert found.together.tolist() == [2, 2, 2, 0]
    assert (found.alternative, found.tests) == ("greater", 3)
    assert found.pvalue[3] == 1
    assert np.isnan(found.qvalue[3])


def test_order_axes_and_shift_change_nothing(incidents):
    xy, days = incidents
    found = local_knox(xy, days, **NEAR)
    shuffled = np.random.default_rng(1).permutation(len(xy))
    for other, rows in (
        (local_knox(xy[shuffled], days[shuffled], **NEAR), shuffled),
        (local_knox(xy[:, ::-1] + 4_096, days - 64, **NEAR), slice(None)),
    ):
        for name in ("near", "earlier", "later", "together", "pvalue", "qvalue"):
            np.testing.assert_allclose(getattr(other, name), getattr(found, name)[rows], rtol=1e-12)


def test_an_incident_without_time_or_place_cannot_say_and_leaves_the_rest_alone(incidents):
    xy, days = incidents
    found = local_knox(xy, days, **NEAR)
    more = local_knox(np.vstack([xy, [[np.nan, 0], [5, 5]]]), np.append(days, [3, np.nan]), **NEAR)
    assert np.isnan(more.pvalue[-2:]).all()
    assert np.isnan(more.together[-2:]).all()
    np.testing.assert_array_equal(more.pvalue[:-2], found.pvalue)


def test_nobody_and_one_alone():
    assert local_knox(np.empty((0, 2)), [], **NEAR).pvalue.shape == (0,)
    alone = local_knox([(0, 0)], [0], **NEAR)
    assert (alone.near.item(), alone.pvalue.item()) == (0, 1)


def test_fifty_at_one_address_say_nothing_more_than_their_times(incidents):
    found = local_knox(np.zeros((50, 2)), np.arange(50), within_m=10, within_days=3)
    assert (found.pvalue == 1).all()


def test_impossible_limits_are_refused():
    with pytest.raises(HotspotError, match="within_m gives the edges"):
        local_knox([(0, 0)], [0], within_m=0, within_days=7)


@pytest.mark.slow
def test_few_incidents_are_flagged_where_nothing_repeats():
    rng = np.random.default_rng(14)
    flagged = [
        bool((local_knox(rng.uniform(0, 1_000, (200, 2)), rng.uniform(0, 365, 200), **NEAR).qvalue <= 0.05).any())
        for _ in range(300)
    ]
    assert np.mean(flagged) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)
