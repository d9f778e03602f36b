"""What the desk keeps, and which keys it takes for a recipe."""

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hotspot.study import Study
from hotspot.ui.desk import Desk, _trim

OWN = Study(name="Town", crs="EPSG:25832")


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    return SimpleNamespace(folder=tmp_path / "study", store=SimpleNamespace(study=OWN))


def test_the_oldest_is_let_go_first() -> None:
    kept: OrderedDict[object, object] = OrderedDict.fromkeys("abcd")
    _trim(kept, 2)
    assert list(kept) == ["c", "d"]


def test_a_kept_recipe_comes_back_by_its_key(desk: Any) -> None:
    desk.folder.mkdir()
    asked = OWN.but(budget_dkk=5.0)
    key = Desk.keep_recipe(desk, asked)
    assert key.isalnum()
    assert Desk.recipe(desk, key) == asked


def test_nobody_waits_for_a_release_that_is_being_made_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def made(study: Study, *_: object, **__: object) -> object:
        if study != OWN:
            begun.set()
            assert go_on.wait(20)
        return study

    store = SimpleNamespace(
        study=OWN, shelf=None, snapshot=lambda: SimpleNamespace(key_for=lambda study: study.key),
        result_folder=lambda _key: tmp_path,
    )  # fmt: skip
    (tmp_path / "run.json").touch()
    monkeypatch.setattr("hotspot.ui.desk.Store", lambda _folder: store)
    monkeypatch.setattr("hotspot.ui.desk.run", made)
    monkeypatch.setattr("hotspot.ui.desk.release", lambda settled, *_, **__: settled)
    monkeypatch.setattr("hotspot.ui.desk.note", lambda *_: None)
    monkeypatch.setattr(Desk, "_settle", lambda _self, _key, _snapshot, result: result)
    desk = Desk(tmp_path)
    assert desk.release_of(OWN, "admin", "") is not None
    other = OWN.but(budget_dkk=5.0)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(desk.release_of, other, "admin", "")
        assert begun.wait(20)
        assert pool.submit(desk.release_of, OWN, "admin", "").result(20) == OWN  # while the other is being made
        assert not slow.done()
        go_on.set()
        assert slow.result(20) == other


@pytest.mark.parametrize("key", ["", "unknown", "../outside", "..", "a/b", "%2e%2e"])
def test_a_key_that_is_none_gives_the_studys_own_recipe(desk: Any, key: str) -> None:
    (desk.folder / "recipes").mkdir(parents=True)
    OWN.but(budget_dkk=1.0).write(desk.folder / "outside.toml")
    assert Desk.recipe(desk, key) == OWN
