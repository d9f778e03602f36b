"""The same answers here and on the workers of a scheduler; a scheduler that is not there is told."""

import sys

import pytest

from hotspot.errors import StudyError
from hotspot.experiments import scheduler
from hotspot.experiments.scheduler import spread
from hotspot.experiments.stability import look
from hotspot.experiments.variants import variants
from hotspot.layers import read_layers
from hotspot.packaged import packaged_folder
from hotspot.study import Study
from tests.experiments.flat_town import PERIOD, PLACE, tables


def test_work_is_done_here_one_after_the_other():
    assert list(spread(pow, (2,), [1, 2, 3])) == [(0, 2), (1, 4), (2, 8)]
    assert list(spread(pow, (2,), [])) == []


@pytest.mark.filterwarnings("default")  # Dask's own threads and sockets, in its own words
def test_a_scheduler_s_workers_give_the_same_answers():
    distributed = pytest.importorskip("distributed")
    spec = read_layers((packaged_folder("layers"),))["hotspots"]
    shared = (Study("Flat", "EPSG:25832"), PLACE, tables(), spec)
    ways = [variants(100.0, PERIOD)[number] for number in (3, 7, 15, 23, 30)]
    here = dict(spread(look, shared, ways))
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        there = dict(spread(look, shared, ways, cluster.scheduler_address))
    assert sorted(there) == sorted(here) == [0, 1, 2, 3, 4]
    for number, each in here.items():
        assert each.cell_m == there[number].cell_m
        assert each.cells.equals(there[number].cells)
    assert any(each.cells["hot"].any() for each in here.values())


def test_dask_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyError, match=r"hotspot\[scale\]"):
        next(spread(pow, (2,), [1], "tcp://127.0.0.1:8786"))


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://there"])
def test_an_address_that_does_not_answer_is_told(monkeypatch, address):
    pytest.importorskip("distributed")
    monkeypatch.setattr(scheduler, "_PATIENCE_S", 1)
    with pytest.raises(StudyError, match="no answer") as refused:
        next(spread(pow, (2,), [1], address))
    assert refused.value.told[1].values["address"] == address
