"""The fixed table counts what a reader of the rows would count."""

import pytest

from hotspot.pipeline import run
from hotspot.release.cube import ALL, count_cube
from tests.release.village import AREAS, KINDS, YEARS, first_delivery, village


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    store = village(tmp_path_factory.mktemp("cube") / "village")
    return count_cube(run(store.study, store.snapshot()))


def test_every_line_is_what_the_rows_add_up_to(cube):
    rows = first_delivery()
    assert set(cube.periods) == {str(year) for year in YEARS}
    lines = [(area, year, kind) for area in (*AREAS, ALL) for year in (*YEARS, ALL) for kind in (*KINDS, ALL)]
    for area, year, kind in lines:
        wanted = [
            n
            for (_at, where, when, what), n in rows.items()
            if area in (ALL, where) and year in (ALL, when) and kind in (ALL, what)
        ]
        assert cube.counts[area, str(year), kind] == pytest.approx(sum(wanted))


def test_totals_are_the_sums_of_their_parts(cube):
    for total, parts in cube.sums():
        assert cube.counts[total] == pytest.approx(sum(cube.counts[part] for part in parts)), total
