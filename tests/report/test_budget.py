"""What the paper says of the money: the objective, costs with their source, pilots apart, nothing for free."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hotspot.glossary import Language, say
from hotspot.release.contract import Release
from hotspot.report.blocks import Block, Points, Table, Text
from hotspot.report.budget import pilots, within_budget


def texts(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Text))


def tables(release: Release) -> list[Table]:
    return [block for block in within_budget(release, "en") if isinstance(block, Table)]


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_objective_stands_first(council: Release, language: Language) -> None:
    assert texts(within_budget(council, language)).startswith(say(council.choice.objective, language))


def test_money_adds_up_and_has_a_source(council: Release) -> None:
    told = texts(within_budget(council, "en"))
    assert "Spent DKK 307,525 of DKK 500,000; DKK 192,475 is left." in told
    assert "Prices: the municipality’s price list." in told
    assert "assumptions" in told
    named = council.choice.chosen.assign(price_source="List of 2025")
    own = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=named))
    assert "Prices: List of 2025." in texts(within_budget(own, "en"))


def test_an_association_is_not_told_that_the_rest_is_its_own(council: Release) -> None:
    told = texts(within_budget(dataclasses.replace(council, audience="partner"), "en"))
    assert "What lies here costs DKK 307,525" in told
    assert "is left" not in told


def test_same_effect_is_said_once(council: Release) -> None:
    twice = pd.concat([council.choice.chosen, council.choice.chosen.assign(name="Elsewhere")])
    many = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=twice))
    proposed, effects, *_rest = tables(many)
    assert [len(proposed.rows), len(effects.rows)] == [4, 2]
    assert [row["measure"] for row in effects.rows] == ["New lamps in dark stretches", "Thinning dense planting"]


def test_a_hidden_effect_stands_only_where_no_other_place_shows_it(council: Release) -> None:
    chosen = council.choice.chosen.assign(hidden=False)
    both = pd.concat([chosen, chosen.assign(name="Elsewhere", hidden=True)])
    many = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=both))
    assert [row["hidden"] for row in tables(many)[1].rows] == ["", ""]
    alone = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=chosen.assign(hidden=True)))
    assert [row["hidden"] for row in tables(alone)[1].rows] == ["yes", "yes"]


def test_who_decides_stands_beside_each_measure(council: Release) -> None:
    (beside,) = [block for block in within_budget(council, "en") if isinstance(block, Points)]
    assert len(beside.points) == 2
    assert all("Decided by: " in text for _name, text in beside.points)


def test_a_figure_nobody_read_in_its_source_is_told(council: Release) -> None:
    chosen = council.choice.chosen.assign(seen=[False, True])
    own = dataclasses.replace(council, choice=dataclasses.replace(council.choice, chosen=chosen))
    told = [row["citation"] for row in tables(own)[1].rows]
    assert told[0].endswith("(a figure from memory)")
    assert "memory" not in told[1]


def test_no_table_of_budgets_where_nothing_has_a_price(council: Release) -> None:
    assert tables(council)[-1].caption == "What other budgets would reach"
    names = ("chosen", "candidates", "pilots")
    frames = {name: getattr(council.choice, name).assign(cost_dkk=np.nan) for name in names}
    frames["chosen"] = frames["chosen"].iloc[:0]
    bare = dataclasses.replace(council, choice=dataclasses.replace(council.choice, **frames))
    assert tables(bare) == []
    told = texts(within_budget(bare, "en"))
    assert "There is no price list, so nothing can be chosen within a budget." in told
    assert "Unpriced never means free." in told


def test_priced_but_without_a_known_effect(council: Release) -> None:
    none = dataclasses.replace(council.choice, chosen=council.choice.chosen.iloc[:0])
    told = texts(within_budget(dataclasses.replace(council, choice=none), "en"))
    assert "There is no priced measure with a known effect that fits a place." in told


def test_pilots_stand_apart_and_name_the_first_places_first(council: Release) -> None:
    order = council.priorities.sort_values("rank", na_position="last")
    chosen = pd.concat([council.choice.pilots] * 3, ignore_index=True)
    last, first, second = order.index[-1], order.index[0], order.index[1]
    rows = chosen.assign(area_id=[last, second, first], name=["last", "second", "first"])
    own = dataclasses.replace(council, choice=dataclasses.replace(council.choice, pilots=rows))
    (listed,) = [block for block in pilots(own, "en") if isinstance(block, Points)]
    assert [text for _name, text in listed.points] == ["first, second, last"]
    none = dataclasses.replace(council, choice=dataclasses.replace(council.choice, pilots=rows.iloc[:0]))
    assert pilots(none, "en") == []
