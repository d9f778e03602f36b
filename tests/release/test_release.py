import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import AccessError
from hotspot.pipeline import run
from hotspot.pipeline.choices import choose_again
from hotspot.release import release, settle
from hotspot.release.order import OUT, SAID, order_for_all
from hotspot.release.rules import RULES
from hotspot.release.tables import blanked, masked_surface, without_small
from hotspot.report import priority_table, row_sentence
from hotspot.report.contours import contour_frame
from hotspot.site import AUDIENCES
from hotspot.store import Store


@pytest.fixture(scope="module")
def result(town):
    store = Store(town)
    return run(store.study, store.snapshot(), shelf=store.shelf)


@pytest.fixture(scope="module")
def small(town):
    """The same town with so few incidents that many counts must be hidden."""
    store = Store(town)
    study = store.study.but(categories=("fire",))
    return run(study, store.snapshot())


def test_every_audience_has_a_rule():
    assert set(RULES) == set(AUDIENCES)


def test_an_unknown_audience_and_a_partner_without_areas_see_nothing(result):
    with pytest.raises(AccessError):
        release(result, "anybody")
    with pytest.raises(AccessError):
        release(result, "partner")


def test_the_council_sees_areas_only_and_no_points(result):
    shown = release(result, "council")
    assert {each.spec.support for each in shown.layers.values()} == {"areas"}
    assert not {"cells", "segments", "lamps", "incidents"} & set(shown.geometry)
    assert shown.record == {}


def test_a_partner_sees_its_own_areas_only(result):
    owner = "Boligselskabet Fyrtårnet"
    shown = release(result, "partner", owner=owner)
    assert set(shown.places["owner"]) == {owner}
    assert set(shown.priorities["owner"]) == {owner}
    own = set(shown.places.index)
    assert set(shown.choice.candidates["area_id"]) <= own
    for each in shown.layers.values():
        if each.spec.support == "areas":
            assert set(each.frame.index) <= own


def test_admin_sees_what_was_found(result):
    shown = release(result, "admin")
    for key, layer in result.layers.items():
        if layer.measured.frame is not None:
            pd.testing.assert_frame_equal(
                shown.layers[key].frame.drop(columns="hidden"), layer.measured.frame, check_dtype=False
            )
    assert not shown.priorities["hidden"].any()


@pytest.mark.parametrize("audience", ["council", "planner"])
def test_no_small_count_is_shown_anywhere(small, audience):
    shown = release(small, audience)
    hidden_somewhere = False
    for key, layer in shown.layers.items():
        frame = layer.frame
        if frame is None or "n" not in frame or "responses" in key:
            continue
        n = frame["n"].dropna()
        assert not ((n > 0) & (n < 5)).any(), key
        rows = frame[frame["hidden"]]
        hidden_somewhere |= len(rows) > 0
        numbers = rows.drop(columns=["hidden"]).select_dtypes("number")
        assert numbers.isna().all().all(), key
    assert hidden_somewhere
    n = shown.places["n"].dropna()
    assert not ((n > 0) & (n < 5)).any()


def test_a_hidden_count_takes_score_parts_and_sentences_along(small):
    shown = release(small, "council")
    gone = shown.priorities[shown.priorities["hidden"]]
    assert len(gone)
    assert gone[["score", "score_low", "score_high", "first_share"]].isna().all().all()
    rows = {row["area_id"]: row for row in priority_table(shown, "en")}
    for area_id in gone.index:
        frame = shown.layers["observed_expected"].frame
        if frame.loc[area_id, "hidden"]:
            why = rows[area_id]["why"].replace(OUT.format(component="Observed against expected"), "")
            assert "Observed against expected" not in why.replace("(outside", "")
            assert "hidden" in row_sentence(shown.layers["observed_expected"], area_id, "en")
            assert np.isnan(gone.loc[area_id, "part_observed_expected"])


def test_what_is_released_is_the_same_twice(small):
    one, other = release(small, "council"), release(small, "council")
    pd.testing.assert_frame_equal(one.places, other.places)
    pd.testing.assert_frame_equal(one.priorities.drop(columns="reasons"), other.priorities.drop(columns="reasons"))


def test_planner_surfaces_are_masked_by_incidents_and_addresses(result):
    full = result.layers["density"].measured.surface
    shown = release(result, "planner").layers["density"]
    few = (full.effective < 5) | (full.places < 5)
    assert np.isnan(shown.surface.values[few & ~np.isnan(full.values)]).all()
    known = ~np.isnan(full.values)
    blocks = (few & known).reshape(few.shape[0] // 4, 4, few.shape[1] // 4, 4).any(axis=(1, 3))  # 100 m of 25 m
    assert (shown.hidden == (np.kron(blocks, np.ones((4, 4), dtype=bool)) & known)).all()
    assert shown.surface.effective is None
    light = release(result, "planner").layers["light"]
    assert not light.hidden.any()


def test_blanking_keeps_names_and_classes_only():
    frame = pd.DataFrame({"n": [3.0, 9.0], "klass": ["hot", "cold"], "name": ["a", "b"]})
    shown = blanked(frame, np.array([True, False]))
    assert shown.loc[0, "name"] == "a"
    assert np.isnan(shown.loc[0, "n"])
    assert shown.loc[0, "klass"] is None or pd.isna(shown.loc[0, "klass"])
    assert blanked(frame, np.array([True, False]), keeps_class=True).loc[0, "klass"] == "hot"
    happened_here = frame.assign(klass="near repeats")
    assert pd.isna(blanked(happened_here, np.array([True, False]), keeps_class=True).loc[0, "klass"])


def test_findings_say_small_counts_as_fewer_than(result):
    from hotspot.errors import Told

    said = [
        str(each.values["n"]) for each in without_small([Told("{n} rows", {"n": 3}), Told("{n} rows", {"n": 8})], 5)
    ]
    assert said[1] == "8"
    assert "fewer" in said[0]


def test_who_sees_no_incident_is_not_told_where_one_lies_nor_in_which_rows():
    from hotspot.errors import Told

    where = {"n": 9, "places": 4, "most": 3, "x": 639_827.0, "y": 6_238_387.0, "rows": ["5", "7", "9"]}
    stacked = Told("{n} rows lie on {places} places, {most} of them on {x:.0f}, {y:.0f} (rows {rows})", where)
    zero = Told("{n} rows give their place as 0,0 (rows {rows})", {"n": 2, "rows": ["5", "7"]})
    answers = Told("{low} to {high} answers in an area", {"low": 1, "high": 63})
    said = [str(each) for each in without_small([stacked, zero, answers], 5, points=False)]
    assert "639827" not in said[0]
    assert "3" not in said[0]
    assert "9 rows" in said[0]
    assert said[1] == "fewer than 5 rows give their place as 0,0 (rows not told here)"
    assert said[2] == "fewer than 5 to 63 answers in an area"
    assert str(without_small([stacked], 0)[0]) == str(stacked)
    quoting = Told("Declined: “{told}”", {"told": zero})
    said = [str(without_small([quoting], 5, points=points)[0]) for points in (False, True)]
    assert said[0] == "Declined: “fewer than 5 rows give their place as 0,0 (rows not told here)”"
    assert "(rows ['" in said[1], "who sees incidents sees their rows"


def test_the_account_of_deliveries_does_not_tell_how_few_lie_in_no_place(result):
    shown = release(result, "council").coverage.set_index(["kind", "source"])
    true = result.record.coverage.set_index(["kind", "source"])
    for kind, source in true.index:
        row, exact = shown.loc[(kind, source)], true.loc[(kind, source)]
        assert row["kept"] == row["read"] - row["quarantined"]
        if kind in ("incidents", "responses"):
            assert row["read"] % 10 == 0
            assert abs(row["read"] - exact["read"]) <= 5
            assert (row["quarantined"] > 0) == (exact["quarantined"] > 0)
        else:
            assert row["kept"] == exact["kept"]
    assert release(result, "liaison").coverage["kept"].equals(result.record.coverage["kept"])


def test_the_order_is_made_from_what_everybody_may_be_told(small):
    """Another count in a place whose number is hidden leaves every rank as it is: nothing of it is in the order."""
    shown = release(small, "council")
    frame = small.layers["observed_expected"].measured.frame
    gone = frame.index[(frame["n"] > 1) & (frame["n"] < 4)][0]
    changed = small.priorities.copy()
    changed.loc[gone, "value_observed_expected"] *= 3
    other = release(dataclasses.replace(small, priorities=changed), "council")
    columns = ["rank", "rank_low", "rank_high", "score", "part_observed_expected", "confidence"]
    pd.testing.assert_frame_equal(shown.priorities[columns], other.priorities[columns])
    pd.testing.assert_frame_equal(shown.choice.candidates, other.choice.candidates)
    assert shown.priorities["rank"].notna().sum() > len(shown.priorities) / 2


def test_the_order_and_what_is_chosen_are_one_for_all(small):
    settled = settle(small)
    own = {audience: release(settled, audience) for audience in AUDIENCES if audience != "partner"}
    ranks = [each.priorities[["rank", "rank_low", "rank_high", "confidence"]] for each in own.values()]
    assert all(each.equals(ranks[0]) for each in ranks)
    assert len({tuple(each.choice.chosen.index) for each in own.values()}) == 1
    places = settled.order.index[settled.order["observed_expected"]]
    column = "value_observed_expected"
    assert len(places)
    assert own["council"].priorities.loc[places, column].isna().all()
    assert own["admin"].priorities.loc[places, column].equals(small.priorities.loc[places, column])
    assert own["admin"].priorities.loc[places, "part_observed_expected"].isna().all()
    for place in places:
        said = [each.template for each in own["admin"].priorities.loc[place, "reasons"]]
        assert OUT in said
    assert any(each.template == SAID for each in own["admin"].findings)


@pytest.mark.parametrize("key", ["density", "hotspots", "path_density"])
def test_what_a_place_gets_from_cells_or_ways_of_incidents_is_told_to_nobody(result, key):
    layer = result.layers[key]
    rule = dataclasses.replace(result.layers["path_light"].spec.priority, column="value", aggregate="mean")
    ranked = dataclasses.replace(layer, spec=dataclasses.replace(layer.spec, priority=rule))
    table = result.priorities.assign(**{f"value_{key}": np.arange(len(result.priorities), dtype=float)})
    made = dataclasses.replace(result, layers={**result.layers, key: ranked}, priorities=table)
    settled, untold = order_for_all(made, settle(made).layers)
    assert untold[key].all()
    assert not untold["path_light"].any()
    assert f"value_{key}" in settled.priorities
    assert release(made, "council").priorities[f"value_{key}"].isna().all()


def test_the_order_is_the_results_own_where_all_may_be_told(result):
    hidden = {key: np.zeros(0 if e.measured.frame is None else len(e.measured.frame), bool)
              for key, e in result.layers.items()}  # fmt: skip
    order = order_for_all(result, hidden)
    assert order.result is result
    assert not order.untold.to_numpy().any()


def test_an_order_made_anew_with_all_known_is_the_runs_own(result):
    """Ranking and choosing again, on its own terms, gives what the run gave."""
    again = choose_again(result.choice, result.priorities["score"])
    pd.testing.assert_frame_equal(again.candidates, result.choice.candidates, check_like=True)
    pd.testing.assert_frame_equal(again.frontier, result.choice.frontier, check_like=True)
    assert again.spent_dkk == result.choice.spent_dkk


def test_hidden_categories_of_a_hot_spot_stand_in_no_order():
    from hotspot.release.linked import Hidden
    from hotspot.release.tables import _parts
    from hotspot.release.ties import Book

    book = Book()
    for code, n in (("theft", 9.0), ("riding", 8.0), ("drugs", 7.0), ("fire", 6.0)):
        book.enter(("spot", "h", code), n)
    hidden = Hidden(book.tied(), np.array([False, True, True, False]))
    told = _parts("h", {"theft": 9.0, "riding": 8.0, "drugs": 7.0, "fire": 6.0}, hidden)
    assert list(told) == ["theft", "fire", "drugs", "riding"]


def test_no_cpr_like_number_in_any_result(town):
    import re

    text = json.dumps((town / "first.txt").read_text("utf-8")) + (
        next((town / "results").glob("*/run.json"))
    ).read_text("utf-8")
    assert not re.search(r"(?<![\d.])\d{6}-\d{4}(?!\d)", text)


def test_a_surface_without_people_behind_it_passes_whole(result):
    surface = result.layers["light"].measured.surface
    shown, hidden = masked_surface(surface, 5)
    assert shown is surface
    assert not hidden.any()


def test_incidents_along_ways_are_for_all_who_see_ways_the_few_hidden(result):
    every = ("admin", "liaison", "planner", "partner", "council")
    owner = str(result.places["owner"].iloc[0])
    seen = {who: release(result, who, owner=owner if who == "partner" else "").layers for who in every}
    assert {who for who in every if "path_density" in seen[who]} == {"admin", "liaison", "planner", "partner"}
    exact, shown = (seen[who]["path_density"].frame for who in ("admin", "planner"))
    assert 0.2 < shown["hidden"].mean() < 0.8
    told = exact[~shown["hidden"]]
    assert (told[["effective_n", "addresses"]] >= 5).all().all()
    assert not exact["hidden"].any()
    own = seen["partner"]["path_density"].frame
    assert 0 < len(own) < len(shown)
    assert own.equals(shown.loc[own.index])


def test_lines_of_p_are_for_those_from_whom_no_cell_is_hidden(result):
    owner = str(result.places["owner"].iloc[0])
    drawn = {who: contour_frame(release(result, who, owner=owner if who == "partner" else "")) for who in AUDIENCES}
    assert {who for who, lines in drawn.items() if len(lines)} == {"admin", "liaison"}
    assert set(drawn["admin"]["side"]) == {"more", "fewer"}
    assert release(result, "planner").layers["dark_ratio"].frame["hidden"].any()
