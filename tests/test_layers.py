"""Layer files: every packaged one reads, and what is unknown is refused with the nearest name."""

import re
from pathlib import Path

import pytest

from hotspot.errors import StudyError
from hotspot.glossary.palettes import PALETTES
from hotspot.layers import read_layer, read_layers
from hotspot.measures import MEASURES
from hotspot.packaged import packaged_folder

FOLDER = packaged_folder("layers")
FILES = sorted(FOLDER.glob("*.toml"))
NUISANCE = (FOLDER / "nuisance.toml").read_text("utf-8")


def written(folder: Path, text: str, name: str = "own.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_packaged_layer_reads(path: Path) -> None:
    spec = read_layer(path)
    assert spec.key == path.stem
    assert spec.show.palette in PALETTES
    assert spec.support in MEASURES[spec.measure].supports
    assert set(spec.parameters) <= set(MEASURES[spec.measure].parameters())
    for said in (spec.title, spec.question, *spec.words.values()):
        assert set(said) == {"da", "en"}
        assert said["da"] != said["en"]
    assert {each for text in spec.question.values() for each in text[-1]} == {"?"}
    assert list(spec.show.breaks) == sorted(spec.show.breaks)
    assert spec.references, "a layer says where its method is from"


def test_the_weights_of_the_packaged_layers_are_shares() -> None:
    weights = [spec.priority.weight for spec in read_layers([FOLDER]).values() if spec.priority]
    assert all(0 <= weight <= 1 for weight in weights)
    assert sum(weights) == pytest.approx(1, abs=0.3)


def test_nuisance_as_its_file_says() -> None:
    spec = read_layer(FOLDER / "nuisance.toml")
    assert (spec.support, spec.measure, spec.status) == ("areas", "rate", "established")
    assert spec.parameters == {"categories": ["riding", "gathering"]}
    assert spec.priority is not None
    assert (spec.priority.direction, spec.priority.weight) == ("more is worse", 0.10)
    assert spec.show.opacity == 0.75


def test_a_later_folder_wins_and_a_missing_one_holds_nothing(tmp_path: Path) -> None:
    written(tmp_path, NUISANCE.replace("Moped riding and disturbance", "Our own"), "nuisance.toml")
    layers = read_layers([FOLDER, tmp_path, tmp_path / "none"])
    assert list(layers) == sorted(path.stem for path in FILES)
    assert layers["nuisance"].title["en"] == "Our own"


@pytest.mark.parametrize(
    ("old", "new", "found", "fix"),
    [
        ("[show]", "[shown]\nx = 1\n[show]", "shown", "show"),
        ('palette = "ylorrd"', 'palette = "ylorrrd"', "palette = ylorrrd", "ylorrd"),
        ('palette = "ylorrd"', 'palette = "ylorrd"\nopacty = 0.5', "show.opacty", "opacity"),
        ('measure  = "rate"', 'measure  = "rates"', "measure = rates", "rate"),
        ('support  = "areas"', 'support  = "area"', "support = area", "areas"),
        ("categories =", "categoris =", "parameters.categoris", "categories"),
        ('"more is worse"', '"more is wors"', "direction = more is wors", "more is worse"),
        ('aggregate = "value"', 'aggregate = "valu"', "aggregate = valu", "value"),
        ("weight    = 0.10", "weight    = -0.10", "weight = -0.1", "0"),
        ('status   = "established"', 'status   = "establish"', "status = establish", "established"),
        ("caveat ", "caveats ", "words.caveats", "caveat"),
        ('text = "Byar', 'txt = "Byar', "reference.txt", "text"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_name(
    tmp_path: Path, old: str, new: str, found: str, fix: str
) -> None:
    assert old in NUISANCE
    message = rf"found: own.toml: {re.escape(found)}.*\nfix: write {re.escape(fix)}$"
    with pytest.raises(StudyError, match=message):
        read_layer(written(tmp_path, NUISANCE.replace(old, new, 1)))


def test_a_measure_is_shown_only_on_what_it_is_measured_on(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"support = surface\nfix: write rate: "):
        read_layer(written(tmp_path, NUISANCE.replace('"areas"', '"surface"')))


def test_both_languages_and_every_part_are_needed(tmp_path: Path) -> None:
    one = re.sub(r"title    = .*", 'title = { da = "Kun dansk" }', NUISANCE)
    with pytest.raises(StudyError, match=r"title = .*\nfix: write \{ da"):
        read_layer(written(tmp_path, one))
    with pytest.raises(StudyError, match=r"found: own.toml: nothing\nfix: write words.not_for"):
        read_layer(written(tmp_path, re.sub(r"not_for .*", "", NUISANCE)))


def test_what_is_no_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"own.toml: .*line 1"):
        read_layer(written(tmp_path, "title = \n"))
