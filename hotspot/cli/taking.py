"""One file into a delivery, as the command line was asked to read it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from hotspot.cli.corrected import corrected, write_aside
from hotspot.cli.origins import Origin
from hotspot.errors import N_, HotspotError, SourceError
from hotspot.schema.readings import Word
from hotspot.store import Store
from hotspot.store.against import known_tables
from hotspot.store.corrections import keeping_corrections
from hotspot.store.remembered import word_for
from hotspot.study import parse_period
from hotspot.tables import Coverage, Delivery


class Wanted(NamedTuple):
    """How the user wants files to be read.

    Attributes
    ----------
    mapping
        Column to field.
    crs
        The reference system, where the file does not say.
    coverage
        Where and when the source looked.
    drop
        Columns to leave out.
    word
        What is accepted and declined now.
    join
        Whether the file holds figures for areas that are there.
    aside
        Where rows set aside are written.
    """

    mapping: Mapping[str, str]
    crs: str | None
    coverage: Coverage | None
    drop: tuple[str, ...]
    word: Word
    join: bool
    aside: Path | None


def deliveries_of(store: Store, kind: str, found: list[Origin], wanted: Wanted) -> list[Delivery]:
    """Read all files that were asked for, or none.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.
    found
        The files.
    wanted
        How to read them.

    Returns
    -------
    list of Delivery
        One for each file; nothing of them is stored yet.

    Raises
    ------
    HotspotError
        If one cannot be taken; of several, its name is told.
    """
    made = []
    for origin in found:
        try:
            delivery = delivery_of(store, kind, origin, wanted)
            made.append(replace(delivery, provenance=_copied_from(origin, delivery)) if origin.address else delivery)
        except HotspotError as refused:
            if len(found) == 1:
                raise
            rule, seen, fix = refused.told
            raise SourceError(
                N_("New files of a folder are taken in all together or not at all; nothing was kept."),
                N_("{name}: {rule} {seen}"),
                N_("{fix}; or take the file out of the folder"),
                name=origin.path.name,
                rule=rule,
                seen=seen,
                fix=fix,
            ) from refused
    return made


def _copied_from(origin: Origin, delivery: Delivery) -> dict[str, str]:
    """Return how a delivery was read, with the address of what its file is a copy of."""
    return {**delivery.provenance, "address": origin.address}


def delivery_of(store: Store, kind: str, origin: Origin, wanted: Wanted) -> Delivery:
    """Read one file: corrected rows, figures for areas, or a delivery of its own.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.
    origin
        The file, its layer and whose it is.
    wanted
        How to read it.

    Returns
    -------
    Delivery
        Nothing of it is stored yet.

    Raises
    ------
    HotspotError
        If the file cannot be taken as it is.
    """
    from hotspot.sources import read_table
    from hotspot.sources.reading import source_name

    again = corrected(store, kind, origin.path)
    if again is not None:
        return again
    if wanted.join or has_figures_only(store, kind, origin, wanted):
        return _figures(store, kind, origin, wanted)
    word = word_for(store, kind, origin.source or source_name(origin.path, origin.layer), wanted.word)
    delivery = read_table(
        origin.path,
        kind,
        store.place,
        mapping=wanted.mapping,
        crs=wanted.crs,
        layer=origin.layer,
        coverage=wanted.coverage,
        drop=wanted.drop,
        source=origin.source,
        accept=word.accept,
        decline=word.decline,
        known=known_tables(store, kind),
        codes=store.categories().codes,
    )
    delivery = keeping_corrections(store, delivery)
    read_as = (wanted.mapping, wanted.crs, origin.layer, wanted.drop)
    write_aside(wanted.aside, origin.path, delivery, store.study.language, read_as)
    return delivery


def is_plain_delivery(store: Store, kind: str, origin: Origin, wanted: Wanted) -> bool:
    """Tell whether a file is a delivery of its own: neither corrected rows nor figures for areas that are there.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.
    origin
        The file.
    wanted
        How to read it.
    """
    if wanted.join or corrected(store, kind, origin.path) is not None:
        return False
    return not has_figures_only(store, kind, origin, wanted)


def has_figures_only(store: Store, kind: str, origin: Origin, wanted: Wanted) -> bool:
    """Tell whether a table of figures about areas is to be joined to the shapes that are there.

    Parameters
    ----------
    store
        The study.
    kind
        The kind of table.
    origin
        The file.
    wanted
        How to read it.

    Returns
    -------
    bool
        False for every other kind and for files with shapes.

    Raises
    ------
    SourceError
        If nobody said that the figures are to be joined.
    """
    from hotspot.sources import lacks_places

    areas_are_there = any(each.kind == "areas" for each in store.imports())
    if kind != "areas" or not areas_are_there or not lacks_places(origin.path, origin.layer):
        return False
    if not {"join-by-name", "all"} & {*wanted.word.accept}:
        raise SourceError(
            N_("Areas have shapes, or are figures for areas that are already there."),
            N_("{name} without shapes"),
            N_("join its figures by name: --accept join-by-name"),
            name=origin.path.name,
        )
    return True


def _figures(store: Store, kind: str, origin: Origin, wanted: Wanted) -> Delivery:
    """Read figures for areas that are already there."""
    from hotspot.sources import read_figures

    there = [each for each in store.imports() if each.kind == "areas" and origin.source in (None, each.source)]
    if kind != "areas" or len(there) != 1:
        raise SourceError(
            N_("--join adds figures to one delivery of areas that is already there."),
            N_("{kind}; areas from {sources}"),
            N_("import areas with shapes first, and name their --source"),
            kind=kind,
            sources=[each.source for each in there] or "–",
        )
    word = word_for(store, kind, there[0].source, wanted.word)
    areas = store.table("areas")
    assert areas is not None  # noqa: S101 - one delivery of them is there
    return read_figures(
        origin.path,
        areas,
        there[0].source,
        wanted.mapping,
        layer=origin.layer,
        accept=word.accept,
        decline=word.decline,
        drop=wanted.drop,
    )


def codes_of(texts: list[str]) -> tuple[str, ...]:
    """Return codes from what the user wrote.

    Parameters
    ----------
    texts
        Each one code, or several with commas between.

    Returns
    -------
    tuple of str
        In the order given.
    """
    return tuple(code.strip() for text in texts for code in text.split(",") if code.strip())


def pairs(texts: list[str]) -> dict[str, str]:
    """Return column to field from what the user wrote.

    Parameters
    ----------
    texts
        Each as ``COLUMN=field``.

    Returns
    -------
    dict
        Column to field.

    Raises
    ------
    SourceError
        If one is written otherwise.
    """
    found = {}
    for text in texts:
        column, equals, field = text.rpartition("=")
        if not equals or not column or not field:
            raise SourceError(
                N_("--map names a column and the field it holds."),
                N_("{text}"),
                N_('write --map "COLUMN=field"'),
                text=text,
            )
        found[column] = field
    return found


def covered(texts: list[str], store: Store) -> Coverage | None:
    """Return where and when a source looked from what the user wrote.

    Parameters
    ----------
    texts
        A polygon file, or days as ``2023-01-01..2025-12-31``.
    store
        The study.

    Returns
    -------
    Coverage or None
        None if nothing was said.
    """
    from hotspot.sources import read_outline

    if not texts:
        return None
    days = next((parse_period(text) for text in texts if ".." in text), None)
    files = [Path(text) for text in texts if ".." not in text]
    area = read_outline(files[0], store.study.crs) if files else None
    return Coverage("", area, *(days or (None, None)))  # type: ignore[arg-type]  # the stubs are narrower than the library
