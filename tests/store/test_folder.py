import signal
import subprocess
import sys
import textwrap

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from hotspot.errors import StoreError, Told
from hotspot.store import Store
from hotspot.study import Study
from hotspot.tables import Coverage, Delivery, table_of

BOX = shapely.box(600_000, 6_000_000, 601_000, 6_001_000)


@pytest.fixture
def store(tmp_path):
    return Store.create(tmp_path / "study", Study("Box", "EPSG:25832"), BOX)


def visits(store, *amounts, source="count", aside=0):
    n = len(amounts)
    frame = gpd.GeoDataFrame(
        {"visit_id": [f"{source}{i}" for i in range(n)], "kind": "shop", "visits_per_day": list(map(float, amounts))},
        geometry=gpd.points_from_xy([600_100.0 + i for i in range(n)], [6_000_100.0] * n),
        crs="EPSG:25832",
    )
    quarantine = pd.DataFrame({"row": range(aside), "reason": [Told("no")] * aside})
    table = table_of("visits", frame, store.place, (Coverage(source),))
    return Delivery(table, quarantine, (Told("found {n}", {"n": 1}),), n + aside, source)


def test_a_new_study_is_private_and_only_made_once(store):
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert store.place.boundary.equals(BOX)
    with pytest.raises(StoreError, match="folder without one"):
        Store.create(store.folder, Study("Box", "EPSG:25832"), BOX)


def test_what_was_kept_comes_back_with_findings_and_losses(store):
    made = store.keep(visits(store, 5, 7, aside=2))
    snapshot = store.snapshot()
    assert snapshot.tables["visits"].frame["visits_per_day"].tolist() == [5.0, 7.0]
    assert [str(each) for each in snapshot.findings] == ["found 1"]
    row = snapshot.coverage().iloc[0]
    assert (row["read"], row["kept"], row["quarantined"], row["share"]) == (4, 2, 2, 1.0)
    assert store.quarantine(made)["reason"].tolist() == ["no", "no"]


def test_importing_the_same_again_changes_nothing(store):
    first = store.keep(visits(store, 5))
    before = store.snapshot().hashes
    assert store.keep(visits(store, 5)).number == first.number
    assert store.snapshot().hashes == before


def test_a_new_delivery_replaces_its_own_source_and_undo_brings_the_old_back(store):
    store.keep(visits(store, 5))
    store.keep(visits(store, 9, source="other"))
    store.keep(visits(store, 6))
    assert sorted(store.snapshot().tables["visits"].frame["visits_per_day"]) == [6.0, 9.0]
    assert store.undo("visits", "count") is not None
    assert sorted(store.snapshot().tables["visits"].frame["visits_per_day"]) == [5.0, 9.0]
    with pytest.raises(StoreError, match="Only an import can be undone"):
        store.undo("visits", "nobody")


def test_undoing_the_first_import_leaves_nothing(store):
    store.keep(visits(store, 5))
    assert store.undo("visits", "count") is None
    assert "visits" not in store.snapshot().tables


def test_undo_goes_back_one_step_at_a_time_and_never_forward(store):
    for n in (5, 6, 7):
        store.keep(visits(store, n))
    assert store.undo("visits", "count").number == 2
    assert store.undo("visits", "count").number == 1
    store.keep(visits(store, 8))
    assert store.undo("visits", "count").number == 1
    assert store.undo("visits", "count") is None
    with pytest.raises(StoreError, match="Only an import can be undone"):
        store.undo("visits", "count")


def test_a_changed_table_is_noticed(store):
    made = store.keep(visits(store, 5))
    path = store.folder / "tables" / made.table_file
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(StoreError, match="missing or changed"):
        Store(store.folder).snapshot()
    path.unlink()
    with pytest.raises(StoreError, match="hotspot undo"):
        Store(store.folder).snapshot()


def test_hashes_follow_content_and_the_key_follows_the_recipe(store):
    store.keep(visits(store, 5))
    one = store.snapshot()
    store.keep(visits(store, 6))
    other = store.snapshot()
    assert one.hashes["visits"] != other.hashes["visits"]
    assert one.hashes["place"] == other.hashes["place"]
    keys = {s.key_for(study) for s in (one, other) for study in (store.study, store.study.but(seed=2))}
    assert len(keys) == 4


def test_an_import_killed_before_its_pointer_leaves_the_store_as_it_was(store, tmp_path):
    store.keep(visits(store, 5))
    before = store.snapshot().hashes
    script = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        sys.path.insert(0, {str(tmp_path)!r})
        from hotspot.store import Store
        from hotspot.store.register import Register
        from tests.store.test_folder import visits
        Register.take_in = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        store = Store(Path({str(store.folder)!r}))
        store.keep(visits(store, 6))
    """)
    done = subprocess.run([sys.executable, "-c", script], cwd=".", check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    again = Store(store.folder)
    assert again.snapshot().hashes == before
    assert len(list((store.folder / "tables").iterdir())) == 2  # the new file lies there, unreferenced
    assert again.keep(visits(again, 6)).kept == 1


def test_current_results_are_pointed_at_in_one_step(store):
    assert store.current() is None
    store.set_current("abc")
    assert store.current() == "abc"


def test_a_recipe_s_group_of_categories_counts_those_below_at_every_door(store):
    (store.folder / "study.toml").write_text(
        'name = "Box"\ncrs = "EPSG:25832"\ncategories = ["nuisance", "quiet"]\n', "utf-8"
    )
    assert {"riding", "gathering"} <= set(Store(store.folder).study.categories)
    assert "nuisance" not in Store(store.folder).study.categories
    (store.folder / "categories.csv").write_text("code;category;parent;da;en\nx;shouting;nuisance;Råb;Shouting\n")
    assert "shouting" in Store(store.folder).study.categories
    (store.folder / "categories.csv").write_text("code;nothing\n")
    assert Store(store.folder).study.categories == ("nuisance", "quiet"), "a faulty table is told of elsewhere"
