"""Classes: a limit belongs above, hidden and unknown are their own, colours match labels."""

import dataclasses

import mapclassify
import numpy as np
import pandas as pd
import pytest

from hotspot.layers import Show
from hotspot.release.contract import Release, Shown
from hotspot.report.classes import (
    UNKNOWN,
    WITHHELD,
    Classed,
    class_labels,
    class_of,
    class_of_numbers,
    classed,
    legend_title,
    rank_classes,
)
from tests.report.small_layers import HIDDEN_AREA, UNKNOWN_AREA, spec


def test_limit_belongs_to_the_class_above() -> None:
    classes = Classed(("a", "b", "c"), (0.1, 0.2))
    assert list(class_of_numbers(np.array([0.05, 0.1, 0.15, 0.2, np.nan]), classes)) == [0, 1, 1, 2, UNKNOWN]


def test_hidden_and_unknown_are_their_own(council: Release) -> None:
    for key in ("observed_expected", "felt_recorded"):
        shown = council.layers[key]
        found = class_of(shown, classed(shown))
        assert found[HIDDEN_AREA] == WITHHELD
    ratio = council.layers["observed_expected"]
    assert class_of(ratio, classed(ratio))[UNKNOWN_AREA] == UNKNOWN


@pytest.mark.parametrize("n", [7, 40, 333])
def test_limits_are_quantiles_as_mapclassify_finds_them(n: int) -> None:
    values = np.random.default_rng(n).gamma(2.0, 3.0, n)
    shown = Shown(spec("rate", show=Show("ylorrd"), unit="ratio"), pd.DataFrame({"value": values}))
    assert classed(shown).breaks == pytest.approx(mapclassify.Quantiles(values, k=5).bins[:-1], rel=0.05)


def test_class_that_says_cannot_say_is_hatched_like_any_other(council: Release) -> None:
    shown = council.layers["felt_recorded"]
    classes = classed(shown)
    assert "cannot say" not in classes.codes
    assert class_of(shown, classes)["a12"] == UNKNOWN


def test_class_that_may_be_told_is_drawn_although_hidden(admin: Release) -> None:
    shown = admin.layers["hotspots"]
    classes = classed(shown)
    assert classes.codes[class_of(shown, classes)["c0_0"]] == "not significant"


def test_one_label_for_each_colour(admin: Release) -> None:
    for shown in admin.layers.values():
        classes = classed(shown)
        assert len(class_labels(shown.spec, classes, "da")) == len(classes.colours)


def test_labels_carry_the_unit(council: Release) -> None:
    felt = council.layers["felt_unsafe"]
    assert class_labels(felt.spec, classed(felt), "en")[:2] == ("under 10%", "10% to 20%")
    assert legend_title(council.layers["observed_expected"].spec, "en").endswith("[times the expected]")


def test_quantiles_where_no_breaks_are_given() -> None:
    plain = spec("rate", show=Show("ylorrd"), unit="incidents_per_1000_year")
    values = pd.DataFrame({"value": np.arange(0.0, 101.0), "hidden": False})
    classes = classed(Shown(plain, values))
    assert len(classes.colours) == 5
    assert list(classes.breaks) == [21.0, 41.0, 60.0, 80.0]


def test_layer_without_any_number_has_one_class() -> None:
    plain = spec("rate", show=Show("ylorrd"))
    nothing = Shown(plain, pd.DataFrame({"value": [np.nan, 0.0], "hidden": False}))
    classes = classed(nothing)
    assert classes.breaks == ()
    assert class_labels(plain, classes, "en") == ("any value",)


def test_every_rank_has_one_class() -> None:
    classes = rank_classes("en")
    for rank in range(1, 200):
        assert sum(low <= rank <= high for low, high, _text, _colour in classes) == 1
    assert len({colour for *_rest, colour in classes}) == len(classes)


def test_surface_breaks_come_from_what_is_shown(admin: Release) -> None:
    shown = admin.layers["density"]
    values = np.asarray(shown.surface.values)
    other = dataclasses.replace(shown.surface, values=np.where(values > 40, np.nan, values))
    assert classed(Shown(shown.spec, surface=other)).breaks != classed(shown).breaks
