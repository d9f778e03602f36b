import numpy as np
import pytest
from scipy import stats

from hotspot.errors import HotspotError
from hotspot.stats.forecast import ENOUGH, MOST, SHAPES, Events, Ground, _held_out, _possible, _shrunk, forecast

SIDE, DAYS = 20, 360.0
ROWS, COLS = (each.astype(np.int64) for each in np.divmod(np.arange(SIDE * SIDE), SIDE))
GROUND = Ground(ROWS, COLS)


def scattered(rng, n, place=None):
    """Events at places drawn anew, or at the given ones again and again."""
    at = rng.uniform(0, SIDE, (n, 2)) if place is None else place[rng.integers(0, len(place), n)]
    return Events(at[:, 0], at[:, 1], rng.uniform(0, DAYS, n), np.ones(n))


def group(weights, start):
    return sum(value for name, value in weights.items() if name.startswith(start))


@pytest.fixture(scope="module")
def places():
    return np.random.default_rng(1).uniform(0, SIDE, (25, 2))


def test_the_gamma_poisson_candidates_are_the_posterior_means_of_scipy():
    # gamma(shape k, rate k / mu) prior on each cell's rate, Poisson count n over E: mean (n + k) / (E + k) * mu
    counts, mean = np.array([4.0, 0, 1, 5]), np.array([0.4, 0.3, 0.2, 0.1])
    for shape, found in zip(SHAPES, _shrunk(mean, mean * 10, counts), strict=True):
        rate = stats.gamma(shape + counts, scale=1 / (shape / (mean * 10) + 1))  # posterior of each cell's mean
        assert found == pytest.approx(rate.mean() / rate.mean().sum())


def test_a_local_share_of_the_others_is_laid_where_the_posterior_of_scipy_puts_them():
    # the others' relative rate in a cell: gamma(k, k) prior, count n over the expectation E; times this kind's mean
    mean, expected, counts = np.array([0.4, 0.3, 0.2, 0.1]), np.array([2.0, 5, 1, 7]), np.array([4.0, 0, 1, 5])
    for shape, found in zip(SHAPES, _shrunk(mean, expected, counts), strict=True):
        told = mean * stats.gamma(shape + counts, scale=1 / (shape + expected)).mean()
        assert found == pytest.approx(told / told.sum())


def test_places_that_repeat_are_repeated(places):
    rng = np.random.default_rng(2)
    found = forecast({"a": scattered(rng, 400, places)}, GROUND, DAYS)["a"]
    cells = np.unique(np.floor(places).astype(int) @ [SIDE, 1])
    assert found.share[cells].sum() > 0.97
    assert group(found.weights, "repeat") + group(found.weights, "gamma-Poisson 0.3") > 0.5
    assert (found.events, found.share.sum()) == (400, pytest.approx(1))


def test_an_even_scatter_is_smoothed():
    found = forecast({"a": scattered(np.random.default_rng(3), 500)}, GROUND, DAYS)["a"]
    assert group(found.weights, "repeat") < 0.15
    assert found.share.max() < 4 / len(ROWS)
    assert found.share.min() > 0


def test_what_another_kind_foretells_is_borrowed(places):
    rng = np.random.default_rng(4)
    few, many = scattered(rng, 40, places), scattered(rng, 900, places)
    alone, helped = forecast({"a": few}, GROUND, DAYS)["a"], forecast({"a": few, "b": many}, GROUND, DAYS)["a"]
    cells = np.unique(np.floor(places).astype(int) @ [SIDE, 1])
    assert group(helped.weights, "others") > 0.1
    assert helped.share[cells].sum() > alone.share[cells].sum()


def test_a_kind_of_its_own_district_is_laid_where_the_others_are(places):
    rng = np.random.default_rng(10)
    many = scattered(rng, 2000, places)
    west = places[places[:, 1] < SIDE / 2]
    few = scattered(rng, 80, west)
    found = forecast({"a": few, "b": many}, GROUND, DAYS)["a"]
    cells = np.unique(np.floor(west).astype(int) @ [SIDE, 1])
    far = np.unique(np.floor(places[places[:, 1] >= SIDE / 2]).astype(int) @ [SIDE, 1])
    assert group(found.weights, "others' places") > 0.1
    assert found.share[cells].min() > found.share[far].max()
    assert found.share[cells].min() > np.delete(found.share, np.concatenate([cells, far])).max()


def test_more_stretches_are_held_out_until_they_hold_enough():
    rng = np.random.default_rng(11)
    long = 1000.0
    assert _possible(0, long, 30) == [long - 30 * (fold + 1) for fold in range(MOST)]
    assert _possible(0, DAYS, 30) == [DAYS - 30 * fold for fold in range(1, 7)]  # none begins in the first 180 days
    assert _possible(0, 120, 30) == [90, 60, 30]
    for n in (60, 400, 4000):
        own = scattered(rng, n)._replace(day=np.sort(rng.uniform(0, long, n)))
        held = _held_out(own, _possible(0, long, 30), 30)
        counts = [each.weight.sum() for each in held.values()]
        assert len(held) == MOST or sum(counts) >= ENOUGH
        assert len(held) == 3 or sum(counts[:-1]) < ENOUGH
        assert all(((each.day >= day) & (each.day < day + 30)).all() for day, each in held.items())
    late = scattered(rng, 50)._replace(day=rng.uniform(long - 45, long, 50))
    assert list(_held_out(late, _possible(0, long, 30), 30)) == [long - 30]  # nothing to foretell from before that


def test_nothing_from_the_day_itself_on_is_looked_at(places):
    rng = np.random.default_rng(5)
    events = scattered(rng, 400, places)
    late = Events(*(np.concatenate([one, two]) for one, two in zip(events, scattered(rng, 300), strict=True)))
    late = late._replace(day=np.concatenate([events.day, DAYS + rng.uniform(0, 90, 300)]))
    assert np.array_equal(
        forecast({"a": events}, GROUND, DAYS)["a"].share, forecast({"a": late}, GROUND, DAYS)["a"].share
    )


def test_order_mirror_and_a_wider_frame_change_nothing(places):
    events = scattered(np.random.default_rng(6), 300, places)
    share = forecast({"a": events}, GROUND, DAYS)["a"].share
    order = np.random.default_rng(7).permutation(300)
    assert forecast({"a": Events(*(each[order] for each in events))}, GROUND, DAYS)["a"].share == pytest.approx(share)
    mirrored = events._replace(col=SIDE - events.col)
    turned = forecast({"a": mirrored}, Ground(ROWS, SIDE - 1 - COLS), DAYS)["a"].share
    assert turned == pytest.approx(share, rel=1e-6)
    moved = events._replace(row=events.row + 5, col=events.col + 3)
    assert forecast({"a": moved}, Ground(ROWS + 5, COLS + 3), DAYS)["a"].share == pytest.approx(share, rel=1e-6)


def test_nothing_is_expected_outside_the_ground_and_no_mass_is_lost(places):
    here = (ROWS >= 5) & ~((ROWS > 10) & (COLS > 12))  # a coast and a lake
    ground = Ground(ROWS[here], COLS[here])
    events = scattered(np.random.default_rng(8), 500)
    cell = np.floor(events.row).astype(int) * SIDE + np.floor(events.col).astype(int)
    inside = Events(*(each[here[cell]] for each in events))
    found = forecast({"a": inside}, ground, DAYS)["a"]
    assert found.share.shape == (here.sum(),)
    assert found.share.sum() == pytest.approx(1)
    with pytest.raises(HotspotError, match="one of its cells"):
        forecast({"a": events}, ground, DAYS)
    with pytest.raises(HotspotError, match="without a time"):
        forecast({"a": inside._replace(day=np.full(len(inside.day), np.nan))}, ground, DAYS)


def test_too_few_events_say_nothing():
    rng = np.random.default_rng(9)
    few = forecast({"a": scattered(rng, 29)}, GROUND, DAYS)["a"]
    assert np.isnan(few.share).all()
    assert few.events == 29
    old = scattered(rng, 200)._replace(day=rng.uniform(0, 170, 200))  # none in the half that is held out
    assert np.isnan(forecast({"a": old}, GROUND, DAYS)["a"].share).all()
    seasonal = scattered(rng, 200)._replace(day=rng.uniform(0, 240, 200))  # none in the last three stretches
    assert np.isfinite(forecast({"a": seasonal}, GROUND, DAYS)["a"].share).all()
