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
    from hotspot.ui.form import _recipe

    desk = SimpleNamespace(snapshot=lambda: SimpleNamespace(tables={}))
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
