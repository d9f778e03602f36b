"""The table of categories on the page: shown by source, kept when pressed, refused in words, taken from an upload."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from streamlit.testing.v1 import AppTest

from hotspot.store import Store
from hotspot.study import Study
from hotspot.tables import Coverage, Delivery, table_of

TOWN = shapely.box(636_251, 6_236_309, 642_463, 6_241_519)


def form(folder):  # Streamlit runs its text alone, so it names nothing from outside
    from pathlib import Path
    from types import SimpleNamespace

    from hotspot.store import Store
    from hotspot.ui.parts.intake import categories_form, import_form

    store = Store(Path(folder))
    desk = SimpleNamespace(store=store, folder=Path(folder), snapshot=store.snapshot)
    view = SimpleNamespace(language="en", asked=SimpleNamespace(study=store.study), desk=desk)
    import_form(view)
    categories_form(view)


@pytest.fixture
def folder(tmp_path):
    store = Store.create(tmp_path / "study", Study("Ternevig", "EPSG:25832"), TOWN)
    for source, codes in {"politi": ["Tyveri", "K-17"], "kommune": ["K-17"]}.items():
        n, noon = len(codes), pd.Timestamp("2024-05-01 12:00", tz="UTC")
        frame = gpd.GeoDataFrame(
            {"incident_id": [f"{source}{i}" for i in range(n)], "source": source, "code": codes, "start": noon,
             "end": noon, "time_basis": "instant", "weight": 1.0, "location_error_m": 5.0},
            geometry=gpd.points_from_xy([639_000.0] * n, [6_238_000.0] * n), crs="EPSG:25832",
        )  # fmt: skip
        nothing = pd.DataFrame({"row": [], "reason": []})
        table = table_of("incidents", frame, store.place, (Coverage(source),))
        store.keep(Delivery(table, nothing, (), n, source))
    return store.folder


def shown(folder):
    return AppTest.from_function(form, args=(str(folder),), default_timeout=120).run()


def test_codes_stand_side_by_side_and_those_without_a_category_are_told(folder):
    app = shown(folder)
    assert not app.exception
    assert app.warning[-1].value == "Codes without a category: 1; rows not counted for it: 2."
    codes = app.dataframe[0].value
    assert codes[["code", "n kommune", "n politi"]].to_numpy().tolist() == [["K-17", 1, 1], ["Tyveri", 0, 1]]
    assert codes["category"].tolist() == ["–", "theft"]
    said = app.dataframe[1].value.set_index("category")
    assert said.index[0] == "theft", "those in use come first"
    assert not said.loc["burglary", "outdoor"]
    assert said.loc["riding", "line"]
    assert said.loc["other", "parent"] == "–", "nothing reads None"


def test_a_table_kept_without_an_edit_says_what_the_product_says(folder):
    before = Store(folder).snapshot().hashes
    app = shown(folder).button(key="categories-keep").click().run()
    assert app.success[-1].value.startswith("The table is kept.")
    assert (folder / "categories.csv").read_text("utf-8-sig").count("\n") == 1
    assert Store(folder).snapshot().hashes == before


def test_an_uploaded_table_is_taken_in_and_a_faulty_one_is_refused_in_words(folder):
    app = shown(folder)
    app = app.file_uploader[0].upload("categories.csv", b"code;category\nK-17;moon\n", "text/csv").run()
    assert "row 2: “moon”" in app.error[0].value
    assert app.button(key="categories-take").disabled
    app = app.file_uploader[0].upload("categories.csv", b"code;category\nK-17;graffiti\n", "text/csv").run()
    app = app.button(key="categories-take").click().run()
    assert app.success[0].value.startswith("The table is kept.")
    assert Store(folder).categories().codes["k-17"] == "graffiti"
