import numpy as np
import pandas as pd
import pytest

from hotspot.release.households import few_households, tier, without_few_households


# METHODS 12: 1-19 none; 20-49 key figures; 50-99 few intervals; 100-149 more; from 150 all
@pytest.mark.parametrize(
    ("households", "told"),
    [(1, "none"), (19, "none"), (20, "key figures"), (49, "key figures"), (50, "few intervals"), (99, "few intervals"),
     (100, "more intervals"), (149, "more intervals"), (150, "all"), (np.nan, "none")],
)  # fmt: skip
def test_the_tiers_of_the_method_page(households, told):
    assert tier(households) == told


def places(households, residents):
    return pd.DataFrame({"households": households, "residents": residents}, index=list("abcd")[: len(households)])


def test_nobody_there_is_told_as_nobody():
    assert not few_households(places([0.0, 300.0], [0.0, 700.0])).any()


def test_one_place_of_few_takes_the_next_smallest_along():
    few = few_households(places([12.0, 300.0, 80.0, 0.0], [30.0, 700.0, 150.0, 0.0]))
    assert few.tolist() == [True, False, True, False]


def test_a_rate_per_resident_is_hidden_where_it_would_tell_how_many_they_are():
    here = places([12.0, 15.0, 300.0], [30.0, 31.0, 700.0])
    table = pd.DataFrame(
        {"people": [30.0, 131.0, 700.0], "value": [1.0, 2.0, 3.0], "n": [9.0, 9.0, 9.0]}, index=here.index
    )
    shown = without_few_households(table, here)
    assert shown["people"].isna().tolist() == [True, True, False]
    assert shown["value"].isna().tolist() == [True, False, False], "visitors unknown to the reader blur the second"
    assert shown["n"].notna().all()
