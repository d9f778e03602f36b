"""What the desk keeps, and which keys it takes for a recipe."""

from collections import OrderedDict
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


@pytest.mark.parametrize("key", ["", "unknown", "../outside", "..", "a/b", "%2e%2e"])
def test_a_key_that_is_none_gives_the_studys_own_recipe(desk: Any, key: str) -> None:
    (desk.folder / "recipes").mkdir(parents=True)
    OWN.but(budget_dkk=1.0).write(desk.folder / "outside.toml")
    assert Desk.recipe(desk, key) == OWN
