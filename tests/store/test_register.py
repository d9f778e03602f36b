"""Two writers: the second waits or is told, and nothing is half done."""

import sqlite3

import pytest

from hotspot.errors import StoreError
from hotspot.store.register import Import, Register


@pytest.fixture
def register(tmp_path):
    made = Register(tmp_path / "study.db")
    yield made
    made.close()


def delivery(table="lamps-1.parquet"):
    return Import("lamps", "operator", table, "", 3, 3)


def test_the_last_import_counts_and_the_earlier_is_remembered(register):
    first, second = register.take_in(delivery()), register.take_in(delivery("lamps-2.parquet"))
    assert [each.number for each in register.current()] == [second]
    assert [each.number for each in register.history("lamps", "operator")] == [second, first]
    assert register.before("lamps", "operator") == (True, first)
    register.point("lamps", "operator", first)
    assert [each.table_file for each in register.current()] == ["lamps-1.parquet"]
    register.point("lamps", "operator", None)
    assert register.current() == []


def test_a_busy_register_is_told_and_left_as_it_was(register, tmp_path, monkeypatch):
    register.take_in(delivery())
    monkeypatch.setattr("hotspot.store.register._PATIENCE_MS", 50)
    patient = Register(tmp_path / "study.db")
    with sqlite3.connect(tmp_path / "study.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="One import at a time"):
            patient.take_in(delivery("lamps-2.parquet"))
        with pytest.raises(StoreError, match="nothing was changed"):
            patient.point("lamps", "operator", None)
        other.execute("ROLLBACK")
    other.close()
    patient.close()
    assert [each.table_file for each in register.current()] == ["lamps-1.parquet"]
