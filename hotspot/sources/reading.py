"""One path from any file to a checked table and its quarantine."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from hotspot.schema.readings import Word
from hotspot.sources.fixes import mend
from hotspot.sources.opening import Asked, opened
from hotspot.sources.raw import Raw
from hotspot.sources.understood import understood
from hotspot.tables import Coverage, Delivery, Place, Table


def read_table(
    path: Path,
    kind: str,
    place: Place,
    *,
    mapping: Mapping[str, str] | None = None,
    crs: str | None = None,
    layer: str | None = None,
    coverage: Coverage | None = None,
    drop: Iterable[str] = (),
    source: str | None = None,
    accept: Iterable[str] = (),
    decline: Iterable[str] = (),
    known: Mapping[str, Table] | None = None,
    raw: Raw | None = None,
    codes: Mapping[str, str] | None = None,
) -> Delivery:
    """Read one file as a kind of table, keeping what stands and setting aside what does not, with reasons.

    Parameters
    ----------
    path
        The file.
    kind
        A kind of `hotspot.tables.KINDS`.
    place
        The study's place.
    mapping
        Column to field, where names are not known.
    crs
        The reference system of the coordinates, where the file does not say.
    layer
        Layer of a GeoPackage, sheet of a workbook.
    coverage
        Where and when the source looked; None takes the whole place and, for incidents, the days from the
        first to the last row.
    drop
        Columns to leave out before anything is looked at.
    source
        Whose delivery it is; None takes the file's name.
    accept
        Codes of proposed fixes that are taken (`hotspot.sources.diagnose`), or ``all``.
    decline
        Codes of readings that are not made, and of proposed fixes that are not taken.
    known
        Tables that the study has already, by kind, to hold the file against: areas, roads and incidents.
    raw
        The file's rows, where `hotspot.sources.raw.read_raw` read them already.
    codes
        What codes of incidents mean in the study; None takes the product's table.

    Returns
    -------
    Delivery
        Kept and quarantined rows add up to the rows read.

    Raises
    ------
    SourceError, ReferenceSystemError, PersonalDataError, TableError
        If the file as a whole cannot be taken; nothing was written.
    """
    source = source or source_name(path, layer)
    word = Word(tuple(accept), tuple(decline))
    first = opened(path, kind, Asked(mapping or {}, crs, layer, coverage, tuple(drop), known, raw, source, word, codes))
    mended = mend(first[0], place)
    return understood(path, place, source, first, mended, coverage)


def source_name(path: Path, layer: str | None = None) -> str:
    """Return whose delivery a file is, where nobody says: its name.

    Parameters
    ----------
    path
        The file.
    layer
        The layer or sheet that was asked for.
    """
    return f"{path.stem}-{layer}" if layer else path.stem
