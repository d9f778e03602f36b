"""What the columns of a handed-over table are called, their units and meanings, in the reader's language."""

from typing import NamedTuple

from hotspot.errors import N_
from hotspot.glossary import Language, terms, words
from hotspot.release.contract import Release
from hotspot.report.frames import MAIN, column_of, layers_on
from hotspot.report.names import SCALES

_SUPPORTS = ("cells", "areas", "segments")
_PLAIN = {"p_value": "pvalue", "q_value": "qvalue", "class": "klass"}
_IN_LAYERS_UNIT = ("value", "lower", "upper")
UNITS = (
    *(N_("incidents"), N_("incidents per year"), N_("answers"), N_("people"), N_("cells"), N_("share"), N_("times")),
    *(N_("ratio"), N_("probability"), N_("years"), N_("DKK"), N_("DKK per year"), N_("people, weighted")),
    *(N_("people, weighted, per DKK million"), N_("lux"), N_("metres"), N_("squares")),
)
"""Units of the glossary, said here so that they are translated."""
_OF_LAYER = {"part_": "part", "value_": "value"}


class Described(NamedTuple):
    """One column of a file.

    Parameters
    ----------
    column
        Its name in the file.
    name
        What a reader calls it.
    unit
        Empty for names and classes.
    meaning
        One sentence.
    """

    column: str
    name: str
    unit: str
    meaning: str


def described(release: Release, table: str, columns: list[str], language: Language) -> list[Described]:
    """Say what the columns of a table are.

    Parameters
    ----------
    release
        What the audience may see.
    table
        ``"cells"``, ``"areas"``, ``"segments"``, ``"hotspots"``, ``"priorities"`` or ``"portfolio"``.
    columns
        Its columns.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of Described
        In the order of the columns, without the geometry. A column that the glossary does not know is left out.
    """
    layered = _layered(release, table, language)
    found = [layered.get(column) or _plain(column, language) for column in columns if column != "geometry"]
    return [each for each in found if each is not None]


def _plain(column: str, language: Language) -> Described | None:
    key = _PLAIN.get(column, column)
    if key not in terms():
        return None
    known = terms()[key]
    return Described(column, known.name[language], _unit(known.unit, language), known.meaning[language])


def _unit(unit: str, language: Language) -> str:
    spelt = {"lx": "lux", "m": "metres"}.get(unit, unit)
    return words(language)(spelt) if spelt else ""


def _layered(release: Release, table: str, language: Language) -> dict[str, Described]:
    """Describe the columns that belong to a layer: its own on its support, contributions among the priorities."""
    if table in _SUPPORTS:
        owned = [
            (column_of(key, str(column)), key, str(column))
            for key, shown in layers_on(release, table).items()
            for column in (shown.frame.columns if shown.frame is not None else ())
        ]
    elif table == "priorities":
        owned = [(f"{start}{key}", key, column) for key in release.layers for start, column in _OF_LAYER.items()]
    else:
        owned = []
    found = {name: _of_layer(release, name, key, column, language) for name, key, column in owned}
    return {name: each for name, each in found.items() if each is not None}


def _of_layer(release: Release, name: str, key: str, column: str, language: Language) -> Described | None:
    shown = release.layers[key]
    around = column == "expected" and shown.frame is not None and "n_around" in shown.frame
    term = "expected_around" if around else column
    if term not in terms():
        return None
    known, spec = terms()[term], shown.spec
    unit = SCALES.get(spec.unit, spec.unit) if column in _IN_LAYERS_UNIT else known.unit
    unit = "share" if unit == SCALES["share"] else unit  # files hold 0 to 1, not per cent
    title = spec.title[language]
    said = title if column == "value" and key != MAIN else f"{title}: {known.name[language]}"
    return Described(name, said, _unit(unit, language), known.meaning[language])
