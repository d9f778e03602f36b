"""What is read in a file without asking: each reading has a code by which the owner declines it."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from hotspot.errors import N_, Told

EXAMPLES = 3  # rows, shapes, areas or values that a sentence names
_ASIDE = N_("these rows are set aside")
READINGS: Mapping[str, str] = MappingProxyType(
    {
        "code-page": N_("the next way of writing that gives only letters, and a refusal if there is none"),
        "twice-encoded": N_("the letters stay as they stand"),
        "title-rows": N_("the first row that holds anything is the header"),
        "variables-in-rows": N_("the table is read as it stands"),
        "areas-by-name": N_("the names stay as they stand"),
        "spreadsheet-days": _ASIDE,
        "24-00": _ASIDE,
        "midnight": N_("these times are kept as exact"),
        "whole-days": _ASIDE,
        "clocks-forward": _ASIDE,
        "clocks-back": N_("the first of the two times is taken as exact"),
        "backwards": _ASIDE,
        "thousands": N_("the mark is read as that of decimals"),
        "unreadable": _ASIDE,
        "repeats": N_("these rows are kept as rows of their own"),
        "lamps-alike": _ASIDE,
        "shared-numbers": N_("the first row of each number is kept, the others are set aside"),
        "mended-shapes": _ASIDE,
        "fkg-rows": N_("these rows are kept"),
        "height-by-kind": N_("their height is not known"),
        "cut-off": N_("the list counts as whole"),
        "national-scale": N_("its numbers count as no answer"),
        "sample": N_("they count as self-selected, apart from any sample"),
        "blank-weights": _ASIDE,
        "answers-outside": _ASIDE,
        "corrected-before": N_("these rows are set aside again"),
    }
)
OF_TEXT = ("code-page", "twice-encoded", "title-rows")  # settled before there are rows
CORRECTED_BEFORE = "corrected-before"  # made by the store, which knows what was corrected
DECLINED = N_("Declined: “{told}” Instead: {otherwise}.")


class Word(NamedTuple):
    """What the owner of a file says about what was noticed in it.

    Attributes
    ----------
    accept
        Codes of proposed fixes that are taken, or ``all``.
    decline
        Codes of readings, or of fixes, that are not.
    """

    accept: tuple[str, ...] = ()
    decline: tuple[str, ...] = ()


def reading(code: str, sentence: str, values: Mapping[str, Any], declined: Collection[str]) -> Told:
    """Return a reading as a sentence that carries its code.

    Parameters
    ----------
    code
        A code of `READINGS`.
    sentence
        What was read how.
    values
        What fills it.
    declined
        Codes that the owner declines; then the sentence says what is done instead.

    Returns
    -------
    Told
        `reading_of` finds the code in it.
    """
    if code not in declined:
        return Told(sentence, {**values, "by_itself": code})
    told = Told(sentence, values)
    return Told(DECLINED, {"told": told, "otherwise": otherwise(code), "by_itself": code})


def otherwise(code: str) -> Told:
    """Return what is done where a reading is declined.

    Parameters
    ----------
    code
        A code of `READINGS`.
    """
    return Told(READINGS[code])


def reading_of(told: Told) -> str:
    """Return the code of the reading that a sentence is about; empty if it is about none.

    Parameters
    ----------
    told
        Something noticed.
    """
    return str(told.values.get("by_itself", ""))


def is_declined(told: Told) -> bool:
    """Tell whether a sentence says that a reading was declined.

    Parameters
    ----------
    told
        Something noticed.
    """
    return told.template == DECLINED


def only_declined(code: str) -> Told:
    """Return the reason why a row is set aside that says nothing but by a declined reading.

    Parameters
    ----------
    code
        A code of `READINGS`.
    """
    return Told(N_("says something only by a reading that was declined ({code})"), {"code": code})


def said(findings: Iterable[Told], accepted: Collection[str], word: Word) -> dict[str, str]:
    """Return what the register keeps of a delivery's readings and of its owner's word.

    Parameters
    ----------
    findings
        What was noticed.
    accepted
        Codes of the fixes that were taken.
    word
        What the owner accepts and declines.

    Returns
    -------
    dict
        ``readings``: those that were made; ``declined``: codes that are declined, also where a file gave no cause;
        ``waiting``: codes that are accepted where a later file gives cause.
    """
    told = {reading_of(each) for each in findings if reading_of(each) and not is_declined(each)}
    waiting = {*word.accept} - {*accepted, "all"}
    kept = {"readings": told, "declined": {*word.decline}, "waiting": waiting}
    return {name: ",".join(sorted(codes)) for name, codes in kept.items()}


def codes_in(provenance: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return codes as `said` wrote them down.

    Parameters
    ----------
    provenance
        A delivery's.
    name
        ``accepted``, ``readings``, ``declined`` or ``waiting``.

    Returns
    -------
    tuple of str
        None, where nothing was written down.
    """
    return tuple(code for code in str(provenance.get(name, "")).split(",") if code)
