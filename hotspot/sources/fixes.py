"""Traps that a file can be read in spite of, once its owner agrees: every detector, in the order they look."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from types import MappingProxyType

from hotspot.errors import N_, SourceError
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


def mend(seen: Seen, place: Place, accept: Collection[str]) -> tuple[Seen, tuple[Finding, ...]]:
    """Look for every trap and take the fixes that are accepted.

    Parameters
    ----------
    seen
        The file.
    place
        The study's place.
    accept
        Codes of fixes, or ``all``.

    Returns
    -------
    tuple
        The file with the accepted fixes, and every finding.

    Raises
    ------
    SourceError
        If a code is of no fix.
    """
    refuse_unknown_codes(accept)
    findings = []
    for code, detector in DETECTORS.items():
        proposal = detector(seen, place)
        if proposal is not None:
            accepted = proposal.finding.harmless or code in accept or ALL in accept
            findings.append(replace(proposal.finding, accepted=accepted))
            seen = proposal.mended if accepted else seen
    return seen, tuple(findings)


def refuse_unknown_codes(accept: Iterable[str]) -> None:
    """Refuse codes that no fix has.

    Parameters
    ----------
    accept
        Codes as the user gave them.

    Raises
    ------
    SourceError
        If one is unknown.
    """
    unknown = [code for code in accept if code not in (*DETECTORS, *OTHER_CODES, ALL)]
    if unknown:
        raise SourceError(
            N_("--accept names proposed fixes by their codes."),
            N_("'{code}'"),
            N_("one of {codes}"),
            code=unknown[0],
            codes=", ".join((*DETECTORS, *OTHER_CODES, ALL)),
        )
