"""One run end to end on the fictional town: what it holds, what is kept, and what one changed input changes."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from hotspot.errors import StudyError
from hotspot.measures import MEASURES
from hotspot.pipeline import run
from hotspot.pipeline.kept import layer_key
from hotspot.pipeline.steps import weights_of
from hotspot.store import Store
from hotspot.tables import Delivery


@pytest.fixture(scope="module")
def before(town):
    store = Store(town)
    return run(store.study, store.snapshot(), shelf=store.shelf)


def redelivered(store, kind, source, change):
    """Deliver a table again with one change."""
    made = next(each for each in store.imports() if (each.kind, each.source) == (kind, source))
    table = store.snapshot().tables[kind]
    frame = store._frame(made)
    frame = change(frame.copy())
    covers = tuple(each for each in table.coverage if each.source == source)
    again = type(table)(frame, store.place, covers)
    store.keep(Delivery(again, pd.DataFrame({"row": [], "reason": []}), (), len(frame), source))


def changed_layers(one, other):
    changed = set()
    for key, layer in one.layers.items():
        a, b = layer.measured, other.layers[key].measured
        if a.frame is not None:
            same = a.frame.equals(b.frame)
        else:
            same = np.array_equal(a.surface.values, b.surface.values, equal_nan=True)
        if not same:
            changed.add(key)
    return changed


def test_every_layer_answers_and_totals_add_up(before):
    assert len(before.layers) == len({*before.layers})
    assert set(before.layers) >= {"density", "hotspots", "felt_unsafe", "path_light", "observed_expected"}
    incidents = before.points["incidents"]
    assert before.places["n"].sum() == pytest.approx(incidents.loc[incidents["area_id"].notna(), "membership"].sum())
    cells = before.layers["hotspots"].measured.frame
    assert cells["n"].sum() == pytest.approx(incidents.loc[incidents["cell_id"].notna(), "membership"].sum())
    surface = before.layers["density"].measured
    pixel_km2 = surface.surface.lattice.pixel_m**2 / 1e6
    mass = np.nansum(surface.surface.values) * pixel_km2 * surface.facts["years"]
    assert mass == pytest.approx(surface.facts["n"], rel=0.01)


def test_scores_are_the_sum_of_their_parts_and_ranks_lie_in_their_interval(before):
    table = before.priorities
    parts = table.filter(like="part_").sum(axis=1, min_count=1)
    assert parts.to_numpy() == pytest.approx(table["score"].to_numpy(), nan_ok=True)
    known = table.dropna(subset=["rank"])
    assert (known["rank_low"] <= known["rank"]).all()
    assert (known["rank"] <= known["rank_high"]).all()


def test_the_plan_keeps_to_the_budget_and_never_takes_the_unpriced(before):
    chosen = before.choice.chosen
    assert before.choice.spent_dkk <= before.choice.budget_dkk
    assert chosen["cost_dkk"].sum() == pytest.approx(before.choice.spent_dkk)
    assert chosen["cost_dkk"].notna().all()
    assert (before.choice.candidates.loc[before.choice.candidates["cost_dkk"].isna(), "status"] != "chosen").all()
    assert not set(before.choice.pilots["measure"]) & set(before.choice.candidates["measure"])


def test_a_second_run_measures_nothing_again_and_finds_the_same(town, before):
    store = Store(town)
    again = run(store.study, store.snapshot(), shelf=store.shelf)
    assert again.record.kept == set(again.layers)
    assert changed_layers(before, again) == set()
    pd.testing.assert_frame_equal(
        before.priorities.drop(columns=["reasons", "why"]), again.priorities.drop(columns=["reasons", "why"])
    )
    assert before.record.key == again.record.key


def test_the_record_holds_time_and_memory_of_every_step_and_what_it_all_rests_on(town, before):
    record = before.record
    steps = {"incidents", *before.layers, "priorities", "portfolio", "evaluations"}
    assert set(record.seconds) == set(record.mebibytes) == steps
    assert all(seconds >= 0 for seconds in record.seconds.values())
    assert all(50 < peak < 1536 for peak in record.mebibytes.values())
    assert {"code", "place", "evidence", "layers", *(each.kind for each in Store(town).imports())} <= set(record.hashes)
    assert {"python", "numpy", "numba", "rasterio"} <= set(record.versions)


def test_another_seed_changes_draws_but_no_count(town, before):
    store = Store(town)
    other = run(store.study.but(seed=7), store.snapshot())
    a, b = (each.layers["hotspots_dark"].measured.frame for each in (before, other))
    pd.testing.assert_series_equal(a["n"], b["n"])
    assert not a["pvalue"].equals(b["pvalue"])


def test_one_lamp_out_changes_light_and_nothing_else_that_is_measured(own_town, before):
    store = Store(own_town)

    def out(lamps):
        lamps.loc[lamps.index[1000], "flux_lm"] = 100.0
        return lamps

    redelivered(store, "lamps", "driftsoperatør", out)
    after = run(store.study, store.snapshot(), shelf=store.shelf)
    assert changed_layers(before, after) == {"light", "path_light"}
    assert set(after.layers) - set(after.record.kept) == {"light", "path_light"}
    a, b = (each.layers["path_light"].measured.frame["value"] for each in (before, after))
    moved = a.index[~np.isclose(a, b, equal_nan=True)]
    lamp = store.snapshot().tables["lamps"].frame.geometry.iloc[1000]
    near = before.segments.loc[moved].geometry.distance(lamp)
    assert 0 < len(moved) < 60
    assert near.max() < 65


def test_one_answer_flipped_changes_what_is_felt_and_nothing_else(own_town, before):
    store = Store(own_town)

    def flipped(answers):
        row = answers.index[(answers["mode"] == "sample") & (answers["unsafe_dark"] == 0)][0]
        answers.loc[row, "unsafe_dark"] = 1.0
        return answers

    redelivered(store, "responses", "tryghed_2025", flipped)
    after = run(store.study, store.snapshot(), shelf=store.shelf)
    assert changed_layers(before, after) <= {"felt_unsafe", "felt_surface", "felt_recorded"}
    assert "felt_unsafe" in changed_layers(before, after)
    a, b = (each.layers["felt_unsafe"].measured.frame["value"] for each in (before, after))
    assert (~np.isclose(a, b, equal_nan=True)).sum() == 1


def test_a_price_doubled_changes_the_plan_and_no_layer(own_town, before):
    store = Store(own_town)

    def doubled(prices):
        prices.loc[prices["measure"] == "green_upkeep", ["capex_dkk", "opex_dkk_year"]] *= 2
        return prices

    redelivered(store, "prices", "kommune", doubled)
    after = run(store.study, store.snapshot(), shelf=store.shelf)
    assert changed_layers(before, after) == set()
    pd.testing.assert_series_equal(before.priorities["score"], after.priorities["score"])
    costs = [
        each.choice.candidates.set_index(["area_id", "measure"])["cost_dkk"].sort_index() for each in (before, after)
    ]
    ratio = (costs[1] / costs[0]).dropna().groupby("measure").agg(["min", "max"])
    assert ratio.loc["green_upkeep"].tolist() == pytest.approx([2.0, 2.0])
    assert (ratio.drop(index="green_upkeep") == 1.0).all().all()


def test_a_category_remapped_changes_what_is_counted(own_town, before):
    store = Store(own_town)
    (own_town / "categories.csv").write_text("code;category\nOphold og uro;vandalism\n", "utf-8")
    after = run(store.study, store.snapshot(), shelf=store.shelf)
    a, b = (each.points["incidents"]["category"].value_counts() for each in (before, after))
    assert b["vandalism"] == a["vandalism"] + a["gathering"] - b.get("gathering", 0)
    changed = changed_layers(before, after)
    assert "nuisance" in changed
    assert not changed & {"felt_unsafe", "felt_surface", "light", "path_light", "concealing_green", "pleasant_green"}
    assert before.layers["density"].measured.surface.values == pytest.approx(
        after.layers["density"].measured.surface.values, nan_ok=True
    )


def test_layers_that_do_not_exist_are_refused(town):
    store = Store(town)
    with pytest.raises(StudyError, match="layers that exist"):
        run(store.study.but(layers=("densty",)), store.snapshot())
    with pytest.raises(StudyError, match="nuisence"):
        run(store.study.but(weights={"nuisence": 1.0}), store.snapshot())


def test_the_study_s_weight_goes_before_the_file_s(before):
    weights = weights_of(before.study.but(weights={"nuisance": 0.0, "felt_unsafe": 2.0}), before.layers)
    assert weights["felt_unsafe"] == 2.0
    assert "nuisance" not in weights
    assert weights["observed_expected"] == before.layers["observed_expected"].spec.priority.weight


def test_a_layer_s_key_follows_only_what_it_depends_on(before, town):
    store = Store(town)
    spec, hashes = before.layers["light"].spec, store.snapshot().hashes
    key = layer_key(spec, store.study, hashes, "code")
    assert layer_key(spec, store.study.but(seed=9, categories=("theft",)), hashes, "code") == key
    assert layer_key(spec, store.study, {**hashes, "lamps": "x"}, "code") != key
    assert layer_key(spec, store.study, hashes, "other code") != key
    assert set(MEASURES["illuminance"].needs) == {"lamps"}


def test_without_a_survey_prices_and_lamps_the_answer_is_shorter_and_says_so(own_town):
    store = Store(own_town)
    for each in store.imports():
        if each.kind in ("responses", "prices", "lamps", "interventions", "population", "visits"):
            store.undo(each.kind, each.source)
    result = run(store.study, store.snapshot())
    assert not {"felt_unsafe", "light", "path_light"} & set(result.layers)
    said = [str(each) for each in result.findings]
    assert any("cannot be said without" in each for each in said)
    assert any("no price list" in each for each in said)
    assert (result.choice.candidates["status"] != "chosen").all()
    assert isinstance(result.hotspots, gpd.GeoDataFrame)
