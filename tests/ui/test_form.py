"""The form gives back the recipe it was given, and only what the reader changed differs."""

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from hotspot.study import Study
from hotspot.ui.form import _periods

STUDIES = {
    "plain": Study(name="Town", crs="EPSG:25832"),
    "chosen": Study(
        name="Town", crs="EPSG:25832", categories=("vandalism", "riding"), light=("dark",), budget_dkk=123_456.78,
        period=(dt.date(2023, 2, 3), dt.date(2024, 5, 6)),
    ),
}  # fmt: skip


def script(study):  # Streamlit runs its text alone, so it names nothing from outside
    from types import SimpleNamespace

    import streamlit as st

    from hotspot.glossary import words
    from hotspot.packaged import categories
    from hotspot.ui.form import _recipe

    desk = SimpleNamespace(snapshot=lambda: SimpleNamespace(tables={}, categories=categories()))
    st.session_state["asked"] = _recipe(desk, study, words("en"), "en")


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_an_untouched_form_gives_the_same_recipe(study: Study) -> None:
    app = AppTest.from_function(script, args=(study,)).run()
    assert app.session_state["asked"] is None
    app.button[0].click().run()
    assert app.session_state["asked"] == study


def test_another_budget_changes_the_budget_alone() -> None:
    app = AppTest.from_function(script, args=(STUDIES["chosen"],)).run()
    app.number_input[0].set_value(250.0)
    app.button[0].click().run()
    assert app.session_state["asked"] == STUDIES["chosen"].but(budget_dkk=250_000.0)


def test_no_light_means_all_light() -> None:
    app = AppTest.from_function(script, args=(STUDIES["chosen"],)).run()
    app.button_group[0].set_value([])
    app.button[0].click().run()
    assert app.session_state["asked"] == STUDIES["chosen"].but(light=("day", "dusk", "dark"))


def test_only_whole_covered_years_can_be_chosen() -> None:
    covered = dt.date(2022, 6, 1), dt.date(2024, 12, 31)
    offered = _periods(covered, None, lambda text, **_values: text)
    assert list(offered) == ["all days covered", "2023", "2024"]


def visits(own, recipes):
    from types import SimpleNamespace

    import streamlit as st

    from hotspot.ui.access import Reader
    from hotspot.ui.form import Asked, account

    told = st.session_state.setdefault("told", [])
    desk = SimpleNamespace(store=SimpleNamespace(study=own, audit=lambda what, details: told.append((what, details))))
    for recipe in recipes:
        account(desk, Reader("planner", mark="3f9a"), Asked(recipe, "planner", "", "en"), "1234abcd")


def test_a_free_filter_is_told_once_by_its_name_and_never_by_its_value() -> None:
    own, other = STUDIES["plain"], STUDIES["chosen"]
    app = AppTest.from_function(visits, args=(own, [own, other, other])).run()
    app.run()
    told = app.session_state["told"]
    assert [what for what, _details in told] == ["filter", "filter"]  # the own recipe lay between
    assert told[0][1] == {
        "role": "planner", "as": "planner", "who": "3f9a", "recipe": other.key, "result": "1234abcd",
        "filters": ["period", "categories", "light", "budget_dkk"],
    }  # fmt: skip
    assert "vandalism" not in str(told)
    assert "2023" not in str(told)


def looks(own, mark):
    from types import SimpleNamespace

    import streamlit as st

    from hotspot.ui.access import Reader
    from hotspot.ui.form import Asked, account

    told = st.session_state.setdefault("told", [])
    desk = SimpleNamespace(store=SimpleNamespace(study=own, audit=lambda what, details: told.append((what, details))))
    for audience in ("council", "planner", "liaison", "liaison"):
        account(desk, Reader("liaison", mark=mark), Asked(own, audience, "", "en"), "1234abcd")


@pytest.mark.parametrize(("mark", "looked"), [("3f9a", ["liaison"]), ("", [])])
def test_who_signed_in_and_sees_every_count_is_told_once_without_a_filter_too(mark: str, looked: list[str]) -> None:
    app = AppTest.from_function(looks, args=(STUDIES["plain"], mark)).run()
    told = app.session_state["told"]
    assert [(what, details["as"], details["result"]) for what, details in told] == [
        ("look", each, "1234abcd") for each in looked
    ]


def forges(own):
    from types import SimpleNamespace

    import streamlit as st

    from hotspot.glossary import words
    from hotspot.ui import form
    from hotspot.ui.access import Reader

    form.st = SimpleNamespace(sidebar=SimpleNamespace(selectbox=lambda *_told, **_named: "admin"))
    try:
        st.session_state["eyes"] = form._audience(Reader("planner"), words("en"))
    finally:
        form.st = st


def test_eyes_that_were_never_offered_are_not_given() -> None:
    app = AppTest.from_function(forges, args=(STUDIES["plain"],)).run()
    assert app.session_state["eyes"] == "council"


def arrives(own, key):
    from types import SimpleNamespace

    import streamlit as st

    from hotspot.packaged import categories
    from hotspot.ui.access import Reader
    from hotspot.ui.form import sidebar

    desk = SimpleNamespace(
        store=SimpleNamespace(study=own, audit=lambda *_told: None),
        recipe=lambda _key: own, snapshot=lambda: SimpleNamespace(tables={}, categories=categories()),
    )  # fmt: skip
    st.session_state["kept_r"] = key
    sidebar(desk, Reader("planner"), "en")


@pytest.mark.parametrize(("known", "warnings"), [(True, 0), (False, 1)])
def test_an_address_whose_recipe_is_not_kept_is_told(known: bool, warnings: int) -> None:  # noqa: FBT001 - a case
    own = STUDIES["plain"]
    app = AppTest.from_function(arrives, args=(own, own.key if known else "5a1b2c3d4e5f")).run()
    assert not app.exception
    assert len(app.sidebar.warning) == warnings
