"""A file that was uploaded, read once for each way of reading it; nothing here stores anything."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import Language
from hotspot.schema.readings import OF_TEXT
from hotspot.sources import Diagnosis, diagnose, read_figures, read_table
from hotspot.sources.corrections import places_set_aside, read_correction, rows_to_correct
from hotspot.sources.joined import has_no_places
from hotspot.sources.kinds import Guess, guess_kinds
from hotspot.sources.raw import Raw, read_raw
from hotspot.tables import Correction, Coverage, Delivery, Place, Table


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it.

    Parameters
    ----------
    name
        As on the reader's machine.
    data
        Its bytes.
    """

    name: str
    data: bytes = field(repr=False)

    @property
    def stamp(self) -> str:
        """What stands for exactly this file in caches and in the names of its controls."""
        return hashlib.sha256(self.name.encode() + b"\0" + self.data).hexdigest()[:16]

    @property
    def stem(self) -> str:
        """The name without its ending, which is whose delivery it is unless somebody says otherwise."""
        return Path(self.name).stem

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Lend the file as a path for as long as it is read."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / Path(self.name).name
            path.write_bytes(self.data)
            yield path


@dataclass(frozen=True)
class Choices:
    """How the reader wants a file to be read.

    Parameters
    ----------
    kind
        What it holds.
    layer, crs
        Layer or sheet, and reference system, where the file does not say.
    mapping
        Pairs of column and field.
    drop
        Columns to leave out before anything is looked at.
    accept, decline
        Codes of accepted fixes, and of readings that are not to be made.
    source
        Whose delivery it is; None takes the file's name.
    """

    kind: str
    layer: str | None = None
    crs: str | None = None
    mapping: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    source: str | None = None
    decline: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """What stands for these choices in caches."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def read_as(self) -> dict[str, Any]:
        """What every reader takes."""
        return {"mapping": dict(self.mapping), "crs": self.crs, "layer": self.layer, "drop": self.drop}


class Opened(NamedTuple):
    """What is known of a file before anything is chosen.

    Attributes
    ----------
    headings
        Its columns.
    guesses
        What it may hold, the likeliest first.
    refused
        Why it cannot be opened, or None.
    raw
        Its rows, read once for all that follows; None if it cannot be opened.
    """

    headings: tuple[str, ...]
    guesses: tuple[Guess, ...]
    refused: HotspotError | None
    raw: Raw | None = None


class Look(NamedTuple):
    """A file read as it was chosen.

    Attributes
    ----------
    diagnosis
        None if it was refused before any cell could be shown.
    refused
        Why it cannot be taken as it is, or None.
    """

    diagnosis: Diagnosis | None
    refused: HotspotError | None


@st.cache_resource(show_spinner=False, max_entries=8)
def opened(stamp: str, layer: str | None, _upload: Upload, declined: tuple[str, ...]) -> Opened:  # noqa: ARG001 - the cache's key
    """Open a file and guess what it holds.

    Parameters
    ----------
    stamp
        Stands for the file.
    layer
        Layer or sheet.
    _upload
        The file.
    declined
        Codes of readings of its text that are not to be made (`hotspot.schema.readings.OF_TEXT`).

    Returns
    -------
    Opened
        Once per file, layer and codes.
    """
    with _upload.on_disk() as path:
        try:
            raw = read_raw(path, layer, declined=declined)
        except HotspotError as refused:
            return Opened((), (), refused)
        headings = tuple(map(str, raw.cells.columns))
        return Opened(headings, guess_kinds(raw, path), None, raw)


@st.cache_resource(show_spinner=False, max_entries=8)
def correction_of(
    stamp: str,  # noqa: ARG001 - the cache's key
    _upload: Upload,
    _place: Place,
    _declined: Mapping[tuple[str, str], tuple[str, ...]],
) -> Correction | HotspotError | None:
    """Return the rows that a file corrects, or None if it is a delivery of its own.

    Parameters
    ----------
    stamp
        Stands for the file, and for what was declined in the deliveries that count.
    _upload, _place, _declined
        The file, the study's place, and kind and source to declined codes.

    Returns
    -------
    Correction, HotspotError or None
        The error where the file says that it corrects rows, but they cannot be read.
    """
    with _upload.on_disk() as path:
        try:
            return read_correction(path, _place, _declined)
        except HotspotError as refused:
            return refused


@st.cache_resource(show_spinner=False, max_entries=8)
def looked(
    stamp: str,  # noqa: ARG001 - the cache's key
    _upload: Upload,
    _choices: Choices,
    _place: Place,
    _known: Mapping[str, Table],
    _codes: Mapping[str, str] | None = None,
) -> Look:
    """Read a file as it was chosen.

    Parameters
    ----------
    stamp
        Stands for the file, the choices, the study's place and the tables it is held against.
    _upload, _choices, _place, _known
        These.
    _codes
        What codes of incidents mean in the study.

    Returns
    -------
    Look
        Once per stamp.
    """
    with _upload.on_disk() as path:
        try:
            seen = diagnose(
                path, _choices.kind, _place,
                accept=_choices.accept, decline=_choices.decline, known=_known, source=_choices.source,
                raw=_rows(_upload, _choices), codes=_codes, **_choices.read_as,
            )  # fmt: skip
        except HotspotError as refused:
            return Look(None, refused)
        return Look(seen, seen.refusal)


@st.cache_resource(show_spinner=False, max_entries=8)
def delivered(
    stamp: str,  # noqa: ARG001 - the cache's key
    _upload: Upload,
    _choices: Choices,
    _ready: Delivery,
    _held: tuple[str, Coverage | None, Mapping[str, Table]],
    _codes: Mapping[str, str] | None = None,
) -> Delivery | HotspotError:
    """Read a file as it would be kept: under its source's name, with what it covers.

    Parameters
    ----------
    stamp
        Stands for the file, the choices, the source, the coverage and the study's place.
    _upload, _choices
        The file and how to read it.
    _ready
        As it was read under its own name.
    _held
        Whose delivery it is, what it covers if not as the file shows, and the tables it is held against.
    _codes
        What codes of incidents mean in the study.

    Returns
    -------
    Delivery or HotspotError
        Once per stamp.
    """
    source, cover, known = _held
    if cover is None and source == _ready.source:
        return _ready
    place = _ready.table.place
    with _upload.on_disk() as path:
        try:
            return read_table(
                path, _choices.kind, place, accept=_choices.accept, decline=_choices.decline, source=source,
                coverage=cover, known=known, raw=_rows(_upload, _choices), codes=_codes, **_choices.read_as,
            )  # fmt: skip
        except HotspotError as refused:
            return refused


@st.cache_resource(show_spinner=False, max_entries=8)
def aside_places(stamp: str, _upload: Upload, _choices: Choices, _delivery: Delivery) -> gpd.GeoSeries:  # noqa: ARG001
    """Return where the rows lie that would be set aside, once per stamp."""
    with _upload.on_disk() as path:
        raw = _rows(_upload, _choices)
        return places_set_aside(path, _delivery, raw=raw, **_choices.read_as)


@st.cache_data(show_spinner=False, max_entries=8)
def to_correct(
    stamp: str,  # noqa: ARG001 - the cache's key
    language: Language,
    _upload: Upload,
    _choices: Choices,
    _delivery: Delivery,
) -> bytes:
    """Return the rows set aside as a file to correct, once per stamp and language."""
    with _upload.on_disk() as path:
        raw = _rows(_upload, _choices)
        return rows_to_correct(path, _delivery, language, raw=raw, **_choices.read_as)


def _rows(upload: Upload, choices: Choices) -> Raw | None:
    """Return the rows of a file as it was opened, so that each step goes on from them instead of reading it again."""
    return opened(upload.stamp, choices.layer, upload, of_text(choices.decline)).raw


def of_text(declined: tuple[str, ...]) -> tuple[str, ...]:
    """Return the declined readings that change how a file is opened."""
    return tuple(code for code in declined if code in OF_TEXT)


def figures(upload: Upload, choices: Choices, areas: Table, source: str) -> Delivery | HotspotError:
    """Read figures without shapes for areas that are already there."""
    with upload.on_disk() as path:
        try:
            return read_figures(
                path, areas, source, dict(choices.mapping),
                layer=choices.layer, accept=choices.accept, decline=choices.decline, drop=choices.drop,
                raw=_rows(upload, choices),
            )  # fmt: skip
        except HotspotError as refused:
            return refused


def is_without_places(upload: Upload, choices: Choices) -> bool:
    """Tell whether a file about areas can only be figures for areas that are already there."""
    raw = _rows(upload, choices) if choices.kind == "areas" else None
    return raw is not None and has_no_places(raw)
