"""What each kind of table promises: identifiers, ranges and values that make sense together."""

import pytest

from hotspot.errors import TableError
from hotspot.packaged import evidence_records
from hotspot.schema.contracts import CONTRACTS, ITEMS, KINDS, contract_of


@pytest.mark.parametrize("kind", KINDS)
def test_a_contract_makes_sense(kind: str) -> None:
    contract = contract_of(kind)
    assert (contract.kind, next(iter(contract.columns))) == (kind, contract.id)
    assert contract.columns[contract.id].required
    for name, column in contract.columns.items():
        if column.lowest is not None and column.highest is not None:
            assert column.lowest < column.highest, name
        assert not column.allowed or column.default is None or column.default in column.allowed, name
        assert column.type == "number" or (column.lowest, column.highest) == (None, None), name


def test_answers_are_shares_of_yes() -> None:
    columns = CONTRACTS["responses"].columns
    assert {(columns[item].lowest, columns[item].highest) for item in ITEMS} == {(0, 1)}
    assert not CONTRACTS["responses"].needs_place


def test_prices_are_per_the_units_of_the_evidence() -> None:
    units = {record["unit"] for record in evidence_records().values()}
    assert units <= set(CONTRACTS["prices"].columns["unit"].allowed)
    assert CONTRACTS["prices"].shape is None


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(TableError, match="'lamp'\nfix: use one of: incidents, lamps, green"):
        contract_of("lamp")
