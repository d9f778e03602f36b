"""Two worlds that differ in one hidden number alone: whoever may not see it must be told the same, to the last digit.

Of two places of the village one has two thefts and the other three, or the other way round. Every sum is the same, so
any difference at any door (a digit, a row's place, a bar's height, a class, a pixel) would be the hidden number's.
"""

import json

import pytest

from hotspot.store import Store
from tests.release.doors import everything, said
from tests.release.village import DAYS, OWNER, Kept, deliver, first_delivery, village

WORLDS = {"one": (3, 2), "other": (2, 3)}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}
    for name, (first, second) in WORLDS.items():
        store = village(tmp_path_factory.mktemp("twins") / name)
        counts = first_delivery() | {(0, "V1", 2024, "theft"): first, (0, "V3", 2024, "theft"): second}
        deliver(store, counts)
        own = store.study.but(categories=("theft",), period=(DAYS[0].replace(year=2024), DAYS[1]))
        own.write(store.folder / "study.toml")
        store.close()
        made[name] = store.folder
    return made


@pytest.fixture(scope="module")
def worlds(folders):
    kept, found = Kept(), {}
    for name, folder in folders.items():
        store = Store(folder)
        found[name] = kept.run(store.snapshot(), store.study.but(layers=()))
    return found


def differing(worlds, audience, tmp_path, *, paper=False):
    one, other = (everything(worlds[name], audience, tmp_path / name, paper=paper) for name in WORLDS)
    assert set(one) == set(other)
    return [door for door in one if one[door] != other[door]]


@pytest.mark.parametrize("audience", ["council", "partner", "planner"])
def test_no_door_tells_two_worlds_apart_that_differ_in_a_hidden_number(worlds, audience, tmp_path):
    assert not differing(worlds, audience, tmp_path, paper=audience == "council")


def test_whoever_may_see_it_is_told_at_every_kind_of_door(worlds, tmp_path):
    found = differing(worlds, "admin", tmp_path)
    kinds = ("hotspots?limit", "observed_expected?", "gpkg cells", "gpkg areas", "geojson areas", "density.tif")
    for kind in kinds:
        assert kind == "hotspots?limit" or [door for door in found if door.startswith(kind)], (kind, found)


ASKED = (("V1",), ("V3", "--json"), ("nowhere",), ("V1", "--language", "xx"), ("",))


@pytest.mark.parametrize("audience", ["council", "partner"])
def test_neither_an_explanation_nor_a_refusal_tells_them_apart(folders, audience):
    whose = ("--audience", audience, *(("--owner", OWNER) if audience == "partner" else ()))
    for asked in ASKED:
        one, other = (said(folder, "explain", asked[0], *whose, *asked[1:]) for folder in folders.values())
        assert one == other, asked
        if one[0]:
            assert one[0] == 2
            assert "Traceback" not in one[1]


def test_a_partner_who_asks_for_another_owners_place_hears_of_none(folders):
    code, text = said(folders["one"], "explain", "V3", "--audience", "partner", "--owner", OWNER)
    assert code == 2
    assert not [name for name in ("V2", "V4", "V5", "Place V3") if name in text.replace("“V3”", "")]


def test_the_administrators_explanation_does(folders):
    one, other = (json.loads(said(folder, "explain", "V1", "--json")[1]) for folder in folders.values())
    told = [each["layers"]["observed_expected"]["n"] for each in (one, other)]
    assert told == [3.0, 2.0]
