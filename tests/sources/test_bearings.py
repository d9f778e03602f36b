"""Wrong and missing reference systems are named, judged against the boundary alone (METHODS 0.3 and 13)."""

import numpy as np
import pytest
import shapely

from hotspot.sources.bearings import refuse_outside, refuse_unstated, suggest

ISHOJ = shapely.box(700_000, 6_160_000, 720_000, 6_176_000)  # east of EPSG:25832's registered area of use
HOME = "EPSG:25832"


@pytest.mark.parametrize(
    ("x", "y", "reading"),
    [
        (711518.779, 6168138.655, "EPSG:25832"),
        (12.3587, 55.6131, "EPSG:4326"),
        (55.6131, 12.3587, "EPSG:4326 with the two axes swapped"),
        (6168138.655, 711518.779, "EPSG:25832 with the two axes swapped"),
        (333647.290, 6166185.240, "EPSG:25833"),
        (1375764.191, 7481777.215, "EPSG:3857"),
        (711518779.0, 6168138655.0, "EPSG:25832 in millimetres"),
    ],
)
def test_every_trap_is_named(x, y, reading):
    found = suggest([x], [y], ISHOJ, HOME)
    assert str(found.told) == reading
    assert reading.split(" with")[0].split(" in ")[0] in str(found.fix)


def test_withheld_places_say_nothing():
    assert suggest([0.0, np.nan], [0.0, 1.0], ISHOJ, HOME) is None


def test_a_whole_region_is_no_mistake():
    inside, outside = np.full(10, 711_518.0), np.full(90, 560_000.0)
    x = np.concatenate([inside, outside])
    assert refuse_outside(x, np.full(100, 6_168_138.0), HOME, ISHOJ, HOME) is None


def test_another_town_is_refused():
    refusal = refuse_outside([560_000.0], [6_200_000.0], HOME, ISHOJ, HOME)
    assert "no point inside" in str(refusal)


def test_a_system_that_nobody_stated_is_asked_for_with_the_likely_answer():
    assert "--crs EPSG:4326" in str(refuse_unstated([12.36, 0.0], [55.61, 0.0], ISHOJ, HOME))
    assert "state it" in str(refuse_unstated([1e9], [1e9], ISHOJ, HOME))
