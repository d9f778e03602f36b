"""What a file probably holds, from the names of its columns, its shapes and its own name, with reasons."""

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import shapely

from hotspot import schema
from hotspot.errors import N_, Told
from hotspot.sources.fields import aliases, folded, match_columns
from hotspot.sources.raw import Raw

_IN_NAME, _FITS = 1.5, 0.5  # how much a word of the file's name and fitting shapes weigh beside one telling column
_TELLS = 1.0  # less than one column that only this kind has is no ground for a guess
_HEADINGS = 6  # columns named in a reason
_SHAPES = MappingProxyType({0: "point", 4: "point", 1: "line", 5: "line", 3: "polygon", 6: "polygon"})
_WORDS = MappingProxyType(
    {
        "incidents": ("crime", "incident", "offence", "kriminal", "haendelse", "anmeld", "police", "politi", "crash"),
        "lamps": ("lamp", "light", "lys", "gadelys", "lichtpunkt", "belysning"),
        "green": ("green", "groen", "park", "openspace", "traeer", "beplantning"),
        "responses": ("survey", "tryghed", "svar", "undersoegelse", "response"),
        "areas": ("area", "boundary", "neighborhood", "neighbourhood", "bydel", "distrikt", "stadt", "ward", "bolig"),
        "population": ("population", "befolkning", "beboere", "grid", "kvadratnet"),
        "visits": ("visit", "besoeg", "shop", "station", "butik"),
        "roads": ("road", "vej", "centerline", "street", "stier"),
        "buildings": ("building", "bygning"),
        "interventions": ("intervention", "tiltag", "indsats"),
        "prices": ("price", "pris"),
    }
)  # fmt: skip


class Guess(NamedTuple):
    """What a file may hold.

    Attributes
    ----------
    kind
        A kind of `hotspot.tables.KINDS`.
    weight
        How much speaks for it, in telling columns.
    reasons
        What speaks for it.
    """

    kind: str
    weight: float
    reasons: tuple[Told, ...]


def guess_kinds(raw: Raw, path: Path) -> tuple[Guess, ...]:
    """Return what a file may hold, the likeliest first.

    Parameters
    ----------
    raw
        The file.
    path
        Whose name may say something too.

    Returns
    -------
    tuple of Guess
        Only kinds that enough speaks for; empty if the file does not tell.

    Notes
    -----
    A column counts for a kind by how few other kinds know its name: ``lumen`` says lamps, ``id`` says nothing
    much. A kind whose shapes the file does not have is left out. Nobody is bound by the guess.
    """
    shapes = _shapes_of(raw)
    made = [_guess(kind, raw, folded(path.stem), shapes) for kind in schema.CONTRACTS]
    return tuple(sorted((each for each in made if each.weight >= _TELLS), key=lambda each: -each.weight))


def _guess(kind: str, raw: Raw, name: str, shapes: set[str]) -> Guess:
    wanted = schema.contract_of(kind).shape
    if shapes and (wanted is None or (wanted != "any" and wanted not in shapes)):
        return Guess(kind, 0.0, ())
    fields = match_columns(raw.cells.columns, kind)
    telling = {column: 1 / _known_to(column) for field, column in fields.columns.items() if field != "source"}
    weight = sum(telling.values())
    reasons = []
    if telling:
        named = sorted(telling, key=lambda column: -telling[column])[:_HEADINGS]
        reasons.append(Told(N_("Columns that such files have: {columns}."), {"columns": named}))
    word = next((each for each in _WORDS[kind] if each in name), None)
    if word is not None:
        weight += _IN_NAME
        reasons.append(Told(N_("The file's name says “{word}”."), {"word": word}))
    if shapes and wanted in shapes:
        weight += _FITS
    return Guess(kind, weight, tuple(reasons))


def _known_to(column: str) -> int:
    """Return how many kinds know a column by its name."""
    return max(1, sum(_is_known(folded(column), aliases(kind).values()) for kind in schema.CONTRACTS))


def _is_known(name: str, known: Iterable[tuple[str, ...]]) -> bool:
    return any(name in names for names in known)


def _shapes_of(raw: Raw) -> set[str]:
    if raw.geometry is None:
        return set()
    present = raw.geometry[~raw.geometry.isna()].array
    return {_SHAPES[kind] for kind in {int(each) for each in shapely.get_type_id(list(present))} if kind in _SHAPES}
