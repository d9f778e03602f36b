"""Which other ways there are to look: all of them, none twice, none at random."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.experiments.variants import variants
from hotspot.study import Study

DAY = dt.timedelta(days=1)
YEARS = (dt.date(2023, 1, 1), dt.date(2025, 12, 31))
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1))


def test_three_years_get_forty_variants_each_its_own():
    found = variants(100.0, YEARS)
    assert Counter(each.kind for each in found) == {"grid": 11, "neighbourhood": 12, "part": 5, "month": 12}
    assert len(set(found)) == len(found)
    assert found == variants(100.0, YEARS)
    assert {each.cell_m for each in found} == {50.0, 100.0, 200.0}
    assert (100.0, 0.0, 0.0) not in {(each.cell_m, each.east_m, each.north_m) for each in found if each.kind == "grid"}


@given(first=days, length=st.integers(1, 3000))
def test_parts_are_the_period_cut_without_gap_or_overlap(first, length):
    last = first + (length - 1) * DAY
    parts = [each.period for each in variants(100.0, (first, last)) if each.kind == "part"]
    assert len(parts) == (5 if length >= 3 else 2 if length == 2 else 0)
    for own in (parts[:2], parts[2:]):
        if own:
            assert (own[0][0], own[-1][1]) == (first, last)
            assert all(one[1] + DAY == other[0] for one, other in pairwise(own))
            sizes = [(end - start).days for start, end in own]
            assert max(sizes) - min(sizes) <= 1


def test_a_period_within_one_month_leaves_no_month_out():
    found = variants(100.0, (dt.date(2024, 3, 1), dt.date(2024, 3, 31)))
    assert "month" not in {each.kind for each in found}
    two = variants(100.0, (dt.date(2024, 3, 1), dt.date(2024, 4, 1)))
    assert [each.without_month for each in two if each.kind == "month"] == [3, 4]


@pytest.mark.parametrize("cell_m", [20.0, 25.0, 50.0, 100.0, 200.0, 500.0])
def test_every_cell_size_is_one_that_a_study_may_have(cell_m):
    study = Study("Town", "EPSG:25832", cell_m=cell_m)
    for each in variants(cell_m, YEARS):
        assert study.but(cell_m=each.cell_m).cell_m == each.cell_m
