import datetime as dt

import numpy as np
import pytest

from hotspot.experiments.accuracy import foretold, score
from hotspot.store import Store

TRAIN = (dt.date(2023, 7, 1), dt.date(2024, 12, 31))
TEST = (dt.date(2025, 1, 1), dt.date(2025, 12, 31))


def test_scores_match_published_values():
    # obs (6,3,0), pred (3,2,1), unit area: PAI 2, 1.5, 1 and PEI 1 (ptools)
    for cells, pai in ((1, 2.0), (2, 1.5), (3, 1.0)):
        found = score(np.array([6.0, 3.0, 0.0]), np.array([3.0, 2.0, 1.0]), cells / 3)
        assert found["pai"] == pytest.approx(pai)
        assert found["pei"] == 1.0
    observed, predicted = np.array([6.0, 7, 3, 2, 1, 0]), np.array([8.0, 4, 4, 2, 1, 0])
    pai = [score(observed, predicted, n / 6)["pai"] for n in range(1, 7)]
    assert pai == pytest.approx([1.894737, 1.421053, 1.684211, 1.421053, 1.2, 1.0], abs=1e-6)
    pei = [score(observed, predicted, n / 6)["pei"] for n in range(1, 7)]
    assert pei == pytest.approx([0.857143, 0.692308, 1, 1, 1, 1], abs=1e-6)


def test_without_later_incidents_nothing_can_be_said():
    assert np.isnan(score(np.zeros(4), np.arange(4.0), 0.5)["pai"])


def test_maps_of_the_town_are_scored_without_looking_ahead(town):
    store = Store(town)
    found = foretold(store.study, store.snapshot(), TRAIN, TEST)
    assert len(found) == 6
    assert (found["hit_rate"].between(0, 1)).all()
    assert (found["pai"] > 1).all()
    with pytest.raises(ValueError, match="before the training ends"):
        foretold(store.study, store.snapshot(), TEST, TRAIN)
