"""The steps follow from the controls alone: what is refused is told, what is accepted opens the next step."""

import pytest
import shapely
from streamlit.testing.v1 import AppTest

from hotspot.sources import read_table
from hotspot.store import Store
from hotspot.study import Study
from hotspot.ui.parts.intake import wizard
from hotspot.ui.parts.intake.examples import BAD, good_file

TOWN = shapely.box(636_251, 6_236_309, 642_463, 6_241_519)
STATED = "Reference system, if the file does not say"


def script(folder):  # Streamlit runs its text alone, so it names nothing from outside
    from pathlib import Path
    from types import SimpleNamespace

    from hotspot.store import Store
    from hotspot.ui.parts.intake import wizard

    store = Store(Path(folder))
    desk = SimpleNamespace(store=store, folder=Path(folder), snapshot=store.snapshot)
    asked = SimpleNamespace(study=store.study)
    wizard.import_form(SimpleNamespace(language="en", asked=asked, desk=desk))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(wizard, "show_places", lambda *_every: None)  # the map needs a browser
    return Store.create(tmp_path / "study", Study("Ternevig", "EPSG:25832"), TOWN).folder


def shown(folder, text):
    app = AppTest.from_function(script, args=(str(folder),), default_timeout=120).run()
    return app.file_uploader[0].upload("politi.csv", text.encode("utf-8-sig"), "text/csv").run()


def headings(app):
    return [each.value for each in app.subheader]


def ticked(app, label):
    return next(each for each in app.checkbox if each.label.startswith(label)).check().run()


def test_persons_stop_everything_until_their_column_is_left_out(folder):
    app = shown(folder, BAD["persons"].text)
    assert headings(app) == ["1. What the file is"]
    assert "Anmelder" in app.error[0].value
    assert not app.dataframe
    app = ticked(app, "Leave out the column “Anmelder”")
    assert headings(app)[1] == "2. What was found"
    assert list(app.dataframe[0].value.columns) == ["row", "Sagsnr", "Gerningstekst", "Tidspunkt", "X", "Y"]


def test_an_accepted_fix_opens_the_last_steps_and_only_import_stores(folder):
    app = shown(folder, BAD["no-place"].text)
    assert app.button(key="intake-import").disabled
    assert "5. What it covers" not in headings(app)
    app = ticked(app, "Accept")
    assert headings(app)[-2:] == ["5. What it covers", "6. Import"]
    assert Store(folder).imports() == []
    app = app.button(key="intake-import").click().run()
    assert app.success[0].value == "Imported. The answers are worked out anew."
    made = Store(folder).imports()
    assert [(each.read, each.kept, each.source) for each in made] == [(3, 1, "politi")]
    assert any("nothing changes" in each.value for each in app.run().markdown)


LATE = """Sagsnr;Gerningstekst;Tidspunkt;X;Y
F-001;Hærværk;03-02-2025 22:15;639519,4;6237223,3
F-002;Vold;04-02-2025 24:00;639602,1;6238310,8
"""


def boxed(app, code):
    return next(each for each in app.checkbox if each.label.endswith(f"({code})"))


def test_a_reading_is_declined_with_a_box_kept_and_remembered(folder):
    app = ticked(shown(folder, LATE), "Accept")
    assert not boxed(app, "24-00").value
    assert any("2 rows read, 2 can be used, 0 set aside" in each.value for each in app.markdown)
    app = boxed(app, "24-00").check().run()
    assert any("2 rows read, 1 can be used, 1 set aside" in each.value for each in app.markdown)
    app.button(key="intake-import").click().run()
    made = Store(folder).imports()[0]
    assert (made.read, made.kept, made.details["provenance"]["declined"]) == (2, 1, "24-00")
    app = shown(folder, LATE.replace("22:15", "22:25"))
    assert boxed(app, "24-00").value, "ticked already, as the fix is"
    assert not app.button(key="intake-import").disabled
    app = boxed(app, "24-00").uncheck().run()
    app.button(key="intake-import").click().run()
    made = Store(folder).imports()[0]
    assert (made.read, made.kept, made.details["provenance"]["declined"]) == (2, 2, "")


def test_a_declined_code_page_is_refused_and_can_be_taken_back(folder):
    app = AppTest.from_function(script, args=(str(folder),), default_timeout=120).run()
    app = app.file_uploader[0].upload("politi.csv", LATE.encode("cp1252"), "text/csv").run()
    app = boxed(app, "code-page").check().run()
    assert "code page" in app.error[0].value
    assert headings(app) == ["1. What the file is"]
    app = boxed(app, "code-page").uncheck().run()
    assert headings(app)[1] == "2. What was found"


def test_a_stated_system_does_as_well_as_an_accepted_one(folder):
    app = shown(folder, BAD["no-place"].text)
    app = next(each for each in app.text_input if each.label == STATED).set_value("EPSG:25832").run()
    assert not app.button(key="intake-import").disabled


def test_two_columns_for_one_field_are_told_and_not_imported(folder):
    app = shown(folder, BAD["no-place"].text)
    app = ticked(app, "Accept")
    app = next(each for each in app.selectbox if each.label == "Sagsnr").set_value("code").run()
    assert "“what happened”" in app.error[0].value
    assert app.button(key="intake-import").disabled
    app = next(each for each in app.selectbox if each.label == "Gerningstekst").set_value("–").run()
    assert not app.button(key="intake-import").disabled


def test_a_file_beyond_what_the_page_takes_is_refused_unread(folder, monkeypatch):
    monkeypatch.setattr(wizard, "LARGEST_UPLOAD_MB", 0)
    app = shown(folder, BAD["no-place"].text)
    assert "at most 0 MB" in app.error[0].value
    assert "hotspot import" in app.error[0].value
    assert headings(app) == []


def test_figures_are_joined_once_agreed_and_a_turned_table_can_be_read_otherwise(folder):
    store = Store(folder)
    path = folder / "omr.geojson"
    path.write_bytes(good_file("areas").data)
    store.keep(read_table(path, "areas", store.place))
    app = AppTest.from_function(script, args=(str(folder),), default_timeout=120).run()
    text = "Variabel,Fyrvangen,Elmehegnet\nBeboere,420,390\n"
    app = app.file_uploader[0].upload("folketal.csv", text.encode(), "text/csv").run()
    app = next(each for each in app.selectbox if each.label == "What it holds").set_value("areas").run()
    app = ticked(app, "Accept: join its figures by name")
    assert any("it was turned" in each.value for each in app.markdown)
    assert not app.button(key="intake-import").disabled
    app = boxed(app, "variables-in-rows").check().run()
    assert app.button(key="intake-import").disabled
    assert not boxed(app, "variables-in-rows").disabled, "to be taken back"
