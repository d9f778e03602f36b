import datetime as dt

import pytest

from hotspot.errors import StudyError
from hotspot.experiments.changes import changed_since
from hotspot.store import Store


def test_places_are_compared_with_as_many_days_before(town):
    store = Store(town)
    found = changed_since(store.study, store.snapshot(), dt.date(2025, 1, 1))
    assert set(found["klass"]) <= {"more", "fewer", "no change shown", "cannot say"}
    assert found["qvalue"].is_monotonic_increasing
    assert (found["qvalue"].dropna() >= found["pvalue"].dropna()).all()


def test_days_that_are_not_covered_are_refused(town):
    store = Store(town)
    for day in (dt.date(2023, 8, 1), dt.date(2026, 5, 1)):
        with pytest.raises(StudyError, match="second half"):
            changed_since(store.study, store.snapshot(), day)
