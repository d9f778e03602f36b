"""Where deliveries come from: a file, a folder that is looked at every week, or an address."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hotspot.errors import N_, SourceError
from hotspot.store import Store

_ENDINGS = frozenset(
    (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".geojson", ".json", ".topojson", ".gpkg", ".shp", ".zip", ".fgb")
) | {".gml", ".parquet", ".geoparquet"}


class Origin(NamedTuple):
    """One file to read.

    Attributes
    ----------
    path
        The file.
    layer
        Its layer, where one was asked for.
    source
        Whose delivery it is; None takes the file's name.
    address
        Where it was copied from, without secrets; empty for a file.
    """

    path: Path
    layer: str | None
    source: str | None
    address: str = ""


@contextmanager
def origins(store: Store, kind: str, given: str, layer: str | None, source: str | None) -> Iterator[list[Origin]]:
    """Yield the files that a delivery consists of, for as long as they are needed.

    Parameters
    ----------
    store
        The study, which knows what it has taken in.
    kind
        The kind of table.
    given
        A path of a file or folder, or an address.
    layer
        Layer, sheet, feature type or table.
    source
        Whose delivery it is.

    Yields
    ------
    list of Origin
        One for a file or an address. Of a folder, every file that was not taken in yet, oldest name first; with a
        source, only the newest of them, since each delivery of one source replaces the one before. Empty if there is
        nothing new.

    Raises
    ------
    SourceError
        If a folder holds no file that can be read, or nobody answers at an address.
    """
    from hotspot.sources.addresses import copied, is_address, without_secrets

    if is_address(given):
        with copied(given, layer) as path:
            yield [Origin(path, None, source or path.stem, without_secrets(given))]
    elif Path(given).is_dir() and not Path(given).suffix:
        yield _new_in(store, kind, Path(given), layer, source)
    else:
        yield [Origin(Path(given), layer, source)]


def _new_in(store: Store, kind: str, folder: Path, layer: str | None, source: str | None) -> list[Origin]:
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _ENDINGS and path.name[0] not in "._~")
    if not files:
        raise SourceError(
            N_("A folder of deliveries holds files that can be read."),
            N_("{folder} without one"),
            N_("put CSV, Excel, GeoJSON, GeoPackage or a zipped shapefile there"),
            folder=str(folder),
        )
    from hotspot.sources.opening import content_hash
    from hotspot.sources.reading import source_name

    if source is not None:
        files = [max(files, key=lambda path: (path.stat().st_mtime_ns, path.name))]
    taken = _taken(store, kind)
    return [
        Origin(path, layer, source)
        for path in files
        if taken.get(source or source_name(path, layer)) != content_hash(path)
    ]


def _taken(store: Store, kind: str) -> Mapping[str, str]:
    """Return the hash of the file that counts for each source."""
    counting = [made for made in store.imports() if made.kind == kind]
    return {made.source: made.details["provenance"].get("sha256", "") for made in counting}
