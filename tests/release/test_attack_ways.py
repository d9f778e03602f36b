"""Pieces of way coloured by incidents: can a single incident, or a small count, be worked out from what is told?

A density along ways is a sum of known shapes. The reader here knows the kernel, its width, every street and every
address at which something may have happened; only how much happened at each is unknown.
"""

import dataclasses
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.optimize import linprog

from hotspot.environment.routes import split_roads
from hotspot.measures.path_density import network_of
from hotspot.release import before, note, release
from hotspot.release.coarse import coarse_densities
from hotspot.release.ways import LEAST_REACH_M, hidden_ways, of_ways
from hotspot.stats.network_density import OnNetwork, network_density
from hotspot.tables import Coverage, Delivery, table_of
from tests.release.doors import everything
from tests.release.test_attack_pixels import limits
from tests.release.village import AREAS, CRS, DAYS, OWNER, SIDE, SOUTH, WEST, Kept, deliver, first_delivery, village

REACH, SECRET = 150.0, 3
UNBOUNDED = 3  # scipy's status of a sum that may be as large as one likes


def ways_of_the_village():
    """A street through the middle of each row of places, one across each column, and an alley in each place."""
    east, north = WEST + 3 * SIDE, SOUTH + 2 * SIDE
    lines = [[(WEST, SOUTH + SIDE * (row + 0.37)), (east, SOUTH + SIDE * (row + 0.37))] for row in range(2)]
    lines += [[(WEST + SIDE * (col + 0.4), SOUTH), (WEST + SIDE * (col + 0.4), north)] for col in range(3)]
    corners = [(WEST + SIDE * (at % 3) + 130, SOUTH + SIDE * (at // 3)) for at in range(len(AREAS))]
    lines += [[(x, y), (x, y + 260)] for x, y in corners]
    frame = {"road_id": [f"R{at}" for at in range(len(lines))], "kind": "residential", "name": "", "lit": 1.0}
    return gpd.GeoDataFrame(frame, geometry=[shapely.LineString(line) for line in lines], crs=CRS)


def with_ways(folder, counts):
    """The village with streets; all layers, thefts of one year."""
    store = village(folder)
    table = table_of("roads", ways_of_the_village(), store.place, (Coverage("town"),))
    store.keep(Delivery(table, pd.DataFrame({"row": [], "reason": []}), (), len(table.frame), "town"))
    deliver(store, counts)
    return store


@pytest.fixture(scope="module")
def street():
    """Pieces of a street net, sixty addresses with counts, and which of these three are the secret."""
    rng = np.random.default_rng(11)
    lines = [shapely.LineString([(0, at), (600, at)]) for at in (0, 150, 300, 450, 600)]
    lines += [shapely.LineString([(at, 0), (at, 600)]) for at in (0, 150, 300, 450, 600)]
    rows = {"road_id": [f"R{at}" for at in range(len(lines))], "kind": "residential", "name": "", "lit": 1.0}
    segments = split_roads(gpd.GeoDataFrame(rows, geometry=lines, crs=CRS)).frame
    ways, middles = network_of(segments)
    piece = rng.integers(0, len(segments), 60)
    along = rng.random(60) * ways.length_m[piece]
    secret = np.zeros(60, dtype=bool)
    near = segments.geometry.iloc[piece].centroid.distance(shapely.Point(300, 300)).to_numpy()
    secret[np.argsort(near)[:3]] = True
    counts = rng.poisson(2.0, 60).astype(float)
    counts[secret] = 1.0, 2.0, 0.0
    return ways, middles, OnNetwork(piece, along), counts, secret


def carried(street, counts):
    ways, middles, addresses, _counts, _secret = street
    return network_density(ways, addresses, middles, REACH, weights=counts, addresses=np.arange(60))


def known(street, low, high, secret):
    """Least and most that some counts can be together, given what each piece of way may be."""
    shapes = carried(street, np.eye(60)).density
    seen = np.isfinite(low) & (high > 0)
    scale = 1 / high[seen]
    rows = shapes[seen] * scale[:, None]
    system, right = np.vstack([rows, -rows]), np.concatenate([high[seen] * scale, -low[seen] * scale])
    ends = [
        linprog(sign * secret.astype(float), A_ub=system, b_ub=right, bounds=(0, None), method="highs")
        for sign in (1.0, -1.0)
    ]
    assert [each.status for each in ends] in ([0, 0], [0, UNBOUNDED])
    return ends[0].fun, np.inf if ends[1].status == UNBOUNDED else -ends[1].fun


def masked(street):
    _ways, _middles, _addresses, counts, _secret = street
    one_by_one = np.repeat(np.arange(60), counts.astype(int))
    ways, middles, addresses = street[:3]
    source = OnNetwork(addresses.piece[one_by_one], addresses.along_m[one_by_one])
    found = network_density(ways, source, middles, REACH, addresses=one_by_one)
    return np.where((found.effective >= 5) & (found.addresses >= 5), found.density, np.nan)


def test_exact_values_along_ways_give_a_small_count_away(street):
    shown = masked(street)
    assert 0.2 < np.isfinite(shown).mean() < 1
    low, high = known(street, shown * (1 - 1e-9), shown * (1 + 1e-9), street[4])
    assert low == pytest.approx(SECRET, abs=0.1)
    assert high == pytest.approx(SECRET, abs=0.1)


def test_values_in_steps_leave_every_small_count_possible(street):
    low, high = known(street, *limits(coarse_densities(masked(street))), street[4])
    assert low <= 1
    assert high >= 4


def test_values_in_steps_tell_no_small_count_of_one_or_two_addresses(street):
    told = limits(coarse_densities(masked(street)))
    counts, spots = street[3], np.column_stack([street[2].piece, street[2].along_m])
    order = np.lexsort(spots.T[::-1])
    wanted = [*np.eye(60, dtype=bool), *(np.isin(np.arange(60), pair) for pair in pairwise(order))]
    small = [each for each in wanted if 0 < counts[each].sum() < 5]
    assert len(small) > 50
    for each in small:
        low, high = known(street, *told, each)
        assert np.floor(min(high, 99)) - np.ceil(low) >= 1, (low, high)  # two whole numbers at least


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """Of two places one has two thefts and the other three, or the other way round."""
    kept, found = Kept(), {}
    for name, (first, second) in {"one": (3, 2), "other": (2, 3)}.items():
        counts = first_delivery() | {(0, "V1", 2024, "theft"): first, (0, "V3", 2024, "theft"): second}
        store = with_ways(tmp_path_factory.mktemp("ways") / name, counts)
        own = store.study.but(categories=("theft",), period=(DAYS[0].replace(year=2024), DAYS[1]))
        found[name] = kept.run(store.snapshot(), own.but(layers=("path_density",)))
    return found


@pytest.mark.parametrize("audience", ["council", "partner", "planner"])
def test_two_villages_that_differ_in_a_hidden_number_get_the_same_layer(worlds, audience, tmp_path):
    one, other = (everything(found, audience, tmp_path / name) for name, found in worlds.items())
    assert one == other
    assert any("path_density" in door for door in one) == (audience != "council")


def test_whoever_may_see_small_counts_is_told_them_along_ways(worlds, tmp_path):
    one, other = (everything(found, "admin", tmp_path / name) for name, found in worlds.items())
    doors = [door for door in one if one[door] != other[door]]
    assert [door for door in doors if door.startswith("path_density")]
    assert [door for door in doors if door.startswith("gpkg segments")]


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    store = with_ways(tmp_path_factory.mktemp("told") / "village", first_delivery())
    return Kept().run(store.snapshot(), store.study.but(layers=("path_density",)))


def test_only_steps_of_what_many_carry_are_told(result):
    exact = result.layers["path_density"].measured.frame
    shown = release(result, "planner").layers["path_density"]
    told = shown.frame
    assert set(told) == {"value", "length_m", "hidden"}
    assert not {"n"} & set(shown.facts)
    assert 0 < told["hidden"].sum() < len(told)
    assert told["value"].isna().equals(told["hidden"])
    assert (exact.loc[~told["hidden"], ["effective_n", "addresses"]] >= 5).all().all()
    values = told["value"].dropna().to_numpy()
    assert np.allclose(coarse_densities(values), values, rtol=1e-9)
    assert not np.allclose(exact["value"][~told["hidden"]], values, rtol=1e-3)
    said = [note.template for note in shown.notes]
    assert said
    assert not [each for each in said if "%" in each]


def test_a_stretch_as_long_as_a_cell_is_shown_whole_or_not_at_all(result):
    frame, rows = result.layers["path_density"].measured.frame, result.segments
    few = (frame["effective_n"] < 5) | (frame["addresses"] < 5)
    hidden = pd.Series(hidden_ways(result, 5)["path_density"], index=frame.index)
    stretch = [rows["road_id"], (rows["start_m"] + rows["end_m"]) // 200]
    assert set(hidden.groupby(stretch).mean()) <= {0.0, 1.0}
    assert hidden[few].all()
    assert (hidden & ~few).any()


def test_a_kernel_narrower_than_the_least_shows_no_piece_of_way(result):
    layer = result.layers["path_density"]
    for reach, seen in ((LEAST_REACH_M - 1, False), (LEAST_REACH_M, True)):
        measured = dataclasses.replace(layer.measured, facts={"bandwidth_m": reach})
        narrow = dataclasses.replace(result, layers={"path_density": dataclasses.replace(layer, measured=measured)})
        assert (~hidden_ways(narrow, 5)["path_density"]).any() == seen


def test_two_layers_that_differ_by_a_few_do_not_tell_them(result):
    layer = result.layers["path_density"]
    less = layer.measured.frame.copy()
    few = less["within"] > 20
    less.loc[few, "within"] -= 3
    part = dataclasses.replace(layer, measured=dataclasses.replace(layer.measured, frame=less))
    hidden = hidden_ways(dataclasses.replace(result, layers={"part": part, "path_density": layer}), 5)
    assert np.array_equal(hidden["path_density"], hidden_ways(result, 5)["path_density"])
    assert hidden["part"][few].all()
    assert (few & ~hidden["path_density"]).any()
    same = hidden_ways(dataclasses.replace(result, layers={"part": layer, "path_density": layer}), 5)
    assert np.array_equal(same["part"], same["path_density"])


def answered(store, kept, **change):
    """What a planner is shown of a recipe, and noted to have been."""
    snapshot = store.snapshot()
    found = kept.run(snapshot, store.study.but(layers=("path_density",), **change))
    earlier = before(store, snapshot, found)
    shown = release(found, "planner", before=earlier)
    note(store, snapshot, found, "planner", shown)
    return shown.layers["path_density"].frame


def test_a_filter_that_leaves_out_a_few_does_not_tell_them(tmp_path):
    """With and without thefts, what is told differs along some ways by fewer than five of them."""
    store, kept = with_ways(tmp_path / "filtered", first_delivery()), Kept()
    every = answered(store, kept)
    some = answered(store, kept, categories=("vandalism",))
    exact, less = (each.layers["path_density"].measured.frame for each in kept.found.values())
    thefts = exact["within"] - less["within"]
    few = (thefts > 0) & (thefts < 5)
    carry = (less["effective_n"] >= 5) & (less["addresses"] >= 5)
    assert (few & carry & ~every["hidden"]).any()
    assert some.loc[few, "hidden"].all()
    assert not some["hidden"].all()
    again = answered(store, kept)
    assert again.equals(every)


def test_a_few_new_incidents_do_not_show_along_ways_until_they_are_five(tmp_path):
    store, kept = with_ways(tmp_path / "deliveries", first_delivery()), Kept()
    first = answered(store, kept)
    deliver(store, first_delivery() | {(1, "V4", 2024, "theft"): 2})
    second = answered(store, kept)
    changed = of_change(kept, store)
    assert changed.any()
    assert not first.loc[changed, "hidden"].all()
    assert second.loc[changed, "hidden"].all()
    still = ~first["hidden"] & ~changed
    assert still.any()
    assert first.loc[still, "value"].equals(second.loc[still, "value"])
    deliver(store, first_delivery() | {(1, "V4", 2024, "theft"): 2, (2, "V4", 2024, "theft"): 9})
    third = answered(store, kept)
    assert (changed & second["hidden"] & ~third["hidden"]).any()


def of_change(kept, store):
    """Pieces of way that the second delivery's incidents reach."""
    old, new = [each.layers["path_density"].measured.frame["within"] for each in list(kept.found.values())[-2:]]
    assert set(of_ways("path_density", new)) >= set(of_ways("path_density", old))
    return new != old


def test_a_partner_sees_only_own_ways(result):
    shown = release(result, "partner", owner=OWNER).layers["path_density"].frame
    assert set(result.segments.loc[shown.index, "area_id"]) == {"V0", "V1"}
