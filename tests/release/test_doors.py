"""Every door of the app, with all that can be written into an address: what a reader gets there, and what not."""

import json
import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from hotspot.store import Store
from hotspot.ui.desk import work_run
from hotspot.ui.parts import maps
from tests.release.village import DAYS, OWNER, village

PAGES = ("map_page", "hot_spots", "priorities", "data")
SMALL = {"V1": 3, "V3": 2}  # thefts of 2024
FORGED = {
    "recipe": "theft", "from": "2024-01-01", "to": "2024-01-31", "period": "2024-01-01..2024-01-31",
    "category": "theft", "categories": "theft", "light": "dark", "audience": "admin", "view": "admin", "as": "liaison",
    "owner": "Others", "place": "V1", "hotspot": "x", "bbox": "600400,6200000,600800,6200400",
    "polygon": "POLYGON((0 0,1 0,1 1,0 0))",
    "sort": "n", "order": "desc", "zoom": "19", "cell": "V1", "key": "0", "step": "2",
}  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    store = village(tmp_path_factory.mktemp("doors") / "village")
    own = store.study.but(categories=("theft",), period=(DAYS[0].replace(year=2024), DAYS[1]))
    own.write(store.folder / "study.toml")
    store.close()
    work_run(str(store.folder), own.plain(), lambda _step, _share: None)
    (store.folder / "recipes").mkdir()
    planners = own.but(categories=(), period=None)
    planners.write(store.folder / "recipes" / f"{planners.key}.toml")
    return store.folder


def page(folder, audience, owner, name):  # Streamlit runs its text alone, so it names nothing from outside
    import importlib

    import streamlit as st

    from hotspot.ui import form
    from hotspot.ui.access import Reader
    from hotspot.ui.desk import open_desk
    from hotspot.ui.view import View

    desk = open_desk(folder)
    reader = Reader(audience, owner, "3f9a")
    asked = form.sidebar(desk, reader, "en")
    release = desk.release_of(asked.study, asked.audience, asked.owner)
    if release is None:
        st.session_state["waits"] = asked.study.key
    else:
        form.account(desk, reader, asked, release.key)
        st.session_state["seen"] = release.audience
        importlib.import_module(f"hotspot.ui.pages.{name}").show(View(release, "en", asked, desk))


@pytest.fixture
def visit(study, monkeypatch):
    """Open a page as somebody, and return it with what its maps were sent."""
    sent = []
    monkeypatch.setattr(maps, "show_map", lambda shapes, shown, **_how: sent.append((shapes, shown)))

    def visited(audience, name, address=None):
        sent.clear()
        owner = OWNER if audience == "partner" else ""
        app = AppTest.from_function(page, args=(str(study), audience, owner, name), default_timeout=60)
        for key, value in (address or {}).items():
            app.query_params[key] = value
        app.run()
        assert not app.exception
        return app, list(sent)

    return visited


def texts(app):
    """Everything that a page writes, tables cell by cell."""
    plain = [str(each.value) for kind in ("markdown", "caption", "title", "header", "subheader", "info", "warning",
                                          "success", "error", "metric") for each in getattr(app, kind)]  # fmt: skip
    cells = [str(cell) for kind in ("table", "dataframe") for each in getattr(app, kind)
             for row in each.value.itertuples() for cell in row]  # fmt: skip
    return plain + cells


def sent_values(sent):
    marks = [mark for _shapes, shown in sent for mark in shown.marks if getattr(mark, "values", None) is not None]
    return [{str(key): mark.values[key] for key in sorted(mark.values.index)} for mark in marks]


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_a_council_member_writes_into_an_address_changes_the_answer(visit, study, name):
    stored = next((study / "recipes").glob("*.toml")).stem
    app, sent = visit("council", name)
    before = (study / "released.jsonl").read_text("utf-8")
    forged, sent_too = visit("council", name, FORGED | {"r": stored})
    assert texts(forged) == texts(app)
    assert str(sent_values(sent_too)) == str(sent_values(sent))  # as text, since no missing number equals another
    assert forged.session_state["seen"] == "council"
    assert not forged.sidebar.multiselect
    assert not forged.sidebar.selectbox
    assert (study / "released.jsonl").read_text("utf-8") == before


@pytest.mark.parametrize("audience", ["council", "partner", "planner"])
def test_no_page_tells_a_small_count_by_number_or_by_colour(visit, audience):
    for layer in ("observed_expected", "nuisance"):
        app, sent = visit(audience, "map_page", {"layer": layer})
        rows = next(each.value for each in app.table).set_index("code")
        for area_id in rows.index.intersection(list(SMALL)):
            told = " ".join(rows.loc[area_id].astype(str)).replace(f"Place {area_id}", "")
            assert not re.search(r"\d", told.replace("5", ""))  # the threshold is no secret
        for values in sent_values(sent):
            assert pd.Series({area_id: values.get(area_id) for area_id in SMALL}, dtype=float).isna().all()
    listed = [str(cell) for each in visit(audience, "priorities")[0].table for cell in each.value.to_numpy().ravel()]
    assert listed
    assert not [cell for cell in listed if re.search(r"Observed against expected.*\b[23] incidents", cell)]


def test_a_planner_may_filter_and_is_accounted_for_after_the_answer_alone(visit, study):
    store = Store(study)
    lines = len((study / "audit.jsonl").read_text("utf-8").splitlines())
    free = store.study.but(categories=("vandalism",))
    free.write(study / "recipes" / f"{free.key}.toml")
    app, _sent = visit("planner", "map_page", {"r": free.key})
    assert app.session_state["waits"] == free.key
    assert len((study / "audit.jsonl").read_text("utf-8").splitlines()) == lines
    work_run(str(study), free.plain(), lambda _step, _share: None)
    app, _sent = visit("planner", "map_page", {"r": free.key})
    told = json.loads((study / "audit.jsonl").read_text("utf-8").splitlines()[-1])
    assert set(told) == {"at", "what", "role", "as", "who", "filters", "recipe", "result"}
    assert (told["what"], told["as"], told["who"], told["filters"]) == ("filter", "planner", "3f9a", ["categories"])
    assert told["recipe"] == free.key
    assert told["result"] == store.snapshot().key_for(free)


@pytest.mark.parametrize("change", [{"cell_m": 200.0}, {"cell_m": 50.0, "categories": ("vandalism",)}, {"seed": 99}])
def test_nobody_under_the_rule_gets_cells_of_another_size_over_the_studys_own(visit, study, change):
    """Sums of larger cells, less those of the smaller ones inside that are shown, would tell those that are hidden."""
    own = Store(study).study
    stored = own.but(**change)
    stored.write(study / "recipes" / f"{stored.key}.toml")
    offered = own.but(categories=stored.categories)
    work_run(str(study), offered.plain(), lambda _step, _share: None)
    app, _sent = visit("planner", "map_page", {"r": stored.key})
    assert app.session_state["seen"] == "planner"
    assert app.query_params["r"] != [stored.key]
    assert [each for each in app.sidebar.warning if "not kept here" in each.value]
    app, _sent = visit("admin", "map_page", {"r": stored.key})
    assert app.session_state["waits"] == stored.key
