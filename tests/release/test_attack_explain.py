"""After any requests and deliveries `hotspot explain` and the map service tell what the release holds, and no more."""

import json
import math

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hotspot.service import feature_routes
from hotspot.site import Site
from tests.release.doors import said
from tests.release.fixed_table import read_table
from tests.release.test_search import CHOICES, WINDOWS
from tests.release.village import AREAS, KINDS, YEARS, Kept, Reader, ask, deliver, first_delivery, village

NEW = (1, "V2", 2024, "theft")
THEFT, THEN = ("theft",), (2024,)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A filter, one new row, the own recipe and a filter that is a line of its table: what each was told, and where."""
    store, kept = village(tmp_path_factory.mktemp("explained") / "village"), Kept()
    counts = first_delivery() | {NEW: 1}
    first = ask(store, kept, "planner", period=WINDOWS[THEN], categories=CHOICES[KINDS])
    deliver(store, counts)
    own = ask(store, kept, "planner")
    filtered = ask(store, kept, "planner", period=WINDOWS[THEN], categories=THEFT)
    reader = Reader(counts, 2)
    for shown, *what in ((first, 0, THEN, KINDS), (own, 1, YEARS, KINDS), (filtered, 1, THEN, THEFT)):
        reader.read(shown, *what, table=False)
        read_table(reader, shown, 0, *what[1:])
    return store.folder, own, filtered, reader


def test_explanations_tell_what_the_release_holds_and_no_more(told):
    folder, own, _filtered, reader = told
    hidden = 0
    for area in AREAS:
        code, text = said(folder, "explain", area, "--audience", "planner", "--json")
        assert code == 0, text
        for key, numbers in json.loads(text)["layers"].items():
            n = own.layers[key].frame.loc[area, "n"]
            hidden += math.isnan(n)
            assert numbers["n"] == (None if math.isnan(n) else n), (area, key)
            assert numbers["hidden"] == math.isnan(n)
            kinds = reader._kinds(own.layers[key], KINDS)
            reader.hear(
                reader.which(1, area, YEARS, kinds), numbers["n"] if numbers["n"] is not None else math.nan, key
            )
    assert hidden > 0
    assert not reader.worked_out([(0, THEN, KINDS), (1, YEARS, KINDS), (1, THEN, THEFT)])


@pytest.mark.parametrize("which", [1, 2], ids=["the own recipe", "a filter"])
def test_the_service_tells_what_the_release_holds_and_no_more(told, which):
    shown = told[which]
    client = TestClient(Starlette(routes=feature_routes(Site(), lambda _audience: shown)))
    for key, layer in shown.layers.items():
        rows = client.get(f"/ogc/collections/{key}/items?limit=10000").json()["features"]
        assert len(rows) == len(layer.frame)
        for row in rows:
            n = layer.frame.loc[row["id"], "n"]
            assert row["properties"].get("n") == (None if math.isnan(n) else n), (key, row["id"])
