"""Drawn polygons, sorting and histograms at the doors: boxes of the map service, rows of files, classes of maps."""

import json
import re

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hotspot.report import hidden_text
from hotspot.report.classes import WITHHELD, class_of, classed
from hotspot.report.figures import map_words
from hotspot.report.frames import file_frames
from hotspot.service import feature_routes
from hotspot.service.features import collections_of
from hotspot.site import Site
from tests.release.doors import shown_to
from tests.release.village import DAYS, K, Kept, village

UNDER_THE_RULE = ("council", "partner", "planner")
SMALL = {"V1": 3.0, "V3": 2.0}  # thefts of 2024


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    store = village(tmp_path_factory.mktemp("maps") / "village")
    days = DAYS[0].replace(year=2024), DAYS[1]
    layers = ("hotspots", "observed_expected", "nuisance")
    return Kept().run(store.snapshot(), store.study.but(layers=layers, categories=("theft",), period=days))


def asker(shown):
    client = TestClient(Starlette(routes=feature_routes(Site(), lambda _audience: shown)))

    def asked(name, query=""):
        rows = client.get(f"/ogc/collections/{name}/items?limit=10000{query}").json()["features"]
        return {row["id"]: row["properties"] for row in rows}

    return asked


def boxes(ask, name, seed=3, count=12):
    """Boxes as somebody draws them, some so small that one feature alone is hit."""
    rng = np.random.default_rng(seed)
    west, south, east, north = 10.6042, 55.9335, 10.6246, 55.9414
    for _ in range(count):
        across, down = np.sort(rng.uniform(west, east, 2)), np.sort(rng.uniform(south, north, 2))
        box = f"{across[0]:.6f},{down[0]:.6f},{across[1]:.6f},{down[1]:.6f}"
        yield ask(name, f"&bbox={box}")


@pytest.mark.parametrize("audience", UNDER_THE_RULE)
def test_a_drawn_box_tells_what_the_whole_map_tells_and_no_small_count(result, audience):
    ask, hits = asker(shown_to(result, audience)), 0
    for name in ("observed_expected", "hotspots") if audience == "planner" else ("observed_expected",):
        whole = ask(name)
        for part in boxes(ask, name):
            hits += len(part)
            assert part == {each: whole[each] for each in part}
        assert not [each for each in whole.values() if each["n"] is not None and 0 < each["n"] < K]
    assert hits


def test_the_administrators_box_around_one_place_tells_its_count(result):
    assert {each: row["n"] for each, row in asker(shown_to(result, "admin"))("observed_expected").items()
            if each in SMALL} == SMALL  # fmt: skip


@pytest.mark.parametrize("audience", UNDER_THE_RULE)
def test_rows_of_files_and_collections_follow_what_is_shown_alone(result, audience):
    """Places and cells stand as they lie, the order by rank and name; nothing else decides."""
    shown = shown_to(result, audience)
    tables = {f"file {name}": table for name, table in file_frames(shown, "en").items()}
    tables |= {f"service {name}": table for name, table in collections_of(shown).items()}
    for name, table in tables.items():
        own = [each for each in ("cell_id", "area_id") if each in table and "hotspots" not in name]
        ids = list(table[own[0]]) if own else list(table.index)
        if name == "file portfolio":
            gone = table["benefit"].isna().to_numpy()
            assert not (gone[:-1] & ~gone[1:]).any()  # those without a number last
        elif name == "file priorities":
            assert ids == list(shown.priorities.sort_values(["rank", "name"], na_position="last", kind="stable").index)
        elif ids:
            kinds = [each for each in ("cells", "areas") if each in shown.geometry]
            assert ids in [list(shown.geometry[each].index) for each in kinds], name


def test_rows_sorted_by_the_true_number_would_tell_it(result):
    """The counterpart: cells as a forgetful export would sort them, hidden ones put where their number belongs."""
    true = result.layers["observed_expected"].measured.frame["n"]
    shown = shown_to(result, "council").layers["observed_expected"].frame["n"].reindex(true.sort_values().index)
    filled = shown.interpolate(limit_direction="both")
    assert shown.isna().sum() == len(SMALL)
    assert list(shown.index[:2]) == ["V3", "V1"]  # the reader learns which of the two has fewer
    assert filled.notna().all()


@pytest.mark.parametrize("audience", UNDER_THE_RULE)
def test_classes_and_their_shares_count_hidden_rows_as_hidden(result, audience):
    shown = shown_to(result, audience)
    for layer in shown.layers.values():
        gone = layer.frame["hidden"]
        if layer.spec.support == "areas":
            assert (class_of(layer, classed(layer))[gone] == WITHHELD).all()
    layer, words = shown.layers["observed_expected"], map_words(shown, "en", "observed_expected")
    share = layer.frame["hidden"].mean()
    assert re.search(rf"{re.escape(hidden_text('en', K))} {share:.0%}", words.replace("\xa0", " ")), words


def test_limits_of_classes_are_made_from_what_is_shown(result):
    shown = shown_to(result, "planner").layers["observed_expected"]
    admins = shown_to(result, "admin").layers["observed_expected"]
    true = admins.frame.loc[shown.frame["hidden"], "value"]
    limits = json.dumps(classed(shown).breaks)
    assert len(true) == len(SMALL)
    assert not [value for value in true if f"{value:.2g}" in limits]
    assert "hidden" not in map_words(shown_to(result, "admin"), "en", "observed_expected")
