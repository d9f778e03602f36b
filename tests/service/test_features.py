import hashlib

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hotspot.pipeline import run
from hotspot.release import release
from hotspot.service import feature_routes
from hotspot.site import Site
from hotspot.store import Store


@pytest.fixture(scope="module")
def releases(town):
    store = Store(town)
    result = run(store.study, store.snapshot(), shelf=store.shelf)
    made = {}
    return lambda audience: made.setdefault(audience, release(result, audience))


@pytest.fixture(scope="module")
def client(releases):
    return TestClient(Starlette(routes=feature_routes(Site(), releases)))


def test_the_landing_page_leads_everywhere(client):
    links = {each["rel"]: each["href"] for each in client.get("/ogc").json()["links"]}
    assert {"self", "service-desc", "conformance", "data"} <= set(links)
    for rel in ("service-desc", "conformance", "data"):
        assert client.get(links[rel]).status_code == 200


def test_items_come_in_pages_with_a_way_to_the_next(client):
    first = client.get("/ogc/collections/priorities/items?limit=10").json()
    assert (first["numberReturned"], first["numberMatched"]) == (10, 26)
    following = next(each["href"] for each in first["links"] if each["rel"] == "next")
    second = client.get(following).json()
    ids = {each["id"] for each in first["features"]} & {each["id"] for each in second["features"]}
    assert not ids
    x, y = first["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert 11 < x < 12
    assert 56 < y < 57


def test_a_box_asks_for_a_part(client):
    everything = client.get("/ogc/collections/hotspots_dark/items?limit=10000").json()
    part = client.get("/ogc/collections/hotspots_dark/items?limit=10000&bbox=11.20,56.24,11.24,56.26").json()
    assert 0 < part["numberMatched"] < everything["numberMatched"]


@pytest.mark.parametrize("query", ["limit=x", "limit=0", "offset=-1", "bbox=1,2,3", "bbox=nan,nan,nan,nan"])
def test_impossible_questions_are_refused(client, query):
    assert client.get(f"/ogc/collections/priorities/items?{query}").status_code == 400


def test_unknown_collections_are_not_found(client):
    assert client.get("/ogc/collections/persons/items").status_code == 404
    assert client.get("/ogc/collections/persons").status_code == 404


def test_with_a_sign_in_only_a_token_opens_and_its_audience_decides(releases):
    token = hashlib.sha256(b"secret").hexdigest()
    site = Site(sign_in="oidc", tokens={token: "council"})
    client = TestClient(Starlette(routes=feature_routes(site, releases)))
    assert client.get("/ogc").status_code == 401
    assert client.get("/ogc", headers={"Authorization": "Bearer wrong"}).status_code == 401
    names = client.get("/ogc/collections", headers={"Authorization": "Bearer secret"}).json()["collections"]
    assert "felt_unsafe" in {each["id"] for each in names}
    assert not {"hotspots_dark", "path_light"} & {each["id"] for each in names}


def opened(releases, audience, told):
    token = hashlib.sha256(b"secret").hexdigest()
    site = Site(sign_in="oidc", tokens={token: audience})
    return TestClient(Starlette(routes=feature_routes(site, releases, account=told.append)))


def test_what_a_token_fetched_is_accounted_for_once_and_only_after_success(releases):
    told = []
    client, key = opened(releases, "liaison", told), {"Authorization": "Bearer secret"}
    client.get("/ogc/collections/priorities/items", headers={"Authorization": "Bearer wrong"})
    client.get("/ogc/collections/persons/items", headers=key)
    client.get("/ogc/collections/priorities/items?limit=0", headers=key)
    assert not told
    for _ in range(2):
        assert client.get("/ogc/collections/priorities/items", headers=key).status_code == 200
    mark = hashlib.sha256(b"secret").hexdigest()[:12]
    assert told == [{"as": "liaison", "who": mark, "collection": "priorities", "result": releases("liaison").key}]


def test_a_token_cannot_say_whose_areas_a_partner_sees(releases):
    def refused(audience):
        return release(None, audience)

    answer = opened(refused, "partner", []).get("/ogc/collections", headers={"Authorization": "Bearer secret"})
    assert (answer.status_code, answer.json()) == (403, {"code": "Forbidden"})
