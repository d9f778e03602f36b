"""Whole sentences from a release: what a layer found at a place, and why a place stands where it stands."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

from hotspot.errors import N_, Told
from hotspot.glossary import Language, say, words
from hotspot.layers import LayerSpec
from hotspot.release.contract import Release, Shown
from hotspot.report.words import (
    CANNOT_SAY,
    cells_of,
    class_name,
    hidden_text,
    is_missing,
    least_of,
    plain_value,
)


def row_sentence(shown: Shown, row: Hashable, language: Language) -> str:
    """Say in a whole sentence what a layer found at one of its rows, as its file words it.

    Parameters
    ----------
    shown
        The layer as its audience sees it.
    row
        Label of the row.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The layer file's ``reads_as`` filled in; where the number is hidden or unknown, that instead. A class
        that may be told stands alone where its numbers may not.
    """
    _ = words(language)
    cells = cells_of(shown, row)
    if cells is None or (_nothing(shown.spec, cells) and not cells.get("hidden", False)):
        return _(N_("Nothing can be said here."))
    klass = cells.get(shown.spec.show.column) if shown.spec.show.classes else None
    if cells.get("hidden", False):
        if is_missing(klass):
            return _(N_("The number is {hidden}."), hidden=hidden_text(language, least_of(shown.spec)))
        told = _(N_("{klass}; the numbers are {hidden}."), klass=class_name(klass, language),
                 hidden=hidden_text(language, least_of(shown.spec)))  # fmt: skip
        return told[:1].upper() + told[1:]
    if klass is not None and class_name(klass, language) == _(CANNOT_SAY):
        return _(N_("Nothing can be said here."))
    sentence = _filled(shown, cells, language)
    if klass is None or "{klass}" in shown.spec.words["reads_as"][language]:
        return sentence[:1].upper() + sentence[1:]
    name = class_name(klass, language)
    return f"{name[:1].upper()}{name[1:]}: {sentence}"


def _nothing(spec: LayerSpec, cells: Mapping[str, Any]) -> bool:
    asked = [cells.get("value"), cells.get(spec.show.column)]
    return all(is_missing(each) for each in asked)


def _filled(shown: Shown, cells: Mapping[str, Any], language: Language) -> str:
    known = {**shown.facts, **cells}
    said = {name: plain_value(name, value, shown.spec.unit, language) for name, value in known.items()}
    return shown.spec.words["reads_as"][language].format_map(_Known(said, words(language)(CANNOT_SAY)))


class _Known(dict[str, str]):
    """Fields of a sentence; one that the layer does not give cannot be said."""

    def __init__(self, said: Mapping[str, str], otherwise: str) -> None:
        super().__init__(said)
        self.otherwise = otherwise

    def __missing__(self, name: str) -> str:
        return self.otherwise


def pixel_sentence(shown: Shown, east: float, north: float, language: Language) -> str:
    """Say what a surface shows at one point.

    Parameters
    ----------
    shown
        A surface as its audience sees it.
    east, north
        The point in the study's reference system. [m]
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The layer file's ``reads_as`` filled in, or that the number is hidden or unknown there.
    """
    _ = words(language)
    surface = shown.surface
    if surface is None:
        return _(N_("Nothing can be said here."))
    lattice = surface.lattice
    col = math.floor((east - lattice.west) / lattice.pixel_m)
    row = math.floor((lattice.north - north) / lattice.pixel_m)
    if not (0 <= row < lattice.rows and 0 <= col < lattice.cols):
        return _(N_("Nothing can be said here."))
    value = float(np.asarray(surface.values)[row, col])
    if shown.hidden is not None and shown.hidden[row, col]:
        return _(N_("The number is {hidden}."), hidden=hidden_text(language, least_of(shown.spec)))
    if math.isnan(value):
        return _(N_("Nothing can be said here."))
    return _filled(shown, {"value": value}, language)


def reason_texts(release: Release, reasons: object, language: Language) -> list[str]:
    """Say why a place or a measure stands where it stands.

    Parameters
    ----------
    release
        What the audience may see; its layers give components their titles.
    reasons
        Told sentences of one row.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of str
        Whole sentences, first letter large.
    """
    if not isinstance(reasons, tuple | list):
        return []
    said = [say(titled(each, release), language) for each in reasons]
    return [text[:1].upper() + text[1:] for text in said if text]


def titled(sentence: Told, release: Release) -> Told:
    """Put layers' titles where a sentence names their keys.

    Parameters
    ----------
    sentence
        A told sentence.
    release
        What the audience may see; its layers have the titles.

    Returns
    -------
    Told
        The same in a reader's words.
    """
    return Told(sentence.template, {name: _title(value, release) for name, value in sentence.values.items()})


def _title(value: object, release: Release) -> object:
    keys = value.split(", ") if isinstance(value, str) else []
    if not keys or not all(key in release.layers for key in keys):
        return value
    titles = [release.layers[key].spec.title for key in keys]
    return titles if len(titles) > 1 else titles[0]
