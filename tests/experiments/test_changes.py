import datetime as dt

import numpy as np
import pytest

from hotspot.errors import StudyError
from hotspot.experiments.changes import changed_since
from hotspot.stats.period_change import period_change
from hotspot.store import Store


def test_places_are_compared_with_as_many_days_before(town):
    store = Store(town)
    found = changed_since(store.study, store.snapshot(), dt.date(2025, 1, 1))
    assert set(found["klass"]) <= {"more", "fewer", "no change shown", "cannot say"}
    assert found["qvalue"].is_monotonic_increasing
    assert (found["qvalue"].dropna() >= found["pvalue"].dropna()).all()
    told = found[found["before"] + found["after"] > 0]
    assert ((told["lower"] <= told["ratio"]) & (told["ratio"] <= told["upper"])).all()
    assert told["ratio"].to_numpy() == pytest.approx((told["after"] / told["before"]).to_numpy())
    assert not (told.loc[told["klass"] == "more", "lower"] <= 1).any()
    assert not (told.loc[told["klass"] == "fewer", "upper"] >= 1).any()


def test_interval_is_no_narrower_than_chance_alone_would_make_it(town):
    store = Store(town)
    found = changed_since(store.study, store.snapshot(), dt.date(2025, 1, 1))
    alone = period_change(found["before"], found["after"])
    known = np.isfinite(alone.pvalue)
    assert (found["pvalue"].to_numpy()[known] >= alone.pvalue[known] - 1e-12).all()


def test_days_that_are_not_covered_are_refused(town):
    store = Store(town)
    for day in (dt.date(2023, 8, 1), dt.date(2026, 5, 1)):
        with pytest.raises(StudyError, match="second half"):
            changed_since(store.study, store.snapshot(), day)
