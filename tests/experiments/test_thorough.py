"""The second grade from a run to the files beside it: kept, resumed, and said."""

import json
import shutil

import numpy as np
import pyogrio
import pytest

from hotspot.experiments import thorough as room
from hotspot.experiments.thorough import thorough
from hotspot.experiments.variants import variants
from hotspot.pipeline import run
from hotspot.release import settle
from hotspot.report.results import run_and_keep
from hotspot.store import Store

FEW = (4, 30, 36)


@pytest.fixture
def own(town, tmp_path, monkeypatch):
    """The town in a folder of its own, with three variants and twenty draws, which take seconds."""
    shutil.copytree(town, tmp_path / "own")
    monkeypatch.setattr(room, "variants", lambda *asked: [variants(*asked)[number] for number in FEW])
    monkeypatch.setattr(room, "DRAWS", 20)
    return Store(tmp_path / "own")


def quiet(_step, _share):
    """Tell nobody."""


def test_figures_are_kept_with_the_result_and_written_beside_it(own):
    first = run_and_keep(own, own.study, quiet).result
    folder = own.result_folder(first.record.key)
    assert not (folder / "thorough.json").exists()
    found = run_and_keep(own, own.study, quiet, second=True).result
    assert found.record.key == first.record.key == own.current()
    spots = found.hotspots
    assert (spots["variants"] == len(FEW)).all()
    assert spots["stability"].between(0, 1).all()
    told = json.loads((folder / "thorough.json").read_text("utf-8"))
    stability = {key: each["stability"] for key, each in told["hotspots"].items()}  # written with fifteen digits
    assert stability == pytest.approx(spots["stability"].to_dict())
    written = pyogrio.read_dataframe(folder / "hotspot.gpkg", layer="hotspots").set_index("hotspot_id")
    assert written["stability"].to_dict() == spots["stability"].to_dict()
    again = settle(run(own.study, own.snapshot(), shelf=own.shelf)).result
    assert again.hotspots["stability"].equals(spots["stability"])
    assert again.choice.chosen["included"].equals(found.choice.chosen["included"])
    included = again.choice.candidates["included"]
    assert included.notna().equals(
        again.choice.candidates["cost_dkk"].notna() & (again.choice.candidates["benefit"] > 0)
    )
    assert (included.dropna() * 20 % 1 == 0).all()


def test_stopped_work_goes_on_where_it_stopped(own, monkeypatch):
    result, snapshot = run(own.study, own.snapshot(), shelf=own.shelf), own.snapshot()
    looked = []
    monkeypatch.setattr(room, "look", lambda *asked: looked.append(asked[-1]) or _look(*asked))

    def stopping(step, share):
        if len(looked) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        thorough(result, snapshot, own.shelf, stopping)
    shares = []
    found = thorough(result, snapshot, own.shelf, lambda _step, share: shares.append(share))
    assert len(looked) == len(set(looked)) == len(FEW)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    monkeypatch.setattr(room, "look", None)
    again = thorough(result, snapshot, own.shelf)
    assert again.spots.equals(found.spots)
    assert again.notes == found.notes


def test_without_hot_spots_only_the_measures_are_tried(own):
    study = own.study.but(layers=("felt_unsafe", "path_light", "light"))
    result = run(study, own.snapshot(), shelf=own.shelf)
    assert result.hotspots.empty
    found = thorough(result, own.snapshot(), own.shelf)
    assert found.spots.empty
    assert np.isfinite(found.included["included"].dropna()).all()
    assert len(found.notes) == 1


_look = room.look
