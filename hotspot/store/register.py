"""The study's register: every import ever made, and which of them counts now."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    update,
)  # fmt: skip
from sqlalchemy.exc import OperationalError

from hotspot.errors import N_, StoreError

_PATIENCE_MS = 10_000  # how long a second writer waits for the first
_META = MetaData()
IMPORTS = Table(
    "imports",
    _META,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("source", String(200), nullable=False),
    Column("table_file", String(200), nullable=False),
    Column("quarantine_file", String(200), nullable=False),
    Column("read", Integer, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("details", Text, nullable=False),
    Column("made_at", String(40), nullable=False),
)
POINTERS = Table(
    "pointers",
    _META,
    Column("kind", String(32), primary_key=True),
    Column("source", String(200), primary_key=True),
    Column("import_id", Integer, ForeignKey("imports.id"), nullable=False),
)
MOVES = Table(
    "moves",
    _META,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("source", String(200), nullable=False),
    Column("from_id", Integer),
    Column("to_id", Integer),
    Column("made_at", String(40), nullable=False),
)


@dataclass(frozen=True)
class Import:
    """One delivery that was taken in.

    Parameters
    ----------
    number
        In the order taken in; 0 before it is.
    kind, source
        What it is and whose.
    table_file, quarantine_file
        Names of the files in ``tables/`` and ``quarantine/``; the latter empty without rejected rows.
    read, kept
        Rows of the file, and rows that stand.
    details
        Coverage, reasons of rejection, findings and provenance, as JSON holds them.
    made_at
        When, in UTC.
    """

    kind: str
    source: str
    table_file: str
    quarantine_file: str
    read: int
    kept: int
    details: Mapping[str, Any] = field(default_factory=dict)
    made_at: str = ""
    number: int = 0


class Register:
    """Imports and pointers in one small database.

    Parameters
    ----------
    address
        An SQLAlchemy address, or the path of an SQLite file.
    """

    def __init__(self, address: str | Path) -> None:
        url = f"sqlite:///{address}" if isinstance(address, Path) else address
        self._engine: Engine = create_engine(url)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _wait_for_others)
        _META.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def current(self) -> list[Import]:
        """Return the imports that count now, by kind and source."""
        joined = select(IMPORTS).join(POINTERS, POINTERS.c.import_id == IMPORTS.c.id)
        with self._engine.connect() as connection:
            rows = connection.execute(joined.order_by(IMPORTS.c.kind, IMPORTS.c.source)).mappings().all()
        return [_import(row) for row in rows]  # type: ignore[arg-type]  # the stubs are narrower than the library

    def history(self, kind: str, source: str) -> list[Import]:
        """Return every import of a kind and source, the newest first."""
        wanted = select(IMPORTS).where(IMPORTS.c.kind == kind, IMPORTS.c.source == source)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(IMPORTS.c.id.desc())).mappings().all()
        return [_import(row) for row in rows]  # type: ignore[arg-type]  # the stubs are narrower than the library

    def take_in(self, made: Import) -> int:
        """Enter an import and let it count from now on, in one transaction.

        Parameters
        ----------
        made
            The import, its files already written.

        Returns
        -------
        int
            Its number.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        row = {
            "kind": made.kind,
            "source": made.source,
            "table_file": made.table_file,
            "quarantine_file": made.quarantine_file,
            "read": made.read,
            "kept": made.kept,
            "details": json.dumps(dict(made.details), ensure_ascii=False),
            "made_at": now,
        }
        with _told_if_locked(), self._engine.begin() as connection:
            entered = connection.execute(insert(IMPORTS).values(**row)).inserted_primary_key
            number = int(entered[0]) if entered else 0
            self._move(connection, made.kind, made.source, number, now)
        return number

    def point(self, kind: str, source: str, number: int | None) -> None:
        """Let another import of a kind and source count, or none.

        Parameters
        ----------
        kind, source
            Which pointer.
        number
            The import's number; None takes the source out.
        """
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        with _told_if_locked(), self._engine.begin() as connection:
            self._move(connection, kind, source, number, now)

    def _move(self, connection: Any, kind: str, source: str, number: int | None, now: str) -> None:  # noqa: ANN401
        here = (POINTERS.c.kind == kind) & (POINTERS.c.source == source)
        before = connection.execute(select(POINTERS.c.import_id).where(here)).scalar()
        if number is None:
            connection.execute(POINTERS.delete().where(here))
        elif before is None:
            connection.execute(insert(POINTERS).values(kind=kind, source=source, import_id=number))
        else:
            connection.execute(update(POINTERS).where(here).values(import_id=number))
        move = {"kind": kind, "source": source, "from_id": before, "to_id": number, "made_at": now}
        connection.execute(insert(MOVES).values(**move))

    def before(self, kind: str, source: str) -> tuple[bool, int | None]:
        """Return whether there is a step to take back, and what counted before it.

        Parameters
        ----------
        kind, source
            Which pointer.

        Returns
        -------
        tuple
            Whether there is one; the earlier import's number, None if none counted.
        """
        wanted = select(MOVES.c.from_id, MOVES.c.to_id).where(MOVES.c.kind == kind, MOVES.c.source == source)
        with self._engine.connect() as connection:
            moves = [(row[0], row[1]) for row in connection.execute(wanted.order_by(MOVES.c.id))]
        counted = _steps(moves)
        return (False, None) if len(counted) < 2 else (True, counted[-2])  # noqa: PLR2004 - now and before


def _steps(moves: list[tuple[int | None, int | None]]) -> list[int | None]:
    """Return what counted, step by step up to now: an import adds a step, an undo takes one back."""
    counted: list[int | None] = [None]
    seen: set[int | None] = {None}
    for _before, now in moves:
        if now in seen:
            counted = counted[: len(counted) - counted[::-1].index(now)] if now in counted else [*counted, now]
        else:
            counted.append(now)
        seen.add(now)
    return counted


def _import(row: Mapping[str, Any]) -> Import:
    return Import(
        number=row["id"],
        kind=row["kind"],
        source=row["source"],
        table_file=row["table_file"],
        quarantine_file=row["quarantine_file"],
        read=row["read"],
        kept=row["kept"],
        details=json.loads(row["details"]),
        made_at=row["made_at"],
    )


@contextmanager
def _told_if_locked() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreError(
            N_("One import at a time changes a study."),
            N_("the register is busy or cannot be written ({error})"),
            N_("wait for the other import to end, and import again; nothing was changed"),
            error=str(error.orig),
        ) from error


def _wait_for_others(connection: Any, _record: object) -> None:  # noqa: ANN401 - whatever driver is underneath
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
