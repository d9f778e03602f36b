"""A small WFS, OGC API and PostGIS of our own on loopback: what a municipality's servers answer."""

import json
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pytest

PAGE = 100  # never more than this in one answer
WFS_AT_ONCE = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:kort="http://kort.example/" numberMatched="{matched}" numberReturned="{returned}">{members}
</wfs:FeatureCollection>"""
MEMBER = """<wfs:member><kort:{name} gml:id="{name}.{row}">{fields}
<kort:geom><gml:Point gml:id="g.{row}" srsName="{crs}"><gml:pos>{x} {y}</gml:pos></gml:Point></kort:geom>
</kort:{name}></wfs:member>"""
CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:kort="http://kort.example/">
<ows:OperationsMetadata>
{operations}
<ows:Constraint name="ImplementsResultPaging"><ows:NoValues/><ows:DefaultValue>{says_pages}</ows:DefaultValue>
</ows:Constraint>
<ows:Constraint name="CountDefault"><ows:NoValues/><ows:DefaultValue>{page}</ows:DefaultValue></ows:Constraint>
</ows:OperationsMetadata>
<FeatureTypeList xmlns="http://www.opengis.net/wfs/2.0">{types}</FeatureTypeList></wfs:WFS_Capabilities>"""
OPERATION = """<ows:Operation name="{name}"><ows:DCP><ows:HTTP><ows:Get xlink:href="{home}"/></ows:HTTP></ows:DCP>
</ows:Operation>"""
TYPE = """<FeatureType><Name>kort:{name}</Name><Title>{name}</Title><DefaultCRS>{crs}</DefaultCRS></FeatureType>"""
SCHEMA = """<?xml version="1.0" encoding="UTF-8"?>
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:kort="http://kort.example/" targetNamespace="http://kort.example/" elementFormDefault="qualified">
<xsd:complexType name="{name}Type"><xsd:complexContent><xsd:extension base="gml:AbstractFeatureType"><xsd:sequence>
{fields}<xsd:element name="geom" type="gml:PointPropertyType" minOccurs="0"/>
</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType>
<xsd:element name="{name}" type="kort:{name}Type" substitutionGroup="gml:AbstractFeature"/></xsd:schema>"""


@contextmanager
def serving(
    layers: dict[str, gpd.GeoDataFrame], *, urn: str = "urn:ogc:def:crs:EPSG::25832", pages: bool = True
) -> Iterator[str]:
    """Serve layers of points as WFS 2.0 (/wfs) and OGC API (/ogc) on a free port; yields the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
            made = (
                _wfs(layers, urn, self.home(), query, pages=pages)
                if parts.path == "/wfs"
                else _ogc(layers, self.home(), parts.path, query)
            )
            kind = "text/xml" if parts.path == "/wfs" else "application/json"
            if parts.path.endswith("/items"):
                kind = "application/geo+json"
            self.send_response(404 if made is None else 200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write((made or "").encode())

        def home(self) -> str:
            return f"http://127.0.0.1:{self.server.server_port}"

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    # a process of its own: GDAL holds Python's lock while it waits for an answer
    process = multiprocessing.get_context("fork").Process(target=server.serve_forever, daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        process.terminate()
        process.join()
        server.server_close()


def _wfs(layers: dict[str, gpd.GeoDataFrame], urn: str, home: str, query: dict[str, str], *, pages: bool) -> str:
    asked = query.get("request", "").lower()
    name = query.get("typenames", query.get("typename", "")).rpartition(":")[2]
    if asked == "describefeaturetype":
        fields = "".join(
            f'<xsd:element name="{column}" type="xsd:string" minOccurs="0"/>' for column in layers[name].columns[:-1]
        )
        return SCHEMA.format(name=name, fields=fields)
    if asked == "getfeature":
        frame = layers[name]
        first = int(query.get("startindex", 0)) if pages else 0
        part = frame.iloc[first : first + min(PAGE, int(query.get("count", PAGE)))]
        if query.get("resulttype") == "hits":
            part = part.iloc[:0]
        turned = urn.endswith("4326")  # latitude first, as the name demands
        members = "".join(
            MEMBER.format(
                name=name,
                row=row,
                crs=urn,
                fields="".join(
                    f"<kort:{column}>{value}</kort:{column}>" for column, value in cells.items() if column != "geometry"
                ),
                x=cells["geometry"].y if turned else cells["geometry"].x,
                y=cells["geometry"].x if turned else cells["geometry"].y,
            )
            for row, cells in part.iterrows()
        )
        return WFS_AT_ONCE.format(matched=len(frame), returned=len(part), members=members)
    operations = "".join(
        OPERATION.format(name=each, home=home + "/wfs")
        for each in ("GetCapabilities", "DescribeFeatureType", "GetFeature")
    )
    types = "".join(TYPE.format(name=each, crs=urn) for each in layers)
    return CAPABILITIES.format(operations=operations, types=types, says_pages=str(pages).upper(), page=PAGE)


def _ogc(layers: dict[str, gpd.GeoDataFrame], home: str, path: str, query: dict[str, str]) -> str | None:
    collection = {
        name: {
            "id": name,
            "links": [{"rel": "items", "type": "application/geo+json", "href": f"{home}/ogc/collections/{name}/items"}],
        }
        for name in layers
    }
    if path.rstrip("/") == "/ogc":
        return json.dumps({"links": [{"rel": "data", "type": "application/json", "href": f"{home}/ogc/collections"}]})
    if path == "/ogc/collections":
        return json.dumps({"collections": list(collection.values())})
    found = re.fullmatch(r"/ogc/collections/(\w+)(/items)?", path)
    if not found or found[1] not in layers:
        return None
    if not found[2]:
        return json.dumps(collection[found[1]])
    frame = layers[found[1]].to_crs(4326)
    first = int(query.get("offset", 0))
    part = frame.iloc[first : first + min(PAGE, int(query.get("limit", PAGE)))]
    body = json.loads(part.to_json(drop_id=False))
    following = f"{home}{path}?offset={first + len(part)}"
    body["links"] = (
        [{"rel": "next", "type": "application/geo+json", "href": following}] if first + len(part) < len(frame) else []
    )
    return json.dumps(body)


@contextmanager
def postgis() -> Iterator[str]:
    """Start a database of our own with PostGIS on a free loopback port; yields its address."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    there = programs or ([Path(found)] if (found := shutil.which("initdb")) else [])
    if not there:
        missing = "PostgreSQL with PostGIS is missing: apt-get install postgresql postgresql-postgis"
        (pytest.fail if os.environ.get("CI", "").lower() in {"1", "true"} else pytest.skip)(missing)
    bin_, user = there[-1].parent, "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="hotspot-pg-", ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, user)
        data = str(Path(folder) / "data")
        make = [str(bin_ / "initdb"), "-D", data, "-U", "kort", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
        subprocess.run(make, user=user, check=True, capture_output=True, cwd=folder)
        start = [str(bin_ / "postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
        server = subprocess.Popen(start, user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield _awaited(f"127.0.0.1:{port}")
        finally:
            server.terminate()
            server.wait(20)


def _awaited(host: str) -> str:
    import psycopg

    for _ in range(150):
        try:
            with psycopg.connect(f"postgresql://kort@{host}/postgres", autocommit=True) as connection:
                connection.execute("create extension if not exists postgis")
                return f"postgresql://kort@{host}/postgres"
        except psycopg.OperationalError:
            time.sleep(0.2)
    pytest.fail("the database did not start")
