"""Everything that leaves a release, written down door by door, so that two worlds can be held against each other."""

import json
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from io import BytesIO, StringIO
from unittest.mock import patch

import geopandas as gpd
import numpy as np
import pyogrio
import pypdf
import pytest
import rasterio
from starlette.applications import Starlette
from starlette.testclient import TestClient

from hotspot.cli import main
from hotspot.release import release
from hotspot.report import hotspot_table, priority_table, row_sentence, value_texts
from hotspot.report.document import paper_docx
from hotspot.report.export import write_csv, write_geojson, write_run_json, write_surfaces
from hotspot.report.frames import portfolio_frame, priority_frame
from hotspot.report.geopackage import write_geopackage
from hotspot.report.paper import paper_pdf
from hotspot.service import feature_routes
from hotspot.service.features import collections_of
from hotspot.site import Site
from tests.release.village import OWNER

QUERIES = (
    "limit=10000", "limit=2&offset=1", "sortby=n", "sortby=-value", "filter=n%3D3", "n=3", "cell=200", "zoom=19",
    "audience=admin", "period=2024-01-01/2024-01-31", "bbox=10.59,55.92,10.62,55.94",
    "geom=POLYGON((0%200,1%200,1%201,0%200))", "properties=n", "bbox=nan,nan,nan,nan", "bbox=1,2", "limit=-1",
)  # fmt: skip


def shown_to(result, audience):
    """What an audience may see of a village; the mark of the data and how long it took left out."""
    owner = OWNER if audience == "partner" else ""
    return replace(release(result, audience, owner=owner), key="one", record={})


def service_says(shown):
    """Every collection, and one of them asked in every way."""
    client = TestClient(Starlette(routes=feature_routes(Site(), lambda _audience: shown)))
    said = {}
    for path in ("", "/api", "/collections", "/collections/persons", "/collections/persons/items"):
        said[path] = client.get(f"/ogc{path}").text
    for name in collections_of(shown):
        for query in QUERIES if name == "observed_expected" else QUERIES[:1]:
            said[f"{name}?{query}"] = client.get(f"/ogc/collections/{name}/items?{query}").text
    return said


def files_say(shown, folder):
    """Every file that `hotspot export` writes, read again."""
    folder.mkdir(parents=True)
    said = {}
    write_geopackage(shown, folder / "all.gpkg", "en")
    for name, _kind in pyogrio.list_layers(folder / "all.gpkg"):
        table = gpd.read_file(folder / "all.gpkg", layer=name)
        said[f"gpkg {name}"] = table.to_csv(index=False)
    for name, frame in (("priorities", priority_frame(shown, "da")), ("portfolio", portfolio_frame(shown, "da"))):
        write_csv(frame, folder / f"{name}.csv", "da")
        said[f"csv {name}"] = (folder / f"{name}.csv").read_text("utf-8")
    for name in ("areas", "hotspots", "priorities"):
        if name == "priorities" or len(shown.geometry[name]):
            write_geojson(shown, name, folder / f"{name}.geojson", "en")
            said[f"geojson {name}"] = (folder / f"{name}.geojson").read_text("utf-8")
    write_run_json(shown, folder / "run.json")
    said["run.json"] = (folder / "run.json").read_text("utf-8")
    for path in write_surfaces(shown, folder / "surfaces"):
        with rasterio.open(path) as file:
            for factor in (1, *file.overviews(1)):
                said[f"{path.name} {factor}"] = np.array2string(file.read()[:, ::factor, ::factor], threshold=10**9)
    return said


def texts_say(shown):
    """Tables and sentences in both languages."""
    said = {}
    for language in ("da", "en"):
        said[f"priorities {language}"] = json.dumps(priority_table(shown, language), default=str)
        said[f"hot spots {language}"] = json.dumps(hotspot_table(shown, language), default=str)
        for key, layer in shown.layers.items():
            if layer.frame is not None:
                said[f"{key} {language}"] = "\n".join(value_texts(layer, layer.frame.index, language))
            if layer.spec.support == "areas":
                rows = [row_sentence(layer, each, language) for each in layer.frame.index]
                said[f"{key} in a sentence {language}"] = "\n".join(rows)
    return said


def paper_says(shown):
    """The paper's words, and every stroke of its charts and maps."""
    pages = pypdf.PdfReader(BytesIO(paper_pdf(shown, "en"))).pages
    said = {f"page {at}": page.extract_text() for at, page in enumerate(pages)}
    said |= {f"strokes {at}": page.get_contents().get_data().decode("latin-1") for at, page in enumerate(pages)}
    with zipfile.ZipFile(BytesIO(paper_docx(shown, "en"))) as parts:
        said |= {name: parts.read(name).decode("utf-8") for name in ("word/document.xml",)}
    return said


def everything(result, audience, folder, *, paper=False):
    """What one audience is told, by door."""
    shown = shown_to(result, audience)
    said = service_says(shown) | files_say(shown, folder) | texts_say(shown)
    return said | (paper_says(shown) if paper else {})


def said(folder, command, *rest):
    """What the command line answers."""
    told = StringIO()
    words = ["hotspot", command, str(folder), *rest]
    with (
        patch.object(sys, "argv", words),
        redirect_stdout(told),
        redirect_stderr(told),
        pytest.raises(SystemExit) as end,
    ):
        main()
    return end.value.code, told.getvalue().replace(str(folder), "")
