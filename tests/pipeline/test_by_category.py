"""Each column of a study's table of categories changes what it should, and nothing else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hotspot.decisions.evidence import measures_from
from hotspot.layers import read_layers
from hotspot.packaged import categories, evidence_records, packaged_folder
from hotspot.pipeline import run
from hotspot.pipeline.by_category import acting, counted_in, told_indoors, with_those_above
from hotspot.pipeline.spots import named_hotspots
from hotspot.release.cube import count_cube
from hotspot.store import Store
from hotspot.store.category_overview import found_codes, keep_categories, table_to_edit

TREE = categories()
SPECS = read_layers([packaged_folder("layers")])
MEASURES = measures_from(evidence_records())
LOCAL = {**TREE, "bonfire": replace(TREE["gathering"], code="bonfire", parent="gathering")}


def test_a_layer_counts_what_lies_below_its_categories():
    assert counted_in(SPECS["nuisance"], TREE).parameters["categories"] == ["riding", "gathering"]
    assert counted_in(SPECS["nuisance"], LOCAL).parameters["categories"] == ["riding", "gathering", "bonfire"]
    assert counted_in(SPECS["density"], LOCAL) == SPECS["density"]
    assert counted_in(SPECS["path_light"], LOCAL) == SPECS["path_light"]


def test_a_layer_about_darkness_counts_what_happens_in_the_open_where_dark_matters():
    counted = set(counted_in(SPECS["after_dark"], TREE).parameters["categories"])
    assert counted == {*TREE} - {"burglary", "other"}
    indoors = {code: replace(each, outdoor=False) for code, each in TREE.items()}
    assert counted_in(SPECS["after_dark"], indoors).parameters["categories"] == [""], "an empty list would mean all"
    daylight = {**TREE, "theft": replace(TREE["theft"], dark_relevant=False)}
    assert "theft" not in counted_in(SPECS["hotspots_dark"], daylight).parameters["categories"]
    (told,) = told_indoors(["theft", "fire"], daylight)
    assert [str(each.values["name"]["en"]) for each in told.values["names"]] == ["Theft"]
    assert told_indoors(["fire"], TREE) == []


def test_the_product_s_own_table_leaves_the_evidence_as_it_is():
    for key, measure in acting(MEASURES, TREE).items():
        assert set(measure.aims_at) == set(MEASURES[key].aims_at)
        assert [set(each.categories) for each in measure.effects] == [
            set(each.categories) for each in MEASURES[key].effects
        ]
    assert set(acting(MEASURES, TREE)) == set(MEASURES)


def test_a_measure_acts_on_what_the_table_lists_it_for():
    tree = {**TREE, "theft": replace(TREE["theft"], measures=("street_closure",))}
    found = acting(MEASURES, tree)
    assert "theft" not in found["cctv"].used("incidents")[0].categories
    assert "theft" in found["street_closure"].aims_at
    riding = {**TREE, "riding": replace(TREE["riding"], measures=())}
    assert "moped_barriers" not in acting(MEASURES, riding), "nothing is left that it aims at"
    assert "vegetation_thinning" in acting(MEASURES, riding), "it never aimed at any"


def test_evidence_holds_for_a_new_category_below_the_one_it_was_found_for():
    tree = {**TREE, "shop_theft": replace(TREE["theft"], code="shop_theft", parent="theft", measures=("cctv",))}
    found = acting(MEASURES, tree)
    assert "shop_theft" in found["cctv"].used("incidents")[0].categories
    assert "shop_theft" not in found["hot_spot_patrol"].used("incidents")[0].categories


def test_amounts_of_a_category_hold_those_below_it():
    amounts = pd.DataFrame({"gathering": [1.0, 0.0], "bonfire": [2.0, 4.0]})
    found = with_those_above(amounts, LOCAL)
    assert found["gathering"].tolist() == [3.0, 4.0]
    assert found["bonfire"].tolist() == [2.0, 4.0]
    assert found["nuisance"].tolist() == [3.0, 4.0]


@pytest.fixture(scope="module")
def before(town):
    store = Store(town)
    return run(store.study, store.snapshot(), shelf=store.shelf)


def changed(one, other):
    found = set()
    for key, layer in one.layers.items():
        a, b = layer.measured, other.layers[key].measured
        same = a.frame.equals(b.frame) if a.frame is not None else np.array_equal(
            a.surface.values, b.surface.values, equal_nan=True
        )  # fmt: skip
        found |= set() if same else {key}
    return found


def ran(folder, *lines):
    store = Store(folder)
    keep_categories(store, "\n".join(("code;category;outdoor;dark_relevant;measures;da;en;parent", *lines)).encode())
    return run(store.study, store.snapshot(), shelf=store.shelf)


def test_the_table_as_it_is_written_changes_and_measures_nothing(own_town, before):
    store = Store(own_town)
    own = store.categories()
    keep_categories(store, table_to_edit(found_codes(store.snapshot().tables["incidents"].frame, own), own))
    after = run(store.study, store.snapshot(), shelf=store.shelf)
    assert after.record.key == before.record.key
    assert after.record.kept == set(after.layers)


def test_each_column_measures_again_only_what_it_changes(own_town, before):
    indoors = ran(own_town, ";theft;no;;;;;")
    assert set(indoors.layers) - indoors.record.kept == {"after_dark", "hotspots_dark"}
    assert changed(before, indoors) == {"after_dark", "hotspots_dark"}
    assert indoors.record.key != before.record.key
    limited = ran(own_town, ";theft;;;none;;;")
    assert limited.record.kept == set(limited.layers)
    assert changed(before, limited) == set()
    acts = [each.choice.candidates.set_index(["area_id", "measure"])["acts_on"] for each in (before, limited)]
    fewer = {measure for (_area, measure) in acts[0].index[acts[0] > acts[1].reindex(acts[0].index)]}
    assert fewer
    assert fewer <= set(TREE["theft"].measures)
    named = ran(own_town, ";theft;;;;Tyveri mv.;Theft and such;")
    assert named.record.kept == set(named.layers)
    assert named.categories["theft"].name["da"] == "Tyveri mv."


def test_a_new_category_counts_where_its_parent_does_and_totals_still_add_up(own_town, before):
    after = ran(own_town, "Butikstyveri;shop_theft;no;;cctv;Tyveri i butik;Shop theft;theft")
    assert changed(before, after) == {"after_dark", "hotspots_dark", "forecast"}
    cube = count_cube(after)
    assert {"theft", "shop_theft"} <= set(cube.tree["property"])
    for total, parts in cube.sums():
        assert cube.counts[total] == pytest.approx(sum(cube.counts[each] for each in parts)), total


def test_a_hot_spot_of_line_nuisance_is_named_after_the_way_that_most_of_it_lies_on(town, before):
    from hotspot.measures.scene import Scene

    store = Store(town)
    scene = Scene(store.study, before.place, store.snapshot().tables)
    lines = {code: replace(each, point_or_line="line") for code, each in TREE.items()}
    points = {code: replace(each, point_or_line="point") for code, each in TREE.items()}
    layer = before.layers["hotspots"]
    along, near = (named_hotspots(scene, layer, tree) for tree in (lines, points))
    assert (along.drop(columns="name").index == near.index).all()
    incidents = scene.incidents
    moved = along.index[along["name"] != near["name"]]
    assert len(moved)
    for spot in moved:
        inside = incidents[incidents.within(along.geometry[spot])]
        ways = inside["membership"].groupby(inside["segment_id"].map(scene.segments["name"])).sum()
        assert along["name"][spot].endswith(ways.idxmax())
