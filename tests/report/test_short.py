"""The head of the paper: what first, for how much, how sure, in half a minute."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hotspot.errors import Told
from hotspot.glossary import Language
from hotspot.release.contract import Release
from hotspot.report.blocks import Points
from hotspot.report.short import (
    PLACELESS,
    counted_period,
    has_prices,
    in_short,
    layers_not_made,
    placeless,
    places_ranked,
    subtitle_of,
    title_of,
    were_asked,
)

NO_PLACE = Told(PLACELESS + ", so no map of it can be made from this file.", {"code": "Homicide", "n": 14})
NO_SURVEY = Told(
    "“{layer}” cannot be said without {missing}.",
    {"layer": {"da": "Oplevet utryghed", "en": "Felt unsafety"}, "missing": [Told("survey answers")]},
)


def points(release: Release, language: Language = "en") -> dict[str, str]:
    _heading, listed = in_short(release, language)
    assert isinstance(listed, Points)
    return dict(listed.points)


def unasked(release: Release) -> Release:
    layers = {key: shown for key, shown in release.layers.items() if not key.startswith("felt")}
    return dataclasses.replace(release, layers=layers, findings=(NO_PLACE, NO_SURVEY))


def unpriced(release: Release) -> Release:
    names = ("chosen", "candidates", "pilots")
    frames = {name: getattr(release.choice, name).assign(cost_dkk=np.nan) for name in names}
    frames["chosen"] = frames["chosen"].iloc[:0]
    return dataclasses.replace(release, choice=dataclasses.replace(release.choice, **frames))


def test_where_what_and_how_sure(council: Release) -> None:
    told = points(council)
    assert list(told) == [
        "Where first",
        "What, and for how much",
        "How sure of the order",
        "How sure of the effect",
        "Not known",
    ]
    assert told["Where first"].startswith("First come Lyngen, Kastanjen and Jernbanen.")
    money = told["What, and for how much"]
    assert (
        "new lamps in dark stretches (Lyngen; DKK 245,000) and thinning dense planting (Kastanjen; DKK 62,525)" in money
    )
    assert "DKK 307,525" in money
    assert "DKK 192,475 is left." in money
    assert "Lyngen lies between number 1 and 3, Kastanjen" in told["How sure of the order"]
    assert "(90% intervals)" in told["How sure of the order"]
    assert "cannot be ranked at all: 1." in told["Not known"]


def test_effects_are_those_of_the_table(council: Release) -> None:
    effect = points(council)["How sure of the effect"]
    assert "New lamps in dark stretches. Incidents: " in effect
    assert effect.count("Felt safety: ") == 2


def test_nothing_ranked_is_said(council: Release) -> None:
    none = dataclasses.replace(council, priorities=council.priorities.assign(rank=np.nan))
    _heading, told = in_short(none, "en")
    assert told.text == "Too little is known to say which places come first."  # type: ignore[union-attr]


def test_a_place_that_always_stands_there(council: Release) -> None:
    fixed = council.priorities.assign(rank_low=council.priorities["rank"], rank_high=council.priorities["rank"])
    told = points(dataclasses.replace(council, priorities=fixed))["How sure of the order"]
    assert "Lyngen is always number 1" in told
    assert "between" not in told


def test_a_housing_association_hears_of_its_own_and_not_of_what_is_left(council: Release) -> None:
    own = dataclasses.replace(council, audience="partner", priorities=council.priorities.iloc[[-1]])
    told = points(own)
    assert "Of 11 places" in told["How sure of the order"]
    assert "left" not in told["What, and for how much"]
    assert "DKK 307,525 is spent here" in told["What, and for how much"]
    nothing = dataclasses.replace(own, choice=dataclasses.replace(own.choice, chosen=own.choice.chosen.iloc[:0]))
    assert points(nothing)["What, and for how much"].startswith("Nothing of what is proposed")


def test_ranked_among(council: Release) -> None:
    assert places_ranked(council) == 11


def test_without_a_survey(council: Release) -> None:
    silent = unasked(council)
    assert were_asked(council)
    assert not were_asked(silent)
    assert title_of(silent, "en") == "Havnstrup: where incidents are recorded, and what to do first"
    assert title_of(silent, "da") == "Havnstrup: hvor der registreres hændelser, og hvad der bør gøres først"
    assert "feels unsafe" in title_of(council, "en")
    assert points(silent)["Not known"].startswith("Nobody has been asked how safe they feel")
    assert "Nothing can be said of: Felt unsafety, Homicide." in points(silent)["Not known"]


def test_what_nobody_delivered(council: Release) -> None:
    assert layers_not_made(unasked(council), "en") == {"Felt unsafety": "survey answers"}
    assert placeless(unasked(council)) == {"Homicide": 14}
    assert placeless(council) == {}


def test_without_prices(council: Release) -> None:
    assert has_prices(council)
    assert not has_prices(unpriced(council))
    assert subtitle_of(unpriced(council), "en").endswith("no price list")
    assert subtitle_of(council, "en").endswith("budget DKK 500,000")
    told = points(unpriced(council))["What, and for how much"]
    assert told.startswith("No priced measure can be proposed")
    assert "Without a price, but fitting: " in told
    assert "0" not in told


@pytest.mark.parametrize("first", ["2023-01-01", None])
def test_period_is_what_every_source_covers(council: Release, first: str | None) -> None:
    later = council.coverage.copy()
    later["first"] = [pd.Timestamp("2023-03-01").date(), pd.Timestamp("2023-01-01").date(), None]
    said = counted_period(dataclasses.replace(council, coverage=later), "en")
    assert said == "1 March 2023 to 31 December 2025"
    if first is not None:
        own = council.study.but(period=(pd.Timestamp(first).date(), pd.Timestamp("2024-12-31").date()))
        assert counted_period(dataclasses.replace(council, study=own), "en") == "1 January 2023 to 31 December 2024"
