import datetime as dt
import pickle
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspot.errors import StudyError
from hotspot.study import LIGHT, Study, parse_period, parse_weights

days = st.dates(dt.date(2000, 1, 1), dt.date(2050, 1, 1))
studies = st.builds(
    Study,
    name=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1),
    crs=st.just("EPSG:25832"),
    language=st.sampled_from(["da", "en"]),
    period=st.none() | st.tuples(days, days).map(lambda pair: tuple(sorted(pair))),
    categories=st.sets(st.sampled_from(["riding", "theft", "fire"])).map(tuple),
    light=st.sets(st.sampled_from(LIGHT), min_size=1).map(tuple),
    layers=st.lists(st.sampled_from(["density", "hotspots"]), unique=True).map(tuple),
    weights=st.dictionaries(st.sampled_from(["felt_unsafe", "nuisance"]), st.floats(0, 10)),
    budget_dkk=st.floats(0, 1e9),
    cell_m=st.sampled_from([25.0, 50.0, 100.0, 200.0]),
    seed=st.integers(0, 2**31),
)


@given(studies)
def test_a_study_survives_toml(tmp_path_factory, study):
    path = tmp_path_factory.mktemp("study") / "study.toml"
    study.write(path)
    assert Study.read(path) == study
    assert Study.from_plain(tomllib.loads(path.read_text("utf-8"))).key == study.key


@given(studies)
def test_a_study_survives_another_process(study):
    assert pickle.loads(pickle.dumps(study)) == study  # noqa: S301 - our own value


def test_the_key_follows_every_field():
    study = Study("Town", "EPSG:25832")
    changed = [
        study.but(name="Other"), study.but(crs="EPSG:25833"), study.but(language="en"), study.but(seed=2),
        study.but(budget_dkk=5.0), study.but(weights={"a": 1.0}), study.but(light=("dark",)),
        study.but(period=(dt.date(2024, 1, 1), dt.date(2024, 12, 31))), study.but(cell_m=50.0),
        study.but(categories=("theft",)), study.but(layers=("density",)), study.but(timezone="UTC"),
    ]  # fmt: skip
    assert len({each.key for each in [study, *changed]}) == len(changed) + 1


def test_order_of_categories_is_no_difference():
    one = Study("Town", "EPSG:25832", categories=("b", "a"), light=("dark", "day"))
    assert one == Study("Town", "EPSG:25832", categories=("a", "b"), light=("day", "dark"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_dkk", -1.0), ("budget_dkk", float("nan")), ("cell_m", 33.0), ("cell_m", 0.0), ("light", ()),
        ("language", "sv"), ("weights", {"a": -1.0}), ("period", (dt.date(2025, 1, 2), dt.date(2025, 1, 1))),
    ],
)  # fmt: skip
def test_impossible_values_are_refused_by_name(field, value):
    with pytest.raises(StudyError, match=field):
        Study("Town", "EPSG:25832").but(**{field: value})


def test_an_unknown_field_is_refused_with_the_nearest():
    with pytest.raises(StudyError, match="fix: budget_dkk"):
        Study.from_plain({"name": "Town", "crs": "EPSG:25832", "budget_dk": 3})


def test_a_missing_or_broken_file_is_told(tmp_path):
    with pytest.raises(StudyError, match="hotspot init"):
        Study.read(tmp_path / "study.toml")
    (tmp_path / "study.toml").write_text("name = ")
    with pytest.raises(StudyError, match="written in TOML"):
        Study.read(tmp_path / "study.toml")


def test_periods_and_weights_are_read_or_refused():
    assert parse_period("2023-01-01..2023-12-31") == (dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert parse_period("all") is None
    assert parse_weights(["a=0.5", "b = 2"]) == {"a": 0.5, "b": 2.0}
    for wrong in ("2023", "2023-13-01..2023-12-31", "01-02-2023..03-04-2023"):
        with pytest.raises(StudyError, match="two days"):
            parse_period(wrong)
    with pytest.raises(StudyError, match="a number"):
        parse_weights(["a=lots"])
