"""The second grade of a result: how much its answers hang on choices and on what nobody knows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import pandas as pd

from hotspot.errors import Told
from hotspot.pipeline.kept import Parts, Shelf
from hotspot.pipeline.result import Result

SPOTS = ("stability", "variants")
"""Columns of the hot spots that the second grade fills."""
_INTERVAL = ("benefit_low", "benefit_high")


@dataclass(frozen=True)
class Second:
    """What the second grade adds to a result.

    Parameters
    ----------
    spots
        By ``hotspot_id``: stability (share of the variants in which the hot spot stays) and variants (that could say).
    included
        By ``site``: included, the share of draws in which a measure is among the best within the budget.
    frontier
        budget_dkk, and the limits benefit_low and benefit_high of its benefit.
    notes
        What the reader should know.
    """

    spots: pd.DataFrame
    included: pd.DataFrame
    frontier: pd.DataFrame
    notes: tuple[Told, ...] = ()

    def pack(self) -> tuple[Parts, dict[str, Any]]:
        """Take it apart into frames and plain words, for a shelf."""
        parts: Parts = {"spots": self.spots, "included": self.included, "frontier": self.frontier}
        return parts, {"notes": [note.plain() for note in self.notes]}

    @classmethod
    def unpack(cls, parts: Parts, words: Mapping[str, Any]) -> Self:
        """Put it together again from what a shelf held."""
        frames = {name: pd.DataFrame(parts[name]) for name in ("spots", "included", "frontier")}
        return cls(**frames, notes=tuple(Told.from_plain(note) for note in words["notes"]))


def second_key(key: str) -> str:
    """Return where a shelf keeps the second grade of a result.

    Parameters
    ----------
    key
        The result's key.

    Returns
    -------
    str
        A key of its own.
    """
    return f"second-{key}"


def kept_second(shelf: Shelf | None, key: str) -> Second | None:
    """Return the second grade of a result, if it was worked out before.

    Parameters
    ----------
    shelf
        Where answers are kept.
    key
        The result's key.

    Returns
    -------
    Second or None
        None if it was never asked for.
    """
    found = shelf.take(second_key(key)) if shelf else None
    return Second.unpack(*found) if found else None


def with_second(result: Result, second: Second | None) -> Result:
    """Return a result with its second grade.

    Parameters
    ----------
    result
        A run's result.
    second
        What was worked out for it; None leaves "not yet tested".

    Returns
    -------
    Result
        The same answers, with how much they hang on choices.
    """
    if second is None:
        return result
    spots, choice = result.hotspots.copy(), result.choice
    for name in SPOTS:
        spots[name] = second.spots[name].reindex(spots.index)
    included = second.included["included"]
    chosen, candidates = (
        table.assign(included=included.reindex(table.index)) for table in (choice.chosen, choice.candidates)
    )
    frontier = choice.frontier.assign(**{name: second.frontier[name].to_numpy() for name in _INTERVAL})
    return replace(
        result,
        hotspots=spots,
        choice=replace(choice, chosen=chosen, candidates=candidates, frontier=frontier),
        findings=(*result.findings, *second.notes),
    )
