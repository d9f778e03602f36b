"""What codes in a release are called: classes, units, kinds, categories and measures, to be translated."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.packaged import Tree, categories, evidence_records

CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "hot": N_("hot"),
        "busy": N_("busy part of town"),
        "cold": N_("fewer than expected"),
        "not significant": N_("not significant"),
        "too few data": N_("too few data"),
        "undefined": N_("cannot be worked out"),
        "no neighbours": N_("no neighbouring cells"),
        "hot, new or growing": N_("hot, new or growing"),
        "hot, lasting": N_("hot, lasting"),
        "hot, off and on": N_("hot, off and on"),
        "hot, fading or over": N_("hot, fading or over"),
        "no pattern": N_("no pattern"),
        "near repeats": N_("near repeats"),
        "more after dark": N_("more after dark"),
        "fewer after dark": N_("fewer after dark"),
        "first 1%": N_("the first 1% of cells"),
        "first 5%": N_("the first 5% of cells"),
        "first 10%": N_("the first 10% of cells"),
        "the rest": N_("the other cells"),
        "new hot": N_("new hot spot"),
        "consecutive hot": N_("consecutive hot spot"),
        "intensifying hot": N_("intensifying hot spot"),
        "persistent hot": N_("persistent hot spot"),
        "diminishing hot": N_("diminishing hot spot"),
        "sporadic hot": N_("sporadic hot spot"),
        "oscillating hot": N_("oscillating hot spot"),
        "historical hot": N_("historical hot spot"),
        "new cold": N_("new cold spot"),
        "consecutive cold": N_("consecutive cold spot"),
        "intensifying cold": N_("intensifying cold spot"),
        "persistent cold": N_("persistent cold spot"),
        "diminishing cold": N_("diminishing cold spot"),
        "sporadic cold": N_("sporadic cold spot"),
        "oscillating cold": N_("oscillating cold spot"),
        "historical cold": N_("historical cold spot"),
        "high-high": N_("many among many"),
        "high-low": N_("many among few"),
        "low-high": N_("few among many"),
        "low-low": N_("few among few"),
        "felt unsafe, few recorded": N_("felt unsafe, few recorded"),
        "felt unsafe, many recorded": N_("felt unsafe, many recorded"),
        "felt safe, many recorded": N_("felt safe, many recorded"),
        "felt safe, few recorded": N_("felt safe, few recorded"),
        "neither": N_("neither"),
        "cannot say": N_("cannot say"),
        "fewer": N_("fewer than expected"),
        "as expected": N_("as expected"),
        "more": N_("more than expected"),
        "rising": N_("rising"),
        "falling": N_("falling"),
        "no change shown": N_("no change shown"),
        "fell more than elsewhere": N_("fell more than elsewhere"),
        "rose more than elsewhere": N_("rose more than elsewhere"),
        "no difference shown": N_("no difference shown"),
        "cannot be shown here": N_("cannot be shown here"),
    }
)

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "lx": N_("{value} lux"),
        "ratio": N_("{value} times the expected"),
        "incidents": N_("{value} incidents"),
        "incidents_per_km2_year": N_("{value} incidents per km² and year"),
        "incidents_per_km_year": N_("{value} incidents per km of way and year"),
        "incidents_per_1000_year": N_("{value} incidents per 1,000 people and year"),
        "m": "{value} m",
    }
)

SCALES: Mapping[str, str] = MappingProxyType(
    {
        "lx": N_("lux"),
        "ratio": N_("times the expected"),
        "incidents": N_("incidents"),
        "incidents_per_km2_year": N_("incidents per km² and year"),
        "incidents_per_km_year": N_("incidents per km of way and year"),
        "incidents_per_1000_year": N_("incidents per 1,000 people and year"),
        "share": N_("per cent"),
        "local_i": N_("local Moran’s I"),
        "class": N_("class"),
    }
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "housing": N_("housing"),
        "centre": N_("town centre"),
        "station": N_("station"),
        "school": N_("school"),
        "industry": N_("industry"),
        "green": N_("green"),
        "shore": N_("shore"),
        "other": N_("other"),
        "incidents": N_("incidents"),
        "lamps": N_("street lamps"),
        "areas": N_("areas"),
        "responses": N_("survey answers"),
        "population": N_("residents"),
        "visits": N_("daily visits"),
        "roads": N_("paths and streets"),
        "buildings": N_("buildings"),
        "interventions": N_("earlier measures"),
        "prices": N_("prices"),
        "planned": N_("planned"),
        "running": N_("running"),
        "done": N_("done"),
    }
)

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "per lamp": N_("lamps: {quantity}"),
        "per m2": "{quantity} m²",
        "per metre": "{quantity} m",
        "per piece": N_("pieces: {quantity}"),
        "per site": N_("sites: {quantity}"),
    }
)


def named(code: object, names: Mapping[str, str], language: Language) -> str:
    """Return what a code is called in one language.

    Parameters
    ----------
    code
        A code, or a mapping of language to text, or a told sentence.
    names
        Code to English name, such as `CLASSES`.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        The name; a code without one reads as itself, with blanks for underscores.
    """
    _ = words(language)
    if not isinstance(code, str):
        return _("{what}", what=code)
    return _(names[code]) if code in names else code.replace("_", " ")


def text_of(value: Any, language: Language) -> str:  # noqa: ANN401 - any printable value
    """Return a cell of a table as text, empty where it is missing.

    Parameters
    ----------
    value
        Text, a mapping of language to text, a told sentence, or None or NaN.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        What the reader sees.
    """
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN is not itself
        return ""
    return named(value, {}, language) if not isinstance(value, str) else value


def category_name(code: str, language: Language, tree: Tree | None = None) -> str:
    """Return what a category is called.

    Parameters
    ----------
    code
        As tables hold it.
    language
        ``"da"`` or ``"en"``.
    tree
        Code to category; None takes the product's.

    Returns
    -------
    str
        Its name in the category tree, in small letters; an unknown code reads as itself.
    """
    known = categories() if tree is None else tree
    name = known[code].name[language] if code in known else code.replace("_", " ")
    return name[:1].lower() + name[1:]


def measure_title(key: object, language: Language) -> str:
    """Return what a measure is called.

    Parameters
    ----------
    key
        Its key in the evidence, or its name by language.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    str
        Its name; an unknown key reads as itself.
    """
    record = evidence_records().get(key) if isinstance(key, str) else None
    return named(record["name"] if record else key, {}, language)
