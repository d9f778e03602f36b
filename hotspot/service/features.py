"""OGC API Features, part 1: collections of what one audience may see, as GeoJSON with paging.

Reference: OGC 17-069r4, https://docs.ogc.org/is/17-069r4/17-069r4.html
"""

import hashlib
import hmac
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hotspot.crs import to_wgs84
from hotspot.errors import AccessError
from hotspot.release import Release
from hotspot.site import Audience, Site

_LIMIT, _MOST = 100, 10_000
_CONFORMS = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
]
_GEOJSON = "application/geo+json"
Releases = Callable[[Audience], Release]
Account = Callable[[dict[str, str]], object]
_MARK, _DONE = 12, 200


def feature_routes(site: Site, releases: Releases, prefix: str = "/ogc", account: Account | None = None) -> list[Route]:
    """Return the routes of the service, to be mounted beside the app.

    Parameters
    ----------
    site
        Decides who asks: without a sign-in whoever reaches this machine's loopback address is its one user;
        with one, a token of ``site.tokens`` in the header ``Authorization: Bearer …``.
    releases
        Audience to what it may see.
    prefix
        Where the service begins.
    account
        Told once of everything that a token fetched and of its answer: as, who, collection and result.

    Returns
    -------
    list of Route
        Landing page, conformance, description, collections and their items.
    """
    service = _Service(site, releases, prefix, account)
    paths = {
        "": service.landing,
        "/": service.landing,
        "/conformance": service.conformance,
        "/api": service.description,
        "/collections": service.collections,
        "/collections/{name}": service.collection,
        "/collections/{name}/items": service.items,
    }
    return [Route(prefix + path, _guarded(service, handle)) for path, handle in paths.items()]


def collections_of(release: Release) -> Mapping[str, gpd.GeoDataFrame]:
    """Return what the service offers of a release, by collection.

    Parameters
    ----------
    release
        What the audience may see.

    Returns
    -------
    mapping
        Hot spots, priorities and every layer with shapes, each with its attributes.
    """
    areas = release.geometry["areas"][["geometry"]]
    plain = release.priorities.drop(columns=["reasons"], errors="ignore")
    found = {
        "hotspots": release.hotspots.drop(
            columns=["hours", "hours_dusk", "hours_dark", "by_category"], errors="ignore"
        ),
        "priorities": gpd.GeoDataFrame(plain.join(areas), geometry="geometry", crs=areas.crs),
    }
    for key, shown in release.layers.items():
        shapes = release.geometry.get(shown.spec.support)
        if shown.frame is not None and shapes is not None:
            joined = shown.frame.join(shapes[["geometry"]], how="inner")
            found[key] = gpd.GeoDataFrame(joined, geometry="geometry", crs=shapes.crs)
    return found


class _Service:
    def __init__(self, site: Site, releases: Releases, prefix: str, account: Account | None) -> None:
        self.site, self.releases, self.prefix, self.account = site, releases, prefix, account
        self._accounted: set[tuple[str, str, str]] = set()

    def asker(self, request: Request) -> tuple[Audience | None, str]:
        """Return whose eyes, and what stands for the token without telling it."""
        if self.site.sign_in == "none":
            return "admin", ""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = [role for known, role in self.site.tokens.items() if hmac.compare_digest(known, digest)]
        return (found[0] if scheme.lower() == "bearer" and found else None), digest[:_MARK]

    def note(self, audience: Audience, who: str, request: Request, release: Release) -> None:
        """Account for what was fetched, once: a map asks for the same again at every move."""
        deed = (who, str(request.path_params.get("name", "")), release.key)
        if self.account is None or not who or not deed[1] or deed in self._accounted:
            return
        self.account({"as": audience, "who": who, "collection": deed[1], "result": release.key})
        self._accounted.add(deed)

    def link(self, request: Request, path: str, rel: str, kind: str = "application/json") -> dict[str, str]:
        return {"href": str(request.base_url).rstrip("/") + self.prefix + path, "rel": rel, "type": kind}

    def landing(self, request: Request, release: Release) -> Response:
        links = [
            self.link(request, "/", "self"),
            self.link(request, "/api", "service-desc", "application/vnd.oai.openapi+json;version=3.0"),
            self.link(request, "/conformance", "conformance"),
            self.link(request, "/collections", "data"),
        ]
        return JSONResponse({"title": release.study.name, "links": links})

    def conformance(self, _request: Request, _release: Release) -> Response:
        return JSONResponse({"conformsTo": _CONFORMS})

    def description(self, request: Request, release: Release) -> Response:
        limit = {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _LIMIT}
        number = {"type": "integer", "minimum": 0, "default": 0}
        box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
        query = [
            {"name": name, "in": "query", "required": False, "schema": schema}
            for name, schema in (("limit", limit), ("offset", number), ("bbox", box))
        ]
        paths = {
            f"/collections/{name}/items": {
                "get": {
                    "operationId": f"{name}Items",
                    "parameters": query,
                    "responses": {"200": {"description": name}},
                }
            }
            for name in collections_of(release)
        }
        info = {"title": release.study.name, "version": release.key}
        server = [{"url": str(request.base_url).rstrip("/") + self.prefix}]
        return JSONResponse(
            {"openapi": "3.0.3", "info": info, "servers": server, "paths": paths},
            media_type="application/vnd.oai.openapi+json;version=3.0",
        )

    def collections(self, request: Request, release: Release) -> Response:
        every = [self._described(request, release, name, frame) for name, frame in collections_of(release).items()]
        return JSONResponse({"collections": every, "links": [self.link(request, "/collections", "self")]})

    def collection(self, request: Request, release: Release) -> Response:
        name, offered = request.path_params["name"], collections_of(release)
        if name not in offered:
            return _missing(name, offered)
        return JSONResponse(self._described(request, release, name, offered[name]))

    def _described(self, request: Request, release: Release, name: str, frame: gpd.GeoDataFrame) -> dict[str, Any]:
        title = release.layers[name].spec.title[release.study.language] if name in release.layers else name
        bounds = [float(each) for each in to_wgs84(frame).total_bounds] if len(frame) else []
        extent = {
            "spatial": {
                "bbox": [bounds] if bounds else [],
                "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            }
        }
        links = [
            self.link(request, f"/collections/{name}", "self"),
            self.link(request, f"/collections/{name}/items", "items", _GEOJSON),
        ]
        return {"id": name, "title": title, "extent": extent, "itemType": "feature", "links": links}

    def items(self, request: Request, release: Release) -> Response:
        name, offered = request.path_params["name"], collections_of(release)
        if name not in offered:
            return _missing(name, offered)
        try:
            limit = min(int(request.query_params.get("limit", _LIMIT)), _MOST)
            offset = int(request.query_params.get("offset", 0))
            box = [float(each) for each in request.query_params.get("bbox", "").split(",") if each]
        except ValueError:
            limit, offset, box = 0, 0, []
        if limit < 1 or offset < 0 or len(box) not in (0, 4) or not all(map(math.isfinite, box)):
            return JSONResponse({"code": "InvalidParameterValue", "description": "limit, offset, bbox"}, 400)
        frame = to_wgs84(offered[name])
        if box:
            frame = frame.cx[box[0] : box[2], box[1] : box[3]]
        page = frame.iloc[offset : offset + limit]
        body: dict[str, Any] = json.loads(page.to_json(na="null", to_wgs84=False, drop_id=False))
        links = [self.link(request, f"/collections/{name}/items", "self", _GEOJSON)]
        if offset + limit < len(frame):
            query = f"?limit={limit}&offset={offset + limit}" + (f"&bbox={request.query_params['bbox']}" if box else "")
            links.append(self.link(request, f"/collections/{name}/items{query}", "next", _GEOJSON))
        body |= {"links": links, "numberMatched": len(frame), "numberReturned": len(page)}
        return JSONResponse(body, media_type=_GEOJSON)


def _missing(name: str, offered: Mapping[str, object]) -> Response:
    return JSONResponse({"code": "NotFound", "description": f"{name}: {', '.join(sorted(offered))}"}, 404)


def _guarded(service: _Service, handle: Callable[..., Response]) -> Callable[[Request], Response]:
    """Give the handler the asker's own release, or nothing at all."""

    def guarded(request: Request) -> Response:
        audience, who = service.asker(request)
        if audience is None:
            return JSONResponse({"code": "Unauthorized"}, 401, {"WWW-Authenticate": "Bearer"})
        try:
            release = service.releases(audience)
        except AccessError:
            return JSONResponse({"code": "Forbidden"}, 403)  # a partner's token: the app alone knows whose areas
        response = handle(request, release)
        if response.status_code == _DONE:
            service.note(audience, who, request, release)
        return response

    return guarded
