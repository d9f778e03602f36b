"""Small files of a fictional town, good and bad, that show what each kind of delivery may look like."""

import csv
import io
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import shapely
import streamlit as st

from hotspot.errors import N_
from hotspot.glossary import words
from hotspot.report.names import KINDS as KIND_NAMES
from hotspot.ui.view import View

GOOD: Mapping[str, str] = MappingProxyType(
    {
        "incidents": """Sagsnr;Gerningstekst;Tidspunkt;X;Y
F-001;Hærværk;03-02-2025 22:15;639519,4;6237223,3
F-002;Indbrud i beboelse;04-02-2025 14:30;639871,9;6237193,4
F-003;Vold;09-02-2025 01:40;639602,1;6238310,8
""",
        "lamps": """Mastenr;Ejer;Mastehøjde_m;Lumen;Effekt_W;Lyskilde;X;Y
L-01;Kommune;6;3200;28;LED;639520,0;6237230,0
L-02;Kommune;6;3200;28;LED;639545,0;6237231,0
L-03;Boligforening;4;1800;16;LED;639571,0;6237233,0
""",
        "green": """Objekt_id;Elementtype;Tilstand;WKT
G-1;Hæk;2;LINESTRING (639500 6237240, 639560 6237242)
G-2;Busket;3;POLYGON ((639500 6237300, 639540 6237300, 639540 6237330, 639500 6237330, 639500 6237300))
""",
        "responses": """Svarnr;Dato;Område;Vægt;Tryg_mørke;Tryg_dag
S-1;12-09-2025;B01;14,9;Ret utryg;Meget tryg
S-2;13-09-2025;B01;15,2;Ret tryg;Ret tryg
S-3;13-09-2025;B02;16,1;Meget utryg;Ret tryg
""",
        "areas": """Område_id;Navn;Type;Beboere;WKT
B01;Fyrvangen;Bolig;410;"POLYGON ((639500 6237200, 639700 6237200, 639700 6237400, 639500 6237400, 639500 6237200))"
B02;Elmehegnet;Bolig;380;"POLYGON ((639700 6237200, 639900 6237200, 639900 6237400, 639700 6237400, 639700 6237200))"
""",
        "population": """Celle;Beboere;Husstande
100m_62372_6395;34;16
100m_62372_6396;28;13
""",
        "visits": """Sted_id;Type;Besøg_pr_dag;X;Y
V-1;Station;780;639639,3;6238822,0
V-2;Butik;310;639600,0;6238300,0
""",
        "roads": """Vej_id;Type;Navn;Belyst;WKT
R-1;Sti;Fyrstien;Ja;LINESTRING (639500 6237240, 639700 6237250)
R-2;Vej;Fyrvej;Ja;LINESTRING (639500 6237200, 639500 6237400)
""",
        "buildings": """Bygning_id;Type;WKT
H-1;Bolig;"POLYGON ((639520 6237320, 639560 6237320, 639560 6237332, 639520 6237332, 639520 6237320))"
""",
        "interventions": """Indsats_id;Tiltag;Titel;Start;Slut;Status;X;Y
I-1;Ny belysning;Lys på Fyrstien;01-03-2024;15-05-2024;Udført;639600;6237245
""",
        "prices": """Tiltag;Enhed;Anlæg_kr;Drift_kr_pr_år;Levetid_år;Kilde
Ny belysning;pr. lampe;6200;180;20;Fiktiv prisliste
Nabohjælp;pr. sted;15000;4000;5;Fiktiv prisliste
""",
    }
)


class Example(NamedTuple):
    """A file to download.

    Attributes
    ----------
    name, mime
        What it is called and its type.
    data
        Its bytes.
    """

    name: str
    mime: str
    data: bytes


def good_file(kind: str) -> Example:
    """Return a good file of a kind: CSV, or GeoJSON where its rows have shapes.

    Parameters
    ----------
    kind
        A kind of `hotspot.tables.KINDS`.

    Returns
    -------
    Example
        In the reference system EPSG:25832.
    """
    rows = list(csv.DictReader(io.StringIO(GOOD[kind]), delimiter=";"))
    if "WKT" not in rows[0]:
        return Example(f"{kind}-good.csv", "text/csv", GOOD[kind].encode("utf-8-sig"))
    features = [
        {
            "type": "Feature",
            "properties": {name: text for name, text in row.items() if name != "WKT"},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(row["WKT"]))),
        }
        for row in rows
    ]
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    whole = {"type": "FeatureCollection", "crs": system, "features": features}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    return Example(f"{kind}-good.geojson", "application/geo+json", text.encode())


class Bad(NamedTuple):
    """A file that shows a trap.

    Attributes
    ----------
    kind
        What it holds.
    wrong
        What is wrong with it and what becomes of it.
    text
        The file.
    """

    kind: str
    wrong: str
    text: str


BAD: Mapping[str, Bad] = MappingProxyType(
    {
        "persons": Bad(
            "incidents",
            N_("a column with names of persons: refused until the column is left out"),
            """Sagsnr;Gerningstekst;Tidspunkt;Anmelder;X;Y
F-001;Hærværk;03-02-2025 22:15;Anders Andersen;639519,4;6237223,3
F-002;Vold;09-02-2025 01:40;Bente Hansen;639602,1;6238310,8
""",
        ),
        "month-first": Bad(
            "incidents",
            N_("dates with the month first: read only once you accept it"),
            """Case number,Crime type,Date,X,Y
F-001,Vandalism,02/23/2025 22:15,639519.4,6237223.3
F-002,Violence,02/09/2025 01:40,639602.1,6238310.8
""",
        ),
        "no-place": Bad(
            "incidents",
            N_("rows without a place, or at 0,0: set aside, to be corrected"),
            """Sagsnr;Gerningstekst;Tidspunkt;X;Y
F-001;Hærværk;03-02-2025 22:15;639519,4;6237223,3
F-002;Vold;09-02-2025 01:40;0;0
F-003;Tyveri;10-02-2025 12:00;;
""",
        ),
        "millimetres": Bad(
            "lamps",
            N_("coordinates in millimetres, and no word of it: read right once you accept it"),
            """Mastenr;Mastehøjde_m;Lumen;X;Y
L-01;6;3200;639520000;6237230000
L-02;6;3200;639545000;6237231000
""",
        ),
    }
)


def show_examples(view: View) -> None:
    """Offer the examples.

    Parameters
    ----------
    view
        Whose words.
    """
    _ = words(view.language)
    with st.expander(_("Examples of good and bad files")):
        st.write(
            _("All are small and of the fictional town Ternevig: elsewhere their places lie outside the boundary.")
        )
        good, bad = st.columns(2)
        kind = good.selectbox(
            _("A good file of"), list(GOOD), format_func=lambda each: _(KIND_NAMES.get(each, each)),
            key="intake-example-good",
        )  # fmt: skip
        _offer(good, _("Download the good file"), good_file(kind))
        trap = bad.selectbox(
            _("A bad file with"), list(BAD), format_func=lambda each: _(BAD[each].wrong), key="intake-example-bad"
        )
        data = BAD[trap].text.encode("utf-8-sig")
        _offer(bad, _("Download the bad file"), Example(f"{BAD[trap].kind}-{trap}.csv", "text/csv", data))


def _offer(where: "st.delta_generator.DeltaGenerator", label: str, file: Example) -> None:
    where.download_button(label, file.data, file.name, file.mime, on_click="ignore", key=f"intake-example-{file.name}")
