"""How often each measure is among the best when nobody knows which will work, as rows of text."""

from hotspot.errors import N_
from hotspot.glossary import Language, words
from hotspot.release.contract import Release
from hotspot.report.measures import Row, measure_table
from hotspot.report.words import is_missing


def hindsight_table(release: Release, language: Language) -> list[Row]:
    """Return the measures that are among the best in any draw, or chosen, as text.

    Parameters
    ----------
    release
        What the audience may see.
    language
        ``"da"`` or ``"en"``.

    Returns
    -------
    list of dict
        name, measure, status, included; the most frequent first. Empty where the second grade was not asked for.
    """
    frame = release.choice.candidates
    if "included" not in frame:
        return []
    _ = words(language)
    rows = measure_table(release, language, of="candidates")
    told = [
        (float(share), {**row, "included": _(N_("among the best in {share:.0%} of draws"), share=float(share))})
        for row, share, status in zip(rows, frame["included"], frame["status"], strict=True)
        if not is_missing(share) and (share > 0 or status == "chosen")
    ]
    return [row for _share, row in sorted(told, key=lambda each: -each[0])]
