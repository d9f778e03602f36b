"""What a page asks of a file: read once per content and choices, drawn where it lies, nothing left out in silence."""

import numpy as np
import pandas as pd
import pytest
import shapely

from hotspot.errors import PersonalDataError, SourceError
from hotspot.tables import Place
from hotspot.ui.parts.intake.columns import guessed
from hotspot.ui.parts.intake.examples import BAD, good_file
from hotspot.ui.parts.intake.fields import field_name, fields_of
from hotspot.ui.parts.intake.places import draw, has_places, in_sight, picture
from hotspot.ui.parts.intake.reading import Choices, Upload, correction_of, delivered, looked, opened, to_correct
from hotspot.ui.parts.intake.taken import possible

TOWN = Place("Ternevig", shapely.box(636_251, 6_236_309, 642_463, 6_241_519), "EPSG:25832")
WITHOUT = Upload("politi.csv", BAD["no-place"].text.encode("utf-8-sig"))


def test_other_content_or_another_name_is_another_file():
    stamps = {Upload(name, data).stamp for name in ("a.csv", "b.csv") for data in (b"1", b"2")}
    assert len(stamps) == 4


def test_opening_tells_kind_and_columns():
    seen = opened(WITHOUT.stamp, None, WITHOUT, ())
    assert seen.headings == ("Sagsnr", "Gerningstekst", "Tidspunkt", "X", "Y")
    assert seen.guesses[0].kind == "incidents"
    assert correction_of(WITHOUT.stamp, WITHOUT, TOWN, {}) is None


def test_a_damaged_file_is_refused_and_not_raised():
    for name in ("a.xlsx", "a.csv", "a.gpkg", "a.zip", "a.parquet", "a.geojson"):
        broken = Upload(name, b"\x00\xff\x00 broken")
        assert isinstance(opened(broken.stamp, None, broken, ()).refused, SourceError), name


def test_persons_are_refused_before_a_cell_is_shown():
    upload = Upload("politi.csv", BAD["persons"].text.encode())
    look = looked("persons", upload, Choices("incidents", crs="EPSG:25832"), TOWN, {})
    assert look.diagnosis is None
    assert isinstance(look.refused, PersonalDataError)


@pytest.fixture
def without():
    choices = Choices("incidents", crs="EPSG:25832")
    look = looked("without", WITHOUT, choices, TOWN, {})
    assert look.diagnosis is not None
    assert "semicolons" in str(look.diagnosis.written)
    return choices, look.diagnosis.delivery


def test_rows_drawn_and_rows_without_a_place_add_up(without):
    choices, delivery = without
    drawn = draw("without", delivery, WITHOUT, choices)
    assert has_places(delivery)
    assert (drawn.kept, drawn.outside, drawn.without) == (1, 0, 2)
    assert drawn.kept + drawn.outside + drawn.without == delivery.read
    assert picture(delivery).startswith(b"\x89PNG")


def test_rows_outside_are_drawn_as_set_aside():
    text = BAD["no-place"].text.replace("0;0", "650000;6240000")
    upload, choices = Upload("far.csv", text.encode()), Choices("incidents", crs="EPSG:25832")
    look = looked("far", upload, choices, TOWN, {})
    drawn = draw("far", look.diagnosis.delivery, upload, choices)
    assert (drawn.kept, drawn.outside, drawn.without) == (1, 1, 1)
    assert drawn.aside["point"].tolist() == [0.0, 1.0]
    assert drawn.bounds[2] > in_sight(look.diagnosis.delivery.table.frame.geometry, TOWN)[2]


def test_another_source_gives_other_identifiers_and_the_same_rows(without):
    choices, ready = without
    own = delivered("own", WITHOUT, choices, ready, (ready.source, None, {}))
    other = delivered("other", WITHOUT, choices, ready, ("politi-2", None, {}))
    assert own is ready
    ids = other.table.frame["incident_id"]
    assert ids.str.startswith("politi-2:").all()
    assert np.array_equal(other.table.frame.geometry.x, own.table.frame.geometry.x)


def test_rows_to_correct_are_written_in_the_readers_language(without):
    choices, delivery = without
    texts = [to_correct("x", language, WITHOUT, choices, delivery).decode("utf-8-sig") for language in ("da", "en")]
    assert texts[0] != texts[1]
    assert all(len(text.splitlines()) == 3 for text in texts)


def test_every_field_of_every_kind_has_a_name_or_is_a_code_of_fkg():
    from hotspot.schema import CONTRACTS

    named = {field: field_name(field, {}.get) for kind in CONTRACTS for field in fields_of(kind)}
    bare = {field for field, name in named.items() if name is not None}
    assert all(field.startswith(("fkg", "x_")) for field in bare), bare


def test_columns_are_guessed_by_name():
    assert guessed("incidents", ("Sagsnr", "Farve", "X")) == {"Sagsnr": "incident_id", "X": "x"}


def test_layers_become_possible_with_their_tables():
    from hotspot.layers import read_layers
    from hotspot.packaged import packaged_folder

    specs = read_layers((packaged_folder("layers"),)).values()
    assert possible(specs, ()) == {each.key for each in specs if not possible_needs(each)}
    assert "hotspots" in possible(specs, ("incidents",))
    assert possible(specs, ("incidents",)) <= possible(specs, ("incidents", "lamps"))


def possible_needs(spec):
    from hotspot.measures import MEASURES

    return MEASURES[spec.measure].needs


def test_a_good_example_can_be_opened():
    file = good_file("areas")
    upload = Upload(file.name, file.data)
    look = looked("areas", upload, Choices("areas"), TOWN, {})
    assert look.refused is None
    assert isinstance(look.diagnosis.preview, pd.DataFrame)


def test_a_file_is_read_once_for_all_steps(monkeypatch):
    from hotspot.sources import raw

    read, asked = raw.read_text, []
    monkeypatch.setattr(raw, "read_text", lambda path, declined: (asked.append(path.name), read(path, declined))[1])
    upload, choices = Upload("once.csv", WITHOUT.data), Choices("incidents", crs="EPSG:25832")
    assert opened(upload.stamp, None, upload, ()).refused is None
    ready = looked("once", upload, choices, TOWN, {}).diagnosis.delivery
    other = delivered("once-2", upload, choices, ready, ("politi-2", None, {}))
    draw("once", ready, upload, choices)
    assert to_correct("once", "da", upload, choices, other)
    assert asked == ["once.csv"]
