"""What each candidate would change where it is taken: known, none, and cannot be said."""

import numpy as np
import pandas as pd
import pytest

from hotspot.decisions.evidence import measures_from
from hotspot.decisions.expectations import expect
from hotspot.packaged import categories, evidence_records

EVIDENCE = measures_from(evidence_records())
OUTDOOR = {code: category.outdoor for code, category in categories().items()}


def counts(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area_id", "category", "light", "per_year"])


def candidates(*pairs: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["area_id", "measure"])
    return frame.set_index(frame["area_id"] + "|" + frame["measure"])


def expected(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    return expect(rows, table, EVIDENCE, OUTDOOR, np.random.default_rng(7), draws=4_000)


LIGHT = ("a", "lighting_upgrade")


def test_lighting_saves_a_share_of_what_happens_in_the_dark() -> None:
    table = counts(("a", "theft", "dark", 50), ("a", "theft", "day", 90), ("a", "violence", "dark", 8))
    row = expected(candidates(LIGHT), table).iloc[0]
    assert row["acts_on"] == 50
    assert (row["fewer"], row["rr"]) == pytest.approx((7.0, 0.86))
    assert row["fewer_low"] < row["fewer"] < row["fewer_high"]
    ends = 0.86 * np.exp(np.array([-1, 1]) * 1.96 * 0.08)
    assert [row["rr_low"], row["rr_high"]] == pytest.approx(ends, abs=0.015)
    assert row["p_fewer"] == pytest.approx(0.9703, abs=5e-4)  # norm.cdf(-ln .86 / .08)
    assert np.isnan(row["p_felt"])  # not shown is not none
    assert row["felt"] == "B"
    assert "Welsh" in row["citation"]
    assert "Lorenc" in row["citation"]


def test_twice_the_incidents_twice_the_saving() -> None:
    one = expected(candidates(LIGHT), counts(("a", "theft", "dark", 5))).iloc[0]
    two = expected(candidates(LIGHT), counts(("a", "theft", "dark", 10))).iloc[0]
    for name in ("fewer", "fewer_low", "fewer_high"):
        assert two[name] == pytest.approx(2 * one[name])
    assert two["p_fewer"] == one["p_fewer"]


def test_none_happen_is_zero_and_unknown_is_unknown() -> None:
    table = counts(("none", "theft", "dark", 0), ("gap", "theft", "dark", np.nan))
    rows = expected(candidates(*[(area, LIGHT[1]) for area in ("none", "gap", "missing")]), table)
    assert rows.loc["none|lighting_upgrade", ["acts_on", "p_fewer"]].tolist() == [0, 0]
    for area in ("gap", "missing"):
        assert np.isnan(rows.loc[f"{area}|lighting_upgrade", ["acts_on", "p_fewer", "fewer"]].astype(float)).all()


def test_every_measure_has_an_answer_and_rows_have_no_order() -> None:
    table = counts(*[("a", code, light, 4.0) for code in OUTDOOR for light in ("day", "dusk", "dark")])
    rows = candidates(*[("a", key) for key in EVIDENCE])
    found, turned = expected(rows, table), expected(rows.iloc[::-1], table)
    pd.testing.assert_frame_equal(found, turned.loc[found.index])
    assert found["p_fewer"].dropna().between(0, 1).all()
    assert found["p_felt"].dropna().between(0, 1).all()
    known = found[found["rr"].notna()]
    assert ((known["rr_low"] <= known["rr"]) & (known["rr"] <= known["rr_high"])).all()
    pilots = [f"a|{key}" for key, measure in EVIDENCE.items() if measure.pilot]
    assert found.loc[pilots, ["fewer", "p_fewer", "p_felt"]].isna().all(axis=None)
