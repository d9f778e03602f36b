"""Traps that a file can be read in spite of, once its owner agrees: every detector, in the order they look."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from hotspot.errors import N_, SourceError
from hotspot.schema.readings import READINGS, Word
from hotspot.sources.compared import areas_by_name, near_names, partial_lamps
from hotspot.sources.contents import dirty_codes, month_before_day, without_category, without_time
from hotspot.sources.findings import Finding, Proposal, Seen, named_cells
from hotspot.sources.groups import lost_zeros, parts, several_dates
from hotspot.sources.guesses import by_values
from hotspot.sources.positions import misplaced
from hotspot.sources.questions import other_scale, same_question
from hotspot.sources.reported import reported_before
from hotspot.sources.units import heights, lumens, watts
from hotspot.tables import Place

__all__ = ["ALL", "DETECTORS", "Finding", "Proposal", "Seen", "mend", "named_cells", "refuse_unknown_codes"]

ALL = "all"  # what accepts every proposed fix
DETECTORS: MappingProxyType[str, Callable[[Seen, Place], Proposal | None]] = MappingProxyType(
    {
        "columns": by_values,
        "one-category": without_category,
        "undated": without_time,
        "month-first": month_before_day,
        "dirty-codes": dirty_codes,
        "leading-zeros": lost_zeros,
        "latest-date": several_dates,
        "parts": parts,
        "height-unit": heights,
        "watts": watts,
        "lumens": lumens,
        "same-question": same_question,
        "scale": other_scale,
        "areas-by-name": areas_by_name,
        "near-names": near_names,
        "reference-system": misplaced,
        "partial-lamps": partial_lamps,
        "reported-before": reported_before,
    }
)
OTHER_CODES = ("join-by-name", "latest-period")  # proposed where figures are joined to the study's areas


def mend(seen: Seen, place: Place) -> tuple[Seen, tuple[Finding, ...]]:
    """Look for every trap and take the fixes that are accepted.

    Parameters
    ----------
    seen
        The file, with what its owner accepts and declines.
    place
        The study's place.

    Returns
    -------
    tuple
        The file with the accepted fixes, and every finding.

    Raises
    ------
    SourceError
        If a code is of no fix and no reading, or is both accepted and declined.
    """
    refuse_unknown_codes(seen.word)
    accept, decline = seen.word
    findings = []
    for code, detector in DETECTORS.items():
        proposal = detector(seen, place)
        if proposal is not None:
            accepted = code not in decline and (proposal.finding.harmless or code in accept or ALL in accept)
            findings.append(replace(proposal.finding, accepted=accepted))
            seen = proposal.mended if accepted else seen
    return seen, tuple(findings)


def refuse_unknown_codes(word: Word) -> None:
    """Refuse codes of nothing, and a word against itself.

    Parameters
    ----------
    word
        What the owner accepts and declines.

    Raises
    ------
    SourceError
        If a code is unknown, or stands on both sides.
    """
    known = (*DETECTORS, *OTHER_CODES, *(code for code in READINGS if code not in DETECTORS))
    unknown = [code for code in word.accept if code not in (*known, ALL)]
    if unknown:
        raise SourceError(
            N_("--accept names proposed fixes by their codes."),
            N_("'{code}'"),
            N_("one of {codes}"),
            code=unknown[0],
            codes=", ".join((*DETECTORS, *OTHER_CODES, ALL)),
        )
    unknown = [code for code in word.decline if code not in known]
    if unknown:
        raise SourceError(
            N_("--decline names readings, or proposed fixes, by their codes."),
            N_("'{code}'"),
            N_("one of {codes}"),
            code=unknown[0],
            codes=", ".join(known),
        )
    both = [code for code in word.accept if code in word.decline]
    if both:
        raise SourceError(
            N_("What is accepted is not declined too."), N_("'{code}' in both"), N_("leave it out of one of them"),
            code=both[0],
        )  # fmt: skip
