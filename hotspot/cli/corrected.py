"""Rows set aside: written to a file by the import, and taken in again once somebody corrected them."""

from pathlib import Path
from typing import Any

from hotspot.cli.options import writing
from hotspot.errors import N_, SourceError
from hotspot.glossary import Language
from hotspot.store import Store
from hotspot.tables import Delivery


def corrected(store: Store, kind: str, file: Path) -> Delivery | None:
    """Return the delivery that counts now with a file's corrected rows.

    Parameters
    ----------
    store
        The study.
    kind
        What the user says that the rows are.
    file
        The file.

    Returns
    -------
    Delivery or None
        None if the file is a delivery of its own.

    Raises
    ------
    HotspotError
        If the rows are of another kind, or belong to nothing that counts.
    """
    from hotspot.sources.corrections import read_correction
    from hotspot.store.corrections import with_corrected
    from hotspot.store.remembered import declined_by_source

    found = read_correction(file, store.place, declined_by_source(store))
    if found is None:
        return None
    if found.delivery.table.kind != kind:
        raise SourceError(
            N_("Corrected rows are imported as what they were set aside from."),
            N_("rows of {there}, imported as {kind}"),
            N_("hotspot import {folder} {there} {name}"),
            there=found.delivery.table.kind,
            kind=kind,
            folder=str(store.folder),
            name=file.name,
        )
    return with_corrected(store, found)


def write_aside(
    path: Path | None, file: Path, delivery: Delivery, language: Language, read_as: tuple[Any, ...]
) -> None:
    """Write the rows that a delivery set aside, to be corrected and imported again.

    Parameters
    ----------
    path
        Where; only written if there is something to correct. None writes nothing.
    file
        What was read.
    delivery
        As it was read.
    language
        Whose words the reasons are in.
    read_as
        Mapping, reference system, layer and dropped columns.
    """
    from hotspot.sources.corrections import rows_to_correct

    if path is None:
        return
    mapping, crs, layer, drop = read_as
    data = rows_to_correct(file, delivery, language, mapping=mapping, crs=crs, layer=layer, drop=drop)
    if data:
        with writing(path):
            path.write_bytes(data)
